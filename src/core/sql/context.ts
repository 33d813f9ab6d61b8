// What a running statement gives to its operators and expressions. Access calls may throw `Blocked`, and a used-up step budget throws
// `BudgetUsed`; both leave every operator where it was. An expression may hold a subquery and so throw them as well: a row
// that is pulled from below stays in the operator until everything is computed from it.

import type { Access, Row, Tid, Value } from './access.ts';
import { evaluate, type Surroundings } from './evaluate.ts';
import type { RunningStatement } from './execution-types.ts';
import type { Expr } from './expression.ts';
import { fail } from './failure.ts';
import type { OperatorState, RowsPlan } from './plan-types.ts';

/** Thrown between two rows when the step's budget is used up. */
export class BudgetUsed extends Error {
  override name = 'BudgetUsed';
}

const BUDGET_USED = new BudgetUsed('step budget used up');

/** What one step has left, shared by all parts of the statement. */
export interface Turn {
  /** Rows that may still be read or written in this step. */
  budget: number;
  /** Where the row that came last lies; −1 for one that was computed. */
  tid: Tid;
  /** Of the row that is being computed; absent where nothing may be drawn, or where drawing twice does no harm. */
  drawing?: { readonly drawn: Value[]; at: number } | null;
}

/** What a call has at hand. Never kept in state. */
export interface Context extends Surroundings {
  readonly access: Access;
  readonly statement: RunningStatement;
  readonly turn: Turn;
  /** Rows that one operator may hold. */
  readonly heldRows: number;
  start(plan: RowsPlan): OperatorState;
  /** The operator's next row, or null at the end. */
  next(op: OperatorState): Row | null;
  /** The same with other outer values. */
  within(outer: Row): Context;
}

/** A row on its way through an operator, with where it came from. */
export interface PulledRow {
  readonly row: Row;
  readonly tid: Tid;
}

/** The next row from below with where it lies, to be kept while something is computed from it. */
export function pullRow(input: OperatorState, context: Context): PulledRow | null {
  const row = context.next(input);
  return row === null ? null : { row, tid: context.turn.tid };
}

/** Evaluates them over a row that may be come back to: what was drawn from sequences is kept in `drawn` until then. */
export function evaluateOnce(exprs: readonly Expr[], row: Row, context: Context, drawn: Value[]): Row {
  const { turn } = context;
  const outer = turn.drawing ?? null;
  turn.drawing = { drawn, at: 0 };
  try {
    return exprs.map((e) => evaluate(e, row, context));
  } finally {
    turn.drawing = outer;
  }
}

export function spend({ turn }: Context): void {
  if (turn.budget <= 0) throw BUDGET_USED;
  turn.budget -= 1;
}

/** 53200 when an operator would hold more rows than it may. */
export function checkHeld(count: number, { heldRows }: Context, what: string): void {
  if (count >= heldRows) fail('53200', `out of memory: ${what} can hold at most ${heldRows} rows`);
}
