// LIMIT and OFFSET, and FETCH FIRST … WITH TIES.

import type { Row } from '../access.ts';
import { compareRows, type SortKey } from '../compare.ts';
import type { Context } from '../context.ts';
import { evaluate } from '../evaluate.ts';
import type { Expr } from '../expression.ts';
import { fail } from '../failure.ts';
import { big } from '../narrow.ts';
import type { Operator } from '../operator.ts';
import type { OperatorState, RowsPlan, StateOf } from '../plan-types.ts';

declare module '../plan-types.ts' {
  interface Operators {
    limit: {
      plan: {
        readonly input: RowsPlan;
        readonly count: Expr | null;
        readonly offset: Expr | null;
        /** WITH TIES: rows that are the same by these keys as the last come behind it. */
        readonly ties?: readonly SortKey[];
      };
      state: {
        readonly input: OperatorState;
        /** Null before the first call; `left` Infinity without a limit. */
        window: { skip: number; left: number } | null;
        /** The last row of the limit, while others may be tied with it. */
        last: Row | null;
      };
    };
  }
}

export const limit: Operator<'limit'> = {
  start: (plan, start) => ({ kind: 'limit', plan, input: start(plan.input), window: null, last: null }),
  next,
  map: (plan, { rows }) => ({ ...plan, input: rows(plan.input) }),
  prune: (plan, needed, prune) => {
    const tied = needed && new Set([...needed, ...(plan.ties ?? []).map(({ output }) => output)]);
    return { ...plan, input: prune(plan.input, tied) };
  },
  explain: () => ({ line: 'Limit' }),
};

function next(op: StateOf<'limit'>, context: Context): Row | null {
  const { count, offset, ties } = op.plan;
  op.window ??= {
    skip: windowPart(offset === null ? null : evaluate(offset, [], context), 0, '2201X', 'OFFSET'),
    left: windowPart(
      count === null ? null : evaluate(count, [], context),
      Number.POSITIVE_INFINITY,
      '2201W',
      'LIMIT',
    ),
  };
  const { window } = op;
  if (window.left === 0) return nextTied(op, context);
  while (window.skip > 0) {
    if (context.next(op.input) === null) return null;
    window.skip -= 1;
  }
  const row = context.next(op.input);
  if (row !== null) window.left -= 1;
  if (ties !== undefined && window.left === 0) op.last = row;
  return row;
}

function nextTied(op: StateOf<'limit'>, context: Context): Row | null {
  const { ties } = op.plan;
  if (ties === undefined || op.last === null) return null;
  const row = context.next(op.input);
  if (row !== null && compareRows(op.last, row, ties) === 0) return row;
  op.last = null;
  return null;
}

function windowPart(value: Row[number], absent: number, sqlstate: string, name: string): number {
  if (value === null) return absent;
  const size = big(value);
  if (size < 0n) fail(sqlstate, `${name} must not be negative`);
  return size > 0xffff_ffffn ? Number.POSITIVE_INFINITY : Number(size);
}
