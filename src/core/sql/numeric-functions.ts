// exp, ln, log, powers and other functions of numeric. How many decimals a result has follows PostgreSQL's utils/adt/numeric.c, which
// estimates the size of the result in double precision first; the digits themselves are computed further and rounded once.

import type { Numeric } from './access.ts';
import { bitsOf, exp as exactExp, ln as exactLn, integerRoot } from './exact-functions.ts';
import { fail } from './failure.ts';
import { logarithm10, naturalLogarithm } from './float-functions.ts';
import {
  checked,
  compareNumeric,
  divideRounded,
  INFINITY,
  isFiniteNumeric,
  isNotANumber,
  MINUS_INFINITY,
  magnitude,
  NOT_A_NUMBER,
  numericOf,
  overflow,
  powerOfTen,
  round,
  truncate,
} from './numeric.ts';
import {
  absolute,
  add,
  divide,
  GROUP_DIGITS,
  leadingGroup,
  multiply,
  negate,
  RESULT_SCALE_MAX,
  SIGNIFICANT_DIGITS_MIN,
  subtract,
} from './numeric-arithmetic.ts';

const ONE = numericOf(1n);
const ZERO = numericOf(0n);
/** Arguments of exp from here on overflow, or give 0. */
const EXPONENT_LIMIT = 6000;
// As PostgreSQL's estimates have them.
// biome-ignore lint/suspicious/noApproximativeNumericConstant: Math's may differ from it
const LOG10_E = 0.434294481903252;
// biome-ignore lint/suspicious/noApproximativeNumericConstant: Math's may differ from it
const LN_10 = 2.302585092994046;
/** Decimals beyond those of the result. */
const GUARD = 12;

const within = (scale: number): number => Math.min(Math.max(scale, 0), RESULT_SCALE_MAX);
const isZero = ({ digits }: Numeric): boolean => digits === 0n;
const roughly = ({ digits, scale }: Numeric): number => Number(`${digits}e${-scale}`);
const bitsFor = (decimals: number): number => Math.ceil(Math.max(decimals, 0) * 3.33) + 64;
const toFixed = ({ digits, scale }: Numeric, p: number): bigint => (digits << BigInt(p)) / powerOfTen(scale);
const fromFixed = (value: bigint, p: number, scale: number): Numeric =>
  checked(divideRounded(value * powerOfTen(scale), 1n << BigInt(p)), scale);

function expAt(a: Numeric, scale: number): Numeric {
  const size = roughly(a);
  if (Math.abs(size) >= EXPONENT_LIMIT) return size > 0 ? overflow() : { digits: 0n, scale };
  const p = bitsFor(scale + Math.max(size, 0) * LOG10_E + GUARD);
  const { m, e } = exactExp(toFixed(a, p), p);
  return e >= 0 ? checked((m << BigInt(e)) * powerOfTen(scale), scale) : fromFixed(m, -e, scale);
}

export function exponential(a: Numeric): Numeric {
  if (!isFiniteNumeric(a)) return a.digits < 0n ? ZERO : a;
  const weight = Math.trunc(Math.max(-2000, Math.min(2000, roughly(a) * LOG10_E)));
  return expAt(a, within(Math.max(SIGNIFICANT_DIGITS_MIN - weight, a.scale)));
}

/** estimate_ln_dweight: the decimal weight of the logarithm. */
function weightOfLn(a: Numeric): number {
  if (a.digits <= 0n) return 0;
  if (compareNumeric(a, { digits: 9n, scale: 1 }) >= 0 && compareNumeric(a, { digits: 11n, scale: 1 }) <= 0) {
    const rest = subtract(a, ONE);
    if (isZero(rest)) return 0;
    const { weight, group } = leadingGroup(rest);
    return weight * GROUP_DIGITS + String(group).length - 1;
  }
  const { digits, weight } = leading(a, 2);
  const size = naturalLogarithm(digits) + weight * LN_10;
  return Math.trunc(logarithm10(Math.abs(size)));
}

