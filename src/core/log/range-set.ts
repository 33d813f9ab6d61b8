// A set of integers as sorted, disjoint, non-touching half-open ranges: the body of the storage status list (HOLE-17).
// Plain data: chunks of range bounds [start, end, start, end …] and a directory of each chunk's first bound. A change is
// one binary search, a walk over the bounds that it removes (each was created earlier, so this is O(1) amortised) and a
// move inside one chunk.
// Invariants: bounds strictly ascend over all chunks; every chunk has an even count; only a lone chunk may be empty.

import { AssertionError } from '../../base/assert.ts';
import { MAX, type Range } from '../../base/ids.ts';

export interface RangeChunk {
  /** Bounds in [0, count); the rest is spare room. */
  bounds: Float64Array;
  count: number;
}

export interface RangeSet {
  readonly chunks: RangeChunk[];
  /** First bound of each chunk. */
  readonly firsts: number[];
}

/** What a range was made of before it was assigned: ascending and coalesced. */
export interface Assigned {
  readonly inside: Range[];
  readonly outside: Range[];
}

const SMALLEST_CAPACITY = 16;
/** A chunk splits when it has no room for one more change; 4 KiB of bounds. */
const CHUNK_CAPACITY = 512;
/** A chunk with fewer bounds joins a neighbour when both fit in half a chunk. */
const SPARSE = CHUNK_CAPACITY / 8;
/** One assignment leaves at most this many bounds more in a chunk. */
const GROWTH = 4;

export const makeRangeSet = (): RangeSet => ({ chunks: [makeChunk()], firsts: [MAX] });

const makeChunk = (): RangeChunk => ({ bounds: new Float64Array(SMALLEST_CAPACITY), count: 0 });

/** Makes every integer of `[first, end)` a member, or none of them. An empty range changes nothing. */
export function assignRange(set: RangeSet, first: number, end: number, member: boolean): Assigned {
  const inside: Range[] = [];
  const outside: Range[] = [];
  if (first >= end) return { inside, outside };
  const start = chunkBefore(set, first);
  const from = countBelow(chunkAt(set, start), first);
  let chunkIndex = start;
  let chunk = chunkAt(set, start);
  let i = from;
  let at = first;
  for (;;) {
    if (i === chunk.count) {
      if (chunkIndex + 1 === set.chunks.length || (set.firsts[chunkIndex + 1] as number) > end) break;
      chunk = chunkAt(set, ++chunkIndex);
      i = 0;
    }
    const bound = chunk.bounds[i] as number;
    if (bound > end) break;
    if (bound > at) {
      ((i & 1) === 1 ? inside : outside).push([at, bound]);
      at = bound;
    }
    i++;
  }
  if (at < end) ((i & 1) === 1 ? inside : outside).push([at, end]);
  if ((member ? outside : inside).length > 0) {
    const putFirst = ((from & 1) === 1) !== member;
    const putLast = ((i & 1) === 1) !== member;
    if (start === chunkIndex) replaceInChunk(set, start, from, i, putFirst, first, putLast, end);
    else replaceAcross(set, start, from, chunkIndex, i, putFirst, first, putLast, end);
  }
  return { inside, outside };
}

/** The same answer as `assignRange`, and nothing changes. */
export function splitRange(set: RangeSet, first: number, end: number): Assigned {
  const inside: Range[] = [];
  const outside: Range[] = [];
  let at = first;
  while (at < end) {
    const to = Math.min(end, memberEnd(set, at));
    if (to > at) inside.push([at, to]);
    const next = Math.min(end, memberFrom(set, to));
    if (next > to) outside.push([to, next]);
    at = next;
  }
  return { inside, outside };
}

/** End of the range that holds `position`; `position` itself when none does. */
export function memberEnd(set: RangeSet, position: number): number {
  const chunk = chunkAt(set, chunkBefore(set, position + 1));
  const count = countBelow(chunk, position + 1);
  return (count & 1) === 1 ? (chunk.bounds[count] as number) : position;
}

/** The smallest member ≥ `position`, or MAX. */
export function memberFrom(set: RangeSet, position: number): number {
  const index = chunkBefore(set, position + 1);
  const chunk = chunkAt(set, index);
  const count = countBelow(chunk, position + 1);
  if ((count & 1) === 1) return position;
  if (count < chunk.count) return chunk.bounds[count] as number;
  return set.firsts[index + 1] ?? MAX;
}

/** The largest bound (start or end of a range) ≤ `position`, or null. */
export function boundAtOrBelow(set: RangeSet, position: number): number | null {
  const chunk = chunkAt(set, chunkBefore(set, position + 1));
  const count = countBelow(chunk, position + 1);
  return count === 0 ? null : (chunk.bounds[count - 1] as number);
}

export const isMember = (set: RangeSet, position: number): boolean => memberEnd(set, position) > position;

/** One past the largest member, or null when there is none. */
export function endOfSet(set: RangeSet): number | null {
  const chunk = chunkAt(set, set.chunks.length - 1);
  return chunk.count === 0 ? null : (chunk.bounds[chunk.count - 1] as number);
}

export const isEmptySet = (set: RangeSet): boolean => chunkAt(set, 0).count === 0;

export function clearSet(set: RangeSet): void {
  set.chunks.length = 0;
  set.firsts.length = 0;
  set.chunks.push(makeChunk());
  set.firsts.push(MAX);
}

export function countRanges(set: RangeSet): number {
  let bounds = 0;
  for (const chunk of set.chunks) bounds += chunk.count;
  return bounds / 2;
}

