// interval: months, days and microseconds that are kept apart, with PostgreSQL's arithmetic over them. All three at their ends
// are the infinite intervals.

import type { IntervalValue, Timestamp } from './access.ts';
import { civilOf, DAY_MICROS, daysInMonth, daysOf, instantOf, microsOf } from './datetime.ts';
import { fail, NOWHERE } from './failure.ts';
import { INT4_MAX, INT4_MIN, INT8_MAX, INT8_MIN } from './integer-limits.ts';
import { roundHalfEven } from './round.ts';

export const MONTHS_OF_YEAR = 12;
export const DAYS_OF_MONTH = 30;
export const SECOND_MICROS = 1_000_000n;
export const MINUTE_MICROS = 60n * SECOND_MICROS;
export const HOUR_MICROS = 60n * MINUTE_MICROS;
const DAY_SECONDS = 86_400;

export const FOREVER: IntervalValue = {
  kind: 'interval',
  months: INT4_MAX,
  days: INT4_MAX,
  micros: INT8_MAX,
};
export const FOREVER_AGO: IntervalValue = {
  kind: 'interval',
  months: INT4_MIN,
  days: INT4_MIN,
  micros: INT8_MIN,
};

const isSame = (a: IntervalValue, b: IntervalValue): boolean =>
  a.months === b.months && a.days === b.days && a.micros === b.micros;

/** 1 and −1 for the infinite ones, else 0. */
export const infinityOf = (value: IntervalValue): -1 | 0 | 1 =>
  isSame(value, FOREVER) ? 1 : isSame(value, FOREVER_AGO) ? -1 : 0;
export const infinite = (sign: number): IntervalValue => (sign > 0 ? FOREVER : FOREVER_AGO);

export const outOfRange = (at = NOWHERE): never => fail('22008', 'interval out of range', at);

/** A finite interval, or 22008. */
export function makeInterval(months: number, days: number, micros: bigint, at = NOWHERE): IntervalValue {
  const isWithin =
    months >= INT4_MIN &&
    months <= INT4_MAX &&
    days >= INT4_MIN &&
    days <= INT4_MAX &&
    micros >= INT8_MIN &&
    micros <= INT8_MAX;
  if (!isWithin) return outOfRange(at);
  const value: IntervalValue = { kind: 'interval', months: months + 0, days: days + 0, micros };
  return infinityOf(value) === 0 ? value : outOfRange(at);
}

/** What intervals are ordered by: microseconds, where a month has 30 days and a day 24 hours. */
export const lengthOf = ({ months, days, micros }: IntervalValue): bigint =>
  micros + (BigInt(months) * BigInt(DAYS_OF_MONTH) + BigInt(days)) * DAY_MICROS;

export function negated(value: IntervalValue): IntervalValue {
  const sign = infinityOf(value);
  return sign === 0 ? makeInterval(-value.months, -value.days, -value.micros) : infinite(-sign);
}

export function sumOf(a: IntervalValue, b: IntervalValue): IntervalValue {
  const [left, right] = [infinityOf(a), infinityOf(b)];
  if (left !== 0 || right !== 0) return left + right === 0 ? outOfRange() : infinite(left + right);
  return makeInterval(a.months + b.months, a.days + b.days, a.micros + b.micros);
}

export function differenceOf(a: IntervalValue, b: IntervalValue): IntervalValue {
  const [left, right] = [infinityOf(a), infinityOf(b)];
  if (left !== 0 || right !== 0) return left === right ? outOfRange() : infinite(left - right);
  return makeInterval(a.months - b.months, a.days - b.days, a.micros - b.micros);
}

/** To whole microseconds, as PostgreSQL does where it takes seconds apart. */
const toMicros = (seconds: number): number => roundHalfEven(seconds * 1e6) / 1e6;

/** Each part by `scale`; what a month and a day leave is handed down, of which no month becomes more than a day. */
function scaled(value: IntervalValue, scale: (part: number) => number): IntervalValue {
  const months = Math.trunc(scale(value.months));
  const days = Math.trunc(scale(value.days));
  const restOfMonths = toMicros((scale(value.months) - months) * DAYS_OF_MONTH);
  const wholeDays = Math.trunc(restOfMonths);
  let seconds = toMicros((scale(value.days) - days + restOfMonths - wholeDays) * DAY_SECONDS);
  const carried = Math.abs(seconds) >= DAY_SECONDS ? Math.trunc(seconds / DAY_SECONDS) : 0;
  seconds -= carried * DAY_SECONDS;
  const micros = roundHalfEven(scale(Number(value.micros)) + seconds * 1e6);
  if (!Number.isFinite(micros) || micros >= 2 ** 63 || micros < -(2 ** 63)) return outOfRange();
  return makeInterval(months, days + carried + wholeDays, BigInt(micros));
}

