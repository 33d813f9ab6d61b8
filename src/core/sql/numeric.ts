// numeric: exact decimal arithmetic with PostgreSQL's result scales (utils/adt/numeric.c). A value is digits / 10^scale;
// 1.0 and 1.00 are equal and print differently. NaN and the infinities, as PostgreSQL has them since 14, have a scale of −1:
// NaN is above all numbers and equal to itself. Beyond 131072 digits before the point or 16383 behind it: 22003.

import type { Numeric } from './access.ts';
import { fail, NOWHERE } from './failure.ts';

/** Digits before and behind the decimal point that the type can hold. */
const WHOLE_DIGITS_MAX = 131_072;
export const SCALE_MAX = 16_383;
/** Significant digits that a quotient or root has at least, and the scale up to which it gets them. */
export const SIGNIFICANT_DIGITS_MIN = 16;
export const RESULT_SCALE_MAX = 1000;
/** Decimal digits in one digit of PostgreSQL's representation, on which scales of quotients and roots depend. */
export const GROUP_DIGITS = 4;

const SPECIAL = -1;
export const NOT_A_NUMBER: Numeric = { digits: 0n, scale: SPECIAL };
export const INFINITY: Numeric = { digits: 1n, scale: SPECIAL };
export const MINUS_INFINITY: Numeric = { digits: -1n, scale: SPECIAL };

/** Neither NaN nor infinite. */
export const isFiniteNumeric = (a: Numeric): boolean => a.scale >= 0;
export const isNotANumber = (a: Numeric): boolean => a.scale < 0 && a.digits === 0n;

const POWERS: readonly bigint[] = Array.from({ length: 40 }, (_, i) => 10n ** BigInt(i));
export const powerOfTen = (n: number): bigint => POWERS[n] ?? 10n ** BigInt(n);

export const magnitude = (digits: bigint): bigint => (digits < 0n ? -digits : digits);
const infinityOf = (sign: bigint): Numeric =>
  sign > 0n ? INFINITY : sign < 0n ? MINUS_INFINITY : NOT_A_NUMBER;
const signOf = ({ digits }: Numeric): bigint => (digits > 0n ? 1n : digits < 0n ? -1n : 0n);
export const numericOf = (value: bigint): Numeric => ({ digits: value, scale: 0 });

export const overflow = (at = NOWHERE): never => fail('22003', 'value overflows numeric format', at);

const LONG = 1n << 1024n;

/** The value, or 22003 when it has too many digits before its point. */
export function checked(digits: bigint, scale: number): Numeric {
  if ((digits >= LONG || digits <= -LONG) && magnitude(digits).toString().length - scale > WHOLE_DIGITS_MAX)
    overflow();
  return { digits, scale };
}

/** Digits of `a` at a larger scale. */
const digitsAt = ({ digits, scale }: Numeric, larger: number): bigint =>
  larger === scale ? digits : digits * powerOfTen(larger - scale);

/** The quotient, rounded half away from zero. */
export function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  if (2n * magnitude(dividend % divisor) < magnitude(divisor)) return quotient;
  return dividend < 0n === divisor < 0n ? quotient + 1n : quotient - 1n;
}

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

const placesWithin = (places: number): number => Math.max(-WHOLE_DIGITS_MAX - 1, Math.min(SCALE_MAX, places));

/** `places` decimals, half away from zero; negative ones round before the point. */
export function round(a: Numeric, places: number): Numeric {
  return reduce(a, placesWithin(places), divideRounded);
}

export function truncate(a: Numeric, places: number): Numeric {
  return reduce(a, placesWithin(places), (dividend, divisor) => dividend / divisor);
}

function reduce(
  a: Numeric,
  places: number,
  divideBy: (dividend: bigint, divisor: bigint) => bigint,
): Numeric {
  if (!isFiniteNumeric(a)) return a;
  if (places >= a.scale) return { digits: digitsAt(a, places), scale: places };
  const kept = divideBy(a.digits, powerOfTen(a.scale - places));
  return places >= 0 ? checked(kept, places) : checked(kept * powerOfTen(-places), 0);
}

export function floor(a: Numeric): Numeric {
  const whole = truncate(a, 0);
  return isFiniteNumeric(a) && a.digits < 0n && compareNumeric(whole, a) > 0
    ? checked(whole.digits - 1n, 0)
    : whole;
}

export const ceil = (a: Numeric): Numeric => negate(floor(negate(a)));

/** Place among −Infinity, the finite numbers, Infinity and NaN. */
const rank = ({ digits, scale }: Numeric): number => (scale >= 0 ? 0 : digits === 0n ? 2 : Number(digits));

