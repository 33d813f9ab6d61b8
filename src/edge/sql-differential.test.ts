// A short run of what sql-differential.world.test.ts does at length: drawn statements against PostgreSQL itself (PGlite).

import { expect, test } from 'vitest';
import type { StatementResult } from '../core/kernel/client-calls.ts';
import { makeMemoryDatabase } from '../core/sql/testing/memory-database.ts';
import { makeMemorySession, runStatement } from '../core/sql/testing/memory-session.ts';
import { loadSqlParser, parseSql } from './sql-parser.ts';
import { runDifferential } from './testing/differential-run.ts';
import { runOn, startPostgres } from './testing/postgres-run.ts';

test('300 drawn statements are answered as PostgreSQL answers them', async () => {
  await loadSqlParser();
  const pg = await startPostgres();
  const session = makeMemorySession(makeMemoryDatabase());
  const report = await runDifferential(7, 300, runOn(pg), (sql, params) => {
    let result: StatementResult = { kind: 'done', tag: '' };
    for (const statement of parseSql(sql)) result = runStatement(session, statement, params);
    return result;
  });
  await pg.close();
  expect(report.differences).toEqual([]);
  for (const kind of ['join', 'subquery', 'set operation', 'with', 'window'])
    expect(report.kinds.get(kind)).toBeGreaterThan(2);
  expect(report.rows).toBeGreaterThan(120);
});
