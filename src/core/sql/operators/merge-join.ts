// Merge join: both sides come in the ascending order of the key, so one pass over each finds all partners, and no more rows are held
// than the right side has of one key. Rows whose key is null have no partner.

import type { Row, Value } from '../access.ts';
import { compareValues } from '../compare.ts';
import { type Context, checkHeld, spend } from '../context.ts';
import { evaluate, isTrue } from '../evaluate.ts';
import type { Expr } from '../expression.ts';
import {
  columnsOfJoin,
  conditionOf,
  filterNotes,
  joinRows,
  type KeyedJoin,
  keysText,
  mapJoin,
  sidesNeeded,
  whyNote,
} from '../joins.ts';
import { withColumns } from '../needed-columns.ts';
import type { Operator } from '../operator.ts';
import type { OperatorState, StateOf } from '../plan-types.ts';

declare module '../plan-types.ts' {
  interface Operators {
    mergeJoin: {
      /** Both sides come in the ascending order of their one key: only the right rows of a key are held. */
      plan: KeyedJoin & { readonly join: 'inner' };
      state: {
        readonly left: OperatorState;
        readonly right: OperatorState;
        leftRow: Row | null;
        /** The first right row that is above the group. */
        rightRow: Row | null;
        isRightDone: boolean;
        /** The key of the left row at hand, the right rows that have it, and whether these are all. */
        key: Value | null;
        group: Row[];
        isGroupWhole: boolean;
        /** Rows of the group that the left row has been held against. */
        at: number;
      };
    };
  }
}

export const mergeJoin: Operator<'mergeJoin'> = {
  start: (plan, start) => ({
    kind: 'mergeJoin',
    plan,
    left: start(plan.left),
    right: start(plan.right),
    leftRow: null,
    rightRow: null,
    isRightDone: false,
    group: [],
    key: null,
    isGroupWhole: false,
    at: 0,
  }),
  next,
  map: mapJoin,
  prune: (plan, needed, prune) => {
    const { left, right } = sidesNeeded(plan, needed);
    return {
      ...plan,
      left: prune(plan.left, withColumns(left, plan.leftKeys)),
      right: prune(plan.right, withColumns(right, plan.rightKeys)),
    };
  },
  explain: (plan, names, inputs) => ({
    line: 'Merge Join',
    notes: [
      `Merge Cond: ${keysText(plan, names, inputs)}`,
      ...filterNotes(plan, { ...names, columns: columnsOfJoin(plan, names, inputs) }),
      whyNote(plan, 'too many to hold: both sides are read in the order of the key'),
    ],
    exprs: conditionOf(plan),
  }),
  columns: columnsOfJoin,
};

/** The next row whose key is not null; null at the end. */
function nextKeyed(input: OperatorState, key: Expr, context: Context): Row | null {
  for (;;) {
    const row = context.next(input);
    if (row === null || evaluate(key, row, context) !== null) return row;
  }
}

function next(op: StateOf<'mergeJoin'>, context: Context): Row | null {
  const { plan } = op;
  const [leftKey] = plan.leftKeys;
  if (leftKey === undefined) return null;
  for (;;) {
    op.leftRow ??= nextKeyed(op.left, leftKey, context);
    const left = op.leftRow;
    if (left === null) return null;
    const key = evaluate(leftKey, left, context);
    if (op.key === null || compareValues(op.key, key) < 0) {
      op.key = key;
      op.group = [];
      op.isGroupWhole = false;
    }
    if (!op.isGroupWhole) gather(op, context);
    for (let right = op.group[op.at]; right !== undefined; right = op.group[op.at]) {
      const row = joinRows(left, right);
      const meets = isTrue(plan.on, row, context);
      // After the condition, which may take several steps and is then judged again.
      spend(context);
      op.at += 1;
      if (!meets) continue;
      context.turn.tid = -1;
      return row;
    }
    op.leftRow = null;
    op.at = 0;
    if (op.group.length === 0 && op.isRightDone) return null;
  }
}

/** Holds the right rows of the key at hand, which are together. */
function gather(op: StateOf<'mergeJoin'>, context: Context): void {
  const { key } = op;
  const [rightKey] = op.plan.rightKeys;
  while (rightKey !== undefined && !op.isRightDone) {
    op.rightRow ??= nextKeyed(op.right, rightKey, context);
    const row = op.rightRow;
    op.isRightDone = row === null;
    if (row === null) break;
    const order = compareValues(evaluate(rightKey, row, context), key);
    if (order > 0) break;
    if (order === 0) {
      checkHeld(op.group.length, context, 'a join');
      op.group.push(row);
    }
    op.rightRow = null;
  }
  op.isGroupWhole = true;
}
