// A row as bytes inside a tuple: a bitmap of nulls, then the values of the other columns in order.
// int2 in two bytes, int4, float4 and date (days) in four, int8, float8 and timestamps (microseconds) in eight, bool in one, uuid
// in sixteen, time and interval in their binary format, text, char and bytea with their length, numeric as its scale and sign and the bytes of its digits, high ones first.

import { assert } from '../../base/assert.ts';
import {
  BadBytes,
  type ByteReader,
  type ByteWriter,
  makeReader,
  makeWriter,
  readF64,
  readText,
  readU8,
  readU32,
  readUint,
  readView,
  resetWriter,
  takeBytes,
  takePart,
  writeBytes,
  writeF64,
  writeRaw,
  writeText,
  writeU8,
  writeU32,
  writeUint,
} from '../../base/bytes.ts';
import { getU32 } from '../page/page.ts';
import type {
  ArrayValue,
  ColumnDef,
  ColumnType,
  Numeric,
  Row,
  ScalarType,
  Tagged,
  Value,
  Wanted,
} from '../sql/access.ts';
import { bytesOfHex, hexOfBytes, hyphenated } from '../sql/bytes-form.ts';
import { isEnum, valueAt } from '../sql/enum-type.ts';
import { INFINITY, MINUS_INFINITY, NOT_A_NUMBER, SCALE_MAX } from '../sql/numeric.ts';
import { formOf } from '../sql/type-forms.ts';
import { elementOf, GIVEN_TYPES, isArray, sizeOf } from '../sql/types.ts';

const scratch = makeWriter(8192);
const LOW_32 = 0xffff_ffffn;

/** Values are of their columns' types: the front end has coerced them. `head` bytes of zero come first. */
export function encodeRow(columns: readonly ColumnDef[], row: Row, head = 0): Uint8Array {
  assert(row.length === columns.length, 'a value for each column');
  const w = scratch;
  resetWriter(w);
  for (let i = 0; i < head; i++) writeU8(w, 0);
  for (let i = 0; i < columns.length; i += 8) {
    let nulls = 0;
    for (let bit = 0; bit < 8 && i + bit < columns.length; bit++)
      if (row[i + bit] === null) nulls |= 1 << bit;
    writeU8(w, nulls);
  }
  for (let i = 0; i < columns.length; i++) {
    const value = row[i];
    if (value !== null && value !== undefined) writeValue(w, (columns[i] as ColumnDef).type, value);
  }
  return takePart(w);
}

/** A value's bytes as they stand in a row. */
export function encodeValue(type: ColumnType, value: Exclude<Value, null>): Uint8Array {
  resetWriter(scratch);
  writeValue(scratch, type, value);
  return takeBytes(scratch);
}

function writeValue(w: ByteWriter, type: ColumnType, value: Exclude<Value, null>): void {
  switch (type) {
    case 'int4':
      assert(typeof value === 'number', 'an int4 is a number');
      writeU32(w, value >>> 0);
      return;
    case 'int8':
      assert(typeof value === 'bigint', 'an int8 is a bigint');
      writeI64(w, value);
      return;
    case 'float8':
      assert(typeof value === 'number', 'a float8 is a number');
      writeF64(w, value);
      return;
    case 'bool':
      assert(typeof value === 'boolean', 'a bool is a boolean');
      writeU8(w, value ? 1 : 0);
      return;
    case 'text':
    case 'name':
    case 'varchar':
      assert(typeof value === 'string', 'a text is a string');
      writeText(w, value);
      return;
    case 'numeric':
      assert(typeof value === 'object' && !('kind' in value), 'a numeric is an object');
      writeNumeric(w, value);
      return;
    case 'int2':
      assert(typeof value === 'number', 'an int2 is a number');
      writeU8(w, value);
      writeU8(w, value >>> 8);
      return;
    default:
      assert(typeof value === 'object' && 'kind' in value, 'the value says of which type it is');
      writeTagged(w, value);
  }
}

function writeI64(w: ByteWriter, value: bigint): void {
  writeU32(w, Number(value & LOW_32));
  writeU32(w, Number((value >> 32n) & LOW_32));
}

const single = new Float32Array(1);
const singleWord = new Uint32Array(single.buffer);

function writeTagged(w: ByteWriter, value: Tagged): void {
  switch (value.kind) {
    case 'real':
      single[0] = value.value;
      writeU32(w, singleWord[0] as number);
      return;
    case 'char':
      writeText(w, value.text);
      return;
    case 'date':
      writeU32(w, storedDays(value.days) >>> 0);
      return;
    case 'timestamp':
    case 'timestamptz':
      writeI64(w, value.micros);
      return;
    case 'uuid':
      for (const byte of bytesOfHex(value.text.replaceAll('-', ''))) writeU8(w, byte);
      return;
    case 'bytea':
      writeBytes(w, bytesOfHex(value.hex));
      return;
    case 'enum':
      writeF64(w, value.order);
      return;
    case 'array':
      writeBytes(w, arrayBytes(value));
      return;
    default:
      if (sizeOf(value.kind) < 0) writeBytes(w, formOf(value.kind).toBytes(value));
      else writeRaw(w, formOf(value.kind).toBytes(value));
  }
}

