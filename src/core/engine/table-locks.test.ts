// LOCK TABLE and TRUNCATE among sessions: PostgreSQL's modes and their conflicts, its isolation specs deadlock-simple,
// deadlock-hard and deadlock-soft, and a TRUNCATE that is undone or seen (transcript-fixture.ts).

import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { crash, settleDurable, showReply } from './engine-fixture.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check, run } = makeTranscripts(parseSql);

const MODES = [
  'access share',
  'row share',
  'row exclusive',
  'share update exclusive',
  'share',
  'share row exclusive',
  'exclusive',
  'access exclusive',
];
/** A row for each mode held: the modes that may stand beside it, from PostgreSQL's manual. */
const BESIDE = ['1234567', '123456', '1234', '123', '125', '12', '1', ''];

describe('the names of relations', () => {
  it('who wants a name waits for who is making or giving it; what is only about to go has its name still, as in PostgreSQL', () => {
    check(`
      a: begin; create table n (id int) -> BEGIN; CREATE TABLE
      b: alter table t rename to n -> pending
      a: commit -> COMMIT
      b! -> 42P07 relation "n" already exists
      a: begin; create index i on n (id) -> BEGIN; CREATE INDEX
      b: alter index t_pkey rename to i -> pending
      a: rollback -> ROLLBACK
      b! -> ALTER INDEX
      a: begin; alter table n rename to m -> BEGIN; ALTER TABLE
      b: alter table t rename to m -> pending
      a: commit -> COMMIT
      b! -> 42P07 relation "m" already exists
      a: begin; alter table m rename to n -> BEGIN; ALTER TABLE
      b: alter table t rename to m -> 42P07 relation "m" already exists
      a: commit -> COMMIT
      b: alter table t rename to m -> ALTER TABLE
      a: begin; create sequence s -> BEGIN; CREATE SEQUENCE
      b: create view s as select 1 as one -> pending
      a: commit -> COMMIT
      b! -> 42P07 relation "s" already exists
      a: select relname from pg_class where relname in ('i', 'm', 'n', 's', 't') order by 1 -> i | m | n | s`);
  });
});

describe('LOCK TABLE', () => {
  it.each(MODES.map((mode, i) => [mode, BESIDE[i] ?? ''] as const))('%s lets in %s', (held, beside) => {
    const f = check(`a: begin; lock table t in ${held} mode -> BEGIN; LOCK TABLE`);
    const letIn = MODES.map((wanted, i) => {
      const answer = run(f, 'b', `begin; lock table t in ${wanted} mode nowait`);
      run(f, 'b', 'rollback');
      return answer.endsWith('LOCK TABLE') ? String(i + 1) : '';
    }).join('');
    expect(letIn).toBe(beside);
    run(f, 'a', 'commit');
    expect(f.engine.relationLine).toEqual([]);
  });

  it('is for transaction blocks, and names tables', () => {
    check(`
      a: lock table t -> 25P01 LOCK TABLE can only be used in transaction blocks
      a: lock table t; select 1 -> LOCK TABLE; 1
      a: begin; lock table nothing -> BEGIN; 42P01 relation "nothing" does not exist
      a: rollback; begin; lock table t_pkey -> ROLLBACK; BEGIN; 42809 cannot lock relation "t_pkey"`);
  });

  it('readers, lockers of rows and writers have the locks of PostgreSQL', () => {
    check(`
      a: begin; lock table t in exclusive mode -> BEGIN; LOCK TABLE
      b: select v from t where id = 1 -> 10
      c: select v from t where id = 1 for share -> pending
      d: update t set v = 0 where id = 1 -> pending
      a: commit -> COMMIT
      c! -> 10
      d! -> UPDATE 1
      a: begin; lock table t in share mode -> BEGIN; LOCK TABLE
      b: select v from t where id = 2 for update -> 20
      d: insert into t values (3, 30) -> pending
      a: insert into t values (4, 40); commit -> INSERT 0 1; COMMIT
      d! -> INSERT 0 1`);
  });

  it('nowait does not stand in the line', () => {
    check(`
      a: begin; lock table t in row exclusive mode -> BEGIN; LOCK TABLE
      b: begin; lock table t in share mode nowait -> BEGIN; 55P03 could not obtain lock on relation "t"
      b: rollback -> ROLLBACK
      c: begin; lock table t in share mode -> pending
      b: begin; lock table t in row exclusive mode nowait -> BEGIN; 55P03 could not obtain lock on relation "t"
      b: rollback; begin; lock table t in access share mode nowait -> ROLLBACK; BEGIN; LOCK TABLE
      a: commit -> COMMIT
      c! -> BEGIN; LOCK TABLE`);
  });

  it('takes no snapshot: repeatable read sees what was committed before it had the lock', () => {
    check(`
      a: begin; update t set v = 11 where id = 1 -> BEGIN; UPDATE 1
      b: begin isolation level repeatable read; lock table t in share mode -> pending
      a: commit -> COMMIT
      b! -> BEGIN; LOCK TABLE
      b: select v from t where id = 1 -> 11`);
  });
});

