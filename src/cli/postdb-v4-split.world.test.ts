// A tablet is split by key under load (docs/spec/placement.md PCS-46, PCS-47, PCS-74): its keys from one on go to a group of their own, no row and no
// answer is lost, and at no moment do two groups have them. Nodes die at each step of it.

import { describe, expect, test } from 'vitest';
import { isDeep } from '../testing/depth.ts';
import { eventsIn, type TapeRun } from './tape-fixture.ts';
import { answersOf, done, expectSplitsEnded, readBack, run, sql, WHOLE } from './v4-fixture.ts';

const SPLIT = '300.000 splitGroup g1 "13"';
const attachments = (one: TapeRun) => eventsIn(one, 'split.attachment').map(({ state }) => state);

describe('a split', () => {
  test('PCS-46 PCS-47 the keys from one on go to a group of their own under load; every sum is whole, and reads meet both halves', async () => {
    const one = await run(
      [
        SPLIT,
        sql(303, 'SELECT kind, subject, from_node, to_node FROM pcs_operators'),
        sql(500, 'SELECT sum(balance), count(*) FROM accounts WHERE id < 26'),
        sql(505, 'SELECT id < 13, count(*) FROM accounts WHERE id < 26 GROUP BY 1 ORDER BY 1'),
        sql(510, "UPDATE accounts SET owner = 'low' WHERE id = 12"),
        sql(515, "UPDATE accounts SET owner = 'high' WHERE id = 13"),
        sql(520, 'SELECT owner FROM accounts WHERE id IN (12, 13) ORDER BY id'),
        sql(530, 'SELECT group_id, geo_epoch FROM pcs_groups ORDER BY 1'),
        ...readBack(540),
      ],
      600,
    );
    expect(one.monitors.violations).toEqual([]);
    expect(expectSplitsEnded(one)).toBe('cut');
    expect(attachments(one)).toEqual(['frozen', 'copied', 'thaw', 'trimmed']);
    // 13 rows went, and are not in the pages of the parent any more
    expect(eventsIn(one, 'split.attachment').map(({ rows }) => rows)).toEqual([0, 13, 13, 13]);
    expect(eventsIn(one, 'split.cut').map(({ key, volume, child }) => [key, volume, child])).toEqual([
      ['13', 'v1', 'v5'],
    ]);
    expect(answersOf(one)).toEqual([
      ['split,g1,n1,'],
      ['25000,25'],
      ['f,13;t,12'],
      ['UPDATE 1'],
      ['UPDATE 1'],
      ['low;high'],
      ['g1,2;g2,1;g3,1;g4,1;g5,2'],
      ...WHOLE,
    ]);
    expect(one.monitors.exercised['shard.stale-epoch-inert']).toBeGreaterThan(0);
    expect(done(one, 500)).toBeGreaterThan(10);
    const routed = eventsIn(one, 'driver.route').filter(({ group }) => group === 'g5');
    expect(routed.length).toBeGreaterThan(2);
  });

  test('FENCE-46 FENCE-43 a write whose answer was lost is not done again by the group that its key goes to', async () => {
    const one = await run(
      [
        '296.000 cut n1 > d1 for 40.000 ms',
        sql(297, "UPDATE accounts SET owner = owner || '+' WHERE id = 20"),
        SPLIT,
        sql(500, 'SELECT length(owner) - length(replace(owner, $$+$$, $$$$)) FROM accounts WHERE id = 20'),
        ...readBack(540),
      ],
      600,
    );
    expect(one.monitors.violations).toEqual([]);
    expect(expectSplitsEnded(one)).toBe('cut');
    expect(answersOf(one)).toEqual([['REPLAYED'], ['1'], ...WHOLE]);
  });

  test.runIf(isDeep)('PCS-46 what cannot be split is given up by name, and nothing has moved', async () => {
    const one = await run(
      [
        '300.000 splitGroup g1 "60"',
        '340.000 splitGroup g1 "x"',
        '380.000 splitGroup g9 "3"',
        sql(400, 'CREATE TABLE one (k int PRIMARY KEY)'),
        sql(420, 'INSERT INTO one VALUES (1)'),
        '450.000 splitGroup g7',
        ...readBack(540),
      ],
      640,
    );
    expect(one.monitors.violations).toEqual([]);
    expect(eventsIn(one, 'split.cut')).toEqual([]);
    expect(eventsIn(one, 'split.end').map(({ volume, code }) => [volume, code])).toEqual([
      ['v1', 'BAD_RANGE'],
      ['v1', 'BAD_RANGE'],
      ['g9', 'NO_GROUP'],
      ['v7', 'TOO_SMALL'],
    ]);
    expect(answersOf(one).slice(-4)).toEqual(WHOLE);
  });

  test.runIf(isDeep)(
    'FENCE-43 PCS-47 a request whose answer was lost is not carried out again by who has its key next',
    async () => {
      const one = await run(
        [
          sql(200, 'CREATE TABLE c (k int PRIMARY KEY, n int)'),
          sql(220, 'INSERT INTO c VALUES (1, 0), (2, 0), (3, 0), (4, 0)'),
          // the answer of the last of these is lost, and the driver asks on until the split is over
          ...Array.from({ length: 30 }, (_, i) =>
            sql(250 + i, 'UPDATE c SET n = n + 1 WHERE k = 4', `u${i % 5}`),
          ),
          '279.500 cut n1 > d1 for 60.000 ms',
          '279.500 cut n2 > d1 for 60.000 ms',
          '279.500 cut n3 > d1 for 60.000 ms',
          '281.000 splitGroup g5 "3"',
          sql(900, 'SELECT n FROM c WHERE k = 4', 'last'),
        ],
        1100,
      );
      expect(one.monitors.violations).toEqual([]);
      expect(answersOf(one).at(-1)).toEqual(['30']);
    },
  );

  test.runIf(isDeep).each([500, 1000, 1400])(
    'PCS-113 ordered at %i ms more rows than a batch has go batch by batch, from the middle of a key of two columns',
    async (at) => {
      const rows = (from: number, count: number): string =>
        Array.from({ length: count }, (_, i) => `(${(from + i) >> 2}, ${(from + i) & 3}, ${from + i})`).join(
          ', ',
        );
      const one = await run(
        [
          sql(200, 'CREATE TABLE p (a int, b int, n int, PRIMARY KEY (a, b))'),
          ...Array.from({ length: 20 }, (_, i) =>
            sql(220 + i * 5, `INSERT INTO p VALUES ${rows(i * 80, 80)}`, `i${i}`),
          ),
          `${at}.000 splitGroup g5`,
          sql(2400, 'SELECT count(*), sum(n), count(DISTINCT a) FROM p', 'all'),
        ].sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b)),
        2700,
      );
      expect(one.monitors.violations).toEqual([]);
      expect(expectSplitsEnded(one)).toBe('cut');
      const counts = (state: string): number[] =>
        eventsIn(one, 'split.attachment').flatMap((event) => (event.state === state ? [event.rows] : []));
      // the planner, which would transfer the group meanwhile, lets it be
      expect(counts('copied')[0]).toBe(800);
      // one primary removes a part of them, and the one that follows the rest
      expect(counts('trimmed').length).toBeGreaterThan(0);
      expect(answersOf(one).at(-1)).toEqual(['1600,1279200,400']);
    },
  );

  // the primary of the group, the leader of the metadata, the other primary: before, in and after the copy
  const steps = [302, 306, 310, 316, 322, 330].flatMap((at) =>
    ['n1', 'n2', 'n3'].map((node) => [at, node] as const),
  );
  test.runIf(isDeep).each(steps)(
    'PCS-46 PCS-47 FENCE-24 at %i ms %s dies: the keys have one owner, and every sum is whole',
    async (at, node) => {
      const one = await run([SPLIT, `${at}.000 crash ${node} for 120.000 ms`, ...readBack(2000)], 2100);
      expect(one.monitors.violations).toEqual([]);
      expectSplitsEnded(one);
      expect(answersOf(one)).toEqual(WHOLE);
      expect(done(one, 1700)).toBeGreaterThan(10);
    },
    60_000,
  );
});
