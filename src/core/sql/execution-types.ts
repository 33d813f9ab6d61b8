// State of a running statement: plain data that changes in place.

import type { StatementResult } from '../kernel/client-calls.ts';
import type { FoundRow, Row, ScanPosition, TableDef, Tid, Value } from './access.ts';
import type { CopyReader } from './copy-source.ts';
import type { ReferenceWork } from './execute-references.ts';
import type { SqlError } from './failure.ts';
import type { Measured } from './measure.ts';
import type {
  DropKind,
  InsertPlan,
  ModifyPlan,
  OperatorState,
  PlanShape,
  SelectPlan,
  TruncatePlan,
} from './plan-types.ts';

/** A subquery of an expression, for the outer values `key`. */
export interface SubqueryState {
  readonly key: Row;
  operator: OperatorState | null;
  /** Rows of its one column: of IN, ANY and ALL all, else none or one. */
  readonly values: Value[];
  isDone: boolean;
  /** The values by their keys, where equality decides. */
  members: Set<string> | null;
  hasNull: boolean;
}

/** A WITH query, for the outer values `key`: the rows that it has given so far, which all who read it share. */
export interface CteState {
  readonly key: Row;
  /** Null at the end. */
  operator: OperatorState | null;
  readonly rows: Row[];
  /** Recursive: where in `rows` the last round's begin and end. */
  roundFrom: number;
  roundEnd: number;
  /** UNION: rows that were there already. */
  readonly seen: Set<string> | null;
}

/** Rows of a result in text form. */
export interface Shown {
  readonly rows: (readonly (string | null)[])[];
  characters: number;
  /** Of a statement in WITH: the rows as values, for who reads them there; absent: they are shown. */
  readonly kept?: Row[];
}

/** An index that is being made. Once it is in the catalog: its name, and from where on rows are still to be entered. */
export interface IndexBuild {
  name: string | null;
  from: ScanPosition | null;
}

/** Sequences that are made for columns of a table. */
export interface ColumnSequences {
  /** Their relation ids, as far as they are made. */
  readonly relations: number[];
  /** The one that is made and not yet among them. */
  name: string | null;
}

