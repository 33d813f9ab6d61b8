// Inner joins: their order, and how each is done. Statistics are simple: about how many rows a table has, and fixed
// fractions for conditions. From the smallest relation on, the one is joined next that leaves the fewest rows; it is looked
// up by an index where that reads less than the whole of it, else held by its join keys (hash join).

import { carriedEqualities } from './carry-equality.ts';
import { EQUAL, LOOKUP, leftBy, MERGE_FROM } from './estimate.ts';
import {
  conjunctsOf,
  type Expr,
  hasSubquery,
  joinConjuncts,
  mapColumns,
  type OuterArg,
  someExpr,
} from './expression.ts';
import { ascendingBy, chooseKeyPath, isWholeKey } from './plan-key.ts';
import {
  columnsOf,
  filtered,
  isPlainInner,
  type Planned,
  planSource,
  readsOnly,
  toPositions,
  withTid,
} from './plan-source.ts';
import type { PlanContext, PlanOf, ScanPlan } from './plan-types.ts';
import type { JoinSource, QuerySource } from './query.ts';

/** One relation of the join. */
interface Item {
  readonly source: QuerySource;
  readonly columns: ReadonlySet<number>;
  /** Conditions on it alone. */
  readonly own: readonly Expr[];
  readonly planned: Planned;
}

export function planInnerJoins(planning: PlanContext, source: JoinSource, above: readonly Expr[]): Planned {
  const sources: QuerySource[] = [];
  const conditions = [...above];
  flatten(source, sources, conditions);
  conditions.push(...carriedEqualities(conditions));
  const sets = sources.map((one) => new Set(columnsOf(one)));
  const isOwn = (e: Expr, i: number): boolean => readsOnly(e, sets[i] ?? new Set());
  const items: Item[] = sources.map((one, i) => {
    const own = conditions.filter((e) => isOwn(e, i));
    return { source: one, columns: sets[i] ?? new Set(), own, planned: planSource(planning, one, own) };
  });
  let open = conditions.filter((e) => !sets.some((_, i) => isOwn(e, i)));
  const [first, ...others] = items
    .map((item, i) => ({ item, i }))
    .sort((a, b) => a.item.planned.rows() - b.item.planned.rows() || a.i - b.i);
  if (first === undefined) return planSource(planning, source.left, above);
  let joined = first.item.planned;
  let remaining = others.map(({ item }) => item);
  while (remaining.length > 0) {
    const columns = new Set(joined.layout);
    const best = pick(remaining.map((item) => propose(planning, joined, columns, item, open)));
    joined = best.make();
    open = open.filter((e) => !best.used.includes(e));
    remaining = remaining.filter((item) => item !== best.item);
  }
  return filtered(joined, open);
}

function flatten(source: QuerySource, into: QuerySource[], conditions: Expr[]): void {
  if (!isPlainInner(source)) {
    into.push(source);
    return;
  }
  flatten(source.left, into, conditions);
  flatten(source.right, into, conditions);
  conditions.push(...conjunctsOf(source.on));
}

/** A next step of the join. */
interface Proposal {
  readonly item: Item;
  /** Conditions that it takes care of. */
  readonly used: readonly Expr[];
  readonly isConnected: boolean;
  readonly rows: number;
  readonly cost: number;
  readonly make: () => Planned;
}

function pick(list: readonly Proposal[]): Proposal {
  return list.reduce((best, one) => {
    if (one.isConnected !== best.isConnected) return one.isConnected ? one : best;
    if (one.rows !== best.rows) return one.rows < best.rows ? one : best;
    return one.cost < best.cost ? one : best;
  });
}

function propose(
  planning: PlanContext,
  joined: Planned,
  columns: ReadonlySet<number>,
  item: Item,
  open: readonly Expr[],
): Proposal {
  const both = new Set([...columns, ...item.columns]);
  const used = open.filter((e) => readsOnly(e, both));
  const { keys, others } = splitKeys(used, columns, item.columns);
  const leftRows = joined.rows();
  const rightRows = item.planned.rows();
  const lookup = planLookup(planning, item, columns, used);
  const perLookup = lookup === null ? 0 : lookup.isWhole ? 1 : Math.max(1, rightRows * EQUAL);
  const isUnique = lookup?.isWhole === true;
  const product = leftRows * rightRows;
  const paired =
    keys.length === 0
      ? product
      : isUnique
        ? Math.min(leftRows, product)
        : product / Math.max(leftRows, rightRows, 1);
  const rows = Math.max(1, paired * leftBy(others.length));
  const estimate = { left: leftRows, right: rightRows, rows };
  const readAll = leftRows + baseRows(planning, item);
  const byKey = leftRows * (LOOKUP + perLookup);
  const isConnected = used.length > 0;
  if (lookup !== null && byKey < readAll) {
    const make = (): Planned => makeLookup(joined, item, lookup, estimate);
    return { item, used, isConnected, rows, cost: byKey, make };
  }
  const make = (): Planned => {
    // The smaller side is held in memory.
    const isTurned = leftRows < rightRows;
    const [left, right] = isTurned ? [item.planned, joined] : [joined, item.planned];
    const layout = [...left.layout, ...right.layout];
    const ofLeft = toPositions(left.layout);
    const ofRight = toPositions(right.layout);
    const keyed = {
      join: 'inner',
      left: left.plan,
      right: right.plan,
      leftKeys: keys.map((key) => ofLeft(isTurned ? key.right : key.left)),
      rightKeys: keys.map((key) => ofRight(isTurned ? key.left : key.right)),
      on: joinConjuncts(others.map(toPositions(layout))),
      leftWidth: left.layout.length,
      rightWidth: right.layout.length,
      estimate: isTurned ? { left: rightRows, right: leftRows, rows } : estimate,
    } as const;
    const isLarge = Math.min(leftRows, rightRows) >= MERGE_FROM;
    const merged = isLarge ? mergedByKey({ ...keyed, kind: 'mergeJoin' }) : null;
    return { plan: merged ?? { ...keyed, kind: 'hashJoin' }, layout, rows: () => rows };
  };
  return { item, used, isConnected, rows, cost: readAll + (keys.length === 0 ? product : 0), make };
}

