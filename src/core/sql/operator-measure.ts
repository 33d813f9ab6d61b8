// Counts what comes through a node of a plan (EXPLAIN ANALYZE, measure.ts).

import type { Row } from './access.ts';
import type { MeasuredOperator } from './execution-types.ts';
import { type Measured, makeMeasure, noteLook, noteReads } from './measure.ts';
import { type Context, nextRow } from './operators.ts';

export function nextMeasured(op: MeasuredOperator, context: Context): Row | null {
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
    row = nextRow(op.input, context);
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
