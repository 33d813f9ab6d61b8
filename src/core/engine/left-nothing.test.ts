// What a request can have left, which a writer has to know that can no longer find it (docs/spec/failover.md FENCE-44).

import { beforeAll, expect, test } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { cutCatalog } from '../sql/cut-catalog.ts';
import { analyseKept } from '../sql/kept-analyses.ts';
import { leavesNothing } from './left-nothing.ts';

beforeAll(loadSqlParser);

const kept = (sql: string, isInside: boolean): boolean =>
  leavesNothing(
    parseSql(sql).map(({ text, tree }) => analyseKept(text, tree, [], cutCatalog([]))),
    isInside,
  );

test.each([
  ['SELECT 1', true],
  ['BEGIN', true],
  ["SET statement_timeout = '5ms'; SHOW statement_timeout", true],
  ['BEGIN; CREATE TABLE t (k int)', true],
  ['BEGIN; CREATE TABLE t (k int); ROLLBACK', true],
  ['BEGIN; SELECT 1; COMMIT', true],
  ['CREATE TABLE t (k int)', false],
  ['BEGIN; CREATE TABLE t (k int); COMMIT', false],
  ['BEGIN; CREATE TABLE t (k int); ROLLBACK; CREATE TABLE u (k int)', false],
  ['SELECT * FROM not_there_any_more', false],
  ['VACUUM', false],
])('FENCE-44 outside of a transaction %s: can have left nothing is %s', (sql, is) => {
  expect(kept(sql, false)).toBe(is);
});

test.each([
  ['CREATE TABLE t (k int)', true],
  ['INSERT INTO not_there_any_more VALUES (1)', true],
  ['SAVEPOINT a; CREATE TABLE t (k int); ROLLBACK TO a', true],
  ['ROLLBACK', true],
  ['COMMIT', false],
  ['CREATE TABLE t (k int); COMMIT', false],
  ['ROLLBACK; CREATE TABLE t (k int)', false],
])('FENCE-44 inside of one %s: can have left nothing is %s', (sql, is) => {
  expect(kept(sql, true)).toBe(is);
});
