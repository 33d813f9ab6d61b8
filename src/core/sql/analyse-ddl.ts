// CREATE TABLE, DROP TABLE and DROP INDEX. NOT NULL, PRIMARY KEY and UNIQUE constrain, DEFAULT is a constant; every other
// constraint is 0A000.

import type { ColumnDef, DeclaredType, IndexKey, NewIndex, Value } from './access.ts';
import { analyseExpression } from './analyse-expression.ts';
import { type Analysis, inClause, noSchema, relationName } from './analysis.ts';
import { coerce } from './coerce.ts';
import { fail, unsupported } from './failure.ts';
import { fold } from './fold.ts';
import { TABLE_COLUMNS_MAX } from './limits.ts';
import { readTypeName } from './read-type.ts';
import { plainKeys } from './table-def.ts';
import {
  checkName,
  type Fields,
  fieldsOf,
  firstLocation,
  flagOf,
  has,
  listItems,
  locationOf,
  nameOf,
  nodeOf,
  nodesOf,
  onlyFields,
  optionalText,
  stringsOf,
  type TreeNode,
  textOf,
} from './tree.ts';
import { isAssignable, TYPE_NAMES } from './types.ts';

export interface CreateTable {
  readonly name: string;
  readonly columns: readonly ColumnDef[];
  /** Of its constraints: that of the primary key first. */
  readonly indexes: readonly NewIndex[];
  readonly ifNotExists: boolean;
}

export interface CreateIndex {
  readonly table: string;
  readonly index: NewIndex;
  readonly ifNotExists: boolean;
}

export interface DropNames {
  readonly names: readonly string[];
  readonly ifExists: boolean;
  /** With the views that read them. */
  readonly cascade: boolean;
}

export type DropKind = 'dropTable' | 'dropView' | 'dropIndex';

const CREATE_STMT = new Set(['relation', 'tableElts', 'oncommit', 'if_not_exists']);
const COLUMN_DEF = new Set(['colname', 'typeName', 'is_local', 'constraints', 'location']);
const CONSTRAINT = new Set(['contype', 'conname', 'keys', 'is_enforced', 'initially_valid', 'location']);
const CONSTRAINT_COLUMN = new Set(['contype', 'conname', 'is_enforced', 'initially_valid', 'location']);
const DROP_STMT = new Set(['objects', 'removeType', 'behavior', 'missing_ok']);

interface ColumnDraft {
  readonly name: string;
  readonly declared: DeclaredType;
  notNull: boolean;
  nullable: boolean;
  default: Value;
}

/** A PRIMARY KEY or UNIQUE constraint. */
interface KeyDraft {
  readonly constraint: 'primary' | 'unique';
  readonly name: string | null;
  readonly names: readonly string[];
  readonly at: number;
}

export function analyseCreateTable(analysis: Analysis, fields: Fields): CreateTable {
  onlyFields(fields, CREATE_STMT, 'CREATE TABLE');
  const oncommit = optionalText(fields, 'oncommit') ?? 'ONCOMMIT_NOOP';
  if (oncommit !== 'ONCOMMIT_NOOP') unsupported('ON COMMIT');
  const relation = fieldsOf(fields, 'relation');
  const persistence = optionalText(relation, 'relpersistence') ?? 'p';
  if (persistence === 'u') unsupported('an unlogged table', locationOf(relation));
  const name = relationName(relation, 'schema');
  const columns: ColumnDraft[] = [];
  const keys: KeyDraft[] = [];
  for (const element of nodesOf(fields, 'tableElts')) {
    const at = firstLocation(element.fields, 0);
    if (element.tag === 'ColumnDef') readColumn(analysis, element.fields, name, columns, keys);
    else if (element.tag === 'Constraint') readTableConstraint(element.fields, keys);
    else if (element.tag === 'TableLikeClause') unsupported('LIKE in CREATE TABLE', at);
    else unsupported(element.tag, at);
  }
  if (columns.length === 0) unsupported('a table without columns', locationOf(relation));
  if (columns.length > TABLE_COLUMNS_MAX)
    fail('54011', `tables can have at most ${TABLE_COLUMNS_MAX} columns`, locationOf(relation));
  const indexes = readKeys(name, columns, keys);
  return {
    name,
    columns: columns.map(({ name: column, declared, notNull, default: value }) => ({
      name: column,
      ...declared,
      notNull,
      ...(value !== null && { default: value }),
    })),
    indexes,
    ifNotExists: flagOf(fields, 'if_not_exists'),
  };
}

