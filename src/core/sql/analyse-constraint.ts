// CHECK constraints and computed defaults: expressions that the catalog keeps as syntax trees and that each statement which
// writes the table analyses anew; and expressions of indexes, which are kept as they are evaluated, too. A definition is
// analysed once as it is made, so that it is refused there.

import { present } from '../../base/assert.ts';
import type { CheckDef, ColumnDef, DeclaredType, IndexDef, IndexKey, RowExpr, TableDef } from './access.ts';
import { analyseCondition, analyseExpression } from './analyse-expression.ts';
import { makeSequenceExpr } from './analyse-sequence.ts';
import { type Analysis, type Clause, findNamedType, inClause } from './analysis.ts';
import { coerce, coerceToColumn, resolveUnknown, settledType } from './coerce.ts';
import { isStableFunction } from './defined-functions.ts';
import { type Expr, eachColumn, makeColumn, makeConst, someExpr } from './expression.ts';
import { fail, NOWHERE, SqlFailure, unsupported } from './failure.ts';
import { fold, foldCondition } from './fold.ts';
import { ownName, PUBLIC, schemaOf } from './relation-name.ts';
import { atLevel, makeLevel } from './scope.ts';
import { isSequenceType } from './sequence.ts';
import { isDropped, isPlain } from './table-def.ts';
import { targetName } from './target-name.ts';
import {
  asFields,
  asNode,
  type Fields,
  firstLocation,
  nodeOf,
  onlyFields,
  optionalText,
  stringsOf,
  type TreeNode,
} from './tree.ts';
import { isAssignable, TYPES_BY_NAME, typeName } from './types.ts';
import { decodeView, encodeView } from './view-text.ts';

/** A CHECK constraint over the table's row; `isOption`: the condition of a view (WITH CHECK OPTION), which has to be true. */
export interface Check {
  readonly name: string;
  readonly condition: Expr;
  readonly isOption?: true;
}

const NO_CHECKS: readonly Check[] = [];

/** The table's CHECK constraints in the order in which PostgreSQL judges them: by name. */
export function checksOf(analysis: Analysis, table: TableDef): readonly Check[] {
  const { checks } = table;
  if (checks === undefined) return NO_CHECKS;
  return checks.map(({ name, condition }) => {
    const node = asNode(decodeView(condition), 'a constraint');
    return { name, condition: foldIfPossible(analyseCheck(analysis, table, node)) };
  });
}

/** What cannot be computed fails with the first row, and not without any. */
function foldIfPossible(e: Expr): Expr {
  try {
    return fold(e);
  } catch (error) {
    if (error instanceof SqlFailure) return e;
    throw error;
  }
}

export function analyseCheck(analysis: Analysis, table: TableDef, node: TreeNode): Expr {
  return overRow(analysis, table, node, 'check constraint', 'check constraints', () =>
    analyseCondition(analysis, node, 'CHECK'),
  );
}

/** Analyses what is kept of a table over its rows: `what` it is, in words. */
function overRow(
  analysis: Analysis,
  table: TableDef,
  node: TreeNode,
  what: string,
  clause: Clause,
  analyse: () => Expr,
): Expr {
  refuseIn(node, 'SubLink', `cannot use subquery in ${what}`);
  refuseIn(node, 'ParamRef', 'there is no parameter', '42P02');
  return atLevel(analysis, rowLevel(table), () => inClause(analysis, clause, analyse));
}

/** The one column that an expression reads, '' for none or several: a part of the constraint's name. */
export function onlyColumn({ columns }: TableDef, e: Expr): string {
  const read = new Set<number>();
  eachColumn(e, (index) => read.add(index));
  const [first = -1] = read;
  return read.size === 1 ? (columns[first]?.name ?? '') : '';
}

export function readsColumn(
  analysis: Analysis,
  table: TableDef,
  { condition }: CheckDef,
  column: number,
): boolean {
  let reads = false;
  eachColumn(analyseCheck(analysis, table, asNode(decodeView(condition), 'a constraint')), (index) => {
    reads ||= index === column;
  });
  return reads;
}

export const encodeCheck = (analysis: Analysis, name: string, node: TreeNode): CheckDef => ({
  name,
  condition: keptTree(analysis, node),
});

