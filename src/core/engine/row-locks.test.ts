// Row locks, as the published isolation specs of PostgreSQL put sessions beside each other (transcript-fixture.ts).

import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { crash, settleDurable } from './engine-fixture.ts';
import { engineView } from './engine-view.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check, run } = makeTranscripts(parseSql);

describe('who waits for whom', () => {
  it('FOR UPDATE: another locker and a writer wait; a reader does not', () => {
    check(`
      a: begin; select v from t where id = 1 for update -> BEGIN; 10
      b: select v from t where id = 1 -> 10
      c: select v from t where id = 1 for update -> pending
      d: update t set v = v + 1 where id = 1 -> pending
      e: update t set v = v + 1 where id = 2 -> UPDATE 1
      a: update t set v = 11 where id = 1; commit -> UPDATE 1; COMMIT
      c! -> 11
      d! -> UPDATE 1
      a: select * from t order by id -> 1,12 | 2,21`);
  });

  it('SHARE beside SHARE, KEY SHARE beside an update of other columns, and what each keeps out', () => {
    check(`
      a: begin; select v from t where id = 1 for share -> BEGIN; 10
      b: begin; select v from t where id = 1 for share -> BEGIN; 10
      c: select v from t where id = 1 for key share -> 10
      d: select v from t where id = 1 for no key update nowait -> 55P03 could not obtain lock on row in relation "t"
      a: commit -> COMMIT
      d: select v from t where id = 1 for no key update nowait -> 55P03 could not obtain lock on row in relation "t"
      b: commit -> COMMIT
      d: select v from t where id = 1 for no key update nowait -> 10
      a: begin; select v from t where id = 1 for key share -> BEGIN; 10
      b: update t set v = 5 where id = 1 -> UPDATE 1
      c: select v from t where id = 1 for no key update nowait -> 5
      b: delete from t where id = 1 -> pending
      c: update t set id = 7 where id = 1 -> pending
      a: commit -> COMMIT
      b! -> DELETE 1
      c! -> UPDATE 0`);
  });

  it('KEY SHARE of a row that is being updated locks what the update makes of it', () => {
    check(`
      a: begin; update t set v = 11 where id = 1 -> BEGIN; UPDATE 1
      b: begin; select v from t where id = 1 for key share -> BEGIN; 10
      a: commit -> COMMIT
      c: delete from t where id = 1 -> pending
      b: commit -> COMMIT
      c! -> DELETE 1`);
  });

  it('KEY SHARE of a row that is being updated twice locks the last version, and waits for an end that it excludes', () => {
    check(`
      a: begin; update t set v = 11 where id = 1; update t set v = 12 where id = 1 -> BEGIN; UPDATE 1; UPDATE 1
      b: begin; select v from t where id = 1 for key share -> BEGIN; 10
      a: commit -> COMMIT
      c: delete from t where id = 1 -> pending
      b: commit -> COMMIT
      c! -> DELETE 1
      a: begin; update t set v = 21 where id = 2; delete from t where id = 2 -> BEGIN; UPDATE 1; DELETE 1
      b: select v from t where id = 2 for key share -> pending
      a: rollback -> ROLLBACK
      b! -> 20`);
  });

  it('a lock of KEY SHARE beside an update that is undone leaves no lock where its version was', () => {
    check(`
      a: begin; select v from t where id = 1 for key share -> BEGIN; 10
      b: begin; update t set v = 11 where id = 1; rollback -> BEGIN; UPDATE 1; ROLLBACK
      b: vacuum; insert into t values (3, 30) -> 25001 VACUUM cannot run inside a transaction block
      b: vacuum -> VACUUM
      b: insert into t values (3, 30) -> INSERT 0 1
      c: delete from t where id = 3 -> DELETE 1
      c: delete from t where id = 1 -> pending
      a: rollback -> ROLLBACK
      c! -> DELETE 1`);
  });

  it('locks end with the transaction, and with the writer that had them', () => {
    const f = check(`
      a: begin; select v from t for update -> BEGIN; 10 | 20
      b: update t set v = 0 -> pending`);
    crash(f);
    settleDurable(f);
    f.incarnation += 1;
    f.open.clear();
    expect(run(f, 'c', 'update t set v = v + 1')).toBe('UPDATE 2');
    expect(f.engine.rowLocks.size).toBe(0);
  });
});

