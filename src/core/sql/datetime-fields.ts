// extract, date_part and date_trunc over dates and timestamps, as PostgreSQL computes them: weeks are ISO 8601's, and there is
// no year 0.

import type { DateValue, Numeric, Timestamp, Value } from './access.ts';
import { asciiLower } from './ascii.ts';
import {
  type Civil,
  civilOf,
  daysOf,
  instantOf,
  isFiniteMicros,
  microsOf,
  UNIX_EPOCH_MICROS,
} from './datetime.ts';
import { fail, unsupported } from './failure.ts';
import { INFINITY, MINUS_INFINITY, numericOf, toFloat } from './numeric.ts';
import { unitNamed } from './time-units.ts';
import { typeName } from './types.ts';

/** Fields that are no units of an interval. */
const FIELDS = new Set([
  'dow',
  'isodow',
  'doy',
  'isoyear',
  'epoch',
  'julian',
  'timezone',
  'timezone_hour',
  'timezone_minute',
]);

type Kind = 'date' | 'time' | 'interval' | Timestamp['kind'];

/** `written`: what a refusal names. */
export function unitOf(word: string, kind: Kind, written = word): string {
  const lower = asciiLower(word);
  if (FIELDS.has(lower)) return lower;
  return (
    unitNamed(lower) ??
    fail('22023', `unit "${asciiLower(written)}" not recognized for type ${typeName(kind)}`)
  );
}

export const unitNotSupported = (unit: string, kind: Kind): never =>
  fail('0A000', `unit "${unit}" not supported for type ${typeName(kind)}`);

/** The century's or millennium's number, as PostgreSQL counts: the first begins with the year 1. */
const spanOf = (year: number, length: number): number =>
  year > 0 ? Math.floor((year + length - 1) / length) : -Math.floor((length - 1 - (year - 1)) / length);

const yearNumber = (year: number): number => (year > 0 ? year : year - 1);

/** Monday is 1. 2000-01-01 was a Saturday. */
export const isoDay = (days: number): number => ((((days + 5) % 7) + 7) % 7) + 1;

/** The ISO year that a day is in, and the day on which its first week begins. */
export function isoYear(days: number, year: number): { readonly year: number; readonly start: number } {
  const startOf = (of: number): number => {
    const fourth = daysOf({ year: of, month: 1, day: 4 });
    return fourth - (isoDay(fourth) - 1);
  };
  for (const candidate of [year + 1, year])
    if (days >= startOf(candidate)) return { year: candidate, start: startOf(candidate) };
  return { year: year - 1, start: startOf(year - 1) };
}

/** A field of the calendar; null when the unit is of another kind. */
function calendarField(unit: string, days: number, { year, month, day }: Civil): number | null {
  switch (unit) {
    case 'day':
      return day;
    case 'month':
      return month;
    case 'quarter':
      return Math.floor((month - 1) / 3) + 1;
    case 'year':
      return yearNumber(year);
    case 'decade':
      return Math.floor(year / 10);
    case 'century':
      return spanOf(year, 100);
    case 'millennium':
      return spanOf(year, 1000);
    case 'dow':
      return isoDay(days) % 7;
    case 'isodow':
      return isoDay(days);
    case 'doy':
      return days - daysOf({ year, month: 1, day: 1 }) + 1;
    case 'week':
      return Math.floor((days - isoYear(days, year).start) / 7) + 1;
    case 'isoyear':
      return yearNumber(isoYear(days, year).year);
    default:
      return null;
  }
}

/** Units of which an infinite moment has an infinite value; of the others it has none. */
const UNBOUNDED = new Set(['year', 'decade', 'century', 'millennium', 'isoyear', 'epoch', 'julian']);

export const ofInfinity = (unit: string, isPositive: boolean, unbounded = UNBOUNDED): Value =>
  unbounded.has(unit) ? (isPositive ? INFINITY : MINUS_INFINITY) : null;

export const whole = (n: number): Numeric => numericOf(BigInt(n));

/** Days from the beginning of Julian days to 2000-01-01. */
const JULIAN = 2_451_545;

export function extractFromDate(word: string, { days }: DateValue): Value {
  const unit = unitOf(word, 'date');
  if (CLOCK.has(unit) || unit.startsWith('timezone')) unitNotSupported(asciiLower(word), 'date');
  if (!Number.isFinite(days)) return ofInfinity(unit, days > 0);
  if (unit === 'epoch') return whole((days + 10_957) * 86_400);
  if (unit === 'julian') return whole(days + JULIAN);
  const field = calendarField(unit, days, civilOf(days));
  return field === null ? unitNotSupported(asciiLower(word), 'date') : whole(field);
}

