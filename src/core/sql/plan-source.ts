// The plan of a FROM clause with its conditions: each condition is judged as early as outer joins allow, inner joins are
// put into an order (plan-join.ts). Expressions are over the columns of the whole clause; `layout` says where a plan has them.

import { checkNullable } from './analyse-locking.ts';
import { carriedEqualities } from './carry-equality.ts';
import { estimateFilter, estimateQuery, estimateSource, leftBy } from './estimate.ts';
import {
  type ColumnExpr,
  conjunctsOf,
  draws,
  type Expr,
  eachColumn,
  hasSubquery,
  joinConjuncts,
  mapColumns,
} from './expression.ts';
import { fail } from './failure.ts';
import { planScan, planTrimmed } from './plan.ts';
import { planInnerJoins, splitKeys } from './plan-join.ts';
import type { PlanContext, RowsPlan, ScanPlan } from './plan-types.ts';
import type { JoinSource, Query, QuerySource } from './query.ts';

export interface Planned {
  readonly plan: RowsPlan;
  /** Column of the FROM clause at each position of the plan's rows. */
  readonly layout: readonly number[];
  /** Rows expected; asked for only where there is a choice. */
  readonly rows: () => number;
}

export function planSource(planning: PlanContext, source: QuerySource, conjuncts: readonly Expr[]): Planned {
  switch (source.kind) {
    case 'table': {
      const layout = columnsOf(source);
      const where = joinConjuncts(conjuncts.map(toPositions(layout)));
      const plan = withTid(source, planScan(source.table, source.alias, where));
      return {
        plan,
        layout,
        rows: () => estimateFilter(planning.rowsOf(source.table), source.table, conjuncts, source.offset),
      };
    }
    case 'rows': {
      const rows = source.rows.length;
      return filtered(
        {
          plan: { kind: 'rows', rows: source.rows, draws: source.rows.some((row) => row.some(draws)) },
          layout: columnsOf(source),
          rows: () => rows,
        },
        conjuncts,
      );
    }
    case 'query':
      return planDerived(planning, source, conjuncts);
    case 'cte': {
      const rows = (): number => estimateSource(planning, source);
      return filtered(
        { plan: { kind: 'cteScan', cte: source.cte }, layout: columnsOf(source), rows },
        conjuncts,
      );
    }
    case 'workTable': {
      const { id, name, columns } = source;
      const rows = (): number => estimateSource(planning, source);
      return filtered(
        { plan: { kind: 'workTable', id, name, columns }, layout: columnsOf(source), rows },
        conjuncts,
      );
    }
    case 'set':
      return filtered(planSet(planning, source), conjuncts);
    case 'join':
      return isPlainInner(source)
        ? planInnerJoins(planning, source, conjuncts)
        : planOuterJoin(planning, source, conjuncts);
  }
}

/** The scan of a table of which a statement writes rows gives their places too. */
export const withTid = ({ width, table }: TableSource, scan: ScanPlan): ScanPlan =>
  width === table.columns.length ? scan : { ...scan, hasTid: true };

type TableSource = Extract<QuerySource, { kind: 'table' }>;

/** An inner join whose sides may be planned in any order. */
export const isPlainInner = (source: QuerySource): source is JoinSource =>
  source.kind === 'join' && source.join === 'inner' && source.args.length === 0;

/** The columns of the FROM clause that the source has, in order. */
export function columnsOf(source: QuerySource): readonly number[] {
  if (source.kind === 'join') return [...columnsOf(source.left), ...columnsOf(source.right)];
  return Array.from({ length: source.width }, (_, i) => source.offset + i);
}

/** Puts expressions over the FROM clause's columns over rows of this layout. */
export function toPositions(layout: readonly number[]): (e: Expr) => Expr {
  if (layout.every((column, i) => column === i)) return (e) => e;
  const positions = new Map(layout.map((column, i) => [column, i]));
  const move = (column: ColumnExpr): Expr => ({
    ...column,
    index: positions.get(column.index) ?? fail('XX000', 'a column that its plan does not have'),
  });
  return (e) => mapColumns(e, move);
}

