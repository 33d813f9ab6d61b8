// The table of functions that the interpreter calls, by name. Strict: they are never called with a null.

import { assert } from '../../base/assert.ts';
import type { ScalarType, Value } from './access.ts';
import { ARRAY_BUILTINS, ARRAY_VARIADICS, makeArray } from './builtins-array.ts';
import { JSON_VARIADICS } from './builtins-json.ts';
import { NUMBER_BUILTINS } from './builtins-number.ts';
import { NUMERIC_BUILTINS } from './builtins-numeric.ts';
import { SMALL_BUILTINS } from './builtins-small.ts';
import { STRING_VARIADICS } from './builtins-string.ts';
import { TAGGED_BUILTINS } from './builtins-tagged.ts';
import { TEXT_BUILTINS, VARIADIC_BUILTINS } from './builtins-text.ts';
import { castsBetween } from './casts.ts';
import { CATALOG_BUILTINS } from './catalog-functions.ts';
import { DEFINED } from './defined-functions.ts';
import { isEnum } from './enum-type.ts';
import type { CallExpr, Expr } from './expression.ts';
import { bodiesOf } from './function-table.ts';
import { arr, str } from './narrow.ts';
import { REGEX_OPERATORS } from './regex-operators.ts';
import { formatValue, parseValue } from './text-form.ts';
import type { SqlType } from './types.ts';

/** Each item as one of another type. */
function arrayCast(array: Value, name: Value): Value {
  const { element, items } = arr(array);
  const to = str(name) as ScalarType;
  const functions = castsBetween(element, to);
  const cast = (item: Value): Value => {
    if (isEnum(to)) return parseValue(to, formatValue(item) ?? '');
    let value = item;
    for (const fn of functions) value = (BUILTINS[fn] as (value: Value) => Value)(value);
    return value;
  };
  return makeArray(
    to,
    items.map((item) => (item === null ? null : cast(item))),
  );
}

export const BUILTINS = {
  ...NUMBER_BUILTINS,
  ...SMALL_BUILTINS,
  ...NUMERIC_BUILTINS,
  ...TEXT_BUILTINS,
  ...REGEX_OPERATORS,
  ...TAGGED_BUILTINS,
  ...CATALOG_BUILTINS,
  ...ARRAY_BUILTINS,
  ...bodiesOf(DEFINED),
  arrayCast,
};
export const VARIADICS = { ...VARIADIC_BUILTINS, ...ARRAY_VARIADICS, ...JSON_VARIADICS, ...STRING_VARIADICS };

export type FunctionName = keyof typeof BUILTINS;
export type VariadicName = keyof typeof VARIADICS;

/** A call, bound to its function when it is analysed: it has an argument for each that the function reads. */
export function makeCall(type: SqlType, fn: FunctionName, args: readonly Expr[], at: number): CallExpr {
  assert(args.length >= BUILTINS[fn].length, `${fn} has the arguments that it reads`);
  return { kind: 'call', type, fn, args, at };
}
