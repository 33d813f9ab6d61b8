// Query operators: `nextRow` pulls one row through them. Access calls may throw `Blocked`, and a used-up step budget
// throws `BudgetUsed`; both leave every operator where it was. An expression may hold a subquery and so throw them as
// well: a row that is pulled from below stays in the operator until everything is computed from it.

import { present, unreachable } from '../../base/assert.ts';
import type { Access, FoundRow, Row, Tid, Value } from './access.ts';
import { accumulate, finishGroup, makeGroup } from './aggregate.ts';
import { hyphenated } from './bytes-form.ts';
import { compareWithNulls, groupKey, mapKey } from './compare.ts';
import { WORLD_EPOCH_MICROS } from './datetime.ts';
import { evaluate, isTrue, operandOf, type Surroundings } from './evaluate.ts';
import type { Operator, RunningStatement, ScanOperator, SortedRow } from './execution-types.ts';
import {
  type AmbientExpr,
  draws,
  type Expr,
  hasSubquery,
  type SequenceExpr,
  type SubqueryExpr,
} from './expression.ts';
import { fail } from './failure.ts';
import { keyRanges } from './key-range.ts';
import { big } from './narrow.ts';
import { nextOfCte, nextOfRound } from './operator-cte.ts';
import { nextHashJoined, nextLoopJoined, startHashJoin, startLoopJoin } from './operator-join.ts';
import { nextLocked } from './operator-lock.ts';
import { nextMeasured } from './operator-measure.ts';
import { nextMerged, startMergeJoin } from './operator-merge-join.ts';
import { nextAppended, nextOfSets } from './operator-set.ts';
import { runSubquery } from './operator-subquery.ts';
import { nextWindowed, startWindow } from './operator-window.ts';
import type { RowsPlan, ScanPlan } from './plan-types.ts';
import type { SortKey } from './query.ts';

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
export class Context implements Surroundings {
  readonly access: Access;
  readonly statement: RunningStatement;
  readonly params: Row;
  readonly outer: Row;
  readonly turn: Turn;
  /** Rows that one operator may hold. */
  readonly heldRows: number;
  constructor(access: Access, statement: RunningStatement, outer: Row, turn: Turn, heldRows: number) {
    this.access = access;
    this.statement = statement;
    this.params = statement.params;
    this.outer = outer;
    this.turn = turn;
    this.heldRows = heldRows;
  }
  /** The same with other outer values. */
  within(outer: Row): Context {
    return new Context(this.access, this.statement, outer, this.turn, this.heldRows);
  }
  ambient(source: AmbientExpr['source']): Value {
    const { access } = this;
    if (source === 'uuid') return { kind: 'uuid', text: hyphenated(access.drawUuid()) };
    return {
      kind: 'timestamptz',
      micros: WORLD_EPOCH_MICROS + BigInt(source === 'clock' ? access.now : access.startedAt),
    };
  }
  subquery(e: SubqueryExpr, row: Row): Value {
    return runSubquery(e, row, this);
  }
  sequence({ fn, table }: SequenceExpr, args: Row): Value {
    const { access } = this;
    if (table === null || fn === 'currval') return access.currentValue(table);
    if (args.includes(null)) return null;
    const { drawing } = this.turn;
    const known = drawing?.drawn[drawing.at];
    const value =
      known ??
      (fn === 'nextval'
        ? access.nextValue(table)
        : access.setValue(table, big(args[0] ?? null), args[1] !== false));
    if (drawing) drawing.drawn[drawing.at++] = value;
    return value;
  }
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

const NO_ROWS: readonly FoundRow[] = [];
/** Rows that a scan reads together at most; the first are fewer, because whoever asks may need no more. */
const MOST_TOGETHER = 128;

export function startScan(plan: ScanPlan): ScanOperator {
  return {
    kind: 'scan',
    plan,
    ranges: null,
    rangeAt: 0,
    position: null,
    rows: NO_ROWS,
    at: 0,
    isSpent: false,
    done: false,
  };
}

export function startOperator(plan: RowsPlan): Operator {
  switch (plan.kind) {
    case 'scan':
      return startScan(plan);
    case 'rows':
      return { kind: 'rows', plan, at: 0, drawn: [] };
    case 'filter':
      return { kind: 'filter', input: startOperator(plan.input), condition: plan.condition, pending: null };
    case 'project': {
      const { exprs } = plan;
      const mayWait = exprs.some((e) => hasSubquery(e) || draws(e));
      return { kind: 'project', input: startOperator(plan.input), exprs, mayWait, pending: null, drawn: [] };
    }
    case 'aggregate': {
      const input = startOperator(plan.input);
      return { kind: 'aggregate', plan, input, groups: new Map(), distinctValues: 0, results: null, at: 0 };
    }
    case 'distinct':
      return { kind: 'distinct', input: startOperator(plan.input), seen: new Set() };
    case 'sort':
      return { kind: 'sort', plan, input: startOperator(plan.input), rows: [], sorted: false, at: 0 };
    case 'limit':
      return { kind: 'limit', plan, input: startOperator(plan.input), window: null };
    case 'window':
      return startWindow(plan);
    case 'measured':
      return { kind: 'measured', plan, input: startOperator(plan.input), isBegun: false, enteredAt: null };
    case 'lockRows':
      return { kind: 'lockRows', plan, input: startOperator(plan.input), pending: null, locked: 0 };
    case 'hashJoin':
      return startHashJoin(plan);
    case 'mergeJoin':
      return startMergeJoin(plan);
    case 'loopJoin':
      return startLoopJoin(plan);
    case 'cteScan':
      return { kind: 'cteScan', plan, at: 0 };
    case 'workTable':
      return { kind: 'workTable', plan, at: 0 };
    case 'distinctOn':
      return { kind: 'distinctOn', plan, input: startOperator(plan.input), seen: new Set() };
    case 'append':
      return { kind: 'append', inputs: plan.inputs.map(startOperator), at: 0 };
    case 'setOperation': {
      const left = startOperator(plan.left);
      const right = startOperator(plan.right);
      return { kind: 'setOperation', plan, left, right, counts: new Map(), isCounted: false };
    }
  }
}

/** The next row, or null at the end. */
export function nextRow(op: Operator, context: Context): Row | null {
  switch (op.kind) {
    case 'scan': {
      const found = nextFound(op, context);
      if (found === null) return null;
      return op.plan.hasTid ? [...found.row, found.tid] : found.row;
    }
    case 'project': {
      if (op.mayWait) return nextProjected(op, context);
      const row = nextRow(op.input, context);
      return row === null ? null : op.exprs.map((e) => evaluate(e, row, context));
    }
    case 'filter':
      for (;;) {
        const pending = op.pending ?? pullRow(op.input, context);
        if (pending === null) return null;
        op.pending = pending;
        const passes = isTrue(op.condition, pending.row, context);
        op.pending = null;
        if (!passes) continue;
        context.turn.tid = pending.tid;
        return pending.row;
      }
    case 'window':
      return nextWindowed(op, context);
    case 'measured':
      return nextMeasured(op, context);
    case 'hashJoin':
      return nextHashJoined(op, context);
    case 'mergeJoin':
      return nextMerged(op, context);
    case 'loopJoin':
      return nextLoopJoined(op, context);
    case 'cteScan':
      return nextOfCte(op, context);
    case 'workTable':
      return nextOfRound(op, context);
    case 'distinctOn':
      return nextFirst(op, context);
    case 'append':
      return nextAppended(op, context);
    case 'setOperation':
      return nextOfSets(op, context);
    case 'rows': {
      const exprs = op.plan.rows[op.at];
      if (exprs === undefined) return null;
      const row = op.plan.draws
        ? evaluateOnce(exprs, [], context, op.drawn)
        : exprs.map((e) => evaluate(e, [], context));
      op.drawn.length = 0;
      op.at += 1;
      context.turn.tid = -1;
      return row;
    }
    case 'limit':
      return nextWithin(op, context);
    case 'lockRows':
      return nextLocked(op, context);
    case 'sort':
      return nextSorted(op, context);
    case 'distinct':
      return nextDistinct(op, context);
    case 'aggregate':
      return nextGroup(op, context);
    default:
      return unreachable(op);
  }
}

/** The next row from below with where it lies, to be kept while something is computed from it. */
function pullRow(input: Operator, context: Context): SortedRow | null {
  const row = nextRow(input, context);
  return row === null ? null : { row, tid: context.turn.tid };
}

function nextProjected(op: Extract<Operator, { kind: 'project' }>, context: Context): Row | null {
  const pending = op.pending ?? pullRow(op.input, context);
  if (pending === null) return null;
  op.pending = pending;
  const row = evaluateOnce(op.exprs, pending.row, context, op.drawn);
  op.drawn.length = 0;
  op.pending = null;
  context.turn.tid = pending.tid;
  return row;
}

/** The next row of a table with its place; for writes, and below `nextRow`. */
export function nextFound(op: ScanOperator, context: Context): FoundRow | null {
  const { filter } = op.plan;
  for (;;) {
    const found = op.rows[op.at];
    if (found === undefined) {
      if (!readTogether(op, context)) return null;
      continue;
    }
    if (!op.isSpent) spend(context);
    op.isSpent = true;
    const passes = filter === null || evaluate(filter, found.row, context) === true;
    op.at += 1;
    op.isSpent = false;
    if (!passes) continue;
    context.turn.tid = found.tid;
    return found;
  }
}

/** Reads the next rows; false at the end. */
function readTogether(op: ScanOperator, context: Context): boolean {
  const { table, wanted = null } = op.plan;
  const atMost = Math.min(MOST_TOGETHER, Math.max(1, op.rows.length * 2));
  while (!op.done) {
    if (op.position === null) openNext(op, context);
    if (op.done) break;
    spend(context);
    const next = context.access.scanRows(table, present(op.position, 'scan position'), atMost, wanted);
    if (next !== null) {
      op.position = next.position;
      op.rows = next.rows;
      op.at = 0;
      op.isSpent = true;
      return true;
    }
    op.position = null;
    op.rangeAt += 1;
    op.done = op.ranges === null || op.rangeAt >= op.ranges.length;
  }
  return false;
}

function openNext(op: ScanOperator, context: Context): void {
  const { table, path } = op.plan;
  if (path.kind === 'sequential') {
    op.position = context.access.openScan(table);
    return;
  }
  if (path.kind === 'nothing') {
    op.done = true;
    return;
  }
  op.ranges ??= keyRanges(table, path, context);
  const range = op.ranges[op.rangeAt];
  if (range === undefined) op.done = true;
  else op.position = context.access.openKeyScan(table, path.index, range.low, range.high, path.descending);
}

function nextWithin(op: Extract<Operator, { kind: 'limit' }>, context: Context): Row | null {
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
    if (nextRow(op.input, context) === null) return null;
    window.skip -= 1;
  }
  const row = nextRow(op.input, context);
  if (row !== null) window.left -= 1;
  return row;
}

