// UNION ALL: the rows of its inputs, one after the other.

import type { Row } from '../access.ts';
import type { Context } from '../context.ts';
import type { Operator } from '../operator.ts';
import type { OperatorState, RowsPlan } from '../plan-types.ts';

interface AppendPlan {
  readonly kind: 'append';
  readonly inputs: readonly RowsPlan[];
}

interface AppendState {
  readonly kind: 'append';
  readonly inputs: readonly OperatorState[];
  at: number;
}

declare module '../plan-types.ts' {
  interface Operators {
    append: { plan: AppendPlan; state: AppendState };
  }
}

export const append: Operator<'append'> = {
  start: ({ inputs }, start) => ({ kind: 'append', inputs: inputs.map(start), at: 0 }),
  next,
  map: (plan, { rows }) => ({ ...plan, inputs: plan.inputs.map(rows) }),
  explain: () => ({ line: 'Append' }),
};

function next(op: AppendState, context: Context): Row | null {
  for (let input = op.inputs[op.at]; input !== undefined; input = op.inputs[op.at]) {
    const row = context.next(input);
    if (row !== null) {
      context.turn.tid = -1;
      return row;
    }
    op.at += 1;
  }
  return null;
}
