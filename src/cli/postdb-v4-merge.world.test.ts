// Two neighbouring tablets become one (docs/spec/placement.md PCS-122): no row and no answer is lost, nothing is done twice, and at no moment do
// two groups have the keys. Nodes die at each step of it.

import { describe, expect, test } from 'vitest';
import { demoParams } from '../core/kernel/params-fixture.ts';
import { isDeep } from '../testing/depth.ts';
import { eventsIn, type TapeRun } from './tape-fixture.ts';
import { answersOf, done, readBack, run, sql, WHOLE } from './v4-fixture.ts';

const SPLIT = '300.000 splitGroup g1 "13"';
/** The two that the split has made; g5 has the upper keys. */
const MERGE = '500.000 mergeGroups g1 g5';

/** One cut, or none and the copy given up, or the order was refused: never two of these, and the merge does not stay open. */
function expectMergesEnded(one: TapeRun): 'cut' | 'given up' | 'refused' {
  const begun = new Set(eventsIn(one, 'merge.begin').map(({ merge }) => merge));
  const cut = new Set(eventsIn(one, 'merge.cut').map(({ merge }) => merge));
  const ended = new Set(eventsIn(one, 'merge.end').map(({ merge }) => merge));
  expect(begun.size + ended.size).toBeGreaterThan(0);
  for (const merge of begun) expect([merge, cut.has(merge) !== ended.has(merge)]).toEqual([merge, true]);
  return cut.size > 0 ? 'cut' : begun.size > 0 ? 'given up' : 'refused';
}

describe('a merge', () => {
  test('PCS-122 two neighbours become one under load; every sum is whole, and what the two had is gone', async () => {
    const one = await run(
      [
        SPLIT,
        MERGE,
        sql(503, 'SELECT kind, subject FROM pcs_operators'),
        sql(800, 'SELECT sum(balance), count(*) FROM accounts WHERE id < 26'),
        sql(805, "UPDATE accounts SET owner = 'low' WHERE id = 12"),
        sql(815, 'SELECT owner FROM accounts WHERE id = 12'),
        sql(830, 'SELECT group_id, geo_epoch FROM pcs_groups ORDER BY 1'),
        ...readBack(840),
      ],
      900,
    );
    expect(one.monitors.violations).toEqual([]);
    expect(expectMergesEnded(one)).toBe('cut');
    expect(answersOf(one)).toEqual([
      ['merge,g1, g5'],
      ['25000,25'],
      ['UPDATE 1'],
      ['low'],
      ['g2,1;g3,1;g4,1;g6,3'],
      ...WHOLE,
    ]);
    expect(done(one, 800)).toBeGreaterThan(10);
    expect(eventsIn(one, 'driver.route').filter(({ group }) => group === 'g6').length).toBeGreaterThan(2);
    expect(eventsIn(one, 'split.attachment').filter(({ state }) => state === 'gone')).toHaveLength(2);
  });

  test('FENCE-43 PCS-122 a request whose answer was lost is not carried out again by who has its key next', async () => {
    const one = await run(
      [
        sql(200, "CREATE TABLE c (k int PRIMARY KEY, n int) WITH (split_at = '3')"),
        sql(220, 'INSERT INTO c VALUES (1, 0)'),
        sql(222, 'INSERT INTO c VALUES (4, 0)'),
        ...Array.from({ length: 30 }, (_, i) =>
          sql(350 + i, 'UPDATE c SET n = n + 1 WHERE k = 4', `u${i % 5}`),
        ),
        ...['n1', 'n2', 'n3'].map((node) => `379.500 cut ${node} > d1 for 60.000 ms`),
        '381.000 mergeGroups g5 g6',
        sql(1000, 'SELECT n FROM c WHERE k = 4', 'last'),
      ],
      1200,
    );
    expect(one.monitors.violations).toEqual([]);
    expect(expectMergesEnded(one)).toBe('cut');
    expect(answersOf(one).at(-1)).toEqual(['30']);
  });

  test('PCS-122 what cannot be merged is refused by name, and nothing has moved', async () => {
    const one = await run(
      [
        sql(200, 'CREATE TABLE one (k int PRIMARY KEY)'),
        sql(220, 'INSERT INTO one VALUES (1)'),
        '300.000 mergeGroups g1 g3',
        '310.000 mergeGroups g1 g1',
        '320.000 mergeGroups g4 g5',
        '330.000 mergeGroups g1 g9',
        ...readBack(400),
      ],
      500,
    );
    expect(one.monitors.violations).toEqual([]);
    expect(eventsIn(one, 'merge.begin')).toEqual([]);
    expect(eventsIn(one, 'merge.end').map(({ code }) => code)).toEqual([
      'NOT_NEIGHBOURS',
      'NOT_NEIGHBOURS',
      'OTHER_TABLE',
      'NO_GROUP',
    ]);
    expect(answersOf(one).slice(-4)).toEqual(WHOLE);
  });

  test('PCS-122 a tablet that DELETE has emptied is merged as well, two empty ones too', async () => {
    const one = await run(
      [
        sql(200, "CREATE TABLE c (k int PRIMARY KEY, n int) WITH (split_at = '3')"),
        sql(220, 'INSERT INTO c VALUES (1, 0)'),
        sql(222, 'INSERT INTO c VALUES (4, 0)'),
        sql(300, 'DELETE FROM c WHERE k = 1'),
        sql(310, 'DELETE FROM c WHERE k = 4'),
        '400.000 mergeGroups g5 g6',
        sql(700, 'SELECT count(*) FROM c', 'last'),
        sql(720, 'INSERT INTO c VALUES (1, 5), (4, 6)', 'last'),
        sql(740, 'SELECT sum(n) FROM c', 'last'),
      ],
      900,
    );
    expect(one.monitors.violations).toEqual([]);
    expect(expectMergesEnded(one)).toBe('cut');
    expect(answersOf(one).slice(-3)).toEqual([['0'], ['INSERT 0 2'], ['11']]);
  });

  // a transaction is open when its tablet is frozen; another commits while nobody can answer it
  test('PCS-122 a transaction in flight fails or is committed, and the client hears which', async () => {
    const one = await run(
      [
        SPLIT,
        sql(490, 'BEGIN', 'open'),
        sql(492, "UPDATE accounts SET owner = 'open' WHERE id = 3", 'open'),
        MERGE,
        sql(900, 'COMMIT', 'open'),
        sql(950, 'SELECT owner FROM accounts WHERE id = 3', 'last'),
      ],
      1000,
    );
    expect(one.monitors.violations).toEqual([]);
    expect(expectMergesEnded(one)).toBe('cut');
    const [commit, owner] = answersOf(one).slice(-2);
    expect(commit?.[0]).not.toBe('COMMIT');
    expect(owner).not.toEqual(['open']);
  });

  const ends = new Set<string>();
  const steps = [501, 504, 508, 512, 518, 526, 536].flatMap((at) =>
    ['n1', 'n2', 'n3'].map((node) => [at, node] as const),
  );
  test.runIf(isDeep).each(steps)(
    'PCS-122 FENCE-24 at %i ms %s dies: the keys have one owner, and every sum is whole',
    async (at, node) => {
      const one = await run(
        [SPLIT, MERGE, `${at}.000 crash ${node} for 120.000 ms`, ...readBack(2200)],
        2300,
      );
      expect(one.monitors.violations).toEqual([]);
      ends.add(expectMergesEnded(one));
      expect(answersOf(one)).toEqual(WHOLE);
      expect(done(one, 1900)).toBeGreaterThan(10);
    },
    60_000,
  );
  test.runIf(isDeep)('PCS-122 some of these died before the cut and some after it', () => {
    expect([...ends]).toEqual(expect.arrayContaining(['cut', 'given up']));
  });
});