describe('NOWAIT and SKIP LOCKED', () => {
  it('nowait: the row is there or the statement fails', () => {
    check(`
      a: begin; select * from t where id = 1 for update nowait -> BEGIN; 1,10
      b: begin; select * from t where id = 1 for update nowait -> BEGIN; 55P03 could not obtain lock on row in relation "t"
      b: commit -> ROLLBACK
      a: commit -> COMMIT
      b: select * from t where id = 1 for update nowait -> 1,10`);
  });

  it('nowait-2, nowait-3: sharers, and a waiter before', () => {
    check(`
      a: begin; select id from t where id = 1 for share nowait -> BEGIN; 1
      b: begin; select id from t where id = 1 for share nowait -> BEGIN; 1
      b: select id from t where id = 1 for update nowait -> 55P03 could not obtain lock on row in relation "t"
      b: rollback -> ROLLBACK
      b: select id from t where id = 1 for update -> pending
      c: select id from t where id = 1 for update nowait -> 55P03 could not obtain lock on row in relation "t"
      a: commit -> COMMIT
      b! -> 1`);
  });

  it('nowait-4, nowait-5: a row that was updated meanwhile is asked for in its newest version', () => {
    check(`
      a: begin isolation level repeatable read; select v from t where id = 2 -> BEGIN; 20
      b: update t set v = 11 where id = 1 -> UPDATE 1
      b: begin; update t set v = 12 where id = 1 -> BEGIN; UPDATE 1
      c: select v from t where id = 1 for update nowait -> 55P03 could not obtain lock on row in relation "t"
      b: commit -> COMMIT
      c: select v from t where id = 1 for update nowait -> 12
      a: select v from t where id = 1 for update nowait -> 40001 could not serialize access due to concurrent update`);
  });

  it('skip-locked: a queue whose workers take different rows, LIMIT above the locks', () => {
    check(`
      a: begin; select id from t order by id limit 1 for update skip locked -> BEGIN; 1
      b: begin; select id from t order by id limit 1 for update skip locked -> BEGIN; 2
      c: select id from t order by id limit 1 for update skip locked -> no rows
      a: delete from t where id = 1; commit -> DELETE 1; COMMIT
      c: select id from t order by id limit 1 for update skip locked -> no rows
      b: rollback -> ROLLBACK
      c: select id from t order by id limit 1 for update skip locked -> 2`);
  });

  it('skip-locked-2, skip-locked-3: beside sharers, and beside a waiter', () => {
    check(`
      a: begin; select id from t where id = 1 for share -> BEGIN; 1
      b: select id from t order by id for update skip locked -> 2
      b: select id from t order by id for share skip locked -> 1 | 2
      b: select id from t order by id for update -> pending
      c: select id from t order by id for update skip locked -> 2
      a: commit -> COMMIT
      b! -> 1 | 2`);
  });

  it('skip-locked-4: a row that is being updated is left out', () => {
    check(`
      a: begin; update t set v = v + 1 where id = 1 -> BEGIN; UPDATE 1
      b: select id from t order by id for update skip locked -> 2
      b: select id from t order by id for key share skip locked -> 1 | 2
      a: update t set id = 9 where id = 2 -> UPDATE 1
      b: select id from t order by id for key share skip locked -> 1
      a: commit -> COMMIT`);
  });
});

