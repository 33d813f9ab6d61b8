// The key ranges of a path for given parameters. A bound compares only as many key columns as it has values: with
// values (5), `inclusive` low takes in every key that begins with 5, and an exclusive one leaves all of them out.

import type { IndexDef, KeyBound, TableDef, Value } from './access.ts';
import { compareValues } from './compare.ts';
import { evaluate, type Surroundings } from './evaluate.ts';
import { INT2_MAX, INT2_MIN, INT4_MAX, INT4_MIN } from './integer-limits.ts';
import type { AccessPath, PathBound } from './plan-types.ts';

export interface KeyRange {
  readonly low: KeyBound | null;
  readonly high: KeyBound | null;
}

type KeyPath = Extract<AccessPath, { kind: 'key' }>;

/** In the order in which they are to be read; none when the condition cannot hold. */
export function keyRanges(table: TableDef, path: KeyPath, context: Surroundings): readonly KeyRange[] {
  const prefix: Value[] = [];
  for (const expr of path.prefix) {
    const value = keyValue(table, path.index, prefix.length, evaluate(expr, [], context));
    if (isOutside(value)) return [];
    prefix.push(value);
  }
  if (path.list !== null) return listRanges(table, path, prefix, context);
  // Of a descending column the greater values come first, and a range of values has no nulls.
  const key = path.index.keys[prefix.length];
  const isTurned = key?.descending === true;
  const hasNulls = path.index.constraint !== 'primary' && (path.low !== null || path.high !== null);
  const whole =
    prefix.length === 0 && !hasNulls ? null : { values: prefix, inclusive: true, notNull: hasNulls };
  const least = rangeEnd(table, path, prefix, path.low, whole, context);
  const most = rangeEnd(table, path, prefix, path.high, whole, context);
  if (least === 'empty' || most === 'empty') return [];
  return [isTurned ? { low: most, high: least } : { low: least, high: most }];
}

/** Beyond the range of the column's type. */
interface Beyond {
  readonly above: boolean;
}

const isOutside = (value: Value | Beyond): value is Beyond | null =>
  value === null || (typeof value === 'object' && 'above' in value);

/** A value in the type of key column `position`; null when there is none, and then no row matches. */
function keyValue(
  table: TableDef,
  { keys }: IndexDef,
  position: number,
  value: Value,
): Exclude<Value, null> | Beyond | null {
  const column = table.columns[keys[position]?.column ?? -1];
  if (column?.type === 'int2' && (typeof value === 'bigint' || typeof value === 'number'))
    return narrowed(value, INT2_MIN, INT2_MAX);
  return typeof value === 'bigint' && column?.type === 'int4' ? narrowed(value, INT4_MIN, INT4_MAX) : value;
}

function narrowed(value: bigint | number, least: number, most: number): number | Beyond {
  if (value > most) return { above: true };
  return value < least ? { above: false } : Number(value);
}

function listRanges(
  table: TableDef,
  path: KeyPath,
  prefix: readonly Value[],
  context: Surroundings,
): readonly KeyRange[] {
  const values: Value[] = [];
  for (const item of path.list ?? []) {
    const value = keyValue(table, path.index, prefix.length, evaluate(item, [], context));
    if (!isOutside(value)) values.push(value);
  }
  values.sort(compareValues);
  const distinct = values.filter((value, i) => i === 0 || compareValues(value, values[i - 1] ?? null) !== 0);
  if (path.descending !== (path.index.keys[prefix.length]?.descending === true)) distinct.reverse();
  return distinct.map((value) => {
    const bound = { values: [...prefix, value], inclusive: true };
    return { low: bound, high: bound };
  });
}

function rangeEnd(
  table: TableDef,
  path: KeyPath,
  prefix: readonly Value[],
  bound: PathBound | null,
  whole: KeyBound | null,
  context: Surroundings,
): KeyBound | null | 'empty' {
  if (bound === null) return whole;
  const value = keyValue(table, path.index, prefix.length, evaluate(bound.expr, [], context));
  if (value === null) return 'empty';
  if (isOutside(value)) return value.above === (bound === path.low) ? 'empty' : whole;
  return { values: [...prefix, value], inclusive: bound.inclusive };
}