function windowPart(value: Row[number], absent: number, sqlstate: string, name: string): number {
  if (value === null) return absent;
  const size = big(value);
  if (size < 0n) fail(sqlstate, `${name} must not be negative`);
  return size > 0xffff_ffffn ? Number.POSITIVE_INFINITY : Number(size);
}

function nextSorted(op: Extract<Operator, { kind: 'sort' }>, context: Context): Row | null {
  if (!op.sorted) {
    for (let row = nextRow(op.input, context); row !== null; row = nextRow(op.input, context)) {
      checkHeld(op.rows.length, context, 'a sort');
      op.rows.push({ row, tid: context.turn.tid });
    }
    op.rows.sort((a, b) => compareRows(a.row, b.row, op.plan.keys));
    op.sorted = true;
  }
  const next = op.rows[op.at];
  if (next === undefined) return null;
  op.at += 1;
  context.turn.tid = next.tid;
  return next.row;
}

export function compareRows(a: Row, b: Row, keys: readonly SortKey[]): number {
  for (const { output, descending, nullsFirst } of keys) {
    const order = compareWithNulls(a[output] ?? null, b[output] ?? null, descending, nullsFirst);
    if (order !== 0) return order;
  }
  return 0;
}

function nextDistinct(op: Extract<Operator, { kind: 'distinct' }>, context: Context): Row | null {
  for (;;) {
    const row = nextRow(op.input, context);
    if (row === null) return null;
    const key = groupKey(row);
    if (op.seen.has(key)) continue;
    checkHeld(op.seen.size, context, 'DISTINCT');
    op.seen.add(key);
    return row;
  }
}

