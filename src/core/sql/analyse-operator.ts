// Operators: which types they take, PostgreSQL's choice among them for mixed and untyped operands, and its refusals.

import type { ColumnType } from './access.ts';
import { arrayOperator } from './analyse-array.ts';
import type { Analysis } from './analysis.ts';
import { type FunctionName, makeCall } from './builtins.ts';
import { coerce, settledType } from './coerce.ts';
import type { CompareOp } from './compare.ts';
import { definedAs } from './defined-functions.ts';
import type { Expr } from './expression.ts';
import { fail, NOWHERE, unsupported } from './failure.ts';
import { chooseOperator, chooseOverload } from './functions.ts';
import {
  categoryOf,
  isArray,
  isDateTime,
  isImplicit,
  isNumeric,
  isString,
  laterType,
  type SqlType,
  typeName,
  wider,
} from './types.ts';

export const COMPARISONS: ReadonlyMap<string, CompareOp> = new Map([
  ['=', 'eq'],
  ['<>', 'ne'],
  ['!=', 'ne'],
  ['<', 'lt'],
  ['<=', 'le'],
  ['>', 'gt'],
  ['>=', 'ge'],
]);

type Arithmetic = Readonly<Partial<Record<ColumnType, FunctionName>>>;

const ARITHMETIC: ReadonlyMap<string, Arithmetic> = new Map<string, Arithmetic>([
  [
    '+',
    {
      int2: 'int2Add',
      float4: 'float4Add',
      int4: 'int4Add',
      int8: 'int8Add',
      numeric: 'numericAdd',
      float8: 'float8Add',
    },
  ],
  [
    '-',
    {
      int2: 'int2Subtract',
      float4: 'float4Subtract',
      int4: 'int4Subtract',
      int8: 'int8Subtract',
      numeric: 'numericSubtract',
      float8: 'float8Subtract',
    },
  ],
  [
    '*',
    {
      int2: 'int2Multiply',
      float4: 'float4Multiply',
      int4: 'int4Multiply',
      int8: 'int8Multiply',
      numeric: 'numericMultiply',
      float8: 'float8Multiply',
    },
  ],
  [
    '/',
    {
      int2: 'int2Divide',
      float4: 'float4Divide',
      int4: 'int4Divide',
      int8: 'int8Divide',
      numeric: 'numericDivide',
      float8: 'float8Divide',
    },
  ],
  ['%', { int2: 'int2Modulo', int4: 'int4Modulo', int8: 'int8Modulo', numeric: 'numericModulo' }],
  ['&', { int2: 'int4BitAnd', int4: 'int4BitAnd', int8: 'int8BitAnd' }],
  ['|', { int2: 'int4BitOr', int4: 'int4BitOr', int8: 'int8BitOr' }],
  ['#', { int2: 'int4BitXor', int4: 'int4BitXor', int8: 'int8BitXor' }],
]);

const MINUS: Arithmetic = {
  int2: 'int2Minus',
  float4: 'float4Minus',
  int4: 'int4Minus',
  int8: 'int8Minus',
  numeric: 'numericMinus',
  float8: 'float8Minus',
};

interface Likes {
  readonly text: FunctionName;
  /** Of a char(n) as it is; null: it is taken as text. */
  readonly char: FunctionName | null;
}

export const LIKES: ReadonlyMap<string, Likes> = new Map<string, Likes>([
  ['~~', { text: 'textLike', char: 'charLike' }],
  ['!~~', { text: 'textNotLike', char: 'charNotLike' }],
  ['~~*', { text: 'textILike', char: 'charILike' }],
  ['!~~*', { text: 'textNotILike', char: 'charNotILike' }],
  ['~', { text: 'textRegex', char: 'charRegex' }],
  ['!~', { text: 'textNotRegex', char: 'charNotRegex' }],
  ['~*', { text: 'textIRegex', char: 'charIRegex' }],
  ['!~*', { text: 'textNotIRegex', char: 'charNotIRegex' }],
]);

/** Leftmost of the places that an expression is made of. */
export function leftmost(at: number, ...parts: readonly Expr[]): number {
  let first = at;
  for (const part of parts)
    if (part.at !== NOWHERE && (first === NOWHERE || part.at < first)) first = part.at;
  return first;
}