/** Negative, zero or positive. */
export function compareNumeric(a: Numeric, b: Numeric): number {
  if (a.scale < 0 || b.scale < 0) return rank(a) - rank(b);
  const scale = Math.max(a.scale, b.scale);
  const left = digitsAt(a, scale);
  const right = digitsAt(b, scale);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The same for equal values: no zeros at the end behind the point. */
export function withoutTrailingZeros(a: Numeric): Numeric {
  if (a.scale <= 0) return a;
  if (a.digits === 0n) return numericOf(0n);
  const text = a.digits.toString();
  let zeros = 0;
  while (zeros < a.scale && text.charCodeAt(text.length - 1 - zeros) === 48) zeros += 1;
  return zeros === 0 ? a : { digits: a.digits / powerOfTen(zeros), scale: a.scale - zeros };
}

/** As an integer, half away from zero; `type` is for the refusal of NaN and infinity (0A000). */
export function toInteger(a: Numeric, type: string): bigint {
  if (!isFiniteNumeric(a)) fail('0A000', `cannot convert ${isNotANumber(a) ? 'NaN' : 'infinity'} to ${type}`);
  return round(a, 0).digits;
}

export function toFloat(a: Numeric): number {
  if (!isFiniteNumeric(a)) return Number(formatNumeric(a));
  const value = Number(`${a.digits}e${-a.scale}`);
  if (!Number.isFinite(value) || (value === 0 && a.digits !== 0n))
    fail('22003', `"${formatNumeric(a)}" is out of range for type double precision`);
  return value;
}

/** Significant digits of a double that PostgreSQL's cast keeps (DBL_DIG). */
const FLOAT_DIGITS = 15;

/** The double's first fifteen digits (or so many), a tie rounded to the even one as C's printf does. */
export function fromFloat(value: number, kept = FLOAT_DIGITS): Numeric {
  if (Number.isNaN(value)) return NOT_A_NUMBER;
  if (!Number.isFinite(value)) return value > 0 ? INFINITY : MINUS_INFINITY;
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toExponential(40).split('e');
  const text = mantissa.replace('.', '');
  let digits = BigInt(text.slice(0, kept));
  const rest = text.slice(kept);
  const half = '5'.padEnd(rest.length, '0');
  if (rest > half || (rest === half && digits % 2n === 1n)) digits += 1n;
  if (value < 0) digits = -digits;
  const scale = kept - 1 - Number(exponent);
  return withoutTrailingZeros(
    scale >= 0 ? { digits, scale } : { digits: digits * powerOfTen(-scale), scale: 0 },
  );
}

export function formatNumeric({ digits, scale }: Numeric): string {
  if (scale < 0) return digits === 0n ? 'NaN' : digits < 0n ? '-Infinity' : 'Infinity';
  if (scale === 0) return digits.toString();
  const text = magnitude(digits)
    .toString()
    .padStart(scale + 1, '0');
  const point = text.length - scale;
  return `${digits < 0n ? '-' : ''}${text.slice(0, point)}.${text.slice(point)}`;
}

const DECIMAL =
  /^([+-]?)(?:(\d+(?:_\d+)*)(?:\.(\d+(?:_\d+)*)?)?|\.(\d+(?:_\d+)*))(?:[eE]([+-]?\d+(?:_\d+)*))?$/;
/** Exponents from here on are refused unread. */
const EXPONENT_MAX = 1_073_741_823;

/** A decimal number without spaces around it, or null; 22003 when numeric cannot hold it. */
export function parseDecimal(text: string, at = NOWHERE): Numeric | null {
  const found = DECIMAL.exec(text);
  if (found === null) return null;
  const plain = (part: string | undefined): string => part?.replaceAll('_', '') ?? '';
  const [, minus, whole, fraction, onlyFraction, power] = found;
  const behind = plain(fraction ?? onlyFraction);
  const exponent = Number(plain(power));
  if (Math.abs(exponent) >= EXPONENT_MAX) overflow(at);
  const all = (plain(whole) + behind).replace(/^0+/, '');
  const scale = behind.length - exponent;
  // Checked by length, before the digits become a number.
  if (scale > SCALE_MAX || (all !== '' && all.length - scale > WHOLE_DIGITS_MAX)) overflow(at);
  const digits = minus === '-' ? -BigInt(all) : BigInt(all);
  return scale >= 0
    ? { digits, scale }
    : { digits: digits === 0n ? 0n : digits * powerOfTen(-scale), scale: 0 };
}

/** PostgreSQL's code of `numeric(precision, scale)`: atttypmod. */
export const makeTypmod = (precision: number, scale: number): number =>
  ((precision << 16) | (scale & 0x7ff)) + 4;

export const PRECISION_MAX = 1000;

/** Precision and scale of `numeric(precision, scale)`. */
export function readTypmod(typmod: number): { readonly precision: number; readonly scale: number } {
  const packed = typmod - 4;
  return { precision: (packed >>> 16) & 0xffff, scale: ((packed & 0x7ff) ^ 0x400) - 0x400 };
}

/** Rounds to the declared scale; 22003 when the declared precision is too small. */
export function fitTypmod(a: Numeric, typmod: number): Numeric {
  if (isNotANumber(a)) return a;
  const { precision, scale } = readTypmod(typmod);
  const fitted = round(a, scale);
  const fits = isFiniteNumeric(a) && magnitude(fitted.digits) < powerOfTen(precision - scale + fitted.scale);
  return fits ? fitted : fail('22003', 'numeric field overflow');
}
