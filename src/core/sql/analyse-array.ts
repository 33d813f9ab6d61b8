// Arrays in expressions: ARRAY[…], subscripts and slices, operators, ANY and ALL, and the functions whose types follow from an array's, or from
// that of an enum.

import type { ArrayType, ColumnType, ScalarType } from './access.ts';
import { analyseExpression } from './analyse-expression.ts';
import { COMPARISONS, comparableType, LIKES, leftmost, noOperator } from './analyse-operator.ts';
import { type Analysis, typeList } from './analysis.ts';
import { type FunctionName, makeCall, type VariadicName } from './builtins.ts';
import { coerce, coerceToCommon } from './coerce.ts';
import { enumOf, isEnum, labelValue } from './enum-type.ts';
import { evaluate, NO_SURROUNDINGS } from './evaluate.ts';
import { type Expr, makeConst } from './expression.ts';
import { fail, unsupported } from './failure.ts';
import { ARRAY_FUNCTIONS, type ArrayArgument } from './functions-array.ts';
import { type Fields, flagOf, locationOf, nodeOf, nodesOf, optionalNode, type TreeNode } from './tree.ts';
import { arrayOf, commonType, elementOf, isArray, isImplicit, type SqlType, typeName } from './types.ts';

/** Arguments of a function that takes nulls, after what is done, or the type of the items. */
function variadic(
  fn: VariadicName,
  type: ColumnType,
  first: string,
  args: readonly Expr[],
  at: number,
): Expr {
  return { kind: 'variadic', type, fn, args: [makeConst('text', first, at), ...args], at };
}

/** `ARRAY[…]`; `wanted`: the type of a cast around it, to which its items are brought. */
export function analyseArray(analysis: Analysis, fields: Fields, wanted: ArrayType | null): Expr {
  const at = locationOf(fields);
  const items = nodesOf(fields, 'elements').map((node) => {
    if (node.tag === 'A_ArrayExpr') unsupported('an array of arrays', at);
    return analyseExpression(analysis, node);
  });
  if (wanted === null && items.length === 0) fail('42P18', 'cannot determine type of empty array', at);
  if (items.some(({ type }) => isArray(type))) unsupported('an array of arrays', at);
  const common = wanted === null ? null : elementOf(wanted);
  const isOne = common !== null && items.every(({ type }) => isImplicit(type, common));
  const list = isOne
    ? items.map((e) => coerce(analysis, e, common))
    : coerceToCommon(analysis, items, 'ARRAY');
  return arrayWith(
    elementOf(list[0]?.type === undefined ? (wanted ?? 'text') : settled(list[0].type)),
    list,
    at,
  );
}

const settled = (type: SqlType): ColumnType => (type === 'unknown' ? 'text' : type);

function arrayWith(element: ScalarType, items: readonly Expr[], at: number): Expr {
  const e = variadic('makeArray', arrayOf(element), element, items, at);
  return items.every(({ kind }) => kind === 'const')
    ? makeConst(e.type, evaluate(e, [], NO_SURROUNDINGS), at)
    : e;
}

/** `array[n]`, `array[a:b]`. */
export function analyseSubscript(analysis: Analysis, fields: Fields): Expr {
  const at = locationOf(fields);
  const array = analyseExpression(analysis, nodeOf(fields, 'arg'));
  const [subscript, second] = nodesOf(fields, 'indirection');
  if (subscript?.tag !== 'A_Indices') return unsupported('a subscript or field selection', at);
  if (!isArray(array.type))
    return fail(
      '42804',
      `cannot subscript type ${typeName(array.type)} because it does not support subscripting`,
      array.at,
    );
  if (second !== undefined) return unsupported('an array of arrays', at);
  const bound = (name: 'lidx' | 'uidx', otherwise: Expr): Expr => {
    const node = optionalNode(subscript.fields, name);
    const e = node === null ? otherwise : analyseExpression(analysis, node);
    if (!isImplicit(e.type, 'int4')) fail('42804', 'array subscript must have type integer', e.at);
    return coerce(analysis, e, 'int4');
  };
  const make = (fn: FunctionName, type: ColumnType, args: readonly Expr[]): Expr =>
    makeCall(type, fn, [array, ...args], leftmost(at, array));
  const first = makeConst('int4', 1, at);
  if (!flagOf(subscript.fields, 'is_slice'))
    return make('arrayItem', elementOf(array.type), [bound('uidx', first)]);
  const length = make('arrayCardinality', 'int4', []);
  return make('arraySlice', array.type, [bound('lidx', first), bound('uidx', length)]);
}

