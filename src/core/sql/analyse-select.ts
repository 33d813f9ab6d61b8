// SELECT and VALUES: clauses in PostgreSQL's order of analysis, so that of several mistakes the same one is reported.

import { analyseCondition, analyseExpression } from './analyse-expression.ts';
import { analyseFrom } from './analyse-from.ts';
import { groupQuery } from './analyse-grouping.ts';
import { checkLocking, readLocking, refuseLockingOf } from './analyse-locking.ts';
import { makeSorter, type Sorter, type Target } from './analyse-sort.ts';
import { checkWindowClause, liftWindows, windowClause } from './analyse-window.ts';
import { type Analysis, inClause } from './analysis.ts';
import { checkNoColumns, coerceArgument, coerceToCommon, resolveUnknown, settledType } from './coerce.ts';
import type { SortKey } from './compare.ts';
import { type Expr, makeColumn } from './expression.ts';
import { fail, NOWHERE, unsupported } from './failure.ts';
import { fold, foldCondition } from './fold.ts';
import { checkOrdered } from './has-order.ts';
import { TABLE_COLUMNS_MAX, TARGETS_MAX } from './limits.ts';
import { type OutputColumn, plainQuery, type Query, type QuerySource } from './query.ts';

import { type Level, queryLevel, resolveStar, typmodOf } from './scope.ts';
import { targetName } from './target-name.ts';
import {
  asFields,
  checkName,
  type Fields,
  firstLocation,
  has,
  listItems,
  locationOf,
  nodeOf,
  nodesOf,
  onlyFields,
  optionalNode,
  optionalText,
  own,
  type TreeNode,
  textOf,
} from './tree.ts';

const SELECT_STMT = new Set([
  'withClause',
  'distinctClause',
  'targetList',
  'fromClause',
  'whereClause',
  'groupClause',
  'havingClause',
  'windowClause',
  'sortClause',
  'limitOffset',
  'limitCount',
  'limitOption',
  'lockingClause',
  'op',
]);
const VALUES_STMT = new Set([
  'withClause',
  'valuesLists',
  'sortClause',
  'limitOffset',
  'limitCount',
  'limitOption',
  'op',
]);
const RES_TARGET = new Set(['name', 'val', 'location']);

/** What a query without FROM reads. */
const NO_SOURCE: QuerySource = { kind: 'rows', rows: [[]], offset: 0, width: 0 };

/** `keepUnknown`: untyped outputs stay untyped, for whoever gives them a type (INSERT … SELECT, UNION). `isTested`: EXISTS. */
export function analyseSelect(
  analysis: Analysis,
  fields: Fields,
  keepUnknown: boolean,
  isTested: boolean,
): Query {
  onlyFields(fields, SELECT_STMT, 'SELECT');
  const level = queryLevel(analysis);
  level.windows = windowClause(fields);
  if (has(fields, 'lockingClause')) level.locking = readLocking(fields);
  const from = analyseFrom(analysis, nodesOf(fields, 'fromClause'));
  const targets = analyseTargets(analysis, nodesOf(fields, 'targetList'));
  const whereNode = optionalNode(fields, 'whereClause');
  const where =
    whereNode === null
      ? null
      : inClause(analysis, 'WHERE', () => analyseCondition(analysis, whereNode, 'WHERE'));
  const havingNode = optionalNode(fields, 'havingClause');
  const having =
    havingNode === null
      ? null
      : inClause(analysis, 'HAVING', () => analyseCondition(analysis, havingNode, 'HAVING'));
  const distinctClause = own(fields, 'distinctClause');
  const distinct = distinctClause !== undefined && isPlainDistinct(distinctClause);
  if (distinct) for (const { expr } of targets) checkOrdered(expr.type, expr.at, 'equality');
  const sorter = makeSorter(analysis, targets, distinct ? 'distinct' : null);
  const sort = nodesOf(fields, 'sortClause').map(sorter.sortKey);
  const keys = nodesOf(fields, 'groupClause').map(sorter.groupKey);
  const ordered =
    distinctClause === undefined || distinct
      ? { distinctOn: null, sort }
      : analyseDistinctOn(fields, sorter, sort);
  const limit = analyseLimit(analysis, fields);
  checkWindowClause(analysis);
  if (!keepUnknown) for (const target of targets) target.expr = resolveUnknown(analysis, target.expr);
  const shown = targets.filter((target) => !target.hidden);
  const grouped = groupQuery(analysis, { keys, having, outputs: targets.map((t) => t.expr) });
  const { grouping } = grouped;
  const width = grouping === null ? level.width : grouping.keys.length + grouping.aggregates.length;
  const { windows, outputs } = liftWindows(grouped.outputs, width);
  const locked = { source: from ?? NO_SOURCE, distinct, distinctOn: ordered.distinctOn, grouping, windows };
  // Before constants are folded, which may fail.
  if (has(fields, 'lockingClause')) checkLocking(analysis, fields, locked);
  const source = { source: locked.source, where: where === null ? null : foldCondition(where) };
  const isPlain = grouping === null && windows.length === 0 && limit.limit === null && limit.offset === null;
  if (isTested && isPlain) return { ...plainQuery(locked.source, [], []), ...source, width };
  return {
    ...source,
    grouping,
    windows,
    width,
    outputs: outputs.map(fold),
    columns: shown.map((t) => columnOf(level, t)),
    distinct,
    ...ordered,
    ...limit,
  };
}

function columnOf(level: Level, { name, expr }: Target): OutputColumn {
  const typmod = typmodOf(level, expr);
  return {
    name,
    type: expr.type === 'unknown' ? 'text' : expr.type,
    ...(typmod !== undefined && { typmod }),
  };
}

