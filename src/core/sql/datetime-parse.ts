// Reads the text forms of date, timestamp and timestamptz: ISO 8601 as PostgreSQL writes it, with or without a time and a
// zone in hours and minutes, `infinity` and `epoch`. Other forms that PostgreSQL reads (names of months, other orders,
// names of zones, words like `now`) are 0A000.

import type { Value } from './access.ts';
import { asciiLower } from './ascii.ts';
import {
  checkedDate,
  checkedTimestamp,
  daysInMonth,
  daysOf,
  microsOf,
  TIMESTAMP_INFINITY,
  TIMESTAMP_MINUS_INFINITY,
  UNIX_EPOCH_MICROS,
} from './datetime.ts';
import { fail, unsupported } from './failure.ts';
import { parseInterval } from './interval-form.ts';
import { roundHalfEven } from './round.ts';

type DateTimeType = 'date' | 'timestamp' | 'timestamptz';

const NAMES: Readonly<Record<DateTimeType, string>> = {
  date: 'date',
  timestamp: 'timestamp',
  timestamptz: 'timestamp with time zone',
};

const ISO =
  /^(?:(\d{4,7})-(\d{1,2})-(\d{1,2})|(\d{4})(\d\d)(\d\d))(?:(?:[T\s]\s*)(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d*))?)?\s*(Z|UTC|GMT|[+-]\d{1,2}(?::?\d\d)?)?)?(\s+(?:BC|AD))?$/i;
/** What PostgreSQL may read in another order, by names or as a moment of the present. */
const OTHER_FORM = /\d[\s/.,-]|[a-z]+\s*\d|^(?:now|today|tomorrow|yesterday|allballs)\b/i;

export function parseDateTime(type: DateTimeType, text: string, at: number): Value {
  const trimmed = text.trim();
  const special = SPECIAL.get(asciiLower(trimmed));
  if (special !== undefined) return specialValue(type, special);
  const found = ISO.exec(trimmed);
  if (found === null) {
    if (OTHER_FORM.test(trimmed) && !isInterval(trimmed))
      unsupported(`${NAMES[type]} in another form than ISO 8601`, at);
    return fail('22007', `invalid input syntax for type ${typeName(type)}: "${text}"`, at);
  }
  const number = (i: number): number => Number(found[i] ?? 0);
  const outOfRange = (): never => fail('22008', `date/time field value out of range: "${text}"`, at);
  const isBc = asciiLower(found[12] ?? '').trim() === 'bc';
  const written = found[1] === undefined ? number(4) : number(1);
  const month = found[1] === undefined ? number(5) : number(2);
  const day = found[1] === undefined ? number(6) : number(3);
  if (written === 0 || month < 1 || month > 12 || day < 1) outOfRange();
  const year = isBc ? 1 - written : written;
  if (day > daysInMonth(year, month)) outOfRange();
  const days = daysOf({ year, month, day });
  const hour = number(7);
  const minute = number(8);
  const second = number(9);
  const fraction = roundHalfEven(
    Number(`0.${found[10] === undefined || found[10] === '' ? '0' : found[10]}`) * 1e6,
  );
  const isLate = hour > 24 || (hour === 24 && (minute > 0 || second > 0 || fraction > 0));
  if (isLate || minute > 59 || second > 60 || (second === 60 && fraction > 0)) outOfRange();
  const shift = zoneSeconds(found[11]);
  if (Math.abs(shift) >= 16 * 3600) fail('22009', `time zone displacement out of range: "${text}"`, at);
  if (type === 'date') return checkedDate(days, at, text);
  const ofDay =
    ((hour * 60 + minute) * 60 + second - (type === 'timestamptz' ? shift : 0)) * 1_000_000 + fraction;
  return checkedTimestamp(type, microsOf({ days, micros: ofDay }), at, text);
}

/** Mostly what was meant to be added. */
function isInterval(text: string): boolean {
  try {
    parseInterval(text);
    return true;
  } catch {
    return false;
  }
}

const typeName = (type: DateTimeType): string => (type === 'timestamp' ? 'timestamp' : NAMES[type]);

const SPECIAL: ReadonlyMap<string, 'infinity' | '-infinity' | 'epoch'> = new Map([
  ['infinity', 'infinity'],
  ['-infinity', '-infinity'],
  ['epoch', 'epoch'],
]);

function specialValue(type: DateTimeType, special: 'infinity' | '-infinity' | 'epoch'): Value {
  if (type === 'date') {
    if (special === 'epoch') return { kind: 'date', days: -10_957 };
    return {
      kind: 'date',
      days: special === 'infinity' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
    };
  }
  if (special === 'epoch') return { kind: type, micros: -UNIX_EPOCH_MICROS };
  return { kind: type, micros: special === 'infinity' ? TIMESTAMP_INFINITY : TIMESTAMP_MINUS_INFINITY };
}

/** East of Greenwich. */
function zoneSeconds(zone: string | undefined): number {
  const found = /^([+-])(\d{1,2}):?(\d\d)?$/.exec(zone ?? '');
  if (found === null) return 0;
  const seconds = (Number(found[2]) * 60 + Number(found[3] ?? 0)) * 60;
  return found[1] === '-' ? -seconds : seconds;
}
