// What a type of times declares beside its name: how many digits of a second it keeps, and an interval which fields.

import type { IntervalValue } from './access.ts';
import { asciiLower, asciiUpper } from './ascii.ts';
import { HOUR_MICROS, infinityOf, MINUTE_MICROS, MONTHS_OF_YEAR, makeInterval } from './interval.ts';

export type IntervalField = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

/** From the coarsest to the finest; none: all of them. */
export type IntervalFields = readonly IntervalField[];

/** Bits of PostgreSQL's typmod, above the digits of a second. */
const BITS: readonly (readonly [IntervalField, number])[] = [
  ['year', 1 << 2],
  ['month', 1 << 1],
  ['day', 1 << 3],
  ['hour', 1 << 10],
  ['minute', 1 << 11],
  ['second', 1 << 12],
];
export const ALL_FIELDS = 0x7fff;
export const ANY_PRECISION = 0xffff;

/** Digits of a second, at most. */
export const SECOND_DIGITS = 6;

export const intervalTypmod = (range: number, precision = ANY_PRECISION): number =>
  range * 0x1_0000 + precision;

export function fieldsOfTypmod(typmod: number): IntervalFields {
  const range = (typmod >>> 16) & ALL_FIELDS;
  return range === ALL_FIELDS ? [] : BITS.filter(([, bit]) => (range & bit) !== 0).map(([field]) => field);
}

export const precisionOf = (typmod = ANY_PRECISION): number =>
  Math.min(typmod & ANY_PRECISION, SECOND_DIGITS);

/** As `DAY TO SECOND`; null: the interval has all fields. */
export function rangeOf(typmod: number): string | null {
  const fields = fieldsOfTypmod(typmod);
  const [first, last] = [fields[0], fields.at(-1)];
  return first === undefined ? null : asciiUpper(first === last ? first : `${first} to ${last}`);
}

/** As `interval day to second(3)`. */
export function intervalText(typmod: number): string {
  const range = rangeOf(typmod);
  const digits = typmod & ANY_PRECISION;
  return `interval${range === null ? '' : ` ${asciiLower(range)}`}${digits === ANY_PRECISION ? '' : `(${digits})`}`;
}

/** The typmod of a type that is written so; null: it has none. */
export function typmodOfIntervalText(text: string): number | null {
  const [, first, last = first, digits] = /^interval(?: (\w+)(?: to (\w+))?)?(?:\((\d)\))?/.exec(text) ?? [];
  if (first === undefined && digits === undefined) return null;
  const places = BITS.map(([field]) => field as string);
  const [from, to] = [places.indexOf(first ?? ''), places.indexOf(last ?? '')];
  const range = BITS.reduce((sum, [, bit], i) => (i >= from && i <= to ? sum | bit : sum), 0);
  return intervalTypmod(from < 0 ? ALL_FIELDS : range, digits === undefined ? undefined : Number(digits));
}

/** To so many digits of a second; halves go away from zero. */
export function roundMicros(micros: bigint, precision: number): bigint {
  const unit = 10n ** BigInt(SECOND_DIGITS - Math.min(precision, SECOND_DIGITS));
  const magnitude = (((micros < 0n ? -micros : micros) + unit / 2n) / unit) * unit;
  return micros < 0n ? -magnitude : magnitude;
}

/** Without what is finer than the type's last field. */
export function fitInterval(value: IntervalValue, typmod: number): IntervalValue {
  if (infinityOf(value) !== 0) return value;
  const { months, days, micros } = value;
  switch (fieldsOfTypmod(typmod).at(-1)) {
    case 'year':
      return makeInterval(months - (months % MONTHS_OF_YEAR), 0, 0n);
    case 'month':
      return makeInterval(months, 0, 0n);
    case 'day':
      return makeInterval(months, days, 0n);
    case 'hour':
      return makeInterval(months, days, micros - (micros % HOUR_MICROS));
    case 'minute':
      return makeInterval(months, days, micros - (micros % MINUTE_MICROS));
    default:
      return makeInterval(months, days, roundMicros(micros, precisionOf(typmod)));
  }
}
