// The stack that tests the seam between the shell and an architecture: all that it has is in its two folders and a line in
// each registry. A leader and two followers sum numbers (tally-role.ts).

import { cluster, demo, node, type Preset, zoneInTurn } from '../../presets/topology.ts';
import { type GaugeTable, setBy } from '../../run-model/gauges/gauge.ts';
import type { Stack } from '../../sim/stack.ts';
import { tallyCrashPoints, tallyTrace } from './trace.ts';

// #region preset
function tallyPreset(): Preset {
  const nodes = [0, 1, 2].map((i) => node(`t${i + 1}`, zoneInTurn(i), 'tally'));
  return {
    ...demo,
    name: 'tally',
    cluster: cluster('tally', nodes, []),
    loads: [],
    bootUntilMs: 0,
    isHidden: true,
  };
}
// #endregion

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
  presets: [tallyPreset],
  links: [['tally', 'tally']],
  targets: {},
  gauges: tallyGauges,
  crashPoints: { tally: tallyCrashPoints },
};
// #endregion