/** The first groups of four digits, without those at the end that are zero, and the power of ten behind them. */
function leading(a: Numeric, groups: number): { readonly digits: number; readonly weight: number } {
  const { weight: top } = leadingGroup(a);
  const last = a.digits === 0n ? top : Math.max(lastGroup(a), top - groups + 1);
  const scaled = truncate({ digits: magnitude(a.digits), scale: a.scale }, -last * GROUP_DIGITS);
  const power = last * GROUP_DIGITS;
  const whole = power >= 0 ? scaled.digits / powerOfTen(power) : scaled.digits;
  return { digits: Number(whole), weight: power };
}

/** The weight of the last group of four digits that is not zero. */
function lastGroup({ digits, scale }: Numeric): number {
  const text = magnitude(digits).toString();
  const zeros = text.length - text.replace(/0+$/, '').length;
  return Math.floor((zeros - scale) / GROUP_DIGITS);
}

function lnAt(a: Numeric, scale: number): Numeric {
  if (isZero(a)) return fail('2201E', 'cannot take logarithm of zero');
  if (a.digits < 0n) return fail('2201E', 'cannot take logarithm of a negative number');
  return fromFixed(lnFixed(a, bitsFor(scale + GUARD)), bitsFor(scale + GUARD), scale);
}

function lnFixed({ digits, scale }: Numeric, p: number): bigint {
  const divisor = powerOfTen(scale);
  const e = Math.max(0, p + 64 - bitsOf(digits) + bitsOf(divisor));
  return exactLn({ m: (digits << BigInt(e)) / divisor, e: -e }, p);
}

export function naturalLog(a: Numeric): Numeric {
  if (!isFiniteNumeric(a)) return a.digits < 0n ? lnAt(a, 0) : a;
  return lnAt(a, within(Math.max(SIGNIFICANT_DIGITS_MIN - weightOfLn(a), a.scale)));
}

export function logarithm(base: Numeric, a: Numeric): Numeric {
  if (isNotANumber(base) || isNotANumber(a)) return NOT_A_NUMBER;
  if (!isFiniteNumeric(base) || !isFiniteNumeric(a)) {
    for (const one of [base, a])
      if (one.digits < 0n) fail('2201E', 'cannot take logarithm of a negative number');
    for (const one of [base, a]) if (isFiniteNumeric(one) && isZero(one)) lnAt(one, 0);
    if (isFiniteNumeric(base)) return INFINITY;
    return isFiniteNumeric(a) ? ZERO : NOT_A_NUMBER;
  }
  const [ofBase, ofNumber] = [weightOfLn(base), weightOfLn(a)];
  const weight = ofNumber - ofBase;
  const scale = within(Math.max(SIGNIFICANT_DIGITS_MIN - weight, base.scale, a.scale));
  const divisor = lnAt(base, Math.max(scale + weight - ofBase + 8, 0));
  const dividend = lnAt(a, Math.max(scale + weight - ofNumber + 8, 0));
  if (isZero(divisor)) divide(dividend, divisor);
  const shift = scale + divisor.scale - dividend.scale;
  const [up, down] = [powerOfTen(Math.max(shift, 0)), powerOfTen(Math.max(-shift, 0))];
  return checked(divideRounded(dividend.digits * up, divisor.digits * down), scale);
}

export const isIntegral = (a: Numeric): boolean =>
  !isFiniteNumeric(a) || a.digits % powerOfTen(a.scale) === 0n;
const isOdd = (a: Numeric): boolean => isIntegral(a) && (a.digits / powerOfTen(a.scale)) % 2n !== 0n;

function refusePower(a: Numeric, b: Numeric): void {
  if (isZero(a) && b.digits < 0n) fail('2201F', 'zero raised to a negative power is undefined');
  if (a.digits < 0n && !isIntegral(b))
    fail('2201F', 'a negative number raised to a non-integer power yields a complex result');
}

