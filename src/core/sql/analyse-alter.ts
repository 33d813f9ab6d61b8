// ALTER TABLE: its commands, in the order in which PostgreSQL carries them out, make of a definition another one, and say
// what the rows that are there have to meet. No command writes rows anew: what would need that is refused by name.

import type { ColumnDef, DeclaredType, NewIndex, TableDef } from './access.ts';
import {
  analyseCheck,
  analysedAnew,
  type Check,
  checksOf,
  defaultOf,
  encodeCheck,
  onlyColumn,
  placeless,
  readDefaultValue,
  readsColumn,
  recastDefault,
  rewrittenColumn,
} from './analyse-constraint.ts';
import {
  type ColumnDraft,
  type ColumnSequence,
  type Drafts,
  makeIdentity,
  noDrafts,
  readColumn,
  readKeys,
  readTableConstraint,
} from './analyse-ddl.ts';
import { makeForeign } from './analyse-foreign.ts';
import { checkOwner } from './analyse-owner.ts';
import { readClauses } from './analyse-sequence.ts';
import { type Analysis, madeTypes, relationName } from './analysis.ts';
import { asciiLower } from './ascii.ts';
import { type Expr, someExpr } from './expression.ts';
import { fail, NOWHERE, unsupported } from './failure.ts';
import { TABLE_COLUMNS_MAX } from './limits.ts';
import { fitsWithoutRewrite, readTypeName } from './read-type.ts';
import { isReferenced, type References, referencesOf } from './references.ts';
import { ownName } from './relation-name.ts';
import { isSequenceType, type SequenceOptions } from './sequence.ts';
import { chooseConstraintName, columnsOfIndex, hasConstraint, isDropped, redefine } from './table-def.ts';
import {
  type Fields,
  fieldsOf,
  firstLocation,
  flagOf,
  has,
  integerOf,
  listItems,
  locationOf,
  nameOf,
  nodeOf,
  nodesOf,
  onlyFields,
  optionalNode,
  stringsOf,
  type TreeNode,
  textOf,
} from './tree.ts';
import { isAssignable, typeName } from './types.ts';

export interface AlterTable {
  /** Null: it does not exist, and IF EXISTS forgives that. */
  readonly from: TableDef | null;
  readonly to: TableDef | null;
  /** Why no view may read the table: a command of which views would have to know. */
  readonly hidden: string | null;
  /** What rows that are there have in columns that are added, computed once. */
  readonly missing: readonly { readonly column: number; readonly expr: Expr }[];
  /** What they are held against. */
  readonly notNull: readonly number[];
  readonly checks: readonly Check[];
  /** Of new constraints. */
  readonly indexes: readonly NewIndex[];
  /** New foreign keys, by their place among those of `to`. */
  readonly foreign: readonly number[];
  readonly references: References | null;
  /** Sequences of identity columns that are altered, by their relation ids. */
  readonly sequences: readonly { readonly relation: number; readonly options: SequenceOptions }[];
  /** Sequences that are made for columns which become identity columns. */
  readonly identities: readonly ColumnSequence[];
  /** What columns become of a row as it was: all rows are written anew. */
  readonly rewritten: readonly { readonly column: number; readonly expr: Expr }[];
  readonly tag: string;
}

/** The commands so far. */
interface Alteration {
  readonly analysis: Analysis;
  table: TableDef;
  hidden: string | null;
  readonly missing: { readonly column: number; readonly expr: Expr }[];
  readonly notNull: Set<number>;
  readonly checks: Check[];
  readonly indexes: NewIndex[];
  readonly foreign: string[];
  readonly sequences: AlterTable['sequences'][number][];
  readonly identities: ColumnSequence[];
  readonly from: TableDef;
  readonly rewritten: { readonly column: number; readonly expr: Expr }[];
}

type Command = (alteration: Alteration, fields: Fields) => void;

const CHANGE_OWNER = 'AT_ChangeOwner';

