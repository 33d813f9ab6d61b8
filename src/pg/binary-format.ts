// Values of our types between their text form and PostgreSQL's binary format (the _send and _recv functions of each type).

import type { ColumnType, Numeric, ScalarType } from '../core/sql/access.ts';
import { formatArray, parseArray } from '../core/sql/array-form.ts';
import { isEnum } from '../core/sql/enum-type.ts';
import { NOWHERE, SqlFailure } from '../core/sql/failure.ts';
import { ARRAY_ITEMS_MAX } from '../core/sql/limits.ts';
import { typmodOfIntervalText } from '../core/sql/moment-typmod.ts';
import { makeTypmod } from '../core/sql/numeric.ts';
import { formatValue, parseValue } from '../core/sql/text-form.ts';
import { formOf, hasForm } from '../core/sql/type-forms.ts';
import { elementOf, isArray, isMoment, sizeOf, TYPES_BY_NAME, typeId, typeName } from '../core/sql/types.ts';
import { textOf } from './frontend.ts';

const TYPES_BY_ID: ReadonlyMap<number, ColumnType> = new Map(
  [...TYPES_BY_NAME.values()].map((type) => [typeId(type), type]),
);

/** Types by their own names and by those of PostgreSQL's messages, as result columns have them. */
const TYPES_BY_ANY_NAME: ReadonlyMap<string, ColumnType> = new Map(
  [...TYPES_BY_NAME.values()].flatMap((type) => [
    [type, type],
    [typeName(type), type],
  ]),
);

/** Our type of this object id; null: one that we do not have, or none (0). */
export const typeOfId = (id: number): ColumnType | null => TYPES_BY_ID.get(id) ?? null;
/** A literal that nothing has made a type of is text. */
export const typeNamed = (name: string): ColumnType =>
  (isEnum(name.replace(/\[\]$/, '')) ? (name as ColumnType) : TYPES_BY_ANY_NAME.get(name)) ??
  TYPES_BY_ANY_NAME.get(name.replace(/^interval [^[]*/, 'interval').replace(/\(.*\)/, '')) ??
  'text';
/** Of pg_advisory_lock's answer, which has no value. */
const VOID_ID = 2278;
export const idOfType = (name: string): number => (name === 'void' ? VOID_ID : typeId(typeNamed(name)));

/** atttypmod of a result column's type: PostgreSQL counts four bytes to a length; −1: none is declared. */
export function typmodOfType(name: string): number {
  const element = elementOf(typeNamed(name));
  if (element === 'interval') return typmodOfIntervalText(name) ?? -1;
  const [, first = '', second = '0'] = /\((\d+)(?:,(-?\d+))?\)/.exec(name) ?? [];
  if (first === '') return -1;
  if (element === 'numeric') return makeTypmod(Number(first), Number(second));
  return isMoment(element) ? Number(first) : Number(first) + 4;
}

/** pg_type.typlen; −1: it varies. */
export const sizeOfType = (name: string): number => sizeOf(typeNamed(name));

const encoder = new TextEncoder();

const bytesOf = (size: number, put: (view: DataView) => void): Uint8Array => {
  const bytes = new Uint8Array(size);
  put(new DataView(bytes.buffer));
  return bytes;
};

/** The binary format of a value in its text form. The type's name is a result column's. */
export function toBinary(name: string, text: string): Uint8Array {
  const type = typeNamed(name);
  if (isArray(type)) return arrayToBinary(elementOf(type), text);
  if (isEnum(type)) return encoder.encode(text);
  switch (type) {
    case 'bool':
      return Uint8Array.of(text === 't' ? 1 : 0);
    case 'int2':
      return bytesOf(2, (view) => view.setInt16(0, Number(text)));
    case 'int4':
      return bytesOf(4, (view) => view.setInt32(0, Number(text)));
    case 'int8':
      return bytesOf(8, (view) => view.setBigInt64(0, BigInt(text)));
    case 'float4':
      return bytesOf(4, (view) => view.setFloat32(0, floatOf(text)));
    case 'float8':
      return bytesOf(8, (view) => view.setFloat64(0, floatOf(text)));
    case 'numeric':
      return numericToBinary(parseValue('numeric', text) as Numeric);
    default:
      return hasForm(type) ? formOf(type).toBytes(formOf(type).parse(text, NOWHERE)) : encoder.encode(text);
  }
}

const floatOf = (text: string): number =>
  text === 'Infinity'
    ? Number.POSITIVE_INFINITY
    : text === '-Infinity'
      ? Number.NEGATIVE_INFINITY
      : Number(text);

/** Signs of a numeric in its binary format. */
const POSITIVE = 0x0000;
const NEGATIVE = 0x4000;
const NAN = 0xc000;
const PLUS_INFINITY = 0xd000;
const MINUS_INFINITY = 0xf000;

/** Digits in base 10000, the weight of the first, sign and display scale. */
function numericToBinary({ digits, scale }: Numeric): Uint8Array {
  if (scale < 0)
    return numericBytes([], 0, digits === 0n ? NAN : digits > 0n ? PLUS_INFINITY : MINUS_INFINITY, 0);
  const isNegative = digits < 0n;
  const decimal = (isNegative ? -digits : digits).toString().padStart(scale + 1, '0');
  const whole = decimal.slice(0, decimal.length - scale);
  const fraction = decimal.slice(decimal.length - scale);
  const padded =
    whole.padStart(Math.ceil(whole.length / 4) * 4, '0') + fraction.padEnd(Math.ceil(scale / 4) * 4, '0');
  const groups = Array.from({ length: padded.length / 4 }, (_, i) => Number(padded.slice(4 * i, 4 * i + 4)));
  let weight = Math.ceil(whole.length / 4) - 1;
  while (groups[0] === 0) {
    groups.shift();
    weight--;
  }
  while (groups.at(-1) === 0) groups.pop();
  return numericBytes(groups, groups.length === 0 ? 0 : weight, isNegative ? NEGATIVE : POSITIVE, scale);
}

const numericBytes = (groups: readonly number[], weight: number, sign: number, scale: number): Uint8Array =>
  bytesOf(8 + 2 * groups.length, (view) => {
    view.setInt16(0, groups.length);
    view.setInt16(2, weight);
    view.setUint16(4, sign);
    view.setInt16(6, scale);
    groups.forEach((group, i) => {
      view.setInt16(8 + 2 * i, group);
    });
  });

/** A value in the binary format as text; null: its bytes are none of the type's (22P03). */
export function fromBinary(type: ColumnType, bytes: Uint8Array): string | null {
  const size = sizeOf(type);
  if (isEnum(type)) return textOf(bytes);
  if (size >= 0 && type !== 'name' && bytes.length !== size) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isArray(type)) return arrayFromBinary(elementOf(type), bytes, view);
  try {
    switch (type) {
      case 'bool':
        return view.getUint8(0) === 0 ? 'f' : 't';
      case 'int2':
        return String(view.getInt16(0));
      case 'int4':
        return String(view.getInt32(0));
      case 'int8':
        return String(view.getBigInt64(0));
      case 'float4':
        return formatValue({ kind: 'real', value: view.getFloat32(0) });
      case 'float8':
        return formatValue(view.getFloat64(0));
      case 'numeric':
        return numericFromBinary(view);
      default:
        return hasForm(type) ? formatValue(formOf(type).fromBytes(bytes)) : textOf(bytes);
    }
  } catch (error) {
    if (error instanceof SqlFailure) return null;
    throw error;
  }
}

