// Prepared transactions: what of them is durable, who waits for them, and how they end (transcript-fixture.ts).

import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import type { Mutants } from '../kernel/mutants.ts';
import { OP_TX_DECIDE, OP_TX_PREPARE } from '../page/redo-ops.ts';
import {
  advance,
  begin,
  crash,
  type Fixture,
  makeFixture,
  post,
  replyOf,
  settle,
  showReply,
} from './engine-fixture.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check, run } = makeTranscripts(parseSql);

const rows = (f: Fixture, session: string): string => run(f, session, 'select id, v from t order by id');

/** A prepared transaction with a level of its own, beside what another has committed. */
function prepared(mutants: Mutants = []): Fixture {
  const f = makeFixture({ mutants });
  run(f, 'a', 'create table t (id int primary key, v int)');
  run(f, 'a', 'insert into t values (1, 10), (2, 20)');
  run(
    f,
    'a',
    'begin; update t set v = 11 where id = 1; savepoint s; insert into t values (3, 30); release s',
  );
  expect(run(f, 'a', "prepare transaction 'x'")).toBe('PREPARE TRANSACTION');
  return f;
}

describe('TXN-1 PREPARE TRANSACTION', () => {
  it('ends the block of its session; others neither see its rows nor write over them until it is decided', () => {
    check(`
      a: begin; update t set v = 11 where id = 1; prepare transaction 'x' -> BEGIN; UPDATE 1; PREPARE TRANSACTION
      a: select v from t where id = 1 -> 10
      a: select v from t where id = 1 for update nowait -> 55P03 could not obtain lock on row in relation "t"
      b: update t set v = v + 100 where id = 1 -> pending
      a: commit prepared 'x' -> COMMIT PREPARED
      b! -> UPDATE 1
      a: select v from t where id = 1 -> 111`);
  });

  it('TXN-4 ROLLBACK PREPARED undoes it, and whoever waited goes on', () => {
    check(`
      a: begin; update t set v = 11 where id = 1; select v from t where id = 2 for update; prepare transaction 'x' -> BEGIN; UPDATE 1; 20; PREPARE TRANSACTION
      b: update t set v = v + 100 where id = 1 -> pending
      c: update t set v = v + 100 where id = 2 -> pending
      a: rollback prepared 'x' -> ROLLBACK PREPARED
      b! -> UPDATE 1
      c! -> UPDATE 1
      a: select id, v from t order by id -> 1,110 | 2,120`);
  });

  it('TXN-5 names: one at a time, decided once, and in no block', () => {
    check(`
      a: prepare transaction 'x' -> 25P01 PREPARE TRANSACTION can only be used in transaction blocks
      a: commit prepared 'x' -> 42704 prepared transaction with identifier "x" does not exist
      a: begin; insert into t values (3, 30); prepare transaction 'x' -> BEGIN; INSERT 0 1; PREPARE TRANSACTION
      b: begin; insert into t values (4, 40); prepare transaction 'x' -> BEGIN; INSERT 0 1; 42710 transaction identifier "x" is already in use
      b: select count(*) from t -> 2
      b: begin; commit prepared 'x' -> BEGIN; 25001 COMMIT PREPARED cannot run inside a transaction block
      b: rollback; commit prepared 'x'; rollback prepared 'x' -> ROLLBACK; 25001 COMMIT PREPARED cannot run inside a transaction block
      b: commit prepared 'x' -> COMMIT PREPARED
      b: rollback prepared 'x' -> 42704 prepared transaction with identifier "x" does not exist
      b: select count(*) from t -> 3
      b: begin; select 1 / 0 -> BEGIN; 22012 division by zero
      b: prepare transaction 'y' -> ROLLBACK
      b: commit prepared 'y' -> 42704 prepared transaction with identifier "y" does not exist`);
  });

  it('TXN-6 what a crash would take from it is refused', () => {
    check(`
      a: begin; create table u (a int); prepare transaction 'x' -> BEGIN; CREATE TABLE; 0A000 cannot PREPARE a transaction that has changed definitions
      a: begin isolation level serializable; update t set v = 1; prepare transaction 'x' -> BEGIN; UPDATE 2; 0A000 cannot PREPARE a transaction that is serializable
      a: begin; lock table t in exclusive mode; prepare transaction 'x' -> BEGIN; LOCK TABLE; 0A000 cannot PREPARE a transaction that has locked a table
      a: begin; select pg_advisory_lock(1); prepare transaction 'x' -> BEGIN; no rows; 0A000 cannot PREPARE a transaction that has advisory locks
      a: select id, v from t order by id -> 1,10 | 2,20`);
  });

  it('TXN-5 is refused when the volume has room for no more names', () => {
    const f = makeFixture({});
    run(f, 'a', 'create table t (id int primary key, v int)');
    const answers: string[] = [];
    for (let i = 0; i < 300 && !answers.at(-1)?.includes('53200'); i++) {
      const gid = `${'x'.repeat(150)}${i}`;
      answers.push(run(f, 'a', `begin; insert into t values (${i}, 0); prepare transaction '${gid}'`));
    }
    expect(answers.at(-1)).toBe('BEGIN; INSERT 0 1; 53200 maximum number of prepared transactions reached');
    expect(answers.length).toBeGreaterThan(3);
    expect(run(f, 'a', `rollback prepared '${'x'.repeat(150)}0'`)).toBe('ROLLBACK PREPARED');
    expect(run(f, 'a', "begin; insert into t values (0, 0); prepare transaction 'y'")).toMatch(
      /PREPARE TRANSACTION$/,
    );
  });
});