/** Kinds of commands with their pass; a statement's commands are done pass by pass. */
const COMMANDS: ReadonlyMap<string, readonly [pass: number, command: Command]> = new Map([
  ['AT_DropColumn', [0, dropColumn]],
  ['AT_DropConstraint', [0, dropConstraint]],
  ['AT_DropNotNull', [0, dropNotNull]],
  ['AT_AlterColumnType', [1, alterType]],
  ['AT_AddColumn', [2, addColumn]],
  ['AT_SetNotNull', [3, setNotNull]],
  ['AT_AddConstraint', [4, addConstraint]],
  ['AT_ColumnDefault', [5, setDefault]],
  ['AT_DropIdentity', [0, dropIdentity]],
  ['AT_AddIdentity', [5, addIdentity]],
  [CHANGE_OWNER, [6, (_, fields) => checkOwner(fields)]],
  ['AT_SetIdentity', [6, setIdentity]],
]);

const ALTER_STMT = new Set(['relation', 'cmds', 'objtype', 'missing_ok']);
const COMMAND = new Set(['subtype', 'name', 'def', 'behavior', 'missing_ok', 'newowner']);

export const NOTHING_TO_ALTER: Omit<AlterTable, 'tag'> = {
  from: null,
  to: null,
  hidden: null,
  missing: [],
  notNull: [],
  checks: [],
  indexes: [],
  foreign: [],
  references: null,
  sequences: [],
  identities: [],
  rewritten: [],
};

export function analyseAlterTable(analysis: Analysis, fields: Fields): AlterTable {
  onlyFields(fields, ALTER_STMT, 'ALTER TABLE');
  const type = textOf(fields, 'objtype').replace('OBJECT_', '').replaceAll('_', ' ');
  const tag = `ALTER ${type}`;
  const isOfOwner = nodesOf(fields, 'cmds').every(
    ({ fields: cmd }) => textOf(cmd, 'subtype') === CHANGE_OWNER,
  );
  if (type !== 'TABLE' && !(isOfOwner && (type === 'SEQUENCE' || type === 'VIEW'))) unsupported(tag);
  const name = relationName(analysis, fieldsOf(fields, 'relation'));
  const from = analysis.findTable(name);
  if (from === null) {
    if (analysis.findIndex(name) !== null) fail('42809', `"${name}" is not a table`);
    if (flagOf(fields, 'missing_ok')) return { ...NOTHING_TO_ALTER, tag };
    return fail('42P01', `relation "${name}" does not exist`);
  }
  if (from.metadata) fail('42501', `permission denied: "${name}" is a system view`);
  if (type === 'SEQUENCE' ? from.sequence === undefined : type === 'VIEW' && from.view === undefined)
    fail('42809', `"${ownName(name)}" is not a ${asciiLower(type)}`);
  if (isOfOwner) {
    for (const { fields: command } of nodesOf(fields, 'cmds')) checkOwner(command);
    return { ...NOTHING_TO_ALTER, tag };
  }
  if (from.sequence !== undefined)
    unsupported('ALTER TABLE of a sequence', locationOf(fieldsOf(fields, 'relation')));
  if (from.view !== undefined) unsupported('ALTER TABLE of a view', locationOf(fieldsOf(fields, 'relation')));
  const alteration: Alteration = {
    analysis,
    table: from,
    hidden: null,
    missing: [],
    notNull: new Set(),
    checks: [],
    indexes: [],
    foreign: [],
    sequences: [],
    identities: [],
    from,
    rewritten: [],
  };
  const commands = nodesOf(fields, 'cmds').map(({ fields: command }) => {
    onlyFields(command, COMMAND, 'ALTER TABLE');
    const subtype = textOf(command, 'subtype');
    const known = COMMANDS.get(subtype);
    if (known === undefined)
      return unsupported(`ALTER TABLE … ${wordsOf(subtype)}`, firstLocation(command, 0));
    // a default that goes, goes before its column has another type
    const isDropped = subtype === 'AT_ColumnDefault' && !has(command, 'def');
    return { pass: isDropped ? 0 : known[0], run: known[1], command };
  });
  for (const { run, command } of [...commands].sort((a, b) => a.pass - b.pass)) run(alteration, command);
  const { table: to, hidden, missing, notNull, indexes, sequences, identities, rewritten } = alteration;
  const checks =
    rewritten.length === 0 ? alteration.checks : [...alteration.checks, ...checksOf(analysis, to)];
  if (isReferenced(from, to.indexes, analysis.referrersOf(from.relation)))
    fail('2BP01', `cannot drop a key of table ${name} because other objects depend on it`);
  const foreign = (to.foreignKeys ?? []).flatMap((key, i) =>
    alteration.foreign.includes(key.name) ? [i] : [],
  );
  const references = foreign.length === 0 ? null : referencesOf(analysis, to);
  const rows = { hidden, missing, notNull: [...notNull], checks };
  return { from, to, ...rows, indexes, foreign, references, sequences, identities, rewritten, tag };
}