/** Plain DISTINCT is a list of one empty node. */
const isPlainDistinct = (clause: unknown): boolean =>
  Array.isArray(clause) && Object.keys(asFields(clause[0], 'distinctClause')).length === 0;

/** DISTINCT ON: what ORDER BY sorts first is among its expressions, then come those that it leaves out. */
function analyseDistinctOn(
  fields: Fields,
  sorter: Sorter,
  sort: readonly SortKey[],
): { readonly distinctOn: readonly number[]; readonly sort: readonly SortKey[] } {
  const keys = nodesOf(fields, 'distinctClause').map((node) => ({
    output: sorter.distinctKey(node),
    at: firstLocation(node.fields, 0),
  }));
  const refuse = (at: number): never =>
    fail('42P10', 'SELECT DISTINCT ON expressions must match initial ORDER BY expressions', at);
  const keyAt = (output: number): number | undefined => keys.find((key) => key.output === output)?.at;
  const others = sort.findIndex(({ output }) => keyAt(output) === undefined);
  const initial = others < 0 ? sort : sort.slice(0, others);
  for (const { output } of sort.slice(initial.length)) {
    const at = keyAt(output);
    if (at !== undefined) refuse(at);
  }
  for (const { output, at } of keys)
    if (others >= 0 && !initial.some((key) => key.output === output)) refuse(at);
  const added = keys
    .filter(({ output }) => !initial.some((key) => key.output === output))
    .map(({ output }) => ({ output, descending: false, nullsFirst: false }));
  return {
    distinctOn: keys.map(({ output }) => output),
    sort: [...initial, ...added, ...sort.slice(initial.length)],
  };
}

export function analyseTargets(analysis: Analysis, nodes: readonly TreeNode[]): Target[] {
  const targets: Target[] = [];
  for (const node of nodes) {
    if (node.tag !== 'ResTarget') unsupported(node.tag, firstLocation(node.fields, 0));
    onlyFields(node.fields, RES_TARGET, 'a target');
    const value = nodeOf(node.fields, 'val');
    const star = starQualifier(value);
    if (star !== null) {
      const columns = resolveStar(analysis, star.relation, locationOf(value.fields), star.schema);
      targets.push(...columns.map(({ name, expr }) => ({ name, expr, hidden: false })));
    } else {
      const given = optionalText(node.fields, 'name');
      const expr = analyseExpression(analysis, value);
      const name = given === null ? targetName(value, analysis.subqueryNames) : checkName(given);
      targets.push({ name, expr, hidden: false });
    }
  }
  if (targets.length > TARGETS_MAX) fail('54011', `target lists can have at most ${TARGETS_MAX} entries`);
  return targets;
}

/** Relation '' for `*`, the relation for `relation.*`, with its schema if that is said, null for anything else. */
function starQualifier(node: TreeNode): { readonly relation: string; readonly schema?: string } | null {
  if (node.tag !== 'ColumnRef') return null;
  const parts = nodesOf(node.fields, 'fields');
  if (parts[parts.length - 1]?.tag !== 'A_Star') return null;
  const relation = parts[parts.length - 2];
  const schema = parts[parts.length - 3];
  return {
    relation: relation === undefined ? '' : textOf(relation.fields, 'sval'),
    ...(schema !== undefined && { schema: textOf(schema.fields, 'sval') }),
  };
}

export function analyseLimit(
  analysis: Analysis,
  fields: Fields,
): { limit: Expr | null; offset: Expr | null; withTies: boolean } {
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
  const limit = read('limitCount', 'LIMIT');
  const withTies = optionalText(fields, 'limitOption') === 'LIMIT_OPTION_WITH_TIES';
  if (withTies && limit?.kind === 'const' && limit.value === null)
    fail('2201W', 'row count cannot be null in FETCH FIRST ... WITH TIES clause');
  return { offset, limit, withTies };
}

/** The lists of VALUES, all of one length. */
/** Reads one list after the other, as PostgreSQL does: what is wrong in an earlier one is said first. */
export function valuesLists<Read, Made>(
  fields: Fields,
  read: (list: readonly TreeNode[]) => Read,
  make: (list: Read) => Made,
): readonly Made[] {
  const lists = nodesOf(fields, 'valuesLists').map(listItems);
  const width = lists[0]?.length ?? 0;
  if (width > TABLE_COLUMNS_MAX) fail('54011', `target lists can have at most ${TABLE_COLUMNS_MAX} entries`);
  return lists.map((list) => {
    const one = read(list);
    if (list.length !== width)
      fail('42601', 'VALUES lists must all be the same length', firstLocation(list[0]?.fields, 0));
    return make(one);
  });
}

export function analyseValues(analysis: Analysis, fields: Fields): Query {
  refuseLockingOf(fields, 'VALUES');
  onlyFields(fields, VALUES_STMT, 'VALUES');
  const lists = valuesLists(
    fields,
    (list) => inClause(analysis, 'VALUES', () => list.map((node) => analyseExpression(analysis, node))),
    (list) => list,
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
  const sorter = makeSorter(analysis, targets, null);
  const sort = nodesOf(fields, 'sortClause').map(sorter.sortKey);
  const outputs = targets.map((t) => t.expr);
  const columns = targets.map((t) => ({ name: t.name, type: settledType(t.expr) }));
  const query = plainQuery({ kind: 'rows', rows, offset: 0, width }, outputs, columns);
  return { ...query, sort, ...analyseLimit(analysis, fields) };
}
