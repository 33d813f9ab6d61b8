// Names of relations in a cluster whose tables are cut (docs/spec/pcs.md PCS-85): a name stands once, whatever made it, so tables and the
// indexes of their primary keys share their names. Decided where definitions have one order: by the entry that prepares a table.

import type { TableEntry } from '../kernel/fields.ts';
import type { Row, TableDef } from '../sql/access.ts';
import { decodeTable, encodeTable } from '../sql/catalog-row.ts';
import { chooseIndexName } from '../sql/table-def.ts';

/** As the metadata has it. */
export const tableIn = ({ definition }: Pick<TableEntry, 'definition'>): TableDef =>
  decodeTable(JSON.parse(definition) as Row);

/** Of the tables, which take them, and of their indexes. */
export const namesIn = (tables: readonly TableEntry[]): Set<string> =>
  new Set(tables.flatMap((table) => [table.name, ...tableIn(table).indexes.map(({ name }) => name)]));

/**
 * The definition with a name of its primary key that is free: as PostgreSQL chooses it, `t_pkey`, then `t_pkey1`. Null: the name that the
 * statement gives to it is taken.
 */
export function withFreeKey(
  tables: readonly TableEntry[],
  { name, definition }: Pick<TableEntry, 'name' | 'definition'>,
): string | null {
  const taken = namesIn(tables).add(name);
  const table = tableIn({ definition });
  const [key] = table.indexes;
  if (key === undefined || !taken.has(key.name)) return definition;
  const chosen = (isTaken: (one: string) => boolean): string =>
    chooseIndexName(
      name,
      table.columns,
      { name: null, keys: key.keys, isUnique: true, constraint: 'primary' },
      isTaken,
    );
  // one that has the usual name was not named by the statement, or might as well not have been
  if (key.name !== chosen(() => false)) return null;
  const renamed = { ...key, name: chosen((one) => taken.has(one)) };
  return JSON.stringify(encodeTable({ ...table, indexes: [renamed, ...table.indexes.slice(1)] }));
}
