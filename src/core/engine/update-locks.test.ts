// Which lock an UPDATE takes of its row: NO KEY UPDATE, beside which KEY SHARE may stand, unless a column of a unique key is changed.

import { beforeAll, describe, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check } = makeTranscripts(parseSql);

describe('rows that are written through a view', () => {
  it('are locked as those of the table, and leave the view while somebody waits for them', () => {
    check(`
      s: create view w as select id as k, v as n from t where v > 5 -> CREATE VIEW
      a: begin; update w set n = 1 where k = 1 returning * -> BEGIN; 1,1
      b: update w set n = n + 1 where k = 1 -> pending
      c: delete from t where id = 1 -> pending
      d: insert into w values (1, 9) on conflict (k) do update set n = w.n + excluded.n -> pending
      e: update w set n = n + 1 where k = 2 -> UPDATE 1
      a: rollback -> ROLLBACK
      b! -> UPDATE 1
      c! -> DELETE 1
      d! -> INSERT 0 1
      a: begin; update t set v = 3 where id = 2 -> BEGIN; UPDATE 1
      b: update w set n = n + 1 where k = 2 -> pending
      c: delete from w where k = 2 -> pending
      a: commit -> COMMIT
      b! -> UPDATE 0
      c! -> DELETE 0
      a: begin; lock table t in share mode -> BEGIN; LOCK TABLE
      b: insert into w values (7, 7) -> pending
      a: commit -> COMMIT
      b! -> INSERT 0 1
      a: select * from t order by id -> 1,9 | 2,3 | 7,7`);
  });

  it('are what serializable transactions have written, and read', () => {
    check(`
      s: create view w as select id as k, v as n from t where v > 5 -> CREATE VIEW
      a: begin isolation level serializable; select sum(v) from t -> BEGIN; 30
      b: begin isolation level serializable; select sum(v) from t -> BEGIN; 30
      a: update w set n = 11 where k = 1 -> UPDATE 1
      b: update w set n = 21 where k = 2 -> UPDATE 1
      a: commit -> COMMIT
      b: commit -> 40001 could not serialize access due to read/write dependencies among transactions`);
  });
});

describe('UPDATE beside KEY SHARE', () => {
  it.each([
    ['a table without a key', 'create table n (a int, b int)'],
    ['an index that is not unique', 'create table n (a int, b int); create index on n (b)'],
    [
      'a key of another column, and an index that is not unique',
      'create table n (a int primary key, b int); create index on n (b)',
    ],
    ['a unique key of another column alone', 'create table n (a int unique, b int)'],
  ])('does not wait in %s', (_, create) => {
    check(`
      s: ${create} -> ${create
        .split(';')
        .map((one) => (one.includes('index') ? 'CREATE INDEX' : 'CREATE TABLE'))
        .join('; ')}
      s: insert into n values (1, 1) -> INSERT 0 1
      a: begin; update n set b = 2 -> BEGIN; UPDATE 1
      b: select a from n for key share -> 1
      b: select a from n for share -> pending
      a: commit -> COMMIT
      b! -> 1
      b: begin; select a from n for key share -> BEGIN; 1
      a: update n set b = 3 -> UPDATE 1
      a: delete from n -> pending
      b: commit -> COMMIT
      a! -> DELETE 1`);
  });

  it.each([
    ['its key', 'create table n (a int, b int primary key)'],
    ['one of two columns of a unique key', 'create table n (a int, b int, unique (a, b))'],
  ])('waits where it changes %s', (_, create) => {
    check(`
      s: ${create} -> CREATE TABLE
      s: insert into n values (1, 1) -> INSERT 0 1
      a: begin; update n set b = 2 -> BEGIN; UPDATE 1
      b: select a from n for key share -> pending
      a: commit -> COMMIT
      b! -> 1
      b: begin; select a from n for key share -> BEGIN; 1
      a: update n set b = 3 -> pending
      b: commit -> COMMIT
      a! -> UPDATE 1`);
  });

  it('a row that refers comes beside an update of an indexed column of its parent', () => {
    check(`
      s: create index on t (v); create table c (a int references t) -> CREATE INDEX; CREATE TABLE
      a: begin; update t set v = 11 where id = 1 -> BEGIN; UPDATE 1
      b: insert into c values (1) -> INSERT 0 1
      a: commit -> COMMIT`);
  });
});