/** As POSIX's pow(3) has it. */
function powerOfInfinity(a: Numeric, b: Numeric): Numeric {
  const isOne = (x: Numeric): boolean => isFiniteNumeric(x) && compareNumeric(x, ONE) === 0;
  if (isNotANumber(a)) return isFiniteNumeric(b) && isZero(b) ? ONE : a;
  if (isNotANumber(b)) return isOne(a) ? ONE : b;
  refusePower(a, b);
  if (isOne(a) || (isFiniteNumeric(b) && isZero(b))) return ONE;
  if (isZero(a)) return ZERO;
  if (!isFiniteNumeric(b)) {
    if (isOne(negate(a)) && isFiniteNumeric(a)) return ONE;
    const isLarge = !isFiniteNumeric(a) || compareNumeric(absolute(a), ONE) > 0;
    return isLarge === b.digits > 0n ? INFINITY : ZERO;
  }
  if (b.digits < 0n) return ZERO;
  return a.digits < 0n && isOdd(b) ? MINUS_INFINITY : INFINITY;
}

export function power(a: Numeric, b: Numeric): Numeric {
  if (!isFiniteNumeric(a) || !isFiniteNumeric(b)) return powerOfInfinity(a, b);
  refusePower(a, b);
  if (isIntegral(b)) {
    const whole = b.digits / powerOfTen(b.scale);
    if (whole >= -(2n ** 31n) && whole < 2n ** 31n) return wholePower(a, Number(whole), b.scale);
  }
  if (isZero(a)) return { digits: 0n, scale: SIGNIFICANT_DIGITS_MIN };
  const base = absolute(a);
  const weight = weightOfLn(base);
  const first = round(multiply(lnAt(base, Math.max(8 - weight, 0)), b), Math.max(8 - weight, 0));
  const size = roughly(first);
  if (Math.abs(size) > EXPONENT_LIMIT + 20)
    return size > 0 ? overflow() : { digits: 0n, scale: RESULT_SCALE_MAX };
  const digitsBefore = Math.trunc(size * LOG10_E);
  const scale = within(Math.max(SIGNIFICANT_DIGITS_MIN - digitsBefore, a.scale, b.scale));
  const p = bitsFor(scale + Math.max(digitsBefore, 0) + GUARD) + bitsOf(b.digits);
  const exponent = (lnFixed(base, p) * b.digits) / powerOfTen(b.scale);
  if (exponent >> BigInt(p) >= BigInt(EXPONENT_LIMIT)) return overflow();
  const { m, e } = exactExp(exponent, p);
  const result = e >= 0 ? checked((m << BigInt(e)) * powerOfTen(scale), scale) : fromFixed(m, -e, scale);
  return a.digits < 0n && isOdd(b) ? negate(result) : result;
}

/** power_var_int: by a whole number, in as many digits as the result needs. */
function wholePower(a: Numeric, n: number, scaleOfExponent: number): Numeric {
  let size = 0;
  if (!isZero(a)) {
    const { digits, weight } = leading(a, 4);
    size = n * (logarithm10(digits) + weight);
  }
  if (size > 32_768 * GROUP_DIGITS) return overflow();
  if (size + 1 < -RESULT_SCALE_MAX) return { digits: 0n, scale: RESULT_SCALE_MAX };
  const scale = within(Math.max(SIGNIFICANT_DIGITS_MIN - Math.trunc(size), a.scale, scaleOfExponent));
  if (n === 0) return round(ONE, scale);
  if (n === 1) return round(a, scale);
  if (isZero(a)) return { digits: 0n, scale };
  const kept = Math.max(1, 1 + scale + Math.trunc(size)) + 32;
  let result: Scaled10 = { digits: 1n, exponent: 0 };
  let square: Scaled10 = cut({ digits: a.digits, exponent: -a.scale }, kept);
  for (let rest = Math.abs(n); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = cut(times(result, square), kept);
    if (rest > 1) square = cut(times(square, square), kept);
  }
  if (n > 0) return atScale(result.digits, 1n, result.exponent, scale);
  return atScale(1n, result.digits, -result.exponent, scale);
}

/** digits × 10^exponent. */
interface Scaled10 {
  readonly digits: bigint;
  readonly exponent: number;
}

const times = (a: Scaled10, b: Scaled10): Scaled10 => ({
  digits: a.digits * b.digits,
  exponent: a.exponent + b.exponent,
});

function cut(a: Scaled10, kept: number): Scaled10 {
  const over = Math.floor((bitsOf(a.digits) - kept * 3.33) / 3.33);
  return over <= 8 ? a : { digits: a.digits / powerOfTen(over), exponent: a.exponent + over };
}

