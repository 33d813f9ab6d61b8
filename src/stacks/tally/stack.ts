// The stack that tests the seam between the shell and an architecture: all that it has is in its two folders and a line in
// each registry. A leader and two followers sum numbers (tally-role.ts).

import { type GaugeTable, setBy } from '../../run-model/gauges/gauge.ts';
import type { Stack } from '../../sim/stack.ts';
import { tallyCrashPoints, tallyTrace } from './trace.ts';

// #region gauges
const tallyGauges = {
  tallyTotal: {
    unit: 'count',
    scope: 'cluster',
    word: 'tally',
    inFrame: true,
    event: setBy('tally.done', ({ total }) => ({ value: total })),
  },
  tallyHeld: {
    unit: 'count',
    scope: 'node',
    word: 'held',
    total: 'sum',
    event: setBy('tally.durable', ({ total }) => ({ value: total })),
    fromView: (role) => (role.role === 'tally' && !role.isLeader ? [{ value: role.total }] : []),
  },
} as const satisfies GaugeTable;
// #endregion

declare module '../../run-model/gauges/gauge.ts' {
  interface StackGauges {
    tally: typeof tallyGauges;
  }
}

// #region stack
export const tally: Stack = {
  id: 'tally',
  trace: tallyTrace,
  cluster: { layout: 'none', kinds: { tally: { prefix: 't', is: { roles: ['tally'] }, count: [1, 16] } } },
  links: [['tally', 'tally']],
  targets: {},
  gauges: tallyGauges,
  crashPoints: { tally: tallyCrashPoints },
};
// #endregion
