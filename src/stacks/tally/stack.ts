// The stack that tests the seam between the shell and an architecture: all that it has is in its two folders and a line in
// each registry. A leader and two followers sum numbers (tally-role.ts).

import { cluster, demo, node, type Preset, zoneInTurn } from '../../presets/topology.ts';
import { count } from '../../sim/actions/args.ts';
import { defineAction } from '../../sim/actions/define.ts';
import { type GaugeTable, setBy } from '../../sim/gauge.ts';
import { commandAgent } from '../../sim/node-commands.ts';
import type { Stack } from '../../sim/stack.ts';
import { tallyCrashPoints, tallyTrace } from './trace.ts';

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

const tallyActions = {
  /** The leader adds a number; at another node it does nothing. */
  tallyAdd: defineAction({
    target: 'node',
    args: { amount: count(0, 1_000_000, 5) },
    do: (fabric, { node: id, amount }) => commandAgent(fabric, id, { kind: 'tallyAdd', amount }),
  }),
};

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

declare module '../../sim/actions/define.ts' {
  interface StackActions {
    readonly tally: typeof tallyActions;
  }
}
declare module '../../sim/gauge.ts' {
  interface StackGauges {
    tally: typeof tallyGauges;
  }
}

export const tally: Stack = {
  id: 'tally',
  trace: tallyTrace,
  presets: [tallyPreset],
  links: [['tally', 'tally']],
  actions: tallyActions,
  gauges: tallyGauges,
  crashPoints: { tally: tallyCrashPoints },
};