export function listRanges(set: RangeSet): Range[] {
  const ranges: Range[] = [];
  for (const chunk of set.chunks)
    for (let i = 0; i < chunk.count; i += 2)
      ranges.push([chunk.bounds[i] as number, chunk.bounds[i + 1] as number]);
  return ranges;
}

function chunkAt(set: RangeSet, index: number): RangeChunk {
  const chunk = set.chunks[index];
  if (chunk === undefined) throw new AssertionError(`chunk ${index} of ${set.chunks.length}`);
  return chunk;
}

/** Index of the last chunk whose first bound is below `position`, or 0. */
function chunkBefore(set: RangeSet, position: number): number {
  const { firsts } = set;
  let high = firsts.length - 1;
  if ((firsts[high] as number) < position) return high; // most changes are near the end
  let low = 0;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((firsts[middle] as number) < position) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How many bounds of the chunk are below `position`; odd means that a range starts before it and ends at or after it. */
function countBelow(chunk: RangeChunk, position: number): number {
  const { bounds, count } = chunk;
  let low = 0;
  let high = count;
  if (count > 0 && (bounds[count - 1] as number) < position) return count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bounds[middle] as number) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Replaces bounds [from, to) of one chunk by the wanted ones. */
function replaceInChunk(
  set: RangeSet,
  index: number,
  from: number,
  to: number,
  putFirst: boolean,
  first: number,
  putLast: boolean,
  end: number,
): void {
  const chunk = chunkAt(set, index);
  const put = (putFirst ? 1 : 0) + (putLast ? 1 : 0);
  shiftTail(chunk, to, from + put);
  let at = from;
  if (putFirst) chunk.bounds[at++] = first;
  if (putLast) chunk.bounds[at] = end;
  if (from === 0) set.firsts[index] = chunk.count === 0 ? MAX : (chunk.bounds[0] as number);
  balance(set, index);
}

/** Replaces everything from bound `from` of chunk `left` to bound `to` (exclusive) of chunk `right`, a later one. */
function replaceAcross(
  set: RangeSet,
  left: number,
  from: number,
  right: number,
  to: number,
  putFirst: boolean,
  first: number,
  putLast: boolean,
  end: number,
): void {
  const head = chunkAt(set, left);
  const tail = chunkAt(set, right);
  reserve(head, from + GROWTH);
  let count = from;
  if (putFirst) head.bounds[count++] = first;
  if (putLast) head.bounds[count++] = end;
  let rest = to;
  if ((count & 1) === 1) head.bounds[count++] = tail.bounds[rest++] as number; // a range never lies in two chunks
  if (count < head.count) head.bounds.fill(0, count, head.count);
  head.count = count;
  shiftTail(tail, rest, 0);
  set.firsts[left] = count === 0 ? MAX : (head.bounds[0] as number);
  set.firsts[right] = tail.count === 0 ? MAX : (tail.bounds[0] as number);
  set.chunks.splice(left + 1, right - left - 1);
  set.firsts.splice(left + 1, right - left - 1);
  balance(set, left + 1);
  balance(set, left);
}

/** Moves bounds [from, count) so that they begin at `to`. */
function shiftTail(chunk: RangeChunk, from: number, to: number): void {
  if (from === to) return;
  const moved = chunk.count - from;
  reserve(chunk, to + moved);
  const { bounds } = chunk;
  if (moved > 24) bounds.copyWithin(to, from, from + moved);
  else if (to < from) for (let i = 0; i < moved; i++) bounds[to + i] = bounds[from + i] as number;
  else for (let i = moved - 1; i >= 0; i--) bounds[to + i] = bounds[from + i] as number;
  const old = chunk.count;
  chunk.count = to + moved;
  if (chunk.count < old) bounds.fill(0, chunk.count, old); // spare room is zero, so equal sets made alike are equal
}

function reserve(chunk: RangeChunk, capacity: number): void {
  if (capacity <= chunk.bounds.length) return;
  const grown = new Float64Array(Math.max(capacity, chunk.bounds.length * 2));
  grown.set(chunk.bounds);
  chunk.bounds = grown;
}

/** Splits a full chunk, drops an empty one, joins a sparse one with a neighbour. */
function balance(set: RangeSet, index: number): void {
  const chunk = chunkAt(set, index);
  if (chunk.count > CHUNK_CAPACITY - GROWTH) {
    const keep = (chunk.count >>> 2) << 1;
    const next: RangeChunk = { bounds: new Float64Array(CHUNK_CAPACITY), count: chunk.count - keep };
    next.bounds.set(chunk.bounds.subarray(keep, chunk.count));
    chunk.bounds.fill(0, keep, chunk.count);
    chunk.count = keep;
    set.chunks.splice(index + 1, 0, next);
    set.firsts.splice(index + 1, 0, next.bounds[0] as number);
  } else if (chunk.count < SPARSE && set.chunks.length > 1) {
    if (chunk.count === 0) {
      set.chunks.splice(index, 1);
      set.firsts.splice(index, 1);
    } else if (!join(set, index)) join(set, index - 1);
  }
}

/** Appends chunk `index + 1` to chunk `index` if both fit in half a chunk. */
function join(set: RangeSet, index: number): boolean {
  const left = set.chunks[index];
  const right = set.chunks[index + 1];
  if (!left || !right || left.count + right.count > CHUNK_CAPACITY / 2) return false;
  reserve(left, left.count + right.count);
  left.bounds.set(right.bounds.subarray(0, right.count), left.count);
  left.count += right.count;
  set.chunks.splice(index + 1, 1);
  set.firsts.splice(index + 1, 1);
  return true;
}
