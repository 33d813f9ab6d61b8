// INSERT, UPDATE and DELETE: the table, the rows to write or the assignments, and the condition.

import type { TableDef } from './access.ts';
import { analyseConflict, checkArbiters, type OnConflict } from './analyse-conflict.ts';
import { type Check, checksOf, defaultOf } from './analyse-constraint.ts';
import { analyseCondition, analyseExpression } from './analyse-expression.ts';
import { analyseBeside } from './analyse-from.ts';
import { analyseQuery } from './analyse-query.ts';
import { analyseTargets, valuesLists } from './analyse-select.ts';
import { analyseWith } from './analyse-with.ts';
import { analyseWritten, checkWritten, type Written } from './analyse-written.ts';
import { type Analysis, inClause } from './analysis.ts';
import { coerce, coerceToColumn, resolveUnknown } from './coerce.ts';
import { conjunctsOf, type Expr, joinConjuncts, makeColumn, makeConst } from './expression.ts';
import { fail, NOWHERE, unsupported } from './failure.ts';
import { fold, foldCondition } from './fold.ts';
import type { Returning } from './plan-types.ts';
import type { Query, QuerySource } from './query.ts';
import { type References, referencesOf } from './references.ts';
import { makeLevel, queryLevel, typmodOf } from './scope.ts';
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
import { shownColumn } from './types.ts';

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
  /** In what the statement names. */
  readonly place: number;
  /** In the table; −1: in none. */
  readonly index: number;
  readonly at: number;
}

export function analyseInsert(analysis: Analysis, fields: Fields): Insert {
  const level = makeLevel('query', analysis.level);
  analysis.level = level;
  const { written, source, assigned } = analyseSource(analysis, fields);
  const { table } = written;
  level.scope = written.scope;
  const clause = has(fields, 'onConflictClause') ? fieldsOf(fields, 'onConflictClause') : null;
  const onConflict =
    clause &&
    analyseConflict(analysis, clause, written, level, (nodes) => {
      const set = readAssignments(analysis, written, nodes);
      assigned.push(...set.assigned);
      return set.assignments;
    });
  const returning = analyseReturning(analysis, fields);
  checkWritten(written, assigned, 'insert into');
  // Constants are folded when all of the statement has been understood.
  const folded: Insert['source'] =
    source.kind === 'rows'
      ? { kind: 'rows', rows: source.rows.map((row) => row.map(fold)) }
      : { ...source, row: source.row.map(fold) };
  if (clause && onConflict) checkArbiters(clause, onConflict);
  const checks = [...checksOf(analysis, table), ...written.checks];
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
  const level = queryLevel(analysis);
  const columns = targets.map(({ name, expr }, i) => {
    const typmod = typmodOf(level, expr);
    const type = exprs[i]?.type;
    const declared = { type: type === undefined || type === 'unknown' ? 'text' : type } as const;
    return shownColumn(name, { ...declared, ...(typmod !== undefined && { typmod }) });
  });
  return { exprs, columns };
}

interface InsertSource extends Pick<Insert, 'source'> {
  readonly written: ReturnType<typeof analyseWritten>;
  /** Columns that it gives values to, by their places in what the statement names. */
  readonly assigned: number[];
}

function analyseSource(analysis: Analysis, fields: Fields): InsertSource {
  const override = readOverriding(fields);
  onlyFields(fields, INSERT_STMT, 'INSERT');
  analyseWith(analysis, fields);
  const written = analyseWritten(analysis, fieldsOf(fields, 'relation'), 'insert into');
  const listed = has(fields, 'cols');
  const targets = listed
    ? insertColumns(written, nodesOf(fields, 'cols'))
    : written.columns.flatMap(({ name }, place) => (name === '' ? [] : [targetAt(written, place, NOWHERE)]));
  const insert = { analysis, table: written.table, targets, listed, override };
  const select = optionalNode(fields, 'selectStmt');
  if (select === null)
    return { written, assigned: [], source: { kind: 'rows', rows: [tableRow(insert, [])] } };
  if (select.tag !== 'SelectStmt') unsupported(select.tag, firstLocation(select.fields, 0));
  const given = (width: number): number[] => targets.slice(0, width).map(({ place }) => place);
  const plainValues =
    has(select.fields, 'valuesLists') &&
    !['sortClause', 'limitCount', 'limitOffset', 'withClause'].some((name) => has(select.fields, name));
  if (plainValues) {
    let width = 0;
    const rows = valuesLists(
      select.fields,
      (list) => inClause(analysis, 'VALUES', () => list.map((node) => readValue(analysis, node))),
      (values) => {
        width = values.length;
        return tableRow(insert, values);
      },
    );
    return { written, assigned: given(width), source: { kind: 'rows', rows } };
  }
  analysis.sourceOf = analysis.level;
  const { query } = analyseQuery(analysis, select.fields, { keepUnknown: true });
  analysis.sourceOf = null;
  // Untyped literals take the column's type where they are written; all else is converted above the query.
  const outputs = query.outputs.map((e, i) => typedOutput(insert, e, i));
  const values = outputs.slice(0, query.columns.length).map((e, i) => columnOf(e, i));
  const row = tableRow(insert, values);
  const source = { kind: 'query', query: { ...query, outputs }, row } as const;
  return { written, assigned: given(values.length), source };
}

