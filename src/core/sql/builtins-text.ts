// Text functions. A character is a code point, as in PostgreSQL with UTF-8; upper and lower know ASCII only, which is
// what collation C does. Results longer than TEXT_LENGTH_MAX are refused (54000).

import type { Value } from './access.ts';
import { asciiLower, asciiUpper } from './ascii.ts';
import { fail } from './failure.ts';
import { matchLike } from './like.ts';
import { TEXT_LENGTH_MAX } from './limits.ts';
import { bool, num, str } from './narrow.ts';
import { cutName, formatValue, parseValue } from './text-form.ts';

const SURROGATE = /[\ud800-\udfff]/;

/** Characters; the text itself when each is one UTF-16 unit. */
const charactersOf = (text: string): string | readonly string[] => (SURROGATE.test(text) ? [...text] : text);

const joined = (part: string | readonly string[]): string =>
  typeof part === 'string' ? part : part.join('');

export const lengthOf = (text: string): number => charactersOf(text).length;

/** A value as text inside another text: booleans are `true` and `false` there. */
export const castToText = (value: Value): string =>
  typeof value === 'boolean' ? (value ? 'true' : 'false') : (formatValue(value) ?? '');

export function checkLength(text: string): string {
  if (text.length > TEXT_LENGTH_MAX) fail('54000', 'requested length too large');
  return text;
}

function substring(text: string, from: number, count: number | null): string {
  if (count !== null && count < 0) fail('22011', 'negative substring length not allowed');
  const end = count === null ? Number.MAX_SAFE_INTEGER : from + count;
  return joined(charactersOf(text).slice(Math.max(0, from - 1), Math.max(0, end - 1)));
}

function left(text: string, count: number): string {
  const characters = charactersOf(text);
  return joined(characters.slice(0, count >= 0 ? count : Math.max(0, characters.length + count)));
}

/** For storing as varchar(n): only spaces may be cut off. */
function fitVarchar(text: string, most: number): string {
  const characters = charactersOf(text);
  if (characters.length <= most) return text;
  const rest = characters.slice(most);
  for (const character of rest)
    if (character !== ' ') fail('22001', `value too long for type character varying(${most})`);
  return joined(characters.slice(0, most));
}

function right(text: string, count: number): string {
  const characters = charactersOf(text);
  return joined(characters.slice(count >= 0 ? Math.max(0, characters.length - count) : -count));
}

function position(text: string, part: string): number {
  const unit = text.indexOf(part);
  return unit < 0 ? 0 : lengthOf(text.slice(0, unit)) + 1;
}

function trim(text: string, set: string, atStart: boolean, atEnd: boolean): string {
  const characters = [...text];
  const removed = new Set(set);
  let first = 0;
  let last = characters.length;
  if (atStart) while (first < last && removed.has(characters[first] ?? '')) first += 1;
  if (atEnd) while (last > first && removed.has(characters[last - 1] ?? '')) last -= 1;
  return characters.slice(first, last).join('');
}

function repeat(text: string, count: number): string {
  if (count <= 0 || text === '') return '';
  if (text.length * count > TEXT_LENGTH_MAX) fail('54000', 'requested length too large');
  return text.repeat(count);
}

function replace(text: string, from: string, to: string): string {
  if (from === '' || !text.includes(from)) return text;
  const parts = text.split(from);
  if (text.length + parts.length * to.length > 2 * TEXT_LENGTH_MAX)
    fail('54000', 'requested length too large');
  return checkLength(parts.join(to));
}

function pad(text: string, length: number, fill: string, atStart: boolean): string {
  if (length > TEXT_LENGTH_MAX) fail('54000', 'requested length too large');
  const characters = [...text];
  if (length <= characters.length) return characters.slice(0, Math.max(0, length)).join('');
  const filler = [...fill];
  if (filler.length === 0) return text;
  let padding = '';
  for (let i = 0; i < length - characters.length; i++) padding += filler[i % filler.length];
  return atStart ? padding + text : text + padding;
}

function splitPart(text: string, separator: string, field: number): string {
  if (field === 0) fail('22023', 'field position must not be zero');
  const parts = separator === '' ? [text] : text.split(separator);
  return (text === '' ? undefined : field > 0 ? parts[field - 1] : parts[parts.length + field]) ?? '';
}

