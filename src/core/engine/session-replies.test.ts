// Replies that a client asks for again: the same reply, at the read point that it stood at (docs/spec/readers.md READ-40).

import { beforeAll, expect, test } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { advance, begin, crash, makeFixture, post, settleDurable } from './engine-fixture.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { run } = makeTranscripts(parseSql);

test('READ-40 READ-43 a reply that is sent again stands at its own read point, not at that of the request before', () => {
  const f = makeFixture({ hasReader: true });
  run(f, 's', 'create table t (id int primary key, v int)');
  run(f, 's', 'insert into t values (1, 1)');
  const ask = (sql: string): (number | undefined)[] => {
    const statements = parseSql(sql);
    const sequence = begin(f, 's', statements);
    settleDurable(f);
    const first = f.readPoints.at(-1);
    post(f, 's', sequence, statements);
    return [first, f.readPoints.at(-1)];
  };
  const { vdl } = f;
  expect(ask('select v from t where id = 1')).toEqual([vdl, vdl]);
  run(f, 'other', 'update t set v = 2 where id = 1');
  // it reads nothing
  expect(ask('set statement_timeout = 0')).toEqual([-1, -1]);
});

test.each(['select 1', 'select 1 / 0'])(
  'FENCE-44 what a client asks outside of a transaction is not done in one whose answer it never got (%s)',
  (statement) => {
    const f = makeFixture();
    run(f, 's', 'create table t (id int primary key, v int)');
    run(f, 's', 'insert into t values (1, 1)');
    begin(f, 's', parseSql(`begin; update t set v = 2; ${statement}`));
    settleDurable(f);
    // the reply is lost, and the client gives the request up
    f.open.delete('s');
    expect(run(f, 's', 'insert into t values (3, 3)')).toBe('INSERT 0 1');
    expect(run(f, 'other', 'update t set v = v + 10')).toBe('UPDATE 2');
    crash(f);
    settleDurable(f);
    expect(run(f, 'other', 'select id, v from t order by id')).toBe('1,11 | 3,13');
  },
);

test('FENCE-47 a request that comes again is at work behind a lock, and where it waits for storage while that goes on', () => {
  const f = makeFixture();
  run(f, 's', 'create table t (id int primary key, v int)');
  run(f, 's', 'insert into t values (1, 1)');
  run(f, 'holder', 'begin');
  run(f, 'holder', 'update t set v = 2');
  const statements = parseSql('update t set v = 3');
  const sequence = begin(f, 's', statements);
  settleDurable(f);
  const again = (): number => {
    post(f, 's', sequence, statements);
    return f.working.length;
  };
  expect([again(), again(), again()]).toEqual([1, 2, 3]);
  begin(f, 'holder', parseSql('commit'));
  advance(f);
  // its own commit waits now: for the first time, and then without any progress
  expect([again(), again(), again()]).toEqual([4, 4, 4]);
  advance(f);
  const { replies } = f;
  const answered = replies.length;
  again();
  expect(f.working).toHaveLength(4);
  expect(replies.slice(answered - 1)).toMatchObject([{ session: 's' }, { session: 's' }]);
});

test('FENCE-44 a request that failed is answered so again, also after its session made room for another (cynosdb seed 4)', () => {
  const f = makeFixture({ sessions: 2 });
  run(f, 's', 'create table t (id int primary key, v int)');
  run(f, 's', 'insert into t values (1, 1)');
  const insert = parseSql('insert into t values (1, 2)');
  const sequence = begin(f, 's', insert);
  settleDurable(f);
  expect(run(f, 'other', 'delete from t')).toBe('DELETE 1');
  expect(run(f, 'another', 'select v from t')).toBe('no rows');
  const answered = f.replies.length;
  // a copy of it that was on its way
  post(f, 's', sequence, insert);
  settleDurable(f);
  expect(f.replies.slice(answered)).toMatchObject([
    { session: 's', sequence, results: [{ kind: 'error', sqlstate: '23505' }] },
  ]);
  // and one of the request before
  post(f, 's', sequence - 1, parseSql('insert into t values (2, 2)'));
  settleDurable(f);
  expect(f.replies).toHaveLength(answered + 1);
  expect(run(f, 'another', 'select v from t')).toBe('no rows');
  expect(run(f, 's', 'insert into t values (3, 3)')).toBe('INSERT 0 1');
});

/** The next request of the session has a number more than the one after the last: the client gave one up that never came. */
const skip = (f: ReturnType<typeof makeFixture>): void =>
  void f.sequences.set('s', (f.sequences.get('s') ?? 0) + 1);

test('FENCE-47 a number that was skipped in an open block fails it: 25P02, and COMMIT is a ROLLBACK', () => {
  const f = makeFixture();
  run(f, 's', 'create table t (id int primary key, v int)');
  run(f, 's', 'insert into t values (1, 1)');
  run(f, 's', 'begin');
  run(f, 's', 'update t set v = 2');
  skip(f);
  expect(run(f, 's', 'select v from t')).toMatch(/^25P02 /);
  expect(run(f, 's', 'commit')).toBe('ROLLBACK');
  expect(run(f, 'other', 'select v from t')).toBe('1');
  // what began no block loses nothing by it
  skip(f);
  expect(run(f, 's', 'update t set v = 3')).toBe('UPDATE 1');
  run(f, 's', 'begin');
  skip(f);
  expect(run(f, 's', 'commit')).toBe('ROLLBACK');
});

test('FENCE-47 of a block that misses a statement what stands before its savepoint can be kept', () => {
  const f = makeFixture();
  run(f, 's', 'create table t (id int primary key, v int)');
  run(f, 's', 'begin');
  run(f, 's', 'insert into t values (1, 1)');
  run(f, 's', 'savepoint a');
  run(f, 's', 'insert into t values (2, 2)');
  skip(f);
  expect(run(f, 's', 'insert into t values (3, 3)')).toMatch(/^25P02 /);
  expect(run(f, 's', 'rollback to a')).toBe('ROLLBACK');
  expect(run(f, 's', 'commit')).toBe('COMMIT');
  expect(run(f, 'other', 'select id from t')).toBe('1');
});

test('FENCE-47 a statement that is still under way when the next number comes fails its block', () => {
  const f = makeFixture();
  run(f, 's', 'create table t (id int primary key, v int)');
  run(f, 's', 'insert into t values (1, 1), (2, 2)');
  run(f, 'holder', 'begin');
  run(f, 'holder', 'update t set v = 9 where id = 2');
  run(f, 's', 'begin');
  run(f, 's', 'update t set v = 5 where id = 1');
  begin(f, 's', parseSql('update t set v = 5 where id = 2'));
  settleDurable(f);
  expect(run(f, 's', 'commit')).toBe('ROLLBACK');
  expect(run(f, 'other', 'select v from t where id = 1')).toBe('1');
});
