// FOR UPDATE and FOR SHARE: each row that the query found is locked before it is passed on. At read committed a row that has
// moved on is locked in its newest version, and the query's conditions are judged on that beside the same other rows.

import type { Row } from './access.ts';
import { evaluate, isTrue } from './evaluate.ts';
import type { LockRowsOperator } from './execution-types.ts';
import { fail } from './failure.ts';
import { type Context, nextRow, spend } from './operators.ts';
import type { ExecutionStep } from './statement.ts';

/** Thrown where another transaction has a row: the statement waits for its end, then the call is made again. */
export class RowTaken extends Error {
  override name = 'RowTaken';
  readonly step: Extract<ExecutionStep, { kind: 'wait' }>;
  constructor(step: Extract<ExecutionStep, { kind: 'wait' }>) {
    super('a row is locked by another transaction');
    this.step = step;
  }
}

export function nextLocked(op: LockRowsOperator, context: Context): Row | null {
  const width = op.plan.outputs.length;
  for (;;) {
    if (op.pending === null) {
      const row = nextRow(op.input, context);
      if (row === null) return null;
      op.pending = { outputs: row.slice(0, width), from: row.slice(width), isNewer: false };
      op.locked = 0;
    }
    const { pending } = op;
    const passes = lockAll(op, pending, context) && (!pending.isNewer || rejoin(op, pending, context));
    const { from, outputs } = pending;
    const row = passes && pending.isNewer ? op.plan.outputs.map((e) => evaluate(e, from, context)) : outputs;
    op.pending = null;
    if (!passes) continue;
    const [first] = op.plan.tables;
    const place = first === undefined ? null : from[first.offset + first.table.columns.length];
    context.turn.tid = op.plan.tables.length === 1 && typeof place === 'number' ? place : -1;
    return row;
  }
}

type Pending = NonNullable<LockRowsOperator['pending']>;

/** False when the row is gone, or left out because another transaction has it. */
function lockAll(op: LockRowsOperator, pending: Pending, context: Context): boolean {
  const { tables } = op.plan;
  for (let next = tables[op.locked]; next !== undefined; next = tables[op.locked]) {
    const { table, offset, lock } = next;
    const end = offset + table.columns.length;
    const place = pending.from[end];
    if (typeof place === 'number') {
      spend(context);
      const outcome = context.access.lockRow(table, place, lock);
      if (outcome.kind === 'skip') return false;
      if (outcome.kind === 'wait') throw new RowTaken(outcome);
      if (outcome.kind === 'error') return fail(outcome.sqlstate, outcome.message);
      if (outcome.kind === 'changed') {
        const { found } = outcome;
        if (found === null) return false;
        const { from } = pending;
        pending.from = [...from.slice(0, offset), ...found.row, found.tid, ...from.slice(end + 1)];
        pending.isNewer = true;
        continue;
      }
    }
    op.locked += 1;
  }
  return true;
}

/** Do the newest versions still meet the query's conditions? */
function rejoin({ plan }: LockRowsOperator, pending: Pending, context: Context): boolean {
  for (const { on, nulls } of plan.joins) {
    if (isTrue(on, pending.from, context)) continue;
    if (nulls === null) return false;
    pending.from = pending.from.map((value, i) => (nulls.includes(i) ? null : value));
  }
  return isTrue(plan.where, pending.from, context);
}
