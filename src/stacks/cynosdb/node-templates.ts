// Nodes that may be added to a cluster of `cynosdb` while it runs (PCS-100): readers of its volume, which change no group, page, log
// record or token.

import { hasReaders } from '../../core/kernel/seats.ts';
import { node } from '../../presets/topology.ts';
import type { NodeTemplate } from '../../sim/stack.ts';

const reader: NodeTemplate = {
  prefix: 'ro-',
  make: (id, zone) => ({ ...node(id, zone, 'compute'), isReader: true }),
  refuse: (cluster) => (hasReaders(cluster) ? null : `${cluster.preset} has no readers`),
  isOne: ({ isReader, isClassic, haPriority }) =>
    isReader === true && isClassic === undefined && haPriority === undefined,
};

/** READ-18, READ-31: beside our readers, for contrast. */
const classic: NodeTemplate = {
  ...reader,
  prefix: 'classic-',
  make: (id, zone) => ({ ...reader.make(id, zone), isClassic: true }),
  isOne: ({ isClassic }) => isClassic === true,
};

export const cynosdbTemplates: Readonly<Record<string, NodeTemplate>> = { reader, classic };
