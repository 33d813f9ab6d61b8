// ORDER BY: holds all rows and puts them in order.

import type { Row } from '../access.ts';
import type { SortKey } from '../compare.ts';
import { compareRows } from '../compare.ts';
import { type Context, checkHeld, type PulledRow } from '../context.ts';
import { sortText } from '../explain-expression.ts';
import type { Operator } from '../operator.ts';
import type { OperatorState, RowsPlan, StateOf } from '../plan-types.ts';

declare module '../plan-types.ts' {
  interface Operators {
    sort: {
      plan: { readonly input: RowsPlan; readonly keys: readonly SortKey[] };
      state: {
        readonly input: OperatorState;
        readonly rows: PulledRow[];
        sorted: boolean;
        at: number;
      };
    };
  }
}

export const sort: Operator<'sort'> = {
  start: (plan, start) => ({ kind: 'sort', plan, input: start(plan.input), rows: [], sorted: false, at: 0 }),
  next,
  map: (plan, { rows }) => ({ ...plan, input: rows(plan.input) }),
  explain: ({ keys }, names, [own = names]) => ({
    line: 'Sort',
    notes: [`Sort Key: ${keys.map((key) => sortText(key, own.columns)).join(', ')}`],
  }),
};

function next(op: StateOf<'sort'>, context: Context): Row | null {
  if (!op.sorted) {
    for (let row = context.next(op.input); row !== null; row = context.next(op.input)) {
      checkHeld(op.rows.length, context, 'a sort');
      op.rows.push({ row, tid: context.turn.tid });
    }
    op.rows.sort((a, b) => compareRows(a.row, b.row, op.plan.keys));
    op.sorted = true;
  }
  const found = op.rows[op.at];
  if (found === undefined) return null;
  op.at += 1;
  context.turn.tid = found.tid;
  return found.row;
}
