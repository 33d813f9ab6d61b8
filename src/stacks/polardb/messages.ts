// The messages of a cluster of `polardb`: core's, and those of chunk servers and of the shared disk.

import { chunkMessagesTo } from '../../core/chunk/messages.ts';
import { messageTable } from '../../core/cluster/messages.ts';
import { sharedStorageMessages } from '../../core/shared-storage/messages.ts';

export const polardbMessages = {
  ...messageTable,
  CreationIs: { ...messageTable.CreationIs, to: 'chunk' as const },
  ...chunkMessagesTo('compute'),
  ...sharedStorageMessages,
};
