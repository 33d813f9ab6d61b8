// Nodes that may be added to `polardb` while it runs (PCS-100): readers, which read the files that are there and copy nothing, and chunk
// servers, which get chunks while the device is mounted (FS-77).

import { node } from '../../presets/topology.ts';
import type { NodeTemplate } from '../../sim/stack.ts';

const reader: NodeTemplate = {
  prefix: 'ro-',
  make: (id, zone) => ({ ...node(id, zone, 'compute'), isReader: true }),
  isOne: ({ isReader, haPriority }) => isReader === true && haPriority === undefined,
  refuse: () => null,
};

const chunkServer: NodeTemplate = {
  prefix: 'cs-',
  make: (id, zone) => node(id, zone, 'chunk'),
  isOne: ({ roles }) => roles.includes('chunk'),
  refuse: () => null,
};

export const polardbTemplates: Readonly<Record<string, NodeTemplate>> = { reader, chunk: chunkServer };
