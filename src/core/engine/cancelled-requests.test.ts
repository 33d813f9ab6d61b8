// Requests that their driver has ended (docs/spec/failover.md FENCE-47): what they wait for, and what they hold, ends at the node.

import { beforeAll, expect, test } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { awaitReply, begin, cancel, replyOf, settle, showReply } from './engine-fixture.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check, run } = makeTranscripts(parseSql);

const HELD = `
  a: begin; update t set v = 11 where id = 1 -> BEGIN; UPDATE 1
  b: begin; update t set v = 21 where id = 2 -> BEGIN; UPDATE 1`;

test('FENCE-47 a wait that is cancelled fails its block at once, and who waited for that goes on', () => {
  const f = check(HELD);
  const waiting = begin(f, 'b', parseSql('update t set v = 12 where id = 1'));
  const behind = begin(f, 'c', parseSql('update t set v = 22 where id = 2'));
  settle(f);
  expect([replyOf(f, 'b', waiting), replyOf(f, 'c', behind)]).toEqual([null, null]);
  cancel(f, 'b', waiting);
  expect(showReply(awaitReply(f, 'c', behind))).toBe('UPDATE 1');
  expect(showReply(awaitReply(f, 'b', waiting))).toBe('57014 canceling statement due to user request');
  expect(run(f, 'b', 'select 1')).toBe(
    '25P02 current transaction is aborted, commands ignored until end of transaction block',
  );
  expect(run(f, 'b', 'commit')).toBe('ROLLBACK');
  expect(run(f, 'a', 'commit')).toBe('COMMIT');
});

test('FENCE-47 a cancel that comes again, late, early, or of another life of the driver ends nothing', () => {
  const f = check(HELD);
  const first = begin(f, 'c', parseSql('update t set v = 12 where id = 1'));
  settle(f);
  cancel(f, 'c', first + 1);
  cancel(f, 'c', first, f.incarnation + 1);
  cancel(f, 'nobody', first);
  settle(f);
  expect(replyOf(f, 'c', first)).toBeNull();
  cancel(f, 'c', first);
  settle(f);
  expect(replyOf(f, 'c', first)).not.toBeNull();
  const second = begin(f, 'c', parseSql('update t set v = 12 where id = 1'));
  cancel(f, 'c', first);
  settle(f);
  expect(replyOf(f, 'c', second)).toBeNull();
  expect(run(f, 'a', 'commit')).toBe('COMMIT');
  expect(showReply(awaitReply(f, 'c', second))).toBe('UPDATE 1');
});

test('FENCE-47 a commit on its way stays on its way', () => {
  const f = check('a: begin; update t set v = 11 where id = 1 -> BEGIN; UPDATE 1');
  const commit = begin(f, 'a', parseSql('commit'));
  cancel(f, 'a', commit);
  expect(showReply(awaitReply(f, 'a', commit))).toBe('COMMIT');
  expect(run(f, 'b', 'select v from t where id = 1')).toBe('11');
});
