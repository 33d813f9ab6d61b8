// UNION ALL, INTERSECT and EXCEPT. Duplicates are removed above or by counting: a row that is in one side m times and in
// the other n times is there min(m, n) times in INTERSECT ALL and max(m − n, 0) times in EXCEPT ALL.

import type { Row } from './access.ts';
import { asciiUpper } from './ascii.ts';
import { groupKey } from './compare.ts';
import type { Operator } from './execution-types.ts';
import { type Context, checkHeld, nextRow } from './operators.ts';

export function nextAppended(op: Extract<Operator, { kind: 'append' }>, context: Context): Row | null {
  for (let input = op.inputs[op.at]; input !== undefined; input = op.inputs[op.at]) {
    const row = nextRow(input, context);
    if (row !== null) {
      context.turn.tid = -1;
      return row;
    }
    op.at += 1;
  }
  return null;
}

export function nextOfSets(op: Extract<Operator, { kind: 'setOperation' }>, context: Context): Row | null {
  const { operation, all } = op.plan;
  if (!op.isCounted) {
    for (let row = nextRow(op.right, context); row !== null; row = nextRow(op.right, context)) {
      const key = groupKey(row);
      const count = op.counts.get(key) ?? 0;
      if (count === 0) checkHeld(op.counts.size, context, asciiUpper(operation));
      op.counts.set(key, count + 1);
    }
    op.isCounted = true;
  }
  for (;;) {
    const row = nextRow(op.left, context);
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
