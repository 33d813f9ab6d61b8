// Rows of pg_type, and what pg_attribute tells of a type, too.

import type { ColumnType, EnumType, Row } from '../sql/access.ts';
import { enumOf, isEnum } from '../sql/enum-type.ts';
import { schemaOf } from '../sql/relation-name.ts';
import {
  arrayOf as arrayTypeOf,
  catalogName,
  categoryOf,
  elementOf,
  GIVEN_TYPES,
  typeId as idOfType,
  isArray,
  sizeOf,
} from '../sql/types.ts';
import { idWithin } from './system-constraints.ts';
import type { ShownNames } from './system-names.ts';

/** The one role. */
export const ROLE_ID = 10n;
export const PG_CATALOG_ID = 11n;

export const typeId = (type: ColumnType): bigint => BigInt(idOfType(type));

/** pg_type.typcategory. */
const CATEGORIES = {
  numeric: 'N',
  string: 'S',
  boolean: 'B',
  datetime: 'D',
  timespan: 'T',
  json: 'U',
  user: 'U',
  enum: 'E',
  array: 'A',
  unknown: 'X',
};

/** Of types that are always there, and of the `made` ones with their schemas. */
export const typeRows = (made: readonly (readonly [type: EnumType, schema: bigint])[]): readonly Row[] => [
  ...GIVEN_TYPES.map((type) => typeRow(type, PG_CATALOG_ID)),
  ...made.flatMap(([type, schema]) => [typeRow(type, schema), typeRow(arrayTypeOf(type), schema)]),
];

const typeRow = (type: ColumnType, schema: bigint): Row => [
  typeId(type),
  catalogName(type),
  schema,
  ROLE_ID,
  sizeOf(type),
  isEnum(type) ? 'e' : 'b',
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
];

/** pg_enum. */
export const enumRows = (type: EnumType): readonly Row[] =>
  enumOf(type).labels.map(([label, order], i) => [
    idWithin(enumOf(type).id, i),
    typeId(type),
    { kind: 'real', value: Math.fround(order) },
    label,
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

/** pg_lab_types. */
export const typeTexts = (made: readonly EnumType[], { shownType, isVisible }: ShownNames): readonly Row[] =>
  [...GIVEN_TYPES, ...made.flatMap((type) => [type, arrayTypeOf(type)])].map((type) => [
    typeId(type),
    shownType(type),
    catalogName(type),
    ...placeOf(type, isVisible),
  ]);

/** The schema, and the name where the search path leads to it. */
function placeOf(type: ColumnType, isVisible: ShownNames['isVisible']): Row {
  const element = elementOf(type);
  if (!isEnum(element)) return ['pg_catalog', catalogName(type)];
  const { name } = enumOf(element);
  return [schemaOf(name), isVisible(name) ? catalogName(type) : null];
}
