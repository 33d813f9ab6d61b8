// The nodes of `cynosdb` that run no SQL: the roles of nodes.ts without a writer's, a reader's and a driver's.

import { configAgent } from '../../core/agent/agent.ts';
import { messageTable } from '../../core/cluster/messages.ts';
import { storeRole } from '../../core/log-store/store-role.ts';
import { objectStoreRole } from '../../core/object-store/object-store-role.ts';
import { metaRole } from '../../core/pcs/meta-role.ts';
import { nodeMember } from '../../core/pcs/node-member.ts';
import { nodesOf } from '../../sim/programs.ts';

export const cynosdbStorage = nodesOf('cynosdb', {
  roles: [metaRole, storeRole, objectStoreRole],
  messages: messageTable,
  agent: configAgent,
  member: nodeMember,
});
