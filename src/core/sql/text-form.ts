// Values to and from PostgreSQL's text forms (int4in, int8in, boolin, float8in, numeric_in and their output functions).
// float8 is printed as PostgreSQL does: the shortest digits that lie strictly inside the rounding interval.

import type { ColumnType, Numeric, Tagged, Value } from './access.ts';
import { formatArray, parseArray } from './array-form.ts';
import { asciiLower } from './ascii.ts';
import { placeDigits } from './digits.ts';
import { isEnum, parseEnum } from './enum-type.ts';
import { fail, NOWHERE } from './failure.ts';
import { INT2_MAX, INT2_MIN, INT4_MAX, INT4_MIN, INT8_MAX, INT8_MIN } from './integer-limits.ts';
import { NAME_BYTES_MAX } from './limits.ts';
import { formatNumeric, fromFloat, parseDecimal } from './numeric.ts';
import { formatReal } from './real.ts';
import { formOf } from './type-forms.ts';
import { elementOf, isArray, typeName } from './types.ts';

/** Reads a value's text form; 22P02 or 22003 with the position of the literal. */
export function parseValue(type: ColumnType, text: string, at = NOWHERE): Value {
  if (isArray(type)) {
    const element = elementOf(type);
    return { kind: 'array', element, items: parseArray(text, at, (item) => parseValue(element, item, at)) };
  }
  if (isEnum(type)) return parseEnum(type, text, at);
  switch (type) {
    case 'text':
    case 'varchar':
      if (NOT_TEXT.test(text)) fail('22021', 'invalid byte sequence for encoding "UTF8"', at);
      return text;
    case 'name':
      if (NOT_TEXT.test(text)) fail('22021', 'invalid byte sequence for encoding "UTF8"', at);
      return cutName(text);
    case 'bpchar':
      if (NOT_TEXT.test(text)) fail('22021', 'invalid byte sequence for encoding "UTF8"', at);
      return { kind: 'char', text };
    case 'int2': {
      const value = parseInteger(type, text, at);
      if (value < INT2_MIN || value > INT2_MAX) outOfRange(type, text, at);
      return Number(value);
    }
    case 'int4': {
      const value = parseInteger(type, text, at);
      if (value < INT4_MIN || value > INT4_MAX) outOfRange(type, text, at);
      return Number(value);
    }
    case 'int8': {
      const value = parseInteger(type, text, at);
      if (value < INT8_MIN || value > INT8_MAX) outOfRange(type, text, at);
      return value;
    }
    case 'bool':
      return parseBoolean(text, at);
    case 'float8':
      return parseBinary(type, text, at);
    case 'float4':
      return { kind: 'real', value: parseBinary(type, text, at) };
    case 'numeric':
      return parseNumeric(text, at);
    default:
      return formOf(type).parse(text, at);
  }
}

/** As many bytes of it as a name has, without a part of a character. */
export function cutName(text: string): string {
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > NAME_BYTES_MAX) break;
    kept += character;
  }
  return kept;
}

/** How a value is shown to a client; booleans as `t` and `f`. */
export function formatValue(value: Value): string | null {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return formatNumber(value);
    case 'bigint':
      return value.toString();
    case 'boolean':
      return value ? 't' : 'f';
    default:
      return value === null ? null : 'kind' in value ? formatTagged(value) : formatNumeric(value);
  }
}

function formatTagged(value: Tagged): string {
  switch (value.kind) {
    case 'real':
      return formatReal(value.value);
    case 'char':
    case 'enum':
      return value.text;
    case 'array':
      return formatArray(value.items.map(formatValue));
    default:
      return formOf(value.kind).format(value);
  }
}

const syntax = (type: ColumnType, text: string, at: number): never =>
  fail('22P02', `invalid input syntax for type ${typeName(type)}: "${text}"`, at);

const outOfRange = (type: ColumnType, text: string, at: number): never =>
  fail('22003', `value "${text}" is out of range for type ${typeName(type)}`, at);

/** A zero character, or half a surrogate pair: UTF-8 has no bytes for it. */
export const NOT_TEXT = /[\0\ud800-\udfff]/u;
const SPACES = /^[ \t\n\r\f\v]+|[ \t\n\r\f\v]+$/g;
const INTEGER = /^[+-]?(?:\d+(?:_\d+)*|0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+)$/;
const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** Longest integer literal that is read as one; far above any value in range. */
const INTEGER_TEXT_MAX = 200;

