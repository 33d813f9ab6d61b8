// Nodes that may be added to `polardb` while it runs (PCS-100): readers, which read the files that are there and copy nothing.

import { node } from '../../presets/topology.ts';
import type { NodeTemplate } from '../../sim/stack.ts';

const reader: NodeTemplate = {
  prefix: 'ro-',
  make: (id, zone) => ({ ...node(id, zone, 'compute'), isReader: true }),
  isOne: ({ isReader, haPriority }) => isReader === true && haPriority === undefined,
  refuse: () => null,
};

export const polardbTemplates: Readonly<Record<string, NodeTemplate>> = { reader };
