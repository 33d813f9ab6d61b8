// State of a running statement: plain data that changes in place. Each operator changes only after its input's call
// has returned, so a `Blocked` from below leaves everything as it was, and the call is simply made again.

import type { FoundRow, KeyBound, Row, ScanPosition, TableDef, Tid, Value } from './access.ts';
import type { DropKind } from './analyse-ddl.ts';
import type { ReferenceWork } from './execute-references.ts';
import type { Expr } from './expression.ts';
import type { Measured } from './measure.ts';
import type { CopyReader } from './operator-copy.ts';
import type {
  HashJoinPlan,
  InsertPlan,
  LockRowsPlan,
  LoopJoinPlan,
  MergeJoinPlan,
  ModifyPlan,
  PlanShape,
  RowsPlan,
  ScanPlan,
  SelectPlan,
  TruncatePlan,
  WindowPlan,
} from './plan-types.ts';
import type { SqlError } from './statement.ts';

type PlanOf<Kind extends RowsPlan['kind']> = Extract<RowsPlan, { kind: Kind }>;

export interface KeyRange {
  readonly low: KeyBound | null;
  readonly high: KeyBound | null;
}

export interface ScanOperator {
  readonly kind: 'scan';
  readonly plan: ScanPlan;
  /** Key ranges still to read, in order; null for a sequential scan, or before the first call. */
  ranges: readonly KeyRange[] | null;
  rangeAt: number;
  /** Null before the current range is opened. */
  position: ScanPosition | null;
  /** Read together; those from `at` on are still to be judged by the filter and passed on. */
  rows: readonly FoundRow[];
  at: number;
  /** The row at `at` is counted in the step's budget. */
  isSpent: boolean;
  done: boolean;
}

/** What an aggregate has seen so far. */
export interface Accumulator {
  count: number;
  value: Value;
  readonly seen: Set<string> | null;
}

export interface Group {
  readonly keys: Row;
  readonly accumulators: readonly Accumulator[];
}

/** A row on its way through a sort, with where it came from. */
export interface SortedRow {
  readonly row: Row;
  readonly tid: Tid;
}

export interface HashJoinOperator {
  readonly kind: 'hashJoin';
  readonly plan: HashJoinPlan;
  readonly left: Operator;
  readonly right: Operator;
  /** Right rows in order. Those of one key are a chain: `table` has the key's first, `next` the one after (−1: none). */
  readonly rows: Row[];
  readonly table: Map<string | number, number>;
  readonly next: number[];
  /** At the place of a chain's first row: its last one. */
  readonly last: number[];
  /** Full join: which right rows have a partner. */
  readonly met: boolean[];
  isBuilt: boolean;
  /** The left row at hand and the next right row to hold against it: null before its keys are known, −1 after the last. */
  leftRow: Row | null;
  /** Where it lies. */
  leftTid: Tid;
  partner: number | null;
  isMet: boolean;
  /** Of right rows without a partner: how many were looked for. */
  at: number;
  /** Full join: the left side is through, right rows without a partner follow. */
  isLeftDone: boolean;
}

export interface MergeJoinOperator {
  readonly kind: 'mergeJoin';
  readonly plan: MergeJoinPlan;
  readonly left: Operator;
  readonly right: Operator;
  leftRow: Row | null;
  /** The first right row that is above the group. */
  rightRow: Row | null;
  isRightDone: boolean;
  /** The key of the left row at hand, the right rows that have it, and whether these are all. */
  key: Value | null;
  group: Row[];
  isGroupWhole: boolean;
  /** Rows of the group that the left row has been held against. */
  at: number;
}

export interface LoopJoinOperator {
  readonly kind: 'loopJoin';
  readonly plan: LoopJoinPlan;
  readonly left: Operator;
  leftRow: Row | null;
  /** The right side for this left row, and the outer values that it was begun with. */
  right: Operator | null;
  outer: Row;
  rightRow: Row | null;
  isMet: boolean;
}

export interface MeasuredOperator {
  readonly kind: 'measured';
  readonly plan: PlanOf<'measured'>;
  readonly input: Operator;
  isBegun: boolean;
  /** When the row that is being waited for was first asked for. */
  enteredAt: number | null;
}

/** What a call of a window function keeps from row to row of a partition. */
export interface CallState {
  /** An aggregate over the rows `from` to `to`, and its value. */
  group: Group | null;
  from: number;
  to: number;
  value: Value;
  /** The bucket at hand, its rows so far, its size, and up to which bucket they have a row more. */
  ntile: { bucket: number; filled: number; size: number; rest: number } | null;
}

export interface WindowPartition {
  /** Where it begins in all rows. */
  readonly first: number;
  readonly rows: readonly Row[];
  /** Where groups of peers begin, and the end. */
  readonly groups: readonly number[];
  /** That of the row at hand. */
  group: number;
  /** RANGE with an offset: the ends of the last frame. */
  head: number;
  tail: number;
  readonly calls: readonly CallState[];
}