export const noOperator = (left: SqlType | null, symbol: string, right: SqlType, at: number): never => {
  const operands = `${left === null ? '' : `${typeName(left)} `}${symbol} ${typeName(right)}`;
  return fail('42883', `operator does not exist: ${operands}`, at);
};

const notUnique = (left: SqlType | null, symbol: string, right: SqlType, at: number): never => {
  const operands = `${left === null ? '' : `${typeName(left)} `}${symbol} ${typeName(right)}`;
  return fail('42725', `operator is not unique: ${operands}`, at);
};

export function makeBinary(analysis: Analysis, symbol: string, left: Expr, right: Expr, at: number): Expr {
  const ofArrays = arrayOperator(analysis, symbol, left, right, at);
  if (ofArrays !== null) return ofArrays;
  const comparison = COMPARISONS.get(symbol);
  if (comparison !== undefined) return makeComparison(analysis, comparison, symbol, left, right, at);
  const arithmetic = ARITHMETIC.get(symbol);
  const defined = makeDefined(analysis, symbol, left, right, at);
  if (defined !== null) return defined;
  if (arithmetic !== undefined) return makeArithmetic(analysis, arithmetic, symbol, left, right, at);
  if (symbol === '||') return makeConcatenation(analysis, left, right, at);
  const like = LIKES.get(symbol);
  if (like !== undefined) return makeLike(analysis, like, symbol, left, right, at);
  return unsupported(`operator ${symbol}`, at);
}

/** The type in which two operands are compared, or null. */
export function comparableType(left: SqlType, right: SqlType): ColumnType | null {
  // varchar has no operators of its own, and gives way to those of char(n).
  if (left === 'varchar') return comparableType(right === 'bpchar' ? 'bpchar' : 'text', right);
  if (right === 'varchar') return comparableType(left, left === 'bpchar' ? 'bpchar' : 'text');
  if (left === 'json' || right === 'json') return null;
  if (left === 'unknown') return right === 'unknown' ? 'text' : right;
  if (right === 'unknown' || left === right) return left;
  if (isString(left) && isString(right)) return 'text';
  if (isDateTime(left) && isDateTime(right)) return laterType(left, right);
  if (isNumeric(left) && isNumeric(right)) return wider(left, right);
  return isArray(left) || isArray(right) || isString(left) || isString(right)
    ? null
    : isImplicit(left, right)
      ? right
      : isImplicit(right, left)
        ? left
        : null;
}

export function makeComparison(
  analysis: Analysis,
  op: CompareOp,
  symbol: string,
  left: Expr,
  right: Expr,
  at: number,
): Expr {
  const type = comparableType(left.type, right.type);
  if (type === null) return noOperator(left.type, symbol, right.type, at);
  return {
    kind: 'compare',
    type: 'bool',
    op,
    left: coerce(analysis, left, type),
    right: coerce(analysis, right, type),
    at: leftmost(at, left, right),
  };
}

function makeArithmetic(
  analysis: Analysis,
  functions: Arithmetic,
  symbol: string,
  left: Expr,
  right: Expr,
  at: number,
): Expr {
  if (left.type === 'unknown' && right.type === 'unknown') notUnique(left.type, symbol, right.type, at);
  const type = comparableType(left.type, right.type);
  const fn = type === null ? undefined : functions[type];
  if (type === null || fn === undefined) return noOperator(left.type, symbol, right.type, at);
  const args = [coerce(analysis, left, type), coerce(analysis, right, type)];
  return makeCall(type, fn, args, leftmost(at, left, right));
}

