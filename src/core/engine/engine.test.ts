// What sessions see of each other, and of their own transactions (transcript-fixture.ts).

import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { crash } from './engine-fixture.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check, run } = makeTranscripts(parseSql);

describe('isolation', () => {
  it('no dirty read, no dirty write, own changes are seen', () => {
    check(`
      a: begin; update t set v = 11 where id = 1; select v from t where id = 1 -> BEGIN; UPDATE 1; 11
      b: select v from t where id = 1 -> 10
      b: update t set v = v + 100 where id = 1 -> pending
      a: rollback -> ROLLBACK
      b! -> UPDATE 1
      a: select v from t where id = 1 -> 110`);
  });

  it('read committed goes on with the newest version and judges it anew', () => {
    check(`
      a: begin; update t set v = 11 where id = 1 -> BEGIN; UPDATE 1
      b: update t set v = v + 100 where id = 1 -> pending
      c: delete from t where v = 10 -> pending
      a: commit -> COMMIT
      b! -> UPDATE 1
      c! -> DELETE 0
      a: select * from t order by id -> 1,111 | 2,20`);
  });

  it('read committed: UPDATE … FROM and DELETE … USING judge the newest version beside the rows it was joined with', () => {
    check(`
      a: create table o (k int, w int); insert into o values (1, 10), (1, 11), (2, 20) -> CREATE TABLE; INSERT 0 3
      a: begin; update t set v = 11 where id = 1 -> BEGIN; UPDATE 1
      b: update t set v = t.v + o.w * 100 from o where o.k = t.id and o.w = t.v -> pending
      c: update t set v = -1 from o where o.k = t.id and o.w = 11 -> pending
      a: commit -> COMMIT
      b! -> UPDATE 1
      c! -> UPDATE 1
      a: select * from t order by id -> 1,-1 | 2,2020
      a: begin; update t set v = 7 where id = 2 -> BEGIN; UPDATE 1
      b: delete from t using o where o.k = t.id and t.v = 2020 -> pending
      a: commit -> COMMIT
      b! -> DELETE 0`);
  });

  it('views are transactional; a table is not dropped under a view that is being made', () => {
    const f = check(`
      a: begin; create view w as select id, v + 1 as n from t -> BEGIN; CREATE VIEW
      b: select * from w -> 42P01 relation "w" does not exist
      c: drop table t -> pending
      a: select n from w where id = 1 -> 11
      a: commit -> COMMIT
      c! -> 2BP01 cannot drop table t because other objects depend on it
      b: select n from w order by id -> 11 | 21
      a: begin; drop view w -> BEGIN; DROP VIEW
      b: select n from w -> pending
      a: rollback -> ROLLBACK
      b! -> 11 | 21
      a: begin; select n from w where id = 2 -> BEGIN; 21
      b: create or replace view w as select id, v + 2 as n from t -> pending
      a: select n from w where id = 2 -> 21
      a: commit -> COMMIT
      b! -> CREATE VIEW
      a: select n from w where id = 2 -> 22`);
    crash(f);
    expect(run(f, 'd', 'select n from w order by id')).toBe('12 | 22');
    expect(run(f, 'd', 'drop table t')).toBe('2BP01 cannot drop table t because other objects depend on it');
    expect(run(f, 'd', 'drop table t cascade')).toBe('DROP TABLE');
    expect(run(f, 'd', 'select * from w')).toBe('42P01 relation "w" does not exist');
  });

  it('read committed: a row deleted meanwhile is passed over', () => {
    check(`
      a: begin; delete from t where id = 1 -> BEGIN; DELETE 1
      b: update t set v = 0 -> pending
      a: commit -> COMMIT
      b! -> UPDATE 1
      a: select * from t -> 2,0`);
  });

  it('lost update under repeatable read is refused with 40001', () => {
    check(`
      a: begin isolation level repeatable read; select v from t where id = 1 -> BEGIN; 10
      b: update t set v = 12 where id = 1 -> UPDATE 1
      a: update t set v = 11 where id = 1 -> 40001 could not serialize access due to concurrent update
      a: select 1 -> 25P02 current transaction is aborted, commands ignored until end of transaction block
      a: commit -> ROLLBACK
      a: select v from t where id = 1 -> 12`);
  });

  it('in a failed block a statement that does not parse is 42601, any other 25P02', () => {
    check(`
      a: begin; select v / 0 from t -> BEGIN; 22012 division by zero
      a: selec 1 -> 42601 syntax error at or near "selec"
      a: insert into t values (1, 2, 3) -> 25P02 current transaction is aborted, commands ignored until end of transaction block
      a: rollback -> ROLLBACK`);
  });

  it('a table that is named twice is dropped once', () => {
    check(`
      a: create table u (k int); drop table u, t, public.u -> CREATE TABLE; DROP TABLE
      a: select * from u -> 42P01 relation "u" does not exist
      a: drop table x.u -> 3F000 schema "x" does not exist
      a: drop table if exists x.u -> DROP TABLE`);
  });

  it('no read skew and no phantoms under repeatable read; both are seen under read committed', () => {
    check(`
      a: begin isolation level repeatable read; select v from t where id = 1 -> BEGIN; 10
      c: begin; select v from t where id = 1 -> BEGIN; 10
      b: begin; update t set v = 15 where id = 1; update t set v = 15 where id = 2; insert into t values (3, 0); commit -> BEGIN; UPDATE 1; UPDATE 1; INSERT 0 1; COMMIT
      a: select v from t where id = 2; select count(*) from t -> 20; 2
      c: select v from t where id = 2; select count(*) from t -> 15; 3
      a: commit; select count(*) from t -> COMMIT; 3`);
  });

  it('40P01 a deadlock is found after deadlockMs and one of the two gives up', () => {
    const f = check(`
      a: begin; update t set v = 1 where id = 1 -> BEGIN; UPDATE 1
      b: begin; update t set v = 2 where id = 2 -> BEGIN; UPDATE 1
      a: update t set v = 1 where id = 2 -> pending
      b: update t set v = 2 where id = 1 -> pending
      a! -> 40P01 deadlock detected
      b! -> UPDATE 1
      b: commit -> COMMIT
      a: rollback -> ROLLBACK
      a: select v from t order by id -> 2 | 2`);
    expect(f.traces.filter((event) => event.kind === 'tx.wait').length).toBe(2);
  });
});

