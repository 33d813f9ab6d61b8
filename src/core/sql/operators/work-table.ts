// The rows of a recursive WITH query's last round, for the next one.

import { AssertionError } from '../../../base/assert.ts';
import type { Row } from '../access.ts';
import type { Context } from '../context.ts';
import { asIs, type Operator } from '../operator.ts';
import type { StateOf } from '../plan-types.ts';

declare module '../plan-types.ts' {
  interface Operators {
    workTable: {
      plan: { readonly id: number; readonly name: string; readonly columns: readonly string[] };
      state: { at: number };
    };
  }
}

export const workTable: Operator<'workTable'> = {
  start: (plan) => ({ kind: 'workTable', plan, at: 0 }),
  next,
  map: asIs,
  explain: ({ name }) => ({ line: `WorkTable Scan on ${name}` }),
  columns: ({ name, columns }) => columns.map((column) => `${name}.${column}`),
};

function next(op: StateOf<'workTable'>, context: Context): Row | null {
  const state = context.statement.ctes?.get(op.plan.id);
  if (state === undefined) throw new AssertionError('a round of a query that does not run');
  const at = state.roundFrom + op.at;
  if (at >= state.roundEnd) return null;
  op.at += 1;
  context.turn.tid = -1;
  return state.rows[at] ?? null;
}
