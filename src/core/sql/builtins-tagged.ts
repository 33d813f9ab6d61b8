// Functions and casts of char(n), dates and timestamps, uuid and bytea.

import type { EnumType, Value } from './access.ts';
import { asciiLower } from './ascii.ts';
import { castToText, checkLength, lengthOf } from './builtins-text.ts';
import { decodeBytes, encodeBytes } from './bytes-form.ts';
import { withoutSpaces } from './compare.ts';
import { dateToMoment, momentToDate } from './datetime-casts.ts';
import { datePart, extractFromDate, extractFromTimestamp, truncateTimestamp } from './datetime-fields.ts';
import { fail } from './failure.ts';
import { matchLike } from './like.ts';
import { char, day, hex, moment, num, str } from './narrow.ts';
import { parseValue } from './text-form.ts';

/** The first `count` characters, with spaces behind them where there are fewer. */
function padded(text: string, count: number, mayCut: boolean): Value {
  const characters = [...text];
  if (characters.length > count) {
    const fits = mayCut || characters.slice(count).every((character) => character === ' ');
    if (!fits) fail('22001', `value too long for type character(${count})`);
  }
  const kept = characters.slice(0, count);
  return { kind: 'char', text: kept.join('') + ' '.repeat(count - kept.length) };
}

const shown = (value: Value): string => castToText(value);

/** LIKE sees the spaces at the end. */
const like = (a: Value, pattern: Value): boolean => matchLike(char(a), str(pattern));
const ilike = (a: Value, pattern: Value): boolean => matchLike(asciiLower(char(a)), asciiLower(str(pattern)));

const utf8 = new TextEncoder();

export const TAGGED_BUILTINS = {
  /** Of any type but boolean and char(n). */
  toText: (a: Value): Value => shown(a),
  textToInt2: (a: Value): Value => parseValue('int2', str(a)),
  textToFloat4: (a: Value): Value => parseValue('float4', str(a)),
  textToDate: (a: Value): Value => parseValue('date', str(a)),
  textToTimestamp: (a: Value): Value => parseValue('timestamp', str(a)),
  textToTimestamptz: (a: Value): Value => parseValue('timestamptz', str(a)),
  textToUuid: (a: Value): Value => parseValue('uuid', str(a)),
  textToBytea: (a: Value): Value => parseValue('bytea', str(a)),
  textToEnum: (a: Value, type: Value): Value => parseValue(str(type) as EnumType, str(a)),
  textToChar: (a: Value): Value => ({ kind: 'char', text: str(a) }),
  charToText: (a: Value): Value => withoutSpaces(char(a)),
  charFit: (a: Value, count: Value): Value => padded(char(a), num(count), false),
  charCut: (a: Value, count: Value): Value => padded(char(a), num(count), true),
  charOctetLength: (a: Value): Value => utf8.encode(char(a)).length,
  charLength: (a: Value): Value => lengthOf(withoutSpaces(char(a))),
  charLike: (a: Value, pattern: Value): Value => like(a, pattern),
  charNotLike: (a: Value, pattern: Value): Value => !like(a, pattern),
  charILike: (a: Value, pattern: Value): Value => ilike(a, pattern),
  charNotILike: (a: Value, pattern: Value): Value => !ilike(a, pattern),
  dateToTimestamp: (a: Value): Value => dateToMoment(a, 'timestamp'),
  dateToTimestamptz: (a: Value): Value => dateToMoment(a, 'timestamptz'),
  timestampToTimestamptz: (a: Value): Value => ({ kind: 'timestamptz', micros: moment(a).micros }),
  timestamptzToTimestamp: (a: Value): Value => ({ kind: 'timestamp', micros: moment(a).micros }),
  timestampToDate: momentToDate,
  extractDate: (unit: Value, a: Value): Value => extractFromDate(str(unit), day(a)),
  extractTimestamp: (unit: Value, a: Value): Value => extractFromTimestamp(str(unit), moment(a)),
  datePart: (unit: Value, a: Value): Value => datePart(str(unit), moment(a)),
  dateTrunc: (unit: Value, a: Value): Value => truncateTimestamp(str(unit), moment(a)),
  byteaLength: (a: Value): Value => hex(a).length >>> 1,
  byteaConcat: (a: Value, b: Value): Value => ({ kind: 'bytea', hex: checkLength(hex(a) + hex(b)) }),
  byteaEncode: (a: Value, format: Value): Value => checkLength(encodeBytes(hex(a), str(format))),
  byteaDecode: (a: Value, format: Value): Value => ({ kind: 'bytea', hex: decodeBytes(str(a), str(format)) }),
};