describe('uniqueness', () => {
  it('23505 waits for the other inserter and refuses only if it commits', () => {
    check(`
      a: begin; insert into t values (3, 0) -> BEGIN; INSERT 0 1
      b: insert into t values (3, 1) -> pending
      a: commit -> COMMIT
      b! -> 23505 duplicate key value violates unique constraint "t_pkey"
      a: begin; insert into t values (4, 0) -> BEGIN; INSERT 0 1
      b: insert into t values (4, 1) -> pending
      a: rollback -> ROLLBACK
      b! -> INSERT 0 1
      a: begin; delete from t where id = 4 -> BEGIN; DELETE 1
      b: insert into t values (4, 2) -> pending
      a: commit -> COMMIT
      b! -> INSERT 0 1
      a: select * from t order by id -> 1,10 | 2,20 | 3,0 | 4,2`);
  });

  it('a key that moves away may be taken, also within the transaction', () => {
    check(`
      a: begin; update t set id = 5 where id = 1; insert into t values (1, 7) -> BEGIN; UPDATE 1; INSERT 0 1
      a: update t set id = 2 where id = 5 -> 23505 duplicate key value violates unique constraint "t_pkey"
      a: rollback; select * from t order by id -> ROLLBACK; 1,10 | 2,20
      a: insert into t values (9, 1), (9, 2) -> 23505 duplicate key value violates unique constraint "t_pkey"`);
  });
});