/** Types of other schemas than public are kept with theirs, wherever the search path of who reads it leads. */
function keptTree(analysis: Analysis, { tag, fields }: TreeNode): string {
  const schemaOfType = (type: unknown): object => {
    const typeName = asFields(type, 'a type name');
    const [name, ...others] = stringsOf(typeName, 'names');
    if (name === undefined || others.length > 0 || TYPES_BY_NAME.has(name)) return {};
    const found = findNamedType(analysis, [optionalText(typeName, 'schemaname'), name]);
    const schema = found === null ? PUBLIC : schemaOf(found.name);
    return schema === PUBLIC ? {} : { schemaname: schema };
  };
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([field, inner]) => [
        field,
        field === 'typeName' ? { ...inner, ...schemaOfType(inner) } : copy(inner),
      ]),
    );
  };
  return encodeView({ [tag]: copy(fields) });
}

/** The same without positions: PostgreSQL gives none of expressions in ALTER TABLE. */
export const placeless = ({ tag, fields }: TreeNode): TreeNode =>
  asNode(decodeView(encodeView({ [tag]: fields })), 'an expression');

/** The columns of the table, and nothing else. */
function rowLevel(table: TableDef): ReturnType<typeof makeLevel> {
  const columns = table.columns.flatMap((column, i) =>
    isDropped(column) ? [] : [{ name: column.name, expr: makeColumn(column.type, i, NOWHERE) }],
  );
  const relation = { alias: ownName(table.name), table, offset: 0, columns };
  return makeLevel('query', null, { relations: [relation], columns });
}

/** What a column is without a value. */
export function defaultOf(analysis: Analysis, column: ColumnDef): Expr {
  const sequence = column.draws === undefined ? null : analysis.findRelation(column.draws);
  if (sequence !== null) {
    const next = inClause(analysis, 'DEFAULT expressions', () =>
      makeSequenceExpr(analysis, 'nextval', sequence, [], NOWHERE),
    );
    return coerceToColumn(analysis, next, column);
  }
  if (column.computed === undefined) {
    const value = makeConst(column.type, column.default ?? null, NOWHERE);
    return column.default === undefined ? value : coerceToColumn(analysis, value, column);
  }
  const node = asNode(decodeView(column.computed), 'a default');
  return coerceToColumn(analysis, analyseDefault(analysis, node), column);
}

const analyseDefault = (analysis: Analysis, node: TreeNode): Expr =>
  atLevel(analysis, makeLevel('query', null), () =>
    inClause(analysis, 'DEFAULT expressions', () => analyseExpression(analysis, node)),
  );

const DEFAULT = new Set(['contype', 'raw_expr', 'location']);

/** A DEFAULT clause, whose value no row and no query may decide: a constant, or what computes it. */
export function readDefault(
  analysis: Analysis,
  column: string,
  { type }: DeclaredType,
  fields: Fields,
): Pick<ColumnDef, 'default' | 'computed' | 'draws'> {
  onlyFields(fields, DEFAULT, 'DEFAULT');
  return readDefaultValue(analysis, column, type, nodeOf(fields, 'raw_expr'));
}

export function readDefaultValue(
  analysis: Analysis,
  column: string,
  type: DeclaredType['type'],
  node: TreeNode,
): Pick<ColumnDef, 'default' | 'computed' | 'draws'> {
  refuseIn(node, 'ColumnRef', 'cannot use column reference in DEFAULT expression');
  refuseIn(node, 'SubLink', 'cannot use subquery in DEFAULT expression');
  refuseIn(node, 'ParamRef', 'there is no parameter', '42P02');
  const e = analyseDefault(analysis, node);
  if (!isAssignable(e.type, type)) {
    const is = `column "${column}" is of type ${typeName(type)}`;
    fail('42804', `${is} but default expression is of type ${typeName(e.type)}`);
  }
  const drawn = e.kind === 'call' && e.args.length === 1 ? e.args[0] : e;
  if (drawn?.kind === 'sequence' && drawn.fn === 'nextval') return { draws: drawn.table?.relation ?? 0 };
  if (someExpr(e, ({ kind }) => kind === 'sequence'))
    unsupported('a sequence within a computed DEFAULT', e.at);
  const value = foldIfPossible(coerce(analysis, e, type));
  if (value.kind !== 'const') return { computed: keptTree(analysis, node) };
  return value.value === null ? {} : { default: value.value };
}

