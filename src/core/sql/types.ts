// The column types, the type of an untyped literal, and PostgreSQL's rules between them: categories, implicit casts,
// common types.

import type { Column } from '../kernel/client-calls.ts';
import type { ArrayType, BaseType, ColumnType, DeclaredType, ScalarType } from './access.ts';
import { enumName, enumOf, isEnum } from './enum-type.ts';
import { intervalText } from './moment-typmod.ts';
import { ownName } from './relation-name.ts';

export type SqlType = ColumnType | 'unknown';

export type TypeCategory =
  | 'numeric'
  | 'string'
  | 'boolean'
  | 'datetime'
  | 'timespan'
  | 'json'
  | 'user'
  | 'array'
  | 'enum'
  | 'unknown';

/** What pg_type has of a type. */
interface TypeRecord {
  /** As PostgreSQL's messages write it. */
  readonly name: string;
  /** Object id, and that of the arrays of it. */
  readonly id: number;
  readonly arrayId: number;
  readonly category: TypeCategory;
  /** Bytes of a value in the binary format; −1: it varies. */
  readonly size: number;
  /** PostgreSQL prefers it within its category. */
  readonly isPreferred: boolean;
}

const record = (
  name: string,
  id: number,
  arrayId: number,
  category: TypeCategory,
  size = -1,
  isPreferred = false,
): TypeRecord => ({ name, id, arrayId, category, size, isPreferred });

const SCALARS: Readonly<Record<BaseType, TypeRecord>> = {
  int2: record('smallint', 21, 1005, 'numeric', 2),
  int4: record('integer', 23, 1007, 'numeric', 4),
  int8: record('bigint', 20, 1016, 'numeric', 8),
  text: record('text', 25, 1009, 'string', -1, true),
  name: record('name', 19, 1003, 'string', 64),
  varchar: record('character varying', 1043, 1015, 'string'),
  bpchar: record('character', 1042, 1014, 'string'),
  bool: record('boolean', 16, 1000, 'boolean', 1, true),
  float4: record('real', 700, 1021, 'numeric', 4),
  float8: record('double precision', 701, 1022, 'numeric', 8, true),
  numeric: record('numeric', 1700, 1231, 'numeric'),
  date: record('date', 1082, 1182, 'datetime', 4),
  time: record('time without time zone', 1083, 1183, 'datetime', 8),
  timestamp: record('timestamp without time zone', 1114, 1115, 'datetime', 8),
  timestamptz: record('timestamp with time zone', 1184, 1185, 'datetime', 8, true),
  interval: record('interval', 1186, 1187, 'timespan', 16, true),
  json: record('json', 114, 199, 'json'),
  jsonb: record('jsonb', 3802, 3807, 'json'),
  uuid: record('uuid', 2950, 2951, 'user', 16),
  bytea: record('bytea', 17, 1001, 'user'),
};

const baseTypes = Object.keys(SCALARS) as readonly BaseType[];

/** Beyond all object ids of PostgreSQL's own types. */
export const FIRST_MADE_ID = 16_384;

/** A label's object id. */
const ENUM_SIZE = 4;

const recordOf = (type: ScalarType): TypeRecord => {
  if (!isEnum(type)) return SCALARS[type];
  const { id, arrayId } = enumOf(type);
  return record(enumName(type), FIRST_MADE_ID + id, FIRST_MADE_ID + arrayId, 'enum', ENUM_SIZE);
};

export const arrayOf = (element: ScalarType): ArrayType => `${element}[]`;
export const isArray = (type: SqlType): type is ArrayType => type.endsWith('[]');
/** What an array has, or the type itself. */
export const elementOf = (type: ColumnType): ScalarType =>
  (isArray(type) ? type.slice(0, -2) : type) as ScalarType;

/** Names as PostgreSQL's messages write them. */
export function typeName(type: SqlType): string {
  if (type === 'unknown') return type;
  const { name } = recordOf(elementOf(type));
  return isArray(type) ? `${name}[]` : name;
}

/** Object ids, as pg_type has them. */
export function typeId(type: ColumnType): number {
  const { id, arrayId } = recordOf(elementOf(type));
  return isArray(type) ? arrayId : id;
}

/** The types that are always there, and the arrays of them. */
export const GIVEN_TYPES: readonly ColumnType[] = baseTypes.flatMap((type) => [type, arrayOf(type)]);

