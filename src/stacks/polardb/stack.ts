// The architecture of PolarDB: a volume in files of a shared device, whose blocks chunk servers keep.

import { chunkTrace } from '../../core/chunk/trace-events.ts';
import { metadataCrashPoints } from '../../core/pcs/trace-events.ts';
import { sharedStorageTrace, sharedWriterCrashPoints } from '../../core/shared-storage/trace-events.ts';
import { logGauges } from '../../run-model/gauges/log-gauges.ts';
import type { Stack } from '../../sim/stack.ts';
import { polardbGauges } from './gauges.ts';
import { polardbCluster } from './node-templates.ts';

export const polardb: Stack = {
  id: 'polardb',
  trace: { ...chunkTrace, ...sharedStorageTrace },
  cluster: polardbCluster,
  links: [
    ['driver', 'compute'],
    ['driver', 'meta'],
    ['compute', 'meta'],
    // A writer and its readers; each may become the other.
    ['compute', 'compute'],
    ['compute', 'chunk'],
    ['chunk', 'chunk'],
    ['chunk', 'meta'],
    ['meta', 'meta'],
  ],
  targets: { driver: 'driver', writer: 'compute', store: 'chunk', pcs: 'meta' },
  gauges: { ...logGauges, ...polardbGauges },
  crashPoints: { meta: metadataCrashPoints, compute: sharedWriterCrashPoints },
};