/** The join with both sides in the order of their one key; null where an index does not give it. */
function mergedByKey(join: PlanOf<'mergeJoin'>): PlanOf<'mergeJoin'> | null {
  const [[leftKey, another], [rightKey]] = [join.leftKeys, join.rightKeys];
  if (leftKey?.kind !== 'column' || rightKey?.kind !== 'column' || another !== undefined) return null;
  if (leftKey.type !== rightKey.type) return null;
  const left = join.left.kind === 'scan' ? ascendingBy(join.left, leftKey.index) : null;
  const right = join.right.kind === 'scan' ? ascendingBy(join.right, rightKey.index) : null;
  return left !== null && right !== null ? { ...join, left, right } : null;
}

/** Rows that are read when the relation is read whole. */
function baseRows(planning: PlanContext, { source, planned }: Item): number {
  return source.kind === 'table' && planned.plan.kind === 'scan' && planned.plan.path.kind === 'sequential'
    ? planning.rowsOf(source.table)
    : planned.rows();
}

interface JoinKey {
  readonly left: Expr;
  readonly right: Expr;
}

/** Equalities between the two sides, and all other conditions. */
export function splitKeys(
  conditions: readonly Expr[],
  left: ReadonlySet<number>,
  right: ReadonlySet<number>,
): { readonly keys: readonly JoinKey[]; readonly others: readonly Expr[] } {
  const keys: JoinKey[] = [];
  const others: Expr[] = [];
  for (const e of conditions) {
    if (e.kind !== 'compare' || e.op !== 'eq' || hasSubquery(e)) others.push(e);
    else if (readsOnly(e.left, left) && readsOnly(e.right, right))
      keys.push({ left: e.left, right: e.right });
    else if (readsOnly(e.left, right) && readsOnly(e.right, left))
      keys.push({ left: e.right, right: e.left });
    else others.push(e);
  }
  return { keys, others };
}

/** A relation looked up by its key with values of the rows at hand. */
interface Lookup {
  readonly scan: ScanPlan;
  /** Over the FROM clause's columns. */
  readonly args: readonly OuterArg[];
  /** By the whole key: one row at most. */
  readonly isWhole: boolean;
}

function planLookup(
  planning: PlanContext,
  { source, own }: Item,
  columns: ReadonlySet<number>,
  used: readonly Expr[],
): Lookup | null {
  if (source.kind !== 'table' || source.table.indexes.length === 0) return null;
  const args: OuterArg[] = [];
  const move = toPositions(columnsOf(source));
  const give = (e: Expr): Expr =>
    mapColumns(e, (column) => {
      if (!columns.has(column.index)) return column;
      const known = args.find(({ expr }) => expr.kind === 'column' && expr.index === column.index);
      const id = known?.id ?? planning.outers++;
      if (known === undefined) args.push({ id, expr: column });
      return { kind: 'outer', type: column.type, id, at: column.at };
    });
  const scan = chooseKeyPath(
    source.table,
    source.alias,
    joinConjuncts([...own, ...used].map((e) => move(give(e)))),
  );
  if (scan === null || scan.path.kind !== 'key') return null;
  const { index, prefix } = scan.path;
  const isGiven = (e: Expr): boolean =>
    someExpr(e, (part) => part.kind === 'outer' && args.some(({ id }) => id === part.id));
  if (!prefix.some(isGiven)) return null;
  return { scan: withTid(source, scan), args, isWhole: isWholeKey(index, prefix.length) };
}

function makeLookup(
  joined: Planned,
  { planned }: Item,
  { scan, args }: Lookup,
  estimate: { readonly left: number; readonly right: number; readonly rows: number },
): Planned {
  const move = toPositions(joined.layout);
  const right = planned.layout;
  return {
    plan: {
      kind: 'loopJoin',
      join: 'inner',
      left: joined.plan,
      right: scan,
      args: args.map(({ id, expr }) => ({ id, expr: move(expr) })),
      on: null,
      leftWidth: joined.layout.length,
      rightWidth: right.length,
      estimate,
    },
    layout: [...joined.layout, ...right],
    rows: () => estimate.rows,
  };
}
