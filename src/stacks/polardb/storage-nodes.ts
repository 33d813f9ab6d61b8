// The nodes of `polardb` that run no SQL: the roles of nodes.ts without a writer's, a reader's and a driver's.

import { configAgent } from '../../core/agent/agent.ts';
import { chunkRole } from '../../core/chunk/chunk-role.ts';
import { metaRole } from '../../core/pcs/meta-role.ts';
import { nodeMember } from '../../core/pcs/node-member.ts';
import { nodesOf } from '../../sim/programs.ts';
import { polardbMessages } from './messages.ts';

export const polardbStorage = nodesOf('polardb', {
  roles: [metaRole, chunkRole],
  messages: polardbMessages,
  agent: configAgent,
  member: nodeMember,
});
