// INSERT, UPDATE and DELETE: the table, the rows to write or the assignments, and the condition.

import type { TableDef } from './access.ts';
import { analyseConflict, checkArbiters, type OnConflict } from './analyse-conflict.ts';
import { type Check, checksOf, defaultOf } from './analyse-constraint.ts';
import { analyseCondition, analyseExpression } from './analyse-expression.ts';
import { analyseBeside, tableScope } from './analyse-from.ts';
import { analyseQuery } from './analyse-query.ts';
import { analyseTargets, valuesLists } from './analyse-select.ts';
import { analyseWith } from './analyse-with.ts';
import { type Analysis, inClause, refuseView } from './analysis.ts';
import { coerce, coerceToColumn, resolveUnknown } from './coerce.ts';
import { type Expr, makeColumn } from './expression.ts';
import { fail, NOWHERE, unsupported } from './failure.ts';
import { fold, foldCondition } from './fold.ts';
import type { Returning } from './plan-types.ts';
import type { Query, QuerySource } from './query.ts';
import { type References, referencesOf } from './references.ts';
import { makeLevel, type Scope } from './scope.ts';
import { isDropped } from './table-def.ts';
import {
  type Fields,
  fieldsOf,
  firstLocation,
  has,
  locationOf,
  nameOf,
  nodeOf,
  nodesOf,
  onlyFields,
  optionalNode,
  optionalText,
  own,
  type TreeNode,
} from './tree.ts';
import { TYPE_NAMES } from './types.ts';

/** Either literal rows, or a query whose outputs `row` turns into a row of the table. */
export interface Insert {
  readonly table: TableDef;
  readonly onConflict: OnConflict | null;
  readonly checks: readonly Check[];
  readonly references: References | null;
  readonly returning: Returning | null;
  readonly source:
    | { readonly kind: 'rows'; readonly rows: readonly (readonly Expr[])[] }
    | { readonly kind: 'query'; readonly query: Query; readonly row: readonly Expr[] };
}

export interface Assignment {
  readonly column: number;
  readonly expr: Expr;
}

export interface Delete extends WriteTarget {
  readonly returning: Returning | null;
  readonly where: Expr | null;
  readonly references: References | null;
}

export interface Update extends Delete {
  readonly assignments: readonly Assignment[];
  readonly checks: readonly Check[];
}

/** The table of UPDATE or DELETE. */
interface WriteTarget {
  readonly table: TableDef;
  readonly alias: string;
  /** Joined with the relations of FROM or USING: its columns, the place of its row, then theirs; null without any. */
  readonly source: QuerySource | null;
}

const INSERT_STMT = new Set([
  'withClause',
  'returningClause',
  'relation',
  'cols',
  'selectStmt',
  'override',
  'onConflictClause',
]);
const DELETE_STMT = new Set(['withClause', 'returningClause', 'relation', 'usingClause', 'whereClause']);
const UPDATE_STMT = new Set([
  'withClause',
  'returningClause',
  'relation',
  'fromClause',
  'targetList',
  'whereClause',
]);
const RETURNING = new Set(['exprs']);
const INSERT_TARGET = new Set(['name', 'location']);
const UPDATE_TARGET = new Set(['name', 'val', 'location']);

interface TargetColumn {
  readonly index: number;
  readonly at: number;
}

export function analyseInsert(analysis: Analysis, fields: Fields): Insert {
  const level = makeLevel('query', null);
  analysis.level = level;
  const { table, source, scope } = analyseSource(analysis, fields);
  level.scope = scope;
  const clause = has(fields, 'onConflictClause') ? fieldsOf(fields, 'onConflictClause') : null;
  const onConflict =
    clause &&
    analyseConflict(analysis, clause, table, level, (nodes) => readAssignments(analysis, table, nodes));
  const returning = analyseReturning(analysis, fields);
  // Constants are folded when all of the statement has been understood.
  const folded: Insert['source'] =
    source.kind === 'rows'
      ? { kind: 'rows', rows: source.rows.map((row) => row.map(fold)) }
      : { ...source, row: source.row.map(fold) };
  if (clause && onConflict) checkArbiters(clause, onConflict);
  const checks = checksOf(analysis, table);
  const references = referencesOf(analysis, table);
  return { table, source: folded, onConflict, returning, checks, references };
}

/** RETURNING sees the row that was written, or deleted. */
function analyseReturning(analysis: Analysis, fields: Fields): Returning | null {
  if (!has(fields, 'returningClause')) return null;
  const clause = fieldsOf(fields, 'returningClause');
  if (has(clause, 'options')) unsupported('RETURNING WITH', firstLocation(own(clause, 'options'), 0));
  onlyFields(clause, RETURNING, 'RETURNING');
  const targets = inClause(analysis, 'RETURNING', () => analyseTargets(analysis, nodesOf(clause, 'exprs')));
  const exprs = targets.map(({ expr }) => fold(resolveUnknown(analysis, expr)));
  const columns = targets.map(({ name }, i) => ({ name, type: TYPE_NAMES[exprs[i]?.type ?? 'text'] }));
  return { exprs, columns };
}

