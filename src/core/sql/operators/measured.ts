// EXPLAIN ANALYZE: counts what comes through a node of a plan (measure-plan.ts).

import type { Row } from '../access.ts';
import type { Context } from '../context.ts';
import { type Measured, makeMeasure, noteLook, noteReads } from '../measure.ts';
import type { Operator } from '../operator.ts';
import type { OperatorState, RowsPlan, StateOf } from '../plan-types.ts';

declare module '../plan-types.ts' {
  interface Operators {
    measured: {
      plan: {
        /** Of the node in the statement. */
        readonly id: number;
        readonly input: RowsPlan;
      };
      state: {
        readonly input: OperatorState;
        isBegun: boolean;
        /** When the row that is being waited for was first asked for. */
        enteredAt: number | null;
      };
    };
  }
}

export const measured: Operator<'measured'> = {
  start: (plan, start) => ({
    kind: 'measured',
    plan,
    input: start(plan.input),
    isBegun: false,
    enteredAt: null,
  }),
  next,
  map: (plan, { rows }) => ({ ...plan, input: rows(plan.input) }),
  explain: () => ({ line: null }),
};

function next(op: StateOf<'measured'>, context: Context): Row | null {
  const { access, statement } = context;
  const { measures, arrivals } = statement.measured ?? NOT_MEASURED;
  const measure = measures[op.plan.id] ?? makeMeasure();
  if (!op.isBegun) measure.loops += 1;
  op.isBegun = true;
  op.enteredAt ??= access.now;
  const isScan = op.input.kind === 'scan';
  const seen = access.pagesSeen();
  const before = isScan ? access.watchPages((blockKey) => void noteLook(measure, blockKey)) : null;
  let row: Row | null;
  try {
    row = context.next(op.input);
  } finally {
    if (isScan) access.watchPages(before);
  }
  measure.time += access.now - op.enteredAt;
  op.enteredAt = null;
  if (isScan) {
    measure.pages += access.pagesSeen() - seen;
    noteReads(measure, arrivals.splice(0));
  }
  if (row !== null && measure.rows === 0) measure.startup = measure.time;
  if (row !== null) measure.rows += 1;
  return row;
}

const NOT_MEASURED: Measured = { measures: [], arrivals: [] };
