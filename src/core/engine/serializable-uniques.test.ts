// PostgreSQL's read-write-unique specs: where two that insert the same key are in conflict by what they have read, the second is
// refused as unserializable, and not for the key that is taken.

import { beforeAll, describe, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check } = makeTranscripts(parseSql);

const BEGIN = 'begin isolation level serializable';
const REFUSED = '40001 could not serialize access due to read/write dependencies among transactions';

describe('a conflict by reads comes before the unique key that is taken (read-write-unique)', () => {
  const U = 's: create table u (i int primary key) -> CREATE TABLE';
  it.each([
    ['select count(*) from u', '0'],
    ['select i from u where i = 42', 'no rows'],
    ['select coalesce(max(i), 0) from u', '0'],
  ])('%s', (read, nothing) => {
    check(`${U}
      a: ${BEGIN}; ${read} -> BEGIN; ${nothing}
      b: ${BEGIN}; ${read} -> BEGIN; ${nothing}
      a: insert into u values (42) -> INSERT 0 1
      b: insert into u values (42) -> pending
      a: commit -> COMMIT
      b! -> ${REFUSED}`);
  });

  it('after the other has committed, too', () => {
    check(`${U}
      a: ${BEGIN}; select count(*) from u -> BEGIN; 0
      b: ${BEGIN}; select count(*) from u -> BEGIN; 0
      a: insert into u values (42); commit -> INSERT 0 1; COMMIT
      b: insert into u values (42) -> ${REFUSED}`);
  });

  it('of an UPDATE that gives a row a taken key', () => {
    check(`${U}
      s: insert into u values (1), (2) -> INSERT 0 2
      a: ${BEGIN}; select sum(i) from u -> BEGIN; 3
      b: ${BEGIN}; select sum(i) from u -> BEGIN; 3
      a: update u set i = 42 where i = 1 -> UPDATE 1
      b: update u set i = 42 where i = 2 -> pending
      a: commit -> COMMIT
      b! -> ${REFUSED}`);
  });

  it('invoice numbers: without a read of its own the second has a duplicate key', () => {
    const setup = `
      s: create table inv (y int, n int, primary key (y, n)) -> CREATE TABLE
      s: insert into inv values (2016, 1), (2016, 2) -> INSERT 0 2`;
    const read = 'select coalesce(max(n) + 1, 1) from inv where y = 2016';
    check(`${setup}
      a: ${BEGIN}; ${read} -> BEGIN; 3
      b: ${BEGIN}; ${read} -> BEGIN; 3
      a: insert into inv values (2016, 3) -> INSERT 0 1
      b: insert into inv values (2016, 3) -> pending
      a: commit -> COMMIT
      b! -> ${REFUSED}`);
    check(`${setup}
      a: ${BEGIN}; ${read} -> BEGIN; 3
      b: ${BEGIN}; select 1 -> BEGIN; 1
      a: insert into inv values (2016, 3) -> INSERT 0 1
      b: insert into inv values (2016, 3) -> pending
      a: commit -> COMMIT
      b! -> 23505 duplicate key value violates unique constraint "inv_pkey"`);
  });

  it('at repeatable read it is a duplicate key', () => {
    check(`${U}
      a: begin isolation level repeatable read; select count(*) from u -> BEGIN; 0
      b: begin isolation level repeatable read; select count(*) from u -> BEGIN; 0
      a: insert into u values (42); commit -> INSERT 0 1; COMMIT
      b: insert into u values (42) -> 23505 duplicate key value violates unique constraint "u_pkey"`);
  });
});
