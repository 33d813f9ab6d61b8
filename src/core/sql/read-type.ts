// Type names of the syntax tree: one of the lab's types, 0A000 for PostgreSQL's other types, 42704 for unknown ones;
// the precision and scale of numeric, and the length of varchar.

import type { ColumnType, DeclaredType, EnumType } from './access.ts';
import { asciiUpper } from './ascii.ts';
import { fail, unsupported } from './failure.ts';
import { intervalTypmod, SECOND_DIGITS } from './moment-typmod.ts';
import { makeTypmod, PRECISION_MAX, readTypmod } from './numeric.ts';
import { formatNumber, parseValue } from './text-form.ts';
import {
  type Fields,
  fieldsOf,
  has,
  integerOf,
  locationOf,
  nodesOf,
  onlyFields,
  optionalText,
  stringsOf,
  type TreeNode,
  textOf,
} from './tree.ts';
import { arrayOf, elementOf, isMoment, OTHER_TYPES, TYPES_BY_NAME } from './types.ts';

const TYPE_NAME = new Set(['names', 'typemod', 'typmods', 'arrayBounds', 'location', 'schemaname']);

/** The type that CREATE TYPE made of that name; `fields`: where it is named. */
export type FindMadeType = (fields: Fields, schema: string | null, name: string) => EnumType | null;

/** `find` null: only types that are always there. */
export function readTypeName(find: FindMadeType | null, fields: Fields): DeclaredType {
  const at = locationOf(fields);
  onlyFields(fields, TYPE_NAME, 'a type name');
  const scalar = readScalarName(find, fields, at);
  // PostgreSQL keeps neither bounds nor the number of dimensions.
  return has(fields, 'arrayBounds') ? { ...scalar, type: arrayOf(elementOf(scalar.type)) } : scalar;
}

function readScalarName(find: FindMadeType | null, fields: Fields, at: number): DeclaredType {
  const names = stringsOf(fields, 'names');
  const name = names[names.length - 1] ?? '';
  const known = names.length === 1 || (names.length === 2 && names[0] === 'pg_catalog');
  const type = known ? TYPES_BY_NAME.get(name) : undefined;
  if (type === undefined) {
    const made = find === null ? null : readMadeType(find, fields, names);
    if (made !== null) return made;
    if (known && OTHER_TYPES.has(name)) unsupported(`type ${name}`, at);
    return fail('42704', `type "${names.join('.')}" does not exist`, at);
  }
  const modifiers = nodesOf(fields, 'typmods');
  if (modifiers.length === 0) return { type };
  if (type === 'numeric') return { type, typmod: readNumericTypmod(modifiers, at) };
  if (type === 'varchar' || type === 'bpchar') return { type, typmod: readLength(modifiers, type, at) };
  if (isMoment(type)) return { type, typmod: readPrecision(modifiers, type, at) };
  return fail('42601', `type modifier is not allowed for type "${name}"`, at);
}

/** A type that CREATE TYPE made, or the arrays of it by their name in pg_type. */
function readMadeType(find: FindMadeType, fields: Fields, names: readonly string[]): DeclaredType | null {
  const schema = names.length > 1 ? (names[0] ?? null) : optionalText(fields, 'schemaname');
  const name = names.at(-1) ?? '';
  if (names.length > 2) return null;
  const type = find(fields, schema, name);
  if (type !== null) return { type };
  const element = name.startsWith('_') ? find(fields, schema, name.slice(1)) : null;
  return element === null ? null : { type: arrayOf(element) };
}

/** Is every value of one type, as it is stored, a value of the other? */
export function fitsWithoutRewrite(from: DeclaredType, to: DeclaredType): boolean {
  if (from.type === to.type && from.typmod === to.typmod) return true;
  const isText = (type: DeclaredType['type']): boolean => type === 'text' || type === 'varchar';
  if (isText(from.type) && isText(to.type))
    return to.typmod === undefined || (from.typmod !== undefined && to.typmod >= from.typmod);
  if (from.type !== 'numeric' || to.type !== 'numeric') return false;
  if (to.typmod === undefined) return true;
  if (from.typmod === undefined) return false;
  const [is, wanted] = [readTypmod(from.typmod), readTypmod(to.typmod)];
  return is.scale === wanted.scale && wanted.precision >= is.precision;
}

/** Digits of a second, and of an interval the fields that it has. */
function readPrecision(modifiers: readonly TreeNode[], type: ColumnType, at: number): number {
  const [first = 0, second] = modifiers.map((node) => modifierOf(node, at));
  const digits = type === 'interval' ? second : first;
  if (modifiers.length > (type === 'interval' ? 2 : 1)) fail('22023', 'invalid type modifier', at);
  if (digits !== undefined && digits < 0)
    fail('22023', `${typeWords(type)}(${digits})${zoneWords(type)} precision must not be negative`, at);
  const kept = digits === undefined ? undefined : Math.min(digits, SECOND_DIGITS);
  return type === 'interval' ? intervalTypmod(first, kept) : (kept ?? SECOND_DIGITS);
}
const typeWords = (type: ColumnType): string => asciiUpper(type.replace('tz', ''));
const zoneWords = (type: ColumnType): string => (type === 'timestamptz' ? ' WITH TIME ZONE' : '');

/** Characters that `varchar(n)` may ask for. */
const LENGTH_MAX = 10_485_760;

function readLength(modifiers: readonly TreeNode[], type: 'varchar' | 'bpchar', at: number): number {
  const name = type === 'varchar' ? 'varchar' : 'char';
  const [length = 0] = modifiers.map((node) => modifierOf(node, at));
  if (modifiers.length > 1) fail('22023', 'invalid type modifier', at);
  if (length < 1) fail('22023', `length for type ${name} must be at least 1`, at);
  if (length > LENGTH_MAX) fail('22023', `length for type ${name} cannot exceed ${LENGTH_MAX}`, at);
  return length;
}

/** Scales that a declaration may have; the negative ones round before the point. */
const DECLARED_SCALE_MAX = 1000;

function readNumericTypmod(modifiers: readonly TreeNode[], at: number): number {
  const [precision = 0, scale = 0] = modifiers.map((node) => modifierOf(node, at));
  if (modifiers.length > 2) fail('22023', 'invalid NUMERIC type modifier', at);
  if (precision < 1 || precision > PRECISION_MAX)
    fail('22023', `NUMERIC precision ${precision} must be between 1 and ${PRECISION_MAX}`, at);
  if (scale < -DECLARED_SCALE_MAX || scale > DECLARED_SCALE_MAX)
    fail(
      '22023',
      `NUMERIC scale ${scale} must be between -${DECLARED_SCALE_MAX} and ${DECLARED_SCALE_MAX}`,
      at,
    );
  return makeTypmod(precision, scale);
}

/** A constant or a bare word, read as an integer. */
function modifierOf({ tag, fields }: TreeNode, at: number): number {
  return Number(parseValue('int4', modifierText(tag, fields, at), at));
}

function modifierText(tag: string, fields: Fields, at: number): string {
  if (tag === 'ColumnRef') return stringsOf(fields, 'fields').join('.');
  if (tag === 'A_Const') {
    if (has(fields, 'ival')) return formatNumber(integerOf(fieldsOf(fields, 'ival'), 'ival'));
    if (has(fields, 'fval')) return textOf(fieldsOf(fields, 'fval'), 'fval');
    if (has(fields, 'sval')) return textOf(fieldsOf(fields, 'sval'), 'sval');
  }
  return fail('42601', 'type modifiers must be simple constants or identifiers', at);
}