export function filtered(planned: Planned, conjuncts: readonly Expr[]): Planned {
  const kept = conjuncts.filter((e) => !(e.kind === 'const' && e.value === true));
  const condition = joinConjuncts(kept.map(toPositions(planned.layout)));
  if (condition === null) return planned;
  if (kept.some((e) => e.kind === 'const'))
    return { ...planned, plan: { kind: 'rows', rows: [] }, rows: () => 0 };
  const { plan, layout, rows } = planned;
  return {
    plan: { kind: 'filter', input: plan, condition },
    layout,
    rows: () => rows() * leftBy(kept.length),
  };
}

/** Does the expression read columns, and only of these? */
export function readsOnly(e: Expr, columns: ReadonlySet<number>): boolean {
  let some = false;
  let all = true;
  eachColumn(e, (index) => {
    some = true;
    if (!columns.has(index)) all = false;
  });
  return some && all;
}

/** A derived table. Conditions on what it only passes on are judged inside. */
function planDerived(
  planning: PlanContext,
  source: Extract<QuerySource, { kind: 'query' }>,
  conjuncts: readonly Expr[],
): Planned {
  const { query, offset } = source;
  const layout = columnsOf(source);
  const isSimple =
    query.grouping === null &&
    query.windows.length === 0 &&
    !query.distinct &&
    query.distinctOn === null &&
    query.limit === null &&
    query.offset === null &&
    query.source.kind !== 'set';
  const inside: Expr[] = [];
  const above: Expr[] = [];
  for (const e of conjuncts) {
    const lowered = isSimple && !hasSubquery(e) ? lower(e, query, offset) : null;
    if (lowered === null) above.push(e);
    else inside.push(lowered);
  }
  const where = joinConjuncts([...conjunctsOf(query.where), ...inside]);
  const plan = planTrimmed(planning, inside.length === 0 ? query : { ...query, where });
  return filtered(
    { plan, layout, rows: () => estimateQuery(planning, query) * leftBy(inside.length) },
    above,
  );
}

/** The condition over the derived table's own source, or null where an output is more than a column. */
function lower(e: Expr, { outputs }: Query, offset: number): Expr | null {
  let isPassed = true;
  const lowered = mapColumns(e, (column) => {
    const output = outputs[column.index - offset];
    if (output?.kind === 'column') return { ...output, at: column.at };
    isPassed = false;
    return column;
  });
  return isPassed ? lowered : null;
}

function planSet(planning: PlanContext, source: Extract<QuerySource, { kind: 'set' }>): Planned {
  const left = planTrimmed(planning, source.left);
  const right = planTrimmed(planning, source.right);
  const { operation, all } = source;
  const rows = (): number => estimateSource(planning, source);
  const layout = columnsOf(source);
  if (operation !== 'union')
    return { plan: { kind: 'setOperation', operation, all, left, right }, layout, rows };
  const inputs = [left, right].flatMap((input) => (input.kind === 'append' ? input.inputs : [input]));
  const append: RowsPlan = { kind: 'append', inputs };
  return { plan: all ? append : { kind: 'distinct', input: append }, layout, rows };
}

