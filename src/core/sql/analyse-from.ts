// The FROM clause: relations, derived tables and joins become one source of rows and the names in it. ON sees the two
// sides of its join only; LATERAL sees what stands to its left.

import type { TableDef } from './access.ts';
import { analyseCondition } from './analyse-expression.ts';
import { lockInside, lockOf, withLocking } from './analyse-locking.ts';
import { makeComparison } from './analyse-operator.ts';
import { analyseQuery } from './analyse-query.ts';
import { expandView } from './analyse-view.ts';
import { type Cte, findCte } from './analyse-with.ts';
import { type Analysis, deeper, inClause, plainName, resolveTable } from './analysis.ts';
import { seriesOf } from './catalog-lists.ts';
import { coerce } from './coerce.ts';
import { type Expr, makeColumn } from './expression.ts';
import { fail, NOWHERE, unsupported } from './failure.ts';
import { foldCondition } from './fold.ts';
import { subqueryOfFunction } from './from-function.ts';
import { AGGREGATES } from './functions.ts';
import { FROM_RELATIONS_MAX } from './limits.ts';
import type { JoinType, QuerySource } from './query.ts';
import { ownName } from './relation-name.ts';
import { atLevel, makeLevel, queryLevel, type Scope, type ScopeColumn, type ScopeRelation } from './scope.ts';
import {
  type Fields,
  fieldsOf,
  firstLocation,
  flagOf,
  has,
  locationOf,
  nameOf,
  nodeOf,
  onlyFields,
  optionalNode,
  stringsOf,
  type TreeNode,
  textOf,
} from './tree.ts';
import { commonType, typeName } from './types.ts';

const ALIAS = new Set(['aliasname', 'colnames']);
const JOIN_EXPR = new Set([
  'jointype',
  'isNatural',
  'larg',
  'rarg',
  'usingClause',
  'quals',
  'alias',
  'rtindex',
]);
const RANGE_SUBSELECT = new Set(['lateral', 'subquery', 'alias']);

interface FromItem {
  readonly source: QuerySource;
  readonly scope: Scope;
}

/** The clause, with its names in the level of the present query; null when there is none. */
export function analyseFrom(analysis: Analysis, nodes: readonly TreeNode[]): QuerySource | null {
  const all = analyseItems(analysis, nodes);
  if (all === null) return null;
  queryLevel(analysis).scope = all.scope;
  return all.source;
}

function analyseItems(analysis: Analysis, nodes: readonly TreeNode[]): FromItem | null {
  let all: FromItem | null = null;
  for (const node of nodes) {
    if (all === null) all = analyseItem(analysis, node);
    else all = joinItems(analysis, all, node, 'inner', () => null);
  }
  return all;
}

/** UPDATE … FROM and DELETE … USING: the table that is written beside relations that do not see it; null without any. */
export function analyseBeside(
  analysis: Analysis,
  target: FromItem,
  nodes: readonly TreeNode[],
): FromItem | null {
  const level = makeLevel('from', analysis.level, target.scope, false);
  const others = atLevel(analysis, level, () => analyseItems(analysis, nodes));
  if (others === null) return null;
  checkAliases(target.scope.relations, others.scope.relations);
  return {
    source: { kind: 'join', join: 'inner', left: target.source, right: others.source, on: null, args: [] },
    scope: {
      relations: [...target.scope.relations, ...others.scope.relations],
      columns: [...target.scope.columns, ...others.scope.columns],
    },
  };
}

function analyseItem(analysis: Analysis, { tag, fields }: TreeNode): FromItem {
  const at = firstLocation(fields, 0);
  switch (tag) {
    case 'RangeVar':
      return analyseRelation(analysis, fields);
    case 'RangeSubselect':
      return analyseDerived(analysis, fields);
    case 'RangeFunction':
      return analyseItem(
        analysis,
        seriesOf(fields) ?? subqueryOfFunction(fields, (name) => AGGREGATES.has(name)),
      );
    case 'JoinExpr':
      return deeper(analysis, at, () => analyseJoin(analysis, fields));
    default:
      return unsupported(FROM_ITEMS.get(tag) ?? tag, at);
  }
}

const FROM_ITEMS: ReadonlyMap<string, string> = new Map([['RangeTableSample', 'TABLESAMPLE']]);

