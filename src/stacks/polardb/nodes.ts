// The nodes of `polardb`: its roles, in the order in which they open and start, and their messages. The mount is the compute role's.

import { configAgent } from '../../core/agent/agent.ts';
import { chunkRole } from '../../core/chunk/chunk-role.ts';
import { chunkMessagesTo } from '../../core/chunk/messages.ts';
import { driverRole } from '../../core/client/driver-role.ts';
import { messageTable } from '../../core/cluster/messages.ts';
import { engineProgram } from '../../core/engine/engine.ts';
import { makeNodeProgram } from '../../core/kernel/node.ts';
import { metaRole } from '../../core/pcs/meta-role.ts';
import { sharedStorageMessages } from '../../core/shared-storage/messages.ts';
import { sharedComputeRole } from '../../core/shared-storage/shared-role.ts';

export const polardbNodes = makeNodeProgram({
  roles: [metaRole, chunkRole, sharedComputeRole(engineProgram), driverRole],
  messages: {
    ...messageTable,
    CreationIs: { ...messageTable.CreationIs, to: 'chunk' },
    ...chunkMessagesTo('compute'),
    ...sharedStorageMessages,
  },
  agent: configAgent,
});
