// A row version as bytes: the tuple's header, then the row. A table that has gained columns (ALTER TABLE) leaves its older
// rows as they are: those have the first `base` columns, and a newer row says in a byte before it how many it has. What a row
// lacks is null, or the column's `missing`: its default when it was added.

import { BadBytes } from '../../base/bytes.ts';
import { COUNTED, LARGE, slotLength, TUPLE_HEADER_BYTES, tupleFlags } from '../page/heap-page.ts';
import type { Row, TableDef, Value, Wanted } from '../sql/access.ts';
import { decodeLarge, type ValueAt } from './large-codec.ts';
import { decodeColumns, decodeRow, encodeRow } from './row-codec.ts';

/** What decides how rows are read. */
export type Layout = Pick<TableDef, 'columns' | 'base'>;

/** The flag that tuples of the table get. */
export const layoutFlag = ({ base }: Layout): number => (base === undefined ? 0 : COUNTED);

/** The tuple but for its header, which is zero. */
export function encodeTuple({ columns, base }: Layout, row: Row): Uint8Array {
  if (base === undefined) return encodeRow(columns, row, TUPLE_HEADER_BYTES);
  const tuple = encodeRow(columns, row, TUPLE_HEADER_BYTES + 1);
  tuple[TUPLE_HEADER_BYTES] = columns.length;
  return tuple;
}

/** The row of the tuple in `slot` at `at`, or its first `wanted` columns; throws BadBytes. */
export function decodeTuple(
  layout: Layout,
  page: Uint8Array,
  slot: number,
  at: number,
  valueAt: ValueAt,
  wanted: number = layout.columns.length,
): Value[] {
  const { columns, base = columns.length } = layout;
  const flags = tupleFlags(page, at);
  if ((flags & LARGE) !== 0) {
    const row = decodeLarge(columns, base, page, slot, at, (i) => i < wanted, valueAt);
    return fill(layout, row.slice(0, wanted), wanted);
  }
  const start = at + TUPLE_HEADER_BYTES;
  const end = at + slotLength(page, slot);
  if ((flags & COUNTED) !== 0)
    return fill(layout, decodeRow(columns, page, start + 1, end, wanted, page[start] as number), wanted);
  const row = decodeRow(columns, page, start, end, wanted, base);
  return base < wanted ? fill(layout, row, wanted) : row;
}

/** The row of the tuple with the wanted columns only; the others are null. Throws BadBytes. */
export function decodeWanted(
  { columns, base = columns.length }: Layout,
  page: Uint8Array,
  slot: number,
  at: number,
  wanted: NonNullable<Wanted>,
  valueAt: ValueAt,
): Value[] {
  const flags = tupleFlags(page, at);
  const isCounted = (flags & COUNTED) !== 0;
  const head = at + TUPLE_HEADER_BYTES;
  const count = isCounted ? (page[head] as number) : base;
  const row =
    (flags & LARGE) === 0
      ? decodeColumns(columns, page, isCounted ? head + 1 : head, at + slotLength(page, slot), wanted, count)
      : decodeLarge(columns, base, page, slot, at, (i) => wanted[i] ?? false, valueAt);
  while (row.length < columns.length) row.push(null);
  for (let i = count; i < wanted.length; i++) if (wanted[i] !== false) row[i] = columns[i]?.missing ?? null;
  return row;
}

function fill({ columns }: Layout, row: Value[], wanted: number): Value[] {
  for (let i = row.length; i < wanted; i++) row.push(columns[i]?.missing ?? null);
  return row;
}

/**
 * The same of a version that may have been undone together with the ALTER TABLE that it was written after: its last columns
 * were of other types then, and are in no index.
 */
export function decodeAnyTuple(
  layout: Layout,
  page: Uint8Array,
  slot: number,
  at: number,
  valueAt: ValueAt,
): Value[] {
  try {
    return decodeTuple(layout, page, slot, at, valueAt);
  } catch (error) {
    const { base, columns } = layout;
    if (base === undefined || !(error instanceof BadBytes || error instanceof RangeError)) throw error;
    return fill({ columns: [] }, decodeTuple(layout, page, slot, at, valueAt, base), columns.length);
  }
}
