// The window operator: holds its input's rows, puts them in the order of their partitions, and gives each row with what its
// window functions make of the rows around it. An aggregate whose frame only grows goes on from the row before; any other is
// made anew for each row, as PostgreSQL does where an aggregate cannot take a value back.

import { present } from '../../../base/assert.ts';
import type { Row, Value } from '../access.ts';
import { accumulate, finishGroup, makeGroup } from '../aggregate.ts';
import { asciiLower, asciiUpper } from '../ascii.ts';
import type { SortKey } from '../compare.ts';
import { compareRows } from '../compare.ts';
import { type Context, checkHeld, spend } from '../context.ts';
import { evaluate } from '../evaluate.ts';
import { expressionText, type Names, sortText } from '../explain-expression.ts';
import type { AggregateExpr, Frame, FrameBound, WindowFunction } from '../expression.ts';
import { fail } from '../failure.ts';
import { num } from '../narrow.ts';
import type { Operator } from '../operator.ts';
import type { OperatorState, PlanOf, RowsPlan, StateOf } from '../plan-types.ts';
import {
  type CallState,
  checkOffsets,
  type FrameOffsets,
  rowIn,
  type Span,
  spansOf,
  type WindowPartition,
} from '../window-frame.ts';

export interface WindowCall {
  /** Null: the aggregate over the frame. */
  readonly fn: WindowFunction | null;
  /** Positions in the row. */
  readonly args: readonly number[];
  readonly aggregate: AggregateExpr | null;
}

declare module '../plan-types.ts' {
  interface Operators {
    window: {
      /** Rows with the results of window functions behind them, in the order of the window. */
      plan: {
        readonly input: RowsPlan;
        readonly partition: readonly SortKey[];
        readonly order: readonly SortKey[];
        readonly frame: Frame;
        /** Does a call look at the frame, and not only at the partition? */
        readonly needsFrame: boolean;
        readonly calls: readonly WindowCall[];
      };
      state: {
        readonly input: OperatorState;
        readonly rows: Row[];
        isSorted: boolean;
        /** Of the frame's ends; null before the first call. */
        offsets: FrameOffsets | null;
        partition: WindowPartition | null;
        at: number;
      };
    };
  }
}

export const window: Operator<'window'> = {
  start: (plan, start) => ({
    kind: 'window',
    plan,
    input: start(plan.input),
    rows: [],
    isSorted: false,
    offsets: null,
    partition: null,
    at: 0,
  }),
  next,
  map: (plan, { rows }) => ({ ...plan, input: rows(plan.input) }),
  explain: (plan, names, [own = names]) => ({ line: 'WindowAgg', notes: windowNotes(plan, own) }),
  columns: ({ calls }, names, [own = names]) => [
    ...own.columns,
    ...calls.map((call) => windowCallText(call, own)),
  ],
};

function next(op: StateOf<'window'>, context: Context): Row | null {
  const { plan, rows } = op;
  if (!op.isSorted) read(op, context);
  if (op.at >= rows.length) return null;
  spend(context);
  if (op.partition === null || op.at >= op.partition.first + op.partition.rows.length)
    op.partition = openPartition(op, context);
  const { partition } = op;
  const at = op.at - partition.first;
  if (at >= (partition.groups[partition.group + 1] ?? 0)) partition.group += 1;
  const { frame, order } = plan;
  const spans = plan.needsFrame
    ? spansOf(frame, present(op.offsets, 'frame offsets'), order, partition, at)
    : NO_SPANS;
  const row = present(rows[op.at], 'a row of a window').slice();
  for (const [i, call] of plan.calls.entries())
    row.push(resultOf(call, present(partition.calls[i], 'a call'), partition, at, spans, context));
  op.at += 1;
  context.turn.tid = -1;
  return row;
}

const NO_SPANS: readonly Span[] = [];

function read(op: StateOf<'window'>, context: Context): void {
  const { frame, partition, order } = op.plan;
  const offsetOf = (e: typeof frame.start.offset): Value => (e === null ? null : evaluate(e, [], context));
  op.offsets ??= { start: offsetOf(frame.start.offset), end: offsetOf(frame.end.offset) };
  checkOffsets(frame, op.offsets);
  for (let row = context.next(op.input); row !== null; row = context.next(op.input)) {
    checkHeld(op.rows.length, context, 'a window function');
    op.rows.push(row);
  }
  const keys = [...partition, ...order];
  if (keys.length > 0) op.rows.sort((a, b) => compareRows(a, b, keys));
  op.isSorted = true;
}

/** The rows from the present one on that are of one partition, and where groups of peers begin in it. */
function openPartition({ plan, rows, at: first }: StateOf<'window'>, context: Context): WindowPartition {
  const { partition, order, calls } = plan;
  const begin = present(rows[first], 'the first row of a partition');
  const groups = [0];
  let end = first + 1;
  for (let row = rows[end]; row !== undefined; row = rows[++end]) {
    if (compareRows(begin, row, partition) !== 0) break;
    if (order.length > 0 && compareRows(present(rows[end - 1], 'a row'), row, order) !== 0)
      groups.push(end - first);
  }
  context.turn.budget -= Math.floor((end - first) / FREE_ROWS);
  groups.push(end - first);
  return {
    first,
    rows: rows.slice(first, end),
    groups,
    group: 0,
    head: 0,
    tail: 0,
    calls: calls.map(() => ({ group: null, from: 0, to: 0, value: null, ntile: null })),
  };
}

/** Rows in memory that cost as much of a step's budget as one that is read. */
const FREE_ROWS = 4;

