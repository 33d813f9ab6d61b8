// Making an expression be of a type: literals and parameters are read as that type at once, all else gets a cast.

import { AssertionError } from '../../base/assert.ts';
import type { ColumnDef, ColumnType, DeclaredType } from './access.ts';
import { type Analysis, decideParam } from './analysis.ts';
import { type FunctionName, makeCall } from './builtins.ts';
import { type Expr, makeConst, partsOf } from './expression.ts';
import { fail } from './failure.ts';
import { parseValue } from './text-form.ts';
import { commonType, isAssignable, isCastable, isImplicit, type SqlType, TYPE_NAMES } from './types.ts';

const FROM_TEXT = {
  int2: 'textToInt2',
  int4: 'textToInt4',
  int8: 'textToInt8',
  numeric: 'textToNumeric',
  float4: 'textToFloat4',
  float8: 'textToFloat8',
  bool: 'textToBool',
  date: 'textToDate',
  timestamp: 'textToTimestamp',
  timestamptz: 'textToTimestamptz',
  uuid: 'textToUuid',
  bytea: 'textToBytea',
  bpchar: 'textToChar',
} as const;

type Casts = Readonly<Partial<Record<ColumnType, FunctionName>>>;

const CASTS: Readonly<Record<ColumnType, Casts>> = {
  int2: {
    int4: 'int2ToInt4',
    int8: 'int2ToInt8',
    numeric: 'int4ToNumeric',
    float4: 'int2ToFloat4',
    float8: 'int2ToFloat8',
    text: 'toText',
  },
  int4: {
    int2: 'int4ToInt2',
    int8: 'int4ToInt8',
    numeric: 'int4ToNumeric',
    float4: 'int4ToFloat4',
    float8: 'int4ToFloat8',
    text: 'int4ToText',
    bool: 'int4ToBool',
  },
  int8: {
    int2: 'int8ToInt2',
    int4: 'int8ToInt4',
    numeric: 'int8ToNumeric',
    float4: 'int8ToFloat4',
    float8: 'int8ToFloat8',
    text: 'int8ToText',
  },
  numeric: {
    int2: 'numericToInt2',
    int4: 'numericToInt4',
    int8: 'numericToInt8',
    float4: 'numericToFloat4',
    float8: 'numericToFloat8',
    text: 'numericToText',
  },
  float4: {
    int2: 'float4ToInt2',
    int4: 'float4ToInt4',
    int8: 'float4ToInt8',
    numeric: 'float4ToNumeric',
    float8: 'float4ToFloat8',
    text: 'toText',
  },
  float8: {
    int2: 'float8ToInt2',
    int4: 'float8ToInt4',
    int8: 'float8ToInt8',
    numeric: 'float8ToNumeric',
    float4: 'float8ToFloat4',
    text: 'float8ToText',
  },
  bool: { int4: 'boolToInt4', text: 'boolToText' },
  text: { ...FROM_TEXT, varchar: 'textToVarchar' },
  varchar: { ...FROM_TEXT, text: 'varcharToText' },
  bpchar: { text: 'charToText' },
  date: { timestamp: 'dateToTimestamp', timestamptz: 'dateToTimestamptz', text: 'toText' },
  timestamp: { date: 'timestampToDate', timestamptz: 'timestampToTimestamptz', text: 'toText' },
  timestamptz: { date: 'timestampToDate', timestamp: 'timestamptzToTimestamp', text: 'toText' },
  uuid: { text: 'toText' },
  bytea: { text: 'toText' },
};

/** The expression as `type`. The caller has made sure that a cast exists. */
export function coerce(analysis: Analysis, e: Expr, type: ColumnType): Expr {
  if (e.type === type) return e;
  if (e.type === 'unknown') return coerceUnknown(analysis, e, type);
  const casts = CASTS[e.type];
  // What is written out as text is the same as varchar.
  const fn = casts[type] ?? (type === 'varchar' ? casts.text : undefined);
  if (fn !== undefined) return makeCall(type, fn, [e], e.at);
  // Whatever else there is goes by its text.
  if (e.type === 'text' || casts.text === undefined)
    throw new AssertionError(`no cast from ${e.type} to ${type}`);
  return coerce(analysis, coerce(analysis, e, 'text'), type);
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
    fail('42846', `cannot cast type ${TYPE_NAMES[e.type]} to ${TYPE_NAMES[type]}`, at);
  return coerceDeclared(analysis, e, to, true);
}

/**
 * The expression as a declared type: what has a precision and scale is rounded to them; a text that is too long is refused
 * when it is stored, and cut by a cast that the statement asks for.
 */
function coerceDeclared(analysis: Analysis, e: Expr, { type, typmod }: DeclaredType, mayCut: boolean): Expr {
  const value = coerce(analysis, e, type);
  if (typmod === undefined) return value;
  const args = [value, makeConst('int4', typmod, e.at)];
  return makeCall(type, fitOf(type, mayCut), args, e.at);
}

function fitOf(type: ColumnType, mayCut: boolean): FunctionName {
  if (type === 'numeric') return 'numericToTypmod';
  if (type === 'bpchar') return mayCut ? 'charCut' : 'charFit';
  return mayCut ? 'varcharCut' : 'varcharFit';
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

/** 42P10 for a clause that has one value for all rows. */
export function checkNoColumns(e: Expr, clause: string): void {
  if (e.kind === 'column') fail('42P10', `argument of ${clause} must not contain variables`, e.at);
  for (const part of partsOf(e)) checkNoColumns(part, clause);
}

/** The expression as a value for a column. */
export function coerceToColumn(analysis: Analysis, e: Expr, column: ColumnDef): Expr {
  if (!isAssignable(e.type, column.type)) {
    const is = `column "${column.name}" is of type ${TYPE_NAMES[column.type]}`;
    fail('42804', `${is} but expression is of type ${TYPE_NAMES[e.type]}`, e.at);
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
  const types = `${TYPE_NAMES[other]} and ${TYPE_NAMES[culprit?.type ?? 'unknown']}`;
  return fail('42804', `${construct} types ${types} cannot be matched`, culprit?.at);
}
