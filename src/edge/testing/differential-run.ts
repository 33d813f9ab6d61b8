// Generated statements run on two databases and compared: on the memory tables, and on any other database that is
// given as a `Run`.

import { compareResults } from '../../core/sql/testing/differential.ts';
import { makeGenerator, nextStatement } from '../../core/sql/testing/generator.ts';
import { schemaStatements } from '../../core/sql/testing/generator-schema.ts';
import type { Run } from './postgres-run.ts';

export interface DifferentialReport {
  readonly differences: readonly string[];
  /** Statements by kind. */
  readonly kinds: ReadonlyMap<string, number>;
  readonly rows: number;
  readonly writes: number;
  readonly errors: ReadonlyMap<string, number>;
}

/** Runs `count` statements from `seed` on both; the schema is made first. `hasSystem`: `actual` has system views. */
export async function runDifferential(
  seed: number,
  count: number,
  expected: Run,
  actual: Run,
  hasSystem = false,
): Promise<DifferentialReport> {
  for (const sql of schemaStatements()) {
    await expected(sql, []);
    await actual(sql, []);
  }
  const generator = makeGenerator(seed, hasSystem);
  const differences: string[] = [];
  const kinds = new Map<string, number>();
  const errors = new Map<string, number>();
  const add = (counts: Map<string, number>, name: string): void => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  };
  let rows = 0;
  let writes = 0;
  for (let i = 0; i < count; i++) {
    const statement = nextStatement(generator);
    const right = await expected(statement.sql, statement.params);
    const ours = await actual(statement.sql, statement.params);
    const difference = compareResults(statement, right, ours);
    if (difference !== null)
      differences.push(`#${i} ${statement.sql} [${statement.params.join()}]\n    ${difference}`);
    add(kinds, statement.kind);
    if (right.kind === 'rows') rows += right.rows.length;
    if (right.kind === 'error') add(errors, right.sqlstate);
    if (right.kind === 'done' && /^(?:INSERT 0|UPDATE|DELETE) [1-9]/.test(right.tag)) writes += 1;
  }
  return { differences, kinds, rows, writes, errors };
}
