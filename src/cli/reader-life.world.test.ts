// Readers that come and go while the cluster runs (docs/spec/pcs.md PCS-3, placement.md PCS-79, PCS-100; readers.md READ-1, READ-30): added and removed by
// the tape, under load, with faults and power cuts between.

import { expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { setupRun } from '../sim/run-setup.ts';
import { cloneWorld, makeWorld, runWorld, worldHash } from '../sim/world.ts';
import { known } from '../stacks/known.ts';
import { programOf } from '../stacks/programs.ts';
import { tapes } from '../stacks/tapes.ts';
import { drawnOf } from '../testing/depth.ts';
import { eventsIn, runTape, runTapeText, type TapeRun, tapeOf } from './tape-fixture.ts';

const HEAD = (preset: string, seed = 5): string[] => [
  'postdb-tape 1',
  'engine 0.5.0',
  `preset ${preset}`,
  'profile demo',
  `seed ${seed}`,
  '',
];
const LOAD = 'thinkUs=1500 ratePerSecond=0 readPercent=60 hotPercent=0 valueBytes=0 load=true';
const loads = [
  `0.000 workload d1 transfers kind=transfer rows=60 clients=3 ${LOAD}`,
  `0.000 workload d1 rows kind=kv-insert rows=0 clients=1 ${LOAD}`,
];

const tapeText = (preset: string, lines: readonly string[], seed?: number): string =>
  [...HEAD(preset, seed), ...loads, ...lines].join('\n');

const times = ({ trace }: TapeRun, kind: string, node?: string): number[] =>
  trace.flatMap((one) =>
    one.event.kind === kind && (node === undefined || one.node === node) ? [one.at as number] : [],
  );

const readsFrom = (run: TapeRun, node: string): number[] =>
  run.trace.flatMap(({ at, event }) =>
    event.kind === 'session.read' && event.from === node && event.readPoint >= 0 ? [at as number] : [],
  );

const failures = (run: TapeRun): number =>
  eventsIn(run, 'op.return').filter(({ outcome }) => outcome !== 'ok').length;

for (const preset of ['cynosdb-ro', 'cynosdb-ha'])
  test(`READ-1 READ-30 PCS-3 PCS-100 ${preset}: a reader is added and another removed; no group, log or token changes`, async () => {
    const gone = 'ro-1';
    const run = await runTapeText(
      tapeText(preset, ['150.000 addNode ro-7 reader b', `300.000 removeNode ${gone}`]),
      450,
    );
    expect(run.monitors.violations).toEqual([]);
    expect(eventsIn(run, 'node.joined')).toMatchObject([{ node: 'ro-7' }]);
    const [ready = 0] = times(run, 'ro.ready', 'ro-7');
    expect(ready).toBeGreaterThan(150_000);
    expect(readsFrom(run, 'ro-7').length).toBeGreaterThan(10);
    // what it took: nothing but its registration and its stream
    const after = run.trace.filter(({ at }) => at > 150_000).map(({ event }) => event.kind);
    for (const kind of ['token.grant', 'group.members', 'group.move.begin', 'meta.writer'] as const)
      expect(after).not.toContain(kind);
    expect(eventsIn(run, 'node.removed')).toMatchObject([{ node: gone }]);
    expect(eventsIn(run, 'ro.revoked')).toMatchObject([{ reader: gone, why: 'removed' }]);
    const [exit = 0] = times(run, 'node.exit', gone);
    const down = run.trace.find(({ node, event }) => node === gone && event.kind === 'node.down');
    expect(down?.event).toMatchObject({ mode: 'removed' });
    expect(exit).toBeGreaterThan(300_000);
    expect(readsFrom(run, gone).filter((at) => at > exit)).toEqual([]);
    expect(failures(run)).toBe(0);
  });

test('PCS-3 the leader dies at every step of a join: a later leader answers it the same, and it is entered once', async () => {
  const join = '150.000 addNode ro-7 reader b';
  const count = `400.000 sql d1 one "select count(*), min(state) from pcs_nodes where node_id = 'ro-7'"`;
  const whole = await runTapeText(tapeText('cynosdb-ha', [join]), 200);
  const leader = whole.trace.find(({ event }) => event.kind === 'raft.leader')?.node ?? '';
  const kinds = ['raft.durable', 'raft.commit', 'node.joined'] as const;
  const [joined = 0] = times(whole, 'node.joined');
  const steps = [...new Set(kinds.flatMap((kind) => times(whole, kind, leader)))]
    .filter((at) => at > 150_000 && at <= joined)
    .sort((a, b) => a - b);
  expect(steps.length).toBeGreaterThan(1);
  // once the entry is there its answer is lost with the link, and the next leader gives it
  const withCut = (at: number): { at: number; lines: string[] } => ({
    at: at + 1,
    lines: [`${((at - 1) / 1000).toFixed(3)} cut ${leader} > ro-7 for 100.000 ms`],
  });
  const [last = 0, ...before] = steps.reverse();
  const rest = before.flatMap((at) => [withCut(at), { at, lines: [] }]);
  let answeredLater = 0;
  for (const { at, lines } of drawnOf([withCut(last), { at: last, lines: [] }, ...rest])) {
    const crash = `${(at / 1000).toFixed(3)} crash ${leader} for 60.000 ms`;
    const run = await runTape(tapeOf(tapeText('cynosdb-ha', [join, ...lines, crash, count])), 430);
    expect([at, run.monitors.violations]).toEqual([at, []]);
    expect([at, eventsIn(run, 'raft.leader').length > 1]).toEqual([at, true]);
    // it is one of the cluster's by one entry, whoever traced that
    expect(times(run, 'node.joined').length).toBeLessThanOrEqual(1);
    const rows = [...run.answers.values()].flatMap(({ statements }) =>
      statements.flatMap((one) => (one.kind === 'rows' ? one.rows : [])),
    );
    expect([at, rows]).toEqual([at, [['1', 'up']]]);
    expect([at, readsFrom(run, 'ro-7').length > 0]).toEqual([at, true]);
    if (times(run, 'node.joined').every((done) => done <= at)) answeredLater++;
  }
  expect(answeredLater).toBeGreaterThan(0);
});

test('READ-1 up to fifteen readers; one more waits for a place, and a removed one makes it', async () => {
  const added = Array.from(
    { length: 14 },
    (_, i) => `${120 + i * 4}.000 addNode ro-${i + 3} reader ${'abc'[i % 3]}`,
  );
  const run = await runTapeText(tapeText('cynosdb-ro', [...added, '300.000 removeNode ro-4']), 500);
  expect(run.monitors.violations).toEqual([]);
  const joined = run.trace.flatMap(({ at, event }) =>
    event.kind === 'node.joined' ? [{ at, node: event.node }] : [],
  );
  expect(joined.filter(({ at }) => at < 300_000)).toHaveLength(13);
  expect(joined.at(-1)).toMatchObject({ node: 'ro-16' });
  expect(joined.at(-1)?.at).toBeGreaterThan(300_000);
  for (const node of ['ro-1', 'ro-9', 'ro-15', 'ro-16'])
    expect(readsFrom(run, node).length).toBeGreaterThan(0);
  expect(failures(run)).toBe(0);
});

test('PCS-3 PCS-79 a name is used once; what cannot be is refused with its line', () => {
  const at = (line: string) => () => tapeOf(tapeText('cynosdb-ro', ['100.000 addNode ro-3 reader b', line]));
  expect(at('200.000 crash ro-3')).not.toThrow();
  expect(at('200.000 addNode ro-3 reader b')).toThrow('there is, or was, a node ro-3');
  expect(at('200.000 addNode x-3 reader b')).toThrow('its name is ro- and a number');
  expect(at('200.000 addNode ro-4 reader z')).toThrow('zones are a, b, c');
  expect(at('200.000 addNode ro-4 writer b')).toThrow('a node is one of reader');
  expect(at('200.000 removeNode rw-1')).toThrow('rw-1 cannot be removed');
  expect(at('50.000 crash ro-3')).toThrow('time goes back');
  expect(() => tapeOf(tapeText('cynosdb', ['100.000 addNode ro-3 reader b']))).toThrow(
    'cynosdb has no readers',
  );
});

const lines = [
  '100.000 addNode ro-3 reader a',
  '120.000 crash meta-1 for 60.000 ms',
  '130.000 addNode ro-4 reader b',
  '220.000 crash ro-3 for 20.000 ms',
  '260.000 crash rw-1 for 20.000 ms',
  '270.000 removeNode ro-3',
  '300.000 cut rw-1 | ro-4 for 30.000 ms',
  '340.000 addNode ro-5 reader c',
];

async function hashWith(frameUs: number | undefined, cloneAtMs: number | null): Promise<string> {
  const made = setupRun(known, tapeOf(tapeText('cynosdb-ro', lines)));
  if (!made.ok) throw new Error(made.error);
  const { spec, program: name } = made.setup;
  const program = programOf(name);
  const host = { program, edge: await loadSqlEdge(), tape: tapes };
  let world = makeWorld<unknown, unknown>(spec);
  const limits = frameUs === undefined ? {} : { frameUs };
  if (cloneAtMs !== null) {
    runWorld(world, host, { ...limits, until: (cloneAtMs * 1000) as Time });
    world = cloneWorld(world, program);
  }
  runWorld(world, host, { ...limits, until: 400_000 as Time });
  expect(world.fabric.nodes.map(({ spec: { id }, isGone }) => `${id}${isGone ? ' gone' : ''}`)).toContain(
    'ro-3 gone',
  );
  return worldHash(world);
}

test('where windows are cut and worlds copied does not matter while nodes come and go', async () => {
  const plain = await hashWith(undefined, null);
  expect(await hashWith(70, null)).toBe(plain);
  expect(await hashWith(333, 110)).toBe(plain);
});

test('READ-28 PCS-79 a reader that joins while the metadata is away, and one removed as its writer crashes', async () => {
  const run = await runTapeText(tapeText('cynosdb-ro', lines), 550);
  expect(run.monitors.violations).toEqual([]);
  const [joined = 0] = run.trace.flatMap(({ at, event }) =>
    event.kind === 'node.joined' && event.node === 'ro-4' ? [at] : [],
  );
  expect(joined).toBeGreaterThan(180_000); // once the metadata was back
  expect(times(run, 'ro.ready', 'ro-4').every((at) => at > joined)).toBe(true);
  expect(times(run, 'node.exit', 'ro-3')).toHaveLength(1);
  expect(readsFrom(run, 'ro-5').length).toBeGreaterThan(5);
});
