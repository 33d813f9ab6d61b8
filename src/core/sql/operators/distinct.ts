// DISTINCT: passes on the first of rows that are alike.

import type { Row } from '../access.ts';
import { groupKey } from '../compare.ts';
import { type Context, checkHeld } from '../context.ts';
import type { Operator } from '../operator.ts';
import type { OperatorState, RowsPlan } from '../plan-types.ts';

declare module '../plan-types.ts' {
  interface Operators {
    distinct: {
      plan: { readonly input: RowsPlan };
      state: { readonly input: OperatorState; readonly seen: Set<string> };
    };
  }
}

export const distinct: Operator<'distinct'> = {
  start: (plan, start) => ({ kind: 'distinct', plan, input: start(plan.input), seen: new Set() }),
  next: ({ input, seen }, context) => nextUnseen(input, seen, context, 'DISTINCT', groupKey),
  map: (plan, { rows }) => ({ ...plan, input: rows(plan.input) }),
  explain: () => ({ line: 'HashAggregate (distinct rows)' }),
};

/** The next row whose key is not yet among those seen. */
export function nextUnseen(
  input: OperatorState,
  seen: Set<string>,
  context: Context,
  what: string,
  keyOf: (row: Row) => string,
): Row | null {
  for (;;) {
    const row = context.next(input);
    if (row === null) return null;
    const key = keyOf(row);
    if (seen.has(key)) continue;
    checkHeld(seen.size, context, what);
    seen.add(key);
    return row;
  }
}