function readColumn(
  analysis: Analysis,
  fields: Fields,
  table: string,
  columns: ColumnDraft[],
  keys: KeyDraft[],
): void {
  onlyFields(fields, COLUMN_DEF, 'a column definition');
  const name = nameOf(fields, 'colname');
  const draft: ColumnDraft = {
    name,
    declared: readTypeName(fieldsOf(fields, 'typeName')),
    notNull: false,
    nullable: false,
    default: null,
  };
  let hasDefault = false;
  if (columns.some((column) => column.name === name))
    fail('42701', `column "${name}" specified more than once`);
  for (const constraint of nodesOf(fields, 'constraints')) {
    const where = locationOf(constraint.fields);
    switch (constraintType(constraint)) {
      case 'CONSTR_NOTNULL':
        draft.notNull = true;
        break;
      case 'CONSTR_NULL':
        draft.nullable = true;
        break;
      case 'CONSTR_DEFAULT':
        if (hasDefault)
          fail('42601', `multiple default values specified for column "${name}" of table "${table}"`, where);
        hasDefault = true;
        draft.default = readDefault(analysis, name, draft.declared, constraint.fields);
        break;
      case 'CONSTR_PRIMARY':
      case 'CONSTR_UNIQUE':
        keys.push(readKey(constraint, CONSTRAINT_COLUMN, [name]));
        break;
      default:
        refuseConstraint(constraint);
    }
    if (draft.notNull && draft.nullable)
      fail('42601', `conflicting NULL/NOT NULL declarations for column "${name}" of table "${table}"`, where);
  }
  columns.push(draft);
}

const DEFAULT = new Set(['contype', 'raw_expr', 'location']);

/** The value, which no row and no query may decide. */
function readDefault(analysis: Analysis, column: string, { type }: DeclaredType, fields: Fields): Value {
  onlyFields(fields, DEFAULT, 'DEFAULT');
  const node = nodeOf(fields, 'raw_expr');
  refuseIn(node, 'ColumnRef', 'cannot use column reference in DEFAULT expression');
  refuseIn(node, 'SubLink', 'cannot use subquery in DEFAULT expression');
  refuseIn(node, 'ParamRef', 'there is no parameter', '42P02');
  const e = inClause(analysis, 'DEFAULT expressions', () => analyseExpression(analysis, node));
  if (!isAssignable(e.type, type)) {
    const is = `column "${column}" is of type ${TYPE_NAMES[type]}`;
    fail('42804', `${is} but default expression is of type ${TYPE_NAMES[e.type]}`);
  }
  const value = fold(coerce(analysis, e, type));
  return value.kind === 'const' ? value.value : unsupported('a DEFAULT that is not constant', e.at);
}

function refuseIn(value: unknown, tag: string, message: string, sqlstate = '0A000'): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (name === tag || inner === tag) fail(sqlstate, message, firstLocation(value, 0));
    refuseIn(inner, tag, message, sqlstate);
  }
}

function constraintType(node: TreeNode): string {
  if (node.tag !== 'Constraint') unsupported(node.tag, firstLocation(node.fields, 0));
  return textOf(node.fields, 'contype');
}

function readTableConstraint(fields: Fields, keys: KeyDraft[]): void {
  const node = { tag: 'Constraint', fields };
  const kind = constraintType(node);
  if (kind !== 'CONSTR_PRIMARY' && kind !== 'CONSTR_UNIQUE') refuseConstraint(node);
  keys.push(readKey(node, CONSTRAINT, stringsOf(fields, 'keys')));
}

function readKey(node: TreeNode, known: ReadonlySet<string>, names: readonly string[]): KeyDraft {
  const isPrimary = constraintType(node) === 'CONSTR_PRIMARY';
  const { fields } = node;
  if (has(fields, 'nulls_not_distinct')) unsupported('NULLS NOT DISTINCT', locationOf(fields));
  onlyFields(fields, known, isPrimary ? 'PRIMARY KEY' : 'UNIQUE');
  const name = has(fields, 'conname') ? nameOf(fields, 'conname') : null;
  return { constraint: isPrimary ? 'primary' : 'unique', name, names, at: locationOf(fields) };
}

function refuseConstraint(node: TreeNode): never {
  const kind = constraintType(node);
  return unsupported(CONSTRAINTS.get(kind) ?? kind, locationOf(node.fields));
}

