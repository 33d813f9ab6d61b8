// Constants of the syntax tree. A literal with a decimal point or beyond bigint is numeric in PostgreSQL, float8 here.

import { type Expr, makeConst } from './expression.ts';
import { fail, unsupported } from './failure.ts';
import { INT4_MAX, INT4_MIN, INT8_MAX, INT8_MIN } from './text-form.ts';
import {
  type Fields,
  fieldsOf,
  flagOf,
  has,
  integerOf,
  locationOf,
  onlyFields,
  optionalText,
} from './tree.ts';

const A_CONST = new Set(['ival', 'fval', 'boolval', 'sval', 'isnull', 'location']);
const NUMBER = /^-?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^-?(?:\d[\d_]*|0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+)$/;
/** Digits of a number literal; longer ones are refused. */
const LITERAL_LENGTH_MAX = 400;

export function readConstant(fields: Fields): Expr {
  if (has(fields, 'bsval')) unsupported('a bit string', locationOf(fields));
  onlyFields(fields, A_CONST, 'a constant');
  const at = locationOf(fields);
  if (flagOf(fields, 'isnull')) return makeConst('unknown', null, at);
  if (has(fields, 'ival')) {
    const value = integerOf(fieldsOf(fields, 'ival'), 'ival');
    if (value < INT4_MIN || value > INT4_MAX) fail('08P01', 'malformed syntax tree: ival');
    return makeConst('int4', value, at);
  }
  if (has(fields, 'boolval')) return makeConst('bool', flagOf(fieldsOf(fields, 'boolval'), 'boolval'), at);
  if (has(fields, 'sval'))
    return makeConst('unknown', optionalText(fieldsOf(fields, 'sval'), 'sval') ?? '', at);
  return readNumber(optionalText(fieldsOf(fields, 'fval'), 'fval') ?? '', at);
}

function readNumber(text: string, at: number): Expr {
  if (text.length > LITERAL_LENGTH_MAX) fail('54000', 'number literal too long', at);
  const digits = text.replaceAll('_', '');
  if (INTEGER.test(text)) {
    const value = digits.startsWith('-') ? -BigInt(digits.slice(1)) : BigInt(digits);
    // −2147483648 arrives here, because its digits alone are beyond int4.
    if (value >= INT4_MIN && value <= INT4_MAX) return makeConst('int4', Number(value), at);
    if (value >= INT8_MIN && value <= INT8_MAX) return makeConst('int8', value, at);
    return decimal(Number(value), value.toString(), at);
  }
  if (!NUMBER.test(text)) fail('08P01', 'malformed syntax tree: fval');
  return decimal(Number(digits), digits, at);
}

function decimal(value: number, digits: string, at: number): Expr {
  if (!Number.isFinite(value)) fail('22003', `"${digits}" is out of range for type double precision`, at);
  return { kind: 'const', type: 'float8', value: value === 0 ? 0 : value, decimal: digits, at };
}
