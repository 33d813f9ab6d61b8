// Every sample dataset loads as it says: on the SQL front end with tables in memory.

import { beforeAll, expect, test } from 'vitest';
import type { StatementResult } from '../../core/kernel/client-calls.ts';
import { makeMemoryDatabase } from '../../core/sql/testing/memory-database.ts';
import { makeMemorySession, runStatement } from '../../core/sql/testing/memory-session.ts';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { datasets } from './sql-datasets.ts';

beforeAll(loadSqlParser);

test.each(datasets.map((dataset) => [dataset.id, dataset] as const))(
  '%s',
  (_, { requests, tables, rows }) => {
    const session = makeMemorySession(makeMemoryDatabase());
    const run = (sql: string): StatementResult => {
      let last: StatementResult = { kind: 'done', tag: '' };
      for (const statement of parseSql(sql)) last = runStatement(session, statement);
      return last;
    };
    for (const request of requests)
      expect([request, run(request)]).toEqual([request, expect.objectContaining({ kind: 'done' })]);
    const counts = tables.map((table) => {
      const result = run(`select count(*) from ${table}`);
      return result.kind === 'rows' ? Number(result.rows[0]?.[0]) : -1;
    });
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(rows);
    expect(counts.filter((count) => count === 0)).toHaveLength(tables.includes('pgbench_history') ? 1 : 0);
  },
);
