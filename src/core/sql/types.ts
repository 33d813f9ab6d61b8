// The column types, the type of an untyped literal, and PostgreSQL's rules between them: categories, implicit casts,
// common types.

import type { ArrayType, ColumnType, DeclaredType, ScalarType } from './access.ts';

export type SqlType = ColumnType | 'unknown';

const SCALAR_NAMES: Readonly<Record<ScalarType, string>> = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  text: 'text',
  name: 'name',
  varchar: 'character varying',
  bpchar: 'character',
  bool: 'boolean',
  float4: 'real',
  float8: 'double precision',
  numeric: 'numeric',
  date: 'date',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
  uuid: 'uuid',
  bytea: 'bytea',
};

const scalarTypes = Object.keys(SCALAR_NAMES) as readonly ScalarType[];
export const arrayOf = (element: ScalarType): ArrayType => `${element}[]`;
export const isArray = (type: SqlType): type is ArrayType => type.endsWith('[]');
/** What an array has, or the type itself. */
export const elementOf = (type: ColumnType): ScalarType =>
  (isArray(type) ? type.slice(0, -2) : type) as ScalarType;

/** For each type, and for the arrays of it. */
const withArrays = <T>(
  of: Readonly<Record<ScalarType, T>>,
  ofArray: (type: ScalarType, value: T) => T,
): Readonly<Record<ColumnType, T>> =>
  Object.fromEntries(
    scalarTypes.flatMap((type) => [
      [type, of[type]],
      [arrayOf(type), ofArray(type, of[type])],
    ]),
  ) as Readonly<Record<ColumnType, T>>;

/** Names as PostgreSQL's messages write them. */
export const TYPE_NAMES: Readonly<Record<SqlType, string>> = {
  ...withArrays(SCALAR_NAMES, (_, name) => `${name}[]`),
  unknown: 'unknown',
};

/** With its length or precision, as `character varying(20)` and `numeric(10,2)`; `typmod`: as of a column. */
export function typeText({ type, typmod }: DeclaredType): string {
  if (typmod === undefined) return TYPE_NAMES[type];
  if (isArray(type)) return `${typeText({ type: elementOf(type), typmod })}[]`;
  if (type === 'numeric')
    return `numeric(${(typmod - 4) >>> 16},${(((typmod - 4) & 0x7ff) ^ 0x400) - 0x400})`;
  return `${TYPE_NAMES[type]}(${typmod})`;
}

const SCALAR_IDS: Readonly<Record<ScalarType, number>> = {
  bool: 16,
  bytea: 17,
  name: 19,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  float4: 700,
  float8: 701,
  bpchar: 1042,
  varchar: 1043,
  date: 1082,
  timestamp: 1114,
  timestamptz: 1184,
  numeric: 1700,
  uuid: 2950,
};

const ARRAY_IDS: Readonly<Record<ScalarType, number>> = {
  bool: 1000,
  bytea: 1001,
  name: 1003,
  int8: 1016,
  int2: 1005,
  int4: 1007,
  text: 1009,
  float4: 1021,
  float8: 1022,
  bpchar: 1014,
  varchar: 1015,
  date: 1182,
  timestamp: 1115,
  timestamptz: 1185,
  numeric: 1231,
  uuid: 2951,
};

/** Object ids, as PostgreSQL's pg_type has them. */
export const TYPE_IDS: Readonly<Record<ColumnType, number>> = withArrays(
  SCALAR_IDS,
  (type) => ARRAY_IDS[type],
);

/** As pg_type has it. */
export const catalogName = (type: ColumnType): string => (isArray(type) ? `_${elementOf(type)}` : type);

/** What the last part of a type name in the tree stands for. */
export const TYPES_BY_NAME: ReadonlyMap<string, ColumnType> = new Map(
  (Object.keys(TYPE_IDS) as ColumnType[]).map((type) => [catalogName(type), type]),
);

/** Types that PostgreSQL has and the lab does not: 0A000 instead of 42704. */
export const OTHER_TYPES: ReadonlySet<string> = new Set(
  (
    'char time timetz interval json jsonb xml ' +
    'inet cidr macaddr bit varbit money oid regclass point line lseg box path polygon circle tsvector tsquery ' +
    'serial bigserial smallserial serial4 serial8 serial2 int4range int8range numrange daterange'
  ).split(' '),
);

