// Arithmetic of numeric: sums, products, quotients and remainders, and the scale that PostgreSQL gives each.

import type { Numeric } from './access.ts';
import { fail } from './failure.ts';
import {
  checked,
  compareNumeric,
  digitsAt,
  divideRounded,
  INFINITY,
  isFiniteNumeric,
  isNotANumber,
  MINUS_INFINITY,
  magnitude,
  NOT_A_NUMBER,
  numericOf,
  powerOfTen,
  round,
  SCALE_MAX,
  truncate,
} from './numeric.ts';

/** Significant digits that a quotient or root has at least, and the scale up to which it gets them. */
export const SIGNIFICANT_DIGITS_MIN = 16;
export const RESULT_SCALE_MAX = 1000;
/** Decimal digits in one digit of PostgreSQL's representation, on which scales of quotients and roots depend. */
export const GROUP_DIGITS = 4;

const infinityOf = (sign: bigint): Numeric =>
  sign > 0n ? INFINITY : sign < 0n ? MINUS_INFINITY : NOT_A_NUMBER;
const signOf = ({ digits }: Numeric): bigint => (digits > 0n ? 1n : digits < 0n ? -1n : 0n);

export function add(a: Numeric, b: Numeric): Numeric {
  if (!isFiniteNumeric(a) || !isFiniteNumeric(b)) {
    if (
      isNotANumber(a) ||
      isNotANumber(b) ||
      (!isFiniteNumeric(a) && !isFiniteNumeric(b) && a.digits !== b.digits)
    )
      return NOT_A_NUMBER;
    return isFiniteNumeric(a) ? b : a;
  }
  const scale = Math.max(a.scale, b.scale);
  return checked(digitsAt(a, scale) + digitsAt(b, scale), scale);
}

export const negate = ({ digits, scale }: Numeric): Numeric => ({ digits: -digits, scale });
export const subtract = (a: Numeric, b: Numeric): Numeric => add(a, negate(b));
export const absolute = ({ digits, scale }: Numeric): Numeric => ({ digits: magnitude(digits), scale });
export const sign = (a: Numeric): Numeric => (isNotANumber(a) ? a : numericOf(signOf(a)));

export function multiply(a: Numeric, b: Numeric): Numeric {
  if (isNotANumber(a) || isNotANumber(b)) return NOT_A_NUMBER;
  if (!isFiniteNumeric(a) || !isFiniteNumeric(b)) return infinityOf(signOf(a) * signOf(b));
  const product = { digits: a.digits * b.digits, scale: a.scale + b.scale };
  return product.scale > SCALE_MAX ? round(product, SCALE_MAX) : checked(product.digits, product.scale);
}

/** The leading digit in base 10000 and its place: what PostgreSQL estimates scales from. */
export function leadingGroup({ digits, scale }: Numeric): {
  readonly weight: number;
  readonly group: number;
} {
  if (digits === 0n) return { weight: 0, group: 0 };
  const text = magnitude(digits).toString();
  const exponent = text.length - 1 - scale;
  const weight = Math.floor(exponent / GROUP_DIGITS);
  const count = exponent - weight * GROUP_DIGITS + 1;
  return { weight, group: Number(text.slice(0, count).padEnd(count, '0')) };
}

const divisionByZero = (): never => fail('22012', 'division by zero');

/** With select_div_scale: at least sixteen significant digits, and never fewer decimals than an operand has. */
export function divide(a: Numeric, b: Numeric): Numeric {
  if (isNotANumber(a) || isNotANumber(b)) return NOT_A_NUMBER;
  if (!isFiniteNumeric(b)) return isFiniteNumeric(a) ? numericOf(0n) : NOT_A_NUMBER;
  if (b.digits === 0n) return divisionByZero();
  if (!isFiniteNumeric(a)) return infinityOf(signOf(a) * signOf(b));
  const left = leadingGroup(a);
  const right = leadingGroup(b);
  const weight = left.weight - right.weight - (left.group <= right.group ? 1 : 0);
  const wanted = Math.max(SIGNIFICANT_DIGITS_MIN - weight * GROUP_DIGITS, a.scale, b.scale);
  const scale = Math.min(Math.max(wanted, 0), RESULT_SCALE_MAX);
  const shift = scale + b.scale - a.scale;
  const quotient =
    shift >= 0
      ? divideRounded(a.digits * powerOfTen(shift), b.digits)
      : divideRounded(a.digits, b.digits * powerOfTen(-shift));
  return checked(quotient, scale);
}

/** The remainder of the division that truncates; its sign is the dividend's. */
export function modulo(a: Numeric, b: Numeric): Numeric {
  if (isNotANumber(a) || isNotANumber(b)) return NOT_A_NUMBER;
  if (isFiniteNumeric(b) && b.digits === 0n) return divisionByZero();
  if (!isFiniteNumeric(a)) return NOT_A_NUMBER;
  if (!isFiniteNumeric(b)) return a;
  const scale = Math.max(a.scale, b.scale);
  return { digits: digitsAt(a, scale) % digitsAt(b, scale), scale };
}

export function floor(a: Numeric): Numeric {
  const whole = truncate(a, 0);
  return isFiniteNumeric(a) && a.digits < 0n && compareNumeric(whole, a) > 0
    ? checked(whole.digits - 1n, 0)
    : whole;
}

export const ceil = (a: Numeric): Numeric => negate(floor(negate(a)));
