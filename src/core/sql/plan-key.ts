// Indexes as access paths: which parts of a condition bound them, which of them is taken, and which sort orders they give for
// nothing.

import type { IndexDef, TableDef } from './access.ts';
import type { CompareOp } from './compare.ts';
import { EQUAL, LOOKUP, RANGE } from './estimate.ts';
import {
  type CompareExpr,
  conjunctsOf,
  type Expr,
  equalExpr,
  exprOf,
  type InExpr,
  joinConjuncts,
  someExpr,
} from './expression.ts';
import type { AccessPath, PathBound, ScanPlan } from './plan-types.ts';
import type { Query } from './query.ts';
import { isValid } from './table-def.ts';

/** The scan by the index that leaves the fewest rows, or null when the condition bounds none of them well enough. */
export function chooseKeyPath(table: TableDef, alias: string, where: Expr | null): ScanPlan | null {
  if (where === null || table.indexes.length === 0) return null;
  const conjuncts = conjunctsOf(where);
  const bounds = conjuncts.flatMap(readBound);
  let best: KeyPath | null = null;
  for (const index of table.indexes) {
    if (!holdsAll(index, conjuncts)) continue;
    const path = pathBy(index, bounds, conjuncts);
    if (path === null || (best !== null && path.part >= best.part)) continue;
    // Rows of another index lie anywhere: looking up a large part of the table costs more than reading all of it.
    if (index.constraint === 'primary' || path.part * LOOKUP < 1) best = path;
  }
  if (best === null) return null;
  const { path, used } = best;
  const rest = conjuncts.filter((conjunct) => !used.has(conjunct));
  return { kind: 'scan', table, alias, path, filter: joinConjuncts(rest), hasTid: false };
}

/** May snapshots of any age read by it? */
const isReadable = (index: IndexDef): boolean => index.since === 0 && isValid(index);

/** And has it an entry of each row? */
const isWhole = (index: IndexDef): boolean => isReadable(index) && index.where === undefined;

interface KeyPath {
  readonly path: Extract<AccessPath, { kind: 'key' }>;
  /** Conditions that the path ensures. */
  readonly used: ReadonlySet<Expr>;
  /** Part of the table's rows that it is expected to read. */
  readonly part: number;
}

/** The part of the condition that bounds the index, if any. */
function pathBy(index: IndexDef, ofColumns: readonly Bound[], conjuncts: readonly Expr[]): KeyPath | null {
  if (!isReadable(index)) return null;
  const used = new Set<Expr>();
  const take = (bound: Bound | undefined): Bound | null => {
    if (bound === undefined) return null;
    used.add(bound.conjunct);
    return bound;
  };
  const prefix: Expr[] = [];
  let list: readonly Expr[] | null = null;
  let low: PathBound | null = null;
  let high: PathBound | null = null;
  let part = 1;
  for (const { column, computed } of index.keys) {
    const here =
      computed === undefined
        ? ofColumns.filter((bound) => bound.column === column)
        : boundsOf(exprOf(computed), conjuncts);
    const equal = take(here.find((bound) => bound.op === 'eq'));
    if (equal?.expr !== undefined) {
      prefix.push(equal.expr);
      part *= EQUAL;
      continue;
    }
    list = take(here.find((bound) => bound.op === 'in'))?.list ?? null;
    if (list !== null) {
      part *= Math.min(1, EQUAL * list.length);
      break;
    }
    low = pathBound(take(here.find((bound) => bound.op === 'gt' || bound.op === 'ge')));
    high = pathBound(take(here.find((bound) => bound.op === 'lt' || bound.op === 'le')));
    if (low !== null) part *= RANGE;
    if (high !== null) part *= RANGE;
    break;
  }
  if (used.size === 0) return null;
  if (isWholeKey(index, prefix.length)) part = 0;
  return { path: { kind: 'key', index, prefix, list, low, high, descending: false }, used, part };
}

/** Do equalities on so many columns leave one row at most? */
export const isWholeKey = ({ isUnique, keys }: IndexDef, equal: number): boolean =>
  isUnique && equal === keys.length;

function pathBound(bound: Bound | null): PathBound | null {
  if (bound?.expr === undefined) return null;
  return { expr: bound.expr, inclusive: bound.op === 'ge' || bound.op === 'le' };
}

/** Has an index of a part of the rows all that the condition may be true of? Each part of its own condition is one of the query's, or says that a column is not null by which the query compares. */
function holdsAll({ where }: IndexDef, conjuncts: readonly Expr[]): boolean {
  if (where === undefined) return true;
  return conjunctsOf(exprOf(where)).every(
    (part) => conjuncts.some((known) => equalExpr(known, part)) || isNotNullBy(part, conjuncts),
  );
}

const isNotNullBy = (part: Expr, conjuncts: readonly Expr[]): boolean =>
  part.kind === 'isNull' &&
  part.negated &&
  conjuncts.some(
    (known) =>
      (known.kind === 'compare' && (equalExpr(known.left, part.arg) || equalExpr(known.right, part.arg))) ||
      (known.kind === 'in' && !known.negated && equalExpr(known.arg, part.arg)),
  );

