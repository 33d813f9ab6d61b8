// The nodes of `polardb`: its roles, in the order in which they open and start, and their messages. The mount is the compute role's.

import { configAgent } from '../../core/agent/agent.ts';
import { chunkRole } from '../../core/chunk/chunk-role.ts';
import { driverRole } from '../../core/client/driver-role.ts';
import { engineProgram } from '../../core/engine/engine.ts';
import { metaRole } from '../../core/pcs/meta-role.ts';
import { nodeMember } from '../../core/pcs/node-member.ts';
import { sharedComputeRole } from '../../core/shared-storage/shared-role.ts';
import { nodesOf } from '../../sim/programs.ts';
import { polardbMessages } from './messages.ts';

export const polardbNodes = nodesOf('polardb', {
  roles: [metaRole, chunkRole, sharedComputeRole(engineProgram), driverRole],
  messages: polardbMessages,
  agent: configAgent,
  member: nodeMember,
});
