// Functions, operators and casts of json and jsonb.

import type { ColumnType, JsonValue, ScalarType, Value } from './access.ts';
import { makeArray } from './builtins-array.ts';
import { NUMERIC_BUILTINS } from './builtins-numeric.ts';
import { SMALL_BUILTINS } from './builtins-small.ts';
import { checkLength } from './builtins-text.ts';
import { fail } from './failure.ts';
import { CAST, define, type TableFunction } from './function-table.ts';
import { containsJson, decode, formatJson, type Json, type Member, parseJson, prettyJson } from './json.ts';
import { changeAt, withoutNulls } from './json-change.ts';
import { jsonTextOf, nameOf } from './json-of-value.ts';
import { arr, bool, jsonText, num, str } from './narrow.ts';
import { parseValue } from './text-form.ts';
import { typeName } from './types.ts';

type Kind = JsonValue['kind'];

const treeOf = (value: Value): Json => parseJson(jsonText(value));
const make = (kind: Kind, text: string): JsonValue => ({ kind, text: checkLength(text) });
const jsonb = (json: Json): JsonValue => make('jsonb', formatJson(json));

/** The member, of which there may be several in a json; the item by its place, from the end if that is negative. */
function partOf(json: Json, key: string | number): Json | null {
  if (json.type === 'object' && typeof key === 'string')
    return json.members.findLast(([name]) => name === key)?.[1] ?? null;
  if (json.type !== 'array' || typeof key !== 'number') return null;
  return json.items[key < 0 ? json.items.length + key : key] ?? null;
}

const PLACE = /^\s*[+-]?\d+$/;

function partAt(json: Json, path: Value): Json | null {
  let part: Json | null = json;
  for (const step of arr(path).items) {
    if (step === null || part === null) return null;
    const isPlace: boolean = part.type === 'array';
    if (isPlace && !PLACE.test(str(step))) return null;
    part = partOf(part, isPlace ? Number(step) : str(step));
  }
  return part;
}

/** As it stands in its text. */
const raw = (text: string, part: Json | null): string | null =>
  part === null ? null : text.slice(part.start, part.end);

function plain(text: string, part: Json | null): Value {
  if (part === null || part.type === 'null') return null;
  return part.type === 'string' ? decode(part.raw) : raw(text, part);
}

/** A key, or a text among the items. */
function exists(json: Json, key: string): boolean {
  if (json.type === 'object') return json.members.some(([name]) => name === key);
  const items = json.type === 'array' ? json.items : [json];
  return items.some((item) => item.type === 'string' && decode(item.raw) === key);
}

const keysOf = (list: Value): readonly string[] =>
  arr(list).items.flatMap((key) => (key === null ? [] : [str(key)]));

function concatenated(a: Json, b: Json): JsonValue {
  if (a.type === 'object' && b.type === 'object')
    return jsonb({ ...a, members: [...a.members, ...b.members] });
  const items = (json: Json): readonly Json[] => (json.type === 'array' ? json.items : [json]);
  return jsonb({ ...a, type: 'array', items: [...items(a), ...items(b)] });
}

function without(json: Json, keys: readonly string[]): JsonValue {
  if (json.type === 'object')
    return jsonb({ ...json, members: json.members.filter(([name]) => !keys.includes(name)) });
  if (json.type !== 'array') return fail('22023', 'cannot delete from scalar');
  const isKept = (item: Json): boolean => item.type !== 'string' || !keys.includes(decode(item.raw));
  return jsonb({ ...json, items: json.items.filter(isKept) });
}

function withoutItem(json: Json, place: number): JsonValue {
  if (json.type === 'object') return fail('22023', 'cannot delete from object using integer index');
  if (json.type !== 'array') return fail('22023', 'cannot delete from scalar');
  const at = place < 0 ? json.items.length + place : place;
  return jsonb({ ...json, items: json.items.filter((_, i) => i !== at) });
}

const isScalar = ({ type }: Json): boolean => type !== 'array' && type !== 'object';

function itemsOf(json: Json, fn: string): readonly Json[] {
  if (json.type === 'array') return json.items;
  const words = fn.startsWith('jsonb') ? 'cannot extract elements from' : `cannot call ${fn} on`;
  const kind = isScalar(json) ? 'a scalar' : fn.startsWith('jsonb') ? 'an object' : 'a non-array';
  return fail('22023', `${words} ${kind}`);
}

function membersOf(json: Json, fn: string): readonly Member[] {
  if (json.type === 'object') return json.members;
  if (fn.endsWith('keys'))
    return fail('22023', `cannot call ${fn} on ${isScalar(json) ? 'a scalar' : 'an array'}`);
  return fail(
    '22023',
    fn.startsWith('jsonb')
      ? `cannot call ${fn} on a non-object`
      : isScalar(json)
        ? 'cannot deconstruct a scalar'
        : 'cannot deconstruct an array as an object',
  );
}

