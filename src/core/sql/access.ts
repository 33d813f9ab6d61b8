// Where SQL meets storage: types of values, tables and rows, and the access methods that the executor calls. An access
// method that lacks pages throws before it has changed anything; the executor's state is plain data, so the call is
// simply made again once the pages are there.

import type { Lsn, TxId } from '../../base/ids.ts';
import type { ErrorAbout } from './failure.ts';
import type { SequenceDef, SequenceState } from './sequence.ts';

/** int2, int4 and float8 are numbers, int8 is a bigint, text and varchar are strings; the others are objects. */
export type Value = null | boolean | number | bigint | string | Numeric | Tagged;
export type BaseType =
  | 'int2'
  | 'int4'
  | 'int8'
  | 'text'
  | 'name'
  | 'varchar'
  | 'bpchar'
  | 'bool'
  | 'float4'
  | 'float8'
  | 'numeric'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamptz'
  | 'interval'
  | 'json'
  | 'jsonb'
  | 'uuid'
  | 'bytea';
/** What CREATE TYPE … AS ENUM has made, with all that is known of it (enum-type.ts). */
export type EnumType = `enum ${string}`;
export type ScalarType = BaseType | EnumType;
export type ArrayType = `${ScalarType}[]`;
export type ColumnType = ScalarType | ArrayType;
export type Row = readonly Value[];

/** Values that say what they are, because their order and their text follow from it. */
export type Tagged =
  /** A float4; the number is one that single precision has. */
  | { readonly kind: 'real'; readonly value: number }
  /** A char(n), with its spaces at the end. */
  | { readonly kind: 'char'; readonly text: string }
  | DateValue
  | TimeValue
  | Timestamp
  | IntervalValue
  | JsonValue
  /** In lower case. */
  | { readonly kind: 'uuid'; readonly text: string }
  /** Two digits for each byte, in lower case. */
  | { readonly kind: 'bytea'; readonly hex: string }
  | EnumValue
  | ArrayValue;

/** One of the labels of its type, which are ordered by `order`. */
export interface EnumValue {
  readonly kind: 'enum';
  readonly order: number;
  readonly text: string;
}

/** Of one dimension, whose items are counted from 1. */
export interface ArrayValue {
  readonly kind: 'array';
  readonly element: ScalarType;
  readonly items: readonly Value[];
}

/** Days since 2000-01-01, or ±Infinity. */
export interface DateValue {
  readonly kind: 'date';
  readonly days: number;
}

/** Microseconds since 2000-01-01 (timestamptz: in UTC); the ends of int8 are ±infinity. */
export interface Timestamp {
  readonly kind: 'timestamp' | 'timestamptz';
  readonly micros: bigint;
}

/** Microseconds of a day, from 0 to those of a whole one. */
export interface TimeValue {
  readonly kind: 'time';
  readonly micros: bigint;
}

/** A json as it was written, or a jsonb in its one form (json.ts). */
export interface JsonValue {
  readonly kind: 'json' | 'jsonb';
  readonly text: string;
}

/** Months, days and microseconds, each of which may be negative; all three at an end of their type: ±infinity. */
export interface IntervalValue {
  readonly kind: 'interval';
  readonly months: number;
  readonly days: number;
  readonly micros: bigint;
}

/** digits / 10^scale; a scale of −1 marks NaN (digits 0) and the infinities (±1). Equal values may differ in scale. */
export interface Numeric {
  readonly digits: bigint;
  readonly scale: number;
}

/** A type as a statement names it. */
export interface DeclaredType {
  readonly type: ColumnType;
  /** Of `varchar(n)` and `char(n)` their n, of other types PostgreSQL's atttypmod; absent when the type was named without one. */
  readonly typmod?: number;
}

export interface ColumnDef extends DeclaredType {
  readonly name: string;
  readonly notNull: boolean;
  /** DEFAULT, a constant of the type, before it is fitted to a length or scale; absent: null. */
  readonly default?: Value;
  /** DEFAULT that is computed for each row: the expression's syntax tree (view-text.ts). */
  readonly computed?: string;
  /** What rows have that were written before the column was added; absent: null. */
  readonly missing?: Value;
  /** DEFAULT is the next value of the sequence of this relation id. */
  readonly draws?: number;
  /** GENERATED … AS IDENTITY: whether a statement may give a value of its own (BY DEFAULT) or not (ALWAYS). */
  readonly identity?: 'always' | 'default';
}

/** A sequence that goes with a column of the table. */
export interface OwnedSequence {
  readonly column: number;
  readonly sequence: number;
}

