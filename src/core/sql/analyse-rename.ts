// ALTER … RENAME of tables, views, sequences, indexes, columns and constraints. Conditions of CHECK constraints name their
// columns, so they are written anew with the new names. A name that is taken is refused, one's own too, as PostgreSQL does;
// what others are making or renaming meanwhile the access methods wait for.

import type { CheckDef, IndexDef, TableDef } from './access.ts';
import { type AlterTable, NOTHING_TO_ALTER } from './analyse-alter.ts';
import { type Analysis, relationName } from './analysis.ts';
import { refuseSystemName } from './catalog-ids.ts';
import { fail, unsupported } from './failure.ts';
import { besideName, ownName } from './relation-name.ts';
import { hasConstraint, mapExprs, redefine } from './table-def.ts';
import {
  type Fields,
  fieldsOf,
  flagOf,
  locationOf,
  nameOf,
  onlyFields,
  optionalText,
  textOf,
} from './tree.ts';
import { decodeView, encodeView } from './view-text.ts';

const RENAME_STMT = new Set([
  'renameType',
  'relationType',
  'relation',
  'subname',
  'newname',
  'behavior',
  'missing_ok',
]);

const TAGS: ReadonlyMap<string, string> = new Map([
  ['OBJECT_TABLE', 'ALTER TABLE'],
  ['OBJECT_VIEW', 'ALTER VIEW'],
  ['OBJECT_INDEX', 'ALTER INDEX'],
  ['OBJECT_SEQUENCE', 'ALTER SEQUENCE'],
]);

export function analyseRename(analysis: Analysis, fields: Fields): AlterTable {
  onlyFields(fields, RENAME_STMT, 'ALTER … RENAME');
  const kind = textOf(fields, 'renameType');
  const isPart = kind === 'OBJECT_COLUMN' || kind === 'OBJECT_TABCONSTRAINT';
  const ofPart = kind === 'OBJECT_COLUMN' ? optionalText(fields, 'relationType') : null;
  const tag = TAGS.get(isPart ? (ofPart ?? 'OBJECT_TABLE') : kind);
  if (tag === undefined || (isPart && tag !== 'ALTER TABLE'))
    return unsupported(`ALTER ${kind.replace('OBJECT_', '').replaceAll('_', ' ')} … RENAME`);
  const relation = fieldsOf(fields, 'relation');
  const name = relationName(analysis, relation);
  const newName = nameOf(fields, 'newname');
  const table = analysis.findTable(name);
  const renamed = (from: TableDef, to: TableDef, hidden: string | null = null): AlterTable => ({
    ...NOTHING_TO_ALTER,
    from,
    to,
    hidden,
    tag,
  });
  const inViews = `${tag} … RENAME of what a view reads`;
  if (kind === 'OBJECT_INDEX' || (kind === 'OBJECT_TABLE' && table === null)) {
    const found = analysis.findIndex(name);
    if (found !== null)
      return renamed(found.table, renameIndex(analysis, found.table, name, besideName(name, newName)));
    if (table !== null) fail('42809', `"${name}" is not an index`);
  }
  if (table === null) {
    if (flagOf(fields, 'missing_ok')) return { ...NOTHING_TO_ALTER, tag };
    return fail('42P01', `relation "${name}" does not exist`);
  }
  if (table.metadata) fail('42501', `permission denied: "${name}" is a system view`);
  if (kind === 'OBJECT_VIEW' && table.view === undefined) fail('42809', `"${name}" is not a view`);
  if (kind === 'OBJECT_SEQUENCE' && table.sequence === undefined)
    fail('42809', `"${name}" is not a sequence`);
  if (isPart && table.sequence !== undefined)
    return unsupported('RENAME of a part of a sequence', locationOf(relation));
  if (!isPart) return renamed(table, renameTable(analysis, table, besideName(name, newName)), inViews);
  if (table.view !== undefined) return unsupported('RENAME of a part of a view', locationOf(relation));
  const part = nameOf(fields, 'subname');
  if (kind === 'OBJECT_COLUMN') return renamed(table, renameColumn(table, part, newName), inViews);
  return renamed(table, renameConstraint(analysis, table, part, newName));
}

/** 42P07: tables, views, sequences and indexes share their names. */
function refuseTaken(analysis: Analysis, name: string): void {
  if (analysis.findTable(name) !== null || analysis.findIndex(name) !== null)
    fail('42P07', `relation "${name}" already exists`);
}