function analyseRelation(analysis: Analysis, fields: Fields): FromItem {
  const cte = has(fields, 'schemaname')
    ? null
    : findCte(analysis, nameOf(fields, 'relname'), locationOf(fields));
  if (cte !== null) return placeCte(analysis, cte, fields);
  const { table, scope } = tableScope(analysis, fields);
  const [relation] = scope.relations;
  const { alias, offset } = relation ?? { alias: '', offset: 0 };
  const lock = lockOf(analysis, alias);
  const width = table.columns.length;
  if (table.view !== undefined) {
    const query = lockInside(analysis, lock, () => expandView(analysis, table, lock));
    const source: QuerySource = { kind: 'query', query, alias, offset, width };
    return { source: lock === null ? source : { ...source, lock }, scope };
  }
  if (lock !== null && table.sequence)
    return fail('42809', `cannot lock rows in sequence "${table.name}"`, locationOf(fields));
  if (lock !== null && table.metadata)
    return fail('42809', `cannot lock rows in view "${table.name}"`, locationOf(fields));
  const placed = { kind: 'table', table, alias, offset, width } as const;
  if (lock === null) return { source: placed, scope };
  queryLevel(analysis).width += 1;
  return { source: { ...placed, width: width + 1, lock }, scope };
}

function placeCte(analysis: Analysis, cte: Cte, fields: Fields): FromItem {
  const { name, columns, kind, query, plan, id } = cte;
  plainName(fields);
  const named = readAlias(fields, name);
  const scope = place(analysis, {
    ...named,
    table: null,
    names: columns.map((column) => column.name),
    types: columns.map((column) => column.type),
    typmods: columns.map((column) => column.typmod),
    at: locationOf(fields),
  });
  const placed = { alias: named.alias, offset: scope.relations[0]?.offset ?? 0, width: columns.length };
  if (kind === 'inline' && query !== null) return { source: { kind: 'query', query, ...placed }, scope };
  if (plan !== null) return { source: { kind: 'cte', cte: plan, query, ...placed }, scope };
  return {
    source: { kind: 'workTable', id, name, columns: columns.map((column) => column.name), ...placed },
    scope,
  };
}

/** The table that a RangeVar names, with its alias and column aliases. */
export function tableScope(
  analysis: Analysis,
  fields: Fields,
): { readonly table: TableDef; readonly scope: Scope } {
  const table = resolveTable(analysis, fields);
  analysis.scans.push(table.relation);
  const named = readAlias(fields, nameOf(fields, 'relname'));
  const names = table.columns.map(({ name }) => name);
  const types = table.columns.map(({ type }) => type);
  const typmods = table.columns.map(({ typmod }) => typmod);
  return {
    table,
    scope: place(analysis, { ...named, table, names, types, typmods, at: locationOf(fields) }),
  };
}

/** What INSERT, UPDATE or DELETE names: its columns are values of the row of the table that is written. */
export function writtenScope(
  analysis: Analysis,
  fields: Fields,
  { shown, table, columns }: { shown: TableDef; table: TableDef; columns: readonly ScopeColumn[] },
): Scope {
  const { alias } = readAlias(fields, ownName(shown.name));
  const names = table.columns.map(({ name }) => name);
  const types = table.columns.map(({ type }) => type);
  const typmods = table.columns.map(({ typmod }) => typmod);
  const placed = { alias, renamed: [], table: shown, names, types, typmods, at: locationOf(fields) };
  const { offset } = place(analysis, placed).relations[0] ?? { offset: 0 };
  const named = columns.filter(({ name }) => name !== '').map(({ name, expr }) => ({ name, expr }));
  return { relations: [{ alias, table: shown, offset, columns: named }], columns: named };
}

interface Alias {
  readonly alias: string;
  readonly renamed: readonly string[];
}

export function readAlias(fields: Fields, name: string): Alias {
  if (!has(fields, 'alias')) return { alias: name, renamed: [] };
  const alias = fieldsOf(fields, 'alias');
  onlyFields(alias, ALIAS, 'an alias');
  return { alias: nameOf(alias, 'aliasname'), renamed: stringsOf(alias, 'colnames') };
}

interface Unplaced extends Alias {
  readonly table: TableDef | null;
  readonly names: readonly string[];
  readonly types: readonly TableDef['columns'][number]['type'][];
  readonly typmods: readonly (number | undefined)[];
  readonly at: number;
}