/** A CHECK constraint. */
export interface CheckDef {
  readonly name: string;
  /** The condition's syntax tree (view-text.ts). */
  readonly condition: string;
}

/** What becomes of a referring row: nothing may refer any more (`none`, at the end of the statement), or it follows. */
export type ForeignKeyAction = 'none' | 'restrict' | 'cascade' | 'null' | 'default';

/** A FOREIGN KEY constraint. */
export interface ForeignKeyDef {
  readonly name: string;
  readonly columns: readonly number[];
  /** Relation of the referenced table; 0: the table itself. */
  readonly target: number;
  /** Its columns, for each of `columns`; a unique index is over just these. */
  readonly targetColumns: readonly number[];
  readonly onDelete: ForeignKeyAction;
  readonly onUpdate: ForeignKeyAction;
}

/** A column of an index's key, and its order there. */
export interface IndexKey {
  /** −1: it is computed. */
  readonly column: number;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
  readonly computed?: RowExpr;
}

/** An expression over a row of a table, as the catalog keeps it. */
export interface RowExpr {
  /** What it is called where it is a column. */
  readonly label: string;
  /** Its syntax tree (view-text.ts), for whoever shows it. */
  readonly tree: string;
  /** What is evaluated: its fields belong to the SQL front end (expression.ts). */
  readonly expr: { readonly [field: string]: unknown };
  readonly type: ColumnType;
  /** The columns that it reads, ascending. */
  readonly reads: readonly number[];
}

/** A B+tree over columns of a table: what CREATE INDEX or a constraint asks for. */
export interface NewIndex {
  /** Null: a name is made from those of the table and of the columns. */
  readonly name: string | null;
  readonly keys: readonly IndexKey[];
  readonly isUnique: boolean;
  /** An index of a constraint is made and dropped with it. */
  readonly constraint: 'primary' | 'unique' | null;
  /**
   * Absent: valid. Nobody reads by an index that is not. `unready`: writers make no chain of versions over a change of its key,
   * and enter nothing; `ready`: they enter their rows and hold them against it.
   */
  readonly invalid?: 'unready' | 'ready';
  /** Only rows for which it is true have an entry. */
  readonly where?: RowExpr;
}

export interface NamedIndex extends NewIndex {
  readonly name: string;
}

export interface IndexDef extends NamedIndex {
  readonly relation: number;
  /** Not 0: snapshots that do not see this xid as ended may not read by it, because it was built from newer versions only. */
  readonly since: number;
}

export interface TableDef {
  /** Relation id of the heap; its group follows from it. */
  readonly relation: number;
  /** With its schema, if that is not `public` (relation-name.ts). */
  readonly name: string;
  readonly columns: readonly ColumnDef[];
  /** Column positions of the primary key, in order; empty when there is none. */
  readonly primaryKey: readonly number[];
  /** Relation id of the primary key's B+tree, or 0. */
  readonly keyRelation: number;
  /** All of them, that of the primary key first. */
  readonly indexes: readonly IndexDef[];
  /** Columns that are in some index, ascending. */
  readonly indexed: readonly number[];
  /** Columns that the table had before the first was added: those of a row that does not say how many it has. */
  readonly base?: number;
  /** In the order of their names, in which they are judged; absent: none. */
  readonly checks?: readonly CheckDef[];
  /** Absent: none. */
  readonly foreignKeys?: readonly ForeignKeyDef[];
  /** Of a view, which has no pages: its query (view-text.ts) and the relations that this reads. */
  readonly view?: ViewDef;
  /** Of a sequence, whose one row says where it stands. */
  readonly sequence?: SequenceDef;
  /** Of a type's entry among them: it has neither columns nor pages. */
  readonly enum?: EnumType;
  /** Of a schema's entry among them: it has neither columns nor pages (relation-name.ts). */
  readonly isSchema?: true;
  /** Absent: none. */
  readonly owned?: readonly OwnedSequence[];
  /** COMMENT ON: of the table (0) and of its columns, by their numbers; absent: none. */
  readonly comments?: readonly (readonly [column: number, text: string])[];
  /** Nobody writes or locks its rows, which come from the PCS (a view of the metadata, pcs.md PCS-98) or from the engine. */
  readonly metadata?: 'pcs' | 'engine';
  /** Of a table that is cut by its primary key: the keys of this part (tablets.ts). */
  readonly tablet?: TabletRange;
}

/** First key column from `from` on, up to, and without, `below`; null: without that bound. */
export interface TabletRange {
  readonly from: Value;
  readonly below: Value;
}