/** `AT_SetStatistics` → `SET STATISTICS`. */
const wordsOf = (subtype: string): string =>
  subtype
    .replace(/^AT_/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[a-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 32));

/** The column's place; 42703 when there is none of that name. */
function columnAt({ name: table, columns }: TableDef, name: string): number {
  const at = columns.findIndex((column) => column.name === name);
  return at >= 0 ? at : fail('42703', `column "${name}" of relation "${table}" does not exist`);
}

/** The table with another column at a place. */
function withColumn(table: TableDef, at: number, change: (column: ColumnDef) => ColumnDef): TableDef {
  return redefine(table, { columns: table.columns.map((column, i) => (i === at ? change(column) : column)) });
}

const hide = (alteration: Alteration, command: string): void => {
  alteration.hidden ??= `ALTER TABLE … ${command} where a view reads the table`;
};

function addColumn(alteration: Alteration, fields: Fields): void {
  const { analysis, table } = alteration;
  const def = nodeOf(fields, 'def').fields;
  const name = nameOf(def, 'colname');
  if (table.columns.some((column) => column.name === name)) {
    if (flagOf(fields, 'missing_ok')) return;
    fail('42701', `column "${name}" of relation "${table.name}" already exists`);
  }
  if (table.columns.length >= TABLE_COLUMNS_MAX)
    fail('54011', `tables can have at most ${TABLE_COLUMNS_MAX} columns`);
  hide(alteration, 'ADD COLUMN');
  const drafts = noDrafts();
  readColumn(analysis, def, table.name, drafts);
  for (const { declared, notNull, default: value, sequence } of drafts.columns) {
    if (sequence !== undefined || value.draws !== undefined)
      unsupported('ADD COLUMN that draws from a sequence', firstLocation(def, 0));
    const column: ColumnDef = { name, ...declared, notNull, ...value };
    const at = table.columns.length;
    const given = defaultOf(analysis, column);
    if (someExpr(given, (e) => e.kind === 'ambient' && e.source !== 'transactionStart'))
      unsupported('ADD COLUMN with a volatile DEFAULT', firstLocation(def, 0));
    if (column.default !== undefined || column.computed !== undefined)
      alteration.missing.push({ column: at, expr: given });
    if (notNull) alteration.notNull.add(at);
    alteration.table = redefine(table, { columns: [...table.columns, column], base: table.base ?? at });
  }
  addConstraints(alteration, drafts);
}

function addConstraint(alteration: Alteration, fields: Fields): void {
  const { tag, fields: def } = nodeOf(fields, 'def');
  if (tag !== 'Constraint') unsupported(tag, firstLocation(def, 0));
  if (flagOf(def, 'skip_validation')) unsupported('NOT VALID', locationOf(def));
  if (has(def, 'indexname')) unsupported('a constraint USING INDEX', locationOf(def));
  const drafts = noDrafts();
  readTableConstraint(alteration.analysis, def, alteration.table.name, drafts);
  addConstraints(alteration, drafts);
}

