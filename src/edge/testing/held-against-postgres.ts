// Statements held against PostgreSQL itself (PGlite): columns, rows, SQLSTATEs, messages and positions, equal to the letter.

import type { PGlite } from '@electric-sql/pglite';
import type { StatementResult } from '../../core/kernel/client-calls.ts';
import { makeMemoryDatabase } from '../../core/sql/testing/memory-database.ts';
import { makeMemorySession, runStatement } from '../../core/sql/testing/memory-session.ts';
import { loadSqlParser, parseSql } from '../sql-parser.ts';
import { runOn, startPostgres } from './postgres-run.ts';

interface Held {
  /** What differs, each with PostgreSQL's answer first. */
  readonly differences: (statements: readonly string[]) => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

const brief = (result: StatementResult): string => {
  if (result.kind === 'error') return `${result.sqlstate} at ${result.position}: ${result.message}`;
  return result.kind === 'rows' ? JSON.stringify([result.columns, result.rows]) : result.tag;
};

/** A database of each, with nothing in it. */
export async function holdAgainstPostgres(): Promise<Held> {
  await loadSqlParser();
  const pg: PGlite = await startPostgres();
  const expected = runOn(pg);
  const session = makeMemorySession(makeMemoryDatabase());
  const actual = (sql: string): StatementResult => {
    let result: StatementResult = { kind: 'done', tag: '' };
    for (const statement of parseSql(sql)) result = runStatement(session, statement, []);
    return result;
  };
  return {
    differences: async (statements) => {
      const found: string[] = [];
      for (const sql of statements) {
        const right = brief(await expected(sql, []));
        const ours = brief(actual(sql));
        if (right !== ours) found.push(`${sql}\n  ${right}\n  ${ours}`);
      }
      return found;
    },
    close: () => pg.close(),
  };
}