/** The number of items, then for each 0, or 1 and the value. */
function arrayBytes({ element, items }: ArrayValue): Uint8Array {
  const w = makeWriter();
  writeUint(w, items.length);
  for (const item of items) {
    writeU8(w, item === null ? 0 : 1);
    if (item !== null) writeValue(w, element, item);
  }
  return takeBytes(w);
}

function readArray(bytes: Uint8Array, element: ScalarType): ArrayValue {
  const r = makeReader(bytes);
  const count = readUint(r);
  if (count > bytes.length) throw new BadBytes(`array of ${count} items in ${bytes.length} bytes`);
  const items = Array.from({ length: count }, () => (readU8(r) === 0 ? null : readValue(r, element)));
  return { kind: 'array', element, items };
}

/** The ends of int4 are the infinite dates. */
const DAYS_END = 0x7fff_ffff;
export const storedDays = (days: number): number => Math.max(-DAYS_END - 1, Math.min(DAYS_END, days));

const UUID_BYTES = 16;

/** Twice the scale and 1 for a negative number, beginning at 3; before them the three values that are not finite. */
const NUMERIC_NAN = 0;
const NUMERIC_INFINITY = 1;
const NUMERIC_MINUS_INFINITY = 2;
const NUMERIC_FINITE = 3;
const NO_BYTES = new Uint8Array(0);

function writeNumeric(w: ByteWriter, { digits, scale }: Numeric): void {
  if (scale < 0) {
    writeUint(w, digits === 0n ? NUMERIC_NAN : digits > 0n ? NUMERIC_INFINITY : NUMERIC_MINUS_INFINITY);
    return;
  }
  writeUint(w, NUMERIC_FINITE + scale * 2 + (digits < 0n ? 1 : 0));
  writeBytes(w, digits === 0n ? NO_BYTES : bytesOf(digits < 0n ? -digits : digits));
}

function bytesOf(magnitude: bigint): Uint8Array {
  const hex = magnitude.toString(16);
  const bytes = new Uint8Array((hex.length + 1) >>> 1);
  for (let i = 0, end = hex.length & 1 ? 1 : 2, start = 0; i < bytes.length; i++, start = end, end += 2)
    bytes[i] = Number.parseInt(hex.slice(start, end), 16);
  return bytes;
}

function readNumeric(r: ByteReader): Numeric {
  const head = readUint(r);
  if (head === NUMERIC_NAN) return NOT_A_NUMBER;
  if (head === NUMERIC_INFINITY) return INFINITY;
  if (head === NUMERIC_MINUS_INFINITY) return MINUS_INFINITY;
  const scale = (head - NUMERIC_FINITE) >>> 1;
  const isNegative = ((head - NUMERIC_FINITE) & 1) === 1;
  if (head > NUMERIC_FINITE + 2 * SCALE_MAX + 1) throw new BadBytes(`numeric of scale ${scale} at ${r.at}`);
  const bytes = readView(r, readUint(r));
  if (bytes.length === 0) {
    if (isNegative) throw new BadBytes(`numeric zero with a sign at ${r.at}`);
    return { digits: 0n, scale };
  }
  if (bytes[0] === 0) throw new BadBytes(`numeric with a leading zero at ${r.at}`);
  let hex = '0x';
  for (const byte of bytes) hex += byte < 16 ? `0${byte.toString(16)}` : byte.toString(16);
  const magnitude = BigInt(hex);
  return { digits: isNegative ? -magnitude : magnitude, scale };
}

/** The row of `count` columns in `bytes[start, end)`, or its first `wanted` ones; throws BadBytes. */
export function decodeRow(
  columns: readonly ColumnDef[],
  bytes: Uint8Array,
  start: number,
  end: number,
  wanted: number = columns.length,
  count: number = columns.length,
): Value[] {
  const r = makeReader(bytes, start + ((count + 7) >>> 3), end);
  if (r.at > end) throw new BadBytes('row shorter than its null bitmap');
  const read = Math.min(wanted, count);
  const row: Value[] = new Array(read);
  for (let i = 0; i < read; i++) {
    const isNull = (((bytes[start + (i >>> 3)] as number) >>> (i & 7)) & 1) === 1;
    row[i] = isNull ? null : readValue(r, (columns[i] as ColumnDef).type);
  }
  return row;
}

