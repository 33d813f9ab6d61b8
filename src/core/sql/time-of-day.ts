// time, without a zone: microseconds of a day, of which 24:00:00 is the last.

import type { TimeValue } from './access.ts';
import { asciiLower } from './ascii.ts';
import { clockOf, DAY_MICROS } from './datetime.ts';
import { fail, NOWHERE, unsupported } from './failure.ts';
import { roundHalfEven } from './round.ts';

export const makeTime = (micros: bigint): TimeValue => ({ kind: 'time', micros });

const CLOCK =
  /^(?:\d{4,7}-\d{1,2}-\d{1,2}[T\s]\s*)?T?(?:(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?)?|(\d\d)(\d\d)(\d\d)(?:\.(\d*))?|(\d\d)(\d\d))\s*(am|pm)?\s*(?:Z|UTC|GMT|[+-]\d{1,2}(?::?\d\d)?)?$/i;
/** What PostgreSQL may read as a moment of the present, or with the name of a zone. */
const OTHER_FORM = /^now$|^\d+:\d.*[a-z]|\d[/.]\d/i;

export function parseTime(text: string, at = NOWHERE): TimeValue {
  const trimmed = text.trim();
  if (asciiLower(trimmed) === 'allballs') return makeTime(0n);
  const found = CLOCK.exec(trimmed);
  if (found === null) {
    if (OTHER_FORM.test(trimmed)) unsupported('a time in another form than ISO 8601', at);
    return fail('22007', `invalid input syntax for type time: "${text}"`, at);
  }
  const number = (...places: readonly number[]): number =>
    Number(places.map((i) => found[i]).find((part) => part !== undefined && part !== '') ?? 0);
  const half = asciiLower(found[11] ?? '');
  const hour = number(1, 5, 9);
  const ofDay = half === '' ? hour : (hour % 12) + (half === 'pm' ? 12 : 0);
  return checkedTime(
    half !== '' && hour > 12 ? -1 : ofDay,
    number(2, 6, 10),
    number(3, 7),
    fractionOf(found[4] ?? found[8]),
    text,
    at,
  );
}

const fractionOf = (digits: string | undefined): number =>
  roundHalfEven(Number(`0.${digits === undefined || digits === '' ? '0' : digits}`) * 1e6);

function checkedTime(
  hour: number,
  minute: number,
  second: number,
  fraction: number,
  text: string,
  at: number,
): TimeValue {
  const isLate = hour > 24 || (hour === 24 && (minute > 0 || second > 0 || fraction > 0));
  if (hour < 0 || isLate || minute > 59 || second > 60 || (second === 60 && fraction > 0))
    fail('22008', `date/time field value out of range: "${text}"`, at);
  return makeTime(BigInt(((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction));
}

export const formatTime = ({ micros }: TimeValue): string => clockOf(micros);

/** Of a day, from its beginning on. */
export const timeOf = (micros: bigint): TimeValue =>
  makeTime(((micros % DAY_MICROS) + DAY_MICROS) % DAY_MICROS);