/** An operator of the tables of types; null: they have none of that name for such operands. */
function makeDefined(analysis: Analysis, symbol: string, left: Expr, right: Expr, at: number): Expr | null {
  if (!hasTable(left.type) && !hasTable(right.type) && !isDefined(symbol)) return null;
  const isBeside = (type: SqlType): boolean =>
    isString(type) || (type === 'unknown' && left.type !== 'jsonb' && right.type !== 'jsonb');
  if (symbol === '||' && (isBeside(left.type) || isBeside(right.type))) return null;
  if (LIKES.has(symbol)) return null;
  const overloads = definedAs(symbol).filter(({ args }) => args.length === 2);
  const chosen = chooseOperator(overloads, left.type, right.type);
  if (chosen === 'none') return noOperator(left.type, symbol, right.type, at);
  if (chosen === 'ambiguous') return notUnique(left.type, symbol, right.type, at);
  const [first, second] = chosen.args;
  const args = [
    coerce(analysis, left, first ?? settledType(left)),
    coerce(analysis, right, second ?? settledType(right)),
  ];
  return makeCall(chosen.result, chosen.fn, args, leftmost(at, left, right));
}

/** It stands in tables only, whatever its types. */
const isDefined = (symbol: string): boolean =>
  symbol !== '||' && !ARITHMETIC.has(symbol) && !LIKES.has(symbol) && definedAs(symbol).length > 0;

/** Types whose operators stand in tables. */
function hasTable(type: SqlType): boolean {
  const category = categoryOf(type);
  return category === 'datetime' || category === 'timespan' || category === 'json';
}

/** text || text, and text || anything by its text form. */
function makeConcatenation(analysis: Analysis, left: Expr, right: Expr, at: number): Expr {
  if (left.type === 'bytea' || right.type === 'bytea') {
    const other = left.type === 'bytea' ? right.type : left.type;
    if (other === 'bytea' || other === 'unknown') {
      const args = [coerce(analysis, left, 'bytea'), coerce(analysis, right, 'bytea')];
      return makeCall('bytea', 'byteaConcat', args, leftmost(at, left, right));
    }
  }
  const hasText = isString(left.type) || isString(right.type);
  const hasUnknown = left.type === 'unknown' || right.type === 'unknown';
  if (!hasText && !hasUnknown) noOperator(left.type, '||', right.type, at);
  const args = [coerce(analysis, left, 'text'), coerce(analysis, right, 'text')];
  return makeCall('text', 'textConcat', args, leftmost(at, left, right));
}

function makeLike(
  analysis: Analysis,
  like: Likes,
  symbol: string,
  left: Expr,
  right: Expr,
  at: number,
): Expr {
  const isText = (type: SqlType): boolean => isString(type) || type === 'unknown';
  if (left.type === 'bytea' || right.type === 'bytea') unsupported('LIKE of bytea', at);
  if (!isText(left.type) || !isText(right.type)) noOperator(left.type, symbol, right.type, at);
  const charFn = left.type === 'bpchar' ? like.char : null;
  const isChar = charFn !== null;
  const args = [isChar ? left : coerce(analysis, left, 'text'), coerce(analysis, right, 'text')];
  return makeCall('bool', charFn ?? like.text, args, leftmost(at, left, right));
}

export function makeUnary(analysis: Analysis, symbol: string, arg: Expr, at: number): Expr {
  if (symbol !== '-' && symbol !== '+') {
    if (!definedAs(symbol).some(({ args }) => args.length === 1)) unsupported(`operator ${symbol}`, at);
    return makeDefinedUnary(analysis, symbol, arg, arg.type, at);
  }
  if (arg.type === 'unknown') return notUnique(null, symbol, arg.type, at);
  const number = MINUS[arg.type];
  if (number === undefined) return makeDefinedUnary(analysis, symbol, arg, arg.type, at);
  const operand = coerce(analysis, arg, arg.type);
  if (symbol === '+') return operand;
  return makeCall(arg.type, number, [operand], leftmost(at, arg));
}

function makeDefinedUnary(analysis: Analysis, symbol: string, arg: Expr, type: SqlType, at: number): Expr {
  const overloads = definedAs(symbol).filter(({ args }) => args.length === 1);
  const chosen = chooseOverload(overloads, [type]);
  if (chosen === 'ambiguous') return notUnique(null, symbol, type, at);
  if (chosen === 'none') return noOperator(null, symbol, type, at);
  const [only] = chosen.args;
  return makeCall(
    chosen.result,
    chosen.fn,
    [coerce(analysis, arg, only ?? settledType(arg))],
    leftmost(at, arg),
  );
}
