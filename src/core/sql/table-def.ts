// Definitions of tables and their indexes from their parts, and the names that indexes get when a statement gives none:
// as PostgreSQL makes them, cut to the length of an identifier.

import type { CheckDef, ColumnDef, ColumnType, IndexDef, NewIndex, RowExpr, TableDef } from './access.ts';
import { enumOf, isEnum } from './enum-type.ts';
import { NAME_BYTES_MAX } from './limits.ts';
import { besideName, ownName } from './relation-name.ts';
import { elementOf } from './types.ts';

/** What a definition has besides; each absent where there is none. */
export type TableExtras = {
  readonly [Part in 'checks' | 'foreignKeys' | 'base' | 'owned' | 'comments']?: TableDef[Part] | undefined;
};

export function makeTableDef(
  relation: number,
  name: string,
  columns: readonly ColumnDef[],
  indexes: readonly IndexDef[],
  { checks = [], foreignKeys = [], base, owned = [], comments = [] }: TableExtras = {},
): TableDef {
  const primary = indexes.find(({ constraint }) => constraint === 'primary');
  const ordered = primary ? [primary, ...indexes.filter((index) => index !== primary)] : indexes;
  const indexed = new Set(indexes.flatMap(columnsOfIndex));
  return {
    relation,
    name,
    columns,
    primaryKey: primary?.keys.map(({ column }) => column) ?? [],
    keyRelation: primary?.relation ?? 0,
    indexes: ordered,
    indexed: [...indexed].sort((a, b) => a - b),
    ...(base !== undefined && { base }),
    ...(checks.length > 0 && { checks: sortChecks(checks) }),
    ...(foreignKeys.length > 0 && { foreignKeys }),
    ...(owned.length > 0 && { owned }),
    ...(comments.length > 0 && { comments }),
  };
}

/** Those that its keys are, or that are read for them. */
export const columnsOfIndex = ({ keys, where }: NewIndex): readonly number[] => [
  ...keys.flatMap(({ column, computed }) => computed?.reads ?? [column]),
  ...(where?.reads ?? []),
];

/** Has it an entry for each row, by the values of columns alone? */
export const isPlain = ({ keys, where }: NewIndex): boolean =>
  where === undefined && keys.every(({ computed }) => computed === undefined);

/** The same index with other expressions. */
export const mapExprs = <Index extends NewIndex>(
  index: Index,
  change: (expr: RowExpr) => RowExpr,
): Index => ({
  ...index,
  keys: index.keys.map((key) =>
    key.computed === undefined ? key : { ...key, computed: change(key.computed) },
  ),
  ...(index.where !== undefined && { where: change(index.where) }),
});

const sortChecks = (checks: readonly CheckDef[]): readonly CheckDef[] =>
  [...checks].sort((a, b) => (a.name < b.name ? -1 : 1));

/** A table, view or sequence: no entry of a schema or type. */
export const isRelation = (entry: TableDef): boolean => !entry.isSchema && entry.enum === undefined;

/** The id of the type of a column, or of its items, where CREATE TYPE made it. */
export function madeTypeOf(type: ColumnType): number | null {
  const element = elementOf(type);
  return isEnum(element) ? enumOf(element).id : null;
}

/** Has it a column of the type, or a query that names it? */
export const usesType = ({ columns, view }: TableDef, type: number): boolean =>
  columns.some((column) => madeTypeOf(column.type) === type) || view?.reads.includes(type) === true;

/** Does a column of it draw from the sequence, or own it? */
export const usesSequence = ({ columns, owned = [] }: TableDef, sequence: number): boolean =>
  columns.some(({ draws }) => draws === sequence) || owned.some((one) => one.sequence === sequence);

/** The table without it. */
export const withoutSequence = (table: TableDef, sequence: number): TableDef =>
  redefine(table, {
    columns: table.columns.map(({ draws, ...column }) =>
      draws === undefined || draws === sequence ? column : { ...column, draws },
    ),
    owned: (table.owned ?? []).filter((one) => one.sequence !== sequence),
  });

/** What SELECT finds in a sequence. */
export const SEQUENCE_COLUMNS: readonly ColumnDef[] = [
  { name: 'last_value', type: 'int8', notNull: true },
  { name: 'log_cnt', type: 'int8', notNull: true },
  { name: 'is_called', type: 'bool', notNull: true },
];

/** Has it a constraint of that name? */
export const hasConstraint = (
  { checks = [], foreignKeys = [], indexes }: Pick<TableDef, 'checks' | 'foreignKeys' | 'indexes'>,
  name: string,
): boolean =>
  [...checks, ...foreignKeys].some((one) => one.name === name) ||
  indexes.some((index) => index.constraint !== null && ownName(index.name) === name);

/** Does a foreign key of it refer to the relation? */
export const refersTo = ({ relation: own, foreignKeys = [] }: TableDef, relation: number): boolean =>
  foreignKeys.some(({ target }) => target === relation || (target === 0 && own === relation));

/** The same table with some parts of its definition replaced. */
export function redefine(table: TableDef, change: Partial<Omit<TableDef, 'view'>>): TableDef {
  const made = { ...table, ...change };
  const { relation, name, columns, indexes, view, sequence } = made;
  return {
    ...makeTableDef(relation, name, columns, indexes, made),
    ...(view !== undefined && { view }),
    ...(sequence !== undefined && { sequence }),
  };
}

/** May a query read by it, and a constraint rest on it? */
export const isValid = ({ invalid }: NewIndex): boolean => invalid === undefined;

/** Do writers enter their rows in it? */
export const isReady = ({ invalid }: NewIndex): boolean => invalid !== 'unready';

/** A column that was dropped keeps its place in the rows, without a name. */
export const isDropped = ({ name }: ColumnDef): boolean => name === '';

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
    constraint === 'primary'
      ? ''
      : keys.map(({ column, computed }) => computed?.label ?? columns[column]?.name ?? '').join('_');
  for (let pass = 0; ; pass++) {
    const made = besideName(table, joinName(ownName(table), parts, pass === 0 ? label : `${label}${pass}`));
    if (!isTaken(made)) return made;
  }
}

/** A free name for a constraint that is no index: `table_column_check`, or without a column; then with a number. */
export function chooseConstraintName(
  table: string,
  column: string,
  label: string,
  isTaken: (name: string) => boolean,
): string {
  for (let pass = 0; ; pass++) {
    const made = joinName(ownName(table), column, pass === 0 ? label : `${label}${pass}`);
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
