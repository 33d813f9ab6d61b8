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
  readonly last: number;
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
function checkRange(list: HoleList, first: number, last: number): void {
  if (first >= last) throw new AssertionError(`E_EMPTY_RANGE: [${first}, ${last})`);
  if (first < list.init || last > MAX || !Number.isInteger(first) || !Number.isInteger(last))
    throw new AssertionError(`E_RANGE: [${first}, ${last}) in [${list.init}, ${MAX})`);
}

/** Makes `[first, last)` DATA (HOLE-11). Call it only when its records are durable (HOLE-10). */
export function mergeRange(list: HoleList, first: number, last: number): Merged {
  checkRange(list, first, last);
  const { inside, outside } = assignRange(list.data, first, last, true);
  if (outside.length > 0 && !isEmptySet(list.sent)) assignRange(list.sent, first, last, false);
  return { added: outside, overlap: inside };
}

/** Sets the sent flag of the holes in `[first, last)`; data stays untouched. */
export function setSent(list: HoleList, first: number, last: number, sent: boolean): void {
  checkRange(list, first, last);
  if (!sent) assignRange(list.sent, first, last, false);
  else
    for (const [from, to] of splitRange(list.data, first, last).outside)
      assignRange(list.sent, from, to, true);
}

/** Turns `[first, last)` into an unsent hole: records that recovery annuls (HOLE-43) or that are damaged (HOLE-55). */
export function dropRange(list: HoleList, first: number, last: number): void {
  checkRange(list, first, last);
  assignRange(list.data, first, last, false);
  assignRange(list.sent, first, last, false);
}

/** HOLE-49, the list's part: everything above `lsn` is one hole, and no sent flag is left. */
export function truncateList(list: HoleList, lsn: number): void {
  if (lsn < list.init - 1 || lsn >= MAX || !Number.isInteger(lsn))
    throw new AssertionError(`E_RANGE: truncate(${lsn}) in [${list.init - 1}, ${MAX})`);
  assignRange(list.data, lsn + 1, MAX, false);
  clearSet(list.sent);
}

/** True when `[first, last)` is wholly DATA. */
export function containsRange(list: HoleList, first: number, last: number): boolean {
  checkRange(list, first, last);
  return memberEnd(list.data, first) >= last;
}

/** The data and the hole parts of `[first, last)`. */
export function splitByData(list: HoleList, first: number, last: number): { data: Range[]; holes: Range[] } {
  checkRange(list, first, last);
  const { inside, outside } = splitRange(list.data, first, last);
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
  if (sentEnd > position) return { first, last: sentEnd, sent: true };
  const last = Math.min(memberFrom(list.data, position), memberFrom(list.sent, position));
  return { first, last, sent: false };
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
  for (const [first, last] of [...listRanges(list.data), [MAX, MAX] as const]) {
    if (at < first) pushHole(items, list, at, first);
    if (first < last) items.push({ lsn: first, rangeType: 'data', sentHole: false });
    at = last;
  }
  items.push({ lsn: MAX, rangeType: 'end', sentHole: false });
  return items;
}

function pushHole(items: HoleItem[], list: HoleList, first: number, last: number): void {
  let at = first;
  while (at < last) {
    const sentEnd = memberEnd(list.sent, at);
    const sentHole = sentEnd > at;
    items.push({ lsn: at, rangeType: 'hole', sentHole });
    at = sentHole ? sentEnd : Math.min(last, memberFrom(list.sent, at));
  }
}
