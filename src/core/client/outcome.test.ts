// Which requests have an outcome that may be unknown (docs/spec/failover.md FENCE-47).

import { beforeAll, expect, test } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { mayWrite } from './outcome.ts';

beforeAll(loadSqlParser);

test.each([
  ['SELECT 1', false],
  ['SELECT * FROM t WHERE k = 1 FOR UPDATE', false],
  ['WITH s AS (SELECT 1) SELECT * FROM s; SHOW statement_timeout', false],
  ['BEGIN; SELECT 1; ROLLBACK', false],
  ['EXPLAIN DELETE FROM t', false],
  ['EXPLAIN ANALYZE SELECT 1', false],
  ['COPY (SELECT 1) TO STDOUT', false],
  ['SELEC', false],
  ['EXPLAIN ANALYZE DELETE FROM t', true],
  ['WITH d AS (DELETE FROM t RETURNING k) SELECT * FROM d', true],
  ["SELECT 1 + nextval('s')", true],
  ["SELECT setval('s', 7)", true],
  ['INSERT INTO t VALUES (1)', true],
  ['SELECT 1; UPDATE t SET v = 1', true],
  ['BEGIN; SELECT 1; COMMIT', true],
  ['TRUNCATE t', true],
  ['SET statement_timeout = 5', true],
])('FENCE-47 %s: may have been done is %s', (sql, may) => {
  expect(mayWrite(parseSql(sql))).toBe(may);
});

test('FENCE-47 a tree that cannot be read may do anything', () => {
  expect(mayWrite([{ text: 'SELECT 1', tree: new Uint8Array([1]) }])).toBe(true);
});
