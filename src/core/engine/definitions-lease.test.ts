// What a lease of definitions that is over keeps from beginning (PCS-87), and what goes on.

import { beforeAll, expect, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { begin, type Fixture, replyOf, settleDurable, showReply } from './engine-fixture.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check, run } = makeTranscripts(parseSql);

const late = '40001 the definitions of this node may be out of date';
const begunIn = (f: Fixture): number => f.traces.filter(({ kind }) => kind === 'tx.begin').length;

it('PCS-87 no transaction gets an xid after the lease, one that has an xid goes on, and so do reads', () => {
  const f = check('a: begin; update t set v = 11 where id = 1 -> BEGIN; UPDATE 1');
  const begun = begunIn(f);
  f.mayBegin = false;
  expect(run(f, 'b', 'update t set v = 21 where id = 2')).toBe(late);
  expect(run(f, 'b', 'begin; savepoint s; update t set v = 21 where id = 2')).toBe(
    `BEGIN; SAVEPOINT; ${late}`,
  );
  expect(run(f, 'b', 'rollback; select v from t where id = 2')).toBe('ROLLBACK; 20');
  expect(run(f, 'a', 'update t set v = v + 1 where id = 1; commit')).toBe('UPDATE 1; COMMIT');
  expect(begunIn(f)).toBe(begun);
  f.mayBegin = true;
  expect(run(f, 'b', 'update t set v = 21 where id = 2')).toBe('UPDATE 1');
});

it('PCS-87 a statement that waited beyond the lease does not begin to write either (postdb-v4 seed 34)', () => {
  const f = check('a: begin; lock table t in exclusive mode -> BEGIN; LOCK TABLE');
  const sequence = begin(f, 'b', parseSql('update t set v = 21 where id = 2'));
  settleDurable(f);
  expect(replyOf(f, 'b', sequence)).toBeNull();
  f.mayBegin = false;
  expect(run(f, 'a', 'commit')).toBe('COMMIT');
  settleDurable(f, 20_000);
  expect(showReply(replyOf(f, 'b', sequence))).toBe(late);
});
