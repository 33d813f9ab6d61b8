// How relations are named for a session: by their own name where its search path leads to them, else with their schema.

import type { ColumnType, Row, TableDef } from '../sql/access.ts';
import { enumOf, isEnum } from '../sql/enum-type.ts';
import { nameText } from '../sql/name-text.ts';
import { ownName, PUBLIC, readSearchPath, relationNameOf, schemaOf } from '../sql/relation-name.ts';
import { isRelation, mapExprs } from '../sql/table-def.ts';
import { elementOf, isArray, typeName } from '../sql/types.ts';
import { decodeView, encodeView } from '../sql/view-text.ts';

export interface ShownNames {
  /** `id`: of the relation or index of that name. */
  readonly all: ReadonlyMap<string, number>;
  /** As it may stand in a statement of the session. */
  readonly shown: (name: string) => string;
  /** Does the name mean it without its schema? */
  readonly isVisible: (name: string) => boolean;
  /** A type as it may stand there. */
  readonly shownType: (type: ColumnType) => string;
  /** The table whose expressions name types so. */
  readonly withTypes: (table: TableDef) => TableDef;
}

export function shownNames(tables: readonly TableDef[], searchPath: string): ShownNames {
  const all = new Map<string, number>();
  const named = new Set<string>();
  for (const table of tables) {
    if (table.enum !== undefined) named.add(table.name);
    if (!isRelation(table)) continue;
    all.set(table.name, table.relation);
    for (const { name, relation } of table.indexes) all.set(name, relation);
  }
  const path = readSearchPath(searchPath);
  const isVisible = (name: string): boolean => {
    const found = path
      .map((schema) => relationNameOf(schema, ownName(name)))
      .find((one) => all.has(one) || named.has(one));
    return found === name;
  };
  const shown = (name: string): string => (isVisible(name) ? nameText(ownName(name)) : fullName(name));
  const hidden = new Map(
    [...named]
      .filter((name) => schemaOf(name) === PUBLIC && !isVisible(name))
      .map((name) => [ownName(name), name]),
  );
  return {
    all,
    isVisible,
    shown,
    shownType: (type) => {
      const element = elementOf(type);
      if (!isEnum(element)) return typeName(type);
      return `${shown(enumOf(element).name)}${isArray(type) ? '[]' : ''}`;
    },
    withTypes: (table) => (hidden.size === 0 ? table : withSchemas(table, hidden)),
  };
}

/** Types of public that the search path does not lead to are named with it. */
function withSchemas(table: TableDef, hidden: ReadonlyMap<string, string>): TableDef {
  const rename = (tree: string): string => encodeView(qualified(decodeView(tree), hidden));
  const { columns, checks, view } = table;
  return {
    ...table,
    columns: columns.map((column) =>
      column.computed === undefined ? column : { ...column, computed: rename(column.computed) },
    ),
    indexes: table.indexes.map((index) => mapExprs(index, (one) => ({ ...one, tree: rename(one.tree) }))),
    ...(checks !== undefined && {
      checks: checks.map((check) => ({ ...check, condition: rename(check.condition) })),
    }),
    ...(view !== undefined && { view: { ...view, query: rename(view.query) } }),
  };
}

function qualified<Part>(part: Part, hidden: ReadonlyMap<string, string>): Part {
  if (Array.isArray(part)) return part.map((one: unknown) => qualified(one, hidden)) as Part;
  if (typeof part !== 'object' || part === null) return part;
  const fields = Object.entries(part).map(([field, inner]) => [
    field,
    field === 'typeName' ? qualifiedType(inner, hidden) : qualified(inner, hidden),
  ]);
  return Object.fromEntries(fields) as Part;
}

type TypeNameTree = {
  readonly names?: readonly { readonly String?: { readonly sval?: string } }[];
  readonly schemaname?: string;
};

function qualifiedType(type: TypeNameTree, hidden: ReadonlyMap<string, string>): TypeNameTree {
  const [first, second] = type.names ?? [];
  const isPlain = second === undefined && type.schemaname === undefined;
  return isPlain && hidden.has(first?.String?.sval ?? '') ? { ...type, schemaname: PUBLIC } : type;
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
