// The nodes of `cynosdb`: its roles, in the order in which they open and start, and their messages.

import { configAgent } from '../../core/agent/agent.ts';
import { driverRole } from '../../core/client/driver-role.ts';
import { messageTable } from '../../core/cluster/messages.ts';
import { computeRole } from '../../core/compute/compute-role.ts';
import { engineProgram } from '../../core/engine/engine.ts';
import { storeRole } from '../../core/log-store/store-role.ts';
import { objectStoreRole } from '../../core/object-store/object-store-role.ts';
import { metaRole } from '../../core/pcs/meta-role.ts';
import { nodeMember } from '../../core/pcs/node-member.ts';
import { nodesOf } from '../../sim/programs.ts';

export const cynosdbNodes = nodesOf('cynosdb', {
  roles: [metaRole, storeRole, computeRole(engineProgram), driverRole, objectStoreRole],
  messages: messageTable,
  agent: configAgent,
  member: nodeMember,
});
