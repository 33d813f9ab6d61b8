// A table's row in the catalog: name, relation ids and a definition as JSON, `[columns, primaryKey]` and, only where a table
// has more, an object with its further indexes, the name of its primary key and the defaults of columns. Behind the JSON,
// each after a line feed, stand syntax trees: a view's query, or those of computed defaults and then of CHECK constraints.

import { BadBytes } from '../../base/bytes.ts';
import type {
  CheckDef,
  ColumnDef,
  ColumnType,
  EnumType,
  ForeignKeyAction,
  ForeignKeyDef,
  IndexDef,
  IndexKey,
  Row,
  RowExpr,
  TableDef,
  Value,
} from './access.ts';
import { isEnum } from './enum-type.ts';
import { ownName, PUBLIC, relationNameOf, schemaEntry, schemaOf } from './relation-name.ts';
import type { SequenceDef, SequenceType } from './sequence.ts';
import { makeTableDef, plainKeys } from './table-def.ts';
import { formatValue, parseValue } from './text-form.ts';
import { arrayOf, elementOf, isArray } from './types.ts';

/** A type modifier is written only where there is one. */
type ColumnEntry = [name: string, type: string, notNull: number, typmod?: number];
/** `flags`: 1 unique, 2 of a constraint, 4 not valid, 8 not ready. Keys as column · 4 + descending · 2 + nulls first. */
type IndexEntry = [name: string, relation: number, flags: number, keys: number[], since: number];

/** By their places in the list and in the key (−1: WHERE). */
type ExprEntry = [
  index: number,
  key: number,
  label: string,
  type: ColumnType,
  reads: readonly number[],
  expr: string,
];

type ForeignEntry = [
  name: string,
  columns: readonly number[],
  target: number,
  targetColumns: readonly number[],
  onDelete: ForeignKeyAction,
  onUpdate: ForeignKeyAction,
];

type SequenceEntry = [
  type: SequenceType,
  storage: number,
  cycles: number,
  start: string,
  increment: string,
  min: string,
  max: string,
  cache: string,
];

const encodeSequence = (def: SequenceDef): SequenceEntry => [
  def.type,
  def.storage,
  def.cycles ? 1 : 0,
  `${def.start}`,
  `${def.increment}`,
  `${def.min}`,
  `${def.max}`,
  `${def.cache}`,
];

function decodeSequence([type, storage, cycles, ...numbers]: SequenceEntry): SequenceDef {
  const [start = 0n, increment = 0n, min = 0n, max = 0n, cache = 0n] = numbers.map(BigInt);
  return { type, storage, cycles: cycles === 1, start, increment, min, max, cache };
}

interface More {
  /** Other indexes than that of the primary key. */
  readonly indexes?: readonly IndexEntry[];
  /** Of the primary key, where it is not `table_pkey`. */
  readonly key?: string;
  /** Of the primary key's index (IndexDef). */
  readonly keySince?: number;
  /** In their text form. */
  readonly defaults?: readonly (readonly [column: number, value: string])[];
  /** Columns whose default is computed. */
  readonly computed?: readonly number[];
  /** Columns of rows that do not say how many they have. */
  readonly base?: number;
  /** What rows have that were written before a column was added, in text form. */
  readonly missing?: readonly (readonly [column: number, value: string])[];
  /** Names of CHECK constraints. */
  readonly checks?: readonly string[];
  readonly foreign?: readonly ForeignEntry[];
  /** Of a view: the relations that it reads. */
  readonly reads?: readonly number[];
  /** Its WITH CHECK OPTION. */
  readonly option?: 'local' | 'cascaded';
  /** Columns that draw from a sequence, with its relation id. */
  readonly draws?: readonly (readonly [column: number, sequence: number])[];
  /** Identity columns; 1: GENERATED ALWAYS. */
  readonly identity?: readonly (readonly [column: number, always: number])[];
  readonly owned?: readonly (readonly [column: number, sequence: number])[];
  readonly comments?: readonly (readonly [column: number, text: string])[];
  readonly sequence?: SequenceEntry;
  /** Where it is not `public`. */
  readonly schema?: string;
  /** Types that CREATE TYPE made, of its columns: `@0` and `@0[]` in their entries. */
  readonly types?: readonly EnumType[];
  /** Expressions of the further indexes. Their trees stand last. */
  readonly exprs?: readonly ExprEntry[];
  /** It is a type's entry: what the type is. */
  readonly enum?: EnumType;
  /** It is a schema's entry, under the schema's name. */
  readonly isSchema?: 1;
}
type Definition = [columns: ColumnEntry[], primaryKey: number[], more?: More];