/** Gives the relation its columns in the row of the present query's FROM clause. */
function place(analysis: Analysis, unplaced: Unplaced): Scope {
  const { alias, renamed, table, names, types, typmods, at } = unplaced;
  const level = queryLevel(analysis);
  // A column that was dropped has its place, and no name.
  const named = types.flatMap((type, i) => (table !== null && names[i] === '' ? [] : [{ type, i }]));
  checkRenamed(alias, named.length, renamed, at);
  const offset = level.width;
  level.width += names.length;
  typmods.forEach((typmod, i) => {
    if (typmod !== undefined) level.typmods.set(offset + i, typmod);
  });
  if (level.known.length >= FROM_RELATIONS_MAX)
    fail('54000', `a query can have at most ${FROM_RELATIONS_MAX} relations in FROM`, at);
  level.known.push({ alias, table });
  const columns = named.map(({ type, i }, place) => ({
    name: renamed[place] ?? names[i] ?? '',
    expr: makeColumn(type, offset + i, NOWHERE),
  }));
  return { relations: [{ alias, table, offset, columns }], columns };
}

function checkRenamed(alias: string, width: number, renamed: readonly string[], at: number): void {
  if (renamed.length <= width) return;
  const counts = `${width} columns available but ${renamed.length} columns specified`;
  fail('42P10', `table "${alias}" has ${counts}`, at);
}

function analyseDerived(analysis: Analysis, fields: Fields): FromItem {
  onlyFields(fields, RANGE_SUBSELECT, 'a subquery in FROM');
  const select = nodeOf(fields, 'subquery');
  if (select.tag !== 'SelectStmt') return unsupported(select.tag, firstLocation(select.fields, 0));
  const isLateral = flagOf(fields, 'lateral');
  const named = readAlias(fields, '');
  const lock = lockOf(analysis, named.alias);
  const query = lockInside(analysis, lock, () =>
    inClause(
      analysis,
      'targets',
      () => analyseQuery(analysis, withLocking(analysis, select.fields, lock), { isLateral }).query,
    ),
  );
  const names = query.columns.map(({ name }) => name);
  const types = query.columns.map(({ type }) => type);
  const typmods = query.columns.map(({ typmod }) => typmod);
  const scope = place(analysis, { ...named, table: null, names, types, typmods, at: NOWHERE });
  const { alias } = named;
  const offset = scope.relations[0]?.offset ?? 0;
  const source: QuerySource = { kind: 'query', query, alias, offset, width: names.length };
  return { source: lock === null ? source : { ...source, lock }, scope };
}

const JOIN_TYPES: ReadonlyMap<string, JoinType> = new Map([
  ['JOIN_INNER', 'inner'],
  ['JOIN_LEFT', 'left'],
  ['JOIN_RIGHT', 'right'],
  ['JOIN_FULL', 'full'],
]);

function analyseJoin(analysis: Analysis, fields: Fields): FromItem {
  if (has(fields, 'join_using_alias')) unsupported('an alias of USING', firstLocation(fields, 0));
  onlyFields(fields, JOIN_EXPR, 'JOIN');
  const type = JOIN_TYPES.get(textOf(fields, 'jointype'));
  if (type === undefined) return unsupported(textOf(fields, 'jointype'), firstLocation(fields, 0));
  const left = analyseItem(analysis, nodeOf(fields, 'larg'));
  const joined = joinItems(analysis, left, nodeOf(fields, 'rarg'), type, (right) => {
    const names = flagOf(fields, 'isNatural')
      ? commonNames(left.scope, right)
      : has(fields, 'usingClause')
        ? stringsOf(fields, 'usingClause')
        : null;
    return names === null ? null : mergeColumns(analysis, left.scope, right, names, type);
  });
  const item = withCondition(analysis, joined, fields);
  return has(fields, 'alias') ? renameJoin(analysis, item, fields) : item;
}

/** What USING makes of two sides. */
interface Merged {
  readonly columns: readonly ScopeColumn[];
  readonly on: readonly Expr[];
}

function joinItems(
  analysis: Analysis,
  left: FromItem,
  node: TreeNode,
  join: JoinType,
  merge: (right: Scope) => Merged | null,
): FromItem {
  // What stands on the left can be seen by LATERAL items of the right side.
  const items = makeLevel('from', analysis.level, left.scope, join === 'inner' || join === 'left');
  const right = atLevel(analysis, items, () => analyseItem(analysis, node));
  checkAliases(left.scope.relations, right.scope.relations);
  const merged = merge(right.scope);
  const columns = merged?.columns ?? [...left.scope.columns, ...right.scope.columns];
  const on = merged === null || merged.on.length === 0 ? null : conjunction(merged.on);
  return {
    source: { kind: 'join', join, left: left.source, right: right.source, on, args: items.exports },
    scope: { relations: [...left.scope.relations, ...right.scope.relations], columns },
  };
}

