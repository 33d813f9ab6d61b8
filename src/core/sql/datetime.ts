// date, timestamp and timestamptz: the proleptic Gregorian calendar by day numbers from 2000-01-01, and PostgreSQL's text
// forms in style ISO. The session's time zone is UTC.

import type { DateValue, Timestamp } from './access.ts';
import { fail, NOWHERE } from './failure.ts';

/** 4713-11-24 BC, where Julian days begin, and one after the last day: 5874898-01-01. */
const DATE_MIN = -2_451_545;
const DATE_END = 2_145_031_949;
/** 4713-11-24 BC and 294277-01-01. */
const TIMESTAMP_MIN = -211_813_488_000_000_000n;
const TIMESTAMP_END = 9_223_371_331_200_000_000n;

export const TIMESTAMP_INFINITY = 9_223_372_036_854_775_807n;
export const TIMESTAMP_MINUS_INFINITY = -9_223_372_036_854_775_808n;

export const DAY_MICROS = 86_400_000_000n;
/** Microseconds of 1970-01-01 before 2000-01-01. */
export const UNIX_EPOCH_MICROS = 946_684_800_000_000n;

/** What the clock shows at virtual time 0: 2026-01-01 00:00:00 UTC. */
export const WORLD_EPOCH_MICROS = 820_540_800_000_000n;

export interface Civil {
  /** Astronomical: 0 is 1 BC. */
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Days from 0000-03-01 to 2000-01-01. */
const ERA_SHIFT = 730_425;
const ERA_DAYS = 146_097;

export function daysOf({ year, month, day }: Civil): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * ERA_DAYS + dayOfEra - ERA_SHIFT;
}

export function civilOf(days: number): Civil {
  const z = days + ERA_SHIFT;
  const era = Math.floor(z / ERA_DAYS);
  const dayOfEra = z - era * ERA_DAYS;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted + (shifted < 10 ? 3 : -9);
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1 };
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
export const daysInMonth = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

interface Instant {
  /** Of the calendar, since 2000-01-01. */
  readonly days: number;
  /** Of the day. */
  readonly micros: number;
}

export const isFiniteMicros = (micros: bigint): boolean =>
  micros !== TIMESTAMP_INFINITY && micros !== TIMESTAMP_MINUS_INFINITY;

export function instantOf(micros: bigint): Instant {
  const rest = ((micros % DAY_MICROS) + DAY_MICROS) % DAY_MICROS;
  return { days: Number((micros - rest) / DAY_MICROS), micros: Number(rest) };
}

export const microsOf = ({ days, micros }: Instant): bigint => BigInt(days) * DAY_MICROS + BigInt(micros);

/** The date, or 22008. */
export function checkedDate(days: number, at = NOWHERE, text: string | null = null): DateValue {
  if (Number.isFinite(days) && !(days >= DATE_MIN && days < DATE_END))
    fail('22008', `date out of range${text === null ? '' : `: "${text}"`}`, at);
  return { kind: 'date', days };
}

/** The timestamp, or 22008. */
export function checkedTimestamp(
  kind: Timestamp['kind'],
  micros: bigint,
  at = NOWHERE,
  text: string | null = null,
): Timestamp {
  if (isFiniteMicros(micros) && !(micros >= TIMESTAMP_MIN && micros < TIMESTAMP_END))
    fail('22008', `timestamp out of range${text === null ? '' : `: "${text}"`}`, at);
  return { kind, micros };
}

const two = (n: number): string => (n < 10 ? `0${n}` : String(n));

const dateText = ({ year, month, day }: Civil): string =>
  `${String(year > 0 ? year : 1 - year).padStart(4, '0')}-${two(month)}-${two(day)}`;

export function formatDate({ days }: DateValue): string {
  if (!Number.isFinite(days)) return days > 0 ? 'infinity' : '-infinity';
  const civil = civilOf(days);
  return civil.year > 0 ? dateText(civil) : `${dateText(civil)} BC`;
}

/** Microseconds as `.5` or `.000001`, or nothing. */
const fractionText = (micros: number): string =>
  micros === 0 ? '' : `.${String(micros).padStart(6, '0').replace(/0+$/, '')}`;

/** Hours, minutes and seconds; more than a day has more hours. */
function clockText(seconds: number, micros: number): string {
  const hours = String(Math.floor(seconds / 3600)).padStart(2, '0');
  return `${hours}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${fractionText(micros)}`;
}

/** Of so many microseconds, which are not negative. */
export const clockOf = (micros: bigint): string =>
  clockText(Number(micros / 1_000_000n), Number(micros % 1_000_000n));

export function formatTimestamp({ kind, micros }: Timestamp): string {
  if (!isFiniteMicros(micros)) return micros > 0n ? 'infinity' : '-infinity';
  const { days, micros: ofDay } = instantOf(micros);
  const civil = civilOf(days);
  const zone = kind === 'timestamptz' ? '+00' : '';
  const era = civil.year > 0 ? '' : ' BC';
  return `${dateText(civil)} ${clockText(Math.floor(ofDay / 1_000_000), ofDay % 1_000_000)}${zone}${era}`;
}
