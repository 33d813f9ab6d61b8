// The stack of the world's own tests: nodes that only count (toy-program.ts).

import type { Stack } from '../../sim/stack.ts';
import { toyPreset, toyTemplate } from './presets.ts';
import { toyCrashPoints, toyTrace } from './trace.ts';

export const toy: Stack = {
  id: 'toy',
  trace: toyTrace,
  presets: [toyPreset],
  templates: { toy: toyTemplate },
  links: [['toy', 'toy']],
  targets: { driver: 'toy', writer: 'toy', store: 'toy', objectStore: 'toy', spare: 'toy' },
  gauges: {},
  crashPoints: { toy: toyCrashPoints },
};
