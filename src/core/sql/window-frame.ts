// The frame of a row within its partition: from where to where it reaches, and what EXCLUDE takes out of it (PostgreSQL's
// update_frameheadpos, update_frametailpos and the in_range functions). Positions count from the partition's first row.

import type { Numeric, Row, Value } from './access.ts';
import type { Group } from './aggregate.ts';
import type { SortKey } from './compare.ts';
import type { Frame, FrameBound } from './expression.ts';
import { fail } from './failure.ts';
import { big, dec } from './narrow.ts';
import { compareNumeric, INFINITY, MINUS_INFINITY, NOT_A_NUMBER } from './numeric.ts';
import { add, subtract } from './numeric-arithmetic.ts';

/** What a call of a window function keeps from row to row of a partition. */
export interface CallState {
  /** An aggregate over the rows `from` to `to`, and its value. */
  group: Group | null;
  from: number;
  to: number;
  value: Value;
  /** The bucket at hand, its rows so far, its size, and up to which bucket they have a row more. */
  ntile: { bucket: number; filled: number; size: number; rest: number } | null;
}

export interface WindowPartition {
  /** Where it begins in all rows. */
  readonly first: number;
  readonly rows: readonly Row[];
  /** Where groups of peers begin, and the end. */
  readonly groups: readonly number[];
  /** That of the row at hand. */
  group: number;
  /** RANGE with an offset: the ends of the last frame. */
  head: number;
  tail: number;
  readonly calls: readonly CallState[];
}

/** From one position up to another. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface FrameOffsets {
  readonly start: Value;
  readonly end: Value;
}

export function checkOffsets({ unit, start, end }: Frame, offsets: FrameOffsets): void {
  const check = ({ offset }: FrameBound, value: Value, name: string): void => {
    if (offset === null) return;
    if (value === null) fail('22004', `frame ${name} offset must not be null`);
    if (unit !== 'range' && big(value) < 0n) fail('22013', `frame ${name} offset must not be negative`);
  };
  check(start, offsets.start, 'starting');
  check(end, offsets.end, 'ending');
}

/** What the row at `at` sees, in order, without what is excluded. Moves the partition's pointers, which only go forward. */
export function spansOf(
  frame: Frame,
  offsets: FrameOffsets,
  order: readonly SortKey[],
  partition: WindowPartition,
  at: number,
): readonly Span[] {
  const { rows, groups, group } = partition;
  const peers = { from: groups[group] ?? 0, to: groups[group + 1] ?? rows.length };
  const bound = (end: FrameBound, offset: Value, isStart: boolean): number => {
    switch (end.kind) {
      case 'unbounded':
        return isStart ? 0 : rows.length;
      case 'current':
        if (frame.unit === 'rows') return isStart ? at : at + 1;
        return isStart ? peers.from : peers.to;
      default:
        if (frame.unit === 'range') return rangeBound(end, offset, order, partition, at, isStart);
        return countedBound(frame.unit, end, big(offset), partition, at, isStart);
    }
  };
  const from = bound(frame.start, offsets.start, true);
  const to = bound(frame.end, offsets.end, false);
  return without(frame.exclude, from, to, peers, at);
}

function countedBound(
  unit: 'rows' | 'groups',
  { kind }: FrameBound,
  offset: bigint,
  { rows, groups, group }: WindowPartition,
  at: number,
  isStart: boolean,
): number {
  // Nothing is further away than the number of rows.
  const distance = offset > BigInt(rows.length) ? rows.length : Number(offset);
  const moved = kind === 'preceding' ? -distance : distance;
  if (unit === 'rows') return Math.max(0, Math.min(rows.length, at + moved + (isStart ? 0 : 1)));
  const index = group + moved + (isStart ? 0 : 1);
  return index < 0 ? 0 : (groups[index] ?? rows.length);
}

