// ON CONFLICT of INSERT: the unique indexes that decide whether a row is there already, and what becomes of it. SET and WHERE
// see the row that is there and the one that was to be inserted (`excluded`), side by side.

import type { IndexDef, IndexKey } from './access.ts';
import { indexExpression, indexPredicate } from './analyse-constraint.ts';
import { analyseCondition } from './analyse-expression.ts';
import type { Assignment } from './analyse-write.ts';
import type { Written } from './analyse-written.ts';
import { type Analysis, inClause } from './analysis.ts';
import { conjunctsOf, type Expr, equalExpr, exprOf, hasSubquery, mapColumns } from './expression.ts';
import { fail, unsupported } from './failure.ts';
import { foldCondition } from './fold.ts';
import { ownName } from './relation-name.ts';
import type { Level, Scope } from './scope.ts';
import { isReady, isValid } from './table-def.ts';
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
const INFER = new Set(['indexElems', 'conname', 'whereClause', 'location']);
const INDEX_ELEM = new Set(['name', 'expr', 'ordering', 'nulls_ordering']);

type ReadAssignments = (nodes: readonly TreeNode[]) => readonly Assignment[];

export function analyseConflict(
  analysis: Analysis,
  clause: Fields,
  written: Written,
  level: Level,
  readAssignments: ReadAssignments,
): OnConflict {
  const at = locationOf(clause);
  onlyFields(clause, CLAUSE, 'ON CONFLICT');
  const isUpdate = textOf(clause, 'action') === 'ONCONFLICT_UPDATE';
  if (isUpdate && !has(clause, 'infer'))
    fail('42601', 'ON CONFLICT DO UPDATE requires inference specification or constraint name', at);
  const arbiters = has(clause, 'infer')
    ? readArbiters(analysis, fieldsOf(clause, 'infer'), written)
    : written.table.indexes.filter((index) => index.isUnique && isReady(index));
  const update = isUpdate ? readUpdate(analysis, clause, written, level, readAssignments) : null;
  return { arbiters, update };
}

/** 42P10, which PostgreSQL's planner gives, after constants were folded. */
export function checkArbiters(clause: Fields, { arbiters }: OnConflict): void {
  if (has(clause, 'infer') && arbiters.length === 0)
    fail('42P10', 'there is no unique or exclusion constraint matching the ON CONFLICT specification');
}

/** By the name of a constraint, or all unique indexes over just these columns and expressions, of all rows or of those of a condition. */
function readArbiters(analysis: Analysis, infer: Fields, written: Written): readonly IndexDef[] {
  const { table, shown } = written;
  const at = locationOf(infer);
  onlyFields(infer, INFER, 'ON CONFLICT');
  if (has(infer, 'conname')) {
    const name = nameOf(infer, 'conname');
    const isNamed = (index: IndexDef): boolean => ownName(index.name) === name && index.constraint !== null;
    // A view has none.
    const named = shown.view === undefined ? table.indexes.filter(isNamed) : [];
    if (named.length === 0) fail('42704', `constraint "${name}" for table "${shown.name}" does not exist`);
    return named;
  }
  const wanted = nodesOf(infer, 'indexElems').map((element) => keyIn(analysis, written, element, at));
  const where = has(infer, 'whereClause')
    ? conjunctsOf(exprOf(indexPredicate(analysis, table, nodeOf(infer, 'whereClause'))))
    : [];
  const isPartOf = ({ where: own }: IndexDef): boolean =>
    own === undefined ||
    conjunctsOf(exprOf(own)).every((part) => where.some((given) => equalExpr(given, part)));
  return table.indexes.filter(
    (index) =>
      index.isUnique &&
      isValid(index) &&
      isPartOf(index) &&
      index.keys.every((key) => wanted.some((one) => isSameKey(key, one))) &&
      wanted.every((one) => index.keys.some((key) => isSameKey(key, one))),
  );
}

type Wanted = Pick<IndexKey, 'column' | 'computed'>;

const isSameKey = (a: Wanted, b: Wanted): boolean =>
  a.column === b.column &&
  (a.computed === undefined || b.computed === undefined || equalExpr(exprOf(a.computed), exprOf(b.computed)));

function keyIn(analysis: Analysis, written: Written, element: TreeNode, at: number): Wanted {
  if (element.tag !== 'IndexElem' || !has(element.fields, 'expr'))
    return { column: columnOf(written, element, at) };
  if (written.shown.view !== undefined) unsupported('ON CONFLICT with an expression over a view', at);
  return indexExpression(analysis, written.table, nodeOf(element.fields, 'expr'));
}

function columnOf({ columns }: Written, { tag, fields }: TreeNode, at: number): number {
  if (tag !== 'IndexElem') return unsupported(tag, at);
  if (has(fields, 'collation') || has(fields, 'opclass'))
    unsupported('ON CONFLICT with COLLATE or an operator class', at);
  onlyFields(fields, INDEX_ELEM, 'ON CONFLICT');
  const name = nameOf(fields, 'name');
  const found = columns.find((column) => column.name === name);
  return found === undefined ? fail('42703', `column "${name}" does not exist`, at) : found.column;
}

function readUpdate(
  analysis: Analysis,
  clause: Fields,
  written: Written,
  level: Level,
  readAssignments: ReadAssignments,
): OnConflict['update'] {
  const { scope } = level;
  level.scope = withExcluded(written, scope, level.width);
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

function withExcluded({ shown, columns }: Written, scope: Scope, offset: number): Scope {
  const moved = (e: Expr): Expr => mapColumns(e, (column) => ({ ...column, index: offset + column.index }));
  const excluded = columns.flatMap(({ name, expr }) => (name === '' ? [] : [{ name, expr: moved(expr) }]));
  return {
    relations: [...scope.relations, { alias: 'excluded', table: shown, offset, columns: excluded }],
    columns: [...scope.columns, ...excluded],
  };
}
