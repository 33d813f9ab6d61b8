// COPY table FROM STDIN, COPY table or (query) TO STDOUT. The data of COPY FROM comes with the statement (`copyData`, cut off its text
// at the edge); COPY of a table is the copy of a query that names its columns.

import type { TableDef } from './access.ts';
import { checksOf, defaultOf } from './analyse-constraint.ts';
import { analyseCondition } from './analyse-expression.ts';
import { tableScope } from './analyse-from.ts';
import { type Analysis, inClause, resolveTable } from './analysis.ts';
import { coerceToColumn } from './coerce.ts';
import { type CopyColumns, type CopyOptions, readCopyOptions } from './copy-options.ts';
import type { CopyColumn } from './copy-source.ts';
import { type Expr, hasSubquery, makeColumn, someExpr } from './expression.ts';
import { fail, NOWHERE, unsupported } from './failure.ts';
import { fold, foldCondition } from './fold.ts';
import type { CopyFromPlan, CopyToPlan } from './plan-types.ts';
import { referencesOf } from './references.ts';
import { makeLevel } from './scope.ts';
import { isDropped } from './table-def.ts';
import {
  type Fields,
  fieldsOf,
  firstLocation,
  flagOf,
  has,
  nodeOf,
  nodesOf,
  onlyFields,
  optionalNode,
  stringsOf,
  type TreeNode,
} from './tree.ts';
import { columnTree } from './written-tree.ts';

const COPY_STMT = new Set([
  'relation',
  'query',
  'attlist',
  'is_from',
  'is_program',
  'filename',
  'options',
  'whereClause',
]);

export const isCopyFrom = (fields: Fields): boolean => flagOf(fields, 'is_from');

/** Files of the server and programs there: the lab has none. */
function refuseFiles(fields: Fields): void {
  onlyFields(fields, COPY_STMT, 'COPY');
  if (flagOf(fields, 'is_program')) unsupported('COPY with a program');
  if (has(fields, 'filename')) unsupported('COPY with a file of the server (STDIN and STDOUT are)');
}

/** PostgreSQL gives no position here. */
function relationOf(fields: Fields): Fields {
  const { location: _, ...relation } = fieldsOf(fields, 'relation');
  return relation;
}

const NOT_TABLES = (table: TableDef): string | null =>
  table.view !== undefined ? 'view' : table.sequence !== undefined ? 'sequence' : null;

export function analyseCopyFrom(analysis: Analysis, fields: Fields): CopyFromPlan {
  refuseFiles(fields);
  const level = makeLevel('query', null);
  analysis.level = level;
  const { table, scope } = tableScope(analysis, relationOf(fields));
  level.scope = scope;
  const where = whereOf(analysis, fields);
  const options = readCopyOptions(nodesOf(fields, 'options'), true);
  const copied = copiedColumns(table, fields);
  const neverNull = namedIn(table, copied, options, 'forceNotNull');
  const mayBeNull = namedIn(table, copied, options, 'forceNull');
  const kind = table.metadata ? 'view' : NOT_TABLES(table);
  if (kind !== null) fail('42809', `cannot copy to ${kind} "${table.name}"`);
  const columns = copied.map((index, i): CopyColumn => {
    const column = table.columns[index];
    if (column === undefined) return fail('XX000', 'a column that is not there');
    const { name, type } = column;
    const fit = coerceToColumn(analysis, makeColumn(type, 0, NOWHERE), column);
    return { name, type, fit, isNeverNull: neverNull[i] === true, mayBeNull: mayBeNull[i] === true };
  });
  const exprs = table.columns.map((column, index) => {
    const at = copied.indexOf(index);
    return at < 0 ? fold(defaultOf(analysis, column)) : makeColumn(column.type, at, NOWHERE);
  });
  const { data, at: dataAt } = analysis.copyData ?? { data: '', at: 0 };
  return {
    kind: 'copyFrom',
    table,
    source: { relation: table.name, format: options.format, columns, data, dataAt },
    exprs,
    where,
    isOneByOne: exprs.some(isVolatile),
    checks: checksOf(analysis, table),
    references: referencesOf(analysis, table),
  };
}

/** Another value each time: PostgreSQL then writes row by row. */
const isVolatile = (e: Expr): boolean =>
  someExpr(
    e,
    (part) => part.kind === 'sequence' || (part.kind === 'ambient' && part.source !== 'transactionStart'),
  );