/** An operator with an array on one side; null: there is none. */
export function arrayOperator(
  analysis: Analysis,
  symbol: string,
  left: Expr,
  right: Expr,
  at: number,
): Expr | null {
  const place = leftmost(at, left, right);
  const type = isArray(left.type) ? left.type : isArray(right.type) ? right.type : null;
  if (type === null) return null;
  const other = type === left.type ? right : left;
  const none = (): never => noOperator(left.type, symbol, right.type, at);
  const fn = OPERATORS.get(symbol);
  if (fn !== undefined) {
    if (other.type !== 'unknown' && other.type !== type) return none();
    return makeCall('bool', fn, [coerce(analysis, left, type), coerce(analysis, right, type)], place);
  }
  if (symbol !== '||') return null;
  // An item is brought to the type of the array, or the array to that of the item.
  const both = commonType([
    type,
    isArray(other.type) || other.type === 'unknown' ? other.type : arrayOf(elementOf(other.type)),
  ]);
  if (typeof both !== 'string' || !isArray(both)) return none();
  const element = elementOf(both);
  const part = (e: Expr): Expr =>
    coerce(analysis, e, isArray(e.type) || e.type === 'unknown' ? both : element);
  const args = [part(left), part(right)];
  const isItem = (e: Expr): boolean => !isArray(e.type) && e.type !== 'unknown';
  const how = isItem(left) ? 'arrayPrepend' : isItem(right) ? 'arrayAppend' : 'arrayCat';
  return variadic(how, both, element, args, place);
}

const OPERATORS: ReadonlyMap<string, FunctionName> = new Map([
  ['@>', 'arrayContains'],
  ['<@', 'arrayContained'],
  ['&&', 'arrayOverlap'],
]);

/** `value op ANY (array)` and ALL. */
export function analyseOverArray(
  analysis: Analysis,
  symbol: string,
  left: Expr,
  node: TreeNode,
  isAny: boolean,
  at: number,
): Expr {
  const op = COMPARISONS.get(symbol) ?? LIKES.get(symbol)?.text;
  if (op === undefined) return unsupported(`operator ${symbol} with ANY or ALL`, at);
  const right = analyseExpression(analysis, node);
  if (right.type !== 'unknown' && !isArray(right.type))
    return fail('42809', 'op ANY/ALL (array) requires array on right side', at);
  const item: SqlType = isArray(right.type) ? elementOf(right.type) : 'unknown';
  const common = COMPARISONS.has(symbol) ? comparableType(left.type, item) : 'text';
  if (common === null) return noOperator(left.type, symbol, item, at);
  const element = elementOf(common);
  const value = coerce(analysis, left, element);
  const array = coerce(analysis, right, arrayOf(element));
  const place = leftmost(at, left);
  // As IN, by which an index is found.
  const items = constantItems(array);
  if (items !== null && ((symbol === '=' && isAny) || (symbol === '<>' && !isAny)))
    return { kind: 'in', type: 'bool', arg: value, list: items, negated: !isAny, at: place };
  return variadic(isAny ? 'overAny' : 'overAll', 'bool', op, [value, array], place);
}

/** The items of an array that is known, of which there is one at least. */
function constantItems(array: Expr): readonly Expr[] | null {
  if (array.kind === 'variadic' && array.fn === 'makeArray' && array.args.length > 1)
    return array.args.slice(1);
  if (array.kind !== 'const' || array.value === null || typeof array.value !== 'object') return null;
  if (!('kind' in array.value) || array.value.kind !== 'array' || array.value.items.length === 0) return null;
  const { element, items } = array.value;
  return items.map((item) => makeConst(element, item, array.at));
}

