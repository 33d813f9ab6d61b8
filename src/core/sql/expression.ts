// Expressions as plain data: what analysis makes, the planner moves about, and the interpreter evaluates.
// `at` is the byte offset in the statement's text, for messages only; two expressions that differ in it are equal.

import type { ColumnType, RowExpr, TableDef, Value } from './access.ts';
import type { StatisticsName } from './aggregate-statistics.ts';
import type { FunctionName, VariadicName } from './builtins.ts';
import type { CompareOp, SortKey } from './compare.ts';
import type { RowsPlan } from './plan-types.ts';
import type { SqlType } from './types.ts';

export type BooleanTest = 'true' | 'false' | 'unknown';
export type AggregateName =
  | 'count'
  | 'countRows'
  | 'sumInt4'
  | 'sumInt8'
  | 'sumFloat8'
  | 'sumFloat4'
  | 'avgFloat4'
  | 'sumNumeric'
  | 'avgInt4'
  | 'avgInt8'
  | 'avgFloat8'
  | 'avgNumeric'
  | 'sumInterval'
  | 'avgInterval'
  | 'min'
  | 'max'
  | 'boolAnd'
  | 'boolOr'
  | 'stringAgg'
  | 'arrayAgg'
  | 'jsonAgg'
  | 'jsonbAgg'
  | 'jsonObjectAgg'
  | 'jsonbObjectAgg'
  | StatisticsName;

interface Typed {
  readonly type: SqlType;
  readonly at: number;
}

export interface ConstExpr extends Typed {
  readonly kind: 'const';
  readonly value: Value;
}

export interface ColumnExpr extends Typed {
  readonly kind: 'column';
  readonly index: number;
}

export interface ParamExpr extends Typed {
  readonly kind: 'param';
  /** From 1. */
  readonly number: number;
}

/** A value from outside: a column of an outer query, of a join's left side, or the candidate of IN, ANY and ALL. */
export interface OuterExpr extends Typed {
  readonly kind: 'outer';
  /** Unique in the statement. */
  readonly id: number;
}

/** A value that the statement's surroundings give: when its transaction began, the present time, an id that nobody has. */
export interface AmbientExpr extends Typed {
  readonly kind: 'ambient';
  readonly source: 'transactionStart' | 'clock' | 'uuid' | 'backend' | 'random';
}

/** Where the value of an OuterExpr comes from: evaluated over the row at hand before the part that needs it runs. */
export interface OuterArg {
  readonly id: number;
  readonly expr: Expr;
}

/** A query within an expression; its result is kept for as long as the outer values are the same. */
export interface SubqueryExpr extends Typed {
  readonly kind: 'subquery';
  readonly test: 'scalar' | 'exists' | 'any' | 'all';
  /** Its state's number in the statement. */
  readonly slot: number;
  readonly plan: RowsPlan;
  readonly args: readonly OuterArg[];
  /** Outer values that it needs and whoever runs this expression already has. */
  readonly inherits: readonly number[];
  /** ANY and ALL: the comparison, in which the outer value `candidate` stands for the query's column. */
  readonly compare: Expr | null;
  readonly candidate: number;
}

/** A function of sequences, which changes where one stands whatever becomes of the transaction. `table` null: lastval, or the seed of random(). */
export interface SequenceExpr extends Typed {
  readonly kind: 'sequence';
  readonly fn: 'nextval' | 'currval' | 'setval' | 'lastval' | 'setseed';
  readonly table: TableDef | null;
  readonly args: readonly Expr[];
}

/** A strict function: null in, null out. */
export interface CallExpr extends Typed {
  readonly kind: 'call';
  readonly fn: FunctionName;
  readonly args: readonly Expr[];
}

export interface CompareExpr extends Typed {
  readonly kind: 'compare';
  readonly op: CompareOp;
  readonly left: Expr;
  readonly right: Expr;
}

export interface InExpr extends Typed {
  readonly kind: 'in';
  readonly arg: Expr;
  readonly list: readonly Expr[];
  readonly negated: boolean;
}

