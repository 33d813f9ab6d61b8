// Passes on the rows that meet a condition.

import type { Row } from '../access.ts';
import { type Context, type PulledRow, pullRow } from '../context.ts';
import { isTrue } from '../evaluate.ts';
import { expressionText } from '../explain-expression.ts';
import type { Expr } from '../expression.ts';
import { withColumns } from '../needed-columns.ts';
import type { Operator } from '../operator.ts';
import type { OperatorState, RowsPlan, StateOf } from '../plan-types.ts';

declare module '../plan-types.ts' {
  interface Operators {
    filter: {
      plan: { readonly input: RowsPlan; readonly condition: Expr };
      state: {
        readonly input: OperatorState;
        /** Pulled from below, and not yet judged. */
        pending: PulledRow | null;
      };
    };
  }
}

export const filter: Operator<'filter'> = {
  start: (plan, start) => ({ kind: 'filter', plan, input: start(plan.input), pending: null }),
  next,
  map: (plan, { rows, expr }) => ({ ...plan, input: rows(plan.input), condition: expr(plan.condition) }),
  prune: (plan, needed, prune) => ({
    ...plan,
    input: prune(plan.input, withColumns(needed, [plan.condition])),
  }),
  explain: ({ condition }, names, [own = names]) => ({
    line: 'Filter',
    notes: [`Filter: ${expressionText(condition, own)}`],
    exprs: [condition],
  }),
};

function next(op: StateOf<'filter'>, context: Context): Row | null {
  for (;;) {
    const pending = op.pending ?? pullRow(op.input, context);
    if (pending === null) return null;
    op.pending = pending;
    const passes = isTrue(op.plan.condition, pending.row, context);
    op.pending = null;
    if (!passes) continue;
    context.turn.tid = pending.tid;
    return pending.row;
  }
}