interface InsertSource extends Pick<Insert, 'table' | 'source'> {
  readonly scope: Scope;
}

function analyseSource(analysis: Analysis, fields: Fields): InsertSource {
  const override = readOverriding(fields);
  onlyFields(fields, INSERT_STMT, 'INSERT');
  analyseWith(analysis, fields);
  const { table, scope } = tableScope(analysis, fieldsOf(fields, 'relation'));
  refuseView(table, 'INSERT into', fieldsOf(fields, 'relation'));
  const listed = has(fields, 'cols');
  const targets = listed
    ? insertColumns(table, nodesOf(fields, 'cols'))
    : table.columns.flatMap((column, index) => (isDropped(column) ? [] : [{ index, at: NOWHERE }]));
  const select = optionalNode(fields, 'selectStmt');
  if (select === null)
    return {
      table,
      scope,
      source: { kind: 'rows', rows: [tableRow(analysis, table, targets, [], false, override)] },
    };
  if (select.tag !== 'SelectStmt') unsupported(select.tag, firstLocation(select.fields, 0));
  const plainValues =
    has(select.fields, 'valuesLists') &&
    !['sortClause', 'limitCount', 'limitOffset', 'withClause'].some((name) => has(select.fields, name));
  if (plainValues) {
    const rows = valuesLists(
      select.fields,
      (list) => inClause(analysis, 'VALUES', () => list.map((node) => readValue(analysis, node))),
      (values) => tableRow(analysis, table, targets, values, listed, override),
    );
    return { table, scope, source: { kind: 'rows', rows } };
  }
  analysis.sourceOf = analysis.level;
  const { query } = analyseQuery(analysis, select.fields, { keepUnknown: true });
  analysis.sourceOf = null;
  // Untyped literals take the column's type where they are written; all else is converted above the query.
  const outputs = query.outputs.map((e, i) => typedOutput(analysis, table, targets, e, i));
  const values = outputs.slice(0, query.columns.length).map((e, i) => columnOf(e, i));
  const row = tableRow(analysis, table, targets, values, listed, override);
  return { table, scope, source: { kind: 'query', query: { ...query, outputs }, row } };
}

function typedOutput(
  analysis: Analysis,
  table: TableDef,
  targets: readonly TargetColumn[],
  e: Expr,
  i: number,
): Expr {
  if (e.type !== 'unknown') return e;
  const column = table.columns[targets[i]?.index ?? -1];
  return column === undefined ? coerce(analysis, e, 'text') : coerce(analysis, e, column.type);
}

const columnOf = (e: Expr, i: number): Expr => makeColumn(e.type === 'unknown' ? 'text' : e.type, i, e.at);

function insertColumns(table: TableDef, nodes: readonly TreeNode[]): readonly TargetColumn[] {
  const targets: TargetColumn[] = [];
  for (const node of nodes) {
    if (has(node.fields, 'indirection'))
      unsupported('a subscript or field assignment', locationOf(node.fields));
    onlyFields(node.fields, INSERT_TARGET, 'an INSERT column');
    const at = locationOf(node.fields);
    const name = nameOf(node.fields, 'name');
    const index = columnIndex(table, name, at);
    if (targets.some((target) => target.index === index))
      fail('42701', `column "${name}" specified more than once`, at);
    targets.push({ index, at });
  }
  return targets;
}

function columnIndex(table: TableDef, name: string, at: number): number {
  const index = table.columns.findIndex((column) => column.name === name);
  return index >= 0
    ? index
    : fail('42703', `column "${name}" of relation "${table.name}" does not exist`, at);
}

/** OVERRIDING SYSTEM VALUE or USER VALUE: whose value an identity column gets. */
type Overriding = 'system' | 'user' | null;

const OVERRIDING: ReadonlyMap<string, Overriding> = new Map([
  ['OVERRIDING_NOT_SET', null],
  ['OVERRIDING_SYSTEM_VALUE', 'system'],
  ['OVERRIDING_USER_VALUE', 'user'],
]);

const readOverriding = (fields: Fields): Overriding =>
  OVERRIDING.get(optionalText(fields, 'override') ?? 'OVERRIDING_NOT_SET') ?? null;

/** A value of INSERT or SET; null stands for DEFAULT. */
function readValue(analysis: Analysis, node: TreeNode): Expr | null {
  return node.tag === 'SetToDefault' ? null : analyseExpression(analysis, node);
}

