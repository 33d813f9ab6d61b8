// INTERSECT and EXCEPT, by counting: a row that is in one side m times and in the other n times is there min(m, n) times in
// INTERSECT ALL and max(m − n, 0) times in EXCEPT ALL.

import type { Row } from '../access.ts';
import { asciiUpper } from '../ascii.ts';
import { groupKey } from '../compare.ts';
import { type Context, checkHeld } from '../context.ts';
import type { Operator } from '../operator.ts';
import type { OperatorState, RowsPlan, StateOf } from '../plan-types.ts';

declare module '../plan-types.ts' {
  interface Operators {
    setOperation: {
      plan: {
        readonly operation: 'intersect' | 'except';
        readonly all: boolean;
        readonly left: RowsPlan;
        readonly right: RowsPlan;
      };
      state: {
        readonly left: OperatorState;
        readonly right: OperatorState;
        /** How often each right row is still to be counted. */
        readonly counts: Map<string, number>;
        isCounted: boolean;
      };
    };
  }
}

export const setOperation: Operator<'setOperation'> = {
  start: (plan, start) => ({
    kind: 'setOperation',
    plan,
    left: start(plan.left),
    right: start(plan.right),
    counts: new Map(),
    isCounted: false,
  }),
  next,
  map: (plan, { rows }) => ({ ...plan, left: rows(plan.left), right: rows(plan.right) }),
  explain: ({ operation, all }) => ({
    line: `HashSetOp ${operation === 'intersect' ? 'Intersect' : 'Except'}${all ? ' All' : ''}`,
  }),
};

function next(op: StateOf<'setOperation'>, context: Context): Row | null {
  const { operation, all } = op.plan;
  if (!op.isCounted) {
    for (let row = context.next(op.right); row !== null; row = context.next(op.right)) {
      const key = groupKey(row);
      const count = op.counts.get(key) ?? 0;
      if (count === 0) checkHeld(op.counts.size, context, asciiUpper(operation));
      op.counts.set(key, count + 1);
    }
    op.isCounted = true;
  }
  for (;;) {
    const row = context.next(op.left);
    if (row === null) return null;
    const key = groupKey(row);
    const count = op.counts.get(key) ?? 0;
    if (operation === 'intersect') {
      if (count === 0) continue;
      op.counts.set(key, all ? count - 1 : 0);
    } else {
      if (all && count > 0) op.counts.set(key, count - 1);
      if (count > 0) continue;
      if (!all) {
        checkHeld(op.counts.size, context, 'EXCEPT');
        op.counts.set(key, 1);
      }
    }
    context.turn.tid = -1;
    return row;
  }
}
