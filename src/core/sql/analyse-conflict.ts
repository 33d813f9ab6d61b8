// ON CONFLICT of INSERT: the unique indexes that decide whether a row is there already, and what becomes of it. SET and WHERE
// see the row that is there and the one that was to be inserted (`excluded`), side by side.

import type { IndexDef, TableDef } from './access.ts';
import { analyseCondition } from './analyse-expression.ts';
import type { Assignment } from './analyse-write.ts';
import { type Analysis, inClause } from './analysis.ts';
import { type Expr, hasSubquery, makeColumn } from './expression.ts';
import { fail, NOWHERE, unsupported } from './failure.ts';
import { foldCondition } from './fold.ts';
import type { Level, Scope } from './scope.ts';
import { isDropped, isReady, isValid } from './table-def.ts';
import {
  type Fields,
  fieldsOf,
  firstLocation,
  has,
  locationOf,
  nameOf,
  nodesOf,
  onlyFields,
  optionalNode,
  type TreeNode,
  textOf,
} from './tree.ts';

export interface OnConflict {
  /** Unique indexes of which one having the row's key is no error. */
  readonly arbiters: readonly IndexDef[];
  /** Over the row that is there and then the one that was to be inserted; null: DO NOTHING. */
  readonly update: { readonly assignments: readonly Assignment[]; readonly where: Expr | null } | null;
}

const CLAUSE = new Set(['action', 'infer', 'targetList', 'whereClause', 'location']);
const INFER = new Set(['indexElems', 'conname', 'location']);
const INDEX_ELEM = new Set(['name', 'ordering', 'nulls_ordering']);

type ReadAssignments = (nodes: readonly TreeNode[]) => readonly Assignment[];

export function analyseConflict(
  analysis: Analysis,
  clause: Fields,
  table: TableDef,
  level: Level,
  readAssignments: ReadAssignments,
): OnConflict {
  const at = locationOf(clause);
  onlyFields(clause, CLAUSE, 'ON CONFLICT');
  const isUpdate = textOf(clause, 'action') === 'ONCONFLICT_UPDATE';
  if (isUpdate && !has(clause, 'infer'))
    fail('42601', 'ON CONFLICT DO UPDATE requires inference specification or constraint name', at);
  const arbiters = has(clause, 'infer')
    ? readArbiters(fieldsOf(clause, 'infer'), table)
    : table.indexes.filter((index) => index.isUnique && isReady(index));
  const update = isUpdate ? readUpdate(analysis, clause, table, level, readAssignments) : null;
  return { arbiters, update };
}

/** 42P10, which PostgreSQL's planner gives, after constants were folded. */
export function checkArbiters(clause: Fields, { arbiters }: OnConflict): void {
  if (has(clause, 'infer') && arbiters.length === 0)
    fail('42P10', 'there is no unique or exclusion constraint matching the ON CONFLICT specification');
}

/** By the name of a constraint, or all unique indexes over just these columns. */
function readArbiters(infer: Fields, table: TableDef): readonly IndexDef[] {
  const at = locationOf(infer);
  if (has(infer, 'whereClause')) unsupported('ON CONFLICT with a predicate', at);
  onlyFields(infer, INFER, 'ON CONFLICT');
  if (has(infer, 'conname')) {
    const name = nameOf(infer, 'conname');
    const named = table.indexes.filter((index) => index.name === name && index.constraint !== null);
    if (named.length === 0) fail('42704', `constraint "${name}" for table "${table.name}" does not exist`);
    return named;
  }
  const columns = new Set(nodesOf(infer, 'indexElems').map((element) => columnOf(table, element, at)));
  return table.indexes.filter(
    (index) =>
      index.isUnique &&
      isValid(index) &&
      index.keys.every(({ column }) => columns.has(column)) &&
      [...columns].every((wanted) => index.keys.some(({ column }) => column === wanted)),
  );
}

function columnOf({ columns }: TableDef, { tag, fields }: TreeNode, at: number): number {
  if (tag !== 'IndexElem' || has(fields, 'expr')) return unsupported('ON CONFLICT with an expression', at);
  if (has(fields, 'collation') || has(fields, 'opclass'))
    unsupported('ON CONFLICT with COLLATE or an operator class', at);
  onlyFields(fields, INDEX_ELEM, 'ON CONFLICT');
  const name = nameOf(fields, 'name');
  const index = columns.findIndex((column) => column.name === name);
  return index >= 0 ? index : fail('42703', `column "${name}" does not exist`, at);
}

function readUpdate(
  analysis: Analysis,
  clause: Fields,
  table: TableDef,
  level: Level,
  readAssignments: ReadAssignments,
): OnConflict['update'] {
  const { scope } = level;
  level.scope = withExcluded(table, scope, level.width);
  const assignments = readAssignments(nodesOf(clause, 'targetList'));
  const node = optionalNode(clause, 'whereClause');
  const where =
    node === null
      ? null
      : foldCondition(inClause(analysis, 'WHERE', () => analyseCondition(analysis, node, 'WHERE')));
  level.scope = scope;
  const exprs = assignments.map(({ expr }) => expr);
  if ((where === null ? exprs : [...exprs, where]).some(hasSubquery))
    unsupported('a subquery in ON CONFLICT DO UPDATE', firstLocation(clause, 0));
  return { assignments, where };
}

function withExcluded(table: TableDef, scope: Scope, offset: number): Scope {
  const columns = table.columns.flatMap((column, i) =>
    isDropped(column) ? [] : [{ name: column.name, expr: makeColumn(column.type, offset + i, NOWHERE) }],
  );
  return {
    relations: [...scope.relations, { alias: 'excluded', table, offset, columns }],
    columns: [...scope.columns, ...columns],
  };
}
