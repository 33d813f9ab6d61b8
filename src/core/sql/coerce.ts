// Making an expression be of a type: literals and parameters are read as that type at once, all else gets a cast.

import { AssertionError } from '../../base/assert.ts';
import type { ColumnType } from './access.ts';
import { type Analysis, decideParam } from './analysis.ts';
import type { FunctionName } from './builtins.ts';
import { atDecimal } from './builtins-number.ts';
import { type ConstExpr, type Expr, makeConst } from './expression.ts';
import { fail } from './failure.ts';
import { INT4_MAX, INT4_MIN, parseValue } from './text-form.ts';
import { commonType, isAssignable, isCastable, isImplicit, type SqlType, TYPE_NAMES } from './types.ts';

const CASTS: Readonly<Record<ColumnType, Readonly<Partial<Record<ColumnType, FunctionName>>>>> = {
  int4: { int8: 'int4ToInt8', float8: 'int4ToFloat8', text: 'int4ToText', bool: 'int4ToBool' },
  int8: { int4: 'int8ToInt4', float8: 'int8ToFloat8', text: 'int8ToText' },
  float8: { int4: 'float8ToInt4', int8: 'float8ToInt8', text: 'float8ToText' },
  bool: { int4: 'boolToInt4', text: 'boolToText' },
  text: { int4: 'textToInt4', int8: 'textToInt8', float8: 'textToFloat8', bool: 'textToBool' },
};

/** The expression as `type`. The caller has made sure that a cast exists. */
export function coerce(analysis: Analysis, e: Expr, type: ColumnType): Expr {
  if (e.type === type) return e;
  if (e.type === 'unknown') return coerceUnknown(analysis, e, type);
  if (e.kind === 'const' && e.decimal !== null && (type === 'int4' || type === 'int8'))
    return roundLiteral(e, e.decimal, type);
  const fn = CASTS[e.type][type];
  if (fn === undefined) throw new AssertionError(`no cast from ${e.type} to ${type}`);
  return { kind: 'call', type, fn, args: [e], at: e.at };
}

function coerceUnknown(analysis: Analysis, e: Expr, type: ColumnType): Expr {
  if (e.kind === 'param') {
    decideParam(analysis, e.number, type, e.at);
    return { ...e, type };
  }
  if (e.kind !== 'const') throw new AssertionError(`${e.kind} of unknown type`);
  const value = typeof e.value === 'string' ? parseValue(type, e.value, e.at) : null;
  return makeConst(type, value, e.at);
}

/** A literal that PostgreSQL reads as numeric becomes an integer by rounding half away from zero. */
function roundLiteral(e: ConstExpr, decimal: string, type: 'int4' | 'int8'): Expr {
  const value = typeof e.value === 'number' ? e.value : Number(decimal);
  const rounded = BigInt(atDecimal(value, 0, 'round'));
  if (type === 'int8') {
    if (rounded !== BigInt.asIntN(64, rounded)) fail('22003', 'bigint out of range');
    return makeConst(type, rounded, e.at);
  }
  if (rounded < INT4_MIN || rounded > INT4_MAX) fail('22003', 'integer out of range');
  return makeConst(type, Number(rounded), e.at);
}

/** What is still untyped at the end is text. */
export const resolveUnknown = (analysis: Analysis, e: Expr): Expr =>
  e.type === 'unknown' ? coerce(analysis, e, 'text') : e;

/** The type, where it can no longer be unknown. */
export function settledType(e: Expr): ColumnType {
  if (e.type === 'unknown') throw new AssertionError('an expression of unknown type');
  return e.type;
}

/** `CAST(e AS type)`; 42846 when there is none. */
export function castExplicitly(analysis: Analysis, e: Expr, type: ColumnType, at: number): Expr {
  if (!isCastable(e.type, type))
    fail('42846', `cannot cast type ${TYPE_NAMES[e.type]} to ${TYPE_NAMES[type]}`, at);
  // A literal said to be float8 is numeric no longer.
  if (e.kind === 'const' && e.decimal !== null && type === 'float8') return { ...e, decimal: null };
  return coerce(analysis, e, type);
}

/** The expression as the argument of a clause that wants `type`: `argument of WHERE must be type boolean …`. */
export function coerceArgument(analysis: Analysis, e: Expr, type: ColumnType, clause: string): Expr {
  const fits = type === 'int8' ? isAssignable(e.type, type) : isImplicit(e.type, type);
  if (!fits)
    fail(
      '42804',
      `argument of ${clause} must be type ${TYPE_NAMES[type]}, not type ${TYPE_NAMES[e.type]}`,
      e.at,
    );
  return coerce(analysis, e, type);
}

/** The expression as a value for a column. */
export function coerceToColumn(analysis: Analysis, e: Expr, type: ColumnType, column: string): Expr {
  if (!isAssignable(e.type, type)) {
    const is = `column "${column}" is of type ${TYPE_NAMES[type]}`;
    fail('42804', `${is} but expression is of type ${TYPE_NAMES[e.type]}`, e.at);
  }
  return coerce(analysis, e, type);
}

/** All expressions as their common type: CASE, COALESCE, GREATEST, VALUES. */
export function coerceToCommon(
  analysis: Analysis,
  list: readonly Expr[],
  construct: string,
): readonly Expr[] {
  const types = list.map((e) => e.type);
  const common = commonType(types);
  if (typeof common !== 'string') mismatch(list, common.mismatch, construct);
  else return list.map((e) => coerce(analysis, e, common));
  return [];
}

function mismatch(list: readonly Expr[], index: number, construct: string): never {
  const culprit = list[index];
  const earlier = list.slice(0, index).map((e) => e.type);
  const soFar = commonType(earlier);
  const other: SqlType = typeof soFar === 'string' ? soFar : 'unknown';
  const types = `${TYPE_NAMES[other]} and ${TYPE_NAMES[culprit?.type ?? 'unknown']}`;
  return fail('42804', `${construct} types ${types} cannot be matched`, culprit?.at);
}