export type Progress =
  | {
      readonly kind: 'select';
      readonly plan: SelectPlan;
      readonly input: OperatorState;
      readonly shown: Shown;
      /** Place of each row. */
      readonly tids: Tid[];
    }
  | {
      readonly kind: 'insert';
      readonly plan: InsertPlan;
      readonly returned: Shown;
      readonly input: OperatorState;
      /** Rows made and not yet written, from `at` on. */
      readonly rows: Row[];
      at: number;
      collected: boolean;
      written: number;
      readonly work: ReferenceWork;
      /** ON CONFLICT DO UPDATE: keys of the rows that the statement has written. */
      readonly touched: Set<string>;
    }
  | {
      readonly kind: 'copyFrom';
      readonly plan: Extract<PlanShape, { kind: 'copyFrom' }>;
      readonly reader: CopyReader;
      /** Of the data, not yet a row of the table; and what was drawn from sequences for it. */
      pending: Row | null;
      readonly drawn: Value[];
      /** Rows read and not yet written, from `at` on, with their lines; `isFull`: no more are read before they are. */
      readonly rows: Row[];
      readonly lines: number[];
      at: number;
      characters: number;
      isFull: boolean;
      /** The data is at its end. */
      isRead: boolean;
      written: number;
      readonly work: ReferenceWork;
    }
  | {
      readonly kind: 'copyTo';
      readonly plan: Extract<PlanShape, { kind: 'copyTo' }>;
      readonly inner: Progress;
    }
  | {
      readonly kind: 'modify';
      readonly plan: Extract<PlanShape, ModifyPlan>;
      readonly returned: Shown;
      readonly input: OperatorState;
      /** Rows found and not yet written, from `at` on; all are found before the first is written. */
      readonly rows: FoundRow[];
      /** Beside other relations a row may be found several times: places of those that are written. */
      readonly touched: Set<Tid>;
      /** What they become, where that is computed before the first is written. */
      readonly newRows: Row[];
      /** From sequences, for the row at hand. */
      readonly drawn: Value[];
      at: number;
      collected: boolean;
      written: number;
      readonly work: ReferenceWork;
    }
  | {
      readonly kind: 'createTable';
      readonly plan: Extract<PlanShape, { kind: 'createTable' }>;
      readonly made: ColumnSequences;
      isMade: boolean;
      /** Indexes that are made. */
      at: number;
      /** Of a table made of a query: its rows, the one that is to be written next, and how many have been. */
      readonly input: OperatorState | null;
      pending: Row | null;
      written: number;
    }
  | ({
      readonly kind: 'createIndex';
      readonly plan: Extract<PlanShape, { kind: 'createIndex' }>;
    } & IndexBuild)
  | {
      readonly kind: 'alterTable';
      readonly plan: Extract<PlanShape, { kind: 'alterTable' }>;
      isMade: boolean;
      /** Where the look at the rows has come to. */
      position: ScanPosition | null;
      isVerified: boolean;
      /** Sequences that are altered. */
      sequences: number;
      readonly made: ColumnSequences;
      /** Indexes that are made, and the one that is being made. */
      at: number;
      build: IndexBuild;
      readonly work: ReferenceWork;
      /** Rows that are written anew: new pages that are there, tables that still refer to the old ones; and whether all are written. */
      parts: number;
      children: string[] | null;
      isRewritten: boolean;
    }
  | {
      readonly kind: 'explain';
      readonly plan: Extract<PlanShape, { kind: 'explain' }>;
      readonly inner: Progress;
      startedAt: number | null;
    }
  | {
      readonly kind: 'createSequence';
      readonly plan: Extract<PlanShape, { kind: 'createSequence' }>;
      isMade: boolean;
    }
  | {
      readonly kind: 'alterSequence';
      readonly plan: Extract<PlanShape, { kind: 'alterSequence' }>;
      isMade: boolean;
    }
  | { readonly kind: 'createSchema'; readonly plan: Extract<PlanShape, { kind: 'createSchema' }> }
  | { readonly kind: 'createType'; readonly plan: Extract<PlanShape, { kind: 'createType' }> }
  | { readonly kind: 'createView'; readonly plan: Extract<PlanShape, { kind: 'createView' }> }
  /** `part`: 0 the rows of table `at`, then its indexes. `before`: what it was, and views that are still to be moved. */
  | {
      readonly kind: 'truncate';
      readonly plan: TruncatePlan;
      at: number;
      part: number;
      /** Sequences of table `at` that begin anew. */
      restarted: number;
      before: { readonly relation: number; readonly views: TableDef[]; readonly children: string[] } | null;
    }
  | {
      readonly kind: 'drop';
      readonly plan: Extract<PlanShape, { kind: DropKind }>;
      /** The tables and views, once all names are known; null before, and of indexes. */
      relations: readonly TableDef[] | null;
      /** Tables that lose their foreign keys to them (CASCADE) and still have them. */
      unbound: TableDef[];
      at: number;
    };

export type ProgressOf<Kind extends Progress['kind']> = Extract<Progress, { kind: Kind }>;

/** They run before the statement itself, each to its end; what their foreign keys ask is looked up at the end of all. */
export interface RunningParts {
  readonly all: readonly { readonly id: number; readonly progress: PartProgress }[];
  at: number;
  /** What the statement itself came to. */
  finished: StatementResult | null;
  checked: number;
}

export type PartProgress = ProgressOf<'insert' | 'modify'>;

export interface RunningStatement {
  readonly kind: 'execution';
  readonly params: Row;
  readonly progress: Progress;
  /** Statements in WITH that write; null: none. */
  readonly parts: RunningParts | null;
  /** Of EXPLAIN ANALYZE only. */
  readonly measured: Measured | null;
  /** Outer values, before any is set. */
  readonly outer: Row;
  /** By slot; null before the first. */
  subqueries: Map<number, SubqueryState> | null;
  /** By id; null before the first. */
  ctes: Map<number, CteState> | null;
  /** Set when the parameters could not be read. */
  readonly failure: SqlError | null;
}
