// EXISTS, NOT EXISTS and IN over a query that depends on the row at hand, as joins: what would be looked for once for each row is
// read once and held by its keys. Left alone are queries that group, sort out or limit their rows, those that depend on the
// row by more than their conditions, and those of which few rows look for little by an index.

import { lockedTables } from './analyse-locking.ts';
import { LOOKUP } from './estimate.ts';
import {
  conjunctsOf,
  type Expr,
  hasSubquery,
  joinConjuncts,
  mapColumns,
  mapParts,
  type SubqueryExpr,
  someExpr,
} from './expression.ts';
import { filtered, type Planned, planSource, toPositions } from './plan-source.ts';
import type { PlanContext, RowsPlan } from './plan-types.ts';
import type { Query } from './query.ts';

interface Tested {
  readonly conjunct: Expr;
  readonly e: SubqueryExpr;
  readonly query: Query;
  readonly join: 'semi' | 'anti';
  /** Equalities: over the row at hand, and over the query's own FROM clause. */
  readonly keys: readonly { readonly left: Expr; readonly right: Expr }[];
  /** Conditions over both, which name the row at hand by outer values. */
  readonly mixed: readonly Expr[];
  /** Conditions over the query's own rows. */
  readonly inside: readonly Expr[];
}

/** The query's rows, where one of its conditions is done as such a join; null where none is. */
export function planSemiJoins(planning: PlanContext, query: Query): Planned | null {
  const conjuncts = conjunctsOf(query.where);
  const tested = conjuncts.flatMap((e) => readTest(planning, e) ?? []);
  if (tested.length === 0 || lockedTables(query.source).length > 0) return null;
  const before = conjuncts.filter((e) => !tested.some(({ conjunct }) => conjunct === e));
  let planned = planSource(planning, query.source, before);
  const left = planned.rows();
  const chosen = tested.filter((one) => pays(planning, one, left));
  if (chosen.length === 0) return null;
  for (const one of chosen) planned = joinTested(planning, planned, one);
  return filtered(
    planned,
    tested.flatMap((one) => (chosen.includes(one) ? [] : [one.conjunct])),
  );
}

/** Does reading the query's rows once cost less than looking for some of them by an index for each row? */
function pays(planning: PlanContext, { query, e, inside }: Tested, left: number): boolean {
  if (!readsByKey(e.plan)) return true;
  return planSource(planning, query.source, inside).rows() < left * (LOOKUP + 1);
}

function readsByKey(plan: RowsPlan): boolean {
  if (plan.kind === 'scan') return plan.path.kind === 'key' && plan.path.prefix.length > 0;
  return 'input' in plan && readsByKey(plan.input);
}

function readTest(planning: PlanContext, conjunct: Expr): Tested | null {
  const isNot = conjunct.kind === 'not';
  const e = isNot ? conjunct.arg : conjunct;
  if (e.kind !== 'subquery' || e.args.length === 0) return null;
  const query = planning.queries.get(e.slot);
  if (query === undefined || !isPlain(query)) return null;
  const ids = new Set(e.args.map(({ id }) => id));
  if (usesOuter(query.source, ids)) return null;
  const member = e.test === 'any' && !isNot ? memberKey(e, query, ids) : null;
  if (e.test !== 'exists' && member === null) return null;
  const keys = member === null ? [] : [member];
  const mixed: Expr[] = [];
  const inside: Expr[] = [];
  for (const condition of conjunctsOf(query.where)) {
    if (!usesOuter(condition, ids)) inside.push(condition);
    else if (hasSubquery(condition)) return null;
    else {
      const key = equalityOf(condition, ids);
      if (key === null) mixed.push(condition);
      else keys.push({ left: giveArgs(e, key.given), right: key.own });
    }
  }
  if (keys.length === 0) return null;
  return { conjunct, e, query, join: isNot ? 'anti' : 'semi', keys, mixed, inside };
}

const isPlain = (query: Query): boolean =>
  query.grouping === null &&
  query.windows.length === 0 &&
  query.distinctOn === null &&
  query.limit === null &&
  query.offset === null &&
  lockedTables(query.source).length === 0;