function addConstraints(alteration: Alteration, { keys, checks, foreign }: Drafts): void {
  const { analysis } = alteration;
  const isTaken = (name: string): boolean => hasConstraint(alteration.table, name);
  for (const { name, node } of checks) {
    const { table } = alteration;
    const condition = analyseCheck(analysis, table, placeless(node));
    const chosen = name ?? chooseConstraintName(table.name, onlyColumn(table, condition), 'check', isTaken);
    if (isTaken(chosen)) fail('42710', `constraint "${chosen}" for relation "${table.name}" already exists`);
    alteration.checks.push({ name: chosen, condition });
    alteration.table = redefine(table, {
      checks: [...(table.checks ?? []), encodeCheck(analysis, chosen, node)],
    });
  }
  if (keys.length > 0)
    addKeys(
      alteration,
      keys.map((key) => ({ ...key, at: NOWHERE })),
    );
  for (const draft of foreign) {
    const { table } = alteration;
    // Said before anything of the key is looked at, as PostgreSQL does.
    if (draft.name !== null && isTaken(draft.name))
      fail('42710', `constraint "${draft.name}" for relation "${table.name}" already exists`);
    const key = makeForeign(analysis, table, draft, isTaken);
    alteration.foreign.push(key.name);
    alteration.table = redefine(table, { foreignKeys: [...(table.foreignKeys ?? []), key] });
  }
}

function addKeys(alteration: Alteration, keys: Drafts['keys']): void {
  const { table } = alteration;
  const [primary] = keys.filter(({ constraint }) => constraint === 'primary');
  // PostgreSQL makes the columns NOT NULL first.
  for (const name of primary?.names ?? [])
    if (!table.columns.some((column) => !isDropped(column) && column.name === name))
      fail('42703', `column "${name}" of relation "${table.name}" does not exist`);
  const hasPrimary = [...table.indexes, ...alteration.indexes].some(
    (index) => index.constraint === 'primary',
  );
  if (primary && hasPrimary)
    fail('42P16', `multiple primary keys for table "${table.name}" are not allowed`, primary.at);
  const drafts = table.columns.map(
    ({ name, type, notNull }): ColumnDraft => ({
      name,
      declared: { type },
      notNull,
      nullable: false,
      default: {},
    }),
  );
  alteration.indexes.push(...readKeys(table.name, drafts, keys));
  for (const [i, { notNull }] of drafts.entries())
    if (notNull && table.columns[i]?.notNull === false) requireValue(alteration, i);
}

function requireValue(alteration: Alteration, at: number): void {
  alteration.notNull.add(at);
  alteration.table = withColumn(alteration.table, at, (column) => ({ ...column, notNull: true }));
}

function dropColumn(alteration: Alteration, fields: Fields): void {
  const { analysis, table } = alteration;
  const name = nameOf(fields, 'name');
  if (flagOf(fields, 'missing_ok') && !table.columns.some((column) => column.name === name)) return;
  const at = columnAt(table, name);
  hide(alteration, 'DROP COLUMN');
  if (table.columns.filter((column) => !isDropped(column)).length === 1)
    unsupported('a table without columns');
  const indexes = table.indexes.filter((index) => !columnsOfIndex(index).includes(at));
  const checks = (table.checks ?? []).filter((check) => !readsColumn(analysis, table, check, at));
  const dropped = withColumn(table, at, ({ type }) => ({ name: '', type, notNull: false }));
  const foreignKeys = (table.foreignKeys ?? []).filter(
    ({ columns, target, targetColumns }) =>
      !columns.includes(at) && !(target === 0 && targetColumns.includes(at)),
  );
  const owned = (table.owned ?? []).filter(({ column }) => column !== at);
  alteration.table = redefine(dropped, { indexes, checks, foreignKeys, owned });
}

