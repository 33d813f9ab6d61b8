// The column types, the type of an untyped literal, and PostgreSQL's rules between them: categories, implicit casts,
// common types.

import type { ColumnType } from './access.ts';

export type SqlType = ColumnType | 'unknown';

/** Names as PostgreSQL's messages write them. */
export const TYPE_NAMES: Readonly<Record<SqlType, string>> = {
  int4: 'integer',
  int8: 'bigint',
  text: 'text',
  varchar: 'character varying',
  bool: 'boolean',
  float8: 'double precision',
  numeric: 'numeric',
  unknown: 'unknown',
};

/** What the last part of a type name in the tree stands for. */
export const TYPES_BY_NAME: ReadonlyMap<string, ColumnType> = new Map([
  ['int4', 'int4'],
  ['int8', 'int8'],
  ['text', 'text'],
  ['varchar', 'varchar'],
  ['bool', 'bool'],
  ['float8', 'float8'],
  ['numeric', 'numeric'],
]);

/** Types that PostgreSQL has and the lab does not: 0A000 instead of 42704. */
export const OTHER_TYPES: ReadonlySet<string> = new Set(
  (
    'int2 float4 bpchar char name bytea date time timetz timestamp timestamptz interval uuid json jsonb xml ' +
    'inet cidr macaddr bit varbit money oid regclass point line lseg box path polygon circle tsvector tsquery ' +
    'serial bigserial smallserial serial4 serial8 serial2 int4range int8range numrange daterange'
  ).split(' '),
);

export type TypeCategory = 'numeric' | 'string' | 'boolean' | 'unknown';

export function categoryOf(type: SqlType): TypeCategory {
  switch (type) {
    case 'int4':
    case 'int8':
    case 'float8':
    case 'numeric':
      return 'numeric';
    case 'text':
    case 'varchar':
      return 'string';
    case 'bool':
      return 'boolean';
    case 'unknown':
      return 'unknown';
  }
}

/** The type that PostgreSQL prefers within its category. */
export const isPreferred = (type: SqlType): boolean =>
  type === 'float8' || type === 'text' || type === 'bool';

const WIDTH: Readonly<Record<SqlType, number>> = {
  int4: 1,
  int8: 2,
  numeric: 3,
  float8: 4,
  text: 0,
  varchar: 0,
  bool: 0,
  unknown: 0,
};

export const isNumeric = (type: SqlType): boolean => WIDTH[type] > 0;

/** The wider of two numeric types. */
export const wider = (a: ColumnType, b: ColumnType): ColumnType => (WIDTH[a] >= WIDTH[b] ? a : b);

export const isString = (type: SqlType): boolean => type === 'text' || type === 'varchar';

/** May `from` become `to` without a word in the statement? */
export function isImplicit(from: SqlType, to: ColumnType): boolean {
  return (
    from === to ||
    from === 'unknown' ||
    (isString(from) && isString(to)) ||
    (isNumeric(from) && isNumeric(to) && WIDTH[from] < WIDTH[to])
  );
}

/** May a value of `from` be stored in a column of `to`? */
export function isAssignable(from: SqlType, to: ColumnType): boolean {
  return isImplicit(from, to) || isString(to) || (isNumeric(from) && isNumeric(to));
}

/** Does a cast written in the statement exist? */
export function isCastable(from: SqlType, to: ColumnType): boolean {
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
  }
  return chosen === 'unknown' ? 'text' : chosen;
}