const CONSTRAINTS: ReadonlyMap<string, string> = new Map([
  ['CONSTR_CHECK', 'CHECK'],
  ['CONSTR_FOREIGN', 'FOREIGN KEY'],
  ['CONSTR_IDENTITY', 'GENERATED … AS IDENTITY'],
  ['CONSTR_GENERATED', 'GENERATED'],
  ['CONSTR_EXCLUSION', 'EXCLUDE'],
  ['CONSTR_ATTR_DEFERRABLE', 'DEFERRABLE'],
  ['CONSTR_ATTR_DEFERRED', 'INITIALLY DEFERRED'],
]);

/** The indexes of the constraints, the primary key's first. Of two over the same columns in the same order one is made. */
function readKeys(
  table: string,
  columns: readonly ColumnDraft[],
  drafts: readonly KeyDraft[],
): readonly NewIndex[] {
  const primary = drafts.filter(({ constraint }) => constraint === 'primary');
  const second = primary[1];
  if (second !== undefined)
    fail('42P16', `multiple primary keys for table "${table}" are not allowed`, second.at);
  const indexes: NewIndex[] = [];
  for (const draft of [...primary, ...drafts.filter(({ constraint }) => constraint === 'unique')]) {
    const keys = plainKeys(keyColumns(table, columns, draft));
    const same = indexes.findIndex((index) => isSameKey(index.keys, keys));
    const known = indexes[same];
    if (known === undefined)
      indexes.push({ name: draft.name, keys, isUnique: true, constraint: draft.constraint });
    else if (known.name === null) indexes[same] = { ...known, name: draft.name };
  }
  return indexes;
}

const isSameKey = (a: readonly IndexKey[], b: readonly IndexKey[]): boolean =>
  a.length === b.length && a.every(({ column }, i) => column === b[i]?.column);

function keyColumns(table: string, columns: readonly ColumnDraft[], key: KeyDraft): readonly number[] {
  const isPrimary = key.constraint === 'primary';
  const positions: number[] = [];
  for (const name of key.names) {
    const index = columns.findIndex((column) => column.name === name);
    const column = columns[index];
    if (column === undefined) return fail('42703', `column "${name}" named in key does not exist`, key.at);
    if (positions.includes(index)) {
      const place = isPrimary ? 'primary key' : 'unique';
      fail('42701', `column "${name}" appears twice in ${place} constraint`, key.at);
    }
    if (isPrimary && column.nullable)
      fail(
        '42601',
        `conflicting NULL/NOT NULL declarations for column "${name}" of table "${table}"`,
        key.at,
      );
    if (isPrimary) column.notNull = true;
    positions.push(index);
  }
  return positions;
}

const DROPPED: ReadonlyMap<string, DropKind> = new Map([
  ['OBJECT_TABLE', 'dropTable'],
  ['OBJECT_VIEW', 'dropView'],
  ['OBJECT_INDEX', 'dropIndex'],
]);

export function analyseDrop(fields: Fields): DropNames & { readonly kind: DropKind } {
  if (flagOf(fields, 'concurrent')) unsupported('DROP INDEX CONCURRENTLY');
  onlyFields(fields, DROP_STMT, 'DROP');
  const kind = DROPPED.get(textOf(fields, 'removeType'));
  if (kind === undefined)
    return unsupported(`DROP ${textOf(fields, 'removeType').replace('OBJECT_', '').replaceAll('_', ' ')}`);
  const ifExists = flagOf(fields, 'missing_ok');
  const cascade = (optionalText(fields, 'behavior') ?? 'DROP_RESTRICT') === 'DROP_CASCADE';
  const names = nodesOf(fields, 'objects').flatMap((object) => dropName(object, ifExists));
  return { kind, names, ifExists, cascade };
}

/** The name; none when IF EXISTS forgives a schema that does not exist. */
function dropName(object: TreeNode, ifExists: boolean): readonly string[] {
  const parts = listItems(object).map((part) => checkName(textOf(part.fields, 'sval')));
  if (parts.length > 3) fail('42601', `improper relation name (too many dotted names): ${parts.join('.')}`);
  if (parts.length === 3) unsupported('a cross-database reference');
  const [schema, name] = parts.length === 1 ? ['public', parts[0]] : parts;
  if (schema === undefined || name === undefined) return fail('08P01', 'malformed syntax tree: DROP');
  if (schema === 'public') return [name];
  return ifExists ? [] : noSchema(schema);
}
