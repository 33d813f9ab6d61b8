// What depends on what, as the catalog tells it: pg_depend, and which column has which sequence, as pg_get_serial_sequence asks.

import type { Row, TableDef } from '../sql/access.ts';
import { idWithin } from './system-constraints.ts';
import { fullName, type ShownNames } from './system-names.ts';

/** Of pg_class itself. */
export const CLASS_ID = 1259n;
const DEFAULT_CLASS = 2604n;
const RULE_CLASS = 2618n;

/** Of the rule by which a view is read. */
export const ruleId = (view: number): bigint => idWithin(view, 0);

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

/**
 * pg_depend, as far as there is something to tell: which column owns a sequence, as its own ('i', an identity) or not ('a'), which
 * sequence a default draws from, and which relations a view reads.
 */
export const dependRows = ({ relation, columns, owned = [], view }: TableDef): readonly Row[] => [
  ...owned.map(({ column, sequence }): Row => {
    const kind = columns[column]?.identity === undefined ? 'a' : 'i';
    return [CLASS_ID, BigInt(sequence), 0, CLASS_ID, BigInt(relation), column + 1, kind];
  }),
  ...columns.flatMap((column, i): readonly Row[] => {
    const { draws, identity } = column;
    const hasDefault = column.default !== undefined || column.computed !== undefined || draws !== undefined;
    if (!hasDefault || identity !== undefined) return [];
    const own: Row = [DEFAULT_CLASS, idWithin(relation, i), 0];
    const ofColumn: Row = [...own, CLASS_ID, BigInt(relation), i + 1, 'a'];
    return draws === undefined ? [ofColumn] : [ofColumn, [...own, CLASS_ID, BigInt(draws), 0, 'n']];
  }),
  ...(view === undefined ? [] : ruleRows(relation, view.reads)),
];

const ruleRows = (view: number, reads: readonly number[]): readonly Row[] => [
  [RULE_CLASS, ruleId(view), 0, CLASS_ID, BigInt(view), 0, 'i'],
  ...[view, ...reads].map((read): Row => [RULE_CLASS, ruleId(view), 0, CLASS_ID, BigInt(read), 0, 'n']),
];
