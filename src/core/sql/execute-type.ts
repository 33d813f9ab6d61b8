// Runs CREATE TYPE, and what ALTER TYPE and DROP TYPE do to the definitions of those who have columns of the type.

import { isSame } from '../../base/same-plain.ts';
import type { Access, ColumnType, EnumType, RowExpr, TableDef, Value } from './access.ts';
import type { Context } from './context.ts';
import { enumOf, isEnum, valueAt } from './enum-type.ts';
import type { ProgressOf } from './execution-types.ts';
import { fail, unsupported } from './failure.ts';
import { ownName } from './relation-name.ts';
import { done, settle } from './settle.ts';
import type { ExecutionStep } from './statement.ts';
import { columnsOfIndex, isDropped, madeTypeOf, mapExprs, redefine } from './table-def.ts';
import type { Fields } from './tree.ts';
import { arrayOf, elementOf, isArray } from './types.ts';
import { decodeView, encodeView } from './view-text.ts';

export function runCreateType({ plan }: ProgressOf<'createType'>, { access }: Context): ExecutionStep {
  const { name, labels } = plan;
  if (access.findType(name) !== null || access.findTable(name) !== null)
    fail('42710', `type "${ownName(name)}" already exists`);
  return settle(access.createType(name, labels)) ?? done('CREATE TYPE');
}

/** ALTER TYPE: those who use the type, one after the other, then know it as it is to be. */
export function alterUsers(from: TableDef, to: TableDef, access: Access): ExecutionStep | null {
  if (to.enum === undefined || from.enum === undefined) return null;
  for (const user of access.usersOfType(from.relation)) {
    const changed = retyped(user, from.name, to.enum);
    if (changed === null) continue;
    const step = settle(access.redefineTable(user, changed));
    if (step !== null) return step;
  }
  return null;
}

/** Null: it knows it already. */
function retyped(user: TableDef, from: string, to: EnumType): TableDef | null {
  const { id, name } = enumOf(to);
  const isOld = (type: ColumnType): boolean => madeTypeOf(type) === id && elementOf(type) !== to;
  if (!user.columns.some(({ type }) => isOld(type)) && name === from) return null;
  const rename = (tree: string): string =>
    name === from ? tree : encodeView(renameIn(decodeView(tree), ownName(from), ownName(name)) as Fields);
  const columns = user.columns.map((column) => ({
    ...column,
    ...(isOld(column.type) && { type: isArray(column.type) ? arrayOf(to) : to }),
    ...(column.default !== undefined && { default: relabelled(column.default, column.type, to) }),
    ...(column.missing !== undefined && { missing: relabelled(column.missing, column.type, to) }),
    ...(column.computed !== undefined && { computed: rename(column.computed) }),
  }));
  const checks = user.checks?.map((check) => ({ ...check, condition: rename(check.condition) }));
  const expr = (one: RowExpr): RowExpr => ({
    ...one,
    tree: rename(one.tree),
    type: renewed(one.type, to) as ColumnType,
    expr: renewed(one.expr, to) as RowExpr['expr'],
  });
  const indexes = user.indexes.map((index) => mapExprs(index, expr));
  const changed = redefine(user, { columns, indexes, ...(checks && { checks }) });
  const made = user.view ? { ...changed, view: { ...user.view, query: rename(user.view.query) } } : changed;
  return isSame(made, user) ? null : made;
}

/** What an index evaluates, with the type as it is to be. */
function renewed(part: unknown, to: EnumType): unknown {
  if (typeof part === 'string') {
    const isArrayOf = part.endsWith('[]');
    const element = isArrayOf ? part.slice(0, -2) : part;
    if (!isEnum(element) || enumOf(element).id !== enumOf(to).id) return part;
    return isArrayOf ? arrayOf(to) : to;
  }
  if (Array.isArray(part)) return part.map((item: unknown) => renewed(item, to));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(([field, inner]) => [field, renewed(inner, to)]));
}

/** A value of the type with the label that it has now. */
function relabelled(value: Value, type: ColumnType, to: EnumType): Value {
  if (madeTypeOf(type) !== enumOf(to).id || value === null || typeof value !== 'object' || !('kind' in value))
    return value;
  if (value.kind === 'enum') return valueAt(to, value.order);
  if (value.kind !== 'array') return value;
  const { kind, items } = value;
  return { kind, element: to, items: items.map((item) => relabelled(item, elementOf(type), to)) };
}

/** The tree with another last part of the type's name. */
function renameIn(value: unknown, from: string, to: string): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => renameIn(item, from, to));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => [
      field,
      field === 'typeName' ? renameType(inner, from, to) : renameIn(inner, from, to),
    ]),
  );
}

function renameType(
  typeName: { readonly names?: readonly { readonly String?: { readonly sval?: string } }[] },
  from: string,
  to: string,
): unknown {
  const { names = [] } = typeName;
  if (names.at(-1)?.String?.sval !== from) return typeName;
  return { ...typeName, names: [...names.slice(0, -1), { String: { sval: to } }] };
}

/** Tables that lose their columns of the types that are dropped, and views that are dropped with them. */
export function usersOfTypes(
  dropped: readonly TableDef[],
  access: Pick<Access, 'usersOfType'>,
): readonly TableDef[] {
  const users = dropped.flatMap((one) => (one.enum === undefined ? [] : access.usersOfType(one.relation)));
  return users.filter((user) => hasColumnOf(user, dropped) || user.view !== undefined);
}

const hasColumnOf = ({ columns }: TableDef, types: readonly TableDef[]): boolean =>
  columns.some(
    (column) => !isDropped(column) && types.some(({ relation }) => relation === madeTypeOf(column.type)),
  );

/** The table without the columns of the types that are dropped, and what there is of them. */
export function withoutTypes(table: TableDef, types: readonly TableDef[]): TableDef {
  if (!hasColumnOf(table, types)) return table;
  const isGone = (at: number): boolean => {
    const column = table.columns[at];
    return column !== undefined && types.some(({ relation }) => relation === madeTypeOf(column.type));
  };
  const columns = table.columns.map(({ name, type, ...column }, i) =>
    isGone(i) ? { name: '', type, notNull: false } : { name, type, ...column },
  );
  if (columns.every(isDropped)) unsupported('a table without columns');
  const names = table.columns.filter((_, i) => isGone(i)).map(({ name }) => name);
  const checks = (table.checks ?? []).filter(
    ({ condition }) => !names.some((name) => reads(condition, name)),
  );
  const foreignKeys = (table.foreignKeys ?? []).filter(
    (key) => !key.columns.some(isGone) && !(key.target === 0 && key.targetColumns.some(isGone)),
  );
  const indexes = table.indexes.filter((index) => !columnsOfIndex(index).some(isGone));
  return redefine(table, { columns, checks, foreignKeys, indexes });
}

/** Does the condition name a column so? */
const reads = (condition: string, name: string): boolean =>
  JSON.stringify(decodeView(condition)).includes(`{"String":{"sval":${JSON.stringify(name)}}}`);
