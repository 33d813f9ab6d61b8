// B+tree page: u16 slots in key order from the front, entries from the back. An entry is [length u16][key][child u32 on
// inner pages]. A leaf's key ends in the six bytes of the row's tid, so all keys differ. Entry 0 of an inner page counts
// as less than everything. Byte 1 is the level (0 leaf), 24 the right sibling's block (0 none).
// Mutators work in place on a fresh copy, check what they touch and throw BadBytes.

import { BadBytes } from '../../base/bytes.ts';
import {
  getU16,
  getU32,
  PAGE_HEADER_BYTES,
  pageCount,
  pageFreeEnd,
  pageGarbage,
  putU16,
  putU32,
} from './page.ts';

const SLOT_BYTES = 2;
const CHILD_BYTES = 4;

export const btreeLevel = (page: Uint8Array): number => page[1] as number;
export const btreeNext = (page: Uint8Array): number => getU32(page, 24);

const slotAt = (index: number): number => PAGE_HEADER_BYTES + SLOT_BYTES * index;
const entryAt = (page: Uint8Array, index: number): number => getU16(page, slotAt(index));
const childBytes = (page: Uint8Array): number => (page[1] === 0 ? 0 : CHILD_BYTES);

export const entryKeyStart = (page: Uint8Array, index: number): number => entryAt(page, index) + 2;
export const entryKeyLength = (page: Uint8Array, index: number): number => getU16(page, entryAt(page, index));
export const entryKey = (page: Uint8Array, index: number): Uint8Array => {
  const start = entryKeyStart(page, index);
  return page.slice(start, start + entryKeyLength(page, index));
};
export const entryChild = (page: Uint8Array, index: number): number =>
  getU32(page, entryKeyStart(page, index) + entryKeyLength(page, index));

/** Bytes an entry takes, its slot included. */
export const entryBytes = (keyLength: number, level: number): number =>
  SLOT_BYTES + 2 + keyLength + (level === 0 ? 0 : CHILD_BYTES);

export const btreeRoom = (page: Uint8Array): number =>
  pageFreeEnd(page) - slotAt(pageCount(page)) + pageGarbage(page);

/** The longest key allowed: six of them, with slots and children, fit on a page. */
export const maxKeyBytes = (pageBytes: number): number => Math.floor((pageBytes - PAGE_HEADER_BYTES) / 6) - 8;

/** Byte order of the entry's key against `key`: negative when the entry comes first. */
export function compareEntry(page: Uint8Array, index: number, key: Uint8Array): number {
  const start = entryKeyStart(page, index);
  const length = entryKeyLength(page, index);
  const common = Math.min(length, key.length);
  for (let i = 0; i < common; i++) {
    const difference = (page[start + i] as number) - (key[i] as number);
    if (difference !== 0) return difference;
  }
  return length - key.length;
}

/** Index of the first entry whose key is ≥ `key`. */
export function lowerBound(page: Uint8Array, key: Uint8Array): number {
  let low = 0;
  let high = pageCount(page);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareEntry(page, middle, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compact(page: Uint8Array): void {
  const old = page.slice();
  const count = pageCount(page);
  let end = page.length;
  for (let index = 0; index < count; index++) {
    const at = entryAt(old, index);
    const bytes = 2 + getU16(old, at) + childBytes(page);
    end -= bytes;
    if (at + bytes > old.length || end < slotAt(count)) throw new BadBytes('btree page data overlaps');
    page.set(old.subarray(at, at + bytes), end);
    putU16(page, slotAt(index), end);
  }
  putU16(page, 22, end);
  putU16(page, 2, 0);
}

export function btreeInsert(page: Uint8Array, index: number, key: Uint8Array, child: number): void {
  const count = pageCount(page);
  if (index > count) throw new BadBytes(`btree insert at ${index} of ${count}`);
  const bytes = 2 + key.length + childBytes(page);
  if (bytes + SLOT_BYTES > btreeRoom(page)) throw new BadBytes('no room on the btree page');
  if (pageFreeEnd(page) - slotAt(count) < bytes + SLOT_BYTES) compact(page);
  const at = pageFreeEnd(page) - bytes;
  if (at < slotAt(count + 1) || pageFreeEnd(page) > page.length)
    throw new BadBytes('no room on the btree page');
  putU16(page, at, key.length);
  page.set(key, at + 2);
  if (page[1] !== 0) putU32(page, at + 2 + key.length, child);
  page.copyWithin(slotAt(index + 1), slotAt(index), slotAt(count));
  putU16(page, slotAt(index), at);
  putU16(page, 20, count + 1);
  putU16(page, 22, at);
}

export function btreeDelete(page: Uint8Array, index: number): void {
  const count = pageCount(page);
  if (index >= count || slotAt(count) > page.length)
    throw new BadBytes(`btree delete at ${index} of ${count}`);
  const bytes = 2 + entryKeyLength(page, index) + childBytes(page);
  putU16(page, 2, pageGarbage(page) + bytes);
  page.copyWithin(slotAt(index), slotAt(index + 1), slotAt(count));
  putU16(page, 20, count - 1);
}

/** The left half of a split: keeps the first `keep` entries. */
export function btreeKeep(page: Uint8Array, keep: number, next: number): void {
  const count = pageCount(page);
  if (keep > count || slotAt(count) > page.length) throw new BadBytes(`btree keep ${keep} of ${count}`);
  putU16(page, 20, keep);
  putU32(page, 24, next);
  compact(page);
}

export function btreeStart(page: Uint8Array, level: number, next: number): void {
  page[1] = level;
  putU32(page, 24, next);
}

/** Structural check of a whole page, for pages that come from elsewhere. */
export function checkBtreePage(page: Uint8Array): void {
  const count = pageCount(page);
  const freeEnd = pageFreeEnd(page);
  if (slotAt(count) > freeEnd || freeEnd > page.length) throw new BadBytes('btree page bounds');
  if (btreeLevel(page) > 0 && count === 0) throw new BadBytes('inner btree page without entries');
  let used = 0;
  for (let index = 0; index < count; index++) {
    const at = entryAt(page, index);
    if (at < freeEnd || at + 2 > page.length) throw new BadBytes(`btree slot ${index}`);
    const bytes = 2 + getU16(page, at) + childBytes(page);
    if (at + bytes > page.length) throw new BadBytes(`btree entry ${index}`);
    if (btreeLevel(page) === 0 && getU16(page, at) < 6)
      throw new BadBytes(`btree entry ${index} without tid`);
    used += bytes;
  }
  if (used + pageGarbage(page) !== page.length - freeEnd) throw new BadBytes('btree page garbage');
}
