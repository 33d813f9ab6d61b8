// The views of the metadata as relations without pages (docs/spec/pcs.md PCS-98). Their ids are negative: no volume gives such.

import { isPcsView, pcsViewColumns, pcsViewNames } from '../kernel/pcs-views.ts';
import type { TableDef } from './access.ts';
import { makeTableDef } from './table-def.ts';

const tables: ReadonlyMap<string, TableDef> = new Map(
  pcsViewNames.map((name, i) => {
    const columns = pcsViewColumns(name).map(([column, type]) => ({ name: column, type, notNull: false }));
    return [name, { ...makeTableDef(-1 - i, name, columns, []), metadata: 'pcs' }];
  }),
);

export const metadataTable = (name: string): TableDef | null =>
  isPcsView(name) ? (tables.get(name) ?? null) : null;