const UNIQUE = 1;
const CONSTRAINT = 2;
const INVALID = 4;
const UNREADY = 8;

/** `types`: those that were made so far. */
const encodeColumn = ({ name, type, notNull, typmod }: ColumnDef, types: EnumType[]): ColumnEntry => {
  const isRequired = notNull ? 1 : 0;
  const written = encodeType(type, types);
  return typmod === undefined ? [name, written, isRequired] : [name, written, isRequired, typmod];
};

function encodeType(type: ColumnType, types: EnumType[]): string {
  const element = elementOf(type);
  if (!isEnum(element)) return type;
  if (!types.includes(element)) types.push(element);
  return `@${types.indexOf(element)}${isArray(type) ? '[]' : ''}`;
}

function decodeType(written: string, types: readonly EnumType[]): ColumnType {
  const [, at] = /^@(\d+)/.exec(written) ?? [];
  if (at === undefined) return written as ColumnType;
  const type = types[Number(at)];
  if (type === undefined) throw new BadBytes('a column of a type that its table does not tell');
  return written.endsWith('[]') ? arrayOf(type) : type;
}

const encodeKeyColumn = ({ column, descending, nullsFirst }: IndexKey): number =>
  column * 4 + (descending ? 2 : 0) + (nullsFirst ? 1 : 0);

const decodeKeyColumn = (entry: number): IndexKey => ({
  column: Math.floor(entry / 4),
  descending: (entry & 2) !== 0,
  nullsFirst: (entry & 1) !== 0,
});

const encodeIndex = ({
  name,
  relation,
  isUnique,
  constraint,
  invalid,
  keys,
  since,
}: IndexDef): IndexEntry => [
  ownName(name),
  relation,
  (isUnique ? UNIQUE : 0) +
    (constraint === null ? 0 : CONSTRAINT) +
    (invalid === undefined ? 0 : INVALID) +
    (invalid === 'unready' ? UNREADY : 0),
  keys.map(encodeKeyColumn),
  since,
];

const decodeIndex = (schema: string, [name, relation, flags, keys, since]: IndexEntry): IndexDef => ({
  name: relationNameOf(schema, name),
  relation,
  isUnique: (flags & UNIQUE) !== 0,
  constraint: (flags & CONSTRAINT) === 0 ? null : 'unique',
  keys: keys.map(decodeKeyColumn),
  since,
  ...((flags & INVALID) !== 0 && {
    invalid: (flags & UNREADY) !== 0 ? ('unready' as const) : ('ready' as const),
  }),
});

/** What JSON does not know of a value. */
const encodeExpr = (expr: RowExpr['expr']): string =>
  JSON.stringify(expr, (_, part: unknown) => {
    if (typeof part === 'bigint') return { $big: `${part}` };
    const isOdd = typeof part === 'number' && (!Number.isFinite(part) || Object.is(part, -0));
    return isOdd ? { $number: Object.is(part, -0) ? '-0' : `${part}` } : part;
  });

const decodeExpr = (text: string): RowExpr['expr'] =>
  JSON.parse(text, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null) return part;
    if ('$big' in part) return BigInt(String(part.$big));
    return '$number' in part ? Number(part.$number) : part;
  }) as RowExpr['expr'];

function withExprs(
  index: IndexDef,
  exprs: readonly { readonly k: number; readonly one: RowExpr }[],
): IndexDef {
  if (exprs.length === 0) return index;
  const at = (place: number): RowExpr | undefined => exprs.find(({ k }) => k === place)?.one;
  const keys = index.keys.map((key, i) => {
    const computed = at(i);
    return computed === undefined ? key : { ...key, computed };
  });
  const where = at(-1);
  return { ...index, keys, ...(where !== undefined && { where }) };
}

