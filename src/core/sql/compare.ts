// Order of values within a type, as PostgreSQL's btree operator classes with collation C: NaN after all numbers,
// −0 equal to 0, text by code point, numeric whatever its scale. Values of the two integer types are never mixed: analysis has cast them.

import { AssertionError } from '../../base/assert.ts';
import type { ArrayValue, Numeric, Row, Tagged, Value } from './access.ts';
import { compareJson, parseJson } from './json.ts';
import { compareNumeric, formatNumeric, withoutTrailingZeros } from './numeric.ts';
import { compareText } from './text-order.ts';
import { formOf } from './type-forms.ts';

export interface SortKey {
  /** Position in the query's outputs. */
  readonly output: number;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** Negative, zero or positive. Neither value is null. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') {
    if (a < b) return -1;
    if (a > b) return 1;
    if (a === b) return 0;
    return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  }
  if (typeof a === 'string' && typeof b === 'string') return a === b ? 0 : compareText(a, b);
  if (a === null || b === null) return 0;
  if (typeof a === 'object' && typeof b === 'object')
    return 'kind' in a || 'kind' in b ? compareTagged(a, b) : compareNumeric(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

const COMPARE_OPS = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const;
export type CompareOp = (typeof COMPARE_OPS)[number];
export const isCompareOp = (name: string): name is CompareOp => COMPARE_OPS.some((op) => op === name);

/** Does the operator hold between values of this order (`compareValues`)? */
export function holds(op: CompareOp, order: number): boolean {
  switch (op) {
    case 'eq':
      return order === 0;
    case 'ne':
      return order !== 0;
    case 'lt':
      return order < 0;
    case 'le':
      return order <= 0;
    case 'gt':
      return order > 0;
    case 'ge':
      return order >= 0;
  }
}

/** What values of one type are ordered by: numbers, bigints, or texts of which spaces at the end do not count. */
export function orderOf(value: Exclude<Tagged, ArrayValue>): Value {
  switch (value.kind) {
    case 'real':
      return value.value;
    case 'char':
      return withoutSpaces(value.text);
    case 'enum':
      return value.order;
    default:
      return formOf(value.kind).order(value);
  }
}

/** A char(n) as text. */
export function withoutSpaces(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === SPACE) end -= 1;
  return end === text.length ? text : text.slice(0, end);
}
const SPACE = 32;

function compareTagged(a: Tagged | Numeric, b: Tagged | Numeric): number {
  if (!('kind' in a && 'kind' in b && a.kind === b.kind))
    throw new AssertionError('values of two types are compared');
  if (a.kind === 'array' || b.kind === 'array') return compareArrays(itemsOf(a), itemsOf(b));
  if (a.kind === 'jsonb' && b.kind === 'jsonb')
    return a.text === b.text ? 0 : compareJson(parseJson(a.text), parseJson(b.text), true);
  return compareValues(orderOf(a), orderOf(b));
}

const itemsOf = (value: Tagged): readonly Value[] => (value.kind === 'array' ? value.items : []);

/** By the first items that differ, where null is above all values and null's equal, then by length. */
function compareArrays(a: readonly Value[], b: readonly Value[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const order = compareWithNulls(a[i] ?? null, b[i] ?? null, false, false);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** With nulls: for sorting. */
export function compareWithNulls(a: Value, b: Value, descending: boolean, nullsFirst: boolean): number {
  if (a === null || b === null) {
    if (a === b) return 0;
    return (a === null) === nullsFirst ? -1 : 1;
  }
  const order = compareValues(a, b);
  return descending ? -order : order;
}

/** Key of one value or of several, equal exactly for equal ones of the same types: a number is its own. */
export const mapKey = (values: readonly Value[]): string | number => {
  const [only] = values;
  return typeof only === 'number' && values.length === 1 ? only : groupKey(values);
};

/** A text that is equal exactly for equal lists of values: key of groups and distinct rows. */
export function groupKey(values: readonly Value[]): string {
  let key = '';
  for (const value of values) {
    if (value === null) key += 'n';
    else if (typeof value === 'string') key += `s${value.length}:${value}`;
    else if (typeof value === 'boolean') key += value ? 't' : 'f';
    else if (typeof value === 'object')
      key += 'kind' in value ? taggedKey(value) : `${formatNumeric(withoutTrailingZeros(value))};`;
    else key += `${value === 0 ? 0 : value};`;
  }
  return key;
}

const taggedKey = (value: Tagged): string =>
  value.kind === 'array' ? `a${value.items.length}:${groupKey(value.items)}` : groupKey([orderOf(value)]);

export function compareRows(a: Row, b: Row, keys: readonly SortKey[]): number {
  for (const { output, descending, nullsFirst } of keys) {
    const order = compareWithNulls(a[output] ?? null, b[output] ?? null, descending, nullsFirst);
    if (order !== 0) return order;
  }
  return 0;
}
