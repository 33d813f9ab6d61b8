// real (float4): a number of single precision, rounded after each operation, and PostgreSQL's text of it: the fewest digits that
// read back as the same number.

import type { Tagged } from './access.ts';
import { placeDigits } from './digits.ts';
import { fail } from './failure.ts';

type Real = Extract<Tagged, { kind: 'real' }>;

/** The nearest real; 22003 when a finite number becomes none, or another than 0 becomes 0. */
export function toReal(value: number): Real {
  const rounded = Math.fround(value);
  if (Number.isFinite(value) && !Number.isFinite(rounded)) fail('22003', 'value out of range: overflow');
  if (rounded === 0 && value !== 0) fail('22003', 'value out of range: underflow');
  return { kind: 'real', value: rounded };
}

/** Digits that tell any two reals apart. */
const DIGITS_MAX = 9;
/** From this exponent on PostgreSQL writes a real with `e`. */
const EXPONENT_LONG = 6;

export function formatReal(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const sign = value < 0 ? '-' : '';
  const magnitude = Math.abs(value);
  let written = magnitude.toExponential(DIGITS_MAX - 1);
  for (let digits = 1; digits < DIGITS_MAX; digits++) {
    const shorter = magnitude.toExponential(digits - 1);
    const read = Number(shorter);
    if (Math.fround(read) !== magnitude || isOnEdge(magnitude, read)) continue;
    written = shorter;
    break;
  }
  const [mantissa = '', power = '0'] = written.split('e');
  const digits = mantissa.replace('.', '').replace(/0+$/, '');
  return placeDigits(sign, digits, Number(power), EXPONENT_LONG);
}

const single = new Float32Array(1);
const word = new Uint32Array(single.buffer);

/** PostgreSQL does not take digits that lie halfway to a neighbour. */
function isOnEdge(magnitude: number, read: number): boolean {
  single[0] = magnitude;
  word[0] = (word[0] as number) + (read > magnitude ? 1 : -1);
  return read !== magnitude && read === (magnitude + (single[0] as number)) / 2;
}
