// What serializable transactions have read outlives a change of definitions (PostgreSQL's predicate.c): TRUNCATE and DROP TABLE meet
// every reader of the rows that go, and who has read by an index that goes has read the whole table.

import { beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../base/assert.ts';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { redefine } from '../sql/table-def.ts';
import { giveTables } from './catalog.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check, run } = makeTranscripts(parseSql);

const BEGIN = 'begin isolation level serializable';
const REFUSED = '40001 could not serialize access due to read/write dependencies among transactions';

const TWO = `
  s: create table x (k int primary key, v int) -> CREATE TABLE
  s: create table y (k int primary key, v int) -> CREATE TABLE
  s: insert into x values (1, 1), (2, 2) -> INSERT 0 2
  s: insert into y values (1, 1) -> INSERT 0 1`;

describe('rows that go at once meet those who have read them', () => {
  it.each([
    ['all of them', 'select sum(v) from x', '3'],
    ['one by its key', 'select v from x where k = 1', '1'],
    ['some by a range', 'select v from x where k > 1', '2'],
  ])('TRUNCATE, of who has read %s', (_, read, answer) => {
    check(`${TWO}
      a: ${BEGIN} -> BEGIN
      b: ${BEGIN}; select v from y where k = 1 -> BEGIN; 1
      a: ${read} -> ${answer}
      a: update y set v = 3 where k = 1 -> UPDATE 1
      a: commit -> COMMIT
      b: truncate x -> ${REFUSED}
      b: rollback; select count(*) from x -> ROLLBACK; 2`);
  });

  it.each(['drop table x', 'truncate x, t', 'truncate x restart identity'])('%s', (drop) => {
    check(`${TWO}
      b: ${BEGIN}; select v from y where k = 1 -> BEGIN; 1
      a: ${BEGIN}; select sum(v) from x; update y set v = 3 where k = 1; commit -> BEGIN; 3; UPDATE 1; COMMIT
      b: ${drop} -> ${REFUSED}`);
  });

  it('a read of a key that is not there loses no row, as in PostgreSQL', () => {
    check(`${TWO}
      b: ${BEGIN}; select v from y where k = 1 -> BEGIN; 1
      a: ${BEGIN}; select v from x where k = 9; update y set v = 3 where k = 1; commit -> BEGIN; no rows; UPDATE 1; COMMIT
      b: truncate x -> TRUNCATE TABLE
      b: commit -> COMMIT`);
  });

  it('without a cycle both commit, and only serializable transactions are watched', () => {
    check(`${TWO}
      a: ${BEGIN}; select sum(v) from x; commit -> BEGIN; 3; COMMIT
      b: ${BEGIN}; truncate x; commit -> BEGIN; TRUNCATE TABLE; COMMIT
      s: insert into x values (1, 1) -> INSERT 0 1
      b: begin isolation level repeatable read; select v from y where k = 1 -> BEGIN; 1
      a: ${BEGIN}; select sum(v) from x; update y set v = 3 where k = 1; commit -> BEGIN; 1; UPDATE 1; COMMIT
      b: truncate x; commit -> TRUNCATE TABLE; COMMIT`);
  });

  it('who has read a table before it was emptied has read what is inserted afterwards', () => {
    check(`${TWO}
      b: ${BEGIN}; select v from y where k = 1 -> BEGIN; 1
      a: ${BEGIN}; select v from x where k = 9; update y set v = 3 where k = 1; commit -> BEGIN; no rows; UPDATE 1; COMMIT
      s: truncate x -> TRUNCATE TABLE
      b: insert into x values (9, 9) -> ${REFUSED}`);
  });
});

const INDEXED = `
  s: create table x (k int primary key, n int, u int unique) -> CREATE TABLE
  s: create index x_n on x (n) -> CREATE INDEX
  s: create table y (k int primary key, v int) -> CREATE TABLE
  s: insert into x values (1, 1, 1), (2, 2, 2) -> INSERT 0 2
  s: insert into y values (1, 1) -> INSERT 0 1`;

/** `a` finds nothing where `b`, of an older snapshot, then inserts; between them the index goes that `a` has read by. */
const write = (drop: string, tag: string, read = 'n = 9', row = '(9, 9, 9)'): string => `${INDEXED}
  b: ${BEGIN}; select v from y where k = 1 -> BEGIN; 1
  a: ${BEGIN}; select k from x where ${read}; update y set v = 3 where k = 1; commit -> BEGIN; no rows; UPDATE 1; COMMIT
  s: ${drop} -> ${tag}
  b: insert into x values ${row} -> ${REFUSED}`;

describe('a read by an index that goes', () => {
  it.each([
    ['drop index x_n', 'DROP INDEX', 'n = 9', '(9, 9, 9)'],
    ['drop index concurrently x_n', 'DROP INDEX', 'n = 9', '(9, 9, 9)'],
    ['alter table x drop constraint x_u_key', 'ALTER TABLE', 'u = 9', '(9, 9, 9)'],
    ['alter table x drop constraint x_pkey', 'ALTER TABLE', 'k = 9', '(9, 9, 9)'],
    ['alter table x drop column n', 'ALTER TABLE', 'n = 9', '(9, 9)'],
    [
      'begin; drop index x_n; create index x_n on x (n); commit',
      'BEGIN; DROP INDEX; CREATE INDEX; COMMIT',
      'n = 9',
      '(9, 9, 9)',
    ],
  ])('%s', (drop, tag, read, row) => {
    check(write(drop, tag, read, row));
  });

  it('is one of the whole table, as without the index', () => {
    check(write('select 1', '1'));
    check(write('drop index x_n', 'DROP INDEX', 'n = 9', '(9, 5, 9)'));
  });

  it('when the reader drops it itself', () => {
    check(`${INDEXED}
      b: ${BEGIN}; select v from y where k = 1 -> BEGIN; 1
      a: ${BEGIN}; select k from x where n = 9; drop index x_n -> BEGIN; no rows; DROP INDEX
      a: update y set v = 3 where k = 1; commit -> UPDATE 1; COMMIT
      b: insert into x values (9, 9, 9) -> ${REFUSED}`);
  });

  it('when the drop is undone', () => {
    check(`${INDEXED}
      b: ${BEGIN}; select v from y where k = 1 -> BEGIN; 1
      a: ${BEGIN}; select k from x where n = 9; update y set v = 3 where k = 1; commit -> BEGIN; no rows; UPDATE 1; COMMIT
      s: begin; drop index x_n; rollback -> BEGIN; DROP INDEX; ROLLBACK
      b: insert into x values (9, 9, 9) -> ${REFUSED}`);
  });

  it('keeps nothing once those who were concurrent are over', () => {
    const f = check(`${INDEXED}
      a: ${BEGIN}; select k from x where n = 9; drop index x_n; commit -> BEGIN; no rows; DROP INDEX; COMMIT`);
    expect(f.engine.serial?.txs.size).toBe(0);
    expect(f.engine.serial?.locks.held.size).toBe(0);
    expect(f.engine.serial?.locks.holders.size).toBe(0);
  });
});

describe('definitions that come from the metadata (PCS-83)', () => {
  it('keep what was read by an index that they have no more', () => {
    const f = check(`
      s: create index v on t (v) -> CREATE INDEX
      s: create table u (id int primary key, v int) -> CREATE TABLE
      s: insert into u values (1, 1) -> INSERT 0 1`);
    const tables = ['t', 'u'].map((name) => {
      run(f, 's', `select * from ${name}`);
      return present(f.engine.tables.get(name), name);
    });
    giveTables(f.engine, tables);
    expect(run(f, 'a', `${BEGIN}; select id from t where v = 30`)).toMatch(/^BEGIN/);
    expect(run(f, 'b', `${BEGIN}; select v from u where id = 1`)).toBe('BEGIN; 1');
    giveTables(
      f.engine,
      tables.map((table) =>
        redefine(table, { indexes: table.indexes.filter(({ constraint }) => constraint !== null) }),
      ),
    );
    expect(run(f, 'a', 'update u set v = 2 where id = 1; commit')).toBe('UPDATE 1; COMMIT');
    expect(run(f, 'b', 'insert into t values (3, 30); commit')).toMatch(/40001/);
  });
});
