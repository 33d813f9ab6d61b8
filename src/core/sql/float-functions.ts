// Functions of double precision: computed exactly (exact-functions.ts) and rounded once, with PostgreSQL's refusals (utils/adt/float.c). Its
// own results are its platform's and may differ in the last digit.

import {
  angleOf,
  bitsOf,
  exp,
  fixedOf,
  integerRoot,
  ln,
  pi,
  type Scaled,
  sinAndCos,
} from './exact-functions.ts';
import { fail } from './failure.ts';

const double = new Float64Array(1);
const word = new BigUint64Array(double.buffer);

/** The whole value of a finite double. */
function scaledOf(x: number): Scaled {
  double[0] = x;
  const bits = word[0] ?? 0n;
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const m = exponent === 0 ? fraction : fraction | (1n << 52n);
  return { m: x < 0 ? -m : m, e: Math.max(exponent, 1) - 1075 };
}

function powerOfTwo(n: number): number {
  word[0] = n >= -1022 ? BigInt(n + 1023) << 52n : 1n << BigInt(n + 1074);
  return double[0] ?? 0;
}

/** The nearest double, of two the even one. */
function nearest({ m, e }: Scaled): number {
  if (m < 0n) return -nearest({ m: -m, e });
  const length = bitsOf(m);
  if (length + e > 1024) return Number.POSITIVE_INFINITY;
  const kept = Math.min(53, length + e + 1074);
  if (m === 0n || kept < 0) return 0;
  const cut = length - kept;
  if (cut <= 0) return Number(m) * powerOfTwo(e);
  const rest = m & ((1n << BigInt(cut)) - 1n);
  const half = 1n << BigInt(cut - 1);
  let digits = m >> BigInt(cut);
  if (rest > half || (rest === half && digits % 2n === 1n)) digits += 1n;
  return Number(digits) * powerOfTwo(e + cut);
}

/** Binary digits with which a function of `x` is right to all of a double's. */
const precisionFor = (x: number): number => {
  const { m, e } = scaledOf(x);
  return 320 + 3 * Math.abs(bitsOf(m) + e);
};

const outOfRange = (): never => fail('22003', 'input is out of range');
const overflow = (): never => fail('22003', 'value out of range: overflow');
const underflow = (): never => fail('22003', 'value out of range: underflow');
const ofFixed = (m: bigint, p: number): number => nearest({ m, e: -p });

export function exponential(x: number): number {
  if (Number.isNaN(x)) return x;
  if (!Number.isFinite(x)) return Math.max(x, 0);
  if (x > 710) return overflow();
  if (x < -746) return underflow();
  const p = precisionFor(x);
  const result = nearest(exp(fixedOf(scaledOf(x), p), p));
  return result === 0 ? underflow() : Number.isFinite(result) ? result : overflow();
}

/** To base e, or what `ofBase` divides by. */
function logarithm(x: number, base: bigint | null): number {
  if (x === 0) fail('2201E', 'cannot take logarithm of zero');
  if (x < 0) fail('2201E', 'cannot take logarithm of a negative number');
  if (!Number.isFinite(x)) return x;
  const p = 320;
  const result = ln(scaledOf(x), p);
  return ofFixed(base === null ? result : (result << BigInt(p)) / ln({ m: base, e: 0 }, p), p);
}
export const naturalLogarithm = (x: number): number => logarithm(x, null);
export const logarithm10 = (x: number): number => logarithm(x, 10n);

/** Powers by whole numbers up to this are computed in full, since a tie may be among them. */
const WHOLE_POWER_MAX = 64;