const CLOCK = new Set(['hour', 'minute', 'second', 'milliseconds', 'microseconds']);

export function extractFromTimestamp(word: string, { kind, micros }: Timestamp): Value {
  const unit = unitOf(word, kind);
  if (unit.startsWith('timezone'))
    return kind === 'timestamptz' ? whole(0) : unitNotSupported(asciiLower(word), kind);
  if (!isFiniteMicros(micros)) return ofInfinity(unit, micros > 0n);
  const { days, micros: ofDay } = instantOf(micros);
  const ofMinute = ofDay % 60_000_000;
  switch (unit) {
    case 'epoch':
      return { digits: micros + UNIX_EPOCH_MICROS, scale: 6 };
    case 'julian':
      return unsupported('extract(julian from a timestamp)');
    case 'hour':
      return whole(Math.floor(ofDay / 3_600_000_000));
    case 'minute':
      return whole(Math.floor(ofDay / 60_000_000) % 60);
    case 'second':
      return { digits: BigInt(ofMinute), scale: 6 };
    case 'milliseconds':
      return { digits: BigInt(ofMinute), scale: 3 };
    case 'microseconds':
      return whole(ofMinute);
    default: {
      const field = calendarField(unit, days, civilOf(days));
      return field === null ? unitNotSupported(asciiLower(word), kind) : whole(field);
    }
  }
}

/** date_part: the same as a double. */
export function datePart(word: string, value: Timestamp): Value {
  const field = extractFromTimestamp(word, value);
  return field === null ? null : toFloat(field as Numeric);
}

export function truncateTimestamp(word: string, { kind, micros }: Timestamp): Timestamp {
  const unit = truncationOf(word, kind);
  const at = (days: number, ofDay = 0): Timestamp => ({ kind, micros: microsOf({ days, micros: ofDay }) });
  const length = CLOCK_LENGTHS.get(unit);
  if (length === undefined && !CALENDAR_UNITS.has(unit)) unitNotSupported(asciiLower(word), kind);
  if (!isFiniteMicros(micros)) return { kind, micros };
  const { days, micros: ofDay } = instantOf(micros);
  if (length !== undefined) return at(days, ofDay - (ofDay % length));
  const { year, month } = civilOf(days);
  switch (unit) {
    case 'day':
      return at(days);
    case 'week':
      return at(days - (isoDay(days) - 1));
    case 'month':
      return at(daysOf({ year, month, day: 1 }));
    case 'quarter':
      return at(daysOf({ year, month: month - ((month - 1) % 3), day: 1 }));
    default:
      return at(daysOf({ year: firstYear(unit, year), month: 1, day: 1 }));
  }
}

/** The unit to which something is truncated; 22023 for a field that nothing is. */
export const truncationOf = (word: string, kind: Kind): string =>
  unitOf(RESERVED.has(asciiLower(word)) ? '' : word, kind, word);

/** Fields to which nothing is truncated. */
const RESERVED = new Set(['dow', 'isodow', 'doy', 'epoch', 'julian', 'isoyear']);
export const CLOCK_LENGTHS: ReadonlyMap<string, number> = new Map([
  ['hour', 3_600_000_000],
  ['minute', 60_000_000],
  ['second', 1_000_000],
  ['milliseconds', 1000],
  ['microseconds', 1],
]);
const CALENDAR_UNITS = new Set([
  'day',
  'week',
  'month',
  'quarter',
  'year',
  'decade',
  'century',
  'millennium',
]);

function firstYear(unit: string, year: number): number {
  switch (unit) {
    case 'decade':
      return year > 0 ? Math.floor(year / 10) * 10 : -Math.floor((8 - (year - 1)) / 10) * 10;
    case 'century':
      return year > 0
        ? Math.floor((year + 99) / 100) * 100 - 99
        : -Math.floor((99 - (year - 1)) / 100) * 100 + 1;
    case 'millennium':
      return year > 0
        ? Math.floor((year + 999) / 1000) * 1000 - 999
        : -Math.floor((999 - (year - 1)) / 1000) * 1000 + 1;
    default:
      return year;
  }
}
