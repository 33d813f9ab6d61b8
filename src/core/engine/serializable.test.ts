// Serializable transactions as PostgreSQL's isolation specs play them: every order of their steps, and in which of them which
// statement is refused with 40001 (the published expected outputs of simple-write-skew, total-cash, two-ids, receipt-report and
// read-only-anomaly-2). A step that has to wait ends an order there.

import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { type Fixture, makeFixture } from './engine-fixture.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check, run } = makeTranscripts(parseSql);

interface Spec {
  readonly setup: string;
  readonly begin: readonly string[];
  /** Of each session, in order: name and statement. */
  readonly sessions: readonly (readonly (readonly [step: string, sql: string])[])[];
}

const SERIALIZABLE = 'begin isolation level serializable';
const READ_ONLY = 'begin isolation level serializable, read only';

/** All ways to merge the sessions' steps. */
function ordersOf(lengths: readonly number[]): number[][] {
  const orders: number[][] = [];
  const go = (left: readonly number[], order: readonly number[]): void => {
    if (left.every((count) => count === 0)) orders.push([...order]);
    left.forEach((count, session) => {
      if (count > 0)
        go(
          left.map((one, i) => (i === session ? one - 1 : one)),
          [...order, session],
        );
    });
  };
  go(lengths, []);
  return orders;
}

interface Played {
  readonly order: readonly string[];
  /** Steps that were refused, and one that had to wait. */
  readonly refused: readonly string[];
  readonly waits: string | null;
}

function playOrder(spec: Spec, order: readonly number[]): Played {
  const f: Fixture = makeFixture();
  run(f, 'setup', spec.setup);
  spec.begin.forEach((text, i) => void run(f, `s${i + 1}`, text));
  const at = spec.sessions.map(() => 0);
  const steps: string[] = [];
  const refused: string[] = [];
  let waits: string | null = null;
  for (const session of order) {
    const place = at[session] ?? 0;
    at[session] = place + 1;
    const [step, sql] = spec.sessions[session]?.[place] ?? ['', ''];
    steps.push(step);
    if (waits !== null) continue;
    const answer = run(f, `s${session + 1}`, sql);
    if (answer === 'pending') waits = step;
    else if (answer.startsWith('40001')) refused.push(step);
    else expect(answer).not.toMatch(/^(?!25P02)[0-9A-Z]{5} /);
  }
  if (waits === null) expect(f.engine.serial?.txs.size ?? 0).toBe(0);
  if (waits === null) expect(f.engine.serial?.locks.held.size ?? 0).toBe(0);
  return { order: steps, refused, waits };
}

const playAll = (spec: Spec): readonly Played[] =>
  ordersOf(spec.sessions.map(({ length }) => length)).map((order) => playOrder(spec, order));

const precedes = (order: readonly string[], a: string, b: string): boolean =>
  order.indexOf(a) < order.indexOf(b);

