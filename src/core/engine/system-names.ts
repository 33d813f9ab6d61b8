// How relations are named for a session: by their own name where its search path leads to them, else with their schema.

import type { Row, TableDef } from '../sql/access.ts';
import { nameText } from '../sql/name-text.ts';
import { ownName, readSearchPath, relationNameOf, schemaOf } from '../sql/relation-name.ts';
import { isRelation } from '../sql/table-def.ts';

export interface ShownNames {
  /** `id`: of the relation or index of that name. */
  readonly all: ReadonlyMap<string, number>;
  /** As it may stand in a statement of the session. */
  readonly shown: (name: string) => string;
  /** Does the name mean it without its schema? */
  readonly isVisible: (name: string) => boolean;
}

export function shownNames(tables: readonly TableDef[], searchPath: string): ShownNames {
  const all = new Map<string, number>();
  for (const table of tables) {
    if (!isRelation(table)) continue;
    all.set(table.name, table.relation);
    for (const { name, relation } of table.indexes) all.set(name, relation);
  }
  const path = readSearchPath(searchPath);
  const isVisible = (name: string): boolean => {
    const found = path.map((schema) => relationNameOf(schema, ownName(name))).find((one) => all.has(one));
    return found === name;
  };
  return { all, isVisible, shown: (name) => (isVisible(name) ? nameText(ownName(name)) : fullName(name)) };
}

export const fullName = (name: string): string => `${nameText(schemaOf(name))}.${nameText(ownName(name))}`;

/** pg_lab_names. */
export const nameRows = ({ all, isVisible, shown }: ShownNames): readonly Row[] =>
  [...all].map(([name, id]) => [
    BigInt(id),
    schemaOf(name),
    ownName(name),
    isVisible(name) ? ownName(name) : null,
    shown(name),
    fullName(name),
  ]);
