// DISTINCT ON: passes on the first row for each of the values at some positions.

import { groupKey } from '../compare.ts';
import type { Operator } from '../operator.ts';
import type { OperatorState, RowsPlan } from '../plan-types.ts';
import { nextUnseen } from './distinct.ts';

declare module '../plan-types.ts' {
  interface Operators {
    distinctOn: {
      plan: { readonly input: RowsPlan; readonly keys: readonly number[] };
      state: { readonly input: OperatorState; readonly seen: Set<string> };
    };
  }
}

export const distinctOn: Operator<'distinctOn'> = {
  start: (plan, start) => ({ kind: 'distinctOn', plan, input: start(plan.input), seen: new Set() }),
  next: ({ plan, input, seen }, context) =>
    nextUnseen(input, seen, context, 'DISTINCT ON', (row) =>
      groupKey(plan.keys.map((position) => row[position] ?? null)),
    ),
  map: (plan, { rows }) => ({ ...plan, input: rows(plan.input) }),
  explain: () => ({ line: 'Unique' }),
};