function character(code: number): string {
  if (code === 0) fail('54000', 'null character not permitted');
  if (code < 0) fail('54000', 'character number must be positive');
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
    fail('54000', `requested character not valid for encoding: ${code}`);
  return String.fromCodePoint(code);
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const c of text) {
    const code = c.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** LIKE … ESCAPE 'c': the pattern with `\` as its escape. */
function likeEscape(pattern: string, escapeText: string): string {
  const characters = [...escapeText];
  if (characters.length > 1) fail('22025', 'invalid escape string');
  const chosen = characters[0];
  if (chosen === '\\') return pattern;
  let out = '';
  let escaped = false;
  for (const c of pattern) {
    if (c === chosen && !escaped) {
      out += '\\';
      escaped = true;
    } else {
      out += c === '\\' && !escaped ? '\\\\' : c;
      escaped = false;
    }
  }
  return out;
}

export const TEXT_BUILTINS = {
  textToVarchar: (a: Value): Value => a,
  varcharToText: (a: Value): Value => a,
  varcharFit: (a: Value, most: Value): Value => fitVarchar(str(a), num(most)),
  varcharCut: (a: Value, most: Value): Value => left(str(a), num(most)),
  textConcat: (a: Value, b: Value): Value => checkLength(str(a) + str(b)),
  textLength: (a: Value): Value => lengthOf(str(a)),
  textOctetLength: (a: Value): Value => utf8Length(str(a)),
  textUpper: (a: Value): Value => asciiUpper(str(a)),
  textLower: (a: Value): Value => asciiLower(str(a)),
  textSubstringFrom: (a: Value, from: Value): Value => substring(str(a), num(from), null),
  textSubstring: (a: Value, from: Value, count: Value): Value => substring(str(a), num(from), num(count)),
  textLeft: (a: Value, n: Value): Value => left(str(a), num(n)),
  textRight: (a: Value, n: Value): Value => right(str(a), num(n)),
  textPosition: (a: Value, part: Value): Value => position(str(a), str(part)),
  textTrim: (a: Value): Value => trim(str(a), ' ', true, true),
  textTrimStart: (a: Value): Value => trim(str(a), ' ', true, false),
  textTrimEnd: (a: Value): Value => trim(str(a), ' ', false, true),
  textTrimSet: (a: Value, set: Value): Value => trim(str(a), str(set), true, true),
  textTrimStartSet: (a: Value, set: Value): Value => trim(str(a), str(set), true, false),
  textTrimEndSet: (a: Value, set: Value): Value => trim(str(a), str(set), false, true),
  textReplace: (a: Value, from: Value, to: Value): Value => replace(str(a), str(from), str(to)),
  textRepeat: (a: Value, n: Value): Value => repeat(str(a), num(n)),
  textReverse: (a: Value): Value => [...str(a)].reverse().join(''),
  textPadStart: (a: Value, n: Value, fill: Value): Value => pad(str(a), num(n), str(fill), true),
  textPadEnd: (a: Value, n: Value, fill: Value): Value => pad(str(a), num(n), str(fill), false),
  textSplitPart: (a: Value, separator: Value, n: Value): Value => splitPart(str(a), str(separator), num(n)),
  textStartsWith: (a: Value, start: Value): Value => str(a).startsWith(str(start)),
  textAscii: (a: Value): Value => str(a).codePointAt(0) ?? 0,
  textFromCode: (n: Value): Value => character(num(n)),
  textLike: (a: Value, pattern: Value): Value => matchLike(str(a), str(pattern)),
  textNotLike: (a: Value, pattern: Value): Value => !matchLike(str(a), str(pattern)),
  textILike: (a: Value, pattern: Value): Value => matchLike(asciiLower(str(a)), asciiLower(str(pattern))),
  textNotILike: (a: Value, pattern: Value): Value => !matchLike(asciiLower(str(a)), asciiLower(str(pattern))),
  likeEscape: (pattern: Value, character: Value): Value => likeEscape(str(pattern), str(character)),
  int4ToText: (a: Value): Value => castToText(num(a)),
  int8ToText: (a: Value): Value => castToText(a),
  float8ToText: (a: Value): Value => castToText(num(a)),
  numericToText: (a: Value): Value => castToText(a),
  boolToText: (a: Value): Value => castToText(bool(a)),
  textToInt4: (a: Value): Value => parseValue('int4', str(a)),
  textToInt8: (a: Value): Value => parseValue('int8', str(a)),
  textToFloat8: (a: Value): Value => parseValue('float8', str(a)),
  textToNumeric: (a: Value): Value => parseValue('numeric', str(a)),
  textToName: (a: Value): Value => cutName(str(a)),
  textToBool: (a: Value): Value => parseValue('bool', str(a)),
};

/** Functions that take nulls and any number of arguments. */
export const VARIADIC_BUILTINS = {
  concat: (values: readonly Value[]): Value => {
    let out = '';
    for (const value of values) out = checkLength(out + (formatValue(value) ?? ''));
    return out;
  },
  concatWs: (values: readonly Value[]): Value => {
    const [separator = null, ...rest] = values;
    if (separator === null) return null;
    const parts = rest.filter((value) => value !== null).map((value) => formatValue(value) ?? '');
    return checkLength(parts.join(str(separator)));
  },
};