/** That of a constraint is called as the constraint. */
function renameIndex(analysis: Analysis, table: TableDef, name: string, newName: string): TableDef {
  refuseTaken(analysis, newName);
  const isConstraint = table.indexes.some((index) => index.constraint !== null && index.name === name);
  if (isConstraint && hasConstraint(table, ownName(newName))) refuseConstraint(table, ownName(newName));
  return redefine(table, {
    indexes: table.indexes.map((index) => (index.name === name ? { ...index, name: newName } : index)),
  });
}

const refuseConstraint = (table: TableDef, name: string): never =>
  fail('42710', `constraint "${name}" for relation "${table.name}" already exists`);

function renameTable(analysis: Analysis, table: TableDef, name: string): TableDef {
  refuseTaken(analysis, name);
  const checks = (table.checks ?? []).map((check) =>
    renameIn(check, (parts) =>
      parts.length > 1 && parts[0] === ownName(table.name) ? [ownName(name), ...parts.slice(1)] : parts,
    ),
  );
  const indexes = table.indexes.map((index) =>
    renameInIndex(index, (parts) =>
      parts.length > 1 && parts[0] === ownName(table.name) ? [ownName(name), ...parts.slice(1)] : parts,
    ),
  );
  return redefine(table, { name, checks, indexes });
}

function renameColumn(table: TableDef, name: string, newName: string): TableDef {
  if (!table.columns.some((column) => column.name === name)) fail('42703', `column "${name}" does not exist`);
  refuseSystemName(newName);
  if (table.columns.some((column) => column.name === newName))
    fail('42701', `column "${newName}" of relation "${table.name}" already exists`);
  const columns = table.columns.map((column) =>
    column.name === name ? { ...column, name: newName } : column,
  );
  const checks = (table.checks ?? []).map((check) =>
    renameIn(check, (parts) => (parts.at(-1) === name ? [...parts.slice(0, -1), newName] : parts)),
  );
  const indexes = table.indexes.map((index) =>
    renameInIndex(index, (parts) => (parts.at(-1) === name ? [...parts.slice(0, -1), newName] : parts)),
  );
  return redefine(table, { columns, checks, indexes });
}

function renameConstraint(analysis: Analysis, table: TableDef, name: string, newName: string): TableDef {
  const { checks = [], foreignKeys = [], indexes } = table;
  if (!hasConstraint(table, name))
    fail('42704', `constraint "${name}" for table "${table.name}" does not exist`);
  if (indexes.some((index) => index.constraint !== null && ownName(index.name) === name))
    return renameIndex(analysis, table, besideName(table.name, name), besideName(table.name, newName));
  if (hasConstraint(table, newName)) refuseConstraint(table, newName);
  return redefine(table, {
    checks: checks.map((check) => (check.name === name ? { ...check, name: newName } : check)),
    foreignKeys: foreignKeys.map((key) => (key.name === name ? { ...key, name: newName } : key)),
  });
}

/** The constraint with other names of columns. */
function renameIn(
  { name, condition }: CheckDef,
  change: (parts: readonly string[]) => readonly string[],
): CheckDef {
  return { name, condition: encodeView(renameRefs(decodeView(condition), change) as Fields) };
}

const renameInIndex = (index: IndexDef, change: (parts: readonly string[]) => readonly string[]): IndexDef =>
  mapExprs(index, (one) => ({
    ...one,
    tree: encodeView(renameRefs(decodeView(one.tree), change) as Fields),
  }));

function renameRefs(value: unknown, change: (parts: readonly string[]) => readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => renameRefs(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([tag, inner]) => {
      const names = tag === 'ColumnRef' ? namesIn(inner) : null;
      if (names === null) return [tag, renameRefs(inner, change)];
      return [tag, { fields: change(names).map((sval) => ({ String: { sval } })) }];
    }),
  );
}

/** The parts of a column's name; null where it is none. */
function namesIn(ref: unknown): readonly string[] | null {
  const fields: unknown = typeof ref === 'object' && ref !== null ? Object.entries(ref)[0]?.[1] : null;
  if (!Array.isArray(fields)) return null;
  const names = fields.map((part: { String?: { sval?: unknown } }) => part.String?.sval);
  return names.every((name) => typeof name === 'string') ? names : null;
}