export type TypeCategory =
  | 'numeric'
  | 'string'
  | 'boolean'
  | 'datetime'
  | 'uuid'
  | 'bytea'
  | 'array'
  | 'unknown';

export function categoryOf(type: SqlType): TypeCategory {
  if (isArray(type)) return 'array';
  switch (type) {
    case 'int2':
    case 'int4':
    case 'int8':
    case 'float4':
    case 'float8':
    case 'numeric':
      return 'numeric';
    case 'text':
    case 'name':
    case 'varchar':
    case 'bpchar':
      return 'string';
    case 'bool':
      return 'boolean';
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return 'datetime';
    case 'uuid':
    case 'bytea':
    case 'unknown':
      return type;
  }
}

/** The type that PostgreSQL prefers within its category. */
export const isPreferred = (type: SqlType): boolean =>
  type === 'float8' || type === 'text' || type === 'bool' || type === 'timestamptz';

const WIDTH: Readonly<Partial<Record<SqlType, number>>> = {
  int2: 1,
  int4: 2,
  int8: 3,
  numeric: 4,
  float4: 5,
  float8: 6,
};
/** Of dates and times: which converts to which without a word. */
const SPAN: Readonly<Partial<Record<SqlType, number>>> = { date: 1, timestamp: 2, timestamptz: 3 };

const widthOf = (type: SqlType): number => WIDTH[type] ?? 0;
const spanOf = (type: SqlType): number => SPAN[type] ?? 0;

export const isNumeric = (type: SqlType): boolean => WIDTH[type] !== undefined;
export const isIntegerType = (type: SqlType): boolean =>
  type === 'int2' || type === 'int4' || type === 'int8';
export const isDateTime = (type: SqlType): boolean => SPAN[type] !== undefined;

/** The type of an operator over two numeric types; real beside another type is taken as double precision. */
export function wider(a: ColumnType, b: ColumnType): ColumnType {
  if (a !== b && (a === 'float4' || b === 'float4')) return 'float8';
  return widthOf(a) >= widthOf(b) ? a : b;
}

/** The one of two types of date or time to which the other converts. */
export const laterType = (a: ColumnType, b: ColumnType): ColumnType => (spanOf(a) >= spanOf(b) ? a : b);

export const isString = (type: SqlType): boolean =>
  type === 'text' || type === 'name' || type === 'varchar' || type === 'bpchar';

/** May `from` become `to` without a word in the statement? */
export function isImplicit(from: SqlType, to: ColumnType): boolean {
  if (isArray(from) && isArray(to)) return isImplicit(elementOf(from), elementOf(to));
  return (
    from === to ||
    from === 'unknown' ||
    (isString(from) && isString(to) && to !== 'name') ||
    (isNumeric(from) && isNumeric(to) && widthOf(from) < widthOf(to)) ||
    (isDateTime(from) && isDateTime(to) && spanOf(from) < spanOf(to))
  );
}

/** May a value of `from` be stored in a column of `to`? */
export function isAssignable(from: SqlType, to: ColumnType): boolean {
  if (isArray(from) && isArray(to)) return isAssignable(elementOf(from), elementOf(to));
  return (
    isImplicit(from, to) ||
    isString(to) ||
    (isNumeric(from) && isNumeric(to)) ||
    (isDateTime(from) && isDateTime(to))
  );
}

/** Does a cast written in the statement exist? */
export function isCastable(from: SqlType, to: ColumnType): boolean {
  if (isArray(from) && isArray(to)) return isCastable(elementOf(from), elementOf(to));
  if (isAssignable(from, to) || isString(from)) return true;
  return (from === 'int4' && to === 'bool') || (from === 'bool' && to === 'int4');
}

/** PostgreSQL's select_common_type; null when two of them cannot be matched, with the culprit's index. */
export function commonType(types: readonly SqlType[]): ColumnType | { readonly mismatch: number } {
  let chosen: SqlType = 'unknown';
  for (let i = 0; i < types.length; i++) {
    const type = types[i];
    if (type === undefined || type === 'unknown' || type === chosen) continue;
    if (chosen === 'unknown') chosen = type;
    else if (categoryOf(chosen) !== categoryOf(type)) return { mismatch: i };
    else if (!isPreferred(chosen) && isImplicit(chosen, type) && !isImplicit(type, chosen)) chosen = type;
    else if (isArray(chosen) && !isImplicit(type, chosen)) return { mismatch: i };
  }
  return chosen === 'unknown' ? 'text' : chosen;
}
