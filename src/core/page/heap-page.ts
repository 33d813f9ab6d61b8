// Slotted heap page: slots of 4 bytes from the front, tuples from the back. A slot is unused, a tuple, or a redirect
// that leads to the next version of its row (the older versions were pruned). Tuples carry xmin, xmax and a
// forward link to the version that replaced them, on this page or another. Mutators work in place on a page that
// the caller has just copied; they check everything they touch and throw BadBytes.

import { BadBytes } from '../../base/bytes.ts';
import {
  getU16,
  getU24,
  getU48,
  MAX_PAGE_BYTES,
  PAGE_HEADER_BYTES,
  pageCount,
  pageFreeEnd,
  pageGarbage,
  putU16,
  putU24,
  putU48,
} from './page.ts';

export const SLOT_BYTES = 4;
/** xmin u48 · xmax u48 · forward block u24 · forward slot u16 · flags u8. */
export const TUPLE_HEADER_BYTES = 18;
const REDIRECT_BYTES = 6;
const OFFSET_MASK = 0x3fff;

export const slotTypes = { unused: 0, tuple: 1, redirect: 2 } as const;

/** The forward link is valid: xmax replaced the row (otherwise it deleted it). */
export const UPDATED = 1;
/** No index entry points here: the version is reached by its predecessor's link. */
export const HEAP_ONLY = 2;
/** The predecessor is on another page, so this slot may not be freed by looking at this page alone. */
export const CROSS = 4;
/** xmin is committed and visible to everybody. */
export const FROZEN = 8;
/** The replacement has another key: whoever came by the index must not follow the link. */
export const NEW_KEY = 16;

/** A byte before the row says how many columns it has: its table has gained some (ALTER TABLE). */
export const COUNTED = 32;
/** Some of the row's values are stored elsewhere; a bitmap after that of the nulls says which (engine/large-codec.ts). */
export const LARGE = 64;
/** Beside NEW_KEY: the replacement has the same unique keys, which KEY SHARE of others may stand beside. */
export const SAME_UNIQUE = 128;

/** What an update makes of a row's keys: none is new, a unique one is, or only such as are not unique (or there are none). */
export const keyChanges = { none: 0, unique: 1, others: 2 } as const;
export type KeyChange = (typeof keyChanges)[keyof typeof keyChanges];

const KEY_FLAGS: readonly number[] = [0, NEW_KEY, NEW_KEY | SAME_UNIQUE];

/** Where pruning may begin to pay: the least xid that deleted or replaced something here, 0 for none. */
export const prunableXid = (page: Uint8Array): number => getU48(page, 24);

const slotAt = (slot: number): number => PAGE_HEADER_BYTES + SLOT_BYTES * slot;
export const slotType = (page: Uint8Array, slot: number): number =>
  slot < pageCount(page) ? getU16(page, slotAt(slot)) >>> 14 : 0;
export const slotOffset = (page: Uint8Array, slot: number): number =>
  getU16(page, slotAt(slot)) & OFFSET_MASK;
export const slotLength = (page: Uint8Array, slot: number): number => getU16(page, slotAt(slot) + 2);

export const tupleXmin = (page: Uint8Array, at: number): number => getU48(page, at);
export const tupleXmax = (page: Uint8Array, at: number): number => getU48(page, at + 6);
export const tupleForwardBlock = (page: Uint8Array, at: number): number => getU24(page, at + 12);
export const tupleForwardSlot = (page: Uint8Array, at: number): number => getU16(page, at + 15);
export const tupleFlags = (page: Uint8Array, at: number): number => page[at + 17] as number;

export const redirectBlock = (page: Uint8Array, at: number): number => getU24(page, at);
export const redirectSlot = (page: Uint8Array, at: number): number => getU16(page, at + 3);
/** CROSS when the redirect is itself reached from another page, else 0. */
export const redirectFlags = (page: Uint8Array, at: number): number => page[at + 5] as number;

/** Bytes a new tuple could take after compaction, its slot included. */
export const heapRoom = (page: Uint8Array): number =>
  pageFreeEnd(page) - PAGE_HEADER_BYTES - SLOT_BYTES * pageCount(page) + pageGarbage(page);

