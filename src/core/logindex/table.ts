// One LogIndex table: for each page that it names, the ascending LSNs of the records that change the page (LI-20 … LI-24).
// It is one array of words, laid out as its stored image is: header, hash slots, segments of 48 bytes, order of insertion.
// A page's first segment is its item head (2 LSNs), the next ones hold 10 each; items of one slot are a chain, newest first.
// Suffixes only: the upper part of all LSNs is the table's prefix (LI-23).

import { assert } from '../../base/assert.ts';
import type { Lsn } from '../../base/ids.ts';
import type { PageKey } from '../page/page-key.ts';
import { hashPage, slotOfHash } from './page-hash.ts';

export interface Geometry {
  /** Of a table, with segment 0, which is none. */
  readonly segments: number;
  readonly slots: number;
  readonly tablesPerFile: number;
  /** Tables in memory. */
  readonly memTables: number;
  /** Tables before these that memory keeps, so that they need not be read. */
  readonly keptTables: number;
}

export const HEAD_LSNS = 2;
export const SEGMENT_LSNS = 10;
export const HEADER_WORDS = 10;
export const SEGMENT_WORDS = 12;
const MAX_SEGMENTS = 4096;
const SUFFIXES = 0x1_0000_0000;

/** Words of a segment. Head: itself and next item, next and tail segment, page (2), count, LSNs. Others: head and next, previous and count, LSNs. */
const HEAD_SUFFIX_WORD = 5;
const SUFFIX_WORD = 2;

export interface Table {
  readonly id: number;
  /** ⌊lsn / 2³²⌋ of every LSN here; −1 while empty. */
  prefix: number;
  minLsn: Lsn;
  maxLsn: Lsn;
  usedSegments: number;
  entries: number;
  readonly words: Uint32Array;
}

export interface Entry {
  readonly page: PageKey;
  readonly lsn: Lsn;
}

export function checkGeometry({ segments, slots, tablesPerFile, memTables }: Geometry): void {
  assert(segments >= 2 && segments <= MAX_SEGMENTS, 'segments of a LogIndex table in 2 … 4096:', segments);
  assert(slots >= 2 && slots % 2 === 0, 'an even number of hash slots:', slots);
  assert(tablesPerFile >= 1 && memTables >= 2, 'tables of a file ≥ 1 and in memory ≥ 2');
}

export const prefixOf = (lsn: number): number => Math.floor(lsn / SUFFIXES);
export const segmentAt = (g: Geometry, segment: number): number =>
  HEADER_WORDS + (g.slots >> 1) + segment * SEGMENT_WORDS;
export const orderAt = (g: Geometry): number => segmentAt(g, g.segments);
export const wordsOf = (g: Geometry): number => orderAt(g) + ((g.segments * SEGMENT_LSNS) >> 1);

export const makeTable = (g: Geometry, id: number): Table => ({
  id,
  prefix: -1,
  minLsn: 0 as Lsn,
  maxLsn: 0 as Lsn,
  usedSegments: 0,
  entries: 0,
  words: new Uint32Array(wordsOf(g)),
});

/** The item head of a page, or 0. */
function findItem(g: Geometry, words: Uint32Array, page: PageKey, slot: number): number {
  const pair = words[HEADER_WORDS + (slot >> 1)] as number;
  let item = slot & 1 ? pair >>> 16 : pair & 0xffff;
  const low = page >>> 0;
  const high = prefixOf(page);
  while (item !== 0) {
    const at = segmentAt(g, item);
    if (words[at + 2] === low && words[at + 3] === high) return item;
    item = (words[at] as number) >>> 16;
  }
  return 0;
}

/** LI-24: adds an LSN to the page's list. False, and nothing changed, when it needs a segment and all are used. */
export function appendEntry(g: Geometry, table: Table, page: PageKey, lsn: Lsn): boolean {
  const { words } = table;
  const slot = slotOfHash(hashPage(page), g.slots);
  const item = findItem(g, words, page, slot);
  if (item === 0) return addItem(g, table, page, slot, lsn);
  const at = segmentAt(g, item);
  const tail = (words[at + 1] as number) >>> 16;
  const tailAt = segmentAt(g, tail);
  if (tail === item) {
    const count = words[at + 4] as number;
    if (count === HEAD_LSNS) return addSegment(g, table, item, tail, lsn);
    words[at + 4] = count + 1;
    words[at + HEAD_SUFFIX_WORD + count] = lsn;
    noteEntry(g, table, tail, count, lsn);
    return true;
  }
  const count = (words[tailAt + 1] as number) >>> 16;
  if (count === SEGMENT_LSNS) return addSegment(g, table, item, tail, lsn);
  words[tailAt + 1] = ((words[tailAt + 1] as number) & 0xffff) | ((count + 1) << 16);
  words[tailAt + SUFFIX_WORD + count] = lsn;
  noteEntry(g, table, tail, count, lsn);
  return true;
}

