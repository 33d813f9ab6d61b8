// FOR UPDATE and FOR SHARE: each row that the query found is locked before it is passed on. At read committed a row that has
// moved on is locked in its newest version, and the query's conditions are judged on that beside the same other rows.

import type { Row, RowLock, TableDef } from '../access.ts';
import { type Context, spend } from '../context.ts';
import { evaluate, isTrue } from '../evaluate.ts';
import type { Expr } from '../expression.ts';
import { fail } from '../failure.ts';
import type { Operator } from '../operator.ts';
import type { OperatorState, RowsPlan, StateOf } from '../plan-types.ts';
import type { ExecutionStep } from '../statement.ts';

/** A condition of a join, judged anew on newer rows; an outer join's fills these columns with nulls where it fails. */
export interface Rejoin {
  readonly on: Expr;
  readonly nulls: readonly number[] | null;
}

interface Pending {
  readonly outputs: Row;
  from: Row;
  isNewer: boolean;
}

declare module '../plan-types.ts' {
  interface Operators {
    lockRows: {
      /**
       * Its input's rows are the query's outputs, then the row of the FROM clause; it passes the outputs on, computed anew where a newer version
       * was locked and still meets the conditions.
       */
      plan: {
        readonly input: RowsPlan;
        /** Over the row of the FROM clause. */
        readonly outputs: readonly Expr[];
        /** Column of the FROM clause at which each table's row begins; its place follows the columns. */
        readonly tables: readonly {
          readonly table: TableDef;
          readonly offset: number;
          readonly lock: RowLock;
        }[];
        readonly joins: readonly Rejoin[];
        readonly where: Expr | null;
      };
      state: {
        readonly input: OperatorState;
        /** The row at hand: its outputs, and the row of the FROM clause with the newest versions met so far. */
        pending: Pending | null;
        /** Tables whose row is locked. */
        locked: number;
      };
    };
  }
}

export const lockRows: Operator<'lockRows'> = {
  start: (plan, start) => ({ kind: 'lockRows', plan, input: start(plan.input), pending: null, locked: 0 }),
  next,
  map: (plan, { rows }) => ({ ...plan, input: rows(plan.input) }),
  explain: () => ({ line: 'LockRows' }),
};

/** Thrown where another transaction has a row: the statement waits for its end, then the call is made again. */
export class RowTaken extends Error {
  override name = 'RowTaken';
  readonly step: Extract<ExecutionStep, { kind: 'wait' }>;
  constructor(step: Extract<ExecutionStep, { kind: 'wait' }>) {
    super('a row is locked by another transaction');
    this.step = step;
  }
}

function next(op: StateOf<'lockRows'>, context: Context): Row | null {
  const width = op.plan.outputs.length;
  for (;;) {
    if (op.pending === null) {
      const row = context.next(op.input);
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

/** False when the row is gone, or left out because another transaction has it. */
function lockAll(op: StateOf<'lockRows'>, pending: Pending, context: Context): boolean {
  const { tables } = op.plan;
  for (let one = tables[op.locked]; one !== undefined; one = tables[op.locked]) {
    const { table, offset, lock } = one;
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
function rejoin({ plan }: StateOf<'lockRows'>, pending: Pending, context: Context): boolean {
  for (const { on, nulls } of plan.joins) {
    if (isTrue(on, pending.from, context)) continue;
    if (nulls === null) return false;
    pending.from = pending.from.map((value, i) => (nulls.includes(i) ? null : value));
  }
  return isTrue(plan.where, pending.from, context);
}