function finitePower(x: number, y: number): number {
  if (y === 0) return 1;
  if (x === 0) return x;
  const base = scaledOf(Math.abs(x));
  const isOdd = Number.isInteger(y) && Math.abs(y % 2) === 1;
  const sign = x < 0 && isOdd ? -1 : 1;
  if (Number.isInteger(y) && y > 0 && y <= WHOLE_POWER_MAX)
    return (
      sign * nearest({ m: Array.from({ length: y }, () => base.m).reduce((a, b) => a * b), e: base.e * y })
    );
  const p = 320 + 3 * Math.abs(bitsOf(scaledOf(y).m) + scaledOf(y).e);
  const exponent = (ln(base, p) * fixedOf(scaledOf(y), p)) >> BigInt(p);
  const whole = exponent >> BigInt(p);
  if (whole > 710n) return sign * Number.POSITIVE_INFINITY;
  return whole < -746n ? 0 : sign * nearest(exp(exponent, p));
}

export function power(x: number, y: number): number {
  if (Number.isNaN(x)) return y === 0 ? 1 : x;
  if (Number.isNaN(y)) return x === 1 ? 1 : y;
  if (x === 0 && y < 0) fail('2201F', 'zero raised to a negative power is undefined');
  if (x < 0 && Number.isFinite(y) && !Number.isInteger(y))
    fail('2201F', 'a negative number raised to a non-integer power yields a complex result');
  const size = Math.abs(x);
  if (!Number.isFinite(y)) return size === 1 ? 1 : size > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0;
  if (!Number.isFinite(x)) {
    if (y === 0) return 1;
    const isOdd = Math.abs(y % 2) === 1;
    if (y < 0) return x < 0 && isOdd ? -0 : 0;
    return x < 0 && !isOdd ? -x : x;
  }
  const result = finitePower(x, y);
  if (!Number.isFinite(result)) return overflow();
  return result === 0 && x !== 0 ? underflow() : result;
}

export function cubeRoot(x: number): number {
  if (!Number.isFinite(x) || x === 0) return x;
  const { m, e } = scaledOf(Math.abs(x));
  const shift = 240 + (((e % 3) + 3) % 3);
  const value = m << BigInt(shift);
  let root = 1n << BigInt(Math.ceil(bitsOf(value) / 3) + 1);
  for (;;) {
    const next = (2n * root + value / (root * root)) / 3n;
    if (next >= root) break;
    root = next;
  }
  return Math.sign(x) * nearest({ m: root, e: (e - shift) / 3 });
}

type OfAngle = (parts: { readonly sin: bigint; readonly cos: bigint }, p: number) => number;

const quotient = (a: bigint, b: bigint, p: number): number =>
  b === 0n ? Number.POSITIVE_INFINITY * (a < 0n ? -1 : 1) : ofFixed((a << BigInt(p)) / b, p);

const OF_ANGLE = {
  sin: ({ sin }, p) => ofFixed(sin, p),
  cos: ({ cos }, p) => ofFixed(cos, p),
  tan: ({ sin, cos }, p) => quotient(sin, cos, p),
  cot: ({ sin, cos }, p) => quotient(cos, sin, p),
} as const satisfies Readonly<Record<string, OfAngle>>;

/** Of an angle in radians. */
export function trigonometric(name: keyof typeof OF_ANGLE, x: number): number {
  if (Number.isNaN(x)) return x;
  if (!Number.isFinite(x)) return outOfRange();
  if (x === 0 && name !== 'cos') return name === 'cot' ? 1 / x : x;
  const p = precisionFor(x);
  return OF_ANGLE[name](sinAndCos(fixedOf(scaledOf(x), p), p), p);
}

/** Of an angle in degrees: whole quarters are taken off before, so that 30, 45, 60 and 90 have their exact values. */
export function trigonometricOfDegrees(name: keyof typeof OF_ANGLE, x: number): number {
  if (Number.isNaN(x)) return x;
  if (!Number.isFinite(x)) return outOfRange();
  let angle = x % 360;
  let [ofSin, ofCos] = [1, 1];
  if (angle < 0) [angle, ofSin] = [-angle, -ofSin];
  if (angle > 180) [angle, ofSin] = [360 - angle, -ofSin];
  if (angle > 90) [angle, ofCos] = [180 - angle, -ofCos];
  const p = precisionFor(angle);
  const parts =
    angle === 90
      ? { sin: 1n << BigInt(p), cos: 0n }
      : sinAndCos((fixedOf(scaledOf(angle), p) * pi(p)) / (180n << BigInt(p)), p);
  const value = OF_ANGLE[name](parts, p);
  if (name === 'sin') return ofSin * value;
  if (name === 'cos') return ofCos * value;
  const signed = ofSin * ofCos * value;
  return signed === 0 ? 0 : signed;
}

