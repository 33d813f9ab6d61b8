// Keys of the B+tree as bytes whose order is the values' order, and none a prefix of another: integers big endian with
// the sign flipped (dates as their days, times and timestamps as their microseconds, intervals as their length in sixteen bytes), floats by IEEE total order (NaN last, −0 as 0), bool
// one byte, uuid its bytes, text as UTF-8 and bytea with 0 escaped and ended by 0 0 (so text is ordered by its UTF-8 bytes,
// collation "C"), char(n) as text without the spaces at its end. numeric is a byte for its place among −Infinity,
// negative, 0, positive, Infinity, NaN; then the exponent of its first digit, and its digits two in a byte, without zeros
// at the end, closed by 0; all but the first byte inverted when it is negative. So 1.0 and 1.00 are one key.
// A key of other indexes than the primary key's has a byte before each value for its place among the nulls (0 a null that
// comes first, 1 a value, 2 a null that comes last), and a descending value's own bytes are inverted.

import { AssertionError, assert } from '../../base/assert.ts';
import { type ByteWriter, makeWriter, resetWriter, takeBytes, writeRaw, writeU8 } from '../../base/bytes.ts';
import type {
  ColumnType,
  IndexDef,
  IndexKey,
  Numeric,
  Row,
  TableDef,
  Tagged,
  Tid,
  Value,
} from '../sql/access.ts';
import { bytesOfHex } from '../sql/bytes-form.ts';
import { withoutSpaces } from '../sql/compare.ts';
import { keyValueOf } from '../sql/evaluate.ts';
import { lengthOf } from '../sql/interval.ts';
import { decode, isEmptyArray, type Json, parseJson, rankOf } from '../sql/json.ts';
import { NOT_A_NUMBER, parseDecimal } from '../sql/numeric.ts';
import { storedDays } from './row-codec.ts';

export const TID_BYTES = 6;
const SLOTS = 0x1_0000;
export const makeTid = (block: number, slot: number): Tid => block * SLOTS + slot;
export const tidBlock = (tid: Tid): number => Math.floor(tid / SLOTS);
export const tidSlot = (tid: Tid): number => tid % SLOTS;

const scratch = makeWriter(1024);
const encoder = new TextEncoder();
const float = new Float64Array(1);
const floatWords = new Uint32Array(float.buffer);

function writeBig32(w: ByteWriter, word: number): void {
  writeU8(w, word >>> 24);
  writeU8(w, (word >>> 16) & 0xff);
  writeU8(w, (word >>> 8) & 0xff);
  writeU8(w, word & 0xff);
}

function writeBig64(w: ByteWriter, wide: bigint): void {
  writeBig32(w, (Number(wide >> 32n) ^ 0x8000_0000) >>> 0);
  writeBig32(w, Number(wide & 0xffff_ffffn));
}

function writeKeyValue(w: ByteWriter, type: ColumnType, value: Value): void {
  switch (type) {
    case 'int4':
      writeBig32(w, (Number(value) ^ 0x8000_0000) >>> 0);
      return;
    case 'int8':
      writeBig64(w, BigInt.asIntN(64, BigInt(value as bigint | number)));
      return;
    case 'float8':
      writeFloatKey(w, Number(value));
      return;
    case 'bool':
      writeU8(w, value === true ? 1 : 0);
      return;
    case 'text':
    case 'name':
    case 'varchar':
      writeBytesKey(w, encoder.encode(String(value)));
      return;
    case 'int2': {
      const word = Number(value) ^ 0x8000;
      writeU8(w, (word >>> 8) & 0xff);
      writeU8(w, word & 0xff);
      return;
    }
    case 'numeric':
      assert(typeof value === 'object' && value !== null && !('kind' in value), 'a numeric is an object');
      writeNumericKey(w, value);
      return;
    default:
      assert(
        typeof value === 'object' && value !== null && 'kind' in value,
        'the value says of which type it is',
      );
      writeTaggedKey(w, value);
  }
}

function writeFloatKey(w: ByteWriter, number: number): void {
  float[0] = number === 0 ? 0 : number;
  let high = floatWords[1] as number;
  let low = floatWords[0] as number;
  if (Number.isNaN(number)) {
    high = 0x7ff8_0000;
    low = 0;
  }
  const isNegative = high >>> 31 === 1;
  writeBig32(w, (isNegative ? ~high : high ^ 0x8000_0000) >>> 0);
  writeBig32(w, (isNegative ? ~low : low) >>> 0);
}

