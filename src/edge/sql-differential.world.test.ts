// The SQL front end against PostgreSQL itself (PGlite) on generated statements, over the memory tables.

import { PGlite } from '@electric-sql/pglite';
import { beforeAll, expect, test } from 'vitest';
import { makeMemoryDatabase } from '../core/compute/sql/testing/memory-database.ts';
import { makeMemorySession, runStatement } from '../core/compute/sql/testing/memory-session.ts';
import type { StatementResult } from '../core/door.ts';
import { loadSqlParser, parseSql } from './sql-parser.ts';
import { runDifferential } from './testing/differential-run.ts';
import { type Run, runOn } from './testing/postgres-run.ts';

/** Small steps, so that statements are resumed over and over. */
const STEP_ROWS = 7;

function runInMemory(): Run {
  const session = makeMemorySession(makeMemoryDatabase());
  session.budget = STEP_ROWS;
  return (sql, params) => {
    let result: StatementResult = { kind: 'done', tag: '' };
    for (const statement of parseSql(sql)) result = runStatement(session, statement, params);
    return result;
  };
}

beforeAll(loadSqlParser);

test('rows, column names and types, tags and SQLSTATEs agree with PostgreSQL on 3000 statements', async () => {
  const seed = Number(process.env.SQL_SEED ?? 1);
  const count = Number(process.env.SQL_COUNT ?? 3000);
  const pg = new PGlite();
  await pg.waitReady;
  const report = await runDifferential(seed, count, runOn(pg), runInMemory());
  await pg.close();
  if (process.env.SQL_SEED !== undefined) {
    console.log(report.differences.join('\n'));
    console.log(report.kinds, report.errors, {
      rows: report.rows,
      writes: report.writes,
      differences: report.differences.length,
    });
  }
  expect(report.differences).toEqual([]);
  expect(report.kinds.size).toBe(13);
  expect(report.rows).toBeGreaterThan(count);
  expect(report.writes).toBeGreaterThan(count / 20);
  expect(report.errors.size).toBeGreaterThan(15);
});