function addItem(g: Geometry, table: Table, page: PageKey, slot: number, lsn: Lsn): boolean {
  if (table.usedSegments === g.segments - 1) return false;
  const { words } = table;
  table.usedSegments++;
  const item = table.usedSegments;
  const at = segmentAt(g, item);
  const slotAt = HEADER_WORDS + (slot >> 1);
  const pair = words[slotAt] as number;
  const first = slot & 1 ? pair >>> 16 : pair & 0xffff;
  words[slotAt] = slot & 1 ? (pair & 0xffff) | (item << 16) : (pair & 0xffff_0000) | item;
  words[at] = item | (first << 16);
  words[at + 1] = item << 16;
  words[at + 2] = page;
  words[at + 3] = prefixOf(page);
  words[at + 4] = 1;
  words[at + HEAD_SUFFIX_WORD] = lsn;
  noteEntry(g, table, item, 0, lsn);
  return true;
}

function addSegment(g: Geometry, table: Table, item: number, tail: number, lsn: Lsn): boolean {
  if (table.usedSegments === g.segments - 1) return false;
  const { words } = table;
  table.usedSegments++;
  const added = table.usedSegments;
  const itemAt = segmentAt(g, item);
  const tailAt = segmentAt(g, tail);
  const at = segmentAt(g, added);
  if (tail === item) {
    words[itemAt + 1] = added | (added << 16);
  } else {
    words[tailAt] = item | (added << 16);
    words[itemAt + 1] = ((words[itemAt + 1] as number) & 0xffff) | (added << 16);
  }
  words[at] = item;
  words[at + 1] = tail | (1 << 16);
  words[at + SUFFIX_WORD] = lsn;
  noteEntry(g, table, added, 0, lsn);
  return true;
}

/** The order of insertion: 12 bits of segment and 4 of place, so that a table can be walked by LSN (LI-39). */
function noteEntry(g: Geometry, table: Table, segment: number, place: number, lsn: Lsn): void {
  const n = table.entries;
  const at = orderAt(g) + (n >> 1);
  const order = segment | (place << 12);
  table.words[at] = (table.words[at] as number) | (n & 1 ? order << 16 : order);
  if (n === 0) {
    table.prefix = prefixOf(lsn);
    table.minLsn = lsn;
  }
  table.maxLsn = lsn;
  table.entries = n + 1;
}

/** Adds the page's LSNs in [min, max] to `found`, newest first: from the tail backwards, no further than `min`. */
export function collectLsns(
  g: Geometry,
  { words, prefix }: Table,
  page: PageKey,
  min: number,
  max: number,
  found: Lsn[],
): void {
  const item = findItem(g, words, page, slotOfHash(hashPage(page), g.slots));
  if (item === 0) return;
  const base = prefix * SUFFIXES;
  let segment = (words[segmentAt(g, item) + 1] as number) >>> 16;
  while (true) {
    const at = segmentAt(g, segment);
    const isHead = segment === item;
    const link = words[at + 1] as number;
    const first = at + (isHead ? HEAD_SUFFIX_WORD : SUFFIX_WORD);
    for (let i = (isHead ? (words[at + 4] as number) : link >>> 16) - 1; i >= 0; i--) {
      const lsn = base + (words[first + i] as number);
      if (lsn < min) return;
      if (lsn <= max) found.push(lsn as Lsn);
    }
    if (isHead) return;
    segment = link & 0xffff;
  }
}

/** The n-th entry in order of insertion; null where the words name none, which only those of a damaged image do. */
export function entryAt(g: Geometry, { words }: Table, prefix: number, n: number): Entry | null {
  const pair = words[orderAt(g) + (n >> 1)] as number;
  const order = n & 1 ? pair >>> 16 : pair & 0xffff;
  const segment = order & 0xfff;
  const place = order >>> 12;
  const head = (words[segmentAt(g, segment)] as number | undefined) ?? 0;
  const item = head & 0xffff;
  const isHead = item === segment;
  if (segment === 0 || segment >= g.segments || item === 0 || item >= g.segments) return null;
  if (place >= (isHead ? HEAD_LSNS : SEGMENT_LSNS)) return null;
  const itemAt = segmentAt(g, item);
  const page = (words[itemAt + 3] as number) * SUFFIXES + (words[itemAt + 2] as number);
  const suffix = words[segmentAt(g, segment) + (isHead ? HEAD_SUFFIX_WORD : SUFFIX_WORD) + place] as number;
  return { page: page as PageKey, lsn: (prefix * SUFFIXES + suffix) as Lsn };
}

/** The pages that a table names, by item. */
export function pagesOf(g: Geometry, { words, usedSegments }: Table): PageKey[] {
  const pages: PageKey[] = [];
  for (let segment = 1; segment <= usedSegments; segment++) {
    const at = segmentAt(g, segment);
    if (((words[at] as number) & 0xffff) !== segment) continue;
    pages.push(((words[at + 3] as number) * SUFFIXES + (words[at + 2] as number)) as PageKey);
  }
  return pages;
}
