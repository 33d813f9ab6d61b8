// Number functions and casts behind PostgreSQL's operators: integer overflow is 22003, division by zero 22012,
// integer division truncates, float8 overflow and underflow are errors.

import type { Value } from './access.ts';
import { fail } from './failure.ts';
import { INT4_MAX, INT4_MIN, INT8_MAX, INT8_MIN } from './integer-limits.ts';
import { big, bool, num } from './narrow.ts';
import { roundHalfEven } from './round.ts';

function int4(value: number): number {
  if (!(value >= INT4_MIN && value <= INT4_MAX)) fail('22003', 'integer out of range');
  return value === 0 ? 0 : value;
}

export function int8(value: bigint): bigint {
  if (value < INT8_MIN || value > INT8_MAX) fail('22003', 'bigint out of range');
  return value;
}

export function bigToInt4(value: bigint): number {
  if (value < INT4_MIN || value > INT4_MAX) fail('22003', 'integer out of range');
  return Number(value);
}

export const divisionByZero = (): never => fail('22012', 'division by zero');

function finite(result: number, a: number, b: number): number {
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b))
    fail('22003', 'value out of range: overflow');
  return result;
}

function multiplyFloat(a: number, b: number): number {
  const result = finite(a * b, a, b);
  if (result === 0 && a !== 0 && b !== 0) fail('22003', 'value out of range: underflow');
  return result;
}

function divideFloat(a: number, b: number): number {
  if (b === 0 && !Number.isNaN(a)) divisionByZero();
  const result = finite(a / b, a, b);
  if (result === 0 && a !== 0 && Number.isFinite(b)) fail('22003', 'value out of range: underflow');
  return result;
}

const withZeroSign = (result: number, x: number): number =>
  result === 0 && (x < 0 || Object.is(x, -0)) ? -0 : result;

function floatToInt4(x: number): number {
  const rounded = roundHalfEven(x);
  if (!(rounded >= INT4_MIN && rounded <= INT4_MAX)) fail('22003', 'integer out of range');
  return rounded === 0 ? 0 : rounded;
}

const TWO_63 = 2 ** 63;

function floatToInt8(x: number): bigint {
  const rounded = roundHalfEven(x);
  if (!(rounded >= -TWO_63 && rounded < TWO_63)) fail('22003', 'bigint out of range');
  return BigInt(rounded);
}

function squareRoot(x: number): number {
  if (x < 0) fail('2201F', 'cannot take square root of a negative number');
  return Math.sqrt(x);
}

export const NUMBER_BUILTINS = {
  int4Add: (a: Value, b: Value): Value => int4(num(a) + num(b)),
  int4Subtract: (a: Value, b: Value): Value => int4(num(a) - num(b)),
  /** A product that a double cannot hold exactly is out of range anyway. */
  int4Multiply: (a: Value, b: Value): Value => int4(num(a) * num(b)),
  int4Divide: (a: Value, b: Value): Value => (b === 0 ? divisionByZero() : int4(Math.trunc(num(a) / num(b)))),
  int4Modulo: (a: Value, b: Value): Value => (b === 0 ? divisionByZero() : int4(num(a) % num(b))),
  int4Minus: (a: Value): Value => int4(-num(a)),
  int4Abs: (a: Value): Value => int4(Math.abs(num(a))),
  int8Add: (a: Value, b: Value): Value => int8(big(a) + big(b)),
  int8Subtract: (a: Value, b: Value): Value => int8(big(a) - big(b)),
  int8Multiply: (a: Value, b: Value): Value => int8(big(a) * big(b)),
  int8Divide: (a: Value, b: Value): Value => (b === 0n ? divisionByZero() : int8(big(a) / big(b))),
  int8Modulo: (a: Value, b: Value): Value => (b === 0n ? divisionByZero() : big(a) % big(b)),
  int4BitAnd: (a: Value, b: Value): Value => num(a) & num(b),
  int4BitOr: (a: Value, b: Value): Value => num(a) | num(b),
  int4BitXor: (a: Value, b: Value): Value => num(a) ^ num(b),
  int8BitAnd: (a: Value, b: Value): Value => big(a) & big(b),
  int8BitOr: (a: Value, b: Value): Value => big(a) | big(b),
  int8BitXor: (a: Value, b: Value): Value => big(a) ^ big(b),
  int8Minus: (a: Value): Value => int8(-big(a)),
  int8Abs: (a: Value): Value => int8(big(a) < 0n ? -big(a) : big(a)),
  float8Add: (a: Value, b: Value): Value => finite(num(a) + num(b), num(a), num(b)),
  float8Subtract: (a: Value, b: Value): Value => finite(num(a) - num(b), num(a), num(b)),
  float8Multiply: (a: Value, b: Value): Value => multiplyFloat(num(a), num(b)),
  float8Divide: (a: Value, b: Value): Value => divideFloat(num(a), num(b)),
  float8Minus: (a: Value): Value => -num(a),
  float8Abs: (a: Value): Value => Math.abs(num(a)),
  float8Ceil: (a: Value): Value => Math.ceil(num(a)),
  float8Floor: (a: Value): Value => Math.floor(num(a)),
  float8Round: (a: Value): Value => withZeroSign(roundHalfEven(num(a)), num(a)),
  float8Trunc: (a: Value): Value => Math.trunc(num(a)),
  float8Sign: (a: Value): Value => (num(a) > 0 ? 1 : num(a) < 0 ? -1 : 0),
  float8Sqrt: (a: Value): Value => squareRoot(num(a)),
  int4ToInt8: (a: Value): Value => BigInt(num(a)),
  int4ToFloat8: (a: Value): Value => num(a),
  int4ToBool: (a: Value): Value => a !== 0,
  int8ToInt4: (a: Value): Value => bigToInt4(big(a)),
  int8ToFloat8: (a: Value): Value => Number(big(a)),
  float8ToInt4: (a: Value): Value => floatToInt4(num(a)),
  float8ToInt8: (a: Value): Value => floatToInt8(num(a)),
  boolToInt4: (a: Value): Value => (bool(a) ? 1 : 0),
};
