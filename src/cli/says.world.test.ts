// What captions claim, held against dense runs: nothing false, nearly all judged, and each lying caption caught (`npm run deep` has more).

import { beforeAll, expect, test } from 'vitest';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { ENGINE } from '../sim/engine.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { drawDense } from '../sim/sweep/draw-dense.ts';
import { known } from '../stacks/known.ts';
import { findPreset } from '../stacks/presets.ts';
import { readRecorded } from './event-digest.ts';
import { lies } from './lying-captions.ts';
import { runSays, type SaysRun } from './says-run.ts';
import { tapeOf } from './tape-fixture.ts';

const frozenWriter = `postdb-tape 1
engine ${ENGINE}
preset cynosdb-ha
profile demo
seed 7

0.000 workload d1 rows kind=kv-insert rows=0 clients=3 thinkUs=500 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true
100.000 freeze store-3 for 5.000 ms
150.000 freeze rw-1 for 100.000 ms
`;

const promoted = `postdb-tape 1
engine ${ENGINE}
preset polardb
profile demo
seed 7

0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true
203.000 crash rw-1
`;

/** Its writer hands over to a reader by order, and gets the volume back. */
const handedOver = (preset: string, to: string): string => `postdb-tape 1
engine ${ENGINE}
preset ${preset}
profile demo
seed 7

0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true
200.000 switchover ${to}
280.000 switchover rw-1
`;

const gathering = `postdb-tape 1
engine ${ENGINE}
preset postdb-v4
profile demo
seed 7

0.000 workload d1 kind=tablet-transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true
${[...Array(12).keys()].map((i) => `${140 + 8 * i}.000 sql d1 all "SELECT count(*) FROM accounts"`).join('\n')}
`;

let runs: SaysRun[] = [];
let handovers: SaysRun[] = [];
/** Its writer acknowledges with one copy too few: what captions conclude from such a log need not hold, what the alert says does. */
let broken: SaysRun;
beforeAll(async () => {
  const edge: Edge = await loadSqlEdge();
  runs = [
    ['cynosdb', 3],
    ['cynosdb-ha', 2],
    ['cynosdb-ro', 2],
    ['postdb-v4', 1],
    ['polardb', 3],
  ].map(([name, seed]) => {
    const preset = findPreset(`${name}`);
    if (preset === null) throw new Error('no preset');
    return runSays(drawDense(known, preset, Number(seed), 300_000, []), 300_000, edge);
  });
  // A frozen writer wakes after another has taken over, and still takes its old VDL for true.
  runs.push(runSays(tapeOf(frozenWriter), 300_000, edge));
  // Members change while links are cut: writes go on without the replica that is gone, or they do not.
  runs.push(runSays(tapeOf(readRecorded('cynosdb-pcs.tape')), 206_000, edge));
  // A reader becomes the writer, and replays what the old one had not stored.
  runs.push(runSays(tapeOf(promoted), 330_000, edge));
  // A planned switchover loses nothing, and is said to.
  handovers = [
    runSays(tapeOf(handedOver('polardb', 'ro-1')), 350_000, edge),
    runSays(tapeOf(handedOver('cynosdb-ha', 'ha-1')), 350_000, edge),
  ];
  runs.push(...handovers);
  // Reads of all tablets, while accounts of several of them change.
  runs.push(runSays(tapeOf(gathering), 240_000, edge));
  const preset = findPreset('cynosdb');
  if (preset === null) throw new Error('no preset');
  const mutants = ['writer.ack-at-vw-minus-one'] as const;
  broken = runSays(drawDense(known, preset, 3, 300_000, mutants), 300_000, edge);
});

test('WAL-18 WAL-19 what captions claim is so at its instant, and nearly all of it is judged', () => {
  expect(runs.flatMap(({ wrong }) => wrong).slice(0, 5)).toEqual([]);
  const slots = runs.flatMap(({ counts }) => [...counts]);
  const sum = (of: 'said' | 'judged'): number => slots.reduce((all, [, count]) => all + count[of], 0);
  const unjudged = slots.filter(([, count]) => count.judged < count.said);
  expect(new Set(unjudged.map(([slot]) => slot)).size).toBeLessThanOrEqual(5);
  expect(sum('judged')).toBeGreaterThan(0.95 * sum('said'));
  // Not vacuous: many claims, of captions and of what stands on the screen.
  expect(sum('said')).toBeGreaterThan(1000);
  const kinds = new Set(slots.map(([slot]) => slot));
  for (const kind of ['advanced', 'durable', 'figure store scl', 'health', 'blocked', 'outage', 'steady'])
    expect(kinds).toContain(kind);
  for (const kind of ['promotion', 'dirtyPage', 'reported', 'indexTable', 'journalHead'])
    expect(kinds).toContain(kind);
  for (const kind of [
    'copy',
    'listed',
    'fillTo',
    'logHead',
    'readPoints',
    'readFloor',
    'pageJournal',
    'placed',
    'image',
    'pagesHead',
    'stands',
    'filePlace',
    'gathered',
  ])
    expect(kinds).toContain(kind);
});

test('FENCE-33 a volume that its writer handed over is said to be whole; one whose writer was lost is not', () => {
  const judged = (of: readonly SaysRun[], slot: string): number =>
    of.reduce((sum, { counts }) => sum + (counts.get(slot)?.judged ?? 0), 0);
  for (const run of handovers) expect(judged([run], 'recovered, handed over')).toBe(2);
  const others = runs.filter((run) => !handovers.includes(run));
  expect(judged(others, 'recovered')).toBeGreaterThan(3);
});

test('the alert of a violated rule says what the checker saw, and when', () => {
  expect(broken.counts.get('violated')?.judged).toBeGreaterThan(0);
  expect(broken.wrong.filter(({ claim }) => claim.kind === 'violated')).toEqual([]);
});

test.each(lies)('$id a lying caption is caught: $says', ({ id }) => {
  const counts = [...runs, broken].flatMap((run) => run.lies.get(id) ?? []);
  const shown = counts.reduce((sum, one) => sum + one.shown, 0);
  expect(shown).toBeGreaterThan(0);
  expect(counts.reduce((sum, one) => sum + one.caught, 0)).toBe(shown);
});