function atScale(dividend: bigint, divisor: bigint, exponent: number, scale: number): Numeric {
  const shift = exponent + scale;
  const [up, down] = [powerOfTen(Math.max(shift, 0)), powerOfTen(Math.max(-shift, 0))];
  return checked(divideRounded(dividend * up, divisor * down), scale);
}

/** The quotient without what is behind its point. */
export function wholeQuotient(a: Numeric, b: Numeric): Numeric {
  if (!isFiniteNumeric(a) || !isFiniteNumeric(b) || isZero(b)) return divide(a, b);
  const scale = Math.max(a.scale, b.scale);
  return numericOf((a.digits * powerOfTen(scale - a.scale)) / (b.digits * powerOfTen(scale - b.scale)));
}

export const greatestDivisor = (a: bigint, b: bigint): bigint => {
  let [x, y] = [magnitude(a), magnitude(b)];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
};

/** Of the digits at one scale. */
export function divisorOf(a: Numeric, b: Numeric): Numeric {
  if (!isFiniteNumeric(a) || !isFiniteNumeric(b)) return NOT_A_NUMBER;
  const scale = Math.max(a.scale, b.scale);
  const digits = (x: Numeric): bigint => x.digits * powerOfTen(scale - x.scale);
  return { digits: greatestDivisor(digits(a), digits(b)), scale };
}

export function multipleOf(a: Numeric, b: Numeric): Numeric {
  if (!isFiniteNumeric(a) || !isFiniteNumeric(b)) return NOT_A_NUMBER;
  const scale = Math.max(a.scale, b.scale);
  if (isZero(a) || isZero(b)) return { digits: 0n, scale };
  const digits = (x: Numeric): bigint => x.digits * powerOfTen(scale - x.scale);
  const divisor = greatestDivisor(digits(a), digits(b));
  return checked(magnitude((digits(a) / divisor) * digits(b)), scale);
}

export function factorial(n: bigint): Numeric {
  if (n < 0n) fail('22003', 'factorial of a negative number is undefined');
  if (n > 32_177n) return overflow();
  let product = 1n;
  for (let i = 2n; i <= n; i++) product *= i;
  return checked(product, 0);
}

/** Which of `count` buckets of equal width; null: `operand` lies outside, at the side of `last`. */
export function bucketOf(operand: Numeric, from: Numeric, to: Numeric, count: number): number {
  if (count <= 0) fail('2201G', 'count must be greater than zero');
  if ([operand, from, to].some(isNotANumber))
    fail('2201G', 'operand, lower bound, and upper bound cannot be NaN');
  if (!isFiniteNumeric(from) || !isFiniteNumeric(to)) fail('2201G', 'lower and upper bounds must be finite');
  const direction = compareNumeric(to, from);
  if (direction === 0) fail('2201G', 'lower bound cannot equal upper bound');
  const sign = direction < 0 ? -1 : 1;
  if (compareNumeric(operand, from) * sign < 0) return 0;
  if (compareNumeric(operand, to) * sign >= 0)
    return count === 2_147_483_647 ? fail('22003', 'integer out of range') : count + 1;
  const part = multiply(subtract(operand, from), numericOf(BigInt(count)));
  return Number(add(wholeQuotient(part, subtract(to, from)), ONE).digits);
}

export function squareRoot(a: Numeric): Numeric {
  if (isNotANumber(a)) return a;
  if (a.digits < 0n) fail('2201F', 'cannot take square root of a negative number');
  if (!isFiniteNumeric(a)) return a;
  const weight = ((leadingGroup(a).weight + 1) * GROUP_DIGITS) / 2 - 1;
  return rootAt(a, Math.min(Math.max(SIGNIFICANT_DIGITS_MIN - weight, a.scale, 0), RESULT_SCALE_MAX));
}

/** The square root of what is not negative, to so many decimals. */
export function rootAt(a: Numeric, scale: number): Numeric {
  // One digit more than wanted, by which the last one is rounded.
  const shift = 2 * (scale + 1) - a.scale;
  const square = shift >= 0 ? a.digits * powerOfTen(shift) : a.digits / powerOfTen(-shift);
  return { digits: (integerRoot(square) + 5n) / 10n, scale };
}
