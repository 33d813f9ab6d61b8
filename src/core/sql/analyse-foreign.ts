// FOREIGN KEY and REFERENCES as they are defined: the referenced table, its unique key over just the columns named, and what
// becomes of the referencing rows when a referenced one goes or gets another key. MATCH SIMPLE, checked when a statement ends.

import type { ColumnDef, ForeignKeyAction, ForeignKeyDef, NewIndex, TableDef } from './access.ts';
import { type Analysis, plainName, relationName, schemasSearched } from './analysis.ts';
import { fail, unsupported } from './failure.ts';
import { isTemporary, ownName, relationNameOf, schemaOf } from './relation-name.ts';
import { chooseConstraintName, isPlain, isValid } from './table-def.ts';
import {
  type Fields,
  fieldsOf,
  flagOf,
  has,
  locationOf,
  nameOf,
  onlyFields,
  optionalText,
  stringsOf,
  type TreeNode,
} from './tree.ts';
import { isImplicit, typeName } from './types.ts';

/** A FOREIGN KEY constraint as it is written. */
export interface ForeignDraft {
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly table: string;
  /** Empty: its primary key. */
  readonly targets: readonly string[];
  readonly onDelete: ForeignKeyAction;
  readonly onUpdate: ForeignKeyAction;
}

/** The table that gets the constraint; `indexes` are those that it will have. */
export interface ForeignOwner {
  readonly name: string;
  readonly columns: readonly ColumnDef[];
  readonly indexes: readonly NewIndex[];
}

const FOREIGN = new Set([
  'contype',
  'conname',
  'pktable',
  'pk_attrs',
  'fk_attrs',
  'fk_matchtype',
  'fk_upd_action',
  'fk_del_action',
  'is_enforced',
  'initially_valid',
  'skip_validation',
  'location',
]);

const ACTIONS: ReadonlyMap<string, ForeignKeyAction> = new Map([
  ['a', 'none'],
  ['r', 'restrict'],
  ['c', 'cascade'],
  ['n', 'null'],
  ['d', 'default'],
]);

/** `column`: of a constraint that stands at a column. */
export function readForeign(
  analysis: Analysis,
  { fields }: TreeNode,
  column: string | null,
  owner: string,
): ForeignDraft {
  const at = locationOf(fields);
  if (has(fields, 'fk_del_set_cols')) unsupported('ON DELETE SET with columns', at);
  if (flagOf(fields, 'deferrable')) unsupported('DEFERRABLE', at);
  if ((optionalText(fields, 'fk_matchtype') ?? 's') !== 's') unsupported('MATCH FULL or PARTIAL', at);
  onlyFields(fields, FOREIGN, 'FOREIGN KEY');
  const action = (field: string): ForeignKeyAction =>
    ACTIONS.get(optionalText(fields, field) ?? 'a') ?? unsupported('a referential action', at);
  return {
    name: has(fields, 'conname') ? nameOf(fields, 'conname') : null,
    columns: column === null ? stringsOf(fields, 'fk_attrs') : [column],
    table: targetName(analysis, fieldsOf(fields, 'pktable'), owner),
    targets: stringsOf(fields, 'pk_attrs'),
    onDelete: action('fk_del_action'),
    onUpdate: action('fk_upd_action'),
  };
}

/** A table that is being made may refer to itself. */
function targetName(analysis: Analysis, fields: Fields, owner: string): string {
  const isSelf = has(fields, 'schemaname')
    ? relationNameOf(optionalText(fields, 'schemaname') ?? '', plainName(fields)) === owner
    : plainName(fields) === ownName(owner) && schemasSearched(analysis).includes(schemaOf(owner));
  return isSelf ? owner : relationName(analysis, fields);
}

/** The constraint as the catalog keeps it. A table that refers to itself has target 0. */
export function makeForeign(
  analysis: Analysis,
  owner: ForeignOwner,
  draft: ForeignDraft,
  isTaken: (name: string) => boolean,
): ForeignKeyDef {
  const isSelf = draft.table === owner.name;
  const other = isSelf ? null : findTarget(analysis, draft.table);
  const target: ForeignOwner = other ?? owner;
  if (isTemporary(owner.name) !== isTemporary(target.name)) {
    const kind = isTemporary(owner.name) ? 'temporary' : 'permanent';
    fail('42P16', `constraints on ${kind} tables may reference only ${kind} tables`);
  }
  const columns = draft.columns.map((name) => columnIn(owner.columns, name));
  const targetColumns = targetKey(target, draft);
  if (columns.length !== targetColumns.length)
    fail('42830', 'number of referencing and referenced columns for foreign key disagree');
  const name = draft.name ?? chooseConstraintName(owner.name, draft.columns.join('_'), 'fkey', isTaken);
  if (isTaken(name)) fail('42710', `constraint "${name}" for relation "${owner.name}" already exists`);
  for (const [i, at] of columns.entries())
    checkTypes(name, owner.columns[at], target.columns[targetColumns[i] ?? -1]);
  const { onDelete, onUpdate } = draft;
  return { name, columns, target: other?.relation ?? 0, targetColumns, onDelete, onUpdate };
}

function findTarget(analysis: Analysis, name: string): TableDef {
  const table = analysis.findTable(name);
  if (table === null || table.view !== undefined || table.sequence || table.metadata) {
    if (table !== null || analysis.findIndex(name) !== null)
      return fail('42809', `referenced relation "${name}" is not a table`);
    return fail('42P01', `relation "${name}" does not exist`);
  }
  return table;
}

function columnIn(columns: readonly ColumnDef[], name: string): number {
  const at = columns.findIndex((column) => column.name === name);
  return at >= 0 ? at : fail('42703', `column "${name}" referenced in foreign key constraint does not exist`);
}

/** The columns of the referenced key, in the order of the referencing ones. */
function targetKey({ name, columns, indexes }: ForeignOwner, { targets }: ForeignDraft): readonly number[] {
  if (targets.length === 0) {
    const primary = indexes.find(({ constraint }) => constraint === 'primary');
    if (primary === undefined) return fail('42704', `there is no primary key for referenced table "${name}"`);
    return primary.keys.map(({ column }) => column);
  }
  const wanted = targets.map((target) => columnIn(columns, target));
  if (!indexes.some((index) => isKeyOver(index, wanted)))
    fail('42830', `there is no unique constraint matching given keys for referenced table "${name}"`);
  return wanted;
}

/** Is it a unique index over just these columns, and whole? */
export const isKeyOver = (index: NewIndex, columns: readonly number[]): boolean =>
  index.isUnique &&
  isValid(index) &&
  isPlain(index) &&
  index.keys.length === columns.length &&
  index.keys.every(({ column }) => columns.includes(column));

/** A referencing value is compared as one of the referenced column's type. */
function checkTypes(constraint: string, from: ColumnDef | undefined, to: ColumnDef | undefined): void {
  if (from === undefined || to === undefined || isImplicit(from.type, to.type)) return;
  if (isImplicit(to.type, from.type))
    unsupported(`a foreign key of type ${typeName(from.type)} to one of type ${typeName(to.type)}`);
  fail('42804', `foreign key constraint "${constraint}" cannot be implemented`);
}