export function times(value: IntervalValue, factor: number): IntervalValue {
  const sign = infinityOf(value);
  if (Number.isNaN(factor)) return outOfRange();
  if (sign !== 0) return factor === 0 ? outOfRange() : infinite(sign * factor);
  if (!Number.isFinite(factor))
    return lengthOf(value) === 0n ? outOfRange() : infinite(lengthOf(value) > 0n === factor > 0 ? 1 : -1);
  return scaled(value, (part) => part * factor);
}

export function over(value: IntervalValue, divisor: number): IntervalValue {
  if (divisor === 0) fail('22012', 'division by zero');
  const sign = infinityOf(value);
  if (Number.isNaN(divisor)) return outOfRange();
  if (sign !== 0) return Number.isFinite(divisor) ? infinite(sign * divisor) : outOfRange();
  return scaled(value, (part) => part / divisor);
}

/** The moment `months` later, on the last day of its month where that has no such day, then so many days later. */
export function shiftDays(micros: bigint, months: number, days: number): bigint {
  const instant = instantOf(micros);
  let { days: day } = instant;
  if (months !== 0) {
    const civil = civilOf(day);
    const count = civil.year * MONTHS_OF_YEAR + civil.month - 1 + months;
    const year = Math.floor(count / MONTHS_OF_YEAR);
    const month = count - year * MONTHS_OF_YEAR + 1;
    day = daysOf({ year, month, day: Math.min(civil.day, daysInMonth(year, month)) });
  }
  return microsOf({ days: day + days, micros: instant.micros });
}

/** Whole days, rounded towards zero, and the rest. */
const wholeDaysOf = (micros: bigint): readonly [number, bigint] => [
  Number(micros / DAY_MICROS),
  micros % DAY_MICROS,
];

/** Hours to days: the result's parts have one sign. */
export function justifyHours(value: IntervalValue): IntervalValue {
  if (infinityOf(value) !== 0) return value;
  const [whole, rest] = wholeDaysOf(value.micros);
  const [days, micros] = sameSign(value.days + whole, rest);
  return makeInterval(value.months, days, micros);
}

function sameSign(days: number, micros: bigint): readonly [number, bigint] {
  if (days > 0 && micros < 0n) return [days - 1, micros + DAY_MICROS];
  return days < 0 && micros > 0n ? [days + 1, micros - DAY_MICROS] : [days, micros];
}

/** Days to months. */
export function justifyDays(value: IntervalValue): IntervalValue {
  if (infinityOf(value) !== 0) return value;
  const whole = Math.trunc(value.days / DAYS_OF_MONTH);
  let months = value.months + whole;
  let days = value.days - whole * DAYS_OF_MONTH;
  if (months > 0 && days < 0) [months, days] = [months - 1, days + DAYS_OF_MONTH];
  else if (months < 0 && days > 0) [months, days] = [months + 1, days - DAYS_OF_MONTH];
  return makeInterval(months, days, value.micros);
}

/** Both, and all parts have one sign. */
export function justifyInterval(value: IntervalValue): IntervalValue {
  if (infinityOf(value) !== 0) return value;
  const [ofHours, micros] = wholeDaysOf(value.micros);
  const allDays = value.days + ofHours;
  const whole = Math.trunc(allDays / DAYS_OF_MONTH);
  let months = value.months + whole;
  let days = allDays - whole * DAYS_OF_MONTH;
  if (months > 0 && (days < 0 || (days === 0 && micros < 0n)))
    [months, days] = [months - 1, days + DAYS_OF_MONTH];
  else if (months < 0 && (days > 0 || (days === 0 && micros > 0n)))
    [months, days] = [months + 1, days - DAYS_OF_MONTH];
  const [ownDays, ownMicros] = sameSign(days, micros);
  return makeInterval(months, ownDays, ownMicros);
}

/** Years, months, days and a time between two moments, as a person counts them. */
export function ageBetween(later: Timestamp, earlier: Timestamp): IntervalValue {
  const isBackwards = later.micros < earlier.micros;
  const [a, b] = [instantOf(later.micros), instantOf(earlier.micros)];
  const [civilA, civilB] = [civilOf(a.days), civilOf(b.days)];
  const sign = isBackwards ? -1 : 1;
  let micros = (a.micros - b.micros) * sign;
  let days = (civilA.day - civilB.day) * sign;
  let months = ((civilA.year - civilB.year) * MONTHS_OF_YEAR + civilA.month - civilB.month) * sign;
  if (micros < 0) {
    micros += Number(DAY_MICROS);
    days -= 1;
  }
  const borrowed = isBackwards ? civilA : civilB;
  while (days < 0) {
    days += daysInMonth(borrowed.year, borrowed.month);
    months -= 1;
  }
  return makeInterval(months * sign, days * sign, BigInt(micros * sign));
}
