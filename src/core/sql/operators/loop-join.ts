// Runs its right side anew for each left row, with values from it: a lookup by key, or LATERAL.

import type { Row } from '../access.ts';
import type { Context } from '../context.ts';
import { isTrue } from '../evaluate.ts';
import { expressionText, type Names } from '../explain-expression.ts';
import type { OuterArg } from '../expression.ts';
import {
  columnsOfJoin,
  conditionOf,
  filterNotes,
  type Join,
  joinRows,
  mapJoin,
  nulls,
  sidesNeeded,
  whyNote,
  withArgs,
} from '../joins.ts';
import { withColumns } from '../needed-columns.ts';
import type { Described, Operator } from '../operator.ts';
import type { OperatorState, PlanOf, StateOf } from '../plan-types.ts';

declare module '../plan-types.ts' {
  interface Operators {
    loopJoin: {
      plan: Join & { readonly join: 'inner' | 'left'; readonly args: readonly OuterArg[] };
      state: {
        readonly left: OperatorState;
        leftRow: Row | null;
        /** The right side for this left row, and the outer values that it was begun with. */
        right: OperatorState | null;
        outer: Row;
        rightRow: Row | null;
        isMet: boolean;
      };
    };
  }
}

export const loopJoin: Operator<'loopJoin'> = {
  start: (plan, start) => ({
    kind: 'loopJoin',
    plan,
    left: start(plan.left),
    leftRow: null,
    right: null,
    outer: [],
    rightRow: null,
    isMet: false,
  }),
  next,
  map: mapJoin,
  prune: (plan, needed, prune) => {
    const { left, right } = sidesNeeded(plan, needed);
    const given = plan.args.map(({ expr }) => expr);
    return {
      ...plan,
      left: prune(plan.left, withColumns(left, given)),
      right: prune(plan.right, right),
    };
  },
  explain: describe,
  columns: columnsOfJoin,
};

function next(op: StateOf<'loopJoin'>, context: Context): Row | null {
  const { plan } = op;
  for (;;) {
    op.leftRow ??= context.next(op.left);
    const left = op.leftRow;
    if (left === null) return null;
    if (op.right === null) {
      op.outer = withArgs(plan.args, left, context);
      op.right = context.start(plan.right);
      op.isMet = false;
    }
    for (;;) {
      op.rightRow ??= context.within(op.outer).next(op.right);
      if (op.rightRow === null) break;
      const row = joinRows(left, op.rightRow);
      const meets = isTrue(plan.on, row, context);
      op.rightRow = null;
      if (!meets) continue;
      op.isMet = true;
      context.turn.tid = -1;
      return row;
    }
    op.leftRow = null;
    op.right = null;
    if (op.isMet || plan.join === 'inner') continue;
    context.turn.tid = -1;
    return joinRows(left, nulls(plan.rightWidth));
  }
}

function describe(plan: PlanOf<'loopJoin'>, names: Names, inputs: readonly Names[]): Described {
  const [left = names] = inputs;
  const outer = new Map(names.outer);
  for (const { id, expr } of plan.args) outer.set(id, expressionText(expr, left));
  const { right } = plan;
  const isLookup = (right.kind === 'measured' ? right.input : right).kind === 'scan';
  const reason = isLookup
    ? 'the right side is looked up by key, which reads less than all of it'
    : 'the right side is run for each left row (LATERAL)';
  return {
    line: plan.join === 'inner' ? 'Nested Loop' : 'Nested Loop Left Join',
    notes: [
      ...filterNotes(plan, { outer, columns: columnsOfJoin(plan, names, inputs) }),
      whyNote(plan, reason),
    ],
    exprs: conditionOf(plan),
    outer,
  };
}