/** With its length or precision, as `character varying(20)` and `numeric(10,2)`; `typmod`: as of a column. */
export function typeText({ type, typmod }: DeclaredType): string {
  if (typmod === undefined) return typeName(type);
  if (isArray(type)) return `${typeText({ type: elementOf(type), typmod })}[]`;
  if (type === 'numeric')
    return `numeric(${(typmod - 4) >>> 16},${(((typmod - 4) & 0x7ff) ^ 0x400) - 0x400})`;
  if (type === 'interval') return intervalText(typmod);
  if (isMoment(type)) return typeName(type).replace(' ', `(${typmod}) `);
  return `${typeName(type)}(${typmod})`;
}

/** A column of a result. */
export const shownColumn = (name: string, declared: DeclaredType): Column => ({
  name,
  type: typeText(declared),
  ...(isEnum(elementOf(declared.type)) && { made: declared.type }),
});

/** Types whose seconds may be kept to so many digits. */
export const isMoment = (type: ColumnType): boolean =>
  type === 'time' || type === 'timestamp' || type === 'timestamptz' || type === 'interval';

/** pg_type.typlen: bytes of a value; −1: it varies. */
export const sizeOf = (type: ColumnType): number => (isArray(type) ? -1 : recordOf(elementOf(type)).size);

/** As pg_type has it. */
export function catalogName(type: ColumnType): string {
  const element = elementOf(type);
  const name = isEnum(element) ? ownName(enumOf(element).name) : element;
  return isArray(type) ? `_${name}` : name;
}

/** What the last part of a type name in the tree stands for. */
export const TYPES_BY_NAME: ReadonlyMap<string, ColumnType> = new Map(
  GIVEN_TYPES.map((type) => [catalogName(type), type]),
);

/** Types that PostgreSQL has and the lab does not: 0A000 instead of 42704. */
export const OTHER_TYPES: ReadonlySet<string> = new Set(
  (
    'char timetz xml ' +
    'inet cidr macaddr bit varbit money oid regclass point line lseg box path polygon circle tsvector tsquery ' +
    'serial bigserial smallserial serial4 serial8 serial2 int4range int8range numrange daterange'
  ).split(' '),
);

export const categoryOf = (type: SqlType): TypeCategory =>
  type === 'unknown' ? type : isArray(type) ? 'array' : recordOf(elementOf(type)).category;

/** The type that PostgreSQL prefers within its category. */
export const isPreferred = (type: SqlType): boolean =>
  type !== 'unknown' && !isArray(type) && recordOf(elementOf(type)).isPreferred;

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

type Casts = Readonly<Partial<Record<SqlType, readonly ColumnType[]>>>;

/** Casts beside those within numbers, texts, and dates with timestamps: those that need no word, by assignment, and written ones. */
const IMPLICIT: Casts = { time: ['interval'] };
const ASSIGNED: Casts = {
  timestamp: ['time'],
  timestamptz: ['time'],
  interval: ['time'],
  json: ['jsonb'],
  jsonb: ['json'],
};
const EXPLICIT: Casts = {
  int4: ['bool'],
  bool: ['int4'],
  jsonb: ['bool', 'numeric', 'int2', 'int4', 'int8', 'float4', 'float8'],
};

const isListed = (casts: Casts, from: SqlType, to: ColumnType): boolean => casts[from]?.includes(to) ?? false;

/** May `from` become `to` without a word in the statement? */
export function isImplicit(from: SqlType, to: ColumnType): boolean {
  if (isArray(from) && isArray(to)) return isImplicit(elementOf(from), elementOf(to));
  return (
    from === to ||
    from === 'unknown' ||
    (isString(from) && isString(to) && to !== 'name') ||
    (isNumeric(from) && isNumeric(to) && widthOf(from) < widthOf(to)) ||
    (isDateTime(from) && isDateTime(to) && spanOf(from) < spanOf(to)) ||
    isListed(IMPLICIT, from, to)
  );
}

/** May a value of `from` be stored in a column of `to`? */
export function isAssignable(from: SqlType, to: ColumnType): boolean {
  if (isArray(from) && isArray(to)) return isAssignable(elementOf(from), elementOf(to));
  return (
    isImplicit(from, to) ||
    isString(to) ||
    (isNumeric(from) && isNumeric(to)) ||
    (isDateTime(from) && isDateTime(to)) ||
    isListed(ASSIGNED, from, to)
  );
}

/** Does a cast written in the statement exist? */
export function isCastable(from: SqlType, to: ColumnType): boolean {
  if (isArray(from) && isArray(to)) return isCastable(elementOf(from), elementOf(to));
  if (isAssignable(from, to) || isString(from)) return true;
  return isListed(EXPLICIT, from, to);
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
    else if (!isImplicit(type, chosen)) return { mismatch: i };
  }
  return chosen === 'unknown' ? 'text' : chosen;
}
