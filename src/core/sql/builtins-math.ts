// Mathematical functions of double precision and numeric, a line each.

import type { Value } from './access.ts';
import { int8 } from './builtins-number.ts';
import { fail } from './failure.ts';
import * as floats from './float-functions.ts';
import { define, type TableFunction } from './function-table.ts';
import { big, dec, num } from './narrow.ts';
import { numericOf, withoutTrailingZeros } from './numeric.ts';
import * as numerics from './numeric-functions.ts';

const TEN = numericOf(10n);

const ofFloat = (name: string, body: (x: number) => number): TableFunction =>
  define(name, 'float8', 'float8', (a) => body(num(a)));

function leastMultiple(a: bigint, b: bigint): bigint {
  if (a === 0n || b === 0n) return 0n;
  const product = (a / numerics.greatestDivisor(a, b)) * b;
  return product < 0n ? -product : product;
}

function inInt4(value: bigint): Value {
  if (value > 2_147_483_647n) fail('22003', 'integer out of range');
  return Number(value);
}

function floatBucket(x: number, from: number, to: number, count: number): number {
  if (count <= 0) fail('2201G', 'count must be greater than zero');
  if ([x, from, to].some(Number.isNaN)) fail('2201G', 'operand, lower bound, and upper bound cannot be NaN');
  if (!Number.isFinite(from) || !Number.isFinite(to)) fail('2201G', 'lower and upper bounds must be finite');
  if (from === to) fail('2201G', 'lower bound cannot equal upper bound');
  const isUp = from < to;
  if (isUp ? x < from : x > from) return 0;
  if (isUp ? x >= to : x <= to) return Number(inInt4(BigInt(count) + 1n));
  const isWide = !Number.isFinite(to - from);
  const part = isWide ? (x / 2 - from / 2) / (to / 2 - from / 2) : (x - from) / (to - from);
  return Math.min(Math.trunc(count * part), count - 1) + 1;
}

// biome-ignore lint/suspicious/noApproximativeNumericConstant: core reads no constants of Math
const PI = 3.141592653589793;
const RADIANS_OF_DEGREE = 0.017453292519943295;

function degrees(x: number): number {
  const result = x / RADIANS_OF_DEGREE;
  if (!Number.isFinite(result) && Number.isFinite(x)) fail('22003', 'value out of range: overflow');
  return result;
}

