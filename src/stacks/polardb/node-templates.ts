// The nodes of a cluster of `polardb`: clients, the metadata, the writer, readers of which some may be promoted, and chunk servers. While
// it runs readers may be added, which read the files that are there and copy nothing, and chunk servers, which get chunks while the
// device is mounted (PCS-100, FS-77).

import { MAX_READERS } from '../../core/kernel/attachments.ts';
import type { ClusterRules } from '../../sim/node-kinds.ts';

export const polardbCluster: ClusterRules = {
  layout: 'chunks',
  kinds: {
    driver: { prefix: 'd', is: { roles: ['driver'] }, count: [1, 16] },
    meta: { prefix: 'pcs-', is: { roles: ['meta'] }, count: [1, 9] },
    writer: { prefix: 'rw-', is: { roles: ['compute'], haPriority: 2 }, count: [1, 1] },
    standby: {
      prefix: 'ro-',
      is: { roles: ['compute'], isReader: true, haPriority: 1 },
      count: [0, MAX_READERS],
    },
    reader: {
      prefix: 'ro-',
      is: { roles: ['compute'], isReader: true },
      count: [0, MAX_READERS],
      joins: () => null,
    },
    chunk: { prefix: 'cs-', is: { roles: ['chunk'] }, count: [1, 64], joins: () => null },
  },
};
