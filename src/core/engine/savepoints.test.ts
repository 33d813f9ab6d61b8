// Savepoints: what a level undoes, what others see of it, and what the log says of its xids (transcript-fixture.ts).

import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { OP_COMMIT } from '../page/redo-ops.ts';
import { advance, begin, crash, type Fixture, replyOf, settle, showReply } from './engine-fixture.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check, run } = makeTranscripts(parseSql);

describe('SAVEPOINT, ROLLBACK TO, RELEASE', () => {
  it('undoes rows, tables and the failure of a statement, and keeps what came before', () => {
    check(`
      a: begin; update t set v = 11 where id = 1; savepoint s -> BEGIN; UPDATE 1; SAVEPOINT
      a: update t set v = 12 where id = 1; insert into t values (3, 30); create table u (a int) -> UPDATE 1; INSERT 0 1; CREATE TABLE
      a: select * from t order by id -> 1,12 | 2,20 | 3,30
      a: insert into t values (2, 0) -> 23505 duplicate key value violates unique constraint "t_pkey"
      a: select 1 -> 25P02 current transaction is aborted, commands ignored until end of transaction block
      a: savepoint x -> 25P02 current transaction is aborted, commands ignored until end of transaction block
      a: rollback to s -> ROLLBACK
      a: select * from t order by id -> 1,11 | 2,20
      a: select * from u -> 42P01 relation "u" does not exist
      a: rollback to s; insert into t values (3, 31); release s; commit -> ROLLBACK; INSERT 0 1; RELEASE; COMMIT
      b: select * from t order by id -> 1,11 | 2,20 | 3,31`);
  });

  it('levels within levels: the newest of a name counts, releasing gives its rows to the level around', () => {
    check(`
      a: begin; savepoint s; insert into t values (3, 3); savepoint s -> BEGIN; SAVEPOINT; INSERT 0 1; SAVEPOINT
      a: insert into t values (4, 4); savepoint r; insert into t values (5, 5) -> INSERT 0 1; SAVEPOINT; INSERT 0 1
      a: release r; rollback to s; select count(*) from t -> RELEASE; ROLLBACK; 3
      a: release s; rollback to s; select count(*) from t -> RELEASE; ROLLBACK; 2
      a: rollback to r -> 3B001 savepoint "r" does not exist
      a: commit -> ROLLBACK
      a: begin; savepoint s; insert into t values (3, 3); release s; rollback -> BEGIN; SAVEPOINT; INSERT 0 1; RELEASE; ROLLBACK
      a: select count(*) from t -> 2`);
  });

  it('are for transaction blocks', () => {
    check(`
      a: savepoint s -> 25P01 SAVEPOINT can only be used in transaction blocks
      a: release s -> 25P01 RELEASE SAVEPOINT can only be used in transaction blocks
      a: rollback to s -> 25P01 ROLLBACK TO SAVEPOINT can only be used in transaction blocks
      a: insert into t values (3, 3); savepoint s -> INSERT 0 1; 25P01 SAVEPOINT can only be used in transaction blocks
      a: select count(*) from t -> 2`);
  });

  it('others wait for a level: it ends by ROLLBACK TO, or with its transaction', () => {
    check(`
      a: begin; savepoint s; update t set v = 11 where id = 1 -> BEGIN; SAVEPOINT; UPDATE 1
      b: update t set v = v + 100 where id = 1 -> pending
      a: rollback to s -> ROLLBACK
      b! -> UPDATE 1
      a: update t set v = v + 1 where id = 1; release s -> UPDATE 1; RELEASE
      b: update t set v = v + 100 where id = 1 -> pending
      c: insert into t values (1, 1) -> pending
      a: commit -> COMMIT
      b! -> UPDATE 1
      c! -> 23505 duplicate key value violates unique constraint "t_pkey"
      a: select v from t where id = 1 -> 211`);
  });

  it('locks that a level took end with it, those from before stay', () => {
    check(`
      a: begin; select v from t where id = 1 for share; savepoint s -> BEGIN; 10; SAVEPOINT
      a: select v from t where id = 1 for update; select v from t where id = 2 for update; lock table t in share mode -> 10; 20; LOCK TABLE
      b: update t set v = 21 where id = 2 -> pending
      a: rollback to s -> ROLLBACK
      b! -> UPDATE 1
      b: select v from t where id = 1 for share nowait -> 10
      b: select v from t where id = 1 for update nowait -> 55P03 could not obtain lock on row in relation "t"
      a: commit -> COMMIT
      b: select v from t where id = 1 for update nowait -> 10`);
  });

  it('at repeatable read a level sees its own rows, which are newer than the snapshot', () => {
    check(`
      a: begin isolation level repeatable read; select count(*) from t; savepoint s -> BEGIN; 2; SAVEPOINT
      b: insert into t values (9, 9) -> INSERT 0 1
      a: insert into t values (3, 3); savepoint r; insert into t values (4, 4); select id from t order by id -> INSERT 0 1; SAVEPOINT; INSERT 0 1; 1 | 2 | 3 | 4
      a: update t set v = v + 1 where id > 2; rollback to r; select id, v from t order by id -> UPDATE 2; ROLLBACK; 1,10 | 2,20 | 3,3
      a: delete from t where id = 3; select count(*) from t; commit -> DELETE 1; 2; COMMIT`);
  });

  it('a deadlock undoes the level of the one that gives up', () => {
    check(`
      a: begin; update t set v = 11 where id = 1; savepoint s -> BEGIN; UPDATE 1; SAVEPOINT
      b: begin; update t set v = 21 where id = 2 -> BEGIN; UPDATE 1
      a: update t set v = 22 where id = 2 -> pending
      b: update t set v = 12 where id = 1 -> pending
      a! -> 40P01 deadlock detected
      a: rollback to s; select v from t where id = 1; commit -> ROLLBACK; 11; COMMIT
      b! -> UPDATE 1
      b: commit -> COMMIT
      a: select * from t order by id -> 1,12 | 2,21`);
  });
});

