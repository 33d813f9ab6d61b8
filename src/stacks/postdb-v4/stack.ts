// The architecture of PostDB v4: symmetric nodes, and a volume with a primary of its own for each shard group.

import { storeCrashPoints } from '../../core/log-store/trace-events.ts';
import { metadataCrashPoints } from '../../core/pcs/trace-events.ts';
import { writerCrashPoints } from '../../core/quorum-log/trace-events.ts';
import { logGauges } from '../../run-model/gauges/log-gauges.ts';
import type { Stack } from '../../sim/stack.ts';
import { postdbV4Gauges } from './gauges.ts';
import { postdbV4Cluster } from './node-templates.ts';

/** At who leads the metadata (PCS-24, PCS-75, PCS-85): what it has begun another one has to go on with. */
const placementCrashPoints = {
  definition: { kind: 'table.step' },
  splitBegun: { kind: 'split.begin' },
  splitCut: { kind: 'split.cut' },
  mergeBegun: { kind: 'merge.begin' },
  mergeCut: { kind: 'merge.cut' },
  moveBegun: { kind: 'group.move.begin' },
} as const;

declare module '../../core/kernel/trace-table.ts' {
  interface StackCrashPoints {
    placement: typeof placementCrashPoints;
  }
}

export const postdbV4: Stack = {
  id: 'postdb-v4',
  trace: {},
  cluster: postdbV4Cluster,
  links: [
    ['driver', 'compute'],
    ['driver', 'meta'],
    ['compute', 'meta'],
    ['compute', 'store'],
    ['meta', 'meta'],
  ],
  targets: { driver: 'driver', writer: 'compute', store: 'store', pcs: 'meta' },
  gauges: { ...logGauges, ...postdbV4Gauges },
  crashPoints: {
    store: storeCrashPoints,
    meta: { ...metadataCrashPoints, ...placementCrashPoints },
    compute: writerCrashPoints,
  },
};
