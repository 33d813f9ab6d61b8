// SELECT over at most one relation, and VALUES: clauses in PostgreSQL's order of analysis, so that of several
// mistakes the same one is reported.

import { analyseCondition, analyseExpression } from './analyse-expression.ts';
import { groupQuery } from './analyse-grouping.ts';
import { makeSorter, type Target } from './analyse-sort.ts';
import { type Analysis, inClause, resolveTable, type Scope } from './analysis.ts';
import { coerceArgument, coerceToCommon, resolveUnknown, settledType } from './coerce.ts';
import { type Expr, makeColumn, partsOf } from './expression.ts';
import { fail, NOWHERE, unsupported } from './failure.ts';
import { fold, foldCondition } from './fold.ts';
import { TABLE_COLUMNS_MAX, TARGETS_MAX } from './limits.ts';
import type { Query, QuerySource } from './query.ts';
import { targetName } from './target-name.ts';
import {
  checkName,
  type Fields,
  fieldsOf,
  firstLocation,
  has,
  listItems,
  locationOf,
  nameOf,
  nodeOf,
  nodesOf,
  onlyFields,
  optionalNode,
  optionalText,
  own,
  stringsOf,
  type TreeNode,
  textOf,
} from './tree.ts';

const SELECT_STMT = new Set([
  'distinctClause',
  'targetList',
  'fromClause',
  'whereClause',
  'groupClause',
  'havingClause',
  'valuesLists',
  'sortClause',
  'limitOffset',
  'limitCount',
  'limitOption',
  'op',
]);
const ALIAS = new Set(['aliasname', 'colnames']);
const RES_TARGET = new Set(['name', 'val', 'location']);

/** `keepUnknown`: untyped outputs stay untyped, for INSERT … SELECT to give them the column's type. */
export function analyseSelect(analysis: Analysis, fields: Fields, keepUnknown = false): Query {
  const setOperation = optionalText(fields, 'op') ?? 'SETOP_NONE';
  if (setOperation !== 'SETOP_NONE')
    unsupported(setOperation.slice('SETOP_'.length), firstLocation(fields, 0));
  onlyFields(fields, SELECT_STMT, 'SELECT');
  if (optionalText(fields, 'limitOption') === 'LIMIT_OPTION_WITH_TIES') unsupported('WITH TIES');
  if (has(fields, 'valuesLists')) return analyseValues(analysis, fields);
  analysis.scope = analyseFrom(analysis, nodesOf(fields, 'fromClause'));
  const targets = analyseTargets(analysis, nodesOf(fields, 'targetList'));
  const whereNode = optionalNode(fields, 'whereClause');
  const where =
    whereNode === null
      ? null
      : inClause(analysis, 'WHERE', () => analyseCondition(analysis, whereNode, 'WHERE'));
  const havingNode = optionalNode(fields, 'havingClause');
  const having = havingNode === null ? null : analyseCondition(analysis, havingNode, 'HAVING');
  const distinct = isDistinct(fields);
  const sorter = makeSorter(analysis, targets, distinct);
  const sort = nodesOf(fields, 'sortClause').map(sorter.sortKey);
  const keys = nodesOf(fields, 'groupClause').map(sorter.groupKey);
  const limit = analyseLimit(analysis, fields);
  if (!keepUnknown) for (const target of targets) target.expr = resolveUnknown(analysis, target.expr);
  const shown = targets.filter((target) => !target.hidden);
  const grouped = groupQuery(analysis, { keys, having, outputs: targets.map((t) => t.expr) });
  const source: QuerySource =
    analysis.scope === null ? { kind: 'rows', rows: [[]] } : { kind: 'table', table: analysis.scope.table };
  return {
    source,
    where: where === null ? null : foldCondition(where),
    grouping: grouped.grouping,
    outputs: grouped.outputs.map(fold),
    columns: shown.map((t) => ({ name: t.name, type: t.expr.type === 'unknown' ? 'text' : t.expr.type })),
    distinct,
    sort,
    ...limit,
  };
}

function analyseFrom(analysis: Analysis, items: readonly TreeNode[]): Scope | null {
  const [item, second] = items;
  if (item === undefined) return null;
  if (second !== undefined) unsupported('a join of several relations', firstLocation(second.fields, 0));
  if (item.tag !== 'RangeVar')
    unsupported(FROM_ITEMS.get(item.tag) ?? item.tag, firstLocation(item.fields, 0));
  return scopeOf(analysis, item.fields);
}

const FROM_ITEMS: ReadonlyMap<string, string> = new Map([
  ['JoinExpr', 'JOIN'],
  ['RangeSubselect', 'a subquery in FROM'],
  ['RangeFunction', 'a function in FROM'],
  ['RangeTableSample', 'TABLESAMPLE'],
]);

/** The relation with its alias and column aliases. */
export function scopeOf(analysis: Analysis, relation: Fields): Scope {
  const table = resolveTable(analysis, relation);
  if (!has(relation, 'alias')) return { table, alias: table.name, names: table.columns.map((c) => c.name) };
  const aliasFields = fieldsOf(relation, 'alias');
  onlyFields(aliasFields, ALIAS, 'an alias');
  const alias = nameOf(aliasFields, 'aliasname');
  const renamed = stringsOf(aliasFields, 'colnames');
  if (renamed.length > table.columns.length) {
    const counts = `${table.columns.length} columns available but ${renamed.length} columns specified`;
    fail('42P10', `table "${alias}" has ${counts}`, locationOf(relation));
  }
  return { table, alias, names: table.columns.map((c, i) => renamed[i] ?? c.name) };
}