describe('TXN-2 TXN-3 after a crash of the writer', () => {
  it('it is in doubt with its rows, until it is committed, levels and all', () => {
    const f = prepared();
    crash(f);
    settle(f);
    expect(rows(f, 'b')).toBe('1,10 | 2,20');
    expect(run(f, 'b', 'select v from t where id = 1 for update nowait')).toMatch(/^55P03/);
    const waits = begin(f, 'c', parseSql('insert into t values (3, 31)'));
    settle(f);
    expect(showReply(replyOf(f, 'c', waits))).toBe('pending');
    crash(f);
    settle(f);
    expect(run(f, 'd', "commit prepared 'x'")).toBe('COMMIT PREPARED');
    expect(rows(f, 'b')).toBe('1,11 | 2,20 | 3,30');
    crash(f);
    settle(f);
    expect(rows(f, 'b')).toBe('1,11 | 2,20 | 3,30');
    expect(run(f, 'b', "commit prepared 'x'")).toMatch(/^42704/);
  });

  it('it is rolled back by a word alone', () => {
    const f = prepared();
    crash(f);
    settle(f);
    expect(run(f, 'd', "rollback prepared 'x'")).toBe('ROLLBACK PREPARED');
    crash(f);
    settle(f);
    expect(rows(f, 'b')).toBe('1,10 | 2,20');
    expect(run(f, 'b', 'update t set v = 12 where id = 1')).toBe('UPDATE 1');
  });

  it('WAL-5 what is not durable has not happened: neither the preparation nor the decision', () => {
    const f = makeFixture({});
    run(f, 'a', 'create table t (id int primary key, v int)');
    run(f, 'a', 'insert into t values (1, 10)');
    const asked = begin(f, 'a', parseSql("begin; update t set v = 11; prepare transaction 'x'"));
    settle(f);
    expect(showReply(replyOf(f, 'a', asked))).toBe('pending');
    crash(f);
    settle(f);
    expect(run(f, 'b', "commit prepared 'x'")).toMatch(/^42704/);
    expect(run(f, 'b', "begin; update t set v = 12; prepare transaction 'x'")).toMatch(
      /PREPARE TRANSACTION$/,
    );
    const decides = begin(f, 'c', parseSql("commit prepared 'x'"));
    settle(f);
    expect(showReply(replyOf(f, 'c', decides))).toBe('pending');
    expect(run(f, 'd', 'select v from t')).toBe('10');
    crash(f);
    settle(f);
    expect(run(f, 'd', "rollback prepared 'x'")).toBe('ROLLBACK PREPARED');
    expect(run(f, 'd', 'select v from t')).toBe('10');
  });

  it('FENCE-44 a request that prepared or decided is known when it comes again', () => {
    const f = makeFixture({});
    run(f, 'a', 'create table t (id int primary key, v int)');
    const text = "begin; insert into t values (1, 10); prepare transaction 'x'";
    const asked = begin(f, 'a', parseSql(text));
    settle(f);
    advance(f);
    crash(f);
    settle(f);
    post(f, 'a', asked, parseSql(text));
    settle(f);
    advance(f);
    settle(f);
    expect(showReply(replyOf(f, 'a', asked))).not.toMatch(/42710|pending/);
    const decides = begin(f, 'b', parseSql("commit prepared 'x'"));
    settle(f);
    advance(f);
    f.replies.length = 0;
    crash(f);
    settle(f);
    post(f, 'b', decides, parseSql("commit prepared 'x'"));
    settle(f);
    expect(showReply(replyOf(f, 'b', decides))).not.toMatch(/42704|pending/);
    expect(rows(f, 'c')).toBe('1,10');
  });

  it('its records are one MTR each with the commit of the statement', () => {
    const f = prepared();
    run(f, 'b', "commit prepared 'x'");
    for (const op of [OP_TX_PREPARE, OP_TX_DECIDE]) {
      const at = f.log.findIndex((one) => one.op === op);
      expect(f.log.slice(at).find(({ cpl }) => cpl)?.commit, `op ${op}`).toBe(true);
      expect(f.log[at]?.cpl).toBe(false);
    }
  });
});

/** Prepared, both crash, committed: what a client sees that looks on. */
function inDoubt(mutants: Mutants): string {
  const f = prepared(mutants);
  crash(f);
  settle(f);
  const over = run(f, 'c', 'select v from t where id = 1 for update nowait').slice(0, 5);
  return `${over} ${run(f, 'd', "commit prepared 'x'")} ${rows(f, 'b')}`;
}

it('TXN-3 TXN-4 what was prepared is whole, and its rows are held', () => {
  expect(inDoubt([])).toBe('55P03 COMMIT PREPARED 1,11 | 2,20 | 3,30');
});

it.each([
  ['M261', 'engine.prepare-forgotten'],
  ['M262', 'engine.doubt-is-abort'],
  ['M263', 'engine.decide-without-levels'],
] as const)('%s %s is found', (_id, mutant) => {
  expect(inDoubt([mutant])).not.toBe(inDoubt([]));
});