const encodeForeign = (key: ForeignKeyDef): ForeignEntry => [
  key.name,
  key.columns,
  key.target,
  key.targetColumns,
  key.onDelete,
  key.onUpdate,
];

const decodeForeign = ([
  name,
  columns,
  target,
  targetColumns,
  onDelete,
  onUpdate,
]: ForeignEntry): ForeignKeyDef => ({
  name,
  columns,
  target,
  targetColumns,
  onDelete,
  onUpdate,
});

/** The values that there are, with their columns. */
const encodeValues = (values: readonly (Value | undefined)[]): (readonly [column: number, value: string])[] =>
  values.flatMap((value, i) => (value === undefined ? [] : [[i, formatValue(value) ?? ''] as const]));

export function encodeTable({
  name,
  relation,
  keyRelation,
  columns,
  primaryKey,
  indexes,
  checks = [],
  foreignKeys = [],
  base,
  view,
  sequence,
  owned = [],
  comments = [],
  isSchema,
  enum: made,
}: TableDef): Row {
  if (isSchema) return [schemaOf(name), relation, 0, JSON.stringify([[], [], { isSchema: 1 }])];
  const own = ownName(name);
  const more: { -readonly [Field in keyof More]: More[Field] } = {};
  const others = indexes.filter(({ constraint }) => constraint !== 'primary');
  const key = indexes.find(({ constraint }) => constraint === 'primary');
  if (others.length > 0) more.indexes = others.map(encodeIndex);
  if (key !== undefined && ownName(key.name) !== `${own}_pkey`) more.key = ownName(key.name);
  if (key !== undefined && key.since !== 0) more.keySince = key.since;
  const defaults = encodeValues(columns.map((column) => column.default));
  if (defaults.length > 0) more.defaults = defaults;
  if (base !== undefined) more.base = base;
  const missing = encodeValues(columns.map((column) => column.missing));
  if (missing.length > 0) more.missing = missing;
  const trees: string[] = [];
  const computed = columns.flatMap(({ computed: tree }, i) => (tree === undefined ? [] : [{ i, tree }]));
  if (computed.length > 0) more.computed = computed.map(({ i }) => i);
  for (const { tree } of computed) trees.push(tree);
  if (checks.length > 0) more.checks = checks.map((check) => check.name);
  for (const { condition } of checks) trees.push(condition);
  const exprs = others.flatMap(({ keys, where }, i) => [
    ...keys.flatMap(({ computed: one }, k) => (one === undefined ? [] : [{ i, k, one }])),
    ...(where === undefined ? [] : [{ i, k: -1, one: where }]),
  ]);
  if (exprs.length > 0)
    more.exprs = exprs.map(({ i, k, one }) => [i, k, one.label, one.type, one.reads, encodeExpr(one.expr)]);
  for (const { one } of exprs) trees.push(one.tree);
  if (foreignKeys.length > 0) more.foreign = foreignKeys.map(encodeForeign);
  const types: EnumType[] = [];
  const definition: Definition = [columns.map((column) => encodeColumn(column, types)), [...primaryKey]];
  if (types.length > 0) more.types = types;
  if (made !== undefined) more.enum = made;
  if (view !== undefined) more.reads = view.reads;
  if (view?.checkOption !== undefined) more.option = view.checkOption;
  const draws = columns.flatMap((column, i) =>
    column.draws === undefined ? [] : [[i, column.draws] as const],
  );
  if (draws.length > 0) more.draws = draws;
  const identity = columns.flatMap((column, i) =>
    column.identity === undefined ? [] : [[i, column.identity === 'always' ? 1 : 0] as const],
  );
  if (identity.length > 0) more.identity = identity;
  if (owned.length > 0) more.owned = owned.map((one) => [one.column, one.sequence]);
  if (comments.length > 0) more.comments = comments;
  if (sequence !== undefined) more.sequence = encodeSequence(sequence);
  if (schemaOf(name) !== PUBLIC) more.schema = schemaOf(name);
  if (Object.keys(more).length > 0) definition.push(more);
  if (view !== undefined) trees.push(view.query);
  return [own, relation, keyRelation, [JSON.stringify(definition), ...trees].join('\n')];
}