function isDistinct(fields: Fields): boolean {
  const clause = own(fields, 'distinctClause');
  if (clause === undefined) return false;
  // Plain DISTINCT is a list of one empty node.
  if (firstLocation(clause, 0) !== NOWHERE) unsupported('DISTINCT ON', firstLocation(clause, 0));
  return true;
}

function analyseTargets(analysis: Analysis, nodes: readonly TreeNode[]): Target[] {
  const targets: Target[] = [];
  for (const node of nodes) {
    if (node.tag !== 'ResTarget') unsupported(node.tag, firstLocation(node.fields, 0));
    onlyFields(node.fields, RES_TARGET, 'a target');
    const value = nodeOf(node.fields, 'val');
    const star = starQualifier(value);
    if (star !== null) targets.push(...expandStar(analysis, star, locationOf(value.fields)));
    else {
      const given = optionalText(node.fields, 'name');
      const name = given === null ? targetName(value) : checkName(given);
      targets.push({ name, expr: analyseExpression(analysis, value), hidden: false });
    }
  }
  if (targets.length > TARGETS_MAX) fail('54011', `target lists can have at most ${TARGETS_MAX} entries`);
  if (targets.length === 0) unsupported('an empty target list');
  return targets;
}

/** '' for `*`, the relation for `relation.*`, null for anything else. */
function starQualifier(node: TreeNode): string | null {
  if (node.tag !== 'ColumnRef') return null;
  const parts = nodesOf(node.fields, 'fields');
  if (parts[parts.length - 1]?.tag !== 'A_Star') return null;
  const relation = parts[parts.length - 2];
  return relation === undefined ? '' : textOf(relation.fields, 'sval');
}

function expandStar(analysis: Analysis, qualifier: string, at: number): Target[] {
  const { scope } = analysis;
  if (scope === null) {
    if (qualifier !== '') fail('42P01', `missing FROM-clause entry for table "${qualifier}"`, at);
    return fail('42601', 'SELECT * with no tables specified is not valid', at);
  }
  if (qualifier !== '' && qualifier !== scope.alias) {
    if (qualifier === scope.table.name)
      fail('42P01', `invalid reference to FROM-clause entry for table "${qualifier}"`, at);
    fail('42P01', `missing FROM-clause entry for table "${qualifier}"`, at);
  }
  return scope.table.columns.map((column, i) => ({
    name: scope.names[i] ?? column.name,
    expr: makeColumn(column.type, i, at),
    hidden: false,
  }));
}

function analyseLimit(analysis: Analysis, fields: Fields): { limit: Expr | null; offset: Expr | null } {
  const read = (field: string, clause: 'LIMIT' | 'OFFSET'): Expr | null => {
    const node = optionalNode(fields, field);
    if (node === null) return null;
    const e = inClause(analysis, clause, () =>
      coerceArgument(analysis, analyseExpression(analysis, node), 'int8', clause),
    );
    checkNoColumns(e, clause);
    return fold(e);
  };
  const offset = read('limitOffset', 'OFFSET');
  return { offset, limit: read('limitCount', 'LIMIT') };
}

function checkNoColumns(e: Expr, clause: string): void {
  if (e.kind === 'column') fail('42P10', `argument of ${clause} must not contain variables`, e.at);
  for (const part of partsOf(e)) checkNoColumns(part, clause);
}

/** The lists of VALUES, all of one length. */
export function valuesLists(fields: Fields): readonly (readonly TreeNode[])[] {
  const lists = nodesOf(fields, 'valuesLists').map(listItems);
  const width = lists[0]?.length ?? 0;
  for (const list of lists)
    if (list.length !== width)
      fail('42601', 'VALUES lists must all be the same length', firstLocation(list[0]?.fields, 0));
  if (width > TABLE_COLUMNS_MAX) fail('54011', `target lists can have at most ${TABLE_COLUMNS_MAX} entries`);
  return lists;
}

function analyseValues(analysis: Analysis, fields: Fields): Query {
  analysis.scope = null;
  const lists = valuesLists(fields).map((list) =>
    inClause(analysis, 'VALUES', () => list.map((node) => analyseExpression(analysis, node))),
  );
  const width = lists[0]?.length ?? 0;
  const byColumn: (readonly Expr[])[] = [];
  for (let c = 0; c < width; c++) {
    const column = lists.flatMap((list) => list[c] ?? []);
    byColumn.push(coerceToCommon(analysis, column, 'VALUES'));
  }
  const rows = lists.map((_, r) =>
    byColumn.map((column) => fold(column[r] ?? fail('08P01', 'malformed VALUES'))),
  );
  const targets: Target[] = byColumn.map((column, c) => {
    const type = column[0] === undefined ? 'text' : settledType(column[0]);
    return { name: `column${c + 1}`, expr: makeColumn(type, c, NOWHERE), hidden: false };
  });
  const sorter = makeSorter(analysis, targets, false);
  const sort = nodesOf(fields, 'sortClause').map(sorter.sortKey);
  return {
    source: { kind: 'rows', rows },
    where: null,
    grouping: null,
    outputs: targets.map((t) => t.expr),
    columns: targets.map((t) => ({ name: t.name, type: settledType(t.expr) })),
    distinct: false,
    sort,
    ...analyseLimit(analysis, fields),
  };
}
