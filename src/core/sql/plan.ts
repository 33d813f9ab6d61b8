// The planner: from what is asked to how it is done. A query's rows come from one access path or from joins
// (plan-join.ts); grouping, projection, DISTINCT, sort and limit are stacked above.

import type { TableDef } from './access.ts';
import { type LockedTable, lockedTables } from './analyse-locking.ts';
import type { Delete, Insert, Update } from './analyse-write.ts';
import { type AggregateExpr, conjunctsOf, draws, type Expr, hasSubquery, makeColumn } from './expression.ts';
import { unsupported } from './failure.ts';
import type { Rejoin } from './operators/lock-rows.ts';
import { keepColumns, pruneColumns } from './plan-columns.ts';
import { chooseKeyPath, orderedByKey } from './plan-key.ts';
import { planSemiJoins } from './plan-semi-join.ts';
import { columnsOf, planSource, toPositions, withTid } from './plan-source.ts';
import type {
  DeletePlan,
  InsertPlan,
  PlanContext,
  RowsPlan,
  ScanPlan,
  SelectPlan,
  UpdatePlan,
} from './plan-types.ts';
import { aboveWindows, planWindows } from './plan-window.ts';
import type { Grouping, Query, QuerySource } from './query.ts';
import { TYPE_NAMES } from './types.ts';

export function planSelect(planning: PlanContext, query: Query): SelectPlan {
  const columns = query.columns.map(({ name, type }) => ({ name, type: TYPE_NAMES[type] }));
  return { kind: 'select', input: planQuery(planning, query), columns };
}

/** The query as a part of another: rows of its columns only. */
export function planTrimmed(planning: PlanContext, query: Query): RowsPlan {
  const plan = planQuery(planning, query);
  if (query.outputs.length === query.columns.length) return plan;
  return { kind: 'project', input: plan, exprs: query.columns.map(({ type }, i) => makeColumn(type, i, -1)) };
}

/** Scans give only what the query uses. */
const planQuery = (planning: PlanContext, query: Query): RowsPlan => pruneColumns(planWhole(planning, query));

function planWhole(planning: PlanContext, query: Query): RowsPlan {
  const { plan: source, sorted, move } = planRows(planning, query);
  let plan = source;
  const { windows, width } = query;
  let outputs = query.outputs;
  if (query.grouping !== null) plan = planGrouping(plan, query.grouping, move);
  const over = query.grouping === null ? move : asIs;
  if (windows.length > 0) {
    const windowed = planWindows(plan, width, windows, over);
    plan = windowed.plan;
    outputs = outputs.map(aboveWindows(width, windowed.width, over));
  } else outputs = outputs.map(over);
  const locked = lockedTables(query.source);
  if (locked.length > 0) outputs = [...outputs, ...fromColumns(query.source).map(move)];
  // Values are drawn in the order of the rows, which is not yet that of ORDER BY.
  if (query.sort.length > 0 && outputs.some(draws)) unsupported('nextval beside ORDER BY');
  plan = { kind: 'project', input: plan, exprs: outputs };
  if (query.distinct) plan = { kind: 'distinct', input: plan };
  if (query.sort.length > 0 && !sorted) plan = { kind: 'sort', input: plan, keys: query.sort };
  if (query.distinctOn !== null) plan = { kind: 'distinctOn', input: plan, keys: query.distinctOn };
  if (locked.length > 0) plan = planLocking(plan, query, locked);
  if (query.limit !== null || query.offset !== null)
    plan = { kind: 'limit', input: plan, count: query.limit, offset: query.offset };
  return plan;
}

/** All columns of the FROM clause, in order. They are only moved about: their types do not matter. */
const fromColumns = (source: QuerySource): readonly Expr[] =>
  [...columnsOf(source)].sort((a, b) => a - b).map((i) => makeColumn('int4', i, -1));

/** FOR UPDATE and FOR SHARE: rows are locked in the order in which they are asked for. */
function planLocking(input: RowsPlan, query: Query, locked: readonly LockedTable[]): RowsPlan {
  const joins: Rejoin[] = [];
  collectJoins(query.source, joins);
  const tables = locked.map(({ table, offset, lock }) => ({ table, offset, lock }));
  return { kind: 'lockRows', input, outputs: query.outputs, tables, joins, where: query.where };
}

/** The conditions of joins, inner joins first. */
function collectJoins(source: QuerySource, into: Rejoin[]): void {
  if (source.kind !== 'join') return;
  collectJoins(source.left, into);
  collectJoins(source.right, into);
  const { on, join, left, right } = source;
  if (on === null) return;
  const filled = join === 'left' ? right : join === 'right' ? left : null;
  into.push({ on, nulls: filled && columnsOf(filled) });
}

