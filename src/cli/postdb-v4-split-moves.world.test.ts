// Splits of `postdb-v4` beside what else changes a group (docs/spec/pcs.md PCS-74, PCS-75, PCS-113): a move before, in and after one, a hot range
// that is split by itself, and nodes that die while the rows that went are removed. Pages are whole afterwards.

import { describe, expect, test } from 'vitest';
import { isDeep } from '../testing/depth.ts';
import { eventsIn, type TapeRun } from './tape-fixture.ts';
import { answersOf, done, expectSplitsEnded, readBack, run, sql, WHOLE } from './v4-fixture.ts';

/** Clients beside the load, a part of whose requests are for the first five rows. */
const hot = (at: number, percent: number): string =>
  `${at}.000 workload d1 hot kind=tablet-transfer clients=4 rows=100 thinkUs=2000 ratePerSecond=0 readPercent=25 hotPercent=${percent} valueBytes=0 load=false`;

/** Every volume can be read whole, and its pages are sound. */
function expectSound(one: Awaited<ReturnType<typeof run>>, volumes: number): void {
  const reports = one.fsck();
  expect(reports).toHaveLength(volumes);
  expect(reports.flatMap(({ volume, findings }) => findings.map((found) => ({ volume, found })))).toEqual([]);
}

const membersOf = (one: TapeRun, group: string): string =>
  eventsIn(one, 'group.members').findLast((event) => event.group === group)?.sets ?? '';

describe.runIf(isDeep)('a split and a move of one group', () => {
  const orders = [-6, -2, 0, 1, 4, 8, 12, 20].flatMap((after) =>
    // a replica that follows, and the primary
    ['n3', 'n1'].map((from) => [after, from] as const),
  );
  test.each(orders)(
    'PCS-75 PCS-113 a move ordered %i ms after it, away from %s: each is done or given up, and keys have one owner',
    async (after, from) => {
      const lines = [
        [200, '200.000 addNode n4 node c'],
        [300, '300.000 splitGroup g1 "13"'],
        [300 + after + 0.1, `${(300 + after).toFixed(3)} moveReplica ${from} n4 g1`],
      ] as const;
      const ordered = lines.toSorted(([a], [b]) => a - b).map(([, line]) => line);
      const one = await run([...ordered, ...readBack(1000)], 1100);
      expect(one.monitors.violations).toEqual([]);
      expect(eventsIn(one, 'split.begin').length + eventsIn(one, 'group.move.begin').length).toBeGreaterThan(
        0,
      );
      expectSplitsEnded(one);
      expect(membersOf(one, 'g1').split('|')).toHaveLength(1);
      expect(answersOf(one)).toEqual(WHOLE);
      expect(done(one, 900)).toBeGreaterThan(10);
      expectSound(one, new Set(eventsIn(one, 'split.cut').map(({ split }) => split)).size + 4);
    },
    60_000,
  );
});

describe.runIf(isDeep)('a hot range', () => {
  test('PCS-74 PCS-96 one that has most of the load for long enough is split by itself, and only that one', async () => {
    const one = await run([hot(300, 100), ...readBack(1500)], 1600);
    expect(one.monitors.violations).toEqual([]);
    const [first] = eventsIn(one, 'split.begin');
    expect([first?.volume, first?.why]).toEqual(['v1', 'load']);
    expect(expectSplitsEnded(one)).toBe('cut');
    // transfers between five rows meet in both orders
    const failed = one.trace.flatMap(({ event }) =>
      event.kind === 'op.return' && event.outcome === 'error' && event.value !== '40P01' ? [event] : [],
    );
    expect(failed).toEqual([]);
    expect(answersOf(one)).toEqual(WHOLE);
    expect(done(one, 1300)).toBeGreaterThan(20);
  });

  test('PCS-74 where every range has its share of as many requests none is split', async () => {
    const one = await run([hot(300, 0), ...readBack(1500)], 1600);
    expect(one.monitors.violations).toEqual([]);
    expect(eventsIn(one, 'split.begin')).toEqual([]);
    expect(answersOf(one)).toEqual(WHOLE);
  });
});

describe.runIf(isDeep)('rows that went are removed from the parent', () => {
  const rows = (from: number): string =>
    Array.from({ length: 80 }, (_, i) => `(${from + i}, ${from + i}, 'x')`).join(', ');
  const lines = [
    sql(200, 'CREATE TABLE p (k int PRIMARY KEY, n int, t text)'),
    ...Array.from({ length: 10 }, (_, i) =>
      sql(220 + i * 5, `INSERT INTO p VALUES ${rows(i * 80)}`, `i${i}`),
    ),
    '400.000 splitGroup g5',
  ];
  const sums = sql(1500, 'SELECT count(*), sum(n) FROM p', 'all');
  const endOf = (one: TapeRun, at: 'split.cut' | 'split.seat', state?: string): number =>
    one.trace.find(({ event }) => event.kind === at && (event.kind !== 'split.seat' || event.state === state))
      ?.at ?? Number.NaN;

  test('PCS-113 its primary dies at any time of it: whoever leads next removes the rest, and the pages are whole', async () => {
    const calm = await run([...lines, sums], 1600);
    const [cut, trimmed] = [endOf(calm, 'split.cut') / 1000, endOf(calm, 'split.seat', 'trimmed') / 1000];
    const primary = calm.trace.find(({ event }) => event.kind === 'split.seat')?.node ?? '';
    expect(trimmed - cut).toBeGreaterThan(10);
    expectSound(calm, 6);
    let removedByNext = 0;
    for (const share of [0.1, 0.3, 0.5, 0.7, 0.9]) {
      const at = cut + (trimmed - cut) * share;
      const one = await run([...lines, `${at.toFixed(3)} crash ${primary} for 80.000 ms`, sums], 1600);
      expect(one.monitors.violations, `${share}`).toEqual([]);
      expect(answersOf(one).at(-1), `${share}`).toEqual(['800,319600']);
      const by = one.trace.filter(({ event }) => event.kind === 'split.seat' && event.state === 'trimmed');
      if (by.some(({ node }) => node !== primary)) removedByNext++;
      expectSound(one, 6);
    }
    expect(removedByNext).toBeGreaterThan(0);
  }, 120_000);
});