export interface WindowOperator {
  readonly kind: 'window';
  readonly plan: WindowPlan;
  readonly input: Operator;
  readonly rows: Row[];
  isSorted: boolean;
  /** Of the frame's ends; null before the first call. */
  offsets: { readonly start: Value; readonly end: Value } | null;
  partition: WindowPartition | null;
  at: number;
}

/** A subquery of an expression, for the outer values `key`. */
export interface SubqueryState {
  readonly key: Row;
  operator: Operator | null;
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
  operator: Operator | null;
  readonly rows: Row[];
  /** Recursive: where in `rows` the last round's begin and end. */
  roundFrom: number;
  roundEnd: number;
  /** UNION: rows that were there already. */
  readonly seen: Set<string> | null;
}

export interface LockRowsOperator {
  readonly kind: 'lockRows';
  readonly plan: LockRowsPlan;
  readonly input: Operator;
  /** The row at hand: its outputs, and the row of the FROM clause with the newest versions met so far. */
  pending: { readonly outputs: Row; from: Row; isNewer: boolean } | null;
  /** Tables whose row is locked. */
  locked: number;
}

export type Operator =
  | { readonly kind: 'cteScan'; readonly plan: PlanOf<'cteScan'>; at: number }
  | { readonly kind: 'workTable'; readonly plan: PlanOf<'workTable'>; at: number }
  | {
      readonly kind: 'distinctOn';
      readonly plan: PlanOf<'distinctOn'>;
      readonly input: Operator;
      readonly seen: Set<string>;
    }
  | ScanOperator
  | MeasuredOperator
  | WindowOperator
  | HashJoinOperator
  | MergeJoinOperator
  | LoopJoinOperator
  | { readonly kind: 'append'; readonly inputs: readonly Operator[]; at: number }
  | {
      readonly kind: 'setOperation';
      readonly plan: PlanOf<'setOperation'>;
      readonly left: Operator;
      readonly right: Operator;
      /** How often each right row is still to be counted; null while reading. */
      readonly counts: Map<string, number>;
      isCounted: boolean;
    }
  /** `drawn`: from sequences, for the row at hand. */
  | { readonly kind: 'rows'; readonly plan: PlanOf<'rows'>; at: number; readonly drawn: Value[] }
  /** `pending`: pulled from below, and not yet judged or computed. */
  | { readonly kind: 'filter'; readonly input: Operator; readonly condition: Expr; pending: SortedRow | null }
  | {
      readonly kind: 'project';
      readonly input: Operator;
      readonly exprs: readonly Expr[];
      readonly mayWait: boolean;
      pending: SortedRow | null;
      /** From sequences, for the row at hand. */
      readonly drawn: Value[];
    }
  | {
      readonly kind: 'aggregate';
      readonly plan: PlanOf<'aggregate'>;
      readonly input: Operator;
      readonly groups: Map<string | number, Group>;
      /** Values that DISTINCT aggregates remember. */
      distinctValues: number;
      /** Null while reading. */
      results: readonly Group[] | null;
      at: number;
    }
  | { readonly kind: 'distinct'; readonly input: Operator; readonly seen: Set<string> }
  | {
      readonly kind: 'sort';
      readonly plan: PlanOf<'sort'>;
      readonly input: Operator;
      readonly rows: SortedRow[];
      sorted: boolean;
      at: number;
    }
  | LockRowsOperator
  | {
      readonly kind: 'limit';
      readonly plan: PlanOf<'limit'>;
      readonly input: Operator;
      /** Null before the first call; `left` Infinity without a limit. */
      window: { skip: number; left: number } | null;
    };

/** Rows of a result in text form. */
export interface Shown {
  readonly rows: (readonly (string | null)[])[];
  characters: number;
}

/** An index that is being made. Once it is in the catalog: its name, and from where on rows are still to be entered. */
export interface IndexBuild {
  name: string | null;
  from: ScanPosition | null;
}

export type Progress =
  | {
      readonly kind: 'select';
      readonly plan: SelectPlan;
      readonly input: Operator;
      readonly shown: Shown;
      /** Place of each row. */
      readonly tids: Tid[];
    }
  | {
      readonly kind: 'insert';
      readonly plan: InsertPlan;
      readonly returned: Shown;
      readonly input: Operator;
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
      readonly input: Operator;
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
      /** Relation ids of its columns' sequences, as far as they are made. */
      readonly sequences: number[];
      /** The one that is made and not yet among them. */
      sequence: string | null;
      isMade: boolean;
      /** Indexes that are made. */
      at: number;
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
      /** Indexes that are made, and the one that is being made. */
      at: number;
      build: IndexBuild;
      readonly work: ReferenceWork;
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

export interface RunningStatement {
  readonly kind: 'execution';
  readonly params: Row;
  readonly progress: Progress;
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
