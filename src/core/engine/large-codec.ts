// A row of which some values are stored elsewhere, in parts (large-values.ts): after the bitmap of nulls comes one of those values,
// and each has in its place where it is: the row and column that it was first written in, its length and its checksum. And the
// parts themselves, which are rows of a table of their own.

import {
  BadBytes,
  type ByteReader,
  type ByteWriter,
  makeReader,
  makeWriter,
  readU32,
  readUint,
  readView,
  resetWriter,
  takeBytes,
  writeBytes,
  writeRaw,
  writeU8,
  writeU32,
  writeUint,
} from '../../base/bytes.ts';
import { COUNTED, SLOT_BYTES, slotLength, TUPLE_HEADER_BYTES, tupleFlags } from '../page/heap-page.ts';
import { PAGE_HEADER_BYTES } from '../page/page.ts';
import type { ColumnDef, ColumnType, Value } from '../sql/access.ts';
import { readValue, skipValue } from './row-codec.ts';

/**
 * What a value is called in its table: the LSN that followed the log's tail when a row was first written with such a value, and
 * the column; or the name of a value of which nothing is left.
 */
export interface ValueName {
  readonly row: number;
  readonly column: number;
}

/** Where a value is stored. */
export interface Pointer extends ValueName {
  /** Of the value's stored form (row-codec.ts). */
  readonly bytes: number;
  /** CRC-32C of these. */
  readonly crc: number;
}

/** Gives the value that is stored at a place. */
export type ValueAt = (pointer: Pointer, type: ColumnType) => Value;

/** Bytes of a value from which storing it elsewhere makes a row shorter. */
export const POINTER_BYTES_MAX = 20;

interface Kept extends Pointer {
  readonly kind: 'kept';
}

/** Stands in a row for a value that nobody looks at: whoever writes the row anew takes it for the value that is stored there. */
export const keptValue = (pointer: Pointer): Value =>
  // Rows are of values; this one never meets an expression, because its column is not wanted.
  ({ ...pointer, kind: 'kept' }) satisfies Kept as unknown as Value;

export function pointerOf(value: Value): Pointer | null {
  const kept = value as unknown as Partial<Kept> | null;
  return typeof kept === 'object' && kept?.kind === 'kept' ? (kept as Kept) : null;
}

function writePointer(w: ByteWriter, { row, column, bytes, crc }: Pointer): void {
  writeUint(w, row);
  writeU8(w, column);
  writeUint(w, bytes);
  writeU32(w, crc);
}

function readPointer(r: ByteReader): Pointer {
  const row = readUint(r);
  const [column = 0] = readView(r, 1);
  return { row, column, bytes: readUint(r), crc: readU32(r) };
}

/** What a column has in a tuple: nothing, its value's stored form, or where that is. */
export type Part = null | Uint8Array | Pointer;

export const isPointer = (part: Part): part is Pointer => part !== null && !(part instanceof Uint8Array);

const scratch = makeWriter(8192);

/** The tuple but for its header, which is zero. `counted`: it says how many columns it has (tuple-codec.ts). */
export function encodeLarge(parts: readonly Part[], counted: boolean): Uint8Array {
  const w = scratch;
  resetWriter(w);
  for (let i = 0; i < TUPLE_HEADER_BYTES; i++) writeU8(w, 0);
  if (counted) writeU8(w, parts.length);
  writeBits(w, parts, (part) => part === null);
  writeBits(w, parts, isPointer);
  for (const part of parts) {
    if (isPointer(part)) writePointer(w, part);
    else if (part !== null) writeRaw(w, part);
  }
  return takeBytes(w);
}

function writeBits(w: ByteWriter, parts: readonly Part[], is: (part: Part) => boolean): void {
  for (let i = 0; i < parts.length; i += 8)
    writeU8(
      w,
      parts.slice(i, i + 8).reduce((bits, part, bit) => bits | (is(part) ? 1 << bit : 0), 0),
    );
}

/** Which columns are decoded: the others, up to the last one, are null. */
export type Wants = (column: number) => boolean | 'kept';

