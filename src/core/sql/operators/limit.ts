// LIMIT and OFFSET.

import type { Row } from '../access.ts';
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
      };
      state: {
        readonly input: OperatorState;
        /** Null before the first call; `left` Infinity without a limit. */
        window: { skip: number; left: number } | null;
      };
    };
  }
}

export const limit: Operator<'limit'> = {
  start: (plan, start) => ({ kind: 'limit', plan, input: start(plan.input), window: null }),
  next,
  map: (plan, { rows }) => ({ ...plan, input: rows(plan.input) }),
  prune: (plan, needed, prune) => ({ ...plan, input: prune(plan.input, needed) }),
  explain: () => ({ line: 'Limit' }),
};

function next(op: StateOf<'limit'>, context: Context): Row | null {
  const { count, offset } = op.plan;
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
  if (window.left === 0) return null;
  while (window.skip > 0) {
    if (context.next(op.input) === null) return null;
    window.skip -= 1;
  }
  const row = context.next(op.input);
  if (row !== null) window.left -= 1;
  return row;
}

function windowPart(value: Row[number], absent: number, sqlstate: string, name: string): number {
  if (value === null) return absent;
  const size = big(value);
  if (size < 0n) fail(sqlstate, `${name} must not be negative`);
  return size > 0xffff_ffffn ? Number.POSITIVE_INFINITY : Number(size);
}