function parseDefinition(definition: string): Definition {
  try {
    return JSON.parse(definition) as Definition;
  } catch {
    throw new BadBytes('a table definition in the catalog is damaged');
  }
}

const decoded: Map<string, TableDef> = new Map();
const DECODED_MAX = 256;

/** The same object for the same row, while it is kept: catalogs are read again and again, and analyses are kept by what they read. */
export function decodeTable(row: Row): TableDef {
  const [name, relation, keyRelation, definition] = row;
  const key = `${relation} ${keyRelation} ${String(name).length} ${name}${definition}`;
  let table = decoded.get(key);
  if (table === undefined) {
    table = decodeRow(row);
    if (decoded.size >= DECODED_MAX) decoded.clear();
    decoded.set(key, table);
  }
  return table;
}

function decodeRow(row: Row): TableDef {
  const own = String(row[0]);
  const keyRelation = Number(row[2]);
  const [json = '', ...trees] = String(row[3]).split('\n');
  const [columns, primaryKey, more = {}] = parseDefinition(json);
  if (more.isSchema) return { ...makeTableDef(Number(row[1]), schemaEntry(own), [], []), isSchema: true };
  const { schema = PUBLIC } = more;
  const name = relationNameOf(schema, own);
  const computed = new Map((more.computed ?? []).map((column) => [column, trees.shift() ?? '']));
  const checks = (more.checks ?? []).map(
    (check): CheckDef => ({ name: check, condition: trees.shift() ?? '' }),
  );
  const plain = (more.indexes ?? []).map((index) => decodeIndex(schema, index));
  const exprs = (more.exprs ?? []).map(([i, k, label, type, reads, expr]) => {
    const tree = trees.shift() ?? '';
    return { i, k, one: { label, tree, expr: decodeExpr(expr), type, reads } };
  });
  const indexes = plain.map((index, i) =>
    withExprs(
      index,
      exprs.filter((expr) => expr.i === i),
    ),
  );
  if (keyRelation !== 0)
    indexes.unshift({
      name: relationNameOf(schema, more.key ?? `${own}_pkey`),
      relation: keyRelation,
      isUnique: true,
      constraint: 'primary',
      keys: plainKeys(primaryKey),
      since: more.keySince ?? 0,
    });
  const defaults = new Map(more.defaults);
  const missing = new Map(more.missing);
  const draws = new Map(more.draws);
  const identity = new Map(more.identity);
  const types = columns.map(([, written]) => decodeType(written, more.types ?? []));
  const defs = columns.map(([column, , notNull, typmod], i) => ({
    name: column,
    type: types[i] ?? 'text',
    notNull: notNull === 1,
    ...(typmod === undefined ? {} : { typmod }),
    ...(defaults.has(i) && { default: parseValue(types[i] ?? 'text', defaults.get(i) ?? '') }),
    ...(missing.has(i) && { missing: parseValue(types[i] ?? 'text', missing.get(i) ?? '') }),
    ...(computed.has(i) && { computed: computed.get(i) ?? '' }),
    ...(draws.has(i) && { draws: draws.get(i) ?? 0 }),
    ...(identity.has(i) && { identity: identity.get(i) === 1 ? ('always' as const) : ('default' as const) }),
  }));
  const table = makeTableDef(Number(row[1]), name, defs, indexes, {
    checks,
    foreignKeys: more.foreign?.map(decodeForeign),
    base: more.base,
    owned: more.owned?.map(([column, sequence]) => ({ column, sequence })),
    comments: more.comments,
  });
  if (more.enum !== undefined) return { ...table, enum: more.enum };
  if (more.sequence !== undefined) return { ...table, sequence: decodeSequence(more.sequence) };
  if (more.reads === undefined) return table;
  const option = more.option === undefined ? {} : { checkOption: more.option };
  return { ...table, view: { query: trees[0] ?? '', reads: more.reads, ...option } };
}