/** The value of up to fifteen plain digits, which nearly every integer is; −1 for any other text. */
function plainInteger(text: string): number {
  if (text.length === 0 || text.length > 15) return -1;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function parseInteger(type: 'int2' | 'int4' | 'int8', text: string, at: number): bigint {
  const plain = plainInteger(text);
  if (plain >= 0) return BigInt(plain);
  const trimmed = text.replace(SPACES, '');
  if (!isInteger(trimmed)) syntax(type, text, at);
  if (trimmed.length > INTEGER_TEXT_MAX) outOfRange(type, text, at);
  return integerOf(trimmed);
}

/** Written without a point or an exponent. */
export const isInteger = (text: string): boolean => INTEGER.test(text);

function integerOf(text: string): bigint {
  const digits = text.replaceAll('_', '');
  if (digits.startsWith('-')) return -BigInt(digits.slice(1));
  return BigInt(digits.startsWith('+') ? digits.slice(1) : digits);
}

const TRUE_WORDS = ['true', 'yes', 'on', '1'];
const FALSE_WORDS = ['false', 'no', 'off', '0'];

/** Any unambiguous beginning of the words counts, as in boolin. */
function parseBoolean(text: string, at: number): boolean {
  const word = asciiLower(text.replace(SPACES, ''));
  if (word !== '' && word !== 'o') {
    if (TRUE_WORDS.some((w) => w.startsWith(word))) return true;
    if (FALSE_WORDS.some((w) => w.startsWith(word))) return false;
  }
  return syntax('bool', text, at);
}

function parseBinary(type: 'float4' | 'float8', text: string, at: number): number {
  const trimmed = text.replace(SPACES, '');
  if (!FLOAT.test(trimmed)) return SPECIAL_NUMBERS.get(asciiLower(trimmed)) ?? syntax(type, text, at);
  const value = type === 'float4' ? Math.fround(Number(trimmed)) : Number(trimmed);
  const lost = value === 0 && /[1-9]/.test(trimmed.replace(/[eE].*/, ''));
  if (lost || !Number.isFinite(value))
    fail('22003', `"${text}" is out of range for type ${typeName(type)}`, at);
  return value;
}

const SPECIAL_NUMBERS: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
  ['+infinity', Number.POSITIVE_INFINITY],
  ['inf', Number.POSITIVE_INFINITY],
  ['+inf', Number.POSITIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
]);

/** A number as literals write it, hexadecimal, octal and binary integers too; null for any other text. */
export function parseNumber(text: string, at: number): Numeric | null {
  const decimal = parseDecimal(text, at);
  if (decimal !== null || !isInteger(text)) return decimal;
  return parseDecimal(integerOf(text).toString(), at);
}

function parseNumeric(text: string, at: number): Numeric {
  const trimmed = text.replace(SPACES, '');
  const number = parseNumber(trimmed, at);
  if (number !== null) return number;
  const special = SPECIAL_NUMBERS.get(asciiLower(trimmed));
  return special === undefined ? syntax('numeric', text, at) : fromFloat(special);
}

/** int4 and float8 alike: an integer of magnitude below 10^15 prints as its digits in both. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return Object.is(value, -0) ? '-0' : String(value);
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const { digits, exponent } = shortestDigits(Math.abs(value));
  return placeDigits(value < 0 ? '-' : '', digits, exponent, 15);
}

interface Digits {
  /** Significant digits without trailing zeros; the value is d.ddd × 10^exponent. */
  readonly digits: string;
  readonly exponent: number;
}

/** Significant decimal digits of a positive finite number. */
function shortestDigits(value: number): Digits {
  const shortest = splitDigits(value.toExponential());
  // Integers below 2^53 are printed exactly; only above can JavaScript's choice lie on the interval's very edge.
  if (value < 9007199254740992 || value > 1e45 || !isOnEdge(value, shortest)) return shortest;
  for (let precision = shortest.digits.length; precision <= 17; precision++) {
    const longer = splitDigits(value.toExponential(precision - 1));
    if (Number(`${longer.digits}e${longer.exponent - longer.digits.length + 1}`) !== value) continue;
    if (!isOnEdge(value, longer)) return longer;
  }
  return shortest;
}

function splitDigits(exponential: string): Digits {
  const [mantissa = '', exponent = '0'] = exponential.split('e');
  const digits = mantissa.replace('.', '').replace(/0+$/, '');
  return { digits: digits === '' ? '0' : digits, exponent: Number(exponent) };
}

/** PostgreSQL does not accept digits that lie halfway between two doubles, JavaScript does when the even one is meant. */
function isOnEdge(value: number, { digits, exponent }: Digits): boolean {
  const shift = exponent - digits.length + 1;
  if (shift < 0) return false;
  const exact = BigInt(value);
  const printed = BigInt(digits) * 10n ** BigInt(shift);
  const distance = printed > exact ? printed - exact : exact - printed;
  const bits = exact.toString(2).length;
  const spacing = 1n << BigInt(bits - 53);
  const isPowerOfTwo = exact === 1n << BigInt(bits - 1);
  return distance * (isPowerOfTwo && printed < exact ? 4n : 2n) === spacing;
}
