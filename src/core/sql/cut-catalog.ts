// The tables of a cluster that cuts them, as whoever routes or gathers analyses by (docs/spec/pcs.md PCS-83, PCS-85). A table stands for
// all its tablets, by the relations of the first.

import type { TableDef } from './access.ts';
import type { Catalog } from './analysis.ts';
import { metadataTable } from './metadata-tables.ts';
import { PUBLIC } from './relation-name.ts';
import { type CutTable, tabletTable } from './tablets.ts';

export function cutCatalog(tables: readonly CutTable[]): Catalog {
  const tableOf = (cut: CutTable | undefined): TableDef | null => {
    const relation = cut?.tablets[0]?.relation;
    return cut && relation !== undefined ? tabletTable(cut, relation) : null;
  };
  return {
    // PCS-98: views of the metadata have no tablet; whoever is asked asks the metadata
    findTable: (name) => metadataTable(name) ?? tableOf(tables.find((table) => table.name === name)),
    findRelation: (relation) =>
      tableOf(tables.find(({ tablets }) => tablets.some((one) => one.relation === relation))),
    referrersOf: () => [],
    searchPath: () => PUBLIC,
    findType: () => null,
    findIndex: () => null,
    countRows: () => 0,
  };
}
