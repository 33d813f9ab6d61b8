// Nodes of `postdb-v4` come while the cluster runs: one is added and gets its share (PCS-78).

import type { FaultEntry } from '../../faults/entry.ts';
import { addEntries } from '../../faults/new-node.ts';
import '../../../words/postdb-v4/postdb-v4.en.json';

export const nodeFaults: readonly FaultEntry[] = [
  ...addEntries({
    id: 'addHost',
    label: 'fault.addHost',
    template: 'node',
    does: 'operation.addHost',
    after: 'powerOn',
    alike: ({ nodes }) => nodes.filter(({ roles }) => roles.includes('store')).map(({ id }) => id),
  }),
];