function planGrouping(input: RowsPlan, grouping: Grouping, move: (e: Expr) => Expr): RowsPlan {
  let keys: readonly Expr[] = grouping.keys.map(move);
  let aggregates: readonly AggregateExpr[] = grouping.aggregates.map((e) => ({
    ...e,
    args: e.args.map(move),
    filter: e.filter && move(e.filter),
  }));
  let plan = input;
  const parts = [...keys, ...aggregates.flatMap((e) => (e.filter === null ? e.args : [...e.args, e.filter]))];
  if (parts.some(hasSubquery)) {
    // A group must not be half counted when a page is missing: what is grouped is computed below.
    const exprs: Expr[] = [];
    const below = (e: Expr): Expr =>
      makeColumn(e.type === 'unknown' ? 'text' : e.type, exprs.push(e) - 1, e.at);
    keys = keys.map(below);
    aggregates = aggregates.map((e) => ({
      ...e,
      args: e.args.map(below),
      filter: e.filter && below(e.filter),
    }));
    plan = { kind: 'project', input: plan, exprs };
  }
  plan = { kind: 'aggregate', input: plan, keys, aggregates };
  const { having } = grouping;
  return having === null ? plan : { kind: 'filter', input: plan, condition: having };
}

interface PlannedRows {
  readonly plan: RowsPlan;
  /** They already come in the order asked for. */
  readonly sorted: boolean;
  /** Puts an expression over the FROM clause's row over these rows. */
  readonly move: (e: Expr) => Expr;
}

const asIs = (e: Expr): Expr => e;

/** The rows that the query starts from. */
function planRows(planning: PlanContext, query: Query): PlannedRows {
  const { source, where } = query;
  const tested = planSemiJoins(planning, query);
  if (tested !== null) return { plan: tested.plan, sorted: false, move: toPositions(tested.layout) };
  if (source.kind === 'table') {
    const scan = withTid(source, planScan(source.table, source.alias, where));
    if (query.grouping !== null || query.windows.length > 0 || query.distinct || query.sort.length === 0)
      return { plan: scan, sorted: false, move: asIs };
    const ordered = orderedByKey(scan, query);
    return { plan: ordered ?? scan, sorted: ordered !== null, move: asIs };
  }
  const { plan, layout } = planSource(planning, source, conjunctsOf(where));
  return { plan, sorted: false, move: toPositions(layout) };
}

export function planScan(table: TableDef, alias: string, where: Expr | null): ScanPlan {
  if (where?.kind === 'const') {
    const path = { kind: where.value === true ? 'sequential' : 'nothing' } as const;
    return { kind: 'scan', table, alias, path, filter: null, hasTid: false };
  }
  const byKey = chooseKeyPath(table, alias, where);
  return byKey ?? { kind: 'scan', table, alias, path: { kind: 'sequential' }, filter: where, hasTid: false };
}

export function planInsert(planning: PlanContext, insert: Insert): InsertPlan {
  const { table, source, returning, onConflict, checks, references } = insert;
  if (source.kind === 'rows') {
    const collect = source.rows.some((row) => row.some(hasSubquery));
    return {
      kind: 'insert',
      table,
      returning,
      input: { kind: 'rows', rows: source.rows, draws: source.rows.some((row) => row.some(draws)) },
      collect,
      onConflict,
      checks,
      references,
    };
  }
  const input: RowsPlan = { kind: 'project', input: planQuery(planning, source.query), exprs: source.row };
  return { kind: 'insert', table, returning, input, collect: true, onConflict, checks, references };
}

export function planUpdate(planning: PlanContext, update: Update): UpdatePlan {
  const { table, where, assignments, returning, checks, references } = update;
  const collectsNew = assignments.some(({ expr }) => hasSubquery(expr) || draws(expr));
  const looked = [
    ...assignments.map(({ expr }) => expr),
    ...(where === null ? [] : [where]),
    ...(returning?.exprs ?? []),
    ...checks.map(({ condition }) => condition),
  ];
  const input = keepColumns(planTarget(planning, update), looked, references);
  return { kind: 'update', table, input, where, returning, assignments, collectsNew, checks, references };
}

export function planDelete(planning: PlanContext, { returning, ...target }: Delete): DeletePlan {
  const { table, where, references } = target;
  const looked = [...(where === null ? [] : [where]), ...(returning?.exprs ?? [])];
  const input = keepColumns(planTarget(planning, target), looked, references);
  return { kind: 'delete', table, input, where, returning, references };
}

/** The rows that are written, beside other relations in the layout of the statement's expressions. */
function planTarget(
  planning: PlanContext,
  { table, alias, source, where }: Omit<Delete, 'returning' | 'references'>,
): RowsPlan {
  if (source === null) return planScan(table, alias, where);
  const { plan, layout } = planSource(planning, source, conjunctsOf(where));
  const move = toPositions(layout);
  // Only moved about: their types do not matter.
  return { kind: 'project', input: plan, exprs: layout.map((_, i) => move(makeColumn('int4', i, -1))) };
}
