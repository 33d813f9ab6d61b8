// Making an expression be of a type: literals and parameters are read as that type at once, all else gets a cast.

import { AssertionError } from '../../base/assert.ts';
import type { ColumnDef, ColumnType, DeclaredType } from './access.ts';
import { type Analysis, decideParam } from './analysis.ts';
import { type FunctionName, makeCall } from './builtins.ts';
import { castsBetween } from './casts.ts';
import { isEnum } from './enum-type.ts';
import { type Expr, makeConst, partsOf } from './expression.ts';
import { fail } from './failure.ts';
import { parseInterval } from './interval-form.ts';
import { fieldsOfTypmod } from './moment-typmod.ts';
import { parseValue } from './text-form.ts';
import {
  categoryOf,
  commonType,
  elementOf,
  isArray,
  isAssignable,
  isCastable,
  isImplicit,
  isMoment,
  type SqlType,
  typeName,
} from './types.ts';

/** The expression as `type`. The caller has made sure that a cast exists. */
export function coerce(analysis: Analysis, e: Expr, type: ColumnType): Expr {
  if (e.type === type) return e;
  if (e.type === 'unknown') return coerceUnknown(analysis, e, type);
  if (isArray(type)) {
    const args = [e, makeConst('text', elementOf(type), e.at)];
    return makeCall(type, isArray(e.type) ? 'arrayCast' : 'textToArray', args, e.at);
  }
  if (isArray(e.type) || isEnum(e.type)) return coerce(analysis, makeCall('text', 'toText', [e], e.at), type);
  if (isEnum(type))
    return makeCall(type, 'textToEnum', [coerce(analysis, e, 'text'), makeConst('text', type, e.at)], e.at);
  const functions = castsBetween(e.type, type);
  if (functions.length === 0) throw new AssertionError(`no cast from ${e.type} to ${type}`);
  return functions.reduce<Expr>(
    (arg, fn, i) => makeCall(i === functions.length - 1 ? type : 'text', fn, [arg], e.at),
    e,
  );
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

/** What is still untyped at the end is text. */
export const resolveUnknown = (analysis: Analysis, e: Expr): Expr =>
  e.type === 'unknown' ? coerce(analysis, e, 'text') : e;

/** The type, where it can no longer be unknown. */
export function settledType(e: Expr): ColumnType {
  if (e.type === 'unknown') throw new AssertionError('an expression of unknown type');
  return e.type;
}

/** `CAST(e AS type)`; 42846 when there is none. */
export function castExplicitly(analysis: Analysis, e: Expr, to: DeclaredType, at: number): Expr {
  const { type } = to;
  if (!isCastable(e.type, type))
    fail('42846', `cannot cast type ${typeName(e.type)} to ${typeName(type)}`, at);
  return coerceDeclared(analysis, e, to, true);
}

/**
 * The expression as a declared type: what has a precision and scale is rounded to them; a text that is too long is refused
 * when it is stored, and cut by a cast that the statement asks for.
 */
function coerceDeclared(analysis: Analysis, e: Expr, { type, typmod }: DeclaredType, mayCut: boolean): Expr {
  // A number in an interval's text is of the field that its type ends with.
  const isText = type === 'interval' && e.kind === 'const' && e.type === 'unknown';
  const text = isText && typeof e.value === 'string' ? e.value : null;
  const value =
    text === null || typmod === undefined
      ? coerce(analysis, e, type)
      : makeConst(type, parseInterval(text, e.at, fieldsOfTypmod(typmod)), e.at);
  if (typmod === undefined) return value;
  const args = [value, makeConst('int4', typmod, e.at)];
  return makeCall(type, fitOf(type, mayCut), args, e.at);
}

function fitOf(type: ColumnType, mayCut: boolean): FunctionName {
  if (isArray(type)) return mayCut ? 'arrayCut' : 'arrayFit';
  if (type === 'numeric') return 'numericToTypmod';
  if (type === 'interval') return 'intervalFit';
  if (type === 'time') return 'timeFit';
  if (isMoment(type)) return 'momentFit';
  if (type === 'bpchar') return mayCut ? 'charCut' : 'charFit';
  return mayCut ? 'varcharCut' : 'varcharFit';
}

/** The expression as the argument of a clause that wants `type`: `argument of WHERE must be type boolean …`. */
export function coerceArgument(analysis: Analysis, e: Expr, type: ColumnType, clause: string): Expr {
  const fits = type === 'int8' ? isAssignable(e.type, type) : isImplicit(e.type, type);
  if (!fits)
    fail('42804', `argument of ${clause} must be type ${typeName(type)}, not type ${typeName(e.type)}`, e.at);
  return coerce(analysis, e, type);
}

/** 42P10 for a clause that has one value for all rows. */
export function checkNoColumns(e: Expr, clause: string): void {
  if (e.kind === 'column') fail('42P10', `argument of ${clause} must not contain variables`, e.at);
  for (const part of partsOf(e)) checkNoColumns(part, clause);
}

/** The expression as a value for a column. */
export function coerceToColumn(analysis: Analysis, e: Expr, column: ColumnDef): Expr {
  if (!isAssignable(e.type, column.type)) {
    const is = `column "${column.name}" is of type ${typeName(column.type)}`;
    fail('42804', `${is} but expression is of type ${typeName(e.type)}`, e.at);
  }
  return coerceDeclared(analysis, e, column, false);
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
  if (categoryOf(other) === categoryOf(culprit?.type ?? 'unknown')) {
    const types = `${typeName(culprit?.type ?? 'unknown')} to ${typeName(other)}`;
    return fail('42846', `${construct} could not convert type ${types}`, culprit?.at);
  }
  const types = `${typeName(other)} and ${typeName(culprit?.type ?? 'unknown')}`;
  return fail('42804', `${construct} types ${types} cannot be matched`, culprit?.at);
}