/** The columns that such a tuple has. Throws BadBytes. */
export function decodeLarge(
  columns: readonly ColumnDef[],
  base: number,
  page: Uint8Array,
  slot: number,
  at: number,
  wants: Wants,
  valueAt: ValueAt,
): Value[] {
  const row: Value[] = [];
  eachPart(columns, base, page, slot, at, (r, i, type, isLarge) => {
    const wanted = wants(i);
    if (r === null) row.push(null);
    else if (isLarge) {
      const pointer = readPointer(r);
      row.push(wanted === false ? null : wanted === 'kept' ? keptValue(pointer) : valueAt(pointer, type));
    } else if (wanted === false) {
      skipValue(r, type);
      row.push(null);
    } else row.push(readValue(r, type));
  });
  return row;
}

/** Where the values of such a tuple are that are stored elsewhere. Throws BadBytes. */
export function pointersIn(
  columns: readonly ColumnDef[],
  base: number,
  page: Uint8Array,
  slot: number,
  at: number,
): ReadonlyMap<number, Pointer> {
  const found = new Map<number, Pointer>();
  eachPart(columns, base, page, slot, at, (r, i, type, isLarge) => {
    if (r === null) return;
    if (isLarge) found.set(i, readPointer(r));
    else skipValue(r, type);
  });
  return found;
}

/** Goes over the columns that the tuple has; `visit` reads what is there (`r` null: a null). */
function eachPart(
  columns: readonly ColumnDef[],
  base: number,
  page: Uint8Array,
  slot: number,
  at: number,
  visit: (r: ByteReader | null, column: number, type: ColumnType, isLarge: boolean) => void,
): void {
  const isCounted = (tupleFlags(page, at) & COUNTED) !== 0;
  const head = at + TUPLE_HEADER_BYTES;
  const count = isCounted ? (page[head] as number) : base;
  const nulls = isCounted ? head + 1 : head;
  const bits = (count + 7) >>> 3;
  const end = at + slotLength(page, slot);
  const r = makeReader(page, nulls + 2 * bits, end);
  if (r.at > end) throw new BadBytes('row shorter than its bitmaps');
  for (let i = 0; i < Math.min(count, columns.length); i++) {
    const bit = (from: number): boolean => (((page[from + (i >>> 3)] as number) >>> (i & 7)) & 1) === 1;
    const isNull = bit(nulls);
    const isLarge = bit(nulls + bits);
    if (isNull && isLarge) throw new BadBytes(`column ${i} is null and stored elsewhere`);
    visit(isNull ? null : r, i, (columns[i] as ColumnDef).type, isLarge);
  }
}

const CHUNK_HEAD_BYTES = 1 + 8 + 4 + 4 + 2;

/** Bytes of a value in one part: a part of that length fills a page. */
export const partBytes = (pageBytes: number): number =>
  pageBytes - PAGE_HEADER_BYTES - SLOT_BYTES - TUPLE_HEADER_BYTES - CHUNK_HEAD_BYTES;

/** A part of a value. */
export interface Chunk {
  readonly row: number;
  readonly column: number;
  readonly part: number;
  readonly data: Uint8Array;
}

const TWO_32 = 0x1_0000_0000;

/** As encodeTuple makes it of `CHUNK_COLUMNS`. */
export function encodeChunk({ row, column, part, data }: Chunk): Uint8Array {
  const w = scratch;
  resetWriter(w);
  for (let i = 0; i < TUPLE_HEADER_BYTES + 1; i++) writeU8(w, 0);
  writeU32(w, row % TWO_32);
  writeU32(w, Math.floor(row / TWO_32));
  writeU32(w, column);
  writeU32(w, part);
  writeBytes(w, data);
  return takeBytes(w);
}

/** The chunk in `slot` at `at`; its bytes are the page's. Throws BadBytes. */
export function readChunk(page: Uint8Array, slot: number, at: number): Chunk {
  const r = makeReader(page, at + TUPLE_HEADER_BYTES + 1, at + slotLength(page, slot));
  if (page[at + TUPLE_HEADER_BYTES] !== 0) throw new BadBytes('a part of a value with nulls');
  const low = readU32(r);
  const row = readU32(r) * TWO_32 + low;
  return { row, column: readU32(r), part: readU32(r), data: readView(r, readUint(r)) };
}

export const CHUNK_COLUMNS: readonly ColumnDef[] = [
  { name: 'row', type: 'int8', notNull: true },
  { name: 'column', type: 'int4', notNull: true },
  { name: 'part', type: 'int4', notNull: true },
  { name: 'data', type: 'bytea', notNull: true },
];