/** As `decodeRow`, of the wanted columns: the others are null, and their bytes are passed over. */
export function decodeColumns(
  columns: readonly ColumnDef[],
  bytes: Uint8Array,
  start: number,
  end: number,
  wanted: NonNullable<Wanted>,
  count: number,
): Value[] {
  let at = start + ((count + 7) >>> 3);
  if (at > end) throw new BadBytes('row shorter than its null bitmap');
  const read = Math.min(wanted.length, count);
  // as long as it will be: a list that grows takes several times the memory
  const row = new Array<Value>(columns.length);
  let r: ByteReader | null = null;
  for (let i = 0; i < read; i++) {
    const isNull = (((bytes[start + (i >>> 3)] as number) >>> (i & 7)) & 1) === 1;
    const { type } = columns[i] as ColumnDef;
    if (isNull) row[i] = null;
    else if (type === 'int4' && at + 4 <= end) {
      // most keys and counts: no reader is made for them
      row[i] = wanted[i] !== false ? getU32(bytes, at) | 0 : null;
      at += 4;
    } else {
      r ??= makeReader(bytes, at, end);
      r.at = at;
      if (wanted[i] !== false) row[i] = readValue(r, type);
      else {
        skipValue(r, type);
        row[i] = null;
      }
      at = r.at;
    }
  }
  for (let i = read; i < columns.length; i++) row[i] = null;
  return row;
}

/** Passes over a value. Throws BadBytes. */
export function skipValue(r: ByteReader, type: ColumnType): void {
  skip(r, bytesOfType(type) ?? skippedBytes(r, type));
}

/** Are values of the type of any length? Only those are stored elsewhere. */
export const isVariable = (type: ColumnType): boolean => bytesOfType(type) === undefined;

/** The order of a label. */
const ENUM_BYTES = 8;
const bytesOfType = (type: ColumnType): number | undefined =>
  BYTES[type] ?? (isEnum(type) ? ENUM_BYTES : undefined);

/** Bytes of the types that always take as many. A name is as long as it is. */
const BYTES: Readonly<Partial<Record<ColumnType, number>>> = Object.fromEntries(
  GIVEN_TYPES.flatMap((type) => {
    const size = type === 'name' ? -1 : sizeOf(type);
    return size < 0 ? [] : [[type, size]];
  }),
);

/** Bytes of the value that begins here, but for its length. */
function skippedBytes(r: ByteReader, type: ColumnType): number {
  // Of a numeric that is not finite there is only the head.
  if (type === 'numeric' && readUint(r) < NUMERIC_FINITE) return 0;
  return readUint(r);
}

function skip(r: ByteReader, bytes: number): void {
  if (r.at + bytes > r.end) throw new BadBytes(`value of ${bytes} bytes at ${r.at} reaches beyond its row`);
  r.at += bytes;
}

/** Throws BadBytes. */
export function readValue(r: ByteReader, type: ColumnType): Value {
  if (isArray(type)) return readArray(readView(r, readUint(r)), elementOf(type));
  if (isEnum(type)) return valueAt(type, readF64(r));
  switch (type) {
    case 'int4':
      return readU32(r) | 0;
    case 'int8':
      return readI64(r);
    case 'float8':
      return readF64(r);
    case 'bool':
      return readU8(r) === 1;
    case 'text':
    case 'name':
    case 'varchar':
      return readText(r);
    case 'numeric':
      return readNumeric(r);
    case 'int2': {
      const low = readU8(r);
      return ((low | (readU8(r) << 8)) << 16) >> 16;
    }
    case 'float4':
      singleWord[0] = readU32(r);
      return { kind: 'real', value: single[0] as number };
    case 'bpchar':
      return { kind: 'char', text: readText(r) };
    case 'date': {
      const days = readU32(r) | 0;
      if (days === DAYS_END) return { kind: 'date', days: Number.POSITIVE_INFINITY };
      return { kind: 'date', days: days === -DAYS_END - 1 ? Number.NEGATIVE_INFINITY : days };
    }
    case 'timestamp':
    case 'timestamptz':
      return { kind: type, micros: readI64(r) };
    case 'uuid':
      return { kind: 'uuid', text: hyphenated(hexOfBytes(readView(r, UUID_BYTES))) };
    case 'bytea':
      return { kind: 'bytea', hex: hexOfBytes(readView(r, readUint(r))) };
    default:
      return (
        formOf(type).fromBytes(readView(r, sizeOf(type) < 0 ? readUint(r) : sizeOf(type))) ?? badValue(type)
      );
  }
}

const badValue = (type: ColumnType): never => {
  throw new BadBytes(`bytes of no ${type}`);
};

function readI64(r: ByteReader): bigint {
  const low = readU32(r);
  const high = readU32(r) | 0;
  return high === 0 ? BigInt(low) : (BigInt(high) << 32n) | BigInt(low);
}