/** RANGE with an offset: the first row that is within reach, or the first beyond it. */
function rangeBound(
  { kind }: FrameBound,
  offset: Value,
  order: readonly SortKey[],
  partition: WindowPartition,
  at: number,
  isStart: boolean,
): number {
  const { rows } = partition;
  const { output = 0, descending = false, nullsFirst = false } = order[0] ?? {};
  const valueAt = (i: number): Value => rows[i]?.[output] ?? null;
  const current = valueAt(at);
  const isBackward = (kind === 'preceding') !== descending;
  const isLess = isStart === descending;
  let place = isStart ? partition.head : partition.tail;
  for (; place < rows.length; place++) {
    const value = valueAt(place);
    if (value === null || current === null) {
      // Where nulls lie decides alone.
      const isNull = value === null;
      const isCurrentNull = current === null;
      const goesOn = isStart
        ? nullsFirst
          ? isNull && !isCurrentNull
          : !isNull && isCurrentNull
        : nullsFirst
          ? isNull || !isCurrentNull
          : !isNull || isCurrentNull;
      if (!goesOn) break;
    } else if (inRange(value, current, offset, isBackward, isLess) === isStart) break;
  }
  if (isStart) partition.head = place;
  else partition.tail = place;
  return place;
}

/** Is `value` ≤ (`isLess`) or ≥ `base` − (`isBackward`) or + `offset`? */
function inRange(value: Value, base: Value, offset: Value, isBackward: boolean, isLess: boolean): boolean {
  if (typeof offset === 'number')
    return inFloatRange(Number(value), Number(base), offset, isBackward, isLess);
  if (typeof offset === 'object')
    return inNumericRange(dec(value), dec(base), dec(offset), isBackward, isLess);
  const distance = big(offset);
  if (distance < 0n) invalidSize();
  const from = BigInt(typeof base === 'number' ? base : big(base));
  const reach = isBackward ? from - distance : from + distance;
  const is = BigInt(typeof value === 'number' ? value : big(value));
  return isLess ? is <= reach : is >= reach;
}

const invalidSize = (): never => fail('22013', 'invalid preceding or following size in window function');

function inFloatRange(
  value: number,
  base: number,
  offset: number,
  isBackward: boolean,
  isLess: boolean,
): boolean {
  if (Number.isNaN(offset) || offset < 0) invalidSize();
  if (Number.isNaN(value)) return Number.isNaN(base) || !isLess;
  if (Number.isNaN(base)) return isLess;
  const isOpposite = base === (isBackward ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
  if (offset === Number.POSITIVE_INFINITY && isOpposite) return true;
  const reach = isBackward ? base - offset : base + offset;
  return isLess ? value <= reach : value >= reach;
}

function inNumericRange(
  value: Numeric,
  base: Numeric,
  offset: Numeric,
  isBackward: boolean,
  isLess: boolean,
): boolean {
  const is = (a: Numeric, b: Numeric): boolean => compareNumeric(a, b) === 0;
  if (is(offset, NOT_A_NUMBER) || compareNumeric(offset, { digits: 0n, scale: 0 }) < 0) invalidSize();
  if (is(value, NOT_A_NUMBER)) return is(base, NOT_A_NUMBER) || !isLess;
  if (is(base, NOT_A_NUMBER)) return isLess;
  if (is(offset, INFINITY) && is(base, isBackward ? INFINITY : MINUS_INFINITY)) return true;
  const reach = isBackward ? subtract(base, offset) : add(base, offset);
  const order = compareNumeric(value, reach);
  return isLess ? order <= 0 : order >= 0;
}

function without(
  exclude: Frame['exclude'],
  from: number,
  to: number,
  peers: Span,
  at: number,
): readonly Span[] {
  const within = (a: number, b: number): readonly Span[] => {
    const span = { from: Math.max(from, a), to: Math.min(to, b) };
    return span.from < span.to ? [span] : [];
  };
  switch (exclude) {
    case 'none':
      return within(from, to);
    case 'current':
      return [...within(from, at), ...within(at + 1, to)];
    case 'group':
      return [...within(from, peers.from), ...within(peers.to, to)];
    case 'ties':
      return [...within(from, peers.from), ...within(at, at + 1), ...within(peers.to, to)];
  }
}

/** The row at the n-th place of the spans, from 0 or from the end. */
export function rowIn(spans: readonly Span[], rows: readonly Row[], n: number, fromEnd = false): Row | null {
  let rest = n;
  for (const { from, to } of fromEnd ? [...spans].reverse() : spans) {
    const size = to - from;
    if (rest < size) return rows[fromEnd ? to - 1 - rest : from + rest] ?? null;
    rest -= size;
  }
  return null;
}