export interface CaseExpr extends Typed {
  readonly kind: 'case';
  readonly whens: readonly { readonly condition: Expr; readonly result: Expr }[];
  readonly otherwise: Expr;
}

export interface JunctionExpr extends Typed {
  readonly kind: 'and' | 'or';
  readonly args: readonly Expr[];
}

export interface CoalesceExpr extends Typed {
  readonly kind: 'coalesce';
  readonly args: readonly Expr[];
}

export interface AggregateExpr extends Typed {
  readonly kind: 'aggregate';
  readonly fn: AggregateName;
  /** Its own, then what its rows are ordered by. */
  readonly args: readonly Expr[];
  /** Of the last arguments; empty: the rows are taken as they come. */
  readonly order: readonly Pick<SortKey, 'descending' | 'nullsFirst'>[];
  readonly distinct: boolean;
  readonly filter: Expr | null;
}

export type WindowFunction =
  | 'rowNumber'
  | 'rank'
  | 'denseRank'
  | 'percentRank'
  | 'cumeDist'
  | 'ntile'
  | 'lag'
  | 'lead'
  | 'firstValue'
  | 'lastValue'
  | 'nthValue';

export interface WindowOrder {
  readonly expr: Expr;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** An end of a frame; `offset` of PRECEDING and FOLLOWING: bigint rows or groups, or what RANGE adds to the order's column. */
export interface FrameBound {
  readonly kind: 'unbounded' | 'current' | 'preceding' | 'following';
  readonly offset: Expr | null;
}

/** The rows of a partition that a call sees from one of them. */
export interface Frame {
  readonly unit: 'rows' | 'range' | 'groups';
  readonly start: FrameBound;
  readonly end: FrameBound;
  readonly exclude: 'none' | 'current' | 'group' | 'ties';
}

export interface WindowExpr extends Typed {
  readonly kind: 'window';
  /** Null: an aggregate over the frame. */
  readonly fn: WindowFunction | null;
  readonly args: readonly Expr[];
  readonly aggregate: AggregateExpr | null;
  readonly partition: readonly Expr[];
  readonly order: readonly WindowOrder[];
  readonly frame: Frame;
}

export type Expr =
  | ConstExpr
  | ColumnExpr
  | ParamExpr
  | OuterExpr
  | AmbientExpr
  | SubqueryExpr
  | SequenceExpr
  | CallExpr
  | CompareExpr
  | InExpr
  | CaseExpr
  /** Not evaluated itself: the aggregate operator computes it, a column of its output stands for it. */
  | AggregateExpr
  /** As little as an aggregate: the window operator computes it. */
  | WindowExpr
  | (Typed & { readonly kind: 'variadic'; readonly fn: VariadicName; readonly args: readonly Expr[] })
  | JunctionExpr
  | CoalesceExpr
  | (Typed & { readonly kind: 'greatest' | 'least'; readonly args: readonly Expr[] })
  | (Typed & { readonly kind: 'not'; readonly arg: Expr })
  | (Typed & { readonly kind: 'isNull'; readonly arg: Expr; readonly negated: boolean })
  | (Typed & {
      readonly kind: 'isTruth';
      readonly arg: Expr;
      readonly test: BooleanTest;
      readonly negated: boolean;
    })
  | (Typed & {
      readonly kind: 'isDistinct';
      readonly left: Expr;
      readonly right: Expr;
      readonly negated: boolean;
    })
  | (Typed & { readonly kind: 'nullIf'; readonly left: Expr; readonly right: Expr; readonly result: Expr });

/** What is evaluated of an expression that the catalog keeps. */
export const exprOf = ({ expr }: RowExpr): Expr => expr as unknown as Expr;

export const makeConst = (type: SqlType, value: Value, at: number): ConstExpr => ({
  kind: 'const',
  type,
  value,
  at,
});

export const makeColumn = (type: ColumnType, index: number, at: number): ColumnExpr => ({
  kind: 'column',
  type,
  index,
  at,
});

/** The direct parts of an expression, in order of evaluation. */
export function partsOf(e: Expr): readonly Expr[] {
  const parts: Expr[] = [];
  mapParts(e, (part) => {
    parts.push(part);
    return part;
  });
  return parts;
}

/** The same expression with each direct part replaced, in order of evaluation. */
export function mapParts(e: Expr, change: (part: Expr) => Expr): Expr {
  switch (e.kind) {
    case 'const':
    case 'column':
    case 'param':
    case 'outer':
    case 'ambient':
      return e;
    case 'subquery':
      return {
        ...e,
        args: e.args.map(({ id, expr }) => ({ id, expr: change(expr) })),
        compare: e.compare === null ? null : change(e.compare),
      };
    case 'call':
    case 'sequence':
    case 'variadic':
    case 'and':
    case 'or':
    case 'coalesce':
    case 'greatest':
    case 'least':
      return { ...e, args: e.args.map(change) };
    case 'compare':
    case 'isDistinct':
      return { ...e, left: change(e.left), right: change(e.right) };
    case 'nullIf':
      return { ...e, left: change(e.left), right: change(e.right), result: change(e.result) };
    case 'in':
      return { ...e, arg: change(e.arg), list: e.list.map(change) };
    case 'not':
    case 'isNull':
    case 'isTruth':
      return { ...e, arg: change(e.arg) };
    case 'case':
      return {
        ...e,
        whens: e.whens.map((w) => ({ condition: change(w.condition), result: change(w.result) })),
        otherwise: change(e.otherwise),
      };
    case 'aggregate':
      return mapAggregate(e, change);
    case 'window': {
      const bound = ({ kind, offset }: FrameBound): FrameBound => ({
        kind,
        offset: offset && change(offset),
      });
      return {
        ...e,
        args: e.args.map(change),
        aggregate: e.aggregate && mapAggregate(e.aggregate, change),
        partition: e.partition.map(change),
        order: e.order.map((key) => ({ ...key, expr: change(key.expr) })),
        frame: { ...e.frame, start: bound(e.frame.start), end: bound(e.frame.end) },
      };
    }
  }
}

export const mapAggregate = (e: AggregateExpr, change: (part: Expr) => Expr): AggregateExpr => ({
  ...e,
  args: e.args.map(change),
  filter: e.filter && change(e.filter),
});

/** Does `test` hold for the expression or a part of it? */
export function someExpr(e: Expr, test: (part: Expr) => boolean): boolean {
  return test(e) || partsOf(e).some((part) => someExpr(part, test));
}

/** The same expression over rows of another layout. */
export function mapColumns(e: Expr, change: (column: ColumnExpr) => Expr): Expr {
  return e.kind === 'column' ? change(e) : mapParts(e, (part) => mapColumns(part, change));
}

/** Calls `see` for each column of the row that the expression reads. */
export function eachColumn(e: Expr, see: (index: number) => void): void {
  if (e.kind === 'column') see(e.index);
  else for (const part of partsOf(e)) eachColumn(part, see);
}

export const hasSubquery = (e: Expr): boolean => someExpr(e, (part) => part.kind === 'subquery');

/** Does it change where a sequence stands, so that it may be evaluated but once a row? */
export const draws = (e: Expr): boolean =>
  someExpr(e, (part) => part.kind === 'sequence' && (part.fn === 'nextval' || part.fn === 'setval'));

/** The parts of a condition that must all hold. */
export const conjunctsOf = (e: Expr | null): readonly Expr[] =>
  e === null ? [] : e.kind === 'and' ? e.args.flatMap(conjunctsOf) : [e];

export function joinConjuncts(list: readonly Expr[]): Expr | null {
  const [only] = list;
  if (only === undefined) return null;
  return list.length === 1 ? only : { kind: 'and', type: 'bool', args: list, at: only.at };
}

/** Same meaning, wherever written. */
export function equalExpr(a: Expr, b: Expr): boolean {
  return equalData(a, b);
}

/** The same of what is made of expressions. */
export function equalData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => equalData(item, b[i]));
  const left = new Map<string, unknown>(Object.entries(a));
  const right = new Map<string, unknown>(Object.entries(b));
  if (left.size !== right.size) return false;
  for (const [name, value] of left)
    if (name !== 'at' && !(right.has(name) && equalData(value, right.get(name)))) return false;
  return true;
}