/** The largest tuple (header included) an empty page takes. */
export const maxTupleBytes = (pageBytes: number): number => pageBytes - PAGE_HEADER_BYTES - SLOT_BYTES;

/** The slot a new tuple takes: the first unused one, or one more. */
export function freeSlot(page: Uint8Array): number {
  const count = pageCount(page);
  for (let slot = 0; slot < count; slot++) if (getU16(page, slotAt(slot)) >>> 14 === 0) return slot;
  return count;
}

/** A tuple's bytes: header and row, ready for `heapInsert`. */
export function makeTuple(xmin: number, flags: number, row: Uint8Array): Uint8Array {
  const tuple = new Uint8Array(TUPLE_HEADER_BYTES + row.length);
  putU48(tuple, 0, xmin);
  tuple[17] = flags;
  tuple.set(row, TUPLE_HEADER_BYTES);
  return tuple;
}

/** Writes the header of a tuple whose row is there already and which nobody else has. */
export function startTuple(tuple: Uint8Array, xmin: number, flags: number): void {
  putU48(tuple, 0, xmin);
  tuple[17] = flags;
}

/** Offset of the slot's tuple; BadBytes when there is none. */
export function requireTuple(page: Uint8Array, slot: number): number {
  if (slotType(page, slot) !== slotTypes.tuple) throw new BadBytes(`slot ${slot} holds no tuple`);
  const at = slotOffset(page, slot);
  if (at < PAGE_HEADER_BYTES || at + TUPLE_HEADER_BYTES > page.length)
    throw new BadBytes(`slot ${slot} points outside the page`);
  return at;
}

/** Copies a few bytes; for so few a loop is faster than a view. */
function copyBytes(to: Uint8Array, at: number, from: Uint8Array, start: number, length: number): void {
  for (let i = 0; i < length; i++) to[at + i] = from[start + i] as number;
}

const before = new Uint8Array(MAX_PAGE_BYTES);

/** Moves the data together at the end of the page, in slot order. What lies together already moves as one. */
function compact(page: Uint8Array): void {
  const old = before;
  old.set(page);
  const count = pageCount(page);
  const floor = PAGE_HEADER_BYTES + SLOT_BYTES * count;
  let end = page.length;
  let runStart = 0;
  let runEnd = 0;
  let runTo = end;
  for (let slot = 0; slot < count; slot++) {
    const head = getU16(old, slotAt(slot));
    if (head >>> 14 === slotTypes.unused) continue;
    const at = head & OFFSET_MASK;
    const length = slotLength(old, slot);
    if (at + length !== runStart) {
      moveRun(page, old, runStart, runEnd, runTo);
      runEnd = at + length;
      runTo = end;
    }
    runStart = at;
    end -= length;
    if (at + length > page.length || end < floor) throw new BadBytes('heap page data overlaps');
    putU16(page, slotAt(slot), (head & ~OFFSET_MASK) | end);
  }
  moveRun(page, old, runStart, runEnd, runTo);
  putU16(page, 22, end);
  putU16(page, 2, 0);
}

const SHORT_RUN = 96;

/** Puts the old bytes [start, end) so that they end at `to`. */
function moveRun(page: Uint8Array, old: Uint8Array, start: number, end: number, to: number): void {
  const length = end - start;
  if (end === to || length === 0) return;
  if (length < SHORT_RUN) copyBytes(page, to - length, old, start, length);
  else page.set(old.subarray(start, end), to - length);
}

/** Puts the tuple `bytes[start, end)` into an unused slot. */
export function heapInsert(
  page: Uint8Array,
  slot: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  const length = end - start;
  const count = pageCount(page);
  if (slot > count || slotType(page, slot) !== slotTypes.unused)
    throw new BadBytes(`heap insert into slot ${slot} of ${count}`);
  if (length < TUPLE_HEADER_BYTES) throw new BadBytes('tuple too short');
  const slotCost = slot === count ? SLOT_BYTES : 0;
  if (slotAt(count) + slotCost > page.length) throw new BadBytes('too many slots');
  if (length + slotCost > heapRoom(page)) throw new BadBytes('no room on the heap page');
  if (pageFreeEnd(page) - slotAt(count) < length + slotCost) compact(page);
  const at = pageFreeEnd(page) - length;
  if (at < slotAt(count) + slotCost || pageFreeEnd(page) > page.length)
    throw new BadBytes('no room on the heap page');
  copyBytes(page, at, bytes, start, length);
  if (slot === count) putU16(page, 20, count + 1);
  putU16(page, slotAt(slot), (slotTypes.tuple << 14) | at);
  putU16(page, slotAt(slot) + 2, length);
  putU16(page, 22, at);
}

