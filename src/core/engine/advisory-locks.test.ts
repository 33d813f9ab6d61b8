// Advisory locks among sessions, as PostgreSQL's functions say (transcript-fixture.ts).

import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check, run } = makeTranscripts(parseSql);

describe('an advisory lock', () => {
  it('of a session outlives its transactions, is taken as often as it is given back, and lets the next one in', () => {
    const f = check(`
      a: begin; select pg_advisory_lock(7) -> BEGIN; no rows
      a: rollback; select pg_advisory_lock(7), pg_try_advisory_lock(7) as again -> ROLLBACK; ,t
      b: select pg_try_advisory_lock(7) -> f
      b: select pg_advisory_lock(7) -> pending
      a: select pg_advisory_unlock(7) -> t
      a: select pg_advisory_unlock(7) -> t
      a: select pg_advisory_unlock(7) -> t
      a: select pg_advisory_unlock(7) -> f
      a: select pg_try_advisory_lock(7) -> f`);
    const held = f.engine.advisory?.map(({ session, count, isGranted }) => [session, count, isGranted]);
    expect(held).toEqual([[expect.stringContaining('b'), 1, true]]);
  });

  it('of a transaction ends with it, or with the savepoint behind which it was taken', () => {
    const f = check(`
      a: begin; select pg_advisory_xact_lock(1); savepoint s; select pg_advisory_xact_lock(2) -> BEGIN; no rows; SAVEPOINT; no rows
      b: select pg_try_advisory_lock(1), pg_try_advisory_lock(2) -> f,f
      a: rollback to s -> ROLLBACK
      b: select pg_try_advisory_lock(1), pg_try_advisory_lock(2) -> f,t
      a: select pg_advisory_unlock(1) -> f
      a: commit -> COMMIT
      b: select pg_try_advisory_lock(1) -> t
      c: select pg_try_advisory_xact_lock(3) -> t
      b: select pg_try_advisory_lock(3) -> t
      b: select pg_advisory_unlock_all(); select 1 -> no rows; 1`);
    expect(f.engine.advisory).toEqual([]);
  });

  it('is shared among those who share it; one number of 64 bits is never two of 32', () => {
    check(`
      a: select pg_try_advisory_lock_shared(5) -> t
      b: select pg_try_advisory_lock_shared(5) -> t
      c: select pg_try_advisory_lock(5), pg_try_advisory_lock(0, 5), pg_try_advisory_lock(-1) -> f,t,t
      c: select pg_advisory_lock(5); select 1 -> pending
      d: select pg_try_advisory_lock_shared(5) -> f
      a: select pg_advisory_unlock(5), pg_advisory_unlock_shared(5) -> f,t
      b: select pg_advisory_unlock_shared(5) -> t
      c! -> no rows; 1
      a: select classid, objid, objsubid, mode, granted from pg_locks where locktype = 'advisory' order by 1, 2, 3 -> 0,5,1,ExclusiveLock,t | 0,5,2,ExclusiveLock,t | 4294967295,4294967295,1,ExclusiveLock,t`);
  });

  it('is part of a deadlock with a row: the one that looks first gives up', () => {
    check(`
      a: begin; update t set v = 0 where id = 1 -> BEGIN; UPDATE 1
      b: select pg_try_advisory_lock(9) -> t
      b: update t set v = 1 where id = 1 -> pending
      a: select pg_advisory_lock(9) -> pending
      b! -> UPDATE 1
      b: select pg_advisory_unlock(9) -> t
      a! -> 40P01 deadlock detected
      a: rollback -> ROLLBACK`);
  });

  it('is waited for as long as lock_timeout lets one', () => {
    const f = check(`
      a: select pg_try_advisory_lock(9) -> t
      b: set lock_timeout = 5 -> SET
      b: select pg_advisory_lock(9) -> pending
      b! -> 55P03 canceling statement due to lock timeout`);
    expect(f.engine.advisory).toHaveLength(1);
  });

  it('FENCE-58 goes with its session: a driver that begins anew has none', () => {
    const f = check(`
      a: select pg_try_advisory_lock(9) -> t
      b: select pg_advisory_lock(9); select 1 -> pending`);
    f.incarnation++;
    expect(run(f, 'c', 'select pg_try_advisory_lock(9)')).toBe('t');
    expect(f.engine.advisory).toHaveLength(1);
  });

  it('stands in a SELECT of nothing else', () => {
    check(`
      a: select pg_advisory_lock(1), 2 -> 0A000 an advisory lock beside anything else is not supported
      a: select pg_advisory_lock(id) from t -> 0A000 an advisory lock beside anything else is not supported
      a: select 1 where pg_try_advisory_lock(1) -> 0A000 function pg_try_advisory_lock is not supported
      a: select pg_advisory_lock(null), pg_try_advisory_lock(null) -> null,null
      a: select pg_advisory_lock('x') -> 22P02 invalid input syntax for type bigint: "x"
      a: select pg_advisory_lock() -> 42883 function pg_advisory_lock with 0 arguments does not exist`);
  });
});