/** LEFT, RIGHT and FULL joins, and what is LATERAL: the sides stay where they are. */
function planOuterJoin(planning: PlanContext, source: JoinSource, conjuncts: readonly Expr[]): Planned {
  const turned =
    source.join === 'right'
      ? ({ ...source, join: 'left', left: source.right, right: source.left } as const)
      : source;
  const { left: l, right: r } = turned;
  const leftColumns = new Set(columnsOf(l));
  const rightColumns = new Set(columnsOf(r));
  // A condition above that no row of nulls meets makes the outer join an inner one.
  const isRejecting = turned.join === 'left' && conjuncts.some((e) => rejectsNulls(e, rightColumns));
  if (isRejecting) return planSource(planning, { ...turned, join: 'inner' }, conjuncts);
  const { join } = turned;
  if (join === 'full') checkNullable(l);
  if (join !== 'inner') checkNullable(r);
  const on = conjunctsOf(turned.on).filter((e) => !(e.kind === 'const' && e.value === true));
  const ofLeft: Expr[] = [];
  const ofRight: Expr[] = [];
  const above: Expr[] = [];
  for (const e of conjuncts) {
    if (join !== 'full' && readsOnly(e, leftColumns)) ofLeft.push(e);
    else if (join === 'inner' && readsOnly(e, rightColumns)) ofRight.push(e);
    else above.push(e);
  }
  const rest: Expr[] = [];
  for (const e of on) {
    if (join !== 'full' && readsOnly(e, rightColumns)) ofRight.push(e);
    else rest.push(e);
  }
  // What the left rows are known to have, only such rows of the right side can meet.
  if (join === 'left')
    ofRight.push(...carriedEqualities([...ofLeft, ...on]).filter((e) => readsOnly(e, rightColumns)));
  const left = planSource(planning, l, ofLeft);
  const layoutOf = (right: Planned): readonly number[] => [...left.layout, ...right.layout];
  const rows = (right: Planned): number => Math.max(left.rows(), right.rows());
  if (turned.args.length > 0) {
    const right = planSource(planning, r, ofRight);
    const layout = layoutOf(right);
    const args = turned.args.map(({ id, expr }) => ({ id, expr: toPositions(left.layout)(expr) }));
    const estimate = { left: left.rows(), right: right.rows(), rows: rows(right) };
    const plan: RowsPlan = {
      kind: 'loopJoin',
      join: join === 'left' ? 'left' : 'inner',
      left: left.plan,
      right: right.plan,
      args,
      on: joinConjuncts(rest.map(toPositions(layout))),
      leftWidth: left.layout.length,
      rightWidth: right.layout.length,
      estimate,
    };
    return filtered({ plan, layout, rows: () => estimate.rows }, above);
  }
  const right = planSource(planning, r, ofRight);
  const layout = layoutOf(right);
  const { keys, others } = splitKeys(rest, leftColumns, rightColumns);
  if (join === 'full' && keys.length === 0 && others.some((e) => e.kind !== 'const'))
    fail('0A000', 'FULL JOIN is only supported with merge-joinable or hash-joinable join conditions');
  const estimate = { left: left.rows(), right: right.rows(), rows: rows(right) };
  const plan: RowsPlan = {
    kind: 'hashJoin',
    join: join === 'right' ? 'left' : join,
    left: left.plan,
    right: right.plan,
    leftKeys: keys.map((key) => toPositions(left.layout)(key.left)),
    rightKeys: keys.map((key) => toPositions(right.layout)(key.right)),
    on: joinConjuncts(others.map(toPositions(layout))),
    leftWidth: left.layout.length,
    rightWidth: right.layout.length,
    estimate,
  };
  return filtered({ plan, layout, rows: () => estimate.rows }, above);
}

/** Is the condition never true when all these columns are null? Only plain forms are recognised. */
function rejectsNulls(e: Expr, columns: ReadonlySet<number>): boolean {
  const isNullWithThem = (part: Expr): boolean =>
    part.kind === 'column' ? columns.has(part.index) : part.kind === 'call' && part.args.some(isNullWithThem);
  if (e.kind === 'compare') return isNullWithThem(e.left) || isNullWithThem(e.right);
  if (e.kind === 'in' || e.kind === 'not') return isNullWithThem(e.arg);
  if (e.kind === 'column') return isNullWithThem(e);
  return e.kind === 'isNull' && e.negated && isNullWithThem(e.arg);
}