/** The end of a version: deleted, or replaced. A former, aborted end is overwritten. */
export function heapSetXmax(
  page: Uint8Array,
  slot: number,
  xmax: number,
  replacement: { readonly block: number; readonly slot: number } | null,
  keyChange = 0,
): void {
  const at = requireTuple(page, slot);
  putU48(page, at + 6, xmax);
  putU24(page, at + 12, replacement ? replacement.block : 0);
  putU16(page, at + 15, replacement ? replacement.slot : 0);
  page[at + 17] =
    (tupleFlags(page, at) & ~(UPDATED | NEW_KEY | SAME_UNIQUE)) |
    (replacement ? UPDATED : 0) |
    (KEY_FLAGS[keyChange] ?? 0);
  const hint = prunableXid(page);
  if (hint === 0 || xmax < hint) putU48(page, 24, xmax);
}

function addGarbage(page: Uint8Array, bytes: number): void {
  putU16(page, 2, pageGarbage(page) + bytes);
}

/** Frees a tuple or redirect. */
export function heapFree(page: Uint8Array, slot: number): void {
  if (slotType(page, slot) === slotTypes.unused) throw new BadBytes(`slot ${slot} is free already`);
  addGarbage(page, slotLength(page, slot));
  putU16(page, slotAt(slot), 0);
  putU16(page, slotAt(slot) + 2, 0);
}

/** Turns a tuple into a redirect, or points a redirect elsewhere. */
export function heapRedirect(
  page: Uint8Array,
  slot: number,
  target: { readonly block: number; readonly slot: number },
  flags: number,
): void {
  if (slotType(page, slot) === slotTypes.unused) throw new BadBytes(`slot ${slot} is unused`);
  const at = slotOffset(page, slot);
  const length = slotLength(page, slot);
  if (length < REDIRECT_BYTES || at < PAGE_HEADER_BYTES || at + length > page.length)
    throw new BadBytes(`slot ${slot} is no place for a redirect`);
  addGarbage(page, length - REDIRECT_BYTES);
  putU24(page, at, target.block);
  putU16(page, at + 3, target.slot);
  page[at + 5] = flags;
  putU16(page, slotAt(slot), (slotTypes.redirect << 14) | at);
  putU16(page, slotAt(slot) + 2, REDIRECT_BYTES);
}

export function heapFreeze(page: Uint8Array, slot: number): void {
  const at = requireTuple(page, slot);
  page[at + 17] = tupleFlags(page, at) | FROZEN;
}

/** After pruning: a new hint, and unused slots at the end given back. */
export function heapEndPrune(page: Uint8Array, hint: number): void {
  putU48(page, 24, hint);
  let count = pageCount(page);
  while (count > 0 && getU16(page, slotAt(count - 1)) >>> 14 === 0) count--;
  putU16(page, 20, count);
}

/** Structural check of a whole page, for pages that come from elsewhere. */
export function checkHeapPage(page: Uint8Array): void {
  const count = pageCount(page);
  const freeEnd = pageFreeEnd(page);
  if (slotAt(count) > freeEnd || freeEnd > page.length) throw new BadBytes('heap page bounds');
  let used = 0;
  for (let slot = 0; slot < count; slot++) {
    const type = slotType(page, slot);
    if (type === slotTypes.unused) continue;
    const at = slotOffset(page, slot);
    const length = slotLength(page, slot);
    const least = type === slotTypes.tuple ? TUPLE_HEADER_BYTES : REDIRECT_BYTES;
    if (type > slotTypes.redirect || length < least || at < freeEnd || at + length > page.length)
      throw new BadBytes(`heap slot ${slot}`);
    used += length;
  }
  if (used + pageGarbage(page) !== page.length - freeEnd) throw new BadBytes('heap page garbage');
}
