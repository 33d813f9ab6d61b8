// Computes a row of expressions from each row.

import type { Row, Value } from '../access.ts';
import { type Context, evaluateOnce, type PulledRow, pullRow } from '../context.ts';
import { evaluate } from '../evaluate.ts';
import { expressionText } from '../explain-expression.ts';
import { draws, type Expr, hasSubquery } from '../expression.ts';
import { NO_COLUMNS, withColumns } from '../needed-columns.ts';
import type { Operator } from '../operator.ts';
import type { OperatorState, RowsPlan, StateOf } from '../plan-types.ts';

declare module '../plan-types.ts' {
  interface Operators {
    project: {
      plan: { readonly input: RowsPlan; readonly exprs: readonly Expr[] };
      state: {
        readonly input: OperatorState;
        readonly mayWait: boolean;
        /** Pulled from below, and not yet computed. */
        pending: PulledRow | null;
        /** From sequences, for the row at hand. */
        readonly drawn: Value[];
      };
    };
  }
}

export const project: Operator<'project'> = {
  start: (plan, start) => ({
    kind: 'project',
    plan,
    input: start(plan.input),
    mayWait: plan.exprs.some((e) => hasSubquery(e) || draws(e)),
    pending: null,
    drawn: [],
  }),
  next,
  map: (plan, { rows, expr }) => ({ ...plan, input: rows(plan.input), exprs: plan.exprs.map(expr) }),
  prune: (plan, _needed, prune) => ({
    ...plan,
    input: prune(plan.input, withColumns(NO_COLUMNS, plan.exprs)),
  }),
  // As in PostgreSQL.
  explain: ({ exprs }) => ({ line: null, exprs }),
  columns: ({ exprs }, names, [own = names]) => exprs.map((e) => expressionText(e, own)),
};

function next(op: StateOf<'project'>, context: Context): Row | null {
  if (op.mayWait) return nextWaiting(op, context);
  const row = context.next(op.input);
  return row === null ? null : op.plan.exprs.map((e) => evaluate(e, row, context));
}

function nextWaiting(op: StateOf<'project'>, context: Context): Row | null {
  const pending = op.pending ?? pullRow(op.input, context);
  if (pending === null) return null;
  op.pending = pending;
  const row = evaluateOnce(op.plan.exprs, pending.row, context, op.drawn);
  op.drawn.length = 0;
  op.pending = null;
  context.turn.tid = pending.tid;
  return row;
}
