// Sessions and their transactions on tables that are cut (docs/spec/pcs.md PCS-51 to PCS-55, PCS-97; FENCE-44): what was
// acknowledged to a client of a transaction is what became of it.

import { expect, test } from 'vitest';
import { lastAnswers } from './tape-fixture.ts';
import { answersOf, run, sql } from './v4-fixture.ts';

test('FENCE-44 a write that was acknowledged after a cancelled transaction is there, and its row is free', async () => {
  const one = await run(
    [
      sql(300, 'BEGIN'),
      sql(305, "UPDATE accounts SET owner = 'dirty' WHERE id = 5"),
      '305.050 cancel d1 console',
      sql(330, 'ROLLBACK'),
      sql(340, "UPDATE accounts SET owner = 'acked' WHERE id = 6"),
      sql(370, 'SELECT owner FROM accounts WHERE id = 6', 'other'),
      sql(372, "UPDATE accounts SET owner = 'x' WHERE id = 6", 'third'),
      sql(400, 'SELECT count(*) FROM accounts WHERE id = 5 AND owner = $$dirty$$', 'other'),
    ],
    900,
  );
  expect(one.monitors.violations).toEqual([]);
  const answers = answersOf(one);
  expect(answers[1]?.[0]).toMatch(/^57014 /);
  expect(answers.slice(3)).toEqual([['UPDATE 1'], ['acked'], ['UPDATE 1'], ['0']]);
});

test('A3 a transaction of which the driver has refused a statement changes nothing', async () => {
  const refused = async (text: string) => {
    const one = await run(
      [
        sql(300, 'BEGIN'),
        sql(305, "UPDATE accounts SET owner = 'part' WHERE id = 30"),
        sql(330, text),
        sql(340, 'COMMIT'),
        sql(360, 'SELECT count(*) FROM accounts WHERE id = 30 AND owner = $$part$$'),
        sql(380, "UPDATE accounts SET owner = 'y' WHERE id = 60"),
      ],
      600,
    );
    expect(one.monitors.violations).toEqual([]);
    return answersOf(one);
  };
  const [, first, second, ...rest] = await refused("UPDATE accounts SET owner = 'part' WHERE id = 60");
  expect(first).toEqual(['UPDATE 1']);
  expect(second?.[0]).toMatch(/^0A000 a transaction stays in one shard group; this one would touch/);
  expect(rest).toEqual([['ROLLBACK'], ['0'], ['UPDATE 1']]);
  const [, , divided, ...then] = await refused("UPDATE accounts SET owner = 'part' WHERE id = 1 / 0");
  expect(divided?.[0]).toMatch(/^22012 /);
  expect(then).toEqual([['ROLLBACK'], ['0'], ['UPDATE 1']]);
});

test('PCS-97 a session may have a name with @, also while nobody answers it', async () => {
  const one = await run(
    [
      '300.000 partition d1 | n1 n2 n3 for 500.000 ms',
      sql(301, 'SELECT sum(balance) FROM accounts', 'console@x9'),
      sql(1500, 'SELECT sum(balance) FROM accounts', 'console@x9'),
    ],
    2000,
  );
  expect(one.monitors.violations).toEqual([]);
  expect(answersOf(one).at(-1)).toEqual(['100000']);
});

test('PCS-85 FENCE-47 a request in flight beside DROP TABLE gets rows or 42P01 (select-beside-drop-v4)', async () => {
  const seen = new Set<string>();
  for (const afterUs of [0, 400, 800, 1200, 1700, 2200, 2800, 3500, 4500, 6000]) {
    const at = 260 + afterUs / 1000;
    const one = await run(
      [
        sql(200, 'CREATE TABLE t (k int PRIMARY KEY, v int)', 'a'),
        sql(240, 'INSERT INTO t VALUES (1, 1)', 'a'),
        sql(250, 'BEGIN', 'block'),
        sql(260, 'DROP TABLE t', 'a'),
        sql(at, 'SELECT count(*) FROM t', 'read'),
        sql(at, 'UPDATE t SET v = 2 WHERE k = 1', 'write'),
        sql(at, 'INSERT INTO t VALUES (2, 2)', 'insert'),
        sql(at, 'SELECT v FROM t WHERE k = 1', 'block'),
        sql(300, 'COMMIT', 'block'),
      ],
      500,
    );
    expect(one.monitors.violations).toEqual([]);
    const { a: dropped, read, write, insert, block } = lastAnswers(one);
    expect(dropped).toBe('DROP TABLE');
    expect(read).toMatch(/^1$|^error 42P01$/);
    expect(write).toMatch(/^UPDATE 1$|^error 42P01$/);
    expect(insert).toMatch(/^INSERT 0 1$|^error 42P01$/);
    expect(block).toMatch(/^COMMIT$|^ROLLBACK$/);
    expect([...one.answers.values()].filter(({ outcome }) => outcome === 'unknown')).toEqual([]);
    seen.add(read ?? '');
  }
  expect([...seen].toSorted()).toEqual(['1', 'error 42P01']);
});
