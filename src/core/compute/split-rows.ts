// Which rows of a tablet go with a split (docs/spec/pcs.md PCS-46): those from a key on, or from the middle of its rows. Pure.

import type { TableEntry } from '../kernel/fields.ts';
import type { ColumnDef, TabletRange, Value } from '../sql/access.ts';
import { compareValues } from '../sql/compare.ts';
import { SqlFailure } from '../sql/failure.ts';
import { isInTablet, rangeOf, tabletTable } from '../sql/tablets.ts';
import { formatValue, parseValue } from '../sql/text-form.ts';
import type { SplitOrder } from './split-state.ts';

type Texts = readonly (string | null)[];

/** Rows of a tablet that is copied whole in one stretch; a greater one is not split. */
const MAX_ROWS = 10_000;

const tableWith = (tables: readonly TableEntry[], relation: number): TableEntry | undefined =>
  tables.find(({ tablets }) => tablets.some((one) => one.relation === relation));

function keyColumn(
  cut: TableEntry,
  relation: number,
): { readonly at: number; readonly type: ColumnDef['type'] } {
  const { columns, primaryKey } = tabletTable(cut, relation);
  const at = primaryKey[0] ?? -1;
  return { at, type: columns[at]?.type ?? 'text' };
}

/** Of the tablet's keys, and not its least: something stays. */
const isInside = (range: TabletRange, key: Value): boolean =>
  isInTablet(range, key) && (range.from === null || compareValues(key, range.from) !== 0);

/** The least key that goes; null: it is yet to be chosen. A text: why there is no such key inside the tablet. */
export function leastKey(
  tables: readonly TableEntry[],
  { relation, key }: Pick<SplitOrder, 'relation' | 'key'>,
): { readonly least: Value } | string {
  const cut = tableWith(tables, relation);
  if (!cut) return 'NO_GROUP';
  if (key === '') return { least: null };
  try {
    const least = parseValue(keyColumn(cut, relation).type, key);
    return isInside(rangeOf(cut, relation), least) ? { least } : 'BAD_RANGE';
  } catch (failure) {
    if (!(failure instanceof SqlFailure)) throw failure;
    return 'BAD_RANGE';
  }
}

/** Rows are columns in the order of the table, in text form. A text: why there is nothing to split. */
export function chooseRows(
  tables: readonly TableEntry[],
  order: Pick<SplitOrder, 'relation' | 'key'>,
  rows: readonly Texts[],
): { readonly key: string; readonly rows: readonly Texts[] } | string {
  const cut = tableWith(tables, order.relation);
  const wanted = leastKey(tables, order);
  if (typeof wanted === 'string' || !cut) return typeof wanted === 'string' ? wanted : 'NO_GROUP';
  if (rows.length > MAX_ROWS) return 'TOO_BIG';
  const { at, type } = keyColumn(cut, order.relation);
  const keyed = rows
    .map((row) => ({ row, value: parseValue(type, row[at] ?? '') }))
    .toSorted((a, b) => compareValues(a.value, b.value));
  const distinct = keyed.filter(
    ({ value }, i) => i === 0 || compareValues(value, keyed[i - 1]?.value ?? null) !== 0,
  );
  if (wanted.least === null && distinct.length < 2) return 'TOO_SMALL';
  const least = wanted.least ?? distinct[distinct.length >> 1]?.value ?? null;
  if (!isInside(rangeOf(cut, order.relation), least)) return 'BAD_RANGE';
  const going = keyed.filter(({ value }) => compareValues(value, least) >= 0).map(({ row }) => row);
  return going.length === 0 ? 'EMPTY_RANGE' : { key: formatValue(least) ?? '', rows: going };
}
