// ORDER BY and GROUP BY items: a position, the name of an output or input column, or an expression. Expressions that
// no target has become hidden targets.

import { analyseExpression } from './analyse-expression.ts';
import { type Analysis, inClause } from './analysis.ts';
import { resolveUnknown } from './coerce.ts';
import type { SortKey } from './compare.ts';
import { type Expr, equalExpr, someExpr } from './expression.ts';
import { fail, unsupported } from './failure.ts';
import { checkOrdered } from './has-order.ts';
import { queryLevel } from './scope.ts';
import {
  fieldsOf,
  firstLocation,
  has,
  integerOf,
  locationOf,
  nodeOf,
  nodesOf,
  onlyFields,
  optionalText,
  type TreeNode,
  textOf,
} from './tree.ts';

/** An output of the query while it is analysed. Hidden ones serve ORDER BY only. */
export interface Target {
  readonly name: string;
  expr: Expr;
  readonly hidden: boolean;
}

/** Why ORDER BY may only name outputs. */
export type OutputsOnly = 'distinct' | 'set operation';

export interface Sorter {
  readonly sortKey: (node: TreeNode) => SortKey;
  readonly groupKey: (node: TreeNode) => Expr;
  /** The output that an item of DISTINCT ON means. */
  readonly distinctKey: (node: TreeNode) => number;
}

const SORT_BY = new Set(['node', 'sortby_dir', 'sortby_nulls', 'location']);

export function makeSorter(analysis: Analysis, targets: Target[], among: OutputsOnly | null): Sorter {
  return {
    sortKey: (node) => sortKey(analysis, targets, among, node),
    groupKey: (node) => groupKey(analysis, targets, node),
    distinctKey: (node) => findOutput(analysis, targets, null, node, 'DISTINCT ON'),
  };
}

function sortKey(analysis: Analysis, targets: Target[], among: OutputsOnly | null, node: TreeNode): SortKey {
  const direction = sortDirection(node);
  return { output: findOutput(analysis, targets, among, nodeOf(node.fields, 'node')), ...direction };
}

/** ASC or DESC, NULLS FIRST or LAST. */
export function sortDirection(node: TreeNode): Omit<SortKey, 'output'> {
  if (node.tag !== 'SortBy') return unsupported(node.tag, firstLocation(node.fields, 0));
  onlyFields(node.fields, SORT_BY, 'ORDER BY');
  const direction = optionalText(node.fields, 'sortby_dir') ?? 'SORTBY_DEFAULT';
  if (direction === 'SORTBY_USING') unsupported('ORDER BY … USING', firstLocation(node.fields, 0));
  const nulls = optionalText(node.fields, 'sortby_nulls') ?? 'SORTBY_NULLS_DEFAULT';
  const descending = direction === 'SORTBY_DESC';
  const nullsFirst = nulls === 'SORTBY_NULLS_DEFAULT' ? descending : nulls === 'SORTBY_NULLS_FIRST';
  return { descending, nullsFirst };
}

function findOutput(
  analysis: Analysis,
  targets: Target[],
  among: OutputsOnly | null,
  node: TreeNode,
  clause = 'ORDER BY',
): number {
  const at = firstLocation(node.fields, 0);
  const ordinal = ordinalOf(node, targets, clause);
  if (ordinal !== null) return checkOutput(targets, ordinal, at);
  const name = simpleName(node);
  if (name !== null) {
    const index = findByName(targets, name, clause, at);
    if (index !== null) return checkOutput(targets, index, at);
  }
  const expr = resolveUnknown(analysis, analyseExpression(analysis, node));
  checkOrdered(expr.type, at);
  const same = targets.findIndex((target) => equalExpr(target.expr, expr));
  if (same >= 0) return same;
  if (among === 'distinct')
    fail('42P10', 'for SELECT DISTINCT, ORDER BY expressions must appear in select list', expr.at);
  if (among === 'set operation') fail('0A000', 'invalid UNION/INTERSECT/EXCEPT ORDER BY clause', expr.at);
  targets.push({ name: '', expr, hidden: true });
  return targets.length - 1;
}

function checkOutput(targets: readonly Target[], index: number, at: number): number {
  const type = targets[index]?.expr.type;
  if (type !== undefined) checkOrdered(type, at);
  return index;
}

function groupKey(analysis: Analysis, targets: readonly Target[], node: TreeNode): Expr {
  const at = firstLocation(node.fields, 0);
  if (node.tag === 'GroupingSet') return unsupported('GROUPING SETS, CUBE or ROLLUP', at);
  const ordinal = ordinalOf(node, targets, 'GROUP BY');
  const name = simpleName(node);
  // GROUP BY prefers a column of the table to an output of the same name.
  const byInput =
    ordinal === null &&
    name !== null &&
    queryLevel(analysis).scope.columns.some((column) => column.name === name);
  const index = ordinal ?? (name === null || byInput ? null : findByName(targets, name, 'GROUP BY', at));
  if (index === null)
    return inClause(analysis, 'GROUP BY', () => {
      const key = resolveUnknown(analysis, analyseExpression(analysis, node));
      checkOrdered(key.type, at, 'equality');
      return key;
    });
  const target = targets[index];
  if (target === undefined) return fail('42P10', 'GROUP BY position is not in select list', at);
  if (hasAggregate(target.expr))
    fail('42803', 'aggregate functions are not allowed in GROUP BY', target.expr.at);
  if (someExpr(target.expr, (part) => part.kind === 'window'))
    fail('42P20', 'window functions are not allowed in GROUP BY', target.expr.at);
  target.expr = resolveUnknown(analysis, target.expr);
  checkOrdered(target.expr.type, at, 'equality');
  return target.expr;
}

function hasAggregate(e: Expr): boolean {
  return someExpr(e, (part) => part.kind === 'aggregate');
}

/** The index that a bare integer means; 42P10 out of range, 42601 for another constant. */
function ordinalOf(node: TreeNode, targets: readonly Target[], clause: string): number | null {
  if (node.tag !== 'A_Const' || has(node.fields, 'isnull')) return null;
  const at = locationOf(node.fields);
  if (!has(node.fields, 'ival')) fail('42601', `non-integer constant in ${clause}`, at);
  const position = integerOf(fieldsOf(node.fields, 'ival'), 'ival');
  const index = position - 1;
  const target = targets[index];
  if (target === undefined || target.hidden)
    fail('42P10', `${clause} position ${position} is not in select list`, at);
  return index;
}

/** The name in a column reference without qualifier. */
function simpleName(node: TreeNode): string | null {
  if (node.tag !== 'ColumnRef') return null;
  const parts = nodesOf(node.fields, 'fields');
  const [part] = parts;
  return parts.length === 1 && part?.tag === 'String' ? textOf(part.fields, 'sval') : null;
}

function findByName(targets: readonly Target[], name: string, clause: string, at: number): number | null {
  const found = targets.flatMap((target, i) => (!target.hidden && target.name === name ? [i] : []));
  const [first] = found;
  if (first === undefined) return null;
  const expr = targets[first]?.expr;
  for (const i of found) {
    const other = targets[i]?.expr;
    if (expr === undefined || other === undefined || equalExpr(expr, other)) continue;
    fail('42702', `${clause} "${name}" is ambiguous`, at);
  }
  return first;
}
