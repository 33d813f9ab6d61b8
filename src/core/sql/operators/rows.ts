// Rows that the statement itself names: VALUES, a FROM clause without a table.

import type { Row, Value } from '../access.ts';
import { type Context, evaluateOnce } from '../context.ts';
import { evaluate } from '../evaluate.ts';
import type { Expr } from '../expression.ts';
import { asIs, type Operator } from '../operator.ts';
import type { StateOf } from '../plan-types.ts';

declare module '../plan-types.ts' {
  interface Operators {
    rows: {
      plan: {
        readonly rows: readonly (readonly Expr[])[];
        /** From sequences. */
        readonly draws?: boolean;
      };
      state: {
        at: number;
        /** From sequences, for the row at hand. */
        readonly drawn: Value[];
      };
    };
  }
}

export const rows: Operator<'rows'> = {
  start: (plan) => ({ kind: 'rows', plan, at: 0, drawn: [] }),
  next,
  map: (plan, { expr }) => ({ ...plan, rows: plan.rows.map((row) => row.map(expr)) }),
  prune: asIs,
  explain: ({ rows: { length } }) => ({
    line: length === 1 ? 'Result' : length === 0 ? 'Result (no rows)' : `Values Scan (${length} rows)`,
  }),
  columns: ({ rows: [first = []] }) => first.map((_, i) => `column${i + 1}`),
};

function next(op: StateOf<'rows'>, context: Context): Row | null {
  const exprs = op.plan.rows[op.at];
  if (exprs === undefined) return null;
  const row = op.plan.draws
    ? evaluateOnce(exprs, [], context, op.drawn)
    : exprs.map((e) => evaluate(e, [], context));
  op.drawn.length = 0;
  op.at += 1;
  context.turn.tid = -1;
  return row;
}
