// The architecture of CynosDB for PostgreSQL: a writer over a replicated log store.

import type { Stack } from '../../sim/stack.ts';
import { cynosdbActions } from './actions.ts';
import { cynosdbCrashPoints } from './crash-points.ts';
import { cynosdbGauges } from './gauges.ts';
import { cynosdbPresets } from './presets.ts';

export const cynosdb: Stack = {
  id: 'cynosdb',
  trace: {},
  presets: cynosdbPresets,
  links: [
    ['driver', 'compute'],
    ['driver', 'meta'],
    ['compute', 'meta'],
    ['compute', 'store'],
    ['objectStore', 'store'],
    ['objectStore', 'meta'],
  ],
  actions: cynosdbActions,
  gauges: cynosdbGauges,
  crashPoints: cynosdbCrashPoints,
};
