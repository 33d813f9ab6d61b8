// SET, SHOW and RESET, transaction modes, and timeouts on virtual time (transcript-fixture.ts).

import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { awaitReply, begin, type Fixture, replyOf, settle, showReply } from './engine-fixture.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check, run } = makeTranscripts(parseSql);

describe('SET, SHOW, RESET', () => {
  it('values in their forms, and what is refused by name', () => {
    check(`
      a: show statement_timeout; set statement_timeout = 1500; show statement_timeout -> 0; SET; 1500ms
      a: set statement_timeout = '5 min'; show statement_timeout; set lock_timeout to '1500us'; show lock_timeout -> SET; 5min; SET; 2ms
      a: reset lock_timeout; show lock_timeout; reset all; show statement_timeout -> RESET; 0; RESET; 0
      a: show search_path; set search_path to public, "Other"; show search_path -> public; SET; public, "Other"
      a: set application_name = 'psql'; show application_name; reset application_name -> SET; psql; RESET
      a: set nothing = 1 -> 42704 unrecognized configuration parameter "nothing"
      a: show nothing -> 42704 unrecognized configuration parameter "nothing"
      a: set work_mem = '4MB' -> 42704 unrecognized configuration parameter "work_mem"
      a: set statement_timeout = 'abc' -> 22023 invalid value for parameter "statement_timeout": "abc"
      a: set statement_timeout = -1 -> 22023 -1 ms is outside the valid range for parameter "statement_timeout" (0 ms .. 2147483647 ms)
      a: set statement_timeout = 1, 2 -> 22023 SET statement_timeout takes only one argument
      a: set default_transaction_read_only = maybe -> 22023 parameter "default_transaction_read_only" requires a Boolean value
      a: set search_path = '*/' -> 22023 invalid value for parameter "search_path": "*/"`);
  });

  it('a rollback takes SET back, also one to a savepoint; SET LOCAL ends with its transaction', () => {
    check(`
      a: begin; set lock_timeout = 5; set local statement_timeout = 7; savepoint s; set lock_timeout = 9 -> BEGIN; SET; SET; SAVEPOINT; SET
      a: show lock_timeout; rollback to s; show lock_timeout; show statement_timeout -> 9ms; ROLLBACK; 5ms; 7ms
      a: commit -> COMMIT
      a: show lock_timeout; show statement_timeout -> 5ms; 0
      a: begin; set lock_timeout = 11; rollback -> BEGIN; SET; ROLLBACK
      a: show lock_timeout; set local lock_timeout = 3; show lock_timeout -> 5ms; SET; 5ms
      a: begin; set local lock_timeout = 3; set lock_timeout = 4; commit -> BEGIN; SET; SET; COMMIT
      a: show lock_timeout -> 4ms
      b: show lock_timeout -> 0`);
  });
});

describe('transaction modes', () => {
  it('isolation: SET TRANSACTION before the first query, BEGIN, and the default of the session', () => {
    check(`
      a: begin; show transaction_isolation; set transaction isolation level repeatable read; show transaction_isolation -> BEGIN; read committed; SET; repeatable read
      a: select v from t where id = 1 -> 10
      b: update t set v = 11 where id = 1 -> UPDATE 1
      a: select v from t where id = 1; commit -> 10; COMMIT
      a: begin; select 1; set transaction isolation level repeatable read -> BEGIN; 1; 25001 SET TRANSACTION ISOLATION LEVEL must be called before any query
      a: rollback; set session characteristics as transaction isolation level repeatable read -> ROLLBACK; SET
      a: begin; show transaction_isolation; rollback -> BEGIN; repeatable read; ROLLBACK
      a: begin isolation level read committed; show transaction_isolation; rollback -> BEGIN; read committed; ROLLBACK
      a: set default_transaction_isolation = 'read committed'; show default_transaction_isolation -> SET; read committed
      a: set transaction isolation level repeatable read -> SET
      a: show transaction_isolation -> read committed
      a: set default_transaction_isolation = serializable; show transaction_isolation -> SET; serializable`);
  });

  it('read only: what writes or locks rows is 25006, tables may be locked', () => {
    check(`
      a: begin read only; select v from t where id = 1; lock table t in access share mode -> BEGIN; 10; LOCK TABLE
      a: update t set v = 0 -> 25006 cannot execute UPDATE in a read-only transaction
      a: rollback; begin read only; select v from t for update -> ROLLBACK; BEGIN; 25006 cannot execute SELECT FOR UPDATE in a read-only transaction
      a: rollback; begin; set transaction read only; truncate t -> ROLLBACK; BEGIN; SET; 25006 cannot execute TRUNCATE TABLE in a read-only transaction
      a: rollback; begin read only; select 1; set transaction read write -> ROLLBACK; BEGIN; 1; 25001 transaction read-write mode must be set before any query
      a: rollback; set default_transaction_read_only = on -> ROLLBACK; SET
      a: create table u (a int) -> 25006 cannot execute CREATE TABLE in a read-only transaction
      a: begin read write; create table u (a int); commit -> BEGIN; CREATE TABLE; COMMIT
      a: show transaction_read_only -> on`);
  });
});

