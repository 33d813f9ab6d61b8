// Join operators. A hash join holds its right side in memory and streams the left one (without keys it is a nested loop
// over the held rows); a loop join runs its right side anew for each left row, with outer values from it.

import type { Row, Value } from './access.ts';
import { mapKey } from './compare.ts';
import { evaluate, isTrue, operandOf } from './evaluate.ts';
import type { HashJoinOperator, LoopJoinOperator } from './execution-types.ts';
import type { Expr, OuterArg } from './expression.ts';
import { type Context, checkHeld, nextRow, spend, startOperator } from './operators.ts';
import type { HashJoinPlan, LoopJoinPlan } from './plan-types.ts';

/** No (further) row of a chain. */
const NONE = -1;

const nulls = (width: number): Value[] => new Array<Value>(width).fill(null);

export function startHashJoin(plan: HashJoinPlan): HashJoinOperator {
  return {
    kind: 'hashJoin',
    plan,
    left: startOperator(plan.left),
    right: startOperator(plan.right),
    rows: [],
    table: new Map(),
    next: [],
    last: [],
    met: [],
    isBuilt: false,
    leftRow: null,
    leftTid: -1,
    partner: null,
    isMet: false,
    at: 0,
    isLeftDone: false,
  };
}

/** Left rows are passed on or not, without what they meet. */
const isTest = ({ join }: HashJoinPlan): boolean => join === 'semi' || join === 'anti';

/** Both rows as one. `concat` takes several times as long: rows have holes where a column is not used. */
export function joinRows(left: Row, right: Row): Row {
  const width = left.length;
  const row = new Array<Value>(width + right.length);
  for (let i = 0; i < width; i++) row[i] = left[i] as Value;
  for (let i = 0; i < right.length; i++) row[width + i] = right[i] as Value;
  return row;
}

/** The columns of a right row that are looked at again. */
function keptOf({ kept }: HashJoinPlan, row: Row): Row {
  if (kept === undefined) return row;
  const { right } = kept;
  if (right.length === 0) return NO_VALUES;
  const values = new Array<Value>(right.length);
  for (let i = 0; i < right.length; i++) values[i] = row[right[i] as number] as Value;
  return values;
}
const NO_VALUES: Row = [];

/** Both rows as one, the right one as it is held. Places of columns that nobody looks at stay empty. */
function joinHeld({ kept, leftWidth, rightWidth }: HashJoinPlan, left: Row, held: Row): Row {
  if (kept === undefined) return joinRows(left, held);
  const row = new Array<Value>(leftWidth + rightWidth);
  for (let i = 0; i < kept.left.length; i++) {
    const at = kept.left[i] as number;
    row[at] = left[at] as Value;
  }
  for (let i = 0; i < kept.right.length; i++) row[leftWidth + (kept.right[i] as number)] = held[i] as Value;
  return row;
}

/** The keys' values as one; null when one is null, and then no row is equal to it. */
function keyOf(keys: readonly Expr[], row: Row, context: Context): string | number | null {
  if (keys.length === 1) {
    const value = operandOf(keys[0] as Expr, row, context);
    return value === null || typeof value === 'number' ? value : mapKey([value]);
  }
  const values: Value[] = [];
  for (const key of keys) {
    const value = evaluate(key, row, context);
    if (value === null) return null;
    values.push(value);
  }
  return mapKey(values);
}

/** A row without a key has no partner: it is in no chain. */
function hold(
  { plan, rows, table, next, last, met }: HashJoinOperator,
  key: string | number | null,
  row: Row,
): void {
  const at = rows.length;
  rows.push(row);
  next.push(NONE);
  last.push(at);
  if (plan.join === 'full') met.push(false);
  if (key === null) return;
  const first = table.get(key);
  if (first === undefined) {
    table.set(key, at);
    return;
  }
  next[last[first] as number] = at;
  last[first] = at;
}

function build(op: HashJoinOperator, context: Context): void {
  const { plan } = op;
  for (let row = nextRow(op.right, context); row !== null; row = nextRow(op.right, context)) {
    const key = keyOf(plan.rightKeys, row, context);
    if (key === null && plan.join !== 'full') continue;
    // One of a key is enough to say that there is one.
    if (plan.on === null && isTest(plan) && key !== null && op.table.has(key)) continue;
    checkHeld(op.rows.length, context, 'a join');
    hold(op, key, keptOf(plan, row));
  }
  op.isBuilt = true;
}

export function nextHashJoined(op: HashJoinOperator, context: Context): Row | null {
  const { plan, rows } = op;
  if (!op.isBuilt) build(op, context);
  while (!op.isLeftDone) {
    if (op.leftRow === null) {
      op.leftRow = nextRow(op.left, context);
      op.leftTid = context.turn.tid;
    }
    const left = op.leftRow;
    if (left === null) {
      op.isLeftDone = true;
      break;
    }
    if (op.partner === null) {
      const key = keyOf(plan.leftKeys, left, context);
      op.partner = key === null ? NONE : (op.table.get(key) ?? NONE);
      op.isMet = false;
    }
    context.turn.tid = -1;
    for (let at = op.partner; at !== NONE; at = op.partner) {
      const row = plan.on === null && isTest(plan) ? left : joinHeld(plan, left, rows[at] as Row);
      const meets = isTrue(plan.on, row, context);
      // After the condition, which may take several steps and is then judged again.
      spend(context);
      op.partner = op.next[at] as number;
      if (!meets) continue;
      op.isMet = true;
      if (plan.join === 'full') op.met[at] = true;
      if (isTest(plan)) break;
      return row;
    }
    op.leftRow = null;
    op.partner = null;
    if (isTest(plan)) {
      if (op.isMet !== (plan.join === 'semi')) continue;
      context.turn.tid = op.leftTid;
      return left;
    }
    if (!op.isMet && plan.join !== 'inner') return joinHeld(plan, left, nulls(plan.rightWidth));
  }
  if (plan.join !== 'full') return null;
  while (op.at < rows.length) {
    const at = op.at;
    op.at += 1;
    if (op.met[at] !== true) return joinHeld(plan, nulls(plan.leftWidth), rows[at] as Row);
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
