// Nodes that may be added to a cluster of `cynosdb` while it runs (PCS-100): readers of its volume, which change no group, page, log
// record or token; and stores, to which a person moves replicas: they change no token and no session.

import { hasReaders } from '../../core/kernel/attachments.ts';
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

/** It hosts nothing until a replica is moved to it, and may be removed once none is there (PCS-79). */
const store: NodeTemplate = {
  prefix: 'store-',
  make: (id, zone) => node(id, zone, 'store'),
  refuse: () => null,
  isOne: ({ roles }) => roles.includes('store'),
};

export const cynosdbTemplates: Readonly<Record<string, NodeTemplate>> = { reader, classic, store };