/** The values in the table's layout and types; columns without a value have their default. */
function tableRow(
  analysis: Analysis,
  table: TableDef,
  targets: readonly TargetColumn[],
  values: readonly (Expr | null)[],
  listed: boolean,
  override: Overriding,
): readonly Expr[] {
  const extra = values[targets.length];
  if (values.length > targets.length)
    fail('42601', 'INSERT has more expressions than target columns', extra?.at ?? NOWHERE);
  if (listed && values.length < targets.length)
    fail('42601', 'INSERT has more target columns than expressions', targets[values.length]?.at);
  const given = new Map<number, Expr>();
  values.forEach((value, i) => {
    const index = targets[i]?.index ?? -1;
    const column = table.columns[index];
    if (column?.identity !== undefined && override === 'user') return;
    if (value !== null && column?.identity === 'always' && override !== 'system')
      fail('428C9', `cannot insert a non-DEFAULT value into column "${column.name}"`);
    if (value !== null && column !== undefined) given.set(index, coerceToColumn(analysis, value, column));
  });
  return table.columns.map((column, i) => given.get(i) ?? defaultOf(analysis, column));
}

export function analyseUpdate(analysis: Analysis, fields: Fields): Update {
  onlyFields(fields, UPDATE_STMT, 'UPDATE');
  const target = openTarget(analysis, fields, 'fromClause');
  const where = analyseWhere(analysis, fields);
  const assignments = readAssignments(analysis, target.table, nodesOf(fields, 'targetList'));
  const returning = analyseReturning(analysis, fields);
  const checks = checksOf(analysis, target.table);
  const references = referencesOf(analysis, target.table);
  return { ...target, assignments, where, returning, checks, references };
}

/** The list after SET. */
function readAssignments(
  analysis: Analysis,
  table: TableDef,
  nodes: readonly TreeNode[],
): readonly Assignment[] {
  const read = nodes.map((node) => {
    if (node.tag !== 'ResTarget') unsupported(node.tag, firstLocation(node.fields, 0));
    if (has(node.fields, 'indirection'))
      unsupported('a subscript or field assignment', locationOf(node.fields));
    onlyFields(node.fields, UPDATE_TARGET, 'an UPDATE column');
    const value = inClause(analysis, 'UPDATE', () => readValue(analysis, nodeOf(node.fields, 'val')));
    return { name: nameOf(node.fields, 'name'), value, at: locationOf(node.fields) };
  });
  const assignments = read.map(({ name, value, at }) => assignment(analysis, table, name, value, at));
  const seen = new Set<number>();
  for (const { column } of assignments) {
    if (seen.has(column))
      fail('42601', `multiple assignments to same column "${table.columns[column]?.name ?? ''}"`);
    seen.add(column);
  }
  return assignments;
}

/** The table, whose columns and those of the relations beside it the statement's expressions see. */
function openTarget(analysis: Analysis, fields: Fields, beside: 'fromClause' | 'usingClause'): WriteTarget {
  const level = makeLevel('query', null);
  analysis.level = level;
  analyseWith(analysis, fields);
  const { table, scope } = tableScope(analysis, fieldsOf(fields, 'relation'));
  refuseView(table, beside === 'fromClause' ? 'UPDATE of' : 'DELETE from', fieldsOf(fields, 'relation'));
  const alias = scope.relations[0]?.alias ?? table.name;
  const nodes = nodesOf(fields, beside);
  if (nodes.length > 0) level.width += 1;
  const placed = { kind: 'table', table, alias, offset: 0, width: level.width } as const;
  const joined = analyseBeside(analysis, { source: placed, scope }, nodes);
  level.scope = joined?.scope ?? scope;
  return { table, alias, source: joined?.source ?? null };
}

function assignment(
  analysis: Analysis,
  table: TableDef,
  name: string,
  value: Expr | null,
  at: number,
): Assignment {
  const index = columnIndex(table, name, at);
  const column = table.columns[index];
  if (column === undefined) return fail('XX000', 'a column that is not there', at);
  if (value !== null && column.identity === 'always')
    fail('428C9', `column "${column.name}" can only be updated to DEFAULT`);
  if (value === null) return { column: index, expr: fold(defaultOf(analysis, column)) };
  return { column: index, expr: fold(coerceToColumn(analysis, value, column)) };
}

export function analyseDelete(analysis: Analysis, fields: Fields): Delete {
  onlyFields(fields, DELETE_STMT, 'DELETE');
  const target = openTarget(analysis, fields, 'usingClause');
  const where = analyseWhere(analysis, fields);
  const returning = analyseReturning(analysis, fields);
  return { ...target, where, returning, references: referencesOf(analysis, target.table) };
}

function analyseWhere(analysis: Analysis, fields: Fields): Expr | null {
  const node = optionalNode(fields, 'whereClause');
  if (node === null) return null;
  return foldCondition(inClause(analysis, 'WHERE', () => analyseCondition(analysis, node, 'WHERE')));
}
