// Between dates and timestamps.

import type { Timestamp, Value } from './access.ts';
import {
  checkedTimestamp,
  DAY_MICROS,
  instantOf,
  isFiniteMicros,
  TIMESTAMP_INFINITY,
  TIMESTAMP_MINUS_INFINITY,
} from './datetime.ts';
import { fail } from './failure.ts';
import { day, moment } from './narrow.ts';

export function dateToMoment(value: Value, kind: Timestamp['kind']): Timestamp {
  const { days } = day(value);
  if (!Number.isFinite(days))
    return { kind, micros: days > 0 ? TIMESTAMP_INFINITY : TIMESTAMP_MINUS_INFINITY };
  const micros = BigInt(days) * DAY_MICROS;
  // PostgreSQL says it of the date.
  try {
    return checkedTimestamp(kind, micros);
  } catch {
    return fail('22008', 'date out of range for timestamp');
  }
}

export function momentToDate(value: Value): Value {
  const { micros } = moment(value);
  if (!isFiniteMicros(micros))
    return { kind: 'date', days: micros > 0n ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY };
  return { kind: 'date', days: instantOf(micros).days };
}

export function daysBetween(a: number, b: number): number {
  if (!Number.isFinite(a) || !Number.isFinite(b)) fail('22008', 'cannot subtract infinite dates');
  return a - b;
}