function writeBytesKey(w: ByteWriter, bytes: Uint8Array): void {
  if (!bytes.includes(0)) writeRaw(w, bytes);
  else
    for (const byte of bytes) {
      writeU8(w, byte);
      if (byte === 0) writeU8(w, 0xff);
    }
  writeU8(w, 0);
  writeU8(w, 0);
}

function writeTaggedKey(w: ByteWriter, value: Tagged): void {
  switch (value.kind) {
    case 'real':
      writeFloatKey(w, value.value);
      return;
    case 'enum':
      writeFloatKey(w, value.order);
      return;
    case 'char':
      writeBytesKey(w, encoder.encode(withoutSpaces(value.text)));
      return;
    case 'date':
      writeBig32(w, (storedDays(value.days) ^ 0x8000_0000) >>> 0);
      return;
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      writeBig64(w, value.micros);
      return;
    case 'interval': {
      const length = lengthOf(value);
      writeBig64(w, length >> 64n);
      writeBig32(w, Number((length >> 32n) & 0xffff_ffffn));
      writeBig32(w, Number(length & 0xffff_ffffn));
      return;
    }
    case 'uuid':
      writeRaw(w, bytesOfHex(value.text.replaceAll('-', '')));
      return;
    case 'bytea':
      writeBytesKey(w, bytesOfHex(value.hex));
      return;
    case 'json':
      // has no order, so it is in no key
      throw new AssertionError('a json in a key');
    case 'jsonb':
      writeJsonKey(w, parseJson(value.text), true);
      return;
    case 'array':
      for (const item of value.items) {
        writeU8(w, item === null ? NULL_ITEM : PRESENT_ITEM);
        if (item !== null) writeKeyValue(w, value.element, item);
      }
      writeU8(w, END_OF_ITEMS);
  }
}

/** The kind's place, then for parts their number and each of them. Only as a whole an empty array is below all others. */
function writeJsonKey(w: ByteWriter, json: Json, isWhole = false): void {
  writeU8(w, isWhole && isEmptyArray(json) ? 0 : rankOf(json) + 1);
  switch (json.type) {
    case 'number':
      writeNumericKey(w, parseDecimal(json.raw) ?? NOT_A_NUMBER);
      return;
    case 'string':
      writeBytesKey(w, encoder.encode(decode(json.raw)));
      return;
    case 'boolean':
      writeU8(w, json.value ? 1 : 0);
      return;
    case 'array':
      writeBig32(w, json.items.length);
      for (const item of json.items) writeJsonKey(w, item);
      return;
    case 'object':
      writeBig32(w, json.members.length);
      for (const [name, value] of json.members) {
        writeBytesKey(w, encoder.encode(name));
        writeJsonKey(w, value);
      }
  }
}

/** A shorter array comes first, null last. */
const END_OF_ITEMS = 0;
const PRESENT_ITEM = 1;
const NULL_ITEM = 2;

const MINUS_INFINITY_KEY = 1;
const NEGATIVE_KEY = 2;
const ZERO_KEY = 3;
const POSITIVE_KEY = 4;
const INFINITY_KEY = 5;
const NAN_KEY = 6;
/** Above the largest negative exponent. */
const EXPONENT_BIAS = 0x80_0000;

function writeNumericKey(w: ByteWriter, { digits, scale }: Numeric): void {
  if (scale < 0 || digits === 0n) {
    const special = digits === 0n ? NAN_KEY : digits > 0n ? INFINITY_KEY : MINUS_INFINITY_KEY;
    writeU8(w, scale < 0 ? special : ZERO_KEY);
    return;
  }
  const inverted = digits < 0n ? 0xff : 0;
  const text = (digits < 0n ? -digits : digits).toString();
  let length = text.length;
  while (text.charCodeAt(length - 1) === ZERO_CODE) length--;
  const exponent = text.length - 1 - scale + EXPONENT_BIAS;
  writeU8(w, digits < 0n ? NEGATIVE_KEY : POSITIVE_KEY);
  for (let shift = 16; shift >= 0; shift -= 8) writeU8(w, ((exponent >>> shift) & 0xff) ^ inverted);
  for (let i = 0; i < length; i += 2) {
    const second = i + 1 < length ? text.charCodeAt(i + 1) - ZERO_CODE : 0;
    writeU8(w, (1 + (text.charCodeAt(i) - ZERO_CODE) * 10 + second) ^ inverted);
  }
  writeU8(w, inverted);
}

