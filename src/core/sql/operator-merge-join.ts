// Merge join: both sides come in the ascending order of the key, so one pass over each finds all partners, and no more rows are held
// than the right side has of one key. Rows whose key is null have no partner.

import type { Row } from './access.ts';
import { compareValues } from './compare.ts';
import { evaluate, isTrue } from './evaluate.ts';
import type { MergeJoinOperator } from './execution-types.ts';
import type { Expr } from './expression.ts';
import { joinRows } from './operator-join.ts';
import { type Context, checkHeld, nextRow, spend, startOperator } from './operators.ts';
import type { MergeJoinPlan } from './plan-types.ts';

export const startMergeJoin = (plan: MergeJoinPlan): MergeJoinOperator => ({
  kind: 'mergeJoin',
  plan,
  left: startOperator(plan.left),
  right: startOperator(plan.right),
  leftRow: null,
  rightRow: null,
  isRightDone: false,
  group: [],
  key: null,
  isGroupWhole: false,
  at: 0,
});

/** The next row whose key is not null; null at the end. */
function nextKeyed(input: MergeJoinOperator['left'], key: Expr, context: Context): Row | null {
  for (;;) {
    const row = nextRow(input, context);
    if (row === null || evaluate(key, row, context) !== null) return row;
  }
}

export function nextMerged(op: MergeJoinOperator, context: Context): Row | null {
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
function gather(op: MergeJoinOperator, context: Context): void {
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
