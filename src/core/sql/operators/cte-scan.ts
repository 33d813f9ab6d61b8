// WITH queries. Their rows are made as they are asked for and kept in the statement, so that all readers share them. A
// recursive one runs in rounds: what a round gives is what the next one reads, until a round gives nothing.

import type { Row, Value } from '../access.ts';
import { groupKey } from '../compare.ts';
import { type Context, checkHeld } from '../context.ts';
import type { CteState } from '../execution-types.ts';
import { asIs, type Operator } from '../operator.ts';
import type { CtePlan, StateOf } from '../plan-types.ts';

declare module '../plan-types.ts' {
  interface Operators {
    cteScan: {
      plan: { readonly cte: CtePlan };
      state: { at: number };
    };
  }
}

export const cteScan: Operator<'cteScan'> = {
  start: (plan) => ({ kind: 'cteScan', plan, at: 0 }),
  next,
  map: (plan, { cte }) => ({ ...plan, cte: cte(plan.cte) }),
  prune: asIs,
  explain: ({ cte }) => ({ line: `CTE Scan on ${cte.name}`, cte }),
  columns: ({ cte }) => cte.columns.map((column) => `${cte.name}.${column}`),
};

function next(op: StateOf<'cteScan'>, context: Context): Row | null {
  const { cte } = op.plan;
  const state = stateOf(cte, context);
  while (op.at >= state.rows.length) if (!pull(cte, state, context)) return null;
  const row = state.rows[op.at];
  op.at += 1;
  context.turn.tid = -1;
  return row ?? null;
}

function stateOf(cte: CtePlan, context: Context): CteState {
  context.statement.ctes ??= new Map();
  const { ctes } = context.statement;
  const known = ctes.get(cte.id);
  const key: Value[] = cte.inherits.map((id) => context.outer[id] ?? null);
  if (known !== undefined && groupKey(known.key) === groupKey(key)) return known;
  const state: CteState = {
    key,
    operator: context.start(cte.input),
    rows: [],
    roundFrom: 0,
    roundEnd: 0,
    seen: cte.step === null || cte.all ? null : new Set(),
  };
  ctes.set(cte.id, state);
  return state;
}

/** One more row into the state, or the next round; false at the end. */
function pull(cte: CtePlan, state: CteState, context: Context): boolean {
  if (state.operator === null) return false;
  const row = context.next(state.operator);
  if (row !== null) {
    if (state.seen !== null) {
      const key = groupKey(row);
      if (state.seen.has(key)) return true;
      state.seen.add(key);
    }
    checkHeld(state.rows.length, context, `the WITH query "${cte.name}"`);
    state.rows.push(row);
    return true;
  }
  const isOver = cte.step === null || state.rows.length === state.roundEnd;
  if (isOver || cte.step === null) {
    state.operator = null;
    return false;
  }
  state.roundFrom = state.roundEnd;
  state.roundEnd = state.rows.length;
  state.operator = context.start(cte.step);
  return true;
}