/** The answer after `us` more of virtual time. */
function answerAfter(f: Fixture, session: string, sequence: number, us: number): string {
  settle(f, us);
  return showReply(replyOf(f, session, sequence));
}

describe('timeouts', () => {
  it.each([
    ['select v from t where id = 1 for update', 'begin; update t set v = 0 where id = 1'],
    ['update t set v = 1 where id = 1', 'begin; select v from t where id = 1 for share'],
    ['select v from t where id = 1', 'begin; lock table t'],
    ['begin; lock table t in share mode', 'begin; insert into t values (3, 3)'],
    ['insert into t values (7, 7)', 'begin; insert into t values (7, 0)'],
  ])('%s waits for “%s” as long as lock_timeout, then statement_timeout allow', (waiting, holding) => {
    const f = check('b: set lock_timeout = 3 -> SET');
    run(f, 'a', holding);
    const first = begin(f, 'b', parseSql(waiting));
    expect(answerAfter(f, 'b', first, 2_900)).toBe('pending');
    expect(answerAfter(f, 'b', first, 200)).toMatch(/55P03 canceling statement due to lock timeout$/);
    run(f, 'b', 'rollback');
    run(f, 'b', 'set lock_timeout = 0; set statement_timeout = 2');
    const second = begin(f, 'b', parseSql(waiting));
    expect(answerAfter(f, 'b', second, 1_900)).toBe('pending');
    expect(answerAfter(f, 'b', second, 200)).toMatch(/57014 canceling statement due to statement timeout$/);
    run(f, 'b', 'rollback; reset statement_timeout');
    const third = begin(f, 'b', parseSql(waiting));
    expect(answerAfter(f, 'b', third, 100)).toBe('pending');
    run(f, 'a', 'rollback');
    expect(showReply(awaitReply(f, 'b', third))).not.toMatch(/pending|canceling/);
    run(f, 'b', 'rollback');
    expect(f.engine.relationLine).toEqual([]);
    expect(f.engine.rowLocks.size).toBe(0);
  });

  it('a statement after a savepoint that is cancelled undoes its level only; a commit is never cancelled', () => {
    const f = check(`
      a: begin; update t set v = 0 where id = 1 -> BEGIN; UPDATE 1
      b: begin; update t set v = 21 where id = 2; savepoint s; set local lock_timeout = 1 -> BEGIN; UPDATE 1; SAVEPOINT; SET
      b: update t set v = 1 where id = 1 -> pending
      b! -> 55P03 canceling statement due to lock timeout
      b: rollback to s; show lock_timeout; commit -> ROLLBACK; 0; COMMIT
      a: rollback; select v from t where id = 2 -> ROLLBACK; 21`);
    run(f, 'a', 'set statement_timeout = 1');
    const sequence = begin(f, 'a', parseSql('insert into t values (5, 5)'));
    expect(answerAfter(f, 'a', sequence, 50_000)).toBe('pending');
    expect(showReply(awaitReply(f, 'a', sequence))).toBe('INSERT 0 1');
  });
});
