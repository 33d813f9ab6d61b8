// UNION ALL: the rows of its inputs, one after the other.

import type { Row } from '../access.ts';
import type { Context } from '../context.ts';
import type { Operator } from '../operator.ts';
import type { OperatorState, RowsPlan, StateOf } from '../plan-types.ts';

declare module '../plan-types.ts' {
  interface Operators {
    append: {
      plan: { readonly inputs: readonly RowsPlan[] };
      state: { readonly inputs: readonly OperatorState[]; at: number };
    };
  }
}

export const append: Operator<'append'> = {
  start: (plan, start) => ({ kind: 'append', plan, inputs: plan.inputs.map(start), at: 0 }),
  next,
  map: (plan, { rows }) => ({ ...plan, inputs: plan.inputs.map(rows) }),
  explain: () => ({ line: 'Append' }),
};

function next(op: StateOf<'append'>, context: Context): Row | null {
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