/** The angle, in radians or degrees. */
function inverse(angle: bigint, p: number, isDegrees: boolean): number {
  return isDegrees ? ofFixed((angle * (180n << BigInt(p))) / pi(p), p) : ofFixed(angle, p);
}

export function arcSine(x: number, isDegrees: boolean): number {
  if (Number.isNaN(x) || x === 0) return x;
  if (Math.abs(x) > 1) return outOfRange();
  const p = precisionFor(x);
  const value = fixedOf(scaledOf(x), p);
  return inverse(angleOf(value, integerRoot((1n << BigInt(2 * p)) - value * value), p), p, isDegrees);
}

export function arcCosine(x: number, isDegrees: boolean): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) > 1) return outOfRange();
  const p = precisionFor(x);
  const value = fixedOf(scaledOf(x), p);
  return inverse(angleOf(integerRoot((1n << BigInt(2 * p)) - value * value), value, p), p, isDegrees);
}

/** The angle of the point (x, y); infinite ones count as far away. */
export function arcTangent(y: number, x: number, isDegrees: boolean): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const isBehind = x < 0 || Object.is(x, -0);
  const sign = y < 0 || Object.is(y, -0) ? -1 : 1;
  const isFlat = y === 0 || (!Number.isFinite(x) && Number.isFinite(y));
  if (isFlat && !isBehind) return sign * 0;
  const [up, along] = isFlat
    ? [0, -1]
    : Number.isFinite(y)
      ? [Math.abs(y), x]
      : [1, Number.isFinite(x) ? 0 : Math.sign(x)];
  const p = Math.max(precisionFor(up), precisionFor(along)) * 2;
  return sign * inverse(angleOf(fixedOf(scaledOf(up), p), fixedOf(scaledOf(along), p), p), p, isDegrees);
}

/** sinh, cosh and tanh. */
export function hyperbolic(name: 'sinh' | 'cosh' | 'tanh', x: number): number {
  if (Number.isNaN(x) || (x === 0 && name !== 'cosh')) return x;
  if (name === 'tanh' && Math.abs(x) > 30) return Math.sign(x);
  if (Math.abs(x) > 711)
    return name === 'cosh' || x > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const p = precisionFor(x) + 2200;
  const up = fixedOf(exp(fixedOf(scaledOf(x), p), p), p);
  const down = (1n << BigInt(2 * p)) / up;
  if (name === 'tanh') return quotient(up - down, up + down, p);
  return ofFixed((name === 'sinh' ? up - down : up + down) >> 1n, p);
}

export function inverseHyperbolic(name: 'asinh' | 'acosh' | 'atanh', x: number): number {
  if (Number.isNaN(x) || (x === 0 && name !== 'acosh')) return x;
  if (name === 'acosh' && x < 1) return outOfRange();
  if (name === 'atanh' && Math.abs(x) > 1) return outOfRange();
  if (name === 'atanh' && Math.abs(x) === 1) return x * Number.POSITIVE_INFINITY;
  if (!Number.isFinite(x)) return x;
  const p = precisionFor(x);
  const one = 1n << BigInt(p);
  const value = fixedOf(scaledOf(Math.abs(x)), p);
  if (name === 'atanh') {
    const m = ((one + value) << BigInt(p)) / (one - value);
    return Math.sign(x) * ofFixed(ln({ m, e: -p }, p) >> 1n, p);
  }
  const square = value * value + (one << BigInt(p)) * (name === 'asinh' ? 1n : -1n);
  return Math.sign(x) * ofFixed(ln({ m: value + integerRoot(square), e: -p }, p), p);
}