function whereOf(analysis: Analysis, fields: Fields): Expr | null {
  const node = optionalNode(fields, 'whereClause');
  if (node === null) return null;
  const condition = inClause(analysis, 'COPY FROM WHERE conditions', () =>
    analyseCondition(analysis, node, 'WHERE'),
  );
  if (hasSubquery(condition))
    fail('0A000', 'cannot use subquery in COPY FROM WHERE condition', firstLocation(node.fields, 0));
  return foldCondition(condition);
}

/** Positions in the table of the columns that are copied. */
function copiedColumns(table: TableDef, fields: Fields): readonly number[] {
  if (!has(fields, 'attlist')) return table.columns.flatMap((column, i) => (isDropped(column) ? [] : [i]));
  return positionsOf(table, stringsOf(fields, 'attlist'));
}

function positionsOf(table: TableDef, names: readonly string[]): readonly number[] {
  const positions: number[] = [];
  for (const name of names) {
    const at = table.columns.findIndex((column) => column.name === name);
    if (at < 0) fail('42703', `column "${name}" of relation "${table.name}" does not exist`);
    if (positions.includes(at)) fail('42701', `column "${name}" specified more than once`);
    positions.push(at);
  }
  return positions;
}

const OPTION_NAMES = {
  forceQuote: 'FORCE_QUOTE',
  forceNotNull: 'FORCE_NOT_NULL',
  forceNull: 'FORCE_NULL',
} as const;

/** For each copied column: does the option name it? */
function namedIn(
  table: TableDef,
  copied: readonly number[],
  options: CopyOptions,
  option: keyof typeof OPTION_NAMES,
): readonly boolean[] {
  const named: CopyColumns = options[option];
  if (named === null) return [];
  if (named === 'all') return copied.map(() => true);
  const positions = positionsOf(table, named);
  const other = positions.find((at) => !copied.includes(at));
  if (other !== undefined)
    fail('42P10', `${OPTION_NAMES[option]} column "${table.columns[other]?.name}" not referenced by COPY`);
  return copied.map((at) => positions.includes(at));
}

/** What COPY TO copies: the statement to analyse, and afterwards the plan around that of it. */
interface CopyTo {
  readonly statement: TreeNode;
  readonly finish: (inner: CopyToPlan['statement']) => CopyToPlan;
}

export function analyseCopyTo(analysis: Analysis, fields: Fields): CopyTo {
  refuseFiles(fields);
  if (has(fields, 'query')) {
    const options = readCopyOptions(nodesOf(fields, 'options'), false);
    return { statement: nodeOf(fields, 'query'), finish: (inner) => ofQuery(inner, options) };
  }
  const relation = relationOf(fields);
  const table = resolveTable(analysis, relation);
  const kind = NOT_TABLES(table);
  if (kind !== null) fail('42809', `cannot copy from ${kind} "${table.name}"`);
  const options = readCopyOptions(nodesOf(fields, 'options'), false);
  const copied = copiedColumns(table, fields);
  const forced = namedIn(table, copied, options, 'forceQuote');
  const targetList = copied.map((at) => ({ ResTarget: { val: columnTree(table.columns[at]?.name ?? '') } }));
  const select = {
    targetList,
    fromClause: [{ RangeVar: relation }],
    limitOption: 'LIMIT_OPTION_DEFAULT',
    op: 'SETOP_NONE',
  };
  return {
    statement: { tag: 'SelectStmt', fields: select },
    finish: (inner) => copyTo(inner, options, forced, resultColumns(inner)),
  };
}

function resultColumns(inner: CopyToPlan['statement']): readonly string[] {
  const columns = inner.kind === 'select' ? inner.columns : inner.returning?.columns;
  if (columns === undefined) return fail('0A000', 'COPY query must have a RETURNING clause');
  return columns.map(({ name }) => name);
}

function ofQuery(inner: CopyToPlan['statement'], options: CopyOptions): CopyToPlan {
  const names = resultColumns(inner);
  const { forceQuote } = options;
  if (forceQuote === null || forceQuote === 'all')
    return copyTo(inner, options, forceQuote === null ? [] : names.map(() => true), names);
  const positions = new Set<number>();
  for (const name of forceQuote) {
    const at = names.indexOf(name);
    if (at < 0) fail('42703', `column "${name}" does not exist`);
    if (positions.has(at)) fail('42701', `column "${name}" specified more than once`);
    positions.add(at);
  }
  return copyTo(
    inner,
    options,
    names.map((_, i) => positions.has(i)),
    names,
  );
}

const copyTo = (
  statement: CopyToPlan['statement'],
  { format }: CopyOptions,
  forced: readonly boolean[],
  names: readonly string[],
): CopyToPlan => ({
  kind: 'copyTo',
  statement,
  format,
  forced,
  names,
  columns: [{ name: 'copy', type: 'text' }],
});