function lengthOf(json: Json): Value {
  if (json.type === 'array') return json.items.length;
  return fail('22023', `cannot get array length of a ${isScalar(json) ? 'scalar' : 'non-array'}`);
}

const TYPES = {
  boolean: 'boolean',
  number: 'number',
  string: 'string',
  array: 'array',
  object: 'object',
  null: 'null',
};
const WORDS = { ...TYPES, number: 'numeric' };

/** What a jsonb holds, for a type of SQL; null is null. */
function scalarOf(value: Value, wanted: 'boolean' | 'number', name: string): Json | null {
  const json = treeOf(value);
  if (json.type === 'null') return null;
  if (json.type === wanted) return json;
  const kind = isScalar(json) ? WORDS[json.type] : json.type;
  return fail('22023', `cannot cast jsonb ${kind} to type ${name}`);
}

/** A cast to a type of numbers, by way of numeric. */
const toNumber = (type: ColumnType, cast: (number: Value) => Value): TableFunction =>
  define(CAST, 'jsonb', type, (a) =>
    scalarOf(a, 'number', typeName(type)) === null ? null : cast(parseValue('numeric', jsonText(a))),
  );

/** What both types have. */
function both(kind: Kind) {
  const part = (text: string, found: Json | null): Value => {
    const own = raw(text, found);
    return own === null ? null : { kind, text: own };
  };
  const ofKey =
    (show: typeof part) =>
    (a: Value, key: Value): Value =>
      typeof key === 'number'
        ? show(jsonText(a), itemOf(treeOf(a), key))
        : show(jsonText(a), partOf(treeOf(a), str(key)));
  // PostgreSQL keeps a jsonb that is no container as an array of it.
  const itemOf = (json: Json, place: number): Json | null =>
    kind === 'jsonb' && isScalar(json) ? (place === 0 || place === -1 ? json : null) : partOf(json, place);
  const ofPath =
    (show: typeof part) =>
    (a: Value, path: Value): Value =>
      show(jsonText(a), partAt(treeOf(a), path));
  const list =
    (element: ScalarType, items: (json: Json, fn: string) => readonly Json[], show: typeof part) =>
    (a: Value, fn: Value): Value =>
      makeArray(
        element,
        items(treeOf(a), str(fn)).map((item) => show(jsonText(a), item)),
      );
  const values = (json: Json, fn: string): readonly Json[] => membersOf(json, fn).map(([, value]) => value);
  return {
    Member: define('->', `${kind} text`, kind, ofKey(part)),
    Item: define('->', `${kind} int4`, kind, ofKey(part)),
    MemberText: define('->>', `${kind} text`, 'text', ofKey(plain)),
    ItemText: define('->>', `${kind} int4`, 'text', ofKey(plain)),
    Path: define('#>', `${kind} text[]`, kind, ofPath(part)),
    PathText: define('#>>', `${kind} text[]`, 'text', ofPath(plain)),
    Type: define(`${kind}_typeof`, kind, 'text', (a) => TYPES[treeOf(a).type]),
    Length: define(`${kind}_array_length`, kind, 'int4', (a) => lengthOf(treeOf(a))),
    Items: define('lab_json_items', `${kind} text`, `${kind}[]`, list(kind, itemsOf, part)),
    ItemTexts: define('lab_json_texts', `${kind} text`, 'text[]', list('text', itemsOf, plain)),
    Keys: define('lab_json_keys', `${kind} text`, 'text[]', (a, fn) =>
      makeArray(
        'text',
        membersOf(treeOf(a), str(fn)).map(([name]) => name),
      ),
    ),
    Values: define('lab_json_values', `${kind} text`, `${kind}[]`, list(kind, values, part)),
    ValueTexts: define('lab_json_value_texts', `${kind} text`, 'text[]', list('text', values, plain)),
  };
}

const named = <P extends string, T extends Readonly<Record<string, TableFunction>>>(prefix: P, table: T) =>
  Object.fromEntries(Object.entries(table).map(([key, one]) => [`${prefix}${key}`, one])) as {
    readonly [K in keyof T & string as `${P}${K}`]: TableFunction;
  };

