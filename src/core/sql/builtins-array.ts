// Functions and operators of arrays.

import type { ArrayValue, ScalarType, Value } from './access.ts';
import { parseArray } from './array-form.ts';
import { DATED } from './builtins-dated.ts';
import { NUMERIC_BUILTINS } from './builtins-numeric.ts';
import { TAGGED_BUILTINS } from './builtins-tagged.ts';
import { checkLength, TEXT_BUILTINS } from './builtins-text.ts';
import { compareValues, groupKey, holds, isCompareOp } from './compare.ts';
import { fail, NOWHERE } from './failure.ts';
import { ARRAY_ITEMS_MAX } from './limits.ts';
import { arr, bool, num, str } from './narrow.ts';
import { REGEX_OPERATORS } from './regex-operators.ts';
import { formatValue, parseValue } from './text-form.ts';
import { isMoment } from './types.ts';

export function makeArray(element: ScalarType, items: readonly Value[]): ArrayValue {
  if (items.length > ARRAY_ITEMS_MAX) fail('54000', `an array has at most ${ARRAY_ITEMS_MAX} items`);
  return { kind: 'array', element, items };
}

const elementNamed = (name: Value): ScalarType => str(name) as ScalarType;
const keyOf = (value: Value): string => groupKey([value]);

const joined = (a: Value, b: Value): Value => makeArray(arr(a).element, [...arr(a).items, ...arr(b).items]);

/** Nulls are in nothing. */
const keysOf = (array: Value): ReadonlySet<string> =>
  new Set(arr(array).items.flatMap((item) => (item === null ? [] : [keyOf(item)])));

function contains(outer: Value, inner: Value): boolean {
  const keys = keysOf(outer);
  return arr(inner).items.every((item) => item !== null && keys.has(keyOf(item)));
}

function overlap(a: Value, b: Value): boolean {
  const keys = keysOf(a);
  return arr(b).items.some((item) => item !== null && keys.has(keyOf(item)));
}

const isSame = (a: Value, b: Value): boolean =>
  a === null || b === null ? a === b : compareValues(a, b) === 0;

/** Null for an array that has none, as PostgreSQL has it. */
const lengthOf = (array: Value, dimension: Value): Value => {
  const { items } = arr(array);
  return num(dimension) === 1 && items.length > 0 ? items.length : null;
};

/** numeric(p, s), varchar(n) or char(n) of each item. */
function fitted(array: Value, typmod: Value, mayCut: boolean): Value {
  const { element, items } = arr(array);
  const fitItem = (item: Value): Value => {
    if (element === 'numeric') return NUMERIC_BUILTINS.numericToTypmod(item, typmod);
    if (element === 'interval') return DATED.intervalFit.body(item, typmod);
    if (element === 'time') return DATED.timeFit.body(item, typmod);
    if (isMoment(element)) return DATED.momentFit.body(item, typmod);
    if (element === 'bpchar') return TAGGED_BUILTINS[mayCut ? 'charCut' : 'charFit'](item, typmod);
    return TEXT_BUILTINS[mayCut ? 'varcharCut' : 'varcharFit'](item, typmod);
  };
  return makeArray(
    element,
    items.map((item) => (item === null ? null : fitItem(item))),
  );
}

function joinText(array: Value, between: Value, instead: string | null): Value {
  const texts = arr(array).items.map((item) => (item === null ? instead : formatValue(item)));
  return checkLength(texts.filter((text) => text !== null).join(str(between)));
}

/** A null separator gives the characters, an empty one the text as one item; `none` is read as null. */
function splitText(text: string, between: string | null, none: string | null): Value {
  const parts =
    text === '' ? [] : between === null ? [...text] : between === '' ? [text] : text.split(between);
  return makeArray(
    'text',
    parts.map((part) => (part === none ? null : part)),
  );
}