function dropConstraint(alteration: Alteration, fields: Fields): void {
  const { table } = alteration;
  const name = nameOf(fields, 'name');
  if (!hasConstraint(table, name)) {
    if (flagOf(fields, 'missing_ok')) return;
    fail('42704', `constraint "${name}" of relation "${table.name}" does not exist`);
  }
  const checks = (table.checks ?? []).filter((check) => check.name !== name);
  const indexes = table.indexes.filter((index) => index.constraint === null || ownName(index.name) !== name);
  const foreignKeys = (table.foreignKeys ?? []).filter((key) => key.name !== name);
  alteration.table = redefine(table, { checks, indexes, foreignKeys });
}

function setNotNull(alteration: Alteration, fields: Fields): void {
  const at = columnAt(alteration.table, nameOf(fields, 'name'));
  if (alteration.table.columns[at]?.notNull === false) requireValue(alteration, at);
}

function dropNotNull(alteration: Alteration, fields: Fields): void {
  const { table } = alteration;
  const name = nameOf(fields, 'name');
  const at = columnAt(table, name);
  if (table.columns[at]?.identity !== undefined)
    fail('42601', `column "${name}" of relation "${table.name}" is an identity column`);
  if (table.primaryKey.includes(at)) fail('42P16', `column "${name}" is in a primary key`);
  alteration.table = withColumn(table, at, (column) => ({ ...column, notNull: false }));
}

function setDefault(alteration: Alteration, fields: Fields): void {
  const { analysis, table } = alteration;
  const name = nameOf(fields, 'name');
  const at = columnAt(table, name);
  const { type } = table.columns[at] ?? fail('XX000', 'a column that is not there');
  if (table.columns[at]?.identity !== undefined)
    fail('42601', `column "${name}" of relation "${table.name}" is an identity column`);
  const given = has(fields, 'def')
    ? readDefaultValue(analysis, name, type, placeless(nodeOf(fields, 'def')))
    : {};
  alteration.table = withColumn(table, at, ({ default: _, computed, draws, ...column }) => ({
    ...column,
    ...given,
  }));
}

/** The identity column of that name; 55000 when it is none. */
function identityAt(table: TableDef, name: string): number {
  const at = columnAt(table, name);
  if (table.columns[at]?.identity === undefined)
    fail('55000', `column "${name}" of relation "${table.name}" is not an identity column`);
  return at;
}

/** Its sequence goes with it. */
function dropIdentity(alteration: Alteration, fields: Fields): void {
  const { table } = alteration;
  const name = nameOf(fields, 'name');
  if (flagOf(fields, 'missing_ok') && table.columns[columnAt(table, name)]?.identity === undefined) return;
  const at = identityAt(table, name);
  const { draws: own } = table.columns[at] ?? {};
  const owned = (table.owned ?? []).filter(({ sequence }) => sequence !== own);
  const plain = withColumn(table, at, ({ identity: _, draws, ...column }) => column);
  alteration.table = redefine(plain, { owned });
}

/** Its sequence is made when the statement runs. */
function addIdentity(alteration: Alteration, fields: Fields): void {
  const { analysis, table } = alteration;
  const name = nameOf(fields, 'name');
  const at = columnAt(table, name);
  const column = table.columns[at] ?? fail('XX000', 'a column that is not there');
  const { type, notNull } = column;
  const draft: ColumnDraft = { name, declared: { type }, notNull, nullable: false, default: {} };
  makeIdentity(analysis, draft, nodeOf(fields, 'def').fields, table.name, false);
  const refuse = (why: string): never =>
    fail('55000', `column "${name}" of relation "${ownName(table.name)}" ${why}`);
  if (!notNull) refuse('must be declared NOT NULL before identity can be added');
  if (column.identity !== undefined) refuse('is already an identity column');
  if (column.default !== undefined || column.computed !== undefined || column.draws !== undefined)
    refuse('already has a default value');
  alteration.table = withColumn(table, at, (one) => ({ ...one, ...draft.default }));
  if (draft.sequence !== undefined) alteration.identities.push({ column: at, ...draft.sequence });
}

