// How many rows a part of a query is expected to give: the sizes of its tables, and fixed fractions for conditions.

import type { IndexDef, TableDef } from './access.ts';
import { conjunctsOf, type Expr, eachColumn } from './expression.ts';
import type { PlanContext } from './plan-types.ts';
import type { Query, QuerySource } from './query.ts';
import { isPlain, isValid } from './table-def.ts';

/** Parts of the rows that conditions are expected to leave. */
export const EQUAL = 0.05;
export const RANGE = 0.3;
const OTHER = 0.3;

/** What a lookup by key costs, in rows read in sequence. */
export const LOOKUP = 4;

/** From so many rows on, the smaller side of a join is rather not held: half of what an operator may hold, as an estimate may be off by two. */
export const MERGE_FROM = 50_000;

/** What is taken for the rows of a round of a recursive query. */
const ROUNDS = 10;

/** The part that so many conditions of any form are expected to leave. */
export function leftBy(conditions: number): number {
  let left = 1;
  for (let i = 0; i < conditions; i++) left *= OTHER;
  return left;
}

/** Rows of a table that conditions on it alone are expected to leave. */
export function estimateFilter(
  rows: number,
  table: TableDef,
  conditions: readonly Expr[],
  offset: number,
): number {
  let left = rows;
  const equal = new Set<number>();
  for (const e of conditions) {
    left *= e.kind !== 'compare' ? OTHER : e.op === 'eq' ? EQUAL : RANGE;
    if (e.kind === 'compare' && e.op === 'eq') eachColumn(e, (index) => equal.add(index - offset));
  }
  const isGiven = (index: IndexDef): boolean =>
    index.isUnique && isValid(index) && isPlain(index) && index.keys.every(({ column }) => equal.has(column));
  if (table.indexes.some(isGiven)) return 1;
  return Math.max(1, left);
}

export function estimateQuery(planning: PlanContext, { source, grouping, limit, where }: Query): number {
  if (grouping !== null && grouping.keys.length === 0) return 1;
  const rows = estimateSource(planning, source) * leftBy(conjunctsOf(where).length);
  const grouped = grouping === null ? rows : rows / 4;
  return limit?.kind === 'const' ? Math.min(grouped, Number(limit.value)) : grouped;
}

export function estimateSource(planning: PlanContext, source: QuerySource): number {
  switch (source.kind) {
    case 'table':
      return planning.rowsOf(source.table);
    case 'rows':
      return source.rows.length;
    case 'query':
      return estimateQuery(planning, source.query);
    case 'cte':
      return source.query === null ? ROUNDS * 10 : estimateQuery(planning, source.query);
    case 'workTable':
      return ROUNDS;
    case 'set':
      return estimateQuery(planning, source.left) + estimateQuery(planning, source.right);
    case 'join':
      return Math.max(estimateSource(planning, source.left), estimateSource(planning, source.right));
  }
}
