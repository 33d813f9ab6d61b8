// Splits of `postdb-v4` beside what else changes a group (docs/spec/placement.md PCS-74, PCS-75, PCS-113): a move before, in and after one, a hot range
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

/** Requests that drivers sent to each group in a stretch of virtual ms. */
function requestsOf(one: TapeRun, fromMs: number, toMs: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { at, event } of one.trace)
    if (event.kind === 'driver.route' && at > fromMs * 1000 && at <= toMs * 1000)
      counts.set(event.group, (counts.get(event.group) ?? 0) + 1);
  return counts;
}

describe('a hot range', () => {
  test('PCS-74 PCS-96 one that has most of the load for long enough is split by itself, where its load is halved', async () => {
    const one = await run([hot(300, 100), ...readBack(1500)], 1600);
    expect(one.monitors.violations).toEqual([]);
    expect(one.monitors.exercised['placement.hot-halves']).toBeGreaterThan(1);
    const [found] = eventsIn(one, 'plan.hot');
    const [first, second] = eventsIn(one, 'split.begin');
    expect([first?.volume, first?.why, first?.key]).toEqual(['v1', 'load', found?.key]);
    // of 25 rows the first five are hot: the middle of the rows would give away next to nothing
    expect(Number(found?.key)).toBeGreaterThan(1);
    expect(Number(found?.key)).toBeLessThanOrEqual(5);
    expect(second).toBeUndefined();
    expect(expectSplitsEnded(one)).toBe('cut');
    // transfers between five rows meet in both orders
    const failed = one.trace.flatMap(({ event }) =>
      event.kind === 'op.return' && event.outcome === 'error' && event.value !== '40P01' ? [event] : [],
    );
    expect(failed).toEqual([]);
    expect(answersOf(one)).toEqual(WHOLE);
    expect(done(one, 1300)).toBeGreaterThan(20);

    const cutMs = (one.trace.find(({ event }) => event.kind === 'split.cut')?.at ?? 0) / 1000;
    const child = eventsIn(one, 'group.made').find(({ volume }) => volume === first?.child)?.group ?? '';
    const before = requestsOf(one, 300, cutMs).get('g1') ?? 0;
    const after = requestsOf(one, cutMs + 50, 1500);
    const [low, high] = [after.get('g1') ?? 0, after.get(child) ?? 0];
    expect(before).toBeGreaterThan(50);
    expect(low + high).toBeGreaterThan(50);
    expect(Math.max(low, high) / (low + high)).toBeLessThan(0.65);
  });

  describe.runIf(isDeep)('twelve groups on four nodes, each of which leads three', () => {
    const tables = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const made = [
      '190.000 addNode n4 node a',
      ...tables.flatMap((table, i) => [
        sql(200 + i * 10, `CREATE TABLE ${table} (k int PRIMARY KEY, n int)`, `make${i}`),
        sql(205 + i * 10, `INSERT INTO ${table} VALUES (1, 0), (5, 0), (9, 0)`, `make${i}`),
      ]),
    ];
    /** As many changes of one row of each table that is named, in turn. */
    const changes = (of: readonly string[]): string[] =>
      Array.from({ length: 900 }, (_, i) =>
        sql(500 + i, `UPDATE ${of[i % of.length]} SET n = n + 1 WHERE k = 5`, `one${i % 16}`),
      );
    const ledBy = (one: TapeRun, untilMs: number): Map<string, string[]> => {
      const writers = new Map<string, string>();
      for (const { at, event } of one.trace)
        if (event.kind === 'meta.writer' && event.state === 'OPEN' && at <= untilMs * 1000)
          writers.set(event.volume, event.writer);
      const led = new Map<string, string[]>();
      for (const [volume, writer] of writers) led.set(writer, [...(led.get(writer) ?? []), volume]);
      return led;
    };
    const threeEach = (one: TapeRun): void => {
      expect([...ledBy(one, 500).values()].map((volumes) => volumes.length)).toEqual([3, 3, 3, 3]);
      expect(one.trace.filter(({ at, event }) => event.kind === 'plan.begin' && at <= 500_000)).toEqual([]);
    };

    test('PCS-74 one of a single key is isolated, not split: its leader comes to lead nothing else', async () => {
      const one = await run([...made, ...changes(['a']), ...readBack(1400)], 1450);
      expect(one.monitors.violations).toEqual([]);
      threeEach(one);
      const volume = 'v5'; // of table a, whose group is the first after those of the load
      const [leader = '', others = []] =
        [...ledBy(one, 500)].find(([, volumes]) => volumes.includes(volume)) ?? [];
      expect(new Set(eventsIn(one, 'plan.hot').map((hot) => `${hot.volume} '${hot.key}'`))).toEqual(
        new Set([`${volume} ''`]),
      );
      expect(eventsIn(one, 'split.begin')).toEqual([]);
      const left = eventsIn(one, 'plan.begin');
      expect(left.map(({ why, from }) => [why, from])).toEqual([
        ['ISOLATE', leader],
        ['ISOLATE', leader],
      ]);
      const gone = others.filter((other) => other !== volume).map((other) => other.replace('v', 'g'));
      expect(left.map(({ group }) => `${group}`).toSorted()).toEqual(gone.toSorted());
      const after = ledBy(one, 1450);
      expect(after.get(leader)).toEqual([volume]);
      expect([...after.values()].map((volumes) => volumes.length).toSorted()).toEqual([1, 3, 4, 4]);
      expect(answersOf(one).filter(([text]) => text === '25000,25')).toEqual(WHOLE);
    });

    test('PCS-74 the same requests to eight rows in eight groups are hot nowhere, and nobody leads anything else', async () => {
      const one = await run([...made, ...changes(tables), ...readBack(1400)], 1450);
      expect(one.monitors.violations).toEqual([]);
      threeEach(one);
      expect([...eventsIn(one, 'plan.hot'), ...eventsIn(one, 'plan.begin')]).toEqual([]);
      expect(ledBy(one, 1450)).toEqual(ledBy(one, 500));
      expect(answersOf(one).filter(([text]) => text === '25000,25')).toEqual(WHOLE);
    });
  });

  test.runIf(isDeep)('PCS-74 where every range has its share of as many requests none is split', async () => {
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
  const endOf = (one: TapeRun, at: 'split.cut' | 'split.attachment', state?: string): number =>
    one.trace.find(
      ({ event }) => event.kind === at && (event.kind !== 'split.attachment' || event.state === state),
    )?.at ?? Number.NaN;

  test('PCS-113 its primary dies at any time of it: whoever leads next removes the rest, and the pages are whole', async () => {
    const calm = await run([...lines, sums], 1600);
    const [cut, trimmed] = [
      endOf(calm, 'split.cut') / 1000,
      endOf(calm, 'split.attachment', 'trimmed') / 1000,
    ];
    const primary = calm.trace.find(({ event }) => event.kind === 'split.attachment')?.node ?? '';
    expect(trimmed - cut).toBeGreaterThan(10);
    expectSound(calm, 6);
    let removedByNext = 0;
    for (const share of [0.1, 0.3, 0.5, 0.7, 0.9]) {
      const at = cut + (trimmed - cut) * share;
      const one = await run([...lines, `${at.toFixed(3)} crash ${primary} for 80.000 ms`, sums], 1600);
      expect(one.monitors.violations, `${share}`).toEqual([]);
      expect(answersOf(one).at(-1), `${share}`).toEqual(['800,319600']);
      const by = one.trace.filter(
        ({ event }) => event.kind === 'split.attachment' && event.state === 'trimmed',
      );
      if (by.some(({ node }) => node !== primary)) removedByNext++;
      expectSound(one, 6);
    }
    expect(removedByNext).toBeGreaterThan(0);
  }, 120_000);
});
