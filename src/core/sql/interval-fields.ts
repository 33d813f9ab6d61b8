// extract, date_part and date_trunc over intervals and times.

import type { IntervalValue, Numeric, TimeValue, Value } from './access.ts';
import { asciiLower } from './ascii.ts';
import {
  CLOCK_LENGTHS,
  ofInfinity,
  truncationOf,
  unitNotSupported,
  unitOf,
  whole,
} from './datetime-fields.ts';
import { DAYS_OF_MONTH, infinityOf, MONTHS_OF_YEAR, makeInterval } from './interval.ts';
import { toFloat } from './numeric.ts';

const DAY_SECONDS = 86_400;
const YEAR_SECONDS = 365.25 * DAY_SECONDS;

/** Units of which an infinite interval has an infinite value. */
const UNBOUNDED = new Set(['hour', 'day', 'year', 'decade', 'century', 'millennium', 'epoch']);

/** A field of the time; null when the unit is of another kind. */
function clockField(unit: string, micros: bigint): Numeric | null {
  const ofMinute = micros % 60_000_000n;
  switch (unit) {
    case 'hour':
      return { digits: micros / 3_600_000_000n, scale: 0 };
    case 'minute':
      return { digits: (micros / 60_000_000n) % 60n, scale: 0 };
    case 'second':
      return { digits: ofMinute, scale: 6 };
    case 'milliseconds':
      return { digits: ofMinute, scale: 3 };
    case 'microseconds':
      return { digits: ofMinute, scale: 0 };
    default:
      return null;
  }
}

function monthField(unit: string, months: number): number | null {
  const years = Math.trunc(months / MONTHS_OF_YEAR);
  switch (unit) {
    case 'month':
      return months % MONTHS_OF_YEAR;
    case 'quarter':
      return months >= 0
        ? Math.trunc((months % MONTHS_OF_YEAR) / 3) + 1
        : -(Math.trunc((-months % MONTHS_OF_YEAR) / 3) + 1);
    case 'year':
      return years;
    case 'decade':
      return Math.trunc(years / 10);
    case 'century':
      return Math.trunc(years / 100);
    case 'millennium':
      return Math.trunc(years / 1000);
    default:
      return null;
  }
}

/** Quarters of a second: a year has 365.25 days. */
function epochOf({ months, days, micros }: IntervalValue): Numeric {
  const years = BigInt(Math.trunc(months / MONTHS_OF_YEAR));
  const rest = BigInt(months % MONTHS_OF_YEAR);
  const quarterDays = 1461n * years + 4n * (rest * BigInt(DAYS_OF_MONTH) + BigInt(days));
  return { digits: quarterDays * BigInt(DAY_SECONDS / 4) * 1_000_000n + micros, scale: 6 };
}

export function extractFromInterval(word: string, value: IntervalValue): Value {
  const unit = unitOf(word, 'interval');
  const sign = infinityOf(value);
  const { months, days, micros } = value;
  const field =
    unit === 'epoch'
      ? epochOf(value)
      : unit === 'day'
        ? whole(days)
        : unit === 'week'
          ? whole(Math.trunc(days / 7))
          : (clockField(unit, micros) ?? monthField(unit, months));
  if (field === null) return unitNotSupported(asciiLower(word), 'interval');
  if (sign !== 0) return ofInfinity(unit, sign > 0, UNBOUNDED);
  return typeof field === 'number' ? whole(field) : field;
}

/** date_part: a double, whose epoch is summed up as PostgreSQL sums it. */
export function intervalPart(word: string, value: IntervalValue): Value {
  const field = extractFromInterval(word, value);
  if (field === null) return null;
  if (unitOf(word, 'interval') !== 'epoch' || infinityOf(value) !== 0) return toFloat(field as Numeric);
  const { months, days, micros } = value;
  const ofYears = Number(micros) / 1e6 + YEAR_SECONDS * Math.trunc(months / MONTHS_OF_YEAR);
  return ofYears + DAYS_OF_MONTH * DAY_SECONDS * (months % MONTHS_OF_YEAR) + DAY_SECONDS * days;
}

export function extractFromTime(word: string, { micros }: TimeValue): Value {
  const unit = unitOf(word, 'time');
  if (unit === 'epoch') return { digits: micros, scale: 6 };
  return clockField(unit, micros) ?? unitNotSupported(asciiLower(word), 'time');
}

export const timePart = (word: string, value: TimeValue): Value =>
  toFloat(extractFromTime(word, value) as Numeric);

/** Units above a day, in months. */
const MONTH_LENGTHS: ReadonlyMap<string, number> = new Map([
  ['month', 1],
  ['quarter', 3],
  ['year', 12],
  ['decade', 120],
  ['century', 1200],
  ['millennium', 12_000],
]);

export function truncateInterval(word: string, value: IntervalValue): IntervalValue {
  const unit = truncationOf(word, 'interval');
  const { months, days, micros } = value;
  const ofClock = CLOCK_LENGTHS.get(unit);
  const ofMonths = MONTH_LENGTHS.get(unit);
  if (ofClock === undefined && ofMonths === undefined && unit !== 'day')
    unitNotSupported(asciiLower(word), 'interval');
  if (infinityOf(value) !== 0) return value;
  if (ofClock !== undefined) return makeInterval(months, days, micros - (micros % BigInt(ofClock)));
  return ofMonths === undefined
    ? makeInterval(months, days, 0n)
    : makeInterval(months - (months % ofMonths), 0, 0n);
}