describe('transaction blocks', () => {
  it('follow PostgreSQL: implicit for a request, explicit, failed', () => {
    check(`
      a: insert into t values (3, 30); insert into t values (1, 1) -> INSERT 0 1; 23505 duplicate key value violates unique constraint "t_pkey"
      a: select count(*) from t -> 2
      a: begin; select 1/0; select 1 -> BEGIN; 22012 division by zero
      a: begin -> 25P02 current transaction is aborted, commands ignored until end of transaction block
      a: rollback -> ROLLBACK
      a: commit; rollback -> COMMIT; ROLLBACK
      a: vacuum; select 1 -> 25001 VACUUM cannot run inside a transaction block
      a: vacuum t -> VACUUM
      a: vacuum -> VACUUM
      a: insert into t values (4, 40); begin; insert into t values (5, 50); rollback; select count(*) from t -> INSERT 0 1; BEGIN; INSERT 0 1; ROLLBACK; 2`);
  });

  it('DDL is transactional, and a table in use is not dropped under its users', () => {
    check(`
      a: begin; create table u (k text primary key); insert into u values ('x'); select * from u -> BEGIN; CREATE TABLE; INSERT 0 1; x
      b: select * from u -> 42P01 relation "u" does not exist
      b: create table u (k int) -> pending
      a: rollback -> ROLLBACK
      b! -> CREATE TABLE
      a: create table u (k int) -> 42P07 relation "u" already exists
      a: begin; insert into u values (1) -> BEGIN; INSERT 0 1
      b: drop table u -> pending
      a: commit -> COMMIT
      b! -> DROP TABLE
      a: select * from u -> 42P01 relation "u" does not exist
      b: begin; drop table t -> BEGIN; DROP TABLE
      a: insert into t values (3, 3) -> pending
      b: commit -> COMMIT
      a! -> 42P01 relation "t" does not exist`);
  });

  it('a table that somebody reads is not dropped, and who comes later waits behind the drop', () => {
    check(`
      a: begin isolation level repeatable read; select v from t where id = 1 -> BEGIN; 10
      b: drop table t; create table t (id int primary key, v int) -> pending
      c: select count(*) from t -> pending
      a: select count(*) from t; update t set v = 11 where id = 1 -> 2; UPDATE 1
      a: commit -> COMMIT
      b! -> DROP TABLE; CREATE TABLE
      c! -> 0
      d: begin; drop table t -> BEGIN; DROP TABLE
      a: select count(*) from t -> pending
      c: drop table t -> pending
      d: rollback -> ROLLBACK
      a! -> 0
      c! -> DROP TABLE
      d: drop table t -> 42P01 table "t" does not exist`);
  });

  it('a reader may drop its own table before those who wait for it, and a statement that ends lets others drop', () => {
    check(`
      a: begin; select count(*) from t -> BEGIN; 2
      b: drop table t -> pending
      a: drop table t; create table t (k int) -> DROP TABLE; CREATE TABLE
      a: commit -> COMMIT
      b! -> DROP TABLE
      a: create table u (k int); select * from u -> CREATE TABLE; no rows
      b: drop table u -> DROP TABLE`);
  });

  it('40P01 a cycle of readers and drops is found; one that only the order of waiting makes is not', () => {
    check(`
      s: create table u (k int primary key); insert into u values (1) -> CREATE TABLE; INSERT 0 1
      a: begin; select count(*) from t -> BEGIN; 2
      b: begin; select count(*) from u -> BEGIN; 1
      a: drop table u -> pending
      b: drop table t -> pending
      a! -> 40P01 deadlock detected
      b! -> DROP TABLE
      b: rollback -> ROLLBACK
      a: rollback -> ROLLBACK
      a: begin; select count(*) from t -> BEGIN; 2
      b: begin; update u set k = 2 -> BEGIN; UPDATE 1
      d: drop table t -> pending
      b: select count(*) from t -> pending
      a: update u set k = 3 -> pending
      b! -> 2
      b: commit -> COMMIT
      a! -> UPDATE 1
      a: commit -> COMMIT
      d! -> DROP TABLE`);
  });

  it('54000 what is too long for a key is refused, and the session goes on', () => {
    check(
      `
      a: create table big (k text primary key, v text) -> CREATE TABLE
      a: insert into big values ('a', repeat('x', 480)) -> INSERT 0 1
      a: insert into big values (repeat('k', 90), '') -> 54000 index row size 98 exceeds maximum 72 for index "big_pkey"
      a: insert into big values (repeat('k', 60), repeat('x', 380)) -> INSERT 0 1`,
      { pageBytes: 512 },
    );
  });
});
