// CREATE TABLE. NOT NULL, PRIMARY KEY, UNIQUE, CHECK and foreign keys constrain; every other constraint is 0A000.

import type { CheckDef, ColumnDef, DeclaredType, ForeignKeyDef, IndexKey, NewIndex } from './access.ts';
import { analyseCheck, encodeCheck, onlyColumn, readDefault } from './analyse-constraint.ts';
import { type ForeignDraft, makeForeign, readForeign } from './analyse-foreign.ts';
import { readClauses } from './analyse-sequence.ts';
import { type Analysis, createdName, madeTypes } from './analysis.ts';
import { refuseSystemName } from './catalog-ids.ts';
import { fail, unsupported } from './failure.ts';
import { checkIndexed } from './has-order.ts';
import { TABLE_COLUMNS_MAX } from './limits.ts';
import { readTypeName } from './read-type.ts';
import { besideName, relationNameOf } from './relation-name.ts';
import { isSequenceType, type SequenceOptions, type SequenceType } from './sequence.ts';
import { chooseConstraintName, makeTableDef, plainKeys } from './table-def.ts';
import {
  type Fields,
  fieldsOf,
  firstLocation,
  flagOf,
  has,
  integerOf,
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

export interface CreateTable {
  readonly name: string;
  readonly columns: readonly ColumnDef[];
  /** Of its constraints: that of the primary key first. */
  readonly indexes: readonly NewIndex[];
  readonly checks: readonly CheckDef[];
  readonly foreignKeys: readonly ForeignKeyDef[];
  readonly ifNotExists: boolean;
  /** Of serial and identity columns. */
  readonly sequences: readonly ColumnSequence[];
  /** WITH (split_at = '26,51'): where its tablets begin (tablets.ts). */
  readonly splitAt?: string;
}

/** A sequence that is made for a column. */
export interface ColumnSequence {
  readonly column: number;
  /** Null: one is made from those of table and column. */
  readonly name: string | null;
  readonly options: SequenceOptions;
}

export interface CreateIndex {
  readonly table: string;
  readonly index: NewIndex;
  readonly ifNotExists: boolean;
  /** In several transactions, while rows are written. */
  readonly concurrently: boolean;
}

const CREATE_STMT = new Set(['relation', 'tableElts', 'oncommit', 'if_not_exists', 'options']);
const COLUMN_DEF = new Set(['colname', 'typeName', 'is_local', 'constraints', 'location']);
const CONSTRAINT = new Set(['contype', 'conname', 'keys', 'is_enforced', 'initially_valid', 'location']);
const CONSTRAINT_COLUMN = new Set(['contype', 'conname', 'is_enforced', 'initially_valid', 'location']);

export interface ColumnDraft {
  readonly name: string;
  readonly declared: DeclaredType;
  notNull: boolean;
  nullable: boolean;
  default: Pick<ColumnDef, 'default' | 'computed' | 'draws' | 'identity'>;
  /** It is to draw from a sequence of its own. */
  sequence?: Omit<ColumnSequence, 'column'>;
}

/** A PRIMARY KEY or UNIQUE constraint. */
export interface KeyDraft {
  readonly constraint: 'primary' | 'unique';
  readonly name: string | null;
  readonly names: readonly string[];
  readonly at: number;
}

/** A CHECK constraint. */
export interface CheckDraft {
  readonly name: string | null;
  readonly node: TreeNode;
}

/** What the elements of CREATE TABLE come to. */
export interface Drafts {
  readonly columns: ColumnDraft[];
  readonly keys: KeyDraft[];
  readonly checks: CheckDraft[];
  readonly foreign: ForeignDraft[];
}

export const noDrafts = (): Drafts => ({ columns: [], keys: [], checks: [], foreign: [] });

export function checkOnCommit(fields: Fields, field: 'oncommit' | 'onCommit'): void {
  const act = optionalText(fields, field) ?? 'ONCOMMIT_NOOP';
  if (act !== 'ONCOMMIT_NOOP' && act !== 'ONCOMMIT_PRESERVE_ROWS')
    unsupported(`ON COMMIT ${act === 'ONCOMMIT_DROP' ? 'DROP' : 'DELETE ROWS'}`);
}

export function checkLogged(relation: Fields): void {
  const persistence = optionalText(relation, 'relpersistence') ?? 'p';
  if (persistence === 'u') unsupported('an unlogged table', locationOf(relation));
}

export function analyseCreateTable(analysis: Analysis, fields: Fields): CreateTable {
  onlyFields(fields, CREATE_STMT, 'CREATE TABLE');
  checkOnCommit(fields, 'oncommit');
  const relation = fieldsOf(fields, 'relation');
  checkLogged(relation);
  const name = createdName(analysis, relation);
  const drafts = noDrafts();
  for (const element of nodesOf(fields, 'tableElts')) {
    const at = firstLocation(element.fields, 0);
    if (element.tag === 'ColumnDef') readColumn(analysis, element.fields, name, drafts);
    else if (element.tag === 'Constraint') readTableConstraint(analysis, element.fields, name, drafts);
    else if (element.tag === 'TableLikeClause') unsupported('LIKE in CREATE TABLE', at);
    else unsupported(element.tag, at);
  }
  const { columns } = drafts;
  if (columns.length === 0) unsupported('a table without columns', locationOf(relation));
  if (columns.length > TABLE_COLUMNS_MAX)
    fail('54011', `tables can have at most ${TABLE_COLUMNS_MAX} columns`, locationOf(relation));
  const indexes = readKeys(name, columns, drafts.keys);
  const defs = columns.map((draft): ColumnDef => {
    const { name: column, declared, notNull } = draft;
    return { name: column, ...declared, notNull, ...draft.default };
  });
  const isTaken = analysis.findTable(name) !== null || analysis.findIndex(name) !== null;
  // Of a name that is taken, that is what counts.
  const checks = isTaken ? [] : readChecks(analysis, name, defs, drafts.checks);
  const foreignKeys: ForeignKeyDef[] = [];
  const isNamed = (one: string): boolean => [...checks, ...foreignKeys].some((known) => known.name === one);
  if (!isTaken)
    for (const draft of drafts.foreign)
      foreignKeys.push(makeForeign(analysis, { name, columns: defs, indexes }, draft, isNamed));
  return {
    name,
    columns: defs,
    indexes,
    checks,
    foreignKeys,
    sequences: columns.flatMap(({ sequence }, column) =>
      sequence === undefined ? [] : [{ column, ...sequence }],
    ),
    ifNotExists: flagOf(fields, 'if_not_exists'),
    ...readOptions(fields),
  };
}

/** What PostgreSQL's tables have for their pages and their vacuum: accepted, and of no effect here. */
const WITHOUT_EFFECT =
  /^(?:fillfactor|autovacuum_\w+|toast_tuple_target|parallel_workers|user_catalog_table)$/;

/** Storage parameters: where the table is cut; and those without effect. */
function readOptions(fields: Fields): Pick<CreateTable, 'splitAt'> {
  let splitAt: string | null = null;
  for (const { fields: option } of nodesOf(fields, 'options')) {
    const name = textOf(option, 'defname');
    if (WITHOUT_EFFECT.test(name)) continue;
    if (name !== 'split_at') fail('22023', `unrecognized parameter "${name}"`, firstLocation(option, 0));
    const { tag, fields: value } = nodeOf(option, 'arg');
    splitAt = tag === 'String' ? textOf(value, 'sval') : String(integerOf(value, 'ival'));
  }
  return splitAt === null ? {} : { splitAt };
}

/** The constraints with their names. */
function readChecks(
  analysis: Analysis,
  table: string,
  columns: readonly ColumnDef[],
  drafts: readonly CheckDraft[],
): readonly CheckDef[] {
  const of = makeTableDef(0, table, columns, []);
  const checks: CheckDef[] = [];
  for (const { name, node } of drafts) {
    const condition = analyseCheck(analysis, of, node);
    const isTaken = (one: string): boolean => checks.some((check) => check.name === one);
    if (name !== null && isTaken(name)) fail('42710', `check constraint "${name}" already exists`);
    const chosen = name ?? chooseConstraintName(table, onlyColumn(of, condition), 'check', isTaken);
    checks.push(encodeCheck(analysis, chosen, node));
  }
  return checks;
}

export function readColumn(
  analysis: Analysis,
  fields: Fields,
  table: string,
  { columns, keys, checks, foreign }: Drafts,
): void {
  onlyFields(fields, COLUMN_DEF, 'a column definition');
  const name = nameOf(fields, 'colname');
  refuseSystemName(name);
  const serial = serialType(fieldsOf(fields, 'typeName'));
  const draft: ColumnDraft = {
    name,
    declared:
      serial === undefined
        ? readTypeName(madeTypes(analysis), fieldsOf(fields, 'typeName'))
        : { type: serial },
    notNull: serial !== undefined,
    nullable: false,
    default: {},
    ...(serial !== undefined && { sequence: { name: null, options: { type: serial } } }),
  };
  let hasDefault = serial !== undefined;
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
        if (draft.default.identity !== undefined) refuseBoth(draft.name, table, where);
        hasDefault = true;
        draft.default = readDefault(analysis, name, draft.declared, constraint.fields);
        break;
      case 'CONSTR_IDENTITY':
        makeIdentity(analysis, draft, constraint.fields, table, hasDefault);
        break;
      case 'CONSTR_PRIMARY':
      case 'CONSTR_UNIQUE':
        keys.push(readKey(constraint, CONSTRAINT_COLUMN, [name]));
        break;
      case 'CONSTR_CHECK':
        checks.push(readCheck(constraint));
        break;
      case 'CONSTR_FOREIGN':
        foreign.push(readForeign(analysis, constraint, name, table));
        break;
      default:
        refuseConstraint(constraint);
    }
    if (draft.notNull && draft.nullable)
      fail('42601', `conflicting NULL/NOT NULL declarations for column "${name}" of table "${table}"`, where);
  }
  columns.push(draft);
}