/** SET GENERATED, and options of the sequence. */
function setIdentity(alteration: Alteration, fields: Fields): void {
  const { analysis, table } = alteration;
  const at = identityAt(table, nameOf(fields, 'name'));
  const nodes = listItems(nodeOf(fields, 'def'));
  const generated = nodes.filter((node) => textOf(node.fields, 'defname') === 'generated');
  const [first, second] = generated;
  if (second !== undefined) fail('42601', 'conflicting or redundant options', locationOf(second.fields));
  const { options, owner } = readClauses(
    analysis,
    nodes.filter((node) => !generated.includes(node)),
  );
  if (owner !== undefined) unsupported('OWNED BY of an identity column');
  if (first !== undefined) {
    const isAlways = integerOf(nodeOf(first.fields, 'arg').fields, 'ival') === ALWAYS;
    const identity = isAlways ? 'always' : 'default';
    alteration.table = withColumn(table, at, (column) => ({ ...column, identity }));
  }
  const relation = table.columns[at]?.draws ?? unsupported('SET of an identity that the statement adds');
  if (Object.keys(options).length > 0) alteration.sequences.push({ relation, options });
}

/** `a`, as the parser says GENERATED ALWAYS. */
const ALWAYS = 97;

function alterType(alteration: Alteration, fields: Fields): void {
  const { table } = alteration;
  const name = nameOf(fields, 'name');
  const at = columnAt(table, name);
  const column = table.columns[at] ?? fail('XX000', 'a column that is not there');
  const def = nodeOf(fields, 'def').fields;
  if (has(def, 'collClause')) unsupported('COLLATE', firstLocation(def, 0));
  const declared = readTypeName(madeTypes(alteration.analysis), fieldsOf(def, 'typeName'));
  hide(alteration, 'ALTER COLUMN TYPE');
  const using = optionalNode(def, 'raw_default');
  if (using === null && !isAssignable(column.type, declared.type))
    fail('42804', `column "${name}" cannot be cast automatically to type ${typeName(declared.type)}`);
  if (column.identity !== undefined && !isSequenceType(declared.type))
    fail('22023', 'identity column type must be smallint, integer, or bigint');
  const isPlain = using === null || isPlainCast(alteration.analysis, using, name, declared);
  const isKept = isPlain && fitsWithoutRewrite(column, declared);
  if (!isKept) {
    const expr = rewrittenColumn(alteration.analysis, alteration.from, at, declared, using);
    alteration.rewritten.push({ column: at, expr });
    if (column.notNull) alteration.notNull.add(at);
  }
  const given = isKept ? {} : recastDefault(alteration.analysis, column, declared);
  const changed = withColumn(table, at, ({ typmod: _, missing, ...rest }) => ({
    ...rest,
    ...(isKept && missing !== undefined && { missing }),
    ...declared,
    ...given,
  }));
  const indexes = changed.indexes.map((index) => analysedAnew(alteration.analysis, changed, index));
  alteration.table = redefine(changed, { indexes });
}

/** `USING name::type`, which says no more than the type does. */
function isPlainCast(analysis: Analysis, using: TreeNode, name: string, declared: DeclaredType): boolean {
  const column = using.tag === 'TypeCast' ? nodeOf(using.fields, 'arg') : using;
  if (column.tag !== 'ColumnRef' || stringsOf(column.fields, 'fields').join() !== name) return false;
  if (using === column) return true;
  const cast = readTypeName(madeTypes(analysis), fieldsOf(using.fields, 'typeName'));
  return cast.type === declared.type && (cast.typmod ?? declared.typmod) === declared.typmod;
}
