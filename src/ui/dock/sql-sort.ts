// Order of a result's rows on the screen: by one column, numbers as numbers, nulls last, equal rows as the answer had them. The
// answer itself keeps its order.

import type { StatementResult } from '../../core/kernel/client-calls.ts';

type RowsResult = Pick<Extract<StatementResult, { kind: 'rows' }>, 'columns' | 'rows'>;

export interface SortBy {
  readonly column: number;
  readonly descending: boolean;
}

const numeric = new Set([
  'int2',
  'int4',
  'int8',
  'smallint',
  'integer',
  'bigint',
  'numeric',
  'real',
  'double precision',
  'float4',
  'float8',
]);

/** Compares numbers of any size in their text form. */
function compareNumbers(a: string, b: string): number {
  const isWhole = (text: string): boolean => /^-?\d+$/.test(text);
  if (isWhole(a) && isWhole(b)) {
    const [left, right] = [BigInt(a), BigInt(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  }
  // NaN is above every number, as PostgreSQL orders it.
  const [left, right] = [Number(a), Number(b)];
  if (Number.isNaN(left) || Number.isNaN(right))
    return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  return left - right;
}

/** Places of the rows in the answer, in the order in which they are shown. */
export function sortedPlaces({ columns, rows }: RowsResult, by: SortBy | null): readonly number[] {
  const places = rows.map((_, i) => i);
  if (by === null) return places;
  const isNumber = numeric.has((columns[by.column]?.type ?? '').replace(/\(.*\)/, ''));
  return places.sort((a, b) => {
    const [left, right] = [rows[a]?.[by.column] ?? null, rows[b]?.[by.column] ?? null];
    if (left === null || right === null) return Number(left === null) - Number(right === null) || a - b;
    const order = isNumber ? compareNumbers(left, right) : left < right ? -1 : left > right ? 1 : 0;
    return (by.descending ? -order : order) || a - b;
  });
}

/** Ascending, descending, as the answer has them. */
export function nextSort(by: SortBy | null, column: number): SortBy | null {
  if (by?.column !== column) return { column, descending: false };
  return by.descending ? null : { column, descending: true };
}

/** Tab-separated with its heads: what a spreadsheet takes from the clipboard. Null is empty. */
export function tabbed({ columns, rows }: RowsResult, places: readonly number[]): string {
  const field = (text: string): string => (/["\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = [
    columns.map(({ name }) => field(name)),
    ...places.map((place) => (rows[place] ?? []).map((value) => field(value ?? ''))),
  ];
  return lines.map((cells) => `${cells.join('\t')}\n`).join('');
}

/** As JSON: an object a row, its values as the server sent them (text, or null); a name that repeats has its number behind it. */
export function jsonOf({ columns, rows }: RowsResult, places: readonly number[]): string {
  const names = columns.map(({ name }, i) => {
    const before = columns.slice(0, i).filter((one) => one.name === name).length;
    return before === 0 ? name : `${name}_${before + 1}`;
  });
  const objects = places.map((place) =>
    Object.fromEntries(names.map((name, i) => [name, rows[place]?.[i] ?? null])),
  );
  return `${JSON.stringify(objects, null, 1)}\n`;
}
