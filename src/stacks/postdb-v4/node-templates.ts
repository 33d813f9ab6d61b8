// The nodes of a cluster of `postdb-v4`: clients, and nodes that compute and store, some of which hold the metadata. Those that are added
// while it runs (PCS-78) hold it once they are given a place in it (PCS-105).

import type { ClusterRules } from '../../sim/node-kinds.ts';

export const postdbV4Cluster: ClusterRules = {
  layout: 'tablets',
  kinds: {
    driver: { prefix: 'd', is: { roles: ['driver'] }, count: [1, 16] },
    node: {
      prefix: 'n',
      is: { roles: ['meta', 'store', 'compute'] },
      count: [1, 9],
      joins: () => null,
      staysFromStart: true,
    },
    /** Without the metadata. */
    data: { prefix: 'n', is: { roles: ['store', 'compute'] }, count: [0, 240] },
  },
};
