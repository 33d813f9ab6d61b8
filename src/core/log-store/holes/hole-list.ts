// The storage status list of one replica (docs/spec/holes.md §2, §3, HOLE-4…15): which LSNs are durable here, which are
// holes, and which holes a live request covers. Plain data and functions over it.
// Kept as two range sets, `data` and `sent` ⊆ holes; the items of HOLE-4 and the canonical form of HOLE-6 follow from
// them by themselves, and a split hole keeps its flag (HOLE-13) because the flag belongs to the positions.

import { AssertionError } from '../../../base/assert.ts';
import { MAX, type Range } from '../../../base/ids.ts';
import {
  assignRange,
  boundAtOrBelow,
  clearSet,
  countRanges,
  endOfSet,
  isEmptySet,
  listRanges,
  makeRangeSet,
  memberEnd,
  memberFrom,
  type RangeSet,
  splitRange,
} from '../../log/range-set.ts';

export interface HoleList {
  readonly init: number;
  readonly data: RangeSet;
  readonly sent: RangeSet;
}

export type RangeType = 'data' | 'hole' | 'end';

export interface HoleItem {
  readonly lsn: number;
  readonly rangeType: RangeType;
  readonly sentHole: boolean;
}

export interface HoleRun {
  readonly first: number;
  readonly end: number;
  readonly sent: boolean;
}

export interface Merged {
  /** Former hole parts of the merged range. */
  readonly added: Range[];
  /** Former data parts of the merged range. */
  readonly overlap: Range[];
}

/** HOLE-5: one unsent hole `[init, MAX)`. */
export const makeHoleList = (init = 0): HoleList => ({ init, data: makeRangeSet(), sent: makeRangeSet() });

/** HOLE-9. A bad range is the caller's bug, so it throws; nothing has changed then. */
function checkRange(list: HoleList, first: number, end: number): void {
  if (first >= end) throw new AssertionError(`E_EMPTY_RANGE: [${first}, ${end})`);
  if (first < list.init || end > MAX || !Number.isInteger(first) || !Number.isInteger(end))
    throw new AssertionError(`E_RANGE: [${first}, ${end}) in [${list.init}, ${MAX})`);
}

/** Makes `[first, end)` DATA (HOLE-11). Call it only when its records are durable (HOLE-10). */
export function mergeRange(list: HoleList, first: number, end: number): Merged {
  checkRange(list, first, end);
  const { inside, outside } = assignRange(list.data, first, end, true);
  if (outside.length > 0 && !isEmptySet(list.sent)) assignRange(list.sent, first, end, false);
  return { added: outside, overlap: inside };
}

/** Sets the sent flag of the holes in `[first, end)`; data stays untouched. */
export function setSent(list: HoleList, first: number, end: number, sent: boolean): void {
  checkRange(list, first, end);
  if (!sent) assignRange(list.sent, first, end, false);
  else
    for (const [from, to] of splitRange(list.data, first, end).outside)
      assignRange(list.sent, from, to, true);
}

/** Turns `[first, end)` into an unsent hole: records that recovery annuls (HOLE-43) or that are damaged (HOLE-55). */
export function dropRange(list: HoleList, first: number, end: number): void {
  checkRange(list, first, end);
  assignRange(list.data, first, end, false);
  assignRange(list.sent, first, end, false);
}

/** HOLE-49, the list's part: everything above `lsn` is one hole, and no sent flag is left. */
export function truncateList(list: HoleList, lsn: number): void {
  if (lsn < list.init - 1 || lsn >= MAX || !Number.isInteger(lsn))
    throw new AssertionError(`E_RANGE: truncate(${lsn}) in [${list.init - 1}, ${MAX})`);
  assignRange(list.data, lsn + 1, MAX, false);
  clearSet(list.sent);
}

/** True when `[first, end)` is wholly DATA. */
export function containsRange(list: HoleList, first: number, end: number): boolean {
  checkRange(list, first, end);
  return memberEnd(list.data, first) >= end;
}

/** The data and the hole parts of `[first, end)`. */
export function splitByData(list: HoleList, first: number, end: number): { data: Range[]; holes: Range[] } {
  checkRange(list, first, end);
  const { inside, outside } = splitRange(list.data, first, end);
  return { data: inside, holes: outside };
}

/** The first hole at or above `from` and below `end`, clipped to both; with `sent`, the first part with that flag. */
export function nextHole(list: HoleList, from: number, end: number, sent?: boolean): Range | null {
  let at = Math.max(from, list.init);
  while (at < end) {
    at = memberEnd(list.data, at);
    if (at >= end) return null;
    const holeEnd = Math.min(end, memberFrom(list.data, at));
    if (sent === undefined) return [at, holeEnd];
    const sentEnd = memberEnd(list.sent, at);
    const isSent = sentEnd > at;
    const partEnd = isSent ? sentEnd : Math.min(holeEnd, memberFrom(list.sent, at));
    if (isSent === sent) return [at, Math.min(end, partEnd)];
    at = partEnd;
  }
  return null;
}

/** The hole item that holds `position`, or null if that is DATA. */
export function holeAt(list: HoleList, position: number): HoleRun | null {
  if (memberEnd(list.data, position) > position) return null;
  const sentEnd = memberEnd(list.sent, position);
  const below = [boundAtOrBelow(list.data, position), boundAtOrBelow(list.sent, position)];
  const first = Math.max(list.init, below[0] ?? list.init, below[1] ?? list.init);
  if (sentEnd > position) return { first, end: sentEnd, sent: true };
  const end = Math.min(memberFrom(list.data, position), memberFrom(list.sent, position));
  return { first, end, sent: false };
}

/** Holes up to `upTo` inclusive; without `sent` a hole is one range whatever its parts' flags. */
export function holesUpTo(list: HoleList, upTo: number, sent?: boolean): Range[] {
  const holes: Range[] = [];
  const end = Math.min(upTo, MAX - 1) + 1;
  let hole = nextHole(list, list.init, end, sent);
  while (hole) {
    holes.push(hole);
    hole = nextHole(list, hole[1], end, sent);
  }
  return holes;
}

/** HOLE-7. */
export function nclOf(list: HoleList): number {
  return memberEnd(list.data, list.init) - 1;
}

/** HOLE-7. */
export function nwlOf(list: HoleList): number {
  return (endOfSet(list.data) ?? list.init) - 1;
}

/** Number of holes below NWL. */
export const countHoles = (list: HoleList): number =>
  countRanges(list.data) - (memberEnd(list.data, list.init) > list.init ? 1 : 0);

/** The list as items (HOLE-4, HOLE-6). */
export function listItems(list: HoleList): HoleItem[] {
  const items: HoleItem[] = [];
  let at = list.init;
  for (const [first, end] of [...listRanges(list.data), [MAX, MAX] as const]) {
    if (at < first) pushHole(items, list, at, first);
    if (first < end) items.push({ lsn: first, rangeType: 'data', sentHole: false });
    at = end;
  }
  items.push({ lsn: MAX, rangeType: 'end', sentHole: false });
  return items;
}

function pushHole(items: HoleItem[], list: HoleList, first: number, end: number): void {
  let at = first;
  while (at < end) {
    const sentEnd = memberEnd(list.sent, at);
    const sentHole = sentEnd > at;
    items.push({ lsn: at, rangeType: 'hole', sentHole });
    at = sentHole ? sentEnd : Math.min(end, memberFrom(list.sent, at));
  }
}