function nextFirst(op: Extract<Operator, { kind: 'distinctOn' }>, context: Context): Row | null {
  for (;;) {
    const row = nextRow(op.input, context);
    if (row === null) return null;
    const key = groupKey(op.plan.keys.map((position) => row[position] ?? null));
    if (op.seen.has(key)) continue;
    checkHeld(op.seen.size, context, 'DISTINCT ON');
    op.seen.add(key);
    return row;
  }
}

function nextGroup(op: Extract<Operator, { kind: 'aggregate' }>, context: Context): Row | null {
  const { keys, aggregates } = op.plan;
  if (op.results === null) {
    for (let row = nextRow(op.input, context); row !== null; row = nextRow(op.input, context))
      addToGroup(op, row, context);
    // Without GROUP BY there is one group, even of no rows.
    const none = keys.length === 0 && op.groups.size === 0;
    op.results = none ? [makeGroup([], aggregates)] : [...op.groups.values()];
  }
  const group = op.results[op.at];
  if (group === undefined) return null;
  const row = finishGroup(group, aggregates);
  op.at += 1;
  context.turn.tid = -1;
  return row;
}

function addToGroup(op: Extract<Operator, { kind: 'aggregate' }>, row: Row, context: Context): void {
  const { keys, aggregates } = op.plan;
  let values = NO_VALUES;
  let name: string | number = '';
  if (keys.length > 0) {
    values = keys.map((key) => operandOf(key, row, context));
    name = mapKey(values);
  }
  let group = op.groups.get(name);
  if (group === undefined) {
    checkHeld(op.groups.size, context, 'GROUP BY');
    group = makeGroup(values, aggregates);
    op.groups.set(name, group);
  }
  const remembered = accumulate(group, aggregates, row, context);
  if (remembered === 0) return;
  op.distinctValues += remembered;
  checkHeld(op.distinctValues - 1, context, 'DISTINCT in aggregates');
}

const NO_VALUES: Row = [];
