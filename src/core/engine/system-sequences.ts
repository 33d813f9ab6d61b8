// Which column has which sequence, as the catalog tells it: pg_depend, and what pg_get_serial_sequence asks.

import type { Row, TableDef } from '../sql/access.ts';
import { fullName, type ShownNames } from './system-names.ts';

/** Of pg_class itself. */
export const CLASS_ID = 1259n;

/** The sequences of columns, by `table.column`, with the table's schema and, where the session may leave it out, without. */
export function serialRows(
  { relation, name, columns, owned = [] }: TableDef,
  { tables, names }: { readonly tables: readonly TableDef[]; readonly names: ShownNames },
): readonly Row[] {
  return owned.flatMap(({ column, sequence }, i): readonly Row[] => {
    if (owned.findIndex((one) => one.column === column) < i) return [];
    const of = tables.find((one) => one.relation === sequence);
    const text = of === undefined ? null : fullName(of.name);
    return [...new Set([fullName(name), names.shown(name)])].map((table) => [
      'serial',
      BigInt(relation),
      0,
      text,
      `${table}.${columns[column]?.name ?? ''}`,
    ]);
  });
}

/** pg_depend, as far as there is something to tell: which column owns a sequence, as its own ('i', an identity) or not ('a'). */
export const dependRows = ({ relation, columns, owned = [] }: TableDef): readonly Row[] =>
  owned.map(({ column, sequence }) => [
    CLASS_ID,
    BigInt(sequence),
    0,
    CLASS_ID,
    BigInt(relation),
    column + 1,
    columns[column]?.identity === undefined ? 'a' : 'i',
  ]);
