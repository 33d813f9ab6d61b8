// Physical plans: what the executor runs. Plain data; a plan is cached and shared, its operators' state is not in it.

import type { Column } from '../kernel/client-calls.ts';
import type { ColumnType, IndexDef, TableDef, Wanted } from './access.ts';
import type { AlterTable } from './analyse-alter.ts';
import type { OnConflict } from './analyse-conflict.ts';
import type { Check } from './analyse-constraint.ts';
import type { CreateIndex, CreateTable } from './analyse-ddl.ts';
import type { CreateSchema } from './analyse-schema.ts';
import type { AlterSequence, CreateSequence } from './analyse-sequence.ts';
import type { CreateView } from './analyse-view.ts';
import type { Assignment } from './analyse-write.ts';
import type { CopyFormat } from './copy-format.ts';
import type { CopySource } from './copy-source.ts';
import type { CreateType } from './enum-type.ts';
import type { Expr } from './expression.ts';
import type { Query } from './query.ts';
import type { References } from './references.ts';

/** How a relation is read. */
export type AccessPath =
  | { readonly kind: 'sequential' }
  /** The condition can never hold. */
  | { readonly kind: 'nothing' }
  /**
   * By an index: `prefix` equals its first columns; the next column is one of `list`, or lies between `low` and
   * `high`. All of it absent: the whole table in the order of the index.
   */
  | {
      readonly kind: 'key';
      readonly index: IndexDef;
      readonly prefix: readonly Expr[];
      readonly list: readonly Expr[] | null;
      readonly low: PathBound | null;
      readonly high: PathBound | null;
      readonly descending: boolean;
    };

export interface PathBound {
  readonly expr: Expr;
  readonly inclusive: boolean;
}

export interface ScanPlan {
  readonly kind: 'scan';
  readonly table: TableDef;
  /** What the statement calls it. */
  readonly alias: string;
  readonly path: AccessPath;
  /** What the path does not already ensure. */
  readonly filter: Expr | null;
  /** Rows with their place (tid) behind the table's columns, for who writes them. */
  readonly hasTid: boolean;
  /** Columns that the statement uses; absent: all. */
  readonly wanted?: NonNullable<Wanted>;
}

/** What planning asks of the statement's analysis. */
export interface PlanContext {
  /** The number of the next outer value. */
  outers: number;
  readonly rowsOf: (table: TableDef) => number;
  /** Queries within expressions, by the slot of the expression. */
  readonly queries: ReadonlyMap<number, Query>;
}

/** A WITH query. */
export interface CtePlan {
  /** Its state's number in the statement. */
  readonly id: number;
  readonly name: string;
  readonly columns: readonly string[];
  readonly input: RowsPlan;
  /** What each round makes of the rows of the one before; null when it is not recursive. */
  readonly step: RowsPlan | null;
  /** UNION ALL: rows that were there already stay. */
  readonly all: boolean;
  /** Outer values that it needs. */
  readonly inherits: readonly number[];
}

/** Each operator's file declares its plan and its state (operator.ts). */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declarations of its own
export interface Operators {}

export type Kind = keyof Operators;
export type PlanOf<K extends Kind> = { [P in K]: { readonly kind: P } & Operators[P]['plan'] }[K];
/** Of an operator of a running statement. */
export type StateOf<K extends Kind> = {
  [P in K]: { readonly kind: P; readonly plan: PlanOf<P> } & Operators[P]['state'];
}[K];

/** A source of rows. */
export type RowsPlan = PlanOf<Kind>;
export type OperatorState = StateOf<Kind>;

export interface SelectPlan {
  readonly kind: 'select';
  readonly input: RowsPlan;
  /** Rows may be wider: what follows served ORDER BY. */
  readonly columns: readonly Column[];
}

/** RETURNING: over the row that was written or deleted. */
export interface Returning {
  readonly exprs: readonly Expr[];
  readonly columns: readonly Column[];
}

export interface InsertPlan {
  readonly kind: 'insert';
  readonly returning: Returning | null;
  readonly table: TableDef;
  /** Rows in the table's layout. */
  readonly input: RowsPlan;
  /** All rows are made before the first is written, because the input reads a table. */
  readonly collect: boolean;
  readonly onConflict: OnConflict | null;
  readonly references: References | null;
  /** Of the table, in the order in which they are judged. */
  readonly checks: readonly Check[];
}

export interface ModifyPlan {
  readonly returning: Returning | null;
  readonly table: TableDef;
  /** The table's rows; beside other relations each with its tid and the columns that it meets there. */
  readonly input: RowsPlan;
  /** The whole condition, for a row that another transaction has changed meanwhile. */
  readonly where: Expr | null;
  readonly references: References | null;
}

