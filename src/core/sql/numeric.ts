// numeric: exact decimals, how they are read, rounded, compared and printed (utils/adt/numeric.c). A value is digits / 10^scale;
// 1.0 and 1.00 are equal and print differently. NaN and the infinities, as PostgreSQL has them since 14, have a scale of −1:
// NaN is above all numbers and equal to itself. Beyond 131072 digits before the point or 16383 behind it: 22003.

import type { Numeric } from './access.ts';
import { fail, NOWHERE } from './failure.ts';

/** Digits before and behind the decimal point that the type can hold. */
const WHOLE_DIGITS_MAX = 131_072;
export const SCALE_MAX = 16_383;
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
export const digitsAt = ({ digits, scale }: Numeric, larger: number): bigint =>
  larger === scale ? digits : digits * powerOfTen(larger - scale);

/** The quotient, rounded half away from zero. */
export function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  if (2n * magnitude(dividend % divisor) < magnitude(divisor)) return quotient;
  return dividend < 0n === divisor < 0n ? quotient + 1n : quotient - 1n;
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