describe('serializable', () => {
  it('simple-write-skew: of two that overlap exactly one is refused', () => {
    const played = playAll({
      setup:
        "create table test (i int primary key, t text); insert into test values (5, 'apple'), (7, 'pear'), (11, 'banana')",
      begin: [SERIALIZABLE, SERIALIZABLE],
      sessions: [
        [
          ['rwx1', "update test set t = 'apple' where t = 'pear'"],
          ['c1', 'commit'],
        ],
        [
          ['rwx2', "update test set t = 'pear' where t = 'apple'"],
          ['c2', 'commit'],
        ],
      ],
    });
    for (const { order, refused } of played) {
      const overlap = !precedes(order, 'c1', 'rwx2') && !precedes(order, 'c2', 'rwx1');
      expect(refused, order.join(' ')).toHaveLength(overlap ? 1 : 0);
      if (overlap) expect(refused).toEqual([precedes(order, 'c1', 'c2') ? 'c2' : 'c1']);
    }
    expect(played).toHaveLength(6);
  });

  it('total-cash: who commits second is refused, at its sum when the other has committed by then', () => {
    const played = playAll({
      setup:
        "create table accounts (id text primary key, balance numeric not null); insert into accounts values ('checking', 600), ('savings', 600)",
      begin: [SERIALIZABLE, SERIALIZABLE],
      sessions: [
        [
          ['wx1', "update accounts set balance = balance - 200 where id = 'checking'"],
          ['r1', 'select sum(balance) from accounts'],
          ['c1', 'commit'],
        ],
        [
          ['wy2', "update accounts set balance = balance - 200 where id = 'savings'"],
          ['r2', 'select sum(balance) from accounts'],
          ['c2', 'commit'],
        ],
      ],
    });
    for (const { order, refused } of played) {
      const [first, second] = precedes(order, 'c1', 'c2') ? ['1', '2'] : ['2', '1'];
      const overlap = !precedes(order, `c${first}`, second === '1' ? 'wx1' : 'wy2');
      const at = precedes(order, `c${first}`, `r${second}`) ? `r${second}` : `c${second}`;
      expect(refused, order.join(' ')).toEqual(overlap ? [at] : []);
    }
    expect(played).toHaveLength(20);
  });

  it('two-ids: the pivot is refused at its commit in 16 of 90 orders', () => {
    const played = playAll({
      setup:
        'create table d1 (id int not null); create table d2 (id int not null); insert into d1 values (1); insert into d2 values (1)',
      begin: [SERIALIZABLE, SERIALIZABLE, SERIALIZABLE],
      sessions: [
        [
          ['wx1', 'update d1 set id = id + 1'],
          ['c1', 'commit'],
        ],
        [
          ['rxwy2', 'update d2 set id = (select id + 1 from d1)'],
          ['c2', 'commit'],
        ],
        [
          ['ry3', 'select id from d2'],
          ['c3', 'commit'],
        ],
      ],
    });
    for (const { order, refused } of played) {
      const isRefused =
        precedes(order, 'rxwy2', 'c1') &&
        precedes(order, 'wx1', 'c2') &&
        precedes(order, 'c1', 'c2') &&
        precedes(order, 'c1', 'c3') &&
        precedes(order, 'ry3', 'c2');
      expect(refused, order.join(' ')).toEqual(isRefused ? ['c2'] : []);
    }
    expect(played.filter(({ refused }) => refused.length > 0)).toHaveLength(16);
    expect(played).toHaveLength(90);
  });

  it('receipt-report: a declared reader is the first of a cycle in 6 orders, without a false alarm', () => {
    const played = playAll({
      setup: `create table ctl (k text primary key, day date not null); insert into ctl values ('receipt', date '2008-12-22');
        create table receipt (no int primary key, day date not null, amount numeric(13,2));
        insert into receipt values (1, date '2008-12-22', 1.00), (2, date '2008-12-22', 2.00)`,
      begin: [SERIALIZABLE, SERIALIZABLE, READ_ONLY],
      sessions: [
        [
          ['rxwy1', "insert into receipt values (3, (select day from ctl where k = 'receipt'), 4.00)"],
          ['c1', 'commit'],
        ],
        [
          ['wx2', "update ctl set day = date '2008-12-23' where k = 'receipt'"],
          ['c2', 'commit'],
        ],
        [
          ['rx3', "select * from ctl where k = 'receipt'"],
          ['ry3', "select * from receipt where day = date '2008-12-22'"],
          ['c3', 'commit'],
        ],
      ],
    });
    const failed = played.filter(({ refused }) => refused.length > 0);
    for (const { order, refused } of played) {
      const isCycle =
        precedes(order, 'rxwy1', 'c2') &&
        precedes(order, 'wx2', 'c1') &&
        precedes(order, 'c2', 'rx3') &&
        precedes(order, 'rx3', 'c1');
      expect(refused.length, order.join(' ')).toBe(isCycle ? 1 : 0);
    }
    expect(failed).toHaveLength(6);
    expect(played).toHaveLength(210);
  });

  it('read-only-anomaly-2: two writers commit; once a reader has seen the first, the second is refused', () => {
    const bank =
      "create table bank (id text primary key, balance numeric not null); insert into bank values ('X', 0), ('Y', 0)";
    const writers = `
      s: ${bank} -> CREATE TABLE; INSERT 0 2
      a: ${SERIALIZABLE} -> BEGIN
      b: ${SERIALIZABLE} -> BEGIN
      c: ${SERIALIZABLE} -> BEGIN
      b: select balance from bank where id = 'X' -> 0
      b: select balance from bank where id = 'Y' -> 0
      a: select balance from bank where id = 'Y' -> 0
      a: update bank set balance = 20 where id = 'Y' -> UPDATE 1
      a: commit -> COMMIT`;
    check(`${writers}
      b: update bank set balance = -11 where id = 'X' -> UPDATE 1
      b: commit -> COMMIT`);
    check(`${writers}
      c: select id, balance from bank where id in ('X', 'Y') order by id -> X,0 | Y,20
      c: commit -> COMMIT
      b: update bank set balance = -11 where id = 'X' -> 40001 could not serialize access due to read/write dependencies among transactions
      b: rollback -> ROLLBACK`);
  });

  it('keeps the range of a key scan: who inserts into it is a writer to its reader; disjoint ranges do not meet', () => {
    check(`
      a: ${SERIALIZABLE}; select count(*) from t where id > 5 -> BEGIN; 0
      b: ${SERIALIZABLE}; select count(*) from t where id > 5 -> BEGIN; 0
      a: insert into t values (6, 60) -> INSERT 0 1
      b: insert into t values (7, 70) -> INSERT 0 1
      a: commit -> COMMIT
      b: commit -> 40001 could not serialize access due to read/write dependencies among transactions
      b: select count(*) from t where id > 5 -> 1`);
  });

  it('refuses a row that was changed since its snapshot as repeatable read does, and is shown by SHOW', () => {
    check(`
      a: ${SERIALIZABLE}; select v from t where id = 1; show transaction_isolation -> BEGIN; 10; serializable
      b: update t set v = 11 where id = 1 -> UPDATE 1
      a: update t set v = 12 where id = 1 -> 40001 could not serialize access due to concurrent update
      a: rollback; set default_transaction_isolation = 'serializable' -> ROLLBACK; SET
      a: begin; show transaction_isolation; commit -> BEGIN; serializable; COMMIT`);
  });

  it('knows neither read committed nor repeatable read: only serializable transactions watch each other', () => {
    check(`
      a: ${SERIALIZABLE}; select v from t where id = 1 -> BEGIN; 10
      b: begin isolation level repeatable read; select v from t where id = 2 -> BEGIN; 20
      a: update t set v = 21 where id = 2 -> UPDATE 1
      b: update t set v = 11 where id = 1 -> UPDATE 1
      a: commit -> COMMIT
      b: commit -> COMMIT`);
  });
});