/** The xids that each commit record of the log names. */
const commitRecords = ({ log }: Fixture): readonly number[] =>
  log.filter(({ op }) => op === OP_COMMIT).map(({ payload }) => payload.length);

it('WAL-5 all xids of a transaction are committed by one MTR, whatever pages of the commit log have them', () => {
  const f = check('a: insert into t values (3, 3) -> INSERT 0 1', { pageBytes: 512, lal: 4000 });
  // A page of 512 bytes has the bits of 3840 xids. A writer begins above those that the one before it had reserved, so a
  // crash after a large reservation leads near the end of the first page.
  Object.assign(f.engine.config.limits, { xidBlock: 3600 });
  const level = 'savepoint s; select v from t where id = 1 for key share; rollback to s; release s; ';
  run(f, 'b', 'begin');
  run(f, 'b', level.repeat(60));
  run(f, 'b', level.repeat(60));
  run(f, 'b', `${level.repeat(20)} rollback`);
  advance(f);
  crash(f);
  f.incarnation += 1;
  f.open.clear();
  f.sequences.clear();
  f.replies.length = 0;
  settle(f);
  expect(f.engine.nextXid).toBeGreaterThan(3600);
  expect(run(f, 'a', 'begin; insert into t values (4, 4)')).toBe('BEGIN; INSERT 0 1');
  const before = commitRecords(f).length;
  run(f, 'a', 'savepoint s; insert into t values (5, 5); release s');
  while (f.engine.nextXid < 3840) run(f, 'a', level.repeat(60));
  run(f, 'a', 'savepoint s; insert into t values (6, 6); savepoint r; insert into t values (7, 7)');
  expect(run(f, 'a', 'commit')).toBe('COMMIT');
  const records = f.log.filter(({ op }) => op === OP_COMMIT).slice(before);
  expect(records.map(({ cpl }) => cpl)).toEqual([false, true]);
  expect(run(f, 'b', 'select id from t where id > 3 order by id')).toBe('4 | 5 | 6 | 7');
  crash(f);
  f.incarnation += 1;
  settle(f);
  expect(run(f, 'b', 'select id from t where id > 3 order by id')).toBe('4 | 5 | 6 | 7');
});

it('a crash leaves all levels of a transaction or none, wherever in its log it comes', () => {
  const text =
    'begin; update t set v = 1 where id = 1; savepoint s; update t set v = 1 where id = 2; savepoint r; insert into t values (3, 1); rollback to r; insert into t values (4, 1); release s; commit';
  const outcomes = new Set<string>();
  for (let cut = 0; cut < 40; cut++) {
    const f = check('');
    const from = f.vdl;
    const sequence = begin(f, 'a', parseSql(text));
    for (let i = 0; i < 30; i++) {
      settle(f);
      const next = f.log.find(({ lsn, cpl }) => cpl && lsn > f.vdl);
      if (!next || next.lsn > from + cut) break;
      advance(f, next.lsn);
    }
    const answer = showReply(replyOf(f, 'a', sequence));
    crash(f);
    f.incarnation += 1;
    f.open.clear();
    settle(f);
    const rows = run(f, 'b', 'select * from t order by id');
    outcomes.add(rows);
    if (answer.endsWith('COMMIT')) expect(rows).toBe('1,1 | 2,1 | 4,1');
  }
  expect([...outcomes].sort()).toEqual(['1,1 | 2,1 | 4,1', '1,10 | 2,20']);
});

it('more levels that write than a commit record takes are refused', () => {
  const f = check('a: begin -> BEGIN');
  for (let i = 0; i < 64; i++) run(f, 'a', `savepoint s; insert into t values (${100 + i}, 0); release s`);
  run(f, 'a', 'savepoint s');
  expect(run(f, 'a', 'insert into t values (7, 7)')).toMatch(/^53400 a transaction can have at most 64/);
  expect(run(f, 'a', 'rollback to s; release s; commit')).toBe('ROLLBACK; RELEASE; COMMIT');
  expect(run(f, 'a', 'select count(*) from t where id >= 100')).toBe('64');
});
