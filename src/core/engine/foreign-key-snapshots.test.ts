// Foreign keys at repeatable read and serializable, as PostgreSQL's ri_triggers.c: a parent that the transaction's snapshot cannot
// see is no parent, and a referential action that meets a row it cannot see is 40001.

import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check, run } = makeTranscripts(parseSql);

const LEVELS = ['repeatable read', 'serializable'] as const;
const NO_PARENT = (constraint: string): string =>
  `23503 insert or update on table "c" violates foreign key constraint "${constraint}"`;
const UNSERIALIZABLE = '40001 could not serialize access due to concurrent update';

describe.each(LEVELS)('at %s', (level) => {
  it('an INSERT finds no parent that is younger than its snapshot', () => {
    check(`
      s: create table c (id int primary key, a int references t) -> CREATE TABLE
      a: begin isolation level ${level}; select count(*) from t -> BEGIN; 2
      b: insert into t values (3, 30) -> INSERT 0 1
      a: insert into c values (1, 3) -> ${NO_PARENT('c_a_fkey')}
      a: rollback; insert into c values (1, 3) -> ROLLBACK; INSERT 0 1`);
  });

  it('nor does an UPDATE, an upsert or INSERT … SELECT', () => {
    const older = `
      a: begin isolation level ${level}; select count(*) from t -> BEGIN; 2
      b: insert into t values (3, 30) -> INSERT 0 1`;
    const setup = `
      s: create table c (id int primary key, a int references t) -> CREATE TABLE
      s: insert into c values (1, 1) -> INSERT 0 1`;
    check(`${setup}${older}
      a: update c set a = 3 where id = 1 -> ${NO_PARENT('c_a_fkey')}`);
    check(`${setup}${older}
      a: insert into c values (1, 3) on conflict (id) do update set a = excluded.a -> ${NO_PARENT('c_a_fkey')}`);
    check(`${setup}${older}
      a: insert into c values (2, 3) on conflict do nothing -> ${NO_PARENT('c_a_fkey')}`);
    check(`${setup}${older}
      a: insert into c select n, n from (values (3)) as q (n) -> ${NO_PARENT('c_a_fkey')}`);
  });

  it('nor does COPY', () => {
    const f = check(`
      s: create table c (id int primary key, a int references t) -> CREATE TABLE
      a: begin isolation level ${level}; select count(*) from t -> BEGIN; 2
      b: insert into t values (3, 30) -> INSERT 0 1`);
    const copied = (rows: string): string => run(f, 'a', `copy c from stdin;\n${rows}\\.\n`);
    expect(copied('1\t2\n')).toBe('COPY 1');
    expect(copied('2\t1\n3\t3\n')).toBe(NO_PARENT('c_a_fkey'));
    run(f, 'a', 'rollback');
    expect(copied('3\t3\n')).toBe('COPY 1');
  });

  it('nor does SET DEFAULT, whose default came to be a parent later', () => {
    check(`
      s: create table c (id int primary key, a int default 3 references t on delete set default) -> CREATE TABLE
      s: insert into c values (1, 1) -> INSERT 0 1
      a: begin isolation level ${level}; select count(*) from t -> BEGIN; 2
      b: insert into t values (3, 30) -> INSERT 0 1
      a: delete from t where id = 1 -> ${NO_PARENT('c_a_fkey')}`);
  });

  it('nor do several columns, of which a null asks for none (MATCH SIMPLE)', () => {
    check(`
      s: create table p (x int, y int, primary key (x, y)) -> CREATE TABLE
      s: create table c (id int primary key, y int, x int, foreign key (x, y) references p (x, y)) -> CREATE TABLE
      a: begin isolation level ${level}; select count(*) from p -> BEGIN; 0
      b: insert into p values (1, 2) -> INSERT 0 1
      a: insert into c values (1, 2, null), (2, null, 1) -> INSERT 0 2
      a: insert into c values (3, 2, 1) -> ${NO_PARENT('c_x_y_fkey')}`);
  });

  it('sees the parents that it makes itself, in the same statement too', () => {
    check(`
      s: create table c (id int primary key, up int references c, a int references t) -> CREATE TABLE
      a: begin isolation level ${level}; select count(*) from t -> BEGIN; 2
      a: insert into t values (3, 30) -> INSERT 0 1
      a: insert into c values (2, 1, 3), (1, null, 1) -> INSERT 0 2
      a: commit -> COMMIT`);
  });

  it('a parent that was deleted or given another key meanwhile is 40001, and one whose other columns were updated is not', () => {
    const setup = `
      s: create table c (id int primary key, a int references t) -> CREATE TABLE
      a: begin isolation level ${level}; select count(*) from t -> BEGIN; 2`;
    for (const change of ['delete from t where id = 1', 'update t set id = 9 where id = 1'])
      check(`${setup}
      b: ${change} -> ${change.startsWith('delete') ? 'DELETE' : 'UPDATE'} 1
      a: insert into c values (1, 1) -> ${UNSERIALIZABLE}`);
    check(`${setup}
      b: update t set v = 11 where id = 1 -> UPDATE 1
      b: update t set v = 12 where id = 1 -> UPDATE 1
      a: insert into c values (1, 1) -> INSERT 0 1
      b: delete from t where id = 1 -> pending
      a: commit -> COMMIT
      b! -> 23503 update or delete on table "t" violates foreign key constraint "c_a_fkey" on table "c"`);
    check(`${setup}
      b: update t set v = 11 where id = 1 -> UPDATE 1
      b: delete from t where id = 1 -> DELETE 1
      a: insert into c values (1, 1) -> ${UNSERIALIZABLE}`);
    check(`${setup}
      b: update t set v = 11 where id = 1 -> UPDATE 1
      b: begin; delete from t where id = 1 -> BEGIN; DELETE 1
      a: insert into c values (1, 1) -> pending
      b: commit -> COMMIT
      a! -> ${UNSERIALIZABLE}`);
  });

  it.each([
    ['on delete cascade', 'delete from t where id = 1'],
    ['on delete set null', 'delete from t where id = 1'],
    ['on update cascade', 'update t set id = 9 where id = 1'],
  ])('%s does not write a row that it cannot see', (action, write) => {
    check(`
      s: create table c (id int primary key, a int references t ${action}) -> CREATE TABLE
      a: begin isolation level ${level}; select count(*) from c -> BEGIN; 0
      b: insert into c values (1, 1) -> INSERT 0 1
      a: ${write} -> ${UNSERIALIZABLE}
      a: rollback -> ROLLBACK
      a: select id, a from c -> 1,1`);
  });

  it('a new foreign key is held against what is there now', () => {
    check(`
      s: create table c (id int primary key, a int) -> CREATE TABLE
      a: begin isolation level ${level}; select v from t where id = 2 -> BEGIN; 20
      b: insert into c values (1, 3) -> INSERT 0 1
      b: insert into t values (3, 30) -> INSERT 0 1
      a: alter table c add foreign key (a) references t -> ALTER TABLE
      a: commit -> COMMIT`);
  });
});

describe('at read committed', () => {
  it('a parent counts that was committed before the statement looks', () => {
    check(`
      s: create table c (id int primary key, a int references t) -> CREATE TABLE
      a: begin; select count(*) from t -> BEGIN; 2
      b: insert into t values (3, 30) -> INSERT 0 1
      a: insert into c values (1, 3); commit -> INSERT 0 1; COMMIT`);
  });
});

describe('serializable', () => {
  it('keeps what a lookup read: who updates a parent is a writer to those that refer to it', () => {
    check(`
      s: create table c (id int primary key, a int references t) -> CREATE TABLE
      a: begin isolation level serializable; select count(*) from c where a = 2 -> BEGIN; 0
      b: begin isolation level serializable; insert into c values (1, 2) -> BEGIN; INSERT 0 1
      a: update t set v = 0 where id = 2 -> UPDATE 1
      b: commit -> COMMIT
      a: commit -> 40001 could not serialize access due to read/write dependencies among transactions`);
  });
});