const conjunction = (list: readonly Expr[]): Expr => {
  const [first] = list;
  if (first === undefined) return fail('XX000', 'an empty condition');
  return list.length === 1 ? first : { kind: 'and', type: 'bool', args: list, at: first.at };
};

/** Relations of one name in two schemas. */
const areOfSchemas = ({ table: a, alias }: ScopeRelation, { table: b }: ScopeRelation): boolean =>
  a !== null && b !== null && a.name !== b.name && ownName(a.name) === alias && ownName(b.name) === alias;

function checkAliases(left: readonly ScopeRelation[], right: readonly ScopeRelation[]): void {
  for (const one of left)
    if (one.alias !== '' && right.some((other) => other.alias === one.alias && !areOfSchemas(one, other)))
      fail('42712', `table name "${one.alias}" specified more than once`);
}

function commonNames(left: Scope, right: Scope): readonly string[] {
  const names = left.columns.map(({ name }) => name);
  return names.filter(
    (name, i) => names.indexOf(name) === i && right.columns.some((column) => column.name === name),
  );
}

function mergeColumns(
  analysis: Analysis,
  left: Scope,
  right: Scope,
  names: readonly string[],
  join: JoinType,
): Merged {
  const merged: ScopeColumn[] = [];
  const on: Expr[] = [];
  for (const [i, name] of names.entries()) {
    if (names.indexOf(name) !== i)
      fail('42701', `column name "${name}" appears more than once in USING clause`);
    const l = usingColumn(left, name, 'left');
    const r = usingColumn(right, name, 'right');
    on.push(makeComparison(analysis, 'eq', '=', l, r, NOWHERE));
    const type = commonType([l.type, r.type]);
    if (typeof type !== 'string') {
      const types = `${typeName(l.type)} and ${typeName(r.type)}`;
      return fail('42804', `JOIN/USING types ${types} cannot be matched`);
    }
    merged.push({ name, expr: mergedColumn(coerce(analysis, l, type), coerce(analysis, r, type), join) });
  }
  const rest = (columns: readonly ScopeColumn[]): readonly ScopeColumn[] =>
    columns.filter(({ name }) => !names.includes(name));
  return { columns: [...merged, ...rest(left.columns), ...rest(right.columns)], on };
}

function usingColumn({ columns }: Scope, name: string, side: 'left' | 'right'): Expr {
  const [found, second] = columns.filter((column) => column.name === name);
  if (found === undefined)
    return fail('42703', `column "${name}" specified in USING clause does not exist in ${side} table`);
  if (second !== undefined)
    return fail('42702', `common column name "${name}" appears more than once in ${side} table`);
  return found.expr;
}

/** Of an inner join the side that needs no cast; of a full join whichever side there is. */
function mergedColumn(left: Expr, right: Expr, join: JoinType): Expr {
  if (join === 'full') return { kind: 'coalesce', type: left.type, args: [left, right], at: NOWHERE };
  if (join === 'right') return right;
  return join === 'inner' && left.kind !== 'column' && right.kind === 'column' ? right : left;
}

/** ON, which sees the two sides of the join and what is around the query. */
function withCondition(analysis: Analysis, item: FromItem, fields: Fields): FromItem {
  const node = optionalNode(fields, 'quals');
  if (node === null || item.source.kind !== 'join') return item;
  const level = queryLevel(analysis);
  const outer = level.scope;
  level.scope = item.scope;
  const on = atLevel(analysis, level, () =>
    inClause(analysis, 'JOIN conditions', () => analyseCondition(analysis, node, 'JOIN/ON')),
  );
  level.scope = outer;
  return { ...item, source: { ...item.source, on: foldCondition(on) } };
}

/** `(a join b …) as j (x, y)`: one relation, which hides those that it is made of. */
function renameJoin(analysis: Analysis, { source, scope }: FromItem, fields: Fields): FromItem {
  const { alias, renamed } = readAlias(fields, '');
  checkRenamed(alias, scope.columns.length, renamed, NOWHERE);
  const columns = scope.columns.map(({ name, expr }, i) => ({ name: renamed[i] ?? name, expr }));
  queryLevel(analysis).known.push({ alias, table: null });
  return { source, scope: { relations: [{ alias, table: null, offset: 0, columns }], columns } };
}