/** What INSERT fills the table's row by. */
interface InsertTarget {
  readonly analysis: Analysis;
  readonly table: TableDef;
  readonly targets: readonly TargetColumn[];
  readonly listed: boolean;
  readonly override: Overriding;
}

function typedOutput({ analysis, table, targets }: InsertTarget, e: Expr, i: number): Expr {
  if (e.type !== 'unknown') return e;
  const column = table.columns[targets[i]?.index ?? -1];
  return column === undefined ? coerce(analysis, e, 'text') : coerce(analysis, e, column.type);
}

const columnOf = (e: Expr, i: number): Expr => makeColumn(e.type === 'unknown' ? 'text' : e.type, i, e.at);

function insertColumns(written: Written, nodes: readonly TreeNode[]): readonly TargetColumn[] {
  const targets: TargetColumn[] = [];
  for (const node of nodes) {
    if (has(node.fields, 'indirection'))
      unsupported('a subscript or field assignment', locationOf(node.fields));
    onlyFields(node.fields, INSERT_TARGET, 'an INSERT column');
    const at = locationOf(node.fields);
    const name = nameOf(node.fields, 'name');
    const target = targetAt(written, placeOf(written, name, at), at);
    if (targets.some(({ place }) => place === target.place))
      fail('42701', `column "${name}" specified more than once`, at);
    targets.push(target);
  }
  return targets;
}

const targetAt = ({ columns }: Written, place: number, at: number): TargetColumn => ({
  place,
  index: columns[place]?.column ?? -1,
  at,
});

function placeOf({ shown, columns }: Written, name: string, at: number): number {
  const place = columns.findIndex((column) => column.name === name);
  return place >= 0
    ? place
    : fail('42703', `column "${name}" of relation "${shown.name}" does not exist`, at);
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
  { analysis, table, targets, listed, override }: InsertTarget,
  values: readonly (Expr | null)[],
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
    // Two columns of a view may be one of the table.
    if (index >= 0 && targets.some((target, earlier) => earlier < i && target.index === index))
      fail('42601', `multiple assignments to same column "${column?.name ?? ''}"`);
    if (column?.identity !== undefined && override === 'user') return;
    if (value !== null && column?.identity === 'always' && override !== 'system')
      fail('428C9', `cannot insert a non-DEFAULT value into column "${column.name}"`);
    if (value !== null && column !== undefined) given.set(index, coerceToColumn(analysis, value, column));
  });
  return table.columns.map((column, i) => given.get(i) ?? defaultOf(analysis, column));
}

export function analyseUpdate(analysis: Analysis, fields: Fields): Update {
  onlyFields(fields, UPDATE_STMT, 'UPDATE');
  const opened = openTarget(analysis, fields, 'fromClause');
  const { written, ...target } = opened;
  const where = analyseWhere(analysis, fields, written);
  const { assignments, assigned } = readAssignments(analysis, written, nodesOf(fields, 'targetList'));
  const returning = analyseReturning(analysis, fields);
  checkWritten(written, assigned, 'update');
  const checks = [...checksOf(analysis, target.table), ...written.checks];
  const references = referencesOf(analysis, target.table);
  return { ...target, assignments, where, returning, checks, references };
}