/** A function that is known by an array among its arguments; null: this one is another. */
export function arrayCall(analysis: Analysis, name: string, args: readonly Expr[], at: number): Expr | null {
  const overloads = ARRAY_FUNCTIONS.get(name);
  if (overloads === undefined) return null;
  const types = args.map(({ type }) => type);
  for (const { args: wanted, result, fn, isStrict } of overloads) {
    if (wanted.length !== args.length) continue;
    const array = arrayAmong(wanted, types);
    if (array === null) continue;
    const typeOf = (one: ArrayArgument): ColumnType =>
      one === 'array' ? array : one === 'item' ? elementOf(array) : one;
    if (!wanted.every((one, i) => isImplicit(types[i] ?? 'unknown', typeOf(one)))) continue;
    const given = wanted.map((one, i) =>
      coerce(analysis, args[i] ?? makeConst('unknown', null, at), typeOf(one)),
    );
    const place = leftmost(at, ...args);
    const type = typeOf(result);
    return isStrict
      ? makeCall(type, fn as FunctionName, given, place)
      : variadic(fn as VariadicName, type, elementOf(array), given, place);
  }
  if (types.some(isArray)) return fail('42883', `function ${name}(${typeList(types)}) does not exist`, at);
  return null;
}

/** The type that arrays and items agree on; null: none of them is an array, where one is asked for. */
function arrayAmong(wanted: readonly ArrayArgument[], types: readonly SqlType[]): ArrayType | null {
  if (!wanted.includes('array')) return types.length > 0 ? 'text[]' : null;
  const known = wanted.flatMap((one, i) => {
    const type = types[i] ?? 'unknown';
    if (one === 'array') return isArray(type) ? [type] : [];
    return one === 'item' && type !== 'unknown' && !isArray(type) ? [arrayOf(elementOf(type))] : [];
  });
  if (!wanted.some((one, i) => one === 'array' && isArray(types[i] ?? 'unknown'))) return null;
  const common = commonType(known);
  return typeof common === 'string' && isArray(common) ? common : null;
}

/** What they give follows from the type of their arguments. */
export const ENUM_FUNCTIONS: readonly string[] = ['enum_first', 'enum_last', 'enum_range'];

/** Null: it is another function. */
export function enumCall(name: string, args: readonly Expr[], at: number): Expr | null {
  if (!ENUM_FUNCTIONS.includes(name) || args.length < 1) return null;
  if (args.length > (name === 'enum_range' ? 2 : 1)) return null;
  const type = args.map((arg) => arg.type).find((one) => one !== 'unknown');
  if (type === undefined)
    return fail('42804', 'could not determine polymorphic type because input has type unknown');
  if (!isEnum(type) || args.some((arg) => arg.type !== type && arg.type !== 'unknown'))
    return fail(
      '42883',
      `function ${name}(${args.map((arg) => typeName(arg.type)).join(', ')}) does not exist`,
      at,
    );
  const items = enumOf(type).labels.map(labelValue);
  if (name === 'enum_first') return makeConst(type, items[0] ?? null, at);
  if (name === 'enum_last') return makeConst(type, items.at(-1) ?? null, at);
  const all = makeConst(arrayOf(type), { kind: 'array', element: type, items }, at);
  if (args.length === 1) return all;
  const bound = (arg: Expr | undefined, otherwise: Expr | undefined): Expr =>
    arg === undefined || arg.type === 'unknown' || (arg.kind === 'const' && arg.value === null)
      ? (otherwise ?? makeConst(type, null, at))
      : arg;
  const [first, last] = [items[0], items.at(-1)].map((item) => makeConst(type, item ?? null, at));
  return makeCall(arrayOf(type), 'enumRange', [all, bound(args[0], first), bound(args[1], last)], at);
}