/** Is one of these outer values used within? Definitions of tables have none. */
function usesOuter(data: unknown, ids: ReadonlySet<number>): boolean {
  if (typeof data !== 'object' || data === null) return false;
  if (Array.isArray(data)) return data.some((item) => usesOuter(item, ids));
  const { kind, id, inherits } = data as { kind?: unknown; id?: unknown; inherits?: unknown };
  if (kind === 'outer' && typeof id === 'number') return ids.has(id);
  if (Array.isArray(inherits) && inherits.some((one) => ids.has(one))) return true;
  return Object.entries(data).some(([name, value]) => name !== 'table' && usesOuter(value, ids));
}

/** IN: the value beside the query's column, which stands in the comparison as an outer value. */
function memberKey(
  { compare, candidate }: SubqueryExpr,
  query: Query,
  ids: ReadonlySet<number>,
): Tested['keys'][number] | null {
  const [output] = query.outputs;
  if (compare?.kind !== 'compare' || compare.op !== 'eq' || output === undefined) return null;
  const { left, right } = compare;
  const isCandidate = (part: Expr): boolean => part.kind === 'outer' && part.id === candidate;
  const isSplit = !someExpr(left, isCandidate) && !someExpr(right, (part) => part.kind === 'column');
  if (!isSplit || hasSubquery(left) || hasSubquery(output) || usesOuter(output, ids)) return null;
  const put = (e: Expr): Expr => (isCandidate(e) ? output : mapParts(e, put));
  return { left, right: put(right) };
}

/** An equality between what the row at hand gives and what the query's row has. */
function equalityOf(e: Expr, ids: ReadonlySet<number>): { readonly given: Expr; readonly own: Expr } | null {
  if (e.kind !== 'compare' || e.op !== 'eq') return null;
  const isGiven = (part: Expr): boolean => part.kind === 'outer' && ids.has(part.id);
  const isOwn = (part: Expr): boolean => part.kind === 'column';
  const only = (side: Expr, is: typeof isOwn, not: typeof isOwn): boolean =>
    someExpr(side, is) && !someExpr(side, not);
  if (only(e.left, isGiven, isOwn) && only(e.right, isOwn, isGiven)) return { given: e.left, own: e.right };
  if (only(e.right, isGiven, isOwn) && only(e.left, isOwn, isGiven)) return { given: e.right, own: e.left };
  return null;
}

/** The expression over the row at hand, its outer values being what the row gives for them. */
function giveArgs({ args }: SubqueryExpr, e: Expr): Expr {
  const give = (part: Expr): Expr => {
    const arg = part.kind === 'outer' ? args.find(({ id }) => id === part.id) : undefined;
    return arg === undefined ? mapParts(part, give) : arg.expr;
  };
  return give(e);
}

function joinTested(planning: PlanContext, left: Planned, one: Tested): Planned {
  const right = planSource(planning, one.query.source, one.inside);
  const [ofLeft, ofRight] = [toPositions(left.layout), toPositions(right.layout)];
  const leftWidth = left.layout.length;
  /** Over both rows: the query's columns lie behind the left row. */
  const overBoth = (e: Expr): Expr => {
    if (e.kind === 'column') {
      const own = ofRight(e);
      return own.kind === 'column' ? { ...own, index: own.index + leftWidth } : own;
    }
    const arg = e.kind === 'outer' ? one.e.args.find(({ id }) => id === e.id) : undefined;
    return arg === undefined ? mapParts(e, overBoth) : mapColumns(arg.expr, (column) => ofLeft(column));
  };
  const rows = Math.max(1, left.rows() / 2);
  return {
    plan: {
      kind: 'hashJoin',
      join: one.join,
      left: left.plan,
      right: right.plan,
      leftKeys: one.keys.map((key) => ofLeft(key.left)),
      rightKeys: one.keys.map((key) => ofRight(key.right)),
      on: joinConjuncts(one.mixed.map(overBoth)),
      leftWidth,
      rightWidth: right.layout.length,
      estimate: { left: left.rows(), right: right.rows(), rows },
    },
    layout: left.layout,
    rows: () => rows,
  };
}
