// Passes on the rows that meet a condition.

import type { Row } from '../access.ts';
import { type Context, type PulledRow, pullRow } from '../context.ts';
import { isTrue } from '../evaluate.ts';
import { expressionText } from '../explain-expression.ts';
import type { Expr } from '../expression.ts';
import { withColumns } from '../needed-columns.ts';
import type { Operator } from '../operator.ts';
import type { OperatorState, RowsPlan } from '../plan-types.ts';

interface FilterPlan {
  readonly kind: 'filter';
  readonly input: RowsPlan;
  readonly condition: Expr;
}

interface FilterState {
  readonly kind: 'filter';
  readonly input: OperatorState;
  readonly condition: Expr;
  /** Pulled from below, and not yet judged. */
  pending: PulledRow | null;
}

declare module '../plan-types.ts' {
  interface Operators {
    filter: { plan: FilterPlan; state: FilterState };
  }
}

export const filter: Operator<'filter'> = {
  start: ({ input, condition }, start) => ({ kind: 'filter', input: start(input), condition, pending: null }),
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

function next(op: FilterState, context: Context): Row | null {
  for (;;) {
    const pending = op.pending ?? pullRow(op.input, context);
    if (pending === null) return null;
    op.pending = pending;
    const passes = isTrue(op.condition, pending.row, context);
    op.pending = null;
    if (!passes) continue;
    context.turn.tid = pending.tid;
    return pending.row;
  }
}
