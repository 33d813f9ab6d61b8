// The constraints of a table as the catalog has them: keys, checks and foreign keys, each with its text.

import type { ForeignKeyAction, IndexDef, TableDef } from '../sql/access.ts';
import { ownName } from '../sql/relation-name.ts';
import { isPlain } from '../sql/table-def.ts';
import { checkText, foreignText, keyText } from './system-texts.ts';

/** Object id of a part of a relation that has none of its own: beyond those of relations, and of 32 bits where it can be. */
export const idWithin = (relation: number, part: number): bigint =>
  BigInt(part + 1) * (relation < 0x10_0000 ? 0x10_0000n : 0x1_0000_0000n) + BigInt(relation);

export interface Constraint {
  readonly id: bigint;
  /** As SQL text; `all`: every relation; `shown`: their names as the session has them. */
  readonly text: (all: readonly TableDef[], shown: (name: string) => string) => string;
  readonly name: string;
  readonly kind: 'p' | 'u' | 'c' | 'f';
  /** Null of a CHECK. */
  readonly columns: readonly number[] | null;
  readonly index: number;
  readonly target: number;
  readonly targetColumns: readonly number[] | null;
  /** Of a foreign key: what ON UPDATE and ON DELETE do, and how it matches; blanks of the others. */
  readonly actions: readonly string[];
}

const ACTIONS: Readonly<Record<ForeignKeyAction, string>> = {
  none: 'a',
  restrict: 'r',
  cascade: 'c',
  null: 'n',
  default: 'd',
};

/** The unique index of these columns of a relation, in any order: by it a foreign key finds what it refers to. */
export function referredIndex(all: readonly TableDef[], target: number, columns: readonly number[]): number {
  const wanted = columns.toSorted((a, b) => a - b).join();
  const indexes = all.find(({ relation }) => relation === target)?.indexes ?? [];
  const isWanted = ({ keys }: IndexDef): boolean =>
    keys
      .map(({ column }) => column)
      .sort((a, b) => a - b)
      .join() === wanted;
  return indexes.find((one) => one.isUnique && isPlain(one) && isWanted(one))?.relation ?? 0;
}

export const CONSTRAINT_TYPES = { p: 'PRIMARY KEY', u: 'UNIQUE', c: 'CHECK', f: 'FOREIGN KEY' } as const;

export function constraintsOf(table: TableDef): readonly Constraint[] {
  const { relation, indexes, checks = [], foreignKeys = [] } = table;
  const none = { columns: null, index: 0, target: 0, targetColumns: null, actions: [' ', ' ', ' '] };
  return [
    ...indexes.flatMap((one): Omit<Constraint, 'id'>[] =>
      one.constraint === null ? [] : [{ ...none, ...keyConstraint(table, one) }],
    ),
    ...checks.map(
      ({ name, condition }): Omit<Constraint, 'id'> => ({
        ...none,
        name,
        kind: 'c',
        text: () => checkText(condition),
      }),
    ),
    ...foreignKeys.map((key): Omit<Constraint, 'id'> => {
      const target = key.target || relation;
      const targetIn = (all: readonly TableDef[]): TableDef =>
        all.find((one) => one.relation === target) ?? table;
      return {
        ...none,
        name: key.name,
        kind: 'f',
        columns: key.columns,
        target,
        targetColumns: key.targetColumns,
        actions: [ACTIONS[key.onUpdate], ACTIONS[key.onDelete], 's'],
        text: (all, shown) => foreignText(table, key, targetIn(all), shown),
      };
    }),
  ].map((constraint, i) => ({ ...constraint, id: idWithin(relation, i) }));
}

const keyConstraint = (table: TableDef, one: IndexDef) => ({
  name: ownName(one.name),
  kind: one.constraint === 'primary' ? ('p' as const) : ('u' as const),
  columns: one.keys.map(({ column }) => column),
  index: one.relation,
  text: () => keyText(table, one),
});
