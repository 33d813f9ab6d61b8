// Narrowing of values whose type analysis has settled: anything else is a programmer's error.

import { AssertionError } from '../../base/assert.ts';
import type { Numeric, Value } from './access.ts';

function wrong(value: Value, expected: string): never {
  throw new AssertionError(`a ${value === null ? 'null' : typeof value} where analysis promised ${expected}`);
}

export const num = (value: Value): number => (typeof value === 'number' ? value : wrong(value, 'a number'));
export const big = (value: Value): bigint => (typeof value === 'bigint' ? value : wrong(value, 'a bigint'));
export const dec = (value: Value): Numeric =>
  typeof value === 'object' && value !== null ? value : wrong(value, 'a numeric');
export const str = (value: Value): string => (typeof value === 'string' ? value : wrong(value, 'text'));
export const bool = (value: Value): boolean =>
  typeof value === 'boolean' ? value : wrong(value, 'a boolean');