/** Dimensions, whether there are nulls, the type of the items, and of each dimension its length and where it begins. */
const ARRAY_HEAD = 12;
const DIMENSION = 8;

function arrayToBinary(element: ScalarType, text: string): Uint8Array {
  const items = parseArray(text, NOWHERE, (item) => item).map((item) =>
    item === null ? null : toBinary(element, String(item)),
  );
  const head = ARRAY_HEAD + (items.length > 0 ? DIMENSION : 0);
  const size = items.reduce((sum, item) => sum + 4 + (item?.length ?? 0), head);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, items.length > 0 ? 1 : 0);
  view.setInt32(4, items.includes(null) ? 1 : 0);
  view.setInt32(8, typeId(element));
  if (items.length > 0) {
    view.setInt32(ARRAY_HEAD, items.length);
    view.setInt32(ARRAY_HEAD + 4, 1);
  }
  let at = head;
  for (const item of items) {
    view.setInt32(at, item?.length ?? -1);
    if (item !== null) bytes.set(item, at + 4);
    at += 4 + (item?.length ?? 0);
  }
  return bytes;
}

function arrayFromBinary(element: ScalarType, bytes: Uint8Array, view: DataView): string | null {
  if (bytes.length < ARRAY_HEAD || view.getInt32(8) !== typeId(element)) return null;
  const dimensions = view.getInt32(0);
  if (dimensions === 0) return bytes.length === ARRAY_HEAD ? '{}' : null;
  if (dimensions !== 1 || bytes.length < ARRAY_HEAD + DIMENSION) return null;
  const count = view.getInt32(ARRAY_HEAD);
  if (view.getInt32(ARRAY_HEAD + 4) !== 1 || count < 0 || count > ARRAY_ITEMS_MAX) return null;
  const items: (string | null)[] = [];
  let at = ARRAY_HEAD + DIMENSION;
  for (let i = 0; i < count; i++) {
    if (at + 4 > bytes.length) return null;
    const size = view.getInt32(at);
    at += 4;
    if (size < -1 || at + Math.max(0, size) > bytes.length) return null;
    const item = size < 0 ? null : fromBinary(element, bytes.subarray(at, at + size));
    if (item === null && size >= 0) return null;
    items.push(item);
    at += Math.max(0, size);
  }
  return at === bytes.length ? formatArray(items) : null;
}

/** Most digits in base 10000 of a numeric that is read; the type's own limits are judged when the text is. */
const GROUPS_MAX = 40_000;

function numericFromBinary(view: DataView): string | null {
  if (view.byteLength < 8) return null;
  const count = view.getInt16(0);
  const weight = view.getInt16(2);
  const sign = view.getUint16(4);
  const scale = view.getInt16(6);
  if (sign === NAN) return 'NaN';
  if (sign === PLUS_INFINITY) return 'Infinity';
  if (sign === MINUS_INFINITY) return '-Infinity';
  if ((sign !== POSITIVE && sign !== NEGATIVE) || count < 0 || count > GROUPS_MAX || scale < 0) return null;
  if (view.byteLength !== 8 + 2 * count) return null;
  const groups = Array.from({ length: count }, (_, i) => view.getInt16(8 + 2 * i));
  if (groups.some((group) => group < 0 || group > 9999)) return null;
  const groupAt = (place: number): string => String(groups[weight - place] ?? 0).padStart(4, '0');
  let whole = '';
  for (let place = Math.max(0, weight); place >= 0; place--) whole += groupAt(place);
  let fraction = '';
  for (let place = -1; fraction.length < scale; place--) fraction += groupAt(place);
  const digits = whole.replace(/^0+(?=\d)/, '');
  return `${sign === NEGATIVE ? '-' : ''}${digits}${scale === 0 ? '' : `.${fraction.slice(0, scale)}`}`;
}
