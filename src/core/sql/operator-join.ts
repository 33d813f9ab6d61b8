// Join operators. A hash join holds its right side in memory and streams the left one (without keys it is a nested loop
// over the held rows); a loop join runs its right side anew for each left row, with outer values from it.

import type { Row, Value } from './access.ts';
import { mapKey } from './compare.ts';
import { evaluate, isTrue } from './evaluate.ts';
import type { HashJoinOperator, HeldRow, LoopJoinOperator } from './execution-types.ts';
import type { Expr, OuterArg } from './expression.ts';
import { type Context, checkHeld, nextRow, spend, startOperator } from './operators.ts';
import type { HashJoinPlan, LoopJoinPlan } from './plan-types.ts';

const NO_ROWS: readonly HeldRow[] = [];

const nulls = (width: number): Value[] => new Array<Value>(width).fill(null);

export function startHashJoin(plan: HashJoinPlan): HashJoinOperator {
  return {
    kind: 'hashJoin',
    plan,
    left: startOperator(plan.left),
    right: startOperator(plan.right),
    table: new Map(),
    held: [],
    heldCount: 0,
    isBuilt: false,
    leftRow: null,
    leftTid: -1,
    partners: null,
    at: 0,
    isMet: false,
    isLeftDone: false,
  };
}

/** Left rows are passed on or not, without what they meet. */
const isTest = ({ join }: HashJoinPlan): boolean => join === 'semi' || join === 'anti';

/** The keys' values as one; null when one is null, and then no row is equal to it. */
function keyOf(keys: readonly Expr[], row: Row, context: Context): string | number | null {
  const values: Value[] = [];
  for (const key of keys) {
    const value = evaluate(key, row, context);
    if (value === null) return null;
    values.push(value);
  }
  return mapKey(values);
}

function build(op: HashJoinOperator, context: Context): void {
  const { plan } = op;
  for (let row = nextRow(op.right, context); row !== null; row = nextRow(op.right, context)) {
    const key = keyOf(plan.rightKeys, row, context);
    if (key === null && plan.join !== 'full') continue;
    // One of a key is enough to say that there is one.
    if (plan.on === null && isTest(plan) && key !== null && op.table.has(key)) continue;
    checkHeld(op.heldCount, context, 'a join');
    op.heldCount += 1;
    const held = { row, isMet: false };
    if (plan.join === 'full') op.held.push(held);
    if (key === null) continue;
    const bucket = op.table.get(key);
    if (bucket === undefined) op.table.set(key, [held]);
    else bucket.push(held);
  }
  op.isBuilt = true;
}

export function nextHashJoined(op: HashJoinOperator, context: Context): Row | null {
  const { plan } = op;
  if (!op.isBuilt) build(op, context);
  while (!op.isLeftDone) {
    if (op.leftRow === null) {
      op.leftRow = nextRow(op.left, context);
      op.leftTid = context.turn.tid;
    }
    const left = op.leftRow;
    if (left === null) {
      op.isLeftDone = true;
      op.at = 0;
      break;
    }
    if (op.partners === null) {
      const key = keyOf(plan.leftKeys, left, context);
      op.partners = key === null ? NO_ROWS : (op.table.get(key) ?? NO_ROWS);
      op.at = 0;
      op.isMet = false;
    }
    context.turn.tid = -1;
    for (let held = op.partners[op.at]; held !== undefined; held = op.partners[op.at]) {
      const row = plan.on === null && isTest(plan) ? left : left.concat(held.row);
      const meets = isTrue(plan.on, row, context);
      // After the condition, which may take several steps and is then judged again.
      spend(context);
      op.at += 1;
      if (!meets) continue;
      op.isMet = true;
      held.isMet = true;
      if (isTest(plan)) break;
      return row;
    }
    op.leftRow = null;
    op.partners = null;
    if (isTest(plan)) {
      if (op.isMet !== (plan.join === 'semi')) continue;
      context.turn.tid = op.leftTid;
      return left;
    }
    if (!op.isMet && plan.join !== 'inner') return left.concat(nulls(plan.rightWidth));
  }
  if (plan.join !== 'full') return null;
  for (let held = op.held[op.at]; held !== undefined; held = op.held[op.at]) {
    op.at += 1;
    if (!held.isMet) return nulls(plan.leftWidth).concat(held.row);
  }
  return null;
}

export function startLoopJoin(plan: LoopJoinPlan): LoopJoinOperator {
  const left = startOperator(plan.left);
  return {
    kind: 'loopJoin',
    plan,
    left,
    leftRow: null,
    right: null,
    outer: [],
    rightRow: null,
    isMet: false,
  };
}

/** The outer values with those that the row gives. */
export function withArgs(args: readonly OuterArg[], row: Row, context: Context): Row {
  if (args.length === 0) return context.outer;
  const outer = context.outer.slice();
  for (const { id, expr } of args) outer[id] = evaluate(expr, row, context);
  return outer;
}

export function nextLoopJoined(op: LoopJoinOperator, context: Context): Row | null {
  const { plan } = op;
  for (;;) {
    op.leftRow ??= nextRow(op.left, context);
    const left = op.leftRow;
    if (left === null) return null;
    if (op.right === null) {
      op.outer = withArgs(plan.args, left, context);
      op.right = startOperator(plan.right);
      op.isMet = false;
    }
    for (;;) {
      op.rightRow ??= nextRow(op.right, context.within(op.outer));
      if (op.rightRow === null) break;
      const row = left.concat(op.rightRow);
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
    return left.concat(nulls(plan.rightWidth));
  }
}