export const OF_JSON = {
  ...named('json', both('json')),
  ...named('jsonb', both('jsonb')),
  textToJson: define(CAST, 'text', 'json', (a) => parseValue('json', str(a))),
  textToJsonb: define(CAST, 'text', 'jsonb', (a) => parseValue('jsonb', str(a))),
  jsonToJsonb: define(CAST, 'json', 'jsonb', (a) => parseValue('jsonb', jsonText(a))),
  jsonbToJson: define(CAST, 'jsonb', 'json', (a) => ({ kind: 'json', text: jsonText(a) })),
  jsonbToBool: define(CAST, 'jsonb', 'bool', (a) => {
    const json = scalarOf(a, 'boolean', 'boolean');
    return json?.type === 'boolean' ? json.value : null;
  }),
  jsonbToNumeric: toNumber('numeric', (a) => a),
  jsonbToInt2: toNumber('int2', SMALL_BUILTINS.numericToInt2),
  jsonbToInt4: toNumber('int4', NUMERIC_BUILTINS.numericToInt4),
  jsonbToInt8: toNumber('int8', NUMERIC_BUILTINS.numericToInt8),
  jsonbToFloat4: toNumber('float4', SMALL_BUILTINS.numericToFloat4),
  jsonbToFloat8: toNumber('float8', NUMERIC_BUILTINS.numericToFloat8),
  jsonbContains: define('@>', 'jsonb jsonb', 'bool', (a, b) => containsJson(treeOf(a), treeOf(b))),
  jsonbContained: define('<@', 'jsonb jsonb', 'bool', (a, b) => containsJson(treeOf(b), treeOf(a))),
  jsonbExists: define('?', 'jsonb text', 'bool', (a, key) => exists(treeOf(a), str(key))),
  jsonbExistsAny: define('?|', 'jsonb text[]', 'bool', (a, keys) =>
    keysOf(keys).some((key) => exists(treeOf(a), key)),
  ),
  jsonbExistsAll: define('?&', 'jsonb text[]', 'bool', (a, keys) =>
    keysOf(keys).every((key) => exists(treeOf(a), key)),
  ),
  jsonbConcat: define('||', 'jsonb jsonb', 'jsonb', (a, b) => concatenated(treeOf(a), treeOf(b))),
  jsonbWithout: define('-', 'jsonb text', 'jsonb', (a, key) => without(treeOf(a), [str(key)])),
  jsonbWithoutAll: define('-', 'jsonb text[]', 'jsonb', (a, keys) => without(treeOf(a), keysOf(keys))),
  jsonbWithoutItem: define('-', 'jsonb int4', 'jsonb', (a, place) => withoutItem(treeOf(a), num(place))),
  jsonbWithoutPath: define('#-', 'jsonb text[]', 'jsonb', (a, path) =>
    jsonb(changeAt(treeOf(a), arr(path).items, 'delete', null)),
  ),
  jsonbSet: define(
    'jsonb_set',
    'jsonb text[] jsonb bool',
    'jsonb',
    (a, path, value, mayCreate) =>
      jsonb(changeAt(treeOf(a), arr(path).items, bool(mayCreate) ? 'create' : 'replace', treeOf(value))),
    { named: [['jsonb_in'], ['path'], ['replacement'], ['create_if_missing', true]] },
  ),
  jsonbInsert: define(
    'jsonb_insert',
    'jsonb text[] jsonb bool',
    'jsonb',
    (a, path, value, isBehind) =>
      jsonb(changeAt(treeOf(a), arr(path).items, bool(isBehind) ? 'after' : 'before', treeOf(value))),
    { named: [['jsonb_in'], ['path'], ['replacement'], ['insert_after', false]] },
  ),
  jsonbPretty: define('jsonb_pretty', 'jsonb', 'text', (a) => checkLength(prettyJson(treeOf(a)))),
  jsonbStripNulls: define(
    'jsonb_strip_nulls',
    'jsonb bool',
    'jsonb',
    (a, also) => jsonb(withoutNulls(treeOf(a), bool(also))),
    { named: [['target'], ['strip_in_arrays', false]] },
  ),
};

/** Functions of values of any type, which take nulls. */
export const JSON_VARIADICS = {
  toJson: ([value = null]: readonly Value[]): Value =>
    value === null ? null : make('json', jsonTextOf(value)),
  toJsonb: ([value = null]: readonly Value[]): Value =>
    value === null ? null : jsonb(parseJson(jsonTextOf(value))),
  jsonBuildArray: (values: readonly Value[]): Value => make('json', `[${values.map(jsonTextOf).join(', ')}]`),
  jsonbBuildArray: (values: readonly Value[]): Value =>
    jsonb(parseJson(`[${values.map(jsonTextOf).join(', ')}]`)),
  jsonBuildObject: (values: readonly Value[]): Value =>
    make(
      'json',
      `{${pairs(values, 'json')
        .map(([name, value]) => `${name} : ${value}`)
        .join(', ')}}`,
    ),
  jsonbBuildObject: (values: readonly Value[]): Value =>
    jsonb(
      parseJson(
        `{${pairs(values, 'jsonb')
          .map(([name, value]) => `${name}: ${value}`)
          .join(', ')}}`,
      ),
    ),
};

function pairs(values: readonly Value[], kind: Kind): readonly (readonly [string, string])[] {
  if (values.length % 2 === 1) fail('22023', 'argument list must have even number of elements');
  return Array.from({ length: values.length / 2 }, (_, i) => {
    const name = values[2 * i] ?? null;
    if (name === null) {
      if (kind === 'json') fail('22004', 'null value not allowed for object key');
      fail('22023', `argument ${2 * i + 1}: key must not be null`);
    }
    return [nameOf(name), jsonTextOf(values[2 * i + 1] ?? null)];
  });
}