describe('deadlocks over tables', () => {
  it('deadlock-simple: two readers that both want the table alone', () => {
    check(`
      a: begin; lock table t in access share mode -> BEGIN; LOCK TABLE
      b: begin; lock table t in access share mode -> BEGIN; LOCK TABLE
      a: lock table t in access exclusive mode -> pending
      b: lock table t in access exclusive mode -> pending
      a! -> 40P01 deadlock detected
      b! -> LOCK TABLE
      a: rollback -> ROLLBACK`);
  });

  it('deadlock-hard: a ring of sessions, each waiting for the next', () => {
    const f = check(
      's: create table t1 (a int); create table t2 (a int); create table t3 (a int) -> CREATE TABLE; CREATE TABLE; CREATE TABLE',
    );
    for (const [i, name] of ['a', 'b', 'c'].entries())
      expect(run(f, name, `begin; lock table t${i + 1}`)).toBe('BEGIN; LOCK TABLE');
    for (const [i, name] of ['a', 'b', 'c'].entries())
      expect(run(f, name, `lock table t${((i + 1) % 3) + 1}`)).toBe('pending');
    settleDurable(f, 20_000);
    const answers = f.replies.slice(-2).flatMap(({ results }) => results.map(({ kind }) => kind));
    expect(answers).toEqual(['error', 'done']);
  });

  it('deadlock-soft: what only the order of the line closes is no deadlock', () => {
    check(`
      s: create table u (a int) -> CREATE TABLE
      d1: begin; lock table t in access share mode -> BEGIN; LOCK TABLE
      d2: begin; lock table u in access share mode -> BEGIN; LOCK TABLE
      e1: begin; lock table t in access exclusive mode -> pending
      e2: begin; lock table u in access exclusive mode -> pending
      d1: lock table u in access share mode -> pending
      d2: lock table t in access share mode -> pending
      d1! -> LOCK TABLE
      d1: commit -> COMMIT
      e1! -> BEGIN; LOCK TABLE
      e1: commit -> COMMIT
      d2! -> LOCK TABLE
      d2: commit -> COMMIT
      e2! -> BEGIN; LOCK TABLE`);
  });
});

describe('TRUNCATE', () => {
  it('empties tables within the transaction, waits for whoever uses them, and is undone with it', () => {
    check(`
      s: create table u (a int unique, b int); insert into u values (1, 1) -> CREATE TABLE; INSERT 0 1
      a: begin; truncate t, u; select count(*) from t -> BEGIN; TRUNCATE TABLE; 0
      b: select * from u -> pending
      a: insert into t values (1, 7); insert into u values (1, 2); select v from t where id = 1 -> INSERT 0 1; INSERT 0 1; 7
      a: rollback -> ROLLBACK
      b! -> 1,1
      b: begin; select v from t where id = 2 -> BEGIN; 20
      a: truncate t -> pending
      b: insert into t values (3, 30); commit -> INSERT 0 1; COMMIT
      a! -> TRUNCATE TABLE
      a: select * from t -> no rows
      a: insert into t values (1, 1); insert into t values (1, 2) -> INSERT 0 1; 23505 duplicate key value violates unique constraint "t_pkey"`);
  });

  it('views that read a table still keep it from being dropped after its TRUNCATE; a locked view locks what it reads', () => {
    check(`
      a: create view w as select v from t; truncate t -> CREATE VIEW; TRUNCATE TABLE
      a: insert into t values (1, 5); select * from w -> INSERT 0 1; 5
      a: drop table t -> 2BP01 cannot drop table t because other objects depend on it
      a: truncate w -> 42809 "w" is not a table
      a: begin; lock table w in share mode -> BEGIN; LOCK TABLE
      b: update t set v = 6 -> pending
      a: commit -> COMMIT
      b! -> UPDATE 1
      a: begin; select * from w for update -> BEGIN; 6
      b: select v from t for share nowait -> 55P03 could not obtain lock on row in relation "t"
      a: commit; drop view w; drop table t -> COMMIT; DROP VIEW; DROP TABLE`);
  });

  it('outlives a crash once it is acknowledged, and only then', () => {
    const f = check(`
      a: truncate t -> TRUNCATE TABLE
      a: insert into t values (5, 50) -> INSERT 0 1
      b: begin; truncate t; insert into t values (6, 60) -> BEGIN; TRUNCATE TABLE; INSERT 0 1`);
    crash(f);
    f.incarnation += 1;
    f.open.clear();
    settleDurable(f);
    expect(run(f, 'c', 'select * from t')).toBe('5,50');
    expect(run(f, 'c', 'insert into t values (6, 61); select v from t where id = 6')).toBe('INSERT 0 1; 61');
  });
});

describe('VACUUM', () => {
  it('waits in line for a table that somebody has alone, without a turn in between', () => {
    const f = check(`
      a: begin; lock table t -> BEGIN; LOCK TABLE
      b: vacuum t -> pending`);
    expect(f.engine.sessions.get('d1/b')?.waiting).toMatchObject({ kind: 'relation', mode: 4 });
    expect(f.timers.has('compute:engine.turn')).toBe(false);
    run(f, 'c', 'select v from t where id = 2');
    expect(run(f, 'a', 'delete from t where id = 1; commit')).toBe('DELETE 1; COMMIT');
    settleDurable(f);
    expect(f.replies.filter(({ session }) => session === 'b').map(showReply)).toEqual(['VACUUM']);
    expect(f.engine.relationLine).toEqual([]);
  });

  it('a vacuum of all tables holds each only while it works on it; it may be cancelled while it waits', () => {
    const f = check(`
      s: create table u (a int) -> CREATE TABLE
      a: begin; lock table u in share update exclusive mode -> BEGIN; LOCK TABLE
      b: vacuum -> pending
      c: begin; lock table t nowait; rollback -> BEGIN; LOCK TABLE; ROLLBACK
      d: set lock_timeout = 1 -> SET
      d: vacuum u -> pending
      d! -> 55P03 canceling statement due to lock timeout
      e: select * from u -> no rows
      a: commit -> COMMIT
      b! -> VACUUM`);
    expect(f.engine.relationLine).toEqual([]);
  });
});