/** Rows of the data that came with the statement, in the table's layout. */
export interface CopyFromPlan {
  readonly kind: 'copyFrom';
  readonly table: TableDef;
  readonly source: CopySource;
  /** Over a row of the data: that of the table. */
  readonly exprs: readonly Expr[];
  readonly where: Expr | null;
  /** A default is another each time: each row is written before the next is read. */
  readonly isOneByOne: boolean;
  readonly checks: readonly Check[];
  readonly references: References | null;
}

/** The rows of a statement as lines of data. */
export interface CopyToPlan {
  readonly kind: 'copyTo';
  readonly statement: SelectPlan | InsertPlan | UpdatePlan | DeletePlan;
  readonly format: CopyFormat;
  /** Columns that are quoted anyhow. */
  readonly forced: readonly boolean[];
  /** For the header. */
  readonly names: readonly string[];
  /** Of the result: one, a line each. */
  readonly columns: readonly Column[];
}

export interface UpdatePlan extends ModifyPlan {
  readonly kind: 'update';
  readonly assignments: readonly Assignment[];
  /** New rows are made before the first is written, because subqueries could meet what is written. */
  readonly collectsNew: boolean;
  /** Of the table, in the order in which they are judged. */
  readonly checks: readonly Check[];
}

export interface DeletePlan extends ModifyPlan {
  readonly kind: 'delete';
}

export interface CreateTablePlan extends CreateTable {
  readonly kind: 'createTable';
  /** Of a query, whose rows it gets; null: WITH NO DATA. */
  readonly as?: { readonly command: 'CREATE TABLE AS' | 'SELECT INTO'; readonly input: RowsPlan | null };
}

export interface CreateIndexPlan extends CreateIndex {
  readonly kind: 'createIndex';
}

export interface CreateSchemaPlan extends CreateSchema {
  readonly kind: 'createSchema';
}

export interface CreateTypePlan extends CreateType {
  readonly kind: 'createType';
}

export interface DropNames {
  readonly names: readonly string[];
  readonly ifExists: boolean;
  /** With the views that read them. */
  readonly cascade: boolean;
  /** Of one index: in several transactions, while the table is read and written. */
  readonly concurrently?: true;
}

export type DropKind = 'dropTable' | 'dropView' | 'dropIndex' | 'dropSequence' | 'dropSchema' | 'dropType';

export interface DropPlan extends DropNames {
  readonly kind: DropKind;
}

/** EXPLAIN ANALYZE of a statement, whose nodes are measured. */
export interface ExplainPlan {
  readonly kind: 'explain';
  readonly statement: SelectPlan | InsertPlan | UpdatePlan | DeletePlan;
  readonly nodes: number;
  readonly columns: readonly Column[];
}

export interface CreateViewPlan extends CreateView {
  readonly kind: 'createView';
}

export interface CreateSequencePlan extends CreateSequence {
  readonly kind: 'createSequence';
}

export interface AlterSequencePlan extends AlterSequence {
  readonly kind: 'alterSequence';
}

/** RENAME too. */
export interface AlterTablePlan extends AlterTable {
  readonly kind: 'alterTable';
}

export interface TruncatePlan {
  readonly kind: 'truncate';
  readonly names: readonly string[];
  /** RESTART IDENTITY. */
  readonly restarts: boolean;
}

export type PlanShape =
  | SelectPlan
  | InsertPlan
  | UpdatePlan
  | DeletePlan
  | CreateTablePlan
  | CreateIndexPlan
  | CreateSchemaPlan
  | CreateTypePlan
  | CreateViewPlan
  | CreateSequencePlan
  | AlterSequencePlan
  | DropPlan
  | ExplainPlan
  | CopyFromPlan
  | CopyToPlan
  | AlterTablePlan
  | TruncatePlan;

/** A plan with the types of its parameters (null where a number is not used). */
export type Plan = PlanShape & {
  readonly paramTypes: readonly (ColumnType | null)[];
  /** Outer values that its parts hand to each other. */
  readonly outers: number;
  /** Statements in WITH that write, in their order; absent: none. */
  readonly parts?: readonly WritingPart[];
};

/** A statement in WITH that writes: what RETURNING gives are the rows of that WITH query. */
export interface WritingPart {
  /** Of the WITH query. */
  readonly id: number;
  readonly plan: InsertPlan | UpdatePlan | DeletePlan;
}
