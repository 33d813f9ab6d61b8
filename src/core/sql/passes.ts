// How a query is planned: in passes, each of which puts what it is for above the plan so far. Their order is that of the list.

import { lockedTables } from './analyse-locking.ts';
import { type AggregateExpr, conjunctsOf, draws, type Expr, hasSubquery, makeColumn } from './expression.ts';
import { unsupported } from './failure.ts';
import { asIs } from './operator.ts';
import type { Rejoin } from './operators/lock-rows.ts';
import { planScan } from './plan.ts';
import { pruneColumns } from './plan-columns.ts';
import { orderedByKey } from './plan-key.ts';
import { planSemiJoins } from './plan-semi-join.ts';
import { columnsOf, planSource, toPositions, withTid } from './plan-source.ts';
import type { PlanContext, RowsPlan } from './plan-types.ts';
import { aboveWindows, planWindows } from './plan-window.ts';
import type { Grouping, Query, QuerySource } from './query.ts';

/** A query's plan so far. */
interface Draft {
  readonly plan: RowsPlan;
  /** Puts an expression of the query over the plan's rows; until the outputs are computed. */
  readonly move: (e: Expr) => Expr;
  /** The rows already come in the order asked for. */
  readonly sorted: boolean;
}

type Pass = (draft: Draft, query: Query) => Draft;

const PASSES: readonly Pass[] = [
  group,
  computeWindows,
  computeOutputs,
  dropDuplicates,
  sort,
  keepFirst,
  lockRows,
  limit,
  leaveOutColumns,
];

export function planQuery(planning: PlanContext, query: Query): RowsPlan {
  const rows = readRows(planning, query);
  return PASSES.reduce((draft, pass) => pass(draft, query), rows).plan;
}

/** The rows that the query starts from: one access path, joins (plan-join.ts), or semi joins for some of its conditions. */
function readRows(planning: PlanContext, query: Query): Draft {
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

function group(draft: Draft, { grouping }: Query): Draft {
  if (grouping === null) return draft;
  return { ...draft, plan: planGrouping(draft.plan, grouping, draft.move), move: asIs };
}

function computeWindows(draft: Draft, { windows, width }: Query): Draft {
  if (windows.length === 0) return draft;
  const windowed = planWindows(draft.plan, width, windows, draft.move);
  return { ...draft, plan: windowed.plan, move: aboveWindows(width, windowed.width, draft.move) };
}

/** Behind the outputs of rows that are to be locked: the row of the FROM clause. */
function computeOutputs(draft: Draft, query: Query): Draft {
  const isLocked = lockedTables(query.source).length > 0;
  const exprs = [...query.outputs, ...(isLocked ? fromColumns(query.source) : [])].map(draft.move);
  // Values are drawn in the order of the rows, which is not yet that of ORDER BY.
  if (query.sort.length > 0 && exprs.some(draws)) unsupported('nextval beside ORDER BY');
  return { ...draft, plan: { kind: 'project', input: draft.plan, exprs } };
}

function dropDuplicates(draft: Draft, { distinct }: Query): Draft {
  return distinct ? { ...draft, plan: { kind: 'distinct', input: draft.plan } } : draft;
}

function sort(draft: Draft, { sort: keys }: Query): Draft {
  if (keys.length === 0 || draft.sorted) return draft;
  return { ...draft, plan: { kind: 'sort', input: draft.plan, keys } };
}

function keepFirst(draft: Draft, { distinctOn }: Query): Draft {
  if (distinctOn === null) return draft;
  return { ...draft, plan: { kind: 'distinctOn', input: draft.plan, keys: distinctOn } };
}

/** FOR UPDATE and FOR SHARE: rows are locked in the order in which they are asked for. */
function lockRows(draft: Draft, { source, outputs, where }: Query): Draft {
  const tables = lockedTables(source).map(({ table, offset, lock }) => ({ table, offset, lock }));
  if (tables.length === 0) return draft;
  const joins: Rejoin[] = [];
  collectJoins(source, joins);
  return { ...draft, plan: { kind: 'lockRows', input: draft.plan, outputs, tables, joins, where } };
}

function limit(draft: Draft, { limit: count, offset, withTies, sort: keys }: Query): Draft {
  if (count === null && offset === null) return draft;
  const ties = withTies ? { ties: keys } : {};
  return { ...draft, plan: { kind: 'limit', input: draft.plan, count, offset, ...ties } };
}

/** Scans give only what the query uses. */
function leaveOutColumns(draft: Draft): Draft {
  return { ...draft, plan: pruneColumns(draft.plan) };
}

/** All columns of the FROM clause, in order. They are only moved about: their types do not matter. */
const fromColumns = (source: QuerySource): readonly Expr[] =>
  [...columnsOf(source)].sort((a, b) => a - b).map((i) => makeColumn('int4', i, -1));

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