const ZERO_CODE = 48;

const NULL_FIRST = 0;
const PRESENT = 1;
const NULL_LAST = 2;

function writeIndexValue(w: ByteWriter, type: ColumnType, index: IndexDef, i: number, value: Value): void {
  if (index.constraint === 'primary') {
    writeKeyValue(w, type, value);
    return;
  }
  const { descending, nullsFirst } = index.keys[i] as IndexKey;
  if (value === null) {
    writeU8(w, nullsFirst ? NULL_FIRST : NULL_LAST);
    return;
  }
  writeU8(w, PRESENT);
  const start = w.length;
  writeKeyValue(w, type, value);
  if (descending) for (let at = start; at < w.length; at++) w.bytes[at] = ~(w.bytes[at] as number);
}

const typeOfKey = ({ columns }: TableDef, { keys }: IndexDef, i: number): ColumnType => {
  const { computed } = keys[i] as IndexKey;
  if (computed !== undefined) return computed.type;
  const column = columns[keys[i]?.column ?? -1];
  assert(column !== undefined, 'a key column for each key value');
  return column.type;
};

/** Key bytes of the first `values.length` columns of an index; `notNull`: up to the values of the one after them. */
export function encodeKeyValues(
  table: TableDef,
  index: IndexDef,
  values: readonly Value[],
  notNull = false,
): Uint8Array {
  resetWriter(scratch);
  for (let i = 0; i < values.length; i++)
    writeIndexValue(scratch, typeOfKey(table, index, i), index, i, values[i] ?? null);
  if (notNull && index.constraint !== 'primary') writeU8(scratch, PRESENT);
  return takeBytes(scratch);
}

/** Key bytes of a row, without the tid. */
export function encodeKey(table: TableDef, index: IndexDef, row: Row): Uint8Array {
  resetWriter(scratch);
  const { keys } = index;
  for (let i = 0; i < keys.length; i++)
    writeIndexValue(scratch, typeOfKey(table, index, i), index, i, keyValueOf(keys[i] as IndexKey, row));
  return takeBytes(scratch);
}

/** Two rows that have a null in their key are never equal. */
export const hasNullKey = ({ keys }: IndexDef, row: Row): boolean =>
  keys.some((key) => keyValueOf(key, row) === null);

/** A leaf's key: the key and the row's root position, big endian. */
export function withTid(key: Uint8Array, tid: Tid): Uint8Array {
  const full = new Uint8Array(key.length + TID_BYTES);
  full.set(key);
  const block = tidBlock(tid);
  const slot = tidSlot(tid);
  let at = key.length;
  full[at++] = block >>> 24;
  full[at++] = block >>> 16;
  full[at++] = block >>> 8;
  full[at++] = block;
  full[at++] = slot >>> 8;
  full[at] = slot;
  return full;
}

/** The tid at the end of a leaf's key that lies at `[start, start + length)` of a page. */
export function tidOfKey(page: Uint8Array, start: number, length: number): Tid {
  const at = start + length - TID_BYTES;
  const block =
    (((page[at] as number) << 24) |
      ((page[at + 1] as number) << 16) |
      ((page[at + 2] as number) << 8) |
      (page[at + 3] as number)) >>>
    0;
  return makeTid(block, ((page[at + 4] as number) << 8) | (page[at + 5] as number));
}

/** Does the key at `[start, start + length)` of a page begin with `prefix`? */
export function hasPrefix(page: Uint8Array, start: number, length: number, prefix: Uint8Array): boolean {
  if (length < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (page[start + i] !== prefix[i]) return false;
  return true;
}

/** The least byte string above all that begin with `prefix`; null when there is none. */
export function afterPrefix(prefix: Uint8Array): Uint8Array | null {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length--;
  if (length === 0) return null;
  const next = prefix.slice(0, length);
  next[length - 1] = (next[length - 1] as number) + 1;
  return next;
}
