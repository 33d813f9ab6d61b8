// WITH queries. Their rows are made as they are asked for and kept in the statement, so that all readers share them. A
// recursive one runs in rounds: what a round gives is what the next one reads, until a round gives nothing.

import { AssertionError } from '../../base/assert.ts';
import type { Row, Value } from './access.ts';
import { groupKey } from './compare.ts';
import type { CteState, Operator } from './execution-types.ts';
import { type Context, checkHeld, nextRow, startOperator } from './operators.ts';
import type { CtePlan } from './plan-types.ts';

export function nextOfCte(op: Extract<Operator, { kind: 'cteScan' }>, context: Context): Row | null {
  const { cte } = op.plan;
  const state = stateOf(cte, context);
  while (op.at >= state.rows.length) if (!pull(cte, state, context)) return null;
  const row = state.rows[op.at];
  op.at += 1;
  context.turn.tid = -1;
  return row ?? null;
}

/** The rows of the last round. */
export function nextOfRound(op: Extract<Operator, { kind: 'workTable' }>, context: Context): Row | null {
  const state = context.statement.ctes?.get(op.plan.id);
  if (state === undefined) throw new AssertionError('a round of a query that does not run');
  const at = state.roundFrom + op.at;
  if (at >= state.roundEnd) return null;
  op.at += 1;
  context.turn.tid = -1;
  return state.rows[at] ?? null;
}

function stateOf(cte: CtePlan, context: Context): CteState {
  context.statement.ctes ??= new Map();
  const { ctes } = context.statement;
  const known = ctes.get(cte.id);
  const key: Value[] = cte.inherits.map((id) => context.outer[id] ?? null);
  if (known !== undefined && groupKey(known.key) === groupKey(key)) return known;
  const state: CteState = {
    key,
    operator: startOperator(cte.input),
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
  const row = nextRow(state.operator, context);
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
  state.operator = startOperator(cte.step);
  return true;
}
