// Definitions of tables and their indexes from their parts, and the names that indexes get when a statement gives none:
// as PostgreSQL makes them, cut to the length of an identifier.

import type { ColumnDef, IndexDef, NewIndex, TableDef } from './access.ts';
import { NAME_BYTES_MAX } from './limits.ts';

/** `indexes`: that of the primary key first. */
export function makeTableDef(
  relation: number,
  name: string,
  columns: readonly ColumnDef[],
  indexes: readonly IndexDef[],
): TableDef {
  const [first] = indexes;
  const primary = first?.constraint === 'primary' ? first : null;
  const indexed = new Set(indexes.flatMap(({ keys }) => keys.map(({ column }) => column)));
  return {
    relation,
    name,
    columns,
    primaryKey: primary?.keys.map(({ column }) => column) ?? [],
    keyRelation: primary?.relation ?? 0,
    indexes,
    indexed: [...indexed].sort((a, b) => a - b),
  };
}

/** The key of a primary key or UNIQUE constraint. */
export const plainKeys = (columns: readonly number[]): NewIndex['keys'] =>
  columns.map((column) => ({ column, descending: false, nullsFirst: false }));

/** A free name for an index: `table_columns_idx`, `…_key` of UNIQUE, `table_pkey`; then with a number. */
export function chooseIndexName(
  table: string,
  columns: readonly ColumnDef[],
  { name, keys, constraint }: NewIndex,
  isTaken: (name: string) => boolean,
): string {
  if (name !== null) return name;
  const label = constraint === 'primary' ? 'pkey' : constraint === 'unique' ? 'key' : 'idx';
  const parts =
    constraint === 'primary' ? '' : keys.map(({ column }) => columns[column]?.name ?? '').join('_');
  for (let pass = 0; ; pass++) {
    const made = joinName(table, parts, pass === 0 ? label : `${label}${pass}`);
    if (!isTaken(made)) return made;
  }
}

/** `a_b_label`, the longer of `a` and `b` cut until it fits. */
function joinName(a: string, b: string, label: string): string {
  let left = a.length;
  let right = b.length;
  const rest = label.length + 1 + (b === '' ? 0 : 1);
  while (left + right + rest > NAME_BYTES_MAX) {
    if (left > right) left--;
    else right--;
  }
  return [a.slice(0, left), ...(b === '' ? [] : [b.slice(0, right)]), label].join('_');
}
