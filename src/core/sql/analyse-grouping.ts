// Grouping: which expressions are keys and aggregates, and the rewriting of everything above them to their columns.

import type { Analysis } from './analysis.ts';
import { settledType } from './coerce.ts';
import {
  type AggregateExpr,
  type ColumnExpr,
  type Expr,
  equalExpr,
  makeColumn,
  mapParts,
  partsOf,
  someExpr,
} from './expression.ts';
import { fail } from './failure.ts';
import { fold, foldCondition } from './fold.ts';
import type { Grouping } from './query.ts';
import { columnName, queryLevel } from './scope.ts';

interface Ungrouped {
  readonly keys: readonly Expr[];
  readonly having: Expr | null;
  readonly outputs: readonly Expr[];
}

/** Expressions above the grouping, over its columns; unchanged when the query does not group. */
export function groupQuery(
  analysis: Analysis,
  query: Ungrouped,
): { readonly grouping: Grouping | null; readonly outputs: readonly Expr[] } {
  const above = query.having === null ? query.outputs : [...query.outputs, query.having];
  const isGrouped = query.keys.length > 0 || query.having !== null || above.some(hasAggregate);
  if (!isGrouped) return { grouping: null, outputs: query.outputs };
  const keys = withDependents(analysis, query.keys, above);
  const aggregates: AggregateExpr[] = [];
  for (const e of above) collectAggregates(e, aggregates);
  const lift = (e: Expr): Expr => overGroups(analysis, e, keys, aggregates);
  return {
    grouping: {
      keys: keys.map(fold),
      aggregates: aggregates.map((e) => ({
        ...e,
        args: e.args.map(fold),
        filter: e.filter && fold(e.filter),
      })),
      having: query.having === null ? null : foldCondition(lift(query.having)),
    },
    outputs: query.outputs.map(lift),
  };
}

const hasAggregate = (e: Expr): boolean => someExpr(e, (part) => part.kind === 'aggregate');

function collectAggregates(e: Expr, into: AggregateExpr[]): void {
  if (e.kind === 'aggregate') {
    if (!into.some((known) => equalExpr(known, e))) into.push(e);
    return;
  }
  for (const part of partsOf(e)) collectAggregates(part, into);
}

/** With a relation's whole primary key among the keys, its other columns depend on them and may be used as they are. */
function withDependents(analysis: Analysis, keys: readonly Expr[], above: readonly Expr[]): readonly Expr[] {
  const isKey = (index: number): boolean => keys.some((k) => k.kind === 'column' && k.index === index);
  const owners = queryLevel(analysis).scope.relations.filter(({ table, offset }) => {
    const primaryKey = table?.primaryKey ?? [];
    return primaryKey.length > 0 && primaryKey.every((column) => isKey(offset + column));
  });
  if (owners.length === 0) return keys;
  const isDependent = ({ index }: ColumnExpr): boolean =>
    owners.some(({ offset, columns }) => index >= offset && index < offset + columns.length);
  const all: Expr[] = [...keys];
  for (const e of above)
    for (const column of freeColumns(e))
      if (isDependent(column) && !all.some((k) => equalExpr(k, column))) all.push(column);
  return all;
}

/** Columns that are used outside aggregates. */
function freeColumns(e: Expr): readonly ColumnExpr[] {
  if (e.kind === 'column') return [e];
  return e.kind === 'aggregate' ? [] : partsOf(e).flatMap(freeColumns);
}

function overGroups(
  analysis: Analysis,
  e: Expr,
  keys: readonly Expr[],
  aggregates: readonly AggregateExpr[],
  inSubquery = false,
): Expr {
  const key = keys.findIndex((k) => equalExpr(k, e));
  if (key >= 0) return makeColumn(settledType(e), key, e.at);
  if (e.kind === 'aggregate') {
    const index = aggregates.findIndex((known) => equalExpr(known, e));
    return makeColumn(settledType(e), keys.length + index, e.at);
  }
  if (e.kind === 'column') {
    const name = columnName(queryLevel(analysis).scope, e.index);
    if (inSubquery) fail('42803', `subquery uses ungrouped column "${name}" from outer query`, e.at);
    const rule = 'must appear in the GROUP BY clause or be used in an aggregate function';
    return fail('42803', `column "${name}" ${rule}`, e.at);
  }
  if (e.kind === 'subquery') {
    const lift = (part: Expr, inner: boolean): Expr => overGroups(analysis, part, keys, aggregates, inner);
    return {
      ...e,
      args: e.args.map(({ id, expr }) => ({ id, expr: lift(expr, true) })),
      compare: e.compare === null ? null : lift(e.compare, false),
    };
  }
  return mapParts(e, (part) => overGroups(analysis, part, keys, aggregates));
}