export interface ViewDef {
  readonly query: string;
  readonly reads: readonly number[];
  /** WITH CHECK OPTION: what is written through it has to be seen in it, and (`cascaded`) in the views beneath. */
  readonly checkOption?: 'local' | 'cascaded';
}

/** A view to be made. */
export interface NewView {
  readonly name: string;
  readonly columns: readonly ColumnDef[];
  readonly view: ViewDef;
}

/** Row position: block · 65536 + slot. */
export type Tid = number;

/** One end of a key range, in the index's order. `values` may be a prefix of the key. */
export interface KeyBound {
  readonly values: readonly Value[];
  readonly inclusive: boolean;
  /** And the key column after them is not null. */
  readonly notNull?: boolean;
}

/** Position of a scan; plain data, kept by the executor between calls. Its fields belong to the access methods. */
export type ScanPosition = { readonly [field: string]: unknown };

/**
 * Which columns of a table a scan gives, up to the last of them; null: all. `kept`: nobody looks at it, and the row is written
 * again with what it is; a value that is stored out of line is then not read.
 */
export type Wanted = readonly (boolean | 'kept')[] | null;

export interface FoundRow {
  readonly tid: Tid;
  readonly row: Row;
}

/** Of a row: 0 KEY SHARE, 1 SHARE, 2 NO KEY UPDATE, 3 UPDATE. Two conflict when their sum is 3 or more. */
export type LockStrength = 0 | 1 | 2 | 3;
/** Where another transaction has the row: wait for its end, leave the row out (SKIP LOCKED), or fail (NOWAIT). */
export type LockPolicy = 'wait' | 'skip' | 'refuse';

export interface RowLock {
  readonly strength: LockStrength;
  readonly policy: LockPolicy;
}

/** A row, as a wait names it. */
export interface RowPlace {
  readonly relation: number;
  readonly tid: Tid;
}

/** What a write of one row came to. `ok`: done, log appended. */
export type WriteOutcome =
  | { readonly kind: 'ok' }
  /** Another transaction holds the row: wait for its end, then call again. */
  | { readonly kind: 'wait'; readonly tx: TxId; readonly row?: RowPlace }
  /** Read committed: the row moved on; `found` is its newest version (null: deleted). Re-check the condition, then retry with it. */
  | { readonly kind: 'changed'; readonly found: FoundRow | null }
  | {
      readonly kind: 'error';
      readonly sqlstate: string;
      readonly message: string;
      readonly about?: ErrorAbout;
    };

/** The outcome of locking a row; `skip`: another transaction has it, and the row is left out. */
export type LockOutcome = WriteOutcome | { readonly kind: 'skip' };

export interface FoundIndex {
  readonly table: TableDef;
  readonly index: IndexDef;
}

/** A table to be made. */
export interface NewTable {
  readonly name: string;
  readonly columns: readonly ColumnDef[];
  readonly primaryKey: NamedIndex | null;
  readonly checks: readonly CheckDef[];
  readonly foreignKeys: readonly ForeignKeyDef[];
  readonly owned: readonly OwnedSequence[];
}

/** A sequence to be made, or what becomes of one; its pages are new. */
export interface NewSequence {
  readonly def: Omit<SequenceDef, 'storage'>;
  readonly state: SequenceState;
}

export type Conflict =
  | { readonly kind: 'none' }
  /** A transaction in progress may have written such a row, or deleted it. */
  | { readonly kind: 'wait'; readonly tx: TxId }
  /** `isVisible` false: repeatable read may not take notice of it. */
  | { readonly kind: 'found'; readonly found: FoundRow; readonly isVisible: boolean };

export type BuildStep =
  | { readonly kind: 'ok'; readonly next: ScanPosition | null }
  | Exclude<WriteOutcome, { kind: 'ok' }>;

/** A page that came from another node while the statement waited for it, and the read point that it was asked at. */
export interface PageRead {
  readonly from: string;
  readonly readPoint: number;
}

export type PageWatch = (blockKey: number) => void;

