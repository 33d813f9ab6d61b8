// The primary key as an access path: which parts of a condition bound it, and which sort orders it gives for nothing.

import type { TableDef } from './access.ts';
import {
  type CompareExpr,
  type CompareOp,
  conjunctsOf,
  type Expr,
  type InExpr,
  joinConjuncts,
  someExpr,
} from './expression.ts';
import type { PathBound, ScanPlan } from './plan-types.ts';
import type { Query } from './query.ts';

/** A scan by key with what it leaves to check, or null when the condition does not bound the key. */
export function chooseKeyPath(table: TableDef, alias: string, where: Expr | null): ScanPlan | null {
  if (where === null || table.primaryKey.length === 0) return null;
  const conjuncts = conjunctsOf(where);
  const bounds = conjuncts.flatMap(readBound);
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
  for (const column of table.primaryKey) {
    const here = bounds.filter((bound) => bound.column === column);
    const equal = take(here.find((bound) => bound.op === 'eq'));
    if (equal?.expr !== undefined) {
      prefix.push(equal.expr);
      continue;
    }
    list = take(here.find((bound) => bound.op === 'in'))?.list ?? null;
    if (list === null) {
      low = pathBound(take(here.find((bound) => bound.op === 'gt' || bound.op === 'ge')));
      high = pathBound(take(here.find((bound) => bound.op === 'lt' || bound.op === 'le')));
    }
    break;
  }
  if (used.size === 0) return null;
  const rest = conjuncts.filter((conjunct) => !used.has(conjunct));
  const path = { kind: 'key', prefix, list, low, high, descending: false } as const;
  return { kind: 'scan', table, alias, path, filter: joinConjuncts(rest) };
}

function pathBound(bound: Bound | null): PathBound | null {
  if (bound?.expr === undefined) return null;
  return { expr: bound.expr, inclusive: bound.op === 'ge' || bound.op === 'le' };
}

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

/** The column that an operand is; a widened integer column still orders as itself. */
function columnOf(e: Expr): number | null {
  if (e.kind === 'column') return e.index;
  const [arg] = e.kind === 'call' && e.fn === 'int4ToInt8' ? e.args : [];
  return arg?.kind === 'column' ? arg.index : null;
}

const isFixed = (e: Expr): boolean =>
  !someExpr(e, (part) => part.kind === 'column' || part.kind === 'aggregate');

/** The scan in the order of ORDER BY, if its key gives it: then no sort is needed. */
export function orderedByKey(scan: ScanPlan, query: Query): ScanPlan | null {
  const { table, path } = scan;
  if (path.kind === 'nothing') return scan;
  // Without bounds the key pays only when a limit stops it early.
  if (table.primaryKey.length === 0 || (path.kind === 'sequential' && query.limit === null)) return null;
  const fixed = path.kind === 'key' ? path.prefix.length : 0;
  const bound = new Set(table.primaryKey.slice(0, fixed));
  let next = fixed;
  let descending: boolean | null = null;
  for (const key of query.sort) {
    const output = query.outputs[key.output];
    if (output?.kind !== 'column') return null;
    if (bound.has(output.index)) continue;
    if (next < table.primaryKey.length) {
      if (output.index !== table.primaryKey[next] || (descending ?? key.descending) !== key.descending)
        return null;
      descending = key.descending;
      bound.add(output.index);
      next += 1;
    }
  }
  const whole = { kind: 'key', prefix: [], list: null, low: null, high: null } as const;
  const base = path.kind === 'key' ? path : whole;
  return { ...scan, path: { ...base, descending: descending ?? false } };
}
