// How each planted bug that the lab offers is seen to break its rule: a tape, most of them with one or two actions. The monitors of the
// lab catch it while it plays (see-it-break in incidents.world.test.ts).

import { present } from '../base/assert.ts';
import type { MutantName } from '../core/kernel/mutants.ts';
import { mutants } from '../stacks/mutants.ts';
import type { TapeWith } from './tape-with.ts';

export interface SeenBreaking extends TapeWith {
  /** Virtual ms: it has been caught by then. */
  readonly untilMs: number;
}

type Demonstration = Pick<SeenBreaking, 'actions' | 'changes' | 'untilMs'> & {
  readonly cluster?: string;
  readonly seed?: number;
};

/** Of those that have no tape of their own: no action where the bug shows by itself. */
const demonstrations: Readonly<Partial<Record<MutantName, Demonstration>>> = {
  'store.ack-before-durable': { actions: [], untilMs: 60 },
  'writer.ack-at-vw-minus-one': { actions: [], untilMs: 100 },
  'writer.commit-at-vcl': { actions: [], untilMs: 60 },
  'writer.vcl-is-min-pgcl': { actions: [], untilMs: 60 },
  'store.no-token-check': {
    cluster: 'cynosdb-ha',
    actions: [
      '150.000 latency ha-1 > store-1 store-2 store-3 : 15.000 ms for 100.000 ms',
      '150.000 freeze rw-1 for 50.000 ms',
    ],
    untilMs: 260,
  },
  'store.no-truncate': {
    actions: [
      '150.000 cut rw-1 | store-2 store-3 for 30.000 ms',
      '156.000 crash rw-1 for 10.000 ms',
      '158.000 crash store-1 for 60.000 ms',
    ],
    untilMs: 330,
  },
  'hole.sent-lost-on-split': {
    seed: 7,
    actions: [
      '150.000 loss rw-1 > store-3 : 60 % for 80.000 ms',
      ...['store-1', 'store-2'].map(
        (store) => `150.000 latency ${store} > store-3 : 10.000 ms for 120.000 ms`,
      ),
    ],
    untilMs: 330,
  },
  'hole.not-clipped': { actions: ['150.000 cut rw-1 | store-2 store-3 for 20.000 ms'], untilMs: 260 },
  'recovery.read-before-token': { actions: ['150.000 crash rw-1 for 20.000 ms'], untilMs: 260 },
  'store.token-in-memory-only': {
    actions: [150, 200.3].map((at) => `${at.toFixed(3)} powerOff rw-1 store-1 store-2 store-3 for 20.000 ms`),
    untilMs: 330,
  },
  'compute.evict-above-vdl': {
    changes: [['bufferPages', 36]],
    actions: [
      '20.000 workload d1 pages kind=ycsb-a rows=200 clients=4 thinkUs=500 ratePerSecond=0 readPercent=20 hotPercent=0 valueBytes=200 load=true',
    ],
    untilMs: 200,
  },
};

const SEED = 5;

/** Lines of a header as a tape of tests has them: `set NAME VALUE`, `broken NAME`. */
function readHeader(lines: readonly string[]): Required<Pick<TapeWith, 'changes' | 'off'>> {
  const words = lines.map((line) => line.split(' '));
  return {
    changes: words.flatMap(([kind, name = '', value]) =>
      kind === 'set' ? [[name, Number(value)] as const] : [],
    ),
    off: words.flatMap(([kind, name]) => (kind === 'broken' ? [name as MutantName] : [])),
  };
}

/** @throws where a bug is neither in the table above nor has a tape */
export function seenBreaking(name: MutantName, cluster: string): SeenBreaking {
  const shown = demonstrations[name];
  if (shown !== undefined) return { cluster, seed: SEED, ...shown, off: [name] };
  const { tape } = present(
    mutants.find((mutant) => mutant.name === name),
    name,
  );
  const { changes, actions, untilMs, preset: of } = present(tape, `a tape of ${name}`);
  const header = readHeader(changes);
  return { cluster: of, seed: SEED, changes: header.changes, off: [...header.off, name], actions, untilMs };
}
