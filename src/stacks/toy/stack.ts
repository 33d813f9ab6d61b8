// The stack of the world's own tests: nodes that only count (toy-program.ts).

import type { Stack } from '../../sim/stack.ts';
import { toyCrashPoints, toyTrace } from './trace.ts';

export const toy: Stack = {
  id: 'toy',
  trace: toyTrace,
  cluster: {
    layout: 'none',
    kinds: { toy: { prefix: 't', is: { roles: ['toy'] }, count: [1, 64], joins: () => null } },
  },
  links: [['toy', 'toy']],
  targets: { driver: 'toy', writer: 'toy', store: 'toy', objectStore: 'toy', spare: 'toy' },
  gauges: {},
  crashPoints: { toy: toyCrashPoints },
};
