// Constants of the syntax tree. A number with a decimal point, an exponent or beyond bigint is numeric.

import { type Expr, makeConst } from './expression.ts';
import { fail, unsupported } from './failure.ts';
import { INT4_MAX, INT4_MIN, INT8_MAX, INT8_MIN } from './integer-limits.ts';
import { isInteger, parseNumber } from './text-form.ts';
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
  const number = parseNumber(text, at) ?? fail('08P01', 'malformed syntax tree: fval');
  const { digits } = number;
  if (!isInteger(text)) return makeConst('numeric', number, at);
  // −2147483648 arrives here, because its digits alone are beyond int4.
  if (digits >= INT4_MIN && digits <= INT4_MAX) return makeConst('int4', Number(digits), at);
  if (digits >= INT8_MIN && digits <= INT8_MAX) return makeConst('int8', digits, at);
  return makeConst('numeric', number, at);
}
