// Rows of pg_type, and what pg_attribute tells of a type, too.

import type { ColumnType, Row } from '../sql/access.ts';
import {
  arrayOf as arrayTypeOf,
  catalogName,
  categoryOf,
  elementOf,
  isArray,
  sizeOf,
  TYPE_IDS,
} from '../sql/types.ts';

/** The one role. */
export const ROLE_ID = 10n;
export const PG_CATALOG_ID = 11n;

export const typeId = (type: ColumnType): bigint => BigInt(TYPE_IDS[type]);
const typeNames = Object.keys(TYPE_IDS) as readonly ColumnType[];

/** pg_type.typcategory. */
const CATEGORIES = {
  numeric: 'N',
  string: 'S',
  boolean: 'B',
  datetime: 'D',
  timespan: 'T',
  json: 'U',
  user: 'U',
  array: 'A',
  unknown: 'X',
};

export const typeRows = (): readonly Row[] =>
  typeNames.map((type) => [
    typeId(type),
    catalogName(type),
    PG_CATALOG_ID,
    ROLE_ID,
    sizeOf(type),
    'b',
    CATEGORIES[categoryOf(type)],
    true,
    ',',
    0n,
    isArray(type) ? typeId(elementOf(type)) : 0n,
    isArray(type) ? 0n : typeId(arrayTypeOf(type)),
    alignmentOf(type),
    storageOf(type),
    false,
    0n,
    -1,
    0n,
    null,
    null,
  ]);

/** pg_type.typstorage. */
export const storageOf = (type: ColumnType): string =>
  sizeOf(type) >= 0 ? 'p' : type === 'numeric' ? 'm' : 'x';

/** pg_type.typalign. */
export function alignmentOf(type: ColumnType): string {
  if (isArray(type)) return alignmentOf(elementOf(type)) === 'd' ? 'd' : 'i';
  if (type === 'interval') return 'd';
  return ALIGNMENTS.get(sizeOf(type)) ?? 'c';
}

/** By size in bytes. */
const ALIGNMENTS: ReadonlyMap<number, string> = new Map([
  [-1, 'i'],
  [2, 's'],
  [4, 'i'],
  [8, 'd'],
]);
