// Foreign keys of the tables that a statement may write: keys that their rows refer to, and those that refer to their rows.
// What a referential action writes is a table of the same kind, so the plan has them all, by relation.

import type { ForeignKeyAction, IndexDef, TableDef } from './access.ts';
import { type Check, checksOf, defaultOf } from './analyse-constraint.ts';
import { isKeyOver } from './analyse-foreign.ts';
import type { Analysis } from './analysis.ts';
import { coerce, coerceToColumn } from './coerce.ts';
import { type Expr, makeColumn, makeConst } from './expression.ts';
import { NOWHERE } from './failure.ts';
import { isPlain, isValid } from './table-def.ts';

/** A key of another table that rows of this one refer to. */
export interface OutgoingKey {
  readonly name: string;
  /** In the order of the index. */
  readonly columns: readonly number[];
  readonly target: TableDef;
  readonly index: IndexDef;
  /** Over a row, in the types and the order of the index. */
  readonly key: readonly Expr[];
}

/** A foreign key of another table, `child`, whose rows refer to those of this one. */
export interface IncomingKey {
  readonly name: string;
  readonly child: TableDef;
  readonly columns: readonly number[];
  /** The child's columns in the types of the key, in its order: over a child's row. */
  readonly key: readonly Expr[];
  /** The key's columns here, in the same order. */
  readonly targetColumns: readonly number[];
  /** The unique index over them. */
  readonly index: IndexDef;
  /** An index of the child that begins with its columns, of the same types. */
  readonly childIndex: IndexDef | null;
  readonly onDelete: ForeignKeyAction;
  readonly onUpdate: ForeignKeyAction;
  /** SET DEFAULT: for each of `columns`. */
  readonly defaults: readonly Expr[];
  /** ON UPDATE CASCADE: for each of `columns`, over the new key. */
  readonly assigned: readonly Expr[];
}

export interface ReferenceTable {
  readonly table: TableDef;
  readonly checks: readonly Check[];
  readonly outgoing: readonly OutgoingKey[];
  readonly incoming: readonly IncomingKey[];
}

export type References = ReadonlyMap<number, ReferenceTable>;

/** Those of the table, and of tables that are written with it; null where there are none. */
export function referencesOf(analysis: Analysis, table: TableDef): References | null {
  const referrers = analysis.referrersOf(table.relation);
  if (referrers.length === 0 && table.foreignKeys === undefined) return null;
  const tables = new Map<number, ReferenceTable>();
  const queue = [table];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (tables.has(next.relation)) continue;
    const made = referenceTable(analysis, next);
    tables.set(next.relation, made);
    for (const { child, onDelete, onUpdate } of made.incoming) {
      use(analysis, child);
      if (isWriting(onDelete) || isWriting(onUpdate)) {
        analysis.cascades.add(child.relation);
        queue.push(child);
      }
    }
    for (const { target } of made.outgoing) use(analysis, target);
  }
  return tables;
}

const isWriting = (action: ForeignKeyAction): boolean => action !== 'none' && action !== 'restrict';

/** The statement reads it, so it locks it. */
function use({ tables }: Analysis, table: TableDef): void {
  if (!tables.some(({ relation }) => relation === table.relation)) tables.push(table);
}

function referenceTable(analysis: Analysis, table: TableDef): ReferenceTable {
  const outgoing = (table.foreignKeys ?? []).flatMap(({ name, columns, target, targetColumns }) => {
    const found = target === 0 ? table : analysis.findRelation(target);
    const index = found?.indexes.find((one) => isKeyOver(one, targetColumns));
    if (found === null || index === undefined) return [];
    return [
      {
        name,
        columns: index.keys.map(({ column }) => columns[targetColumns.indexOf(column)] ?? -1),
        target: found,
        index,
        key: keyOver(analysis, table, columns, found, targetColumns, index),
      },
    ];
  });
  const incoming = analysis.referrersOf(table.relation).flatMap((child) =>
    (child.foreignKeys ?? []).flatMap((foreign): readonly IncomingKey[] => {
      const { name, columns, target, targetColumns, onDelete, onUpdate } = foreign;
      const isHere = target === table.relation || (target === 0 && child.relation === table.relation);
      const index = table.indexes.find((one) => isKeyOver(one, targetColumns));
      if (!isHere || index === undefined) return [];
      const key = keyOver(analysis, child, columns, table, targetColumns, index);
      const ordered = index.keys.map(({ column }) => columns[targetColumns.indexOf(column)] ?? -1);
      const isSame = key.every((e) => e.kind === 'column');
      const childIndex = isSame ? child.indexes.find((one) => beginsWith(one, ordered)) : undefined;
      return [
        {
          name,
          child,
          columns,
          key,
          targetColumns: index.keys.map(({ column }) => column),
          index,
          childIndex: childIndex ?? null,
          onDelete,
          onUpdate,
          defaults: columns.map((at) => {
            const column = child.columns[at];
            return column === undefined ? makeConst('text', null, NOWHERE) : defaultOf(analysis, column);
          }),
          assigned: columns.flatMap((at, i) => {
            const place = index.keys.findIndex((one) => one.column === targetColumns[i]);
            const type = table.columns[targetColumns[i] ?? -1]?.type ?? 'text';
            const column = child.columns[at];
            return column ? [coerceToColumn(analysis, makeColumn(type, place, NOWHERE), column)] : [];
          }),
        },
      ];
    }),
  );
  return { table, checks: checksOf(analysis, table), outgoing, incoming };
}

/** The referencing columns in the types and the order of the referenced key. */
const keyOver = (
  analysis: Analysis,
  { columns }: TableDef,
  from: readonly number[],
  target: TableDef,
  targetColumns: readonly number[],
  index: IndexDef,
): readonly Expr[] =>
  index.keys.map(({ column }) => {
    const at = from[targetColumns.indexOf(column)] ?? -1;
    const type = target.columns[column]?.type ?? 'text';
    return coerce(analysis, makeColumn(columns[at]?.type ?? type, at, NOWHERE), type);
  });

const beginsWith = (index: IndexDef, columns: readonly number[]): boolean =>
  index.since === 0 &&
  isValid(index) &&
  isPlain(index) &&
  columns.every((column, i) => index.keys[i]?.column === column);

/** With only these indexes, would a foreign key refer to what is no unique key any more? */
export const isReferenced = (
  { relation }: TableDef,
  indexes: readonly IndexDef[],
  referrers: readonly TableDef[],
): boolean =>
  referrers.some(({ relation: own, foreignKeys = [] }) =>
    foreignKeys.some(
      ({ target, targetColumns }) =>
        (target === relation || (target === 0 && own === relation)) &&
        !indexes.some((index) => isKeyOver(index, targetColumns)),
    ),
  );
