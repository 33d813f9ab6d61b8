// The nodes of a cluster of `cynosdb`: clients, the metadata, the writer and who may take its place, readers, stores, and what a backup
// needs. While it runs readers and stores may be added (PCS-100): readers change no group, page, log record or token, and stores, to
// which a person moves replicas, change no token and no session.

import { hasReaders, MAX_READERS } from '../../core/kernel/attachments.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { RefusalKind } from '../../presets/refusals.ts';
import type { ClusterRules } from '../../sim/node-kinds.ts';

/** Its words are not with every worker. */
const readersJoin = (cluster: ClusterSpec): RefusalKind | null =>
  hasReaders(cluster) ? null : 'hasNoReaders';

export const cynosdbCluster: ClusterRules = {
  layout: 'groups',
  kinds: {
    driver: { prefix: 'd', is: { roles: ['driver'] }, count: [1, 16] },
    meta: { prefix: 'pcs-', is: { roles: ['meta'] }, count: [1, 9] },
    /** A node of the metadata that its log does not begin with (PCS-106). */
    'spare-meta': { prefix: 'pcs-', is: { roles: ['meta'], isSpare: true }, count: [0, 9] },
    writer: { prefix: 'rw-', is: { roles: ['compute'] }, count: [1, 1] },
    standby: {
      prefix: 'ha-',
      is: { roles: ['compute'], isReader: true, haPriority: 1 },
      count: [0, MAX_READERS],
    },
    reader: {
      prefix: 'ro-',
      is: { roles: ['compute'], isReader: true },
      count: [0, MAX_READERS],
      joins: readersJoin,
    },
    /** READ-18, READ-31: beside our readers, for contrast. */
    classic: {
      prefix: 'classic-',
      is: { roles: ['compute'], isReader: true, isClassic: true },
      count: [0, MAX_READERS],
      joins: readersJoin,
    },
    /** It hosts nothing until it is in a group or a replica is moved to it, and may be removed once none is there (PCS-79). */
    store: { prefix: 'store-', is: { roles: ['store'] }, count: [1, 240], joins: () => null },
    'object-store': { prefix: 'cos-', is: { roles: ['objectStore'] }, count: [0, 1] },
    /** It waits until a restore gives it a volume (WAL-45). */
    'spare-writer': { prefix: 'rw-', is: { roles: ['compute'], isSpare: true }, count: [0, 4] },
  },
};
