// Gathered reads of `postdb-v4` (docs/spec/pcs.md §4, PCS-52 to PCS-58, PCS-97): a statement over several groups goes to any node, which
// reads each volume at one read point and says at which. Between volumes nothing is promised: transfers stay within a tablet, so the
// sum of each tablet is whole in every answer.

import { describe, expect, test } from 'vitest';
import { makePrng, nextBelow } from '../base/prng.ts';
import { drawnOf } from '../testing/depth.ts';
import { eventsIn } from './tape-fixture.ts';
import { answersOf, done, run, sql } from './v4-fixture.ts';

const BY_TABLET =
  'SELECT (id - 1) / 25 AS tablet, sum(balance), count(*) FROM accounts GROUP BY 1 ORDER BY 1';
const WHOLE = ['0,25000,25;1,25000,25;2,25000,25;3,25000,25'];

describe('gathered reads', () => {
  test('PCS-56 PCS-97 a read of four groups is gathered by the nodes in turn, at one read point a volume, and names them', async () => {
    const one = await run(
      [
        sql(300, BY_TABLET),
        sql(310, BY_TABLET),
        sql(320, BY_TABLET),
        sql(330, 'SELECT owner FROM accounts WHERE id IN (2, 27) ORDER BY id DESC LIMIT 1'),
        sql(340, 'SELECT count(*) FROM accounts a JOIN accounts b ON b.id = a.id + 50 WHERE a.id <= 50'),
        sql(350, 'SELECT id FROM accounts WHERE id BETWEEN 24 AND 28'),
        sql(360, 'SELECT id FROM accounts WHERE balance / (id - 30) > 1000000'),
      ],
      450,
    );
    expect(one.monitors.violations).toEqual([]);
    const [first, second, third, owner, join, range, failed] = answersOf(one);
    expect([first, second, third]).toEqual([WHOLE, WHOLE, WHOLE]);
    expect(owner).toHaveLength(1);
    expect(join).toEqual(['50']);
    expect(range).toEqual(['24;25;26;27;28']);
    expect(failed?.[0]).toMatch(/^22012 /);
    const answers = [...one.answers.values()];
    expect(new Set(answers.slice(0, 3).map(({ readAt }) => readAt?.node)).size).toBe(3);
    expect(answers[0]?.readAt?.points.map(({ volume }) => volume)).toEqual(['v1', 'v2', 'v3', 'v4']);
    for (const { readPoint } of answers[0]?.readAt?.points ?? []) expect(readPoint).toBeGreaterThan(0);
    // what a range of keys does not meet is not asked for: of the first tablet, which has no least key, 24 and 25 are (sweep seed 52)
    expect(answers[5]?.readAt?.points).toHaveLength(2);
    const parts = eventsIn(one, 'gather.part');
    // each node numbers its own
    const { node: gatherer } = one.trace.filter(({ event }) => event.kind === 'gather.begin')[5] ?? {};
    const ranged = eventsIn(one, 'gather.begin')[5]?.read;
    const rows = eventsIn(one, 'gather.part', gatherer ?? '').flatMap((part) =>
      part.read === ranged ? [`${part.volume} ${part.rows}`] : [],
    );
    expect(rows.toSorted()).toEqual(['v1 2', 'v2 3']);
    expect(parts.filter(({ volume }) => volume === 'v1').length).toBeGreaterThan(4);
    expect(one.monitors.exercised['gather.whole']).toBeGreaterThan(3);
  });

  test('PCS-51 PCS-97 what names a table and touches no row of it goes to a node that has its definition', async () => {
    const asked: readonly (readonly [text: string, answer: string])[] = [
      [
        'EXPLAIN SELECT * FROM accounts WHERE id = 30',
        'Index Scan using accounts_pkey on accounts;  Index Cond: (id = 30)',
      ],
      [
        'EXPLAIN SELECT * FROM notes WHERE id = 1',
        'Index Scan using notes_pkey on notes;  Index Cond: (id = 1)',
      ],
      [
        'EXPLAIN (DESCRIBE) SELECT * FROM notes WHERE id = $1',
        'parameter,$1,int4;column,id,integer;column,v,text',
      ],
      ['EXPLAIN (DESCRIBE) SELECT n.v FROM notes n JOIN fresh f USING (id)', 'column,v,text'],
      ['EXPLAIN (DESCRIBE) UPDATE fresh SET id = $1 RETURNING id', 'parameter,$1,int4;column,id,integer'],
      [
        'EXPLAIN UPDATE notes SET v = 1 WHERE id = 1',
        'Update on notes;  ->  Index Scan using notes_pkey on notes;        Index Cond: (id = 1)',
      ],
      ['SELECT * FROM notes WHERE false', ''],
      ['SELECT v FROM notes WHERE id = null', ''],
      ['SELECT owner FROM accounts WHERE id = 30 AND id IN (SELECT id FROM notes WHERE false)', ''],
      ["UPDATE notes SET v = 'x' WHERE false", 'UPDATE 0'],
      ['SELECT count(*) FROM fresh WHERE false', '0'],
    ];
    const one = await run(
      [
        sql(200, 'CREATE TABLE notes (id int PRIMARY KEY, v text)'),
        sql(220, "INSERT INTO notes VALUES (1, 'a')"),
        sql(260, 'CREATE TABLE fresh (id int PRIMARY KEY)'),
        ...asked.map(([text], i) => sql(300 + 10 * i, text)),
        sql(420, 'BEGIN', 'tx'),
        sql(430, 'EXPLAIN SELECT * FROM notes', 'tx'),
        sql(440, "INSERT INTO notes VALUES (2, 'b')", 'tx'),
        sql(450, 'SELECT * FROM notes WHERE false', 'tx'),
        sql(460, 'COMMIT', 'tx'),
      ],
      600,
    );
    expect(one.monitors.violations).toEqual([]);
    const answers = answersOf(one).slice(3).flat();
    expect(answers.slice(0, asked.length)).toEqual(asked.map(([, answer]) => answer));
    expect(answers.slice(asked.length)).toEqual(['BEGIN', 'Seq Scan on notes', 'INSERT 0 1', '', 'COMMIT']);
  });

  test('PCS-56 a transaction at repeatable read keeps the read points of its first statement, at read committed it does not', async () => {
    const statements = (isolation: string, session: string): string[] => [
      sql(300, `BEGIN${isolation}`, session),
      sql(305, 'SELECT sum(balance), sum(id * balance) FROM accounts', session),
      sql(360, 'SELECT sum(balance), sum(id * balance) FROM accounts', session),
      sql(370, 'SELECT balance FROM accounts WHERE id = 5', session),
      sql(375, 'UPDATE accounts SET balance = 0 WHERE id = 5', session),
      sql(380, 'COMMIT', session),
    ];
    const one = await run(
      [...statements(' ISOLATION LEVEL REPEATABLE READ', 'rr'), ...statements('', 'rc')].toSorted(
        (a, b) => Number.parseFloat(a) - Number.parseFloat(b),
      ),
      500,
    );
    expect(one.monitors.violations).toEqual([]);
    const ends = (client: string) =>
      eventsIn(one, 'gather.end').filter((end) => end.client === `d1/${client}`);
    const [before, after, single] = ends('rr');
    expect(after?.readPoints).toEqual(before?.readPoints);
    expect(before?.readPoints).toContain(single?.readPoints[0]);
    const [early, late] = ends('rc');
    expect(late?.readPoints).not.toEqual(early?.readPoints);
    const answers = answersOf(one);
    expect(answers.filter(([text]) => text?.startsWith('100000,'))).toHaveLength(4);
    expect(
      answers.filter(([text]) => text?.startsWith('0A000 a transaction that has read several')),
    ).toHaveLength(2);
    // the refused statement has failed its transaction (A3)
    expect(answers.filter(([text]) => text === 'ROLLBACK')).toHaveLength(2);
    const sums = [...one.answers.entries()].filter(([, { readAt }]) => readAt?.points.length === 4);
    expect(sums).toHaveLength(4);
  });

  test('PCS-54 A3 a tablet that nobody has written has no rows; what writes several groups is refused by name', async () => {
    const one = await run(
      [
        sql(200, "CREATE TABLE t (k int PRIMARY KEY, v text) WITH (split_at = '10,20')"),
        sql(230, 'SELECT count(*) FROM t'),
        sql(240, "INSERT INTO t VALUES (12, 'a')"),
        sql(260, 'SELECT k, v FROM t'),
        sql(270, "UPDATE t SET v = 'b'"),
        sql(280, 'SELECT k FROM t FOR UPDATE'),
        sql(290, 'BEGIN ISOLATION LEVEL SERIALIZABLE'),
        sql(295, 'SELECT count(*) FROM t'),
        sql(300, 'ROLLBACK'),
        sql(310, 'DROP TABLE t'),
        sql(340, 'SELECT count(*) FROM t'),
      ],
      450,
    );
    expect(one.monitors.violations).toEqual([]);
    const answers = answersOf(one);
    expect(answers[1]).toEqual(['0']);
    expect(answers[3]).toEqual(['12,a']);
    expect(answers[4]?.[0]).toMatch(/^0A000 a transaction stays in one shard group/);
    expect(answers[5]?.[0]).toMatch(/^0A000 a transaction stays in one shard group/);
    expect(answers[7]?.[0]).toMatch(/^0A000 a serializable transaction/);
    expect(answers.slice(-2)).toEqual([['DROP TABLE'], ['42P01 relation "t" does not exist']]);
  });

  test('PCS-56 a primary that is lost takes the read points of a transaction along; a statement by itself goes on', async () => {
    const one = await run(
      [
        sql(290, 'BEGIN ISOLATION LEVEL REPEATABLE READ', 'rr'),
        sql(295, BY_TABLET, 'rr'),
        '300.000 crash n2 for 300.000 ms',
        sql(305, BY_TABLET, 'one'),
        sql(310, BY_TABLET, 'rr'),
        sql(850, 'ROLLBACK', 'rr'),
        sql(900, BY_TABLET, 'rr'),
        '950.000 session d1 pinned n3 eventual',
        sql(960, BY_TABLET, 'pinned'),
      ],
      1200,
    );
    expect(one.monitors.violations).toEqual([]);
    const at = [...one.answers.keys()];
    const answerAt = (ms: number) => answersOf(one)[at.indexOf(`q${ms}000.0`)];
    expect([295, 305, 900].map(answerAt)).toEqual([WHOLE, WHOLE, WHOLE]);
    expect(answerAt(310)?.[0]).toMatch(/^40001 /);
    expect([...one.answers.values()].at(-1)?.readAt?.node).toBe('n3');
  });

  test.each(drawnOf([2, 5]))(
    'PCS-53 PCS-55 PCS-58 seed %i: under crashes and partitions every gathered answer is whole',
    async (seed) => {
      const prng = makePrng(seed, 'v4 gathers');
      const lines: string[] = [];
      for (let i = 0; i < 6; i++) {
        const at = 200 + i * 250 + nextBelow(prng, 60);
        const node = `n${1 + nextBelow(prng, 3)}`;
        const others = ['n1', 'n2', 'n3'].filter((one) => one !== node).join(' ');
        const forMs = 40 + nextBelow(prng, 120);
        lines.push(
          nextBelow(prng, 2) === 0
            ? `${at}.000 crash ${node} for ${forMs}.000 ms`
            : `${at}.000 partition ${node} | ${others} d1 for ${forMs}.000 ms`,
        );
      }
      for (let at = 195; at < 1800; at += 15)
        lines.push(sql(at + 0.5, BY_TABLET, `g${(at / 15) % 4}`.slice(0, 2)));
      const inOrder = lines.toSorted((a, b) => Number.parseFloat(a) - Number.parseFloat(b));
      const one = await run(inOrder, 2500, seed);
      expect(one.monitors.violations).toEqual([]);
      const answers = answersOf(one);
      const good = answers.filter(([text]) => text === WHOLE[0]);
      const others = answers.filter(([text]) => text !== WHOLE[0] && !/^08001 /.test(text ?? ''));
      expect(others).toEqual([]);
      expect(good.length).toBeGreaterThan(80);
      expect(done(one, 2000)).toBeGreaterThan(20);
      expect(eventsIn(one, 'leader.lost').length).toBeGreaterThan(0);
      expect(one.monitors.exercised['gather.one-point']).toBeGreaterThan(50);
    },
  );
});