/** What bounds an expression of an index. */
const boundsOf = (key: Expr, conjuncts: readonly Expr[]): readonly Bound[] =>
  conjuncts.flatMap((conjunct): readonly Bound[] => {
    if (conjunct.kind === 'in')
      return !conjunct.negated && equalExpr(conjunct.arg, key) && conjunct.list.every(isFixed)
        ? [{ conjunct, column: -1, op: 'in', list: conjunct.list }]
        : [];
    if (conjunct.kind !== 'compare' || conjunct.op === 'ne') return [];
    const { left, right, op } = conjunct;
    if (equalExpr(left, key) && isFixed(right)) return [{ conjunct, column: -1, op, expr: right }];
    return equalExpr(right, key) && isFixed(left)
      ? [{ conjunct, column: -1, op: MIRRORED[op], expr: left }]
      : [];
  });

/** A conjunct of the form `column op value`, with a value that no row changes. */
interface Bound {
  readonly conjunct: Expr;
  readonly column: number;
  readonly op: CompareOp | 'in';
  readonly expr?: Expr;
  readonly list?: readonly Expr[];
}

function readBound(conjunct: Expr): readonly Bound[] {
  if (conjunct.kind === 'in') return readListBound(conjunct);
  if (conjunct.kind !== 'compare' || conjunct.op === 'ne') return [];
  return readCompareBound(conjunct);
}

function readCompareBound(conjunct: CompareExpr): readonly Bound[] {
  const left = columnOf(conjunct.left);
  const right = columnOf(conjunct.right);
  if (left !== null && isFixed(conjunct.right))
    return [{ conjunct, column: left, op: conjunct.op, expr: conjunct.right }];
  if (right !== null && isFixed(conjunct.left))
    return [{ conjunct, column: right, op: MIRRORED[conjunct.op], expr: conjunct.left }];
  return [];
}

function readListBound(conjunct: InExpr): readonly Bound[] {
  const column = columnOf(conjunct.arg);
  if (column === null || conjunct.negated || !conjunct.list.every(isFixed)) return [];
  return [{ conjunct, column, op: 'in', list: conjunct.list }];
}

const MIRRORED: Readonly<Record<CompareOp, CompareOp>> = {
  eq: 'eq',
  ne: 'ne',
  lt: 'gt',
  le: 'ge',
  gt: 'lt',
  ge: 'le',
};

/** The column that an operand is; a widened integer column, or a varchar taken as text, still orders as itself. */
function columnOf(e: Expr): number | null {
  if (e.kind === 'column') return e.index;
  const [arg] = e.kind === 'call' && ORDER_KEEPING.has(e.fn) ? e.args : [];
  return arg?.kind === 'column' ? arg.index : null;
}

const ORDER_KEEPING: ReadonlySet<string> = new Set([
  'int2ToInt4',
  'int2ToInt8',
  'int4ToInt8',
  'varcharToText',
]);

/** The same for all rows of the statement. */
const isFixed = (e: Expr): boolean =>
  !someExpr(
    e,
    (part) =>
      part.kind === 'column' ||
      part.kind === 'aggregate' ||
      (part.kind === 'ambient' && part.source !== 'transactionStart'),
  );

/** The scan in the order of ORDER BY, if its index or another gives it: then no sort is needed. */
export function orderedByKey(scan: ScanPlan, query: Query): ScanPlan | null {
  const { table, path } = scan;
  if (path.kind === 'nothing') return scan;
  if (path.kind === 'key') {
    const descending = directionOf(path.index, path.prefix.length, table, query);
    return descending === null ? null : { ...scan, path: { ...path, descending } };
  }
  // Without bounds an index pays only when a limit stops it early.
  if (query.limit === null) return null;
  for (const index of table.indexes) {
    const descending = isWhole(index) ? directionOf(index, 0, table, query) : null;
    if (descending === null) continue;
    return { ...scan, path: wholeIndex(index, descending) };
  }
  return null;
}

const wholeIndex = (index: IndexDef, descending: boolean): KeyPath['path'] => ({
  kind: 'key',
  index,
  prefix: [],
  list: null,
  low: null,
  high: null,
  descending,
});

/** The scan in the ascending order of the column, by an index that begins with it; null where none does or the scan reads by another. */
export function ascendingBy(scan: ScanPlan, column: number): ScanPlan | null {
  const { table, path } = scan;
  const isBy = ({ keys: [first] }: IndexDef): boolean => first?.column === column && !first.descending;
  if (path.kind === 'key')
    return path.prefix.length === 0 && path.list === null && !path.descending && isBy(path.index)
      ? scan
      : null;
  const index = path.kind === 'sequential' && table.indexes.find((one) => isWhole(one) && isBy(one));
  return index ? { ...scan, path: wholeIndex(index, false) } : null;
}

/** Whether the index, its first `fixed` columns given, has the order asked for backwards; null: in neither direction. */
function directionOf(
  { isUnique, keys }: IndexDef,
  fixed: number,
  table: TableDef,
  query: Query,
): boolean | null {
  const bound = new Set(keys.slice(0, fixed).map(({ column }) => column));
  let next = fixed;
  let descending: boolean | null = null;
  for (const wanted of query.sort) {
    const output = query.outputs[wanted.output];
    if (output?.kind !== 'column') return null;
    if (bound.has(output.index)) continue;
    const key = keys[next];
    if (key === undefined) {
      // All columns of a unique key decide the order; nulls are no key.
      if (isUnique && keys.every(({ column }) => table.columns[column]?.notNull === true)) continue;
      return null;
    }
    const isTurned = wanted.descending !== key.descending;
    if (output.index !== key.column || (descending ?? isTurned) !== isTurned) return null;
    const hasNulls = table.columns[key.column]?.notNull !== true;
    if (hasNulls && (wanted.nullsFirst !== key.nullsFirst) !== isTurned) return null;
    descending = isTurned;
    bound.add(output.index);
    next += 1;
  }
  return descending ?? false;
}