const SERIALS: ReadonlyMap<string, SequenceType> = new Map([
  ['smallserial', 'int2'],
  ['serial2', 'int2'],
  ['serial', 'int4'],
  ['serial4', 'int4'],
  ['bigserial', 'int8'],
  ['serial8', 'int8'],
]);

/** The type of a serial column; undefined of any other. */
function serialType(typeName: Fields): SequenceType | undefined {
  const names = stringsOf(typeName, 'names');
  const serial = names.length === 1 ? SERIALS.get(names[0] ?? '') : undefined;
  if (serial !== undefined && has(typeName, 'arrayBounds'))
    unsupported('an array type', locationOf(typeName));
  return serial;
}

const IDENTITY = new Set(['contype', 'generated_when', 'options', 'location']);

function refuseBoth(column: string, table: string, at: number): never {
  return fail('42601', `both default and identity specified for column "${column}" of table "${table}"`, at);
}

export function makeIdentity(
  analysis: Analysis,
  draft: ColumnDraft,
  fields: Fields,
  table: string,
  hasDefault: boolean,
): void {
  onlyFields(fields, IDENTITY, 'GENERATED … AS IDENTITY');
  const { name, declared } = draft;
  const at = locationOf(fields);
  if (draft.default.identity !== undefined)
    fail('42601', `multiple identity specifications for column "${name}" of table "${table}"`, at);
  if (hasDefault) refuseBoth(name, table, at);
  if (!isSequenceType(declared.type))
    fail('22023', 'identity column type must be smallint, integer, or bigint');
  const clauses = readClauses(analysis, nodesOf(fields, 'options'));
  if (clauses.owner !== undefined || clauses.options.type !== undefined)
    fail('42601', 'conflicting or redundant options', at);
  draft.notNull = true;
  draft.default = { identity: textOf(fields, 'generated_when') === 'a' ? 'always' : 'default' };
  const [schema, own] = clauses.name ?? [null, null];
  const sequence =
    own === null ? null : schema === null ? besideName(table, own) : relationNameOf(schema, own);
  draft.sequence = { name: sequence, options: { ...clauses.options, type: declared.type } };
}