/** The list after SET; `assigned`: its columns by their places in what the statement names. */
interface Assigned {
  readonly assignments: readonly Assignment[];
  readonly assigned: readonly number[];
}

function readAssignments(analysis: Analysis, written: Written, nodes: readonly TreeNode[]): Assigned {
  const read = nodes.map((node) => {
    if (node.tag !== 'ResTarget') unsupported(node.tag, firstLocation(node.fields, 0));
    if (has(node.fields, 'indirection'))
      unsupported('a subscript or field assignment', locationOf(node.fields));
    onlyFields(node.fields, UPDATE_TARGET, 'an UPDATE column');
    const value = inClause(analysis, 'UPDATE', () => readValue(analysis, nodeOf(node.fields, 'val')));
    return { name: nameOf(node.fields, 'name'), value, at: locationOf(node.fields) };
  });
  const assigned = read.map(({ name, at }) => placeOf(written, name, at));
  const assignments = read.flatMap(
    ({ value, at }, i) => assignment(analysis, written, assigned[i] ?? -1, value, at) ?? [],
  );
  // Two columns of a view may be one of the table.
  refuseTwice(assigned, (place) => written.columns[place]?.name);
  refuseTwice(
    assignments.map(({ column }) => column),
    (column) => written.table.columns[column]?.name,
  );
  return { assignments, assigned };
}

function refuseTwice(places: readonly number[], nameOfPlace: (place: number) => string | undefined): void {
  const twice = places.find((place, i) => places.indexOf(place) !== i);
  if (twice !== undefined) fail('42601', `multiple assignments to same column "${nameOfPlace(twice) ?? ''}"`);
}

/** The table, whose columns and those of the relations beside it the statement's expressions see. */
function openTarget(
  analysis: Analysis,
  fields: Fields,
  beside: 'fromClause' | 'usingClause',
): WriteTarget & { readonly written: Written } {
  const level = makeLevel('query', analysis.level);
  analysis.level = level;
  analyseWith(analysis, fields);
  const writes = beside === 'fromClause' ? 'update' : 'delete from';
  const { scope, ...written } = analyseWritten(analysis, fieldsOf(fields, 'relation'), writes);
  const { table } = written;
  analysis.scans.push(table.relation);
  const alias = scope.relations[0]?.alias ?? table.name;
  const nodes = nodesOf(fields, beside);
  if (nodes.length > 0) level.width += 1;
  const placed = { kind: 'table', table, alias, offset: 0, width: level.width } as const;
  const joined = analyseBeside(analysis, { source: placed, scope }, nodes);
  level.scope = joined?.scope ?? scope;
  return { table, alias, source: joined?.source ?? null, written };
}

/** Null: of a column that is computed, which is refused in its turn. */
function assignment(
  analysis: Analysis,
  { shown, table, columns }: Written,
  place: number,
  value: Expr | null,
  at: number,
): Assignment | null {
  const index = columns[place]?.column ?? -1;
  const column = table.columns[index];
  if (column === undefined) return null;
  // A view's columns have no defaults of their own, and the table's are not asked for.
  const given = value ?? (shown.view && makeConst('unknown', null, at)) ?? null;
  if (given !== null && column.identity === 'always')
    fail('428C9', `column "${column.name}" can only be updated to DEFAULT`);
  if (given === null) return { column: index, expr: fold(defaultOf(analysis, column)) };
  return { column: index, expr: fold(coerceToColumn(analysis, given, column)) };
}

export function analyseDelete(analysis: Analysis, fields: Fields): Delete {
  onlyFields(fields, DELETE_STMT, 'DELETE');
  const { written, ...target } = openTarget(analysis, fields, 'usingClause');
  const where = analyseWhere(analysis, fields, written);
  const returning = analyseReturning(analysis, fields);
  checkWritten(written, [], 'delete from');
  return { ...target, where, returning, references: referencesOf(analysis, target.table) };
}

/** With the conditions of the views that are written through. */
function analyseWhere(analysis: Analysis, fields: Fields, written: Written): Expr | null {
  const node = optionalNode(fields, 'whereClause');
  const own =
    node === null
      ? null
      : foldCondition(inClause(analysis, 'WHERE', () => analyseCondition(analysis, node, 'WHERE')));
  return joinConjuncts([...written.conditions.map(({ condition }) => condition), ...conjunctsOf(own)]);
}
