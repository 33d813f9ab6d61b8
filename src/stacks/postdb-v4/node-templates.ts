// Nodes that may be added to a cluster of `postdb-v4` while it runs (PCS-78): they compute and store, and hold the
// metadata once they are given a place in it (PCS-105).

import { node } from '../../presets/topology.ts';
import type { NodeTemplate } from '../../sim/stack.ts';

const symmetric: NodeTemplate = {
  prefix: 'n',
  make: (id, zone) => node(id, zone, 'meta', 'store', 'compute'),
  refuse: () => null,
  isOne: ({ isAdded }) => isAdded === true,
};

export const postdbV4Templates: Readonly<Record<string, NodeTemplate>> = { node: symmetric };
