// A classic standby beside our readers on one tape (docs/spec/readers.md READ-18, READ-31, READ-33): it replays its own file before its first
// read, loads the pages that it changes, and waits for views; a reader of ours starts at once, skips and waits for nobody.

import { describe, expect, test } from 'vitest';
import { eventsIn, runTapeText, type TapeRun } from './tape-fixture.ts';

const LOAD = 'thinkUs=1500 ratePerSecond=0 readPercent=50 hotPercent=0 valueBytes=100 load=true';
const text = (lines: readonly string[]): string =>
  [
    'postdb-tape 1',
    'engine 0.6.0',
    'preset cynosdb-ro',
    'profile demo',
    'seed 5',
    '',
    `0.000 workload d1 pages kind=ycsb-a rows=300 clients=4 ${LOAD}`,
    '60.000 addNode classic-1 classic b',
    ...lines,
  ].join('\n');

/** µs from the restart of a node to its first read. */
const startOf = (run: TapeRun, node: string, from: number): number => {
  const at = run.trace.find((one) => one.at > from && one.event.kind === 'ro.ready' && one.node === node)?.at;
  if (at === undefined) throw new Error(`${node} did not start`);
  return at - from;
};

/** Both are down for 5 ms, when the classic one has logged for so long. */
async function restartedAt(downMs: number) {
  const run = await runTapeText(
    text([`${downMs}.000 crash classic-1 for 5.000 ms`, `${downMs}.000 crash ro-1 for 5.000 ms`]),
    downMs + 200,
  );
  expect(run.monitors.violations).toEqual([]);
  const from = (downMs + 5) * 1000;
  const [replay] = eventsIn(run, 'ro.replay', 'classic-1');
  return { run, from, replay, classic: startOf(run, 'classic-1', from), ours: startOf(run, 'ro-1', from) };
}

describe('a classic standby', () => {
  test('READ-31 READ-33 its start grows with the log since its restart point, the start of a reader does not', async () => {
    const small = await restartedAt(150);
    const large = await restartedAt(900);
    expect(small.replay?.records).toBeGreaterThan(20);
    expect(large.replay?.records).toBeGreaterThan((small.replay?.records ?? 0) * 5);
    expect(large.classic).toBeGreaterThan(small.classic * 2);
    expect(large.ours).toBeLessThan(small.ours * 2);
    expect(large.classic).toBeGreaterThan(large.ours * 3);
  });

  test('READ-31 it answers NOT_READY until MinRecoveryPoint, and reads are served elsewhere', async () => {
    const { run, from, classic, replay } = await restartedAt(500);
    const readyAt = from + classic;
    const during = run.trace.filter(({ at }) => at > from && at < readyAt);
    const reads = during.flatMap(({ event }) => (event.kind === 'session.read' ? [event] : []));
    expect(reads.some((one) => one.from === 'classic-1')).toBe(false);
    expect(reads.length).toBeGreaterThan(0);
    const refused = during.flatMap(({ event }) => (event.kind === 'driver.reader' ? [event] : []));
    expect(refused.some((one) => one.from === 'classic-1' && one.why === 'NOT_READY')).toBe(true);
    const ready = run.trace.find(({ at, event }) => at === readyAt && event.kind === 'ro.ready');
    expect(ready?.event.kind === 'ro.ready' && ready.event.readPoint >= (replay?.to ?? -1)).toBe(true);
    const after = run.trace.filter(({ at, event }) => at > readyAt && event.kind === 'session.read');
    expect(after.some(({ event }) => event.kind === 'session.read' && event.from === 'classic-1')).toBe(true);
  });

  test('READ-18 it loads every page that the log changes and skips none; a reader of ours skips', async () => {
    const run = await runTapeText(text([]), 400);
    expect(run.monitors.violations).toEqual([]);
    const skipped = (node: string): number =>
      eventsIn(run, 'ro.released', node).reduce((sum, one) => sum + one.skipped, 0);
    expect(skipped('classic-1')).toBe(0);
    expect(skipped('ro-1')).toBeGreaterThan(0);
    const loads = (node: string): number => eventsIn(run, 'page.read', node).length;
    expect(loads('classic-1')).toBeGreaterThan(20);
    expect(eventsIn(run, 'ro.applied', 'classic-1').length).toBeGreaterThan(20);
  });

  test('READ-18 a view that stays open holds its replay up, and not that of a reader of ours', async () => {
    const views = ['classic-1', 'ro-1']
      .flatMap((node, i) => [
        `150.00${i} session d1 view-${i} ${node} session`,
        `160.00${i} sql d1 view-${i} "begin isolation level repeatable read"`,
        `170.00${i} sql d1 view-${i} "select count(*) from usertable"`,
      ])
      .sort();
    const run = await runTapeText(text(views), 400);
    const moved = (node: string): number =>
      run.trace.filter(
        ({ at, node: where, event }) => at > 220_000 && where === node && event.kind === 'ro.applied',
      ).length;
    expect(run.monitors.violations).toEqual([]);
    expect(moved('ro-1')).toBeGreaterThan(20);
    expect(moved('classic-1')).toBe(0);
  });
});