export const MATH = {
  float8Exp: ofFloat('exp', floats.exponential),
  float8Ln: ofFloat('ln', floats.naturalLogarithm),
  float8Log: ofFloat('log', floats.logarithm10),
  float8Log10: ofFloat('log10', floats.logarithm10),
  float8Cbrt: ofFloat('cbrt', floats.cubeRoot),
  float8CubeRoot: ofFloat('||/', floats.cubeRoot),
  float8SquareRoot: ofFloat('|/', (x) =>
    x < 0 ? fail('2201F', 'cannot take square root of a negative number') : Math.sqrt(x),
  ),
  float8Power: define('power', 'float8 float8', 'float8', (a, b) => floats.power(num(a), num(b))),
  float8Pow: define('pow', 'float8 float8', 'float8', (a, b) => floats.power(num(a), num(b))),
  float8Raise: define('^', 'float8 float8', 'float8', (a, b) => floats.power(num(a), num(b))),
  float8Sin: ofFloat('sin', (x) => floats.trigonometric('sin', x)),
  float8Cos: ofFloat('cos', (x) => floats.trigonometric('cos', x)),
  float8Tan: ofFloat('tan', (x) => floats.trigonometric('tan', x)),
  float8Cot: ofFloat('cot', (x) => floats.trigonometric('cot', x)),
  float8Sind: ofFloat('sind', (x) => floats.trigonometricOfDegrees('sin', x)),
  float8Cosd: ofFloat('cosd', (x) => floats.trigonometricOfDegrees('cos', x)),
  float8Tand: ofFloat('tand', (x) => floats.trigonometricOfDegrees('tan', x)),
  float8Cotd: ofFloat('cotd', (x) => floats.trigonometricOfDegrees('cot', x)),
  float8Asin: ofFloat('asin', (x) => floats.arcSine(x, false)),
  float8Acos: ofFloat('acos', (x) => floats.arcCosine(x, false)),
  float8Atan: ofFloat('atan', (x) => floats.arcTangent(x, 1, false)),
  float8Atan2: define('atan2', 'float8 float8', 'float8', (a, b) => floats.arcTangent(num(a), num(b), false)),
  float8Asind: ofFloat('asind', (x) => floats.arcSine(x, true)),
  float8Acosd: ofFloat('acosd', (x) => floats.arcCosine(x, true)),
  float8Atand: ofFloat('atand', (x) => floats.arcTangent(x, 1, true)),
  float8Atan2d: define('atan2d', 'float8 float8', 'float8', (a, b) =>
    floats.arcTangent(num(a), num(b), true),
  ),
  float8Sinh: ofFloat('sinh', (x) => floats.hyperbolic('sinh', x)),
  float8Cosh: ofFloat('cosh', (x) => floats.hyperbolic('cosh', x)),
  float8Tanh: ofFloat('tanh', (x) => floats.hyperbolic('tanh', x)),
  float8Asinh: ofFloat('asinh', (x) => floats.inverseHyperbolic('asinh', x)),
  float8Acosh: ofFloat('acosh', (x) => floats.inverseHyperbolic('acosh', x)),
  float8Atanh: ofFloat('atanh', (x) => floats.inverseHyperbolic('atanh', x)),
  float8Degrees: ofFloat('degrees', (x) => degrees(x)),
  float8Radians: ofFloat('radians', (x) => x * RADIANS_OF_DEGREE),
  float8Pi: define('pi', '', 'float8', () => PI),
  float8Bucket: define('width_bucket', 'float8 float8 float8 int4', 'int4', (x, from, to, count) =>
    floatBucket(num(x), num(from), num(to), num(count)),
  ),

  numericExp: define('exp', 'numeric', 'numeric', (a) => numerics.exponential(dec(a))),
  numericLn: define('ln', 'numeric', 'numeric', (a) => numerics.naturalLog(dec(a))),
  numericLog10: define('log', 'numeric', 'numeric', (a) => numerics.logarithm(TEN, dec(a))),
  numericLogTen: define('log10', 'numeric', 'numeric', (a) => numerics.logarithm(TEN, dec(a))),
  numericLog: define('log', 'numeric numeric', 'numeric', (a, b) => numerics.logarithm(dec(a), dec(b))),
  numericPower: define('power', 'numeric numeric', 'numeric', (a, b) => numerics.power(dec(a), dec(b))),
  numericPow: define('pow', 'numeric numeric', 'numeric', (a, b) => numerics.power(dec(a), dec(b))),
  numericRaise: define('^', 'numeric numeric', 'numeric', (a, b) => numerics.power(dec(a), dec(b))),
  numericDiv: define('div', 'numeric numeric', 'numeric', (a, b) => numerics.wholeQuotient(dec(a), dec(b))),
  int4Gcd: define('gcd', 'int4 int4', 'int4', (a, b) =>
    inInt4(numerics.greatestDivisor(BigInt(num(a)), BigInt(num(b)))),
  ),
  int8Gcd: define('gcd', 'int8 int8', 'int8', (a, b) => int8(numerics.greatestDivisor(big(a), big(b)))),
  numericGcd: define('gcd', 'numeric numeric', 'numeric', (a, b) => numerics.divisorOf(dec(a), dec(b))),
  int4Lcm: define('lcm', 'int4 int4', 'int4', (a, b) =>
    inInt4(leastMultiple(BigInt(num(a)), BigInt(num(b)))),
  ),
  int8Lcm: define('lcm', 'int8 int8', 'int8', (a, b) => int8(leastMultiple(big(a), big(b)))),
  numericLcm: define('lcm', 'numeric numeric', 'numeric', (a, b) => numerics.multipleOf(dec(a), dec(b))),
  factorial: define('factorial', 'int8', 'numeric', (a) => numerics.factorial(big(a))),
  numericScale: define('scale', 'numeric', 'int4', (a) => (dec(a).scale < 0 ? null : dec(a).scale)),
  numericMinScale: define('min_scale', 'numeric', 'int4', (a) =>
    dec(a).scale < 0 ? null : withoutTrailingZeros(dec(a)).scale,
  ),
  numericTrimScale: define('trim_scale', 'numeric', 'numeric', (a) => withoutTrailingZeros(dec(a))),
  numericBucket: define('width_bucket', 'numeric numeric numeric int4', 'int4', (x, from, to, count) =>
    numerics.bucketOf(dec(x), dec(from), dec(to), num(count)),
  ),

  int2ShiftLeft: define('<<', 'int2 int4', 'int2', (a, by) => ((num(a) << (num(by) & 31)) << 16) >> 16),
  int4ShiftLeft: define('<<', 'int4 int4', 'int4', (a, by) => num(a) << (num(by) & 31)),
  int8ShiftLeft: define('<<', 'int8 int4', 'int8', (a, by) =>
    BigInt.asIntN(64, big(a) << BigInt(num(by) & 63)),
  ),
  int2ShiftRight: define('>>', 'int2 int4', 'int2', (a, by) => num(a) >> (num(by) & 31)),
  int4ShiftRight: define('>>', 'int4 int4', 'int4', (a, by) => num(a) >> (num(by) & 31)),
  int8ShiftRight: define('>>', 'int8 int4', 'int8', (a, by) => big(a) >> BigInt(num(by) & 63)),
  int2BitNot: define('~', 'int2', 'int2', (a) => ~num(a)),
  int4BitNot: define('~', 'int4', 'int4', (a) => ~num(a)),
  int8BitNot: define('~', 'int8', 'int8', (a) => ~big(a)),
} satisfies Readonly<Record<string, TableFunction>>;
