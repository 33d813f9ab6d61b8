// ON CONFLICT DO UPDATE locks the row that it meets whether its condition holds or not (PostgreSQL's ExecOnConflictUpdate), and a
// serializable transaction has read a row that its upsert leaves alone.

import { beforeAll, describe, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check } = makeTranscripts(parseSql);

const BEGIN = 'begin isolation level serializable';
const REFUSED = '40001 could not serialize access due to read/write dependencies among transactions';

describe('ON CONFLICT DO UPDATE … WHERE that does not hold', () => {
  const LEAVES = 'insert into t values (1, 0) on conflict (id) do update set v = excluded.v where false';
  it.each([
    ['update t set v = 11 where id = 1', 'UPDATE 1'],
    ['delete from t where id = 1', 'DELETE 1'],
    ['select v from t where id = 1 for share', '10'],
    ['insert into t values (1, 5) on conflict (id) do update set v = excluded.v', 'INSERT 0 1'],
  ])('locks its row: %s waits', (other, answer) => {
    check(`
      a: begin; ${LEAVES} -> BEGIN; INSERT 0 0
      b: ${other} -> pending
      a: commit -> COMMIT
      b! -> ${answer}`);
  });

  it('waits for who has the row, and then judges its newest version', () => {
    check(`
      a: begin; select v from t where id = 1 for share -> BEGIN; 10
      b: insert into t values (1, 5) on conflict (id) do update set v = excluded.v where t.v > 100 -> pending
      a: commit -> COMMIT
      b! -> INSERT 0 0`);
    check(`
      a: begin; update t set v = 500 where id = 1 -> BEGIN; UPDATE 1
      b: insert into t values (1, 5) on conflict (id) do update set v = excluded.v where t.v > 100 -> pending
      a: commit -> COMMIT
      b! -> INSERT 0 1`);
  });

  it('locks as the update would: a key that is not assigned may be shared', () => {
    check(`
      a: begin; ${LEAVES} -> BEGIN; INSERT 0 0
      b: select v from t where id = 1 for key share -> 10
      a: rollback; begin; insert into t values (1, 0) on conflict (id) do update set id = 7 where false -> ROLLBACK; BEGIN; INSERT 0 0
      b: select v from t where id = 1 for key share -> pending
      a: rollback -> ROLLBACK
      b! -> 10`);
  });

  it('locks nothing where it does nothing', () => {
    check(`
      a: begin; insert into t values (1, 0) on conflict do nothing -> BEGIN; INSERT 0 0
      b: update t set v = 11 where id = 1 -> UPDATE 1`);
  });
});

describe('an upsert that leaves the row alone has read it', () => {
  it.each([
    ['insert into t values (1, 99) on conflict do nothing'],
    ['insert into t values (1, 5) on conflict (id) do update set v = excluded.v where t.v < excluded.v'],
  ])('%s', (upsert) => {
    check(`
      a: ${BEGIN}; ${upsert} -> BEGIN; INSERT 0 0
      b: ${BEGIN}; select v from t where id = 2 -> BEGIN; 20
      a: update t set v = 21 where id = 2; commit -> UPDATE 1; COMMIT
      b: update t set v = 11 where id = 1 -> ${REFUSED}`);
  });
});