function constraintType(node: TreeNode): string {
  if (node.tag !== 'Constraint') unsupported(node.tag, firstLocation(node.fields, 0));
  return textOf(node.fields, 'contype');
}

const CHECK = new Set([
  'contype',
  'conname',
  'raw_expr',
  'is_enforced',
  'initially_valid',
  'skip_validation',
  'location',
]);

function readCheck({ fields }: TreeNode): CheckDraft {
  if (has(fields, 'is_no_inherit')) unsupported('NO INHERIT', locationOf(fields));
  onlyFields(fields, CHECK, 'CHECK');
  const name = has(fields, 'conname') ? nameOf(fields, 'conname') : null;
  return { name, node: nodeOf(fields, 'raw_expr') };
}

export function readTableConstraint(
  analysis: Analysis,
  fields: Fields,
  table: string,
  { keys, checks, foreign }: Drafts,
): void {
  const node = { tag: 'Constraint', fields };
  const kind = constraintType(node);
  if (kind === 'CONSTR_CHECK') {
    checks.push(readCheck(node));
    return;
  }
  if (kind === 'CONSTR_FOREIGN') {
    foreign.push(readForeign(analysis, node, null, table));
    return;
  }
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
  ['CONSTR_GENERATED', 'GENERATED'],
  ['CONSTR_EXCLUSION', 'EXCLUDE'],
  ['CONSTR_ATTR_DEFERRABLE', 'DEFERRABLE'],
  ['CONSTR_ATTR_DEFERRED', 'INITIALLY DEFERRED'],
]);

/** The indexes of the constraints, the primary key's first. Of two over the same columns in the same order one is made. */
export function readKeys(
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
    const name = draft.name === null ? null : besideName(table, draft.name);
    if (known === undefined) indexes.push({ name, keys, isUnique: true, constraint: draft.constraint });
    else if (known.name === null) indexes[same] = { ...known, name };
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
    checkIndexed(columns[index]?.declared.type ?? 'unknown');
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