describe('what a row is judged by once it is locked', () => {
  it('lock-update-delete: the row was deleted, or moved out of the condition', () => {
    check(`
      a: begin; delete from t where id = 1 -> BEGIN; DELETE 1
      b: select * from t where id = 1 for update -> pending
      a: commit -> COMMIT
      b! -> no rows
      a: begin; update t set v = 21 where id = 2 -> BEGIN; UPDATE 1
      b: select id, v, v + 1 from t where v = 20 for update -> pending
      c: select id, v, v + 1 from t where v >= 20 for update -> pending
      a: commit -> COMMIT
      b! -> no rows
      c! -> 2,21,22
      a: begin; update t set v = 22 where id = 2; rollback -> BEGIN; UPDATE 1; ROLLBACK`);
  });

  it('lock-update-delete at repeatable read is 40001; after a rollback the row is as it was', () => {
    check(`
      b: begin isolation level repeatable read; select v from t where id = 2 -> BEGIN; 20
      a: begin; update t set v = 11 where id = 1 -> BEGIN; UPDATE 1
      b: select v from t where id = 1 for update -> pending
      a: rollback -> ROLLBACK
      b! -> 10
      b: commit -> COMMIT
      b: begin isolation level repeatable read; select v from t where id = 2 -> BEGIN; 20
      a: begin; update t set v = 11 where id = 1 -> BEGIN; UPDATE 1
      b: select v from t where id = 1 for key share -> 10
      b: select v from t where id = 1 for update -> pending
      a: commit -> COMMIT
      b! -> 40001 could not serialize access due to concurrent update`);
  });

  it('joins: each table of FROM or those after OF; the other rows stay what they were', () => {
    check(`
      a: create table o (k int primary key, w int); insert into o values (1, 100), (2, 200) -> CREATE TABLE; INSERT 0 2
      a: begin; select t.v, o.w from t join o on k = id where id = 1 for update of t -> BEGIN; 10,100
      b: update o set w = 101 where k = 1 -> UPDATE 1
      b: update t set v = 11 where id = 1 -> pending
      a: commit -> COMMIT
      b! -> UPDATE 1
      a: begin; update t set v = 200 where id = 2 -> BEGIN; UPDATE 1
      b: select id, v, w from t join o on k = id and w >= v where v > 15 for update -> pending
      c: select id, v, w from t left join o on k = id and w > v where v > 15 for update of t -> pending
      a: commit -> COMMIT
      b! -> 2,200,200
      c! -> 2,200,null`);
  });

  it('derived tables and WITH: the clause reaches the tables of a derived table, not those of WITH', () => {
    check(`
      a: begin; select * from (select id, v + 1 as w from t where id = 1) q for update -> BEGIN; 1,11
      b: select id from t order by id for share skip locked -> 2
      a: rollback -> ROLLBACK
      a: begin; with q as (select id from t where id = 1) select * from q for update -> BEGIN; 1
      b: select id from t order by id for share skip locked -> 1 | 2`);
  });
});

describe('deadlocks', () => {
  it('deadlock over two rows: the first that looks gives up', () => {
    check(`
      a: begin; select v from t where id = 1 for update -> BEGIN; 10
      b: begin; select v from t where id = 2 for update -> BEGIN; 20
      a: select v from t where id = 2 for update -> pending
      b: select v from t where id = 1 for update -> pending
      a! -> 40P01 deadlock detected
      b! -> 10`);
  });

  it('tuplelock-upgrade: two sharers that both want to write', () => {
    check(`
      a: begin; select v from t where id = 1 for share -> BEGIN; 10
      b: begin; select v from t where id = 1 for share -> BEGIN; 10
      a: update t set v = 11 where id = 1 -> pending
      b: update t set v = 12 where id = 1 -> pending
      a! -> 40P01 deadlock detected
      b! -> UPDATE 1`);
  });

  it('over a row and a table: DROP waits for a reader, who waits for the row of whoever drops', () => {
    check(`
      a: create table o (k int) -> CREATE TABLE
      a: begin; select v from t where id = 1 for update -> BEGIN; 10
      b: begin; select * from o -> BEGIN; no rows
      b: select v from t where id = 1 for update -> pending
      a: drop table o -> pending
      a! -> 40P01 deadlock detected
      b! -> 10
      a: rollback -> ROLLBACK`);
  });
});

it('the view of a waiting session names the row and who has it', () => {
  const f = check(`
    a: begin; select v from t where id = 2 for update -> BEGIN; 20
    b: update t set v = 0 where id = 2 -> pending`);
  const { blocked } = engineView(f.engine, f.now as never, {
    group: null,
    lsnWindow: null,
    span: 1,
    detail: false,
  });
  const row = { relation: expect.any(Number), tid: 65_537 };
  expect(blocked).toMatchObject([{ session: 'b', waiting: 'lock', row, holder: { session: 'a' } }]);
});

it('more locks than a transaction may hold are refused', () => {
  const f = check('a: insert into t select n, n from (values (3), (4)) q(n) -> INSERT 0 2');
  Object.assign(f.engine.config.limits, { heldRows: 3 });
  expect(run(f, 'a', 'select id from t for share')).toMatch(/^53200 out of shared memory/);
});
