// The functions that make a value of one type of one of another; what is not here goes by its text.

import type { BaseType, ScalarType } from './access.ts';
import type { FunctionName } from './builtins.ts';
import { definedCasts } from './defined-functions.ts';
import { isEnum } from './enum-type.ts';

type Casts = Readonly<Partial<Record<BaseType, FunctionName>>>;

/** The casts of a type that a table of functions has. */
const of = (from: BaseType): Casts =>
  Object.fromEntries(definedCasts(from).map(({ result, fn }) => [result, fn]));

const FROM_TEXT: Casts = {
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
  name: 'textToName',
  ...of('text'),
};

export const CASTS: Readonly<Record<BaseType, Casts>> = {
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
  name: { text: 'varcharToText' },
  date: { timestamp: 'dateToTimestamp', timestamptz: 'dateToTimestamptz', text: 'toText' },
  timestamp: {
    date: 'timestampToDate',
    timestamptz: 'timestampToTimestamptz',
    text: 'toText',
    ...of('timestamp'),
  },
  timestamptz: {
    date: 'timestampToDate',
    timestamp: 'timestamptzToTimestamp',
    text: 'toText',
    ...of('timestamptz'),
  },
  uuid: { text: 'toText' },
  bytea: { text: 'toText' },
  time: { text: 'toText', ...of('time') },
  interval: { text: 'toText', ...of('interval') },
  json: { text: 'toText', ...of('json') },
  jsonb: { text: 'toText', ...of('jsonb') },
};

/** The casts one after the other, by way of text where there is no direct one; none: it is of that type, or there is no cast. What is written out as text is the same as varchar. */
export function castsBetween(from: ScalarType, to: ScalarType): readonly FunctionName[] {
  if (from === to) return [];
  if (isEnum(from)) return to === 'text' ? ['toText'] : ['toText', ...castsBetween('text', to)];
  if (isEnum(to)) return [];
  const casts = CASTS[from];
  const direct = casts[to] ?? (to === 'varchar' ? casts.text : undefined);
  if (direct !== undefined) return [direct];
  const { text } = casts;
  const back = CASTS.text[to];
  return text === undefined || back === undefined ? [] : [text, back];
}
