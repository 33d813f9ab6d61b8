// Functions and casts of smallint and real behind PostgreSQL's operators. What leaves the range is 22003.

import type { Numeric, Value } from './access.ts';
import { divisionByZero } from './builtins-number.ts';
import { fail } from './failure.ts';
import { INT2_MAX, INT2_MIN, INT4_MAX, INT4_MIN } from './integer-limits.ts';
import { big, dec, num, real } from './narrow.ts';
import { formatNumeric, fromFloat, toFloat, toInteger } from './numeric.ts';
import { toReal } from './real.ts';
import { roundHalfEven } from './round.ts';

function int2(value: number): number {
  if (!(value >= INT2_MIN && value <= INT2_MAX)) fail('22003', 'smallint out of range');
  return value === 0 ? 0 : value;
}

/** The result of an operation on two reals; only what was finite can overflow, only what was not 0 underflow. */
function rounded(result: number, a: number, b: number, mayVanish: boolean): Value {
  if (!Number.isFinite(result) || Number.isNaN(result)) {
    if (Number.isFinite(a) && Number.isFinite(b)) fail('22003', 'value out of range: overflow');
    return { kind: 'real', value: result };
  }
  const value = Math.fround(result);
  if (!Number.isFinite(value)) fail('22003', 'value out of range: overflow');
  if (value === 0 && mayVanish) fail('22003', 'value out of range: underflow');
  return { kind: 'real', value };
}

function divideReal(a: number, b: number): Value {
  if (b === 0 && !Number.isNaN(a)) return divisionByZero();
  return rounded(a / b, a, b, a !== 0 && Number.isFinite(b));
}

function numericToReal(a: Numeric): Value {
  const value = toFloat(a);
  const rounded = Math.fround(value);
  if ((Number.isFinite(value) && !Number.isFinite(rounded)) || (rounded === 0 && value !== 0))
    fail('22003', `"${formatNumeric(a)}" is out of range for type real`);
  return { kind: 'real', value: rounded };
}

/** Digits of a real that PostgreSQL's cast to numeric keeps (FLT_DIG). */
const REAL_DIGITS = 6;

function toWhole(x: number, least: number, end: number, type: string): number {
  const value = roundHalfEven(x);
  if (!(value >= least && value < end)) fail('22003', `${type} out of range`);
  return value === 0 ? 0 : value;
}

export const SMALL_BUILTINS = {
  int2Add: (a: Value, b: Value): Value => int2(num(a) + num(b)),
  int2Subtract: (a: Value, b: Value): Value => int2(num(a) - num(b)),
  int2Multiply: (a: Value, b: Value): Value => int2(num(a) * num(b)),
  int2Divide: (a: Value, b: Value): Value => (b === 0 ? divisionByZero() : int2(Math.trunc(num(a) / num(b)))),
  int2Modulo: (a: Value, b: Value): Value => (b === 0 ? divisionByZero() : int2(num(a) % num(b))),
  int2Minus: (a: Value): Value => int2(-num(a)),
  int2Abs: (a: Value): Value => int2(Math.abs(num(a))),
  int2ToInt4: (a: Value): Value => num(a),
  int2ToInt8: (a: Value): Value => BigInt(num(a)),
  int2ToFloat4: (a: Value): Value => toReal(num(a)),
  int2ToFloat8: (a: Value): Value => num(a),
  int4ToInt2: (a: Value): Value => int2(num(a)),
  int8ToInt2: (a: Value): Value => int2(Number(big(a))),
  numericToInt2: (a: Value): Value => int2(Number(toInteger(dec(a), 'smallint'))),
  float8ToInt2: (a: Value): Value => toWhole(num(a), INT2_MIN, INT2_MAX + 1, 'smallint'),
  float4Add: (a: Value, b: Value): Value => rounded(real(a) + real(b), real(a), real(b), false),
  float4Subtract: (a: Value, b: Value): Value => rounded(real(a) - real(b), real(a), real(b), false),
  float4Multiply: (a: Value, b: Value): Value =>
    rounded(real(a) * real(b), real(a), real(b), real(a) !== 0 && real(b) !== 0),
  float4Divide: (a: Value, b: Value): Value => divideReal(real(a), real(b)),
  float4Minus: (a: Value): Value => ({ kind: 'real', value: -real(a) }),
  float4Abs: (a: Value): Value => ({ kind: 'real', value: Math.abs(real(a)) }),
  float4ToInt2: (a: Value): Value => toWhole(real(a), INT2_MIN, INT2_MAX + 1, 'smallint'),
  float4ToInt4: (a: Value): Value => toWhole(real(a), INT4_MIN, INT4_MAX + 1, 'integer'),
  float4ToInt8: (a: Value): Value => BigInt(toWhole(real(a), -(2 ** 63), 2 ** 63, 'bigint')),
  float4ToFloat8: (a: Value): Value => real(a),
  float4ToNumeric: (a: Value): Value => fromFloat(real(a), REAL_DIGITS),
  int4ToFloat4: (a: Value): Value => toReal(num(a)),
  int8ToFloat4: (a: Value): Value => toReal(Number(big(a))),
  float8ToFloat4: (a: Value): Value => toReal(num(a)),
  numericToFloat4: (a: Value): Value => numericToReal(dec(a)),
};