function resultOf(
  call: WindowCall,
  state: CallState,
  partition: WindowPartition,
  at: number,
  spans: readonly Span[],
  context: Context,
): Value {
  const { rows, groups, group } = partition;
  const row = present(rows[at], 'a row of a partition');
  const arg = (i: number, of: Row | null = row): Value => of?.[call.args[i] ?? -1] ?? null;
  switch (call.fn) {
    case null:
      return aggregateOf(call, state, partition, spans, context);
    case 'rowNumber':
      return BigInt(at + 1);
    case 'rank':
      return BigInt((groups[group] ?? 0) + 1);
    case 'denseRank':
      return BigInt(group + 1);
    case 'percentRank':
      return rows.length === 1 ? 0 : (groups[group] ?? 0) / (rows.length - 1);
    case 'cumeDist':
      return (groups[group + 1] ?? 0) / rows.length;
    case 'ntile':
      return ntile(state, arg(0), rows.length);
    case 'lag':
    case 'lead': {
      const distance = call.args.length < 2 ? 1 : arg(1);
      if (distance === null) return null;
      const found = rows[call.fn === 'lag' ? at - num(distance) : at + num(distance)];
      return found === undefined ? arg(2) : arg(0, found);
    }
    case 'firstValue':
      return arg(0, rowIn(spans, rows, 0));
    case 'lastValue':
      return arg(0, rowIn(spans, rows, 0, true));
    case 'nthValue': {
      const place = arg(1);
      if (place === null) return null;
      if (num(place) <= 0) fail('22016', 'argument of nth_value must be greater than zero');
      return arg(0, rowIn(spans, rows, num(place) - 1));
    }
  }
}

/** window_ntile: buckets of which the first ones have a row more. The number is read until it is not null. */
function ntile(state: CallState, given: Value, rows: number): Value {
  if (state.ntile === null) {
    if (given === null) return null;
    const buckets = num(given);
    if (buckets <= 0) fail('22014', 'argument of ntile must be greater than zero');
    const size = Math.floor(rows / buckets);
    const rest = size === 0 ? 0 : rows % buckets;
    state.ntile = { bucket: 1, filled: 0, size: Math.max(1, size) + (rest > 0 ? 1 : 0), rest };
  }
  const tile = state.ntile;
  tile.filled += 1;
  if (tile.filled > tile.size) {
    if (tile.rest !== 0 && tile.bucket === tile.rest) {
      tile.rest = 0;
      tile.size -= 1;
    }
    tile.bucket += 1;
    tile.filled = 1;
  }
  return tile.bucket;
}

function aggregateOf(
  { aggregate }: WindowCall,
  state: CallState,
  { rows }: WindowPartition,
  spans: readonly Span[],
  context: Context,
): Value {
  const list = [present(aggregate, 'an aggregate')];
  const [span = NO_ROWS, second] = spans;
  const goesOn =
    state.group !== null && second === undefined && span.from === state.from && span.to >= state.to;
  if (goesOn && span.to === state.to) return state.value;
  const group = goesOn && state.group !== null ? state.group : makeGroup([], list);
  const begin = goesOn ? state.to : span.from;
  let seen = 0;
  for (const { from, to } of goesOn ? [{ from: begin, to: span.to }] : spans)
    for (let i = from; i < to; i++) {
      accumulate(group, list, present(rows[i], 'a row of a frame'), context);
      seen += 1;
    }
  context.turn.budget -= Math.floor(seen / FREE_ROWS);
  const [value = null] = finishGroup(group, list, context);
  // With a hole in it the frame of the next row is another one.
  state.group = second === undefined ? group : null;
  state.from = span.from;
  state.to = span.to;
  state.value = value;
  return value;
}

const NO_ROWS: Span = { from: 0, to: 0 };

function windowCallText({ fn, args, aggregate }: WindowCall, names: Names): string {
  if (aggregate !== null) return expressionText(aggregate, names);
  const name = (fn ?? '').replace(/[A-Z]/g, (letter) => `_${asciiLower(letter)}`);
  return `${name}(${args.map((i) => names.columns[i] ?? i + 1).join(', ')})`;
}

/** `columns`: those of its input. */
function windowNotes({ partition, order, frame, calls }: PlanOf<'window'>, names: Names): readonly string[] {
  const { columns } = names;
  const parts: string[] = [];
  if (partition.length > 0)
    parts.push(`PARTITION BY ${partition.map((key) => sortText(key, columns)).join(', ')}`);
  if (order.length > 0) parts.push(`ORDER BY ${order.map((key) => sortText(key, columns)).join(', ')}`);
  const { unit, start, end, exclude } = frame;
  const bound = ({ kind, offset }: FrameBound, unbounded: string): string => {
    if (kind === 'unbounded') return `UNBOUNDED ${unbounded}`;
    return offset === null ? 'CURRENT ROW' : `${expressionText(offset, names)} ${asciiUpper(kind)}`;
  };
  const isDefault =
    unit === 'range' && start.kind === 'unbounded' && end.kind === 'current' && exclude === 'none';
  if (!isDefault) {
    const excluded = EXCLUSIONS[exclude];
    parts.push(
      `${asciiUpper(unit)} BETWEEN ${bound(start, 'PRECEDING')} AND ${bound(end, 'FOLLOWING')}${excluded}`,
    );
  }
  return [`Window: ${calls.map((call) => windowCallText(call, names)).join(', ')} OVER (${parts.join(' ')})`];
}

const EXCLUSIONS = {
  none: '',
  current: ' EXCLUDE CURRENT ROW',
  group: ' EXCLUDE GROUP',
  ties: ' EXCLUDE TIES',
} as const;