/** A column of another type, of a row as it was. `using` null: as by assignment. */
export function rewrittenColumn(
  analysis: Analysis,
  table: TableDef,
  at: number,
  declared: DeclaredType,
  using: TreeNode | null,
): Expr {
  const { name, type, draws } = present(table.columns[at], 'a column');
  const isReferring = (table.foreignKeys ?? []).some(({ columns }) => columns.includes(at));
  const isReferred = analysis
    .referrersOf(table.relation)
    .some(({ foreignKeys = [] }) =>
      foreignKeys.some((key) => key.target === table.relation && key.targetColumns.includes(at)),
    );
  if (isReferring || isReferred) unsupported('ALTER COLUMN TYPE of a column of a foreign key');
  if (draws !== undefined && !isSequenceType(declared.type))
    unsupported('ALTER COLUMN TYPE of a column that draws from a sequence');
  const node = using === null ? null : placeless(using);
  const e =
    node === null
      ? makeColumn(type, at, NOWHERE)
      : overRow(analysis, table, node, 'transform expression', 'transform expressions', () =>
          analyseExpression(analysis, node),
        );
  if (!isAssignable(e.type, declared.type)) {
    const what = node === null ? `column "${name}"` : `result of USING clause for column "${name}"`;
    fail('42804', `${what} cannot be cast automatically to type ${typeName(declared.type)}`);
  }
  return coerceToColumn(analysis, e, { name, notNull: false, ...declared });
}

/** The default of a column that gets another type. */
export function recastDefault(
  analysis: Analysis,
  { name, type, default: value, computed }: ColumnDef,
  declared: DeclaredType,
): Pick<ColumnDef, 'default' | 'computed'> {
  if (computed !== undefined)
    return readDefaultValue(analysis, name, declared.type, asNode(decodeView(computed), 'a default'));
  if (value === undefined) return {};
  if (!isAssignable(type, declared.type))
    fail(
      '42804',
      `default for column "${name}" cannot be cast automatically to type ${typeName(declared.type)}`,
    );
  const cast = foldIfPossible(coerce(analysis, makeConst(type, value, NOWHERE), declared.type));
  return cast.kind === 'const'
    ? { default: cast.value }
    : unsupported('ALTER COLUMN TYPE of a default that fails');
}

function refuseIn(value: unknown, tag: string, message: string, sqlstate = '0A000'): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (name === tag || inner === tag) fail(sqlstate, message, firstLocation(value, 0));
    refuseIn(inner, tag, message, sqlstate);
  }
}

type Keyed = Pick<IndexKey, 'column'> | (Pick<IndexKey, 'column'> & { readonly computed: RowExpr });

/** A column in brackets is that column. */
export function indexExpression(analysis: Analysis, table: TableDef, node: TreeNode): Keyed {
  const expr = overRow(analysis, table, node, 'index expression', 'index expressions', () =>
    resolveUnknown(analysis, analyseExpression(analysis, node)),
  );
  if (expr.kind === 'column') return { column: expr.index };
  return { column: -1, computed: kept(analysis, node, expr, 'index expression') };
}

export const indexPredicate = (analysis: Analysis, table: TableDef, node: TreeNode): RowExpr =>
  kept(
    analysis,
    node,
    overRow(analysis, table, node, 'index predicate', 'index predicates', () =>
      analyseCondition(analysis, node, 'WHERE'),
    ),
    'index predicate',
  );

/** 42P17 for what is another at another time. */
function kept(analysis: Analysis, node: TreeNode, e: Expr, what: string): RowExpr {
  const isFixed = (part: Expr): boolean =>
    part.kind !== 'ambient' &&
    part.kind !== 'sequence' &&
    !(part.kind === 'call' && isStableFunction(part.fn));
  if (someExpr(e, (part) => !isFixed(part))) fail('42P17', `functions in ${what} must be marked IMMUTABLE`);
  const expr = foldCondition(e);
  const reads = new Set<number>();
  eachColumn(expr, (index) => reads.add(index));
  return {
    label: targetName(node, NO_NAMES).replace('?column?', 'expr'),
    tree: keptTree(analysis, node),
    expr: { ...expr },
    type: settledType(expr),
    reads: [...reads].sort((a, b) => a - b),
  };
}

const NO_NAMES: ReadonlyMap<Fields, string> = new Map();

/** The index with its expressions over columns that have other types now. */
export function analysedAnew(analysis: Analysis, table: TableDef, index: IndexDef): IndexDef {
  if (isPlain(index)) return index;
  const nodeIn = ({ tree }: RowExpr): TreeNode => asNode(decodeView(tree), 'an expression');
  return {
    ...index,
    keys: index.keys.map((key) =>
      key.computed === undefined
        ? key
        : { ...key, ...indexExpression(analysis, table, nodeIn(key.computed)) },
    ),
    ...(index.where !== undefined && { where: indexPredicate(analysis, table, nodeIn(index.where)) }),
  };
}
