// Stored images of a LogIndex table and of its bloom filter (LI-21, LI-28, LI-29). A table's image is a function of the order
// in which its entries came, so it is read by making the table again from that order: bytes that are not what those
// inserts make are refused, whatever their checksum says, and a chain of stored bytes is never followed.

import type { Decoded } from '../../base/codec.ts';
import { crc32c } from '../../base/crc32c.ts';
import { type Lsn, MAX } from '../../base/ids.ts';
import type { PageKey } from '../page/page-key.ts';
import { BLOOM_BITS, bloomBitsOfHash, hashPage } from './page-hash.ts';
import {
  appendEntry,
  entryAt,
  type Geometry,
  HEADER_WORDS,
  makeTable,
  pagesOf,
  prefixOf,
  SEGMENT_LSNS,
  type Table,
  wordsOf,
} from './table.ts';

const VERSION = 1;
const WORD_BYTES = 4;
const SUFFIXES = 0x1_0000_0000;
const PAGE_KEYS = 2 ** 49;

export const tableBytes = (g: Geometry): number => wordsOf(g) * WORD_BYTES;

/** Bytes of a bloom image: a header of 32, the bits, zeros. */
export const BLOOM_BYTES = 4096;
const BLOOM_HEADER_BYTES = 32;
const BITS_END = BLOOM_HEADER_BYTES + BLOOM_BITS / 8;

export interface Bloom {
  readonly id: number;
  readonly minLsn: Lsn;
  readonly maxLsn: Lsn;
  readonly bits: Uint8Array;
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function putLong(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % SUFFIXES, true);
  view.setUint32(at + 4, prefixOf(value), true);
}

const getLong = (view: DataView, at: number): number =>
  view.getUint32(at + 4, true) * SUFFIXES + view.getUint32(at, true);

/** Both headers begin alike: checksum of all that follows, version, id, least and greatest LSN. */
function sealHeader(bytes: Uint8Array, { id, minLsn, maxLsn }: Table): void {
  const view = viewOf(bytes);
  view.setUint32(4, VERSION, true);
  putLong(view, 8, id);
  putLong(view, 16, minLsn);
  putLong(view, 24, maxLsn);
  view.setUint32(0, crc32c(bytes, 4), true);
}

interface Header {
  readonly minLsn: Lsn;
  readonly maxLsn: Lsn;
}

function readHeader(what: string, bytes: Uint8Array, length: number, id: number): Decoded<Header> {
  const refuse = (why: string): Decoded<Header> => ({ ok: false, error: `${what} of table ${id}: ${why}` });
  if (bytes.length !== length) return refuse(`${bytes.length} bytes, not ${length}`);
  const view = viewOf(bytes);
  if (view.getUint32(0, true) !== crc32c(bytes, 4)) return refuse('checksum mismatch');
  const version = view.getUint32(4, true);
  if (version !== VERSION) return refuse(`version ${version}`);
  const stored = getLong(view, 8);
  if (stored !== id) return refuse(`it is of table ${stored}`);
  const [minLsn, maxLsn] = [getLong(view, 16), getLong(view, 24)];
  if (minLsn > maxLsn || maxLsn >= MAX || prefixOf(minLsn) !== prefixOf(maxLsn))
    return refuse(`LSNs ${minLsn} to ${maxLsn}`);
  return { ok: true, value: { minLsn: minLsn as Lsn, maxLsn: maxLsn as Lsn } };
}

export function encodeTable(g: Geometry, table: Table): Uint8Array {
  const bytes = new Uint8Array(tableBytes(g));
  const view = viewOf(bytes);
  const { words, prefix, entries } = table;
  for (let i = HEADER_WORDS; i < words.length; i++) view.setUint32(i * WORD_BYTES, words[i] as number, true);
  view.setUint32(32, prefix, true);
  view.setUint32(36, entries, true);
  sealHeader(bytes, table);
  return bytes;
}

export function decodeTable(g: Geometry, id: number, bytes: Uint8Array): Decoded<Table> {
  const refuse = (why: string): Decoded<Table> => ({ ok: false, error: `image of table ${id}: ${why}` });
  const header = readHeader('image', bytes, tableBytes(g), id);
  if (!header.ok) return header;
  const view = viewOf(bytes);
  const [prefix, entries] = [view.getUint32(32, true), view.getUint32(36, true)];
  if (prefix !== prefixOf(header.value.minLsn) || entries === 0 || entries > g.segments * SEGMENT_LSNS)
    return refuse(`prefix ${prefix}, ${entries} entries`);
  const stored = makeTable(g, id);
  for (let i = HEADER_WORDS; i < stored.words.length; i++)
    stored.words[i] = view.getUint32(i * WORD_BYTES, true);
  const table = makeTable(g, id);
  for (let n = 0; n < entries; n++) {
    const entry = entryAt(g, stored, prefix, n);
    const isNext = entry !== null && entry.page < PAGE_KEYS && entry.lsn >= table.maxLsn;
    if (!isNext || !appendEntry(g, table, entry.page, entry.lsn)) return refuse(`entry ${n}`);
  }
  const differs = table.words.findIndex((word, i) => word !== stored.words[i]);
  if (differs >= 0) return refuse(`word ${differs} is not what its entries make`);
  if (table.minLsn !== header.value.minLsn || table.maxLsn !== header.value.maxLsn)
    return refuse('LSNs that are not those of its entries');
  return { ok: true, value: table };
}

/** `isBlind` (planted): without the page of the last entry. */
export function encodeBloom(g: Geometry, table: Table, isBlind = false): Uint8Array {
  const bytes = new Uint8Array(BLOOM_BYTES);
  const last = isBlind ? entryAt(g, table, table.prefix, table.entries - 1)?.page : null;
  for (const page of pagesOf(g, table)) {
    if (page === last) continue;
    for (const bit of bloomBitsOfHash(hashPage(page))) {
      const at = BLOOM_HEADER_BYTES + (bit >> 3);
      bytes[at] = (bytes[at] as number) | (1 << (bit & 7));
    }
  }
  sealHeader(bytes, table);
  return bytes;
}

export function decodeBloom(id: number, bytes: Uint8Array): Decoded<Bloom> {
  const header = readHeader('bloom', bytes, BLOOM_BYTES, id);
  if (!header.ok) return header;
  if (bytes.subarray(BITS_END).some((byte) => byte !== 0))
    return { ok: false, error: `bloom of table ${id}: bytes after its bits` };
  return { ok: true, value: { id, ...header.value, bits: bytes.slice(BLOOM_HEADER_BYTES, BITS_END) } };
}

/** False only when the table does not name the page. */
export const mayName = ({ bits }: Bloom, page: PageKey): boolean =>
  bloomBitsOfHash(hashPage(page)).every((bit) => ((bits[bit >> 3] as number) >> (bit & 7)) & 1);
