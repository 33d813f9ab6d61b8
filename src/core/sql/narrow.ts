// Narrowing of values whose type analysis has settled: anything else is a programmer's error.

import { AssertionError } from '../../base/assert.ts';
import type {
  ArrayValue,
  DateValue,
  IntervalValue,
  Numeric,
  Tagged,
  Timestamp,
  TimeValue,
  Value,
} from './access.ts';

function wrong(value: Value, expected: string): never {
  throw new AssertionError(`a ${value === null ? 'null' : typeof value} where analysis promised ${expected}`);
}

export const num = (value: Value): number => (typeof value === 'number' ? value : wrong(value, 'a number'));
export const big = (value: Value): bigint => (typeof value === 'bigint' ? value : wrong(value, 'a bigint'));
export const dec = (value: Value): Numeric =>
  typeof value === 'object' && value !== null && !('kind' in value) ? value : wrong(value, 'a numeric');
export const str = (value: Value): string => (typeof value === 'string' ? value : wrong(value, 'text'));
export const bool = (value: Value): boolean =>
  typeof value === 'boolean' ? value : wrong(value, 'a boolean');

function tagged<Kind extends Tagged['kind']>(value: Value, kind: Kind): Extract<Tagged, { kind: Kind }> {
  const isIt = typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
  return isIt ? (value as Extract<Tagged, { kind: Kind }>) : wrong(value, kind);
}

export const real = (value: Value): number => tagged(value, 'real').value;
export const char = (value: Value): string => tagged(value, 'char').text;
export const day = (value: Value): DateValue => tagged(value, 'date');
export const clock = (value: Value): TimeValue => tagged(value, 'time');
export const span = (value: Value): IntervalValue => tagged(value, 'interval');
export const jsonText = (value: Value): string =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  (value.kind === 'json' || value.kind === 'jsonb')
    ? value.text
    : wrong(value, 'json');
export const arr = (value: Value): ArrayValue => tagged(value, 'array');
export const hex = (value: Value): string => tagged(value, 'bytea').hex;
export const moment = (value: Value): Timestamp =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  (value.kind === 'timestamp' || value.kind === 'timestamptz')
    ? value
    : wrong(value, 'a timestamp');