describe('the planner', () => {
  /** A table whose rows are asked for between two times; beside the load of four tablets, which is at rest in between. */
  const asked = (fromMs: number, toMs: number): string[] =>
    Array.from({ length: 2 * (toMs - fromMs) }, (_, i) =>
      sql(
        fromMs + i / 2,
        `SELECT balance FROM accounts WHERE id = ${i % 2 === 0 ? 1 : 2 + ((i >> 1) % 9)}`,
        `h${i % 16}`,
      ),
    );

  /** Together more than what is called cold, and less than what is called hot (PCS-74). */
  const lukewarm = (fromMs: number, toMs: number): string[] =>
    Array.from({ length: Math.floor((toMs - fromMs) / 12) }, (_, i) =>
      sql(fromMs + 12 * i, `SELECT balance FROM accounts WHERE id = ${1 + (i % 10)}`, `h${i % 16}`),
    );
  const WARM_UNTIL = 3500;
  const COLD_US = 250 * demoParams.nodeHeartbeatMs * 1000;

  test.runIf(isDeep)(
    'PCS-122 under load nothing is merged; what a split by load has parted becomes one when the load ends, and what a definition has cut stays',
    async () => {
      const load = [...asked(200, 1200), '1200.000 workloadStop d1', ...lukewarm(1200, WARM_UNTIL)];
      const one = await run([...load, ...readBack(8000)], 8100);
      expect(one.monitors.violations).toEqual([]);
      const splits = one.trace.filter(({ event }) => event.kind === 'split.cut');
      const merged = one.trace.filter(({ event }) => event.kind === 'merge.cut');
      expect(splits.length).toBeGreaterThan(0);
      // long enough under load for a merge, had they been called cold
      expect(WARM_UNTIL * 1000 - (splits.at(-1)?.at ?? 0)).toBeGreaterThan(2 * COLD_US);
      expect(merged.length).toBe(splits.length);
      expect(eventsIn(one, 'merge.begin').map(({ why }) => why)).toEqual(merged.map(() => 'cold'));
      expect(merged.every(({ at }) => at > WARM_UNTIL * 1000)).toBe(true);
      expect(answersOf(one).slice(-4)).toEqual(WHOLE);
    },
    120_000,
  );

  test.runIf(isDeep)('PCS-122 what a person has cut stays cut, however cold it is', async () => {
    const one = await run([SPLIT, '500.000 workloadStop d1', ...readBack(2900)], 3000);
    expect(one.monitors.violations).toEqual([]);
    expect(eventsIn(one, 'split.cut')).toHaveLength(1);
    expect(eventsIn(one, 'merge.begin')).toEqual([]);
    expect(answersOf(one)).toEqual(WHOLE);
  });
});