export const ARRAY_BUILTINS = {
  enumRange: (all: Value, from: Value, to: Value): Value =>
    makeArray(
      arr(all).element,
      arr(all).items.filter((item) => compareValues(item, from) >= 0 && compareValues(item, to) <= 0),
    ),
  textToArray: (text: Value, element: Value): Value => {
    const type = elementNamed(element);
    return makeArray(
      type,
      parseArray(str(text), NOWHERE, (item) => parseValue(type, item)),
    );
  },
  arrayFit: (array: Value, typmod: Value): Value => fitted(array, typmod, false),
  arrayCut: (array: Value, typmod: Value): Value => fitted(array, typmod, true),
  arrayItem: (array: Value, place: Value): Value => arr(array).items[num(place) - 1] ?? null,
  arraySlice: (array: Value, from: Value, to: Value): Value => {
    const { element, items } = arr(array);
    return makeArray(element, items.slice(Math.max(0, num(from) - 1), Math.max(0, num(to))));
  },
  arrayConcat: joined,
  arrayContains: contains,
  arrayContained: (a: Value, b: Value): Value => contains(b, a),
  arrayOverlap: overlap,
  arrayLength: lengthOf,
  arrayLower: (array: Value, dimension: Value): Value => (lengthOf(array, dimension) === null ? null : 1),
  arrayDimensions: (array: Value): Value => (arr(array).items.length > 0 ? 1 : null),
  arrayBounds: (array: Value): Value =>
    arr(array).items.length > 0 ? `[1:${arr(array).items.length}]` : null,
  arrayBucket: (item: Value, array: Value): Value => {
    const bounds = arr(array).items;
    if (bounds.includes(null)) fail('22004', 'thresholds array must not contain NULLs');
    let [low, high] = [0, bounds.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareValues(item, bounds[middle] ?? null) < 0) high = middle;
      else low = middle + 1;
    }
    return low;
  },
  arrayCardinality: (array: Value): Value => arr(array).items.length,
};

const LIKES = { ...TEXT_BUILTINS, ...REGEX_OPERATORS };

/** The operators that compare an item with a value, by the name that an expression has of them. */
function testOf(name: Value): (value: Value, item: Value) => boolean {
  const op = str(name);
  if (isCompareOp(op)) return (value, item) => holds(op, compareValues(value, item));
  const like = LIKES[op as keyof typeof LIKES] as (value: Value, item: Value) => Value;
  return (value, item) => bool(like(value, item));
}

/** ANY is decided by true, ALL by false; of no items the other is said. */
const quantified =
  (decider: boolean) =>
  ([test = null, value = null, array = null]: readonly Value[]): Value => {
    if (array === null) return null;
    const { items } = arr(array);
    if (items.length === 0) return !decider;
    if (value === null) return null;
    const isMet = testOf(test);
    let unknown = false;
    for (const item of items) {
      if (item === null) unknown = true;
      else if (isMet(value, item) === decider) return decider;
    }
    return unknown ? null : !decider;
  };

const itemsOf = (array: Value): readonly Value[] => (array === null ? [] : arr(array).items);

/** Functions that take nulls; the first argument is the type of the items, or what is done. */
export const ARRAY_VARIADICS = {
  overAny: quantified(true),
  overAll: quantified(false),
  makeArray: ([element = null, ...items]: readonly Value[]): Value => makeArray(elementNamed(element), items),
  arrayAppend: ([element = null, array = null, item = null]: readonly Value[]): Value =>
    makeArray(elementNamed(element), [...itemsOf(array), item]),
  arrayPrepend: ([element = null, item = null, array = null]: readonly Value[]): Value =>
    makeArray(elementNamed(element), [item, ...itemsOf(array)]),
  arrayCat: ([_ = null, a = null, b = null]: readonly Value[]): Value =>
    a === null || b === null ? (a ?? b) : joined(a, b),
  arrayRemove: ([_ = null, array = null, item = null]: readonly Value[]): Value =>
    array === null
      ? null
      : makeArray(
          arr(array).element,
          arr(array).items.filter((one) => !isSame(one, item)),
        ),
  arrayReplace: ([_ = null, array = null, from = null, to = null]: readonly Value[]): Value =>
    array === null
      ? null
      : makeArray(
          arr(array).element,
          arr(array).items.map((one) => (isSame(one, from) ? to : one)),
        ),
  arrayPosition: ([_ = null, array = null, item = null]: readonly Value[]): Value => {
    const at = itemsOf(array).findIndex((one) => isSame(one, item));
    return at < 0 ? null : at + 1;
  },
  arrayToText: ([_ = null, array = null, between = null, none = null]: readonly Value[]): Value =>
    array === null || between === null ? null : joinText(array, between, none === null ? null : str(none)),
  textSplit: ([_ = null, text = null, between = null, none = null]: readonly Value[]): Value =>
    text === null
      ? null
      : splitText(str(text), between === null ? null : str(between), none === null ? null : str(none)),
};