/** The access methods, bound to one transaction and its snapshot for the time of one call. */
export interface Access {
  /** WAL-22: read point of the snapshot. */
  readonly readPoint: Lsn;
  /** Virtual time in µs. */
  readonly now: number;
  /** When the transaction began: `now()`. */
  readonly startedAt: number;
  /** The session's number: pg_stat_activity has it, too. */
  readonly backend: number;
  /** 122 bits that no other call has had, as the 32 digits of a version 4 UUID; the same in every replay. */
  drawUuid(): string;
  /** From 0 up to, and without, 1: of what setseed has begun, if it has. */
  drawRandom(): number;
  seedRandom(seed: number): void;
  /** EXPLAIN ANALYZE: pages looked at so far in this step. */
  pagesSeen(): number;
  /** EXPLAIN ANALYZE: from now on notified of each page that is looked at (null: nobody); returns who was notified before. */
  watchPages(watch: PageWatch | null): PageWatch | null;
  findTable(name: string): TableDef | null;
  /** The index of that name, with its table. */
  findIndex(name: string): FoundIndex | null;
  createTable(table: NewTable): WriteOutcome;
  /** `replaced`: the view in whose place it comes. */
  createView(view: NewView, replaced: TableDef | null): WriteOutcome;
  createSchema(name: string): WriteOutcome;
  /** A type of these labels. */
  createType(name: string, labels: readonly string[]): WriteOutcome;
  /** The type of that name. */
  findType(name: string): TableDef | null;
  /** Tables and views that have a column of the type. */
  usersOfType(type: number): readonly TableDef[];
  /** Tables, views and sequences of the schema. */
  relationsIn(schema: string): readonly TableDef[];
  /** The views whose queries read the relation. */
  viewsOf(relation: number): readonly TableDef[];
  /** Tables that have a foreign key to the relation, itself among them. */
  referrersOf(relation: number): readonly TableDef[];
  /** A view too. */
  dropTable(table: TableDef): WriteOutcome;
  /** New, empty pages for the rows (`part` 0) or for index `part` − 1. The transaction has the table alone. */
  truncateTable(table: TableDef, part: number): WriteOutcome;
  /** An index without entries; `buildIndex` puts them in. The transaction has the table alone. */
  createIndex(table: TableDef, index: NamedIndex): WriteOutcome;
  /** Enters a row, from `from` on (null: the first); `next` is null when all are in. */
  buildIndex(table: TableDef, index: IndexDef, from: ScanPosition | null): BuildStep;
  dropIndex(table: TableDef, index: IndexDef): WriteOutcome;
  /** Where it stands is not undone with the transaction, that there is one is. */
  createSequence(name: string, made: NewSequence): WriteOutcome;
  alterSequence(sequence: TableDef, made: NewSequence): WriteOutcome;
  sequenceState(sequence: TableDef): SequenceState;
  /** Draws the next value, for this session (2200H at the end); or only for all, as `setval` does. */
  nextValue(sequence: TableDef): bigint;
  setValue(sequence: TableDef, value: bigint, isCalled: boolean): bigint;
  /** What the session has drawn last, from one sequence or (null) from any; 55000 when nothing. */
  currentValue(sequence: TableDef | null): bigint;
  /** Tables of which a column draws from the sequence, or owns it. */
  usersOf(sequence: number): readonly TableDef[];
  /** The table, view or sequence of that relation id. */
  findRelation(relation: number): TableDef | null;
  /** Writes the definition of a table, view or sequence anew. The transaction has it alone. */
  redefineTable(from: TableDef, to: TableDef): WriteOutcome;
  /** The same with a snapshot of this moment. */
  latest(): Access;
  /** What a foreign key's lookup reads by: a snapshot of this moment at read committed, else that of the transaction. */
  parents(): Access;
  /** Does the transaction's snapshot, where it has one for all its statements, see this version? */
  sees(table: TableDef, tid: Tid): boolean;
  openScan(table: TableDef): ScanPosition;
  openKeyScan(
    table: TableDef,
    index: IndexDef,
    low: KeyBound | null,
    high: KeyBound | null,
    descending: boolean,
  ): ScanPosition;
  /**
   * The next visible rows, one at least and `atMost` at most, as far as they lie together, and the position after them; null
   * at the end. Of columns that are not `wanted` the rows have null.
   */
  scanRows(
    table: TableDef,
    position: ScanPosition,
    atMost: number,
    wanted: Wanted,
  ): { readonly rows: readonly FoundRow[]; readonly position: ScanPosition } | null;
  /** The row that has the key of `row` in a unique index, whether the snapshot sees it or not. */
  findConflict(table: TableDef, index: IndexDef, row: Row): Conflict;
  insertRow(table: TableDef, row: Row): WriteOutcome;
  updateRow(table: TableDef, tid: Tid, row: Row): WriteOutcome;
  deleteRow(table: TableDef, tid: Tid): WriteOutcome;
  /** Locks a version that the snapshot sees, or that `changed` gave. */
  lockRow(table: TableDef, tid: Tid, lock: RowLock): LockOutcome;
}
