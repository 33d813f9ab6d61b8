// Functions and casts of numeric behind PostgreSQL's operators.

import type { Value } from './access.ts';
import { bigToInt4, int8 } from './builtins-number.ts';
import { big, dec, num } from './narrow.ts';
import { fitTypmod, fromFloat, numericOf, round, toFloat, toInteger, truncate } from './numeric.ts';
import {
  absolute,
  add,
  ceil,
  divide,
  floor,
  modulo,
  multiply,
  negate,
  sign,
  subtract,
} from './numeric-arithmetic.ts';
import { squareRoot } from './numeric-functions.ts';

export const NUMERIC_BUILTINS = {
  numericAdd: (a: Value, b: Value): Value => add(dec(a), dec(b)),
  numericSubtract: (a: Value, b: Value): Value => subtract(dec(a), dec(b)),
  numericMultiply: (a: Value, b: Value): Value => multiply(dec(a), dec(b)),
  numericDivide: (a: Value, b: Value): Value => divide(dec(a), dec(b)),
  numericModulo: (a: Value, b: Value): Value => modulo(dec(a), dec(b)),
  numericMinus: (a: Value): Value => negate(dec(a)),
  numericAbs: (a: Value): Value => absolute(dec(a)),
  numericCeil: (a: Value): Value => ceil(dec(a)),
  numericFloor: (a: Value): Value => floor(dec(a)),
  numericRound: (a: Value): Value => round(dec(a), 0),
  numericRoundTo: (a: Value, places: Value): Value => round(dec(a), num(places)),
  numericTrunc: (a: Value): Value => truncate(dec(a), 0),
  numericTruncTo: (a: Value, places: Value): Value => truncate(dec(a), num(places)),
  numericSign: (a: Value): Value => sign(dec(a)),
  numericSqrt: (a: Value): Value => squareRoot(dec(a)),
  numericToTypmod: (a: Value, typmod: Value): Value => fitTypmod(dec(a), num(typmod)),
  int4ToNumeric: (a: Value): Value => numericOf(BigInt(num(a))),
  int8ToNumeric: (a: Value): Value => numericOf(big(a)),
  float8ToNumeric: (a: Value): Value => fromFloat(num(a)),
  numericToInt4: (a: Value): Value => bigToInt4(toInteger(dec(a), 'integer')),
  numericToInt8: (a: Value): Value => int8(toInteger(dec(a), 'bigint')),
  numericToFloat8: (a: Value): Value => toFloat(dec(a)),
};
