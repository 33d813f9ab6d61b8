// What the SQL front end hands to the session: an analysed statement, and an execution that can be resumed.
// Both are plain data. `analyse` takes untrusted bytes; `runExecution` may throw `Blocked` and is then called again.

import type { TxId } from '../../base/ids.ts';
import type { StatementResult } from '../kernel/client-calls.ts';
import type { RowPlace, TableDef } from './access.ts';
import type { RunningStatement } from './execution-types.ts';
import type { SqlError } from './failure.ts';
import type { Plan } from './plan-types.ts';

export type Isolation = 'read committed' | 'repeatable read' | 'serializable';

/**
 * Of a relation, as PostgreSQL numbers them: 1 ACCESS SHARE, 2 ROW SHARE, 3 ROW EXCLUSIVE, 4 SHARE UPDATE EXCLUSIVE, 5 SHARE,
 * 6 SHARE ROW EXCLUSIVE, 7 EXCLUSIVE, 8 ACCESS EXCLUSIVE.
 */
export type LockMode = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Statements that steer the transaction are answered by the session, all others by an execution of their plan. */
export type Analysed =
  /** Null: as the session's parameters say. */
  | {
      readonly kind: 'begin';
      readonly tag: 'BEGIN' | 'START TRANSACTION';
      readonly isolation: Isolation | null;
      readonly isReadOnly: boolean | null;
      readonly isDeferrable: boolean | null;
    }
  | {
      readonly kind: 'setTransaction';
      readonly isolation: Isolation | null;
      readonly isReadOnly: boolean | null;
      readonly isDeferrable: boolean | null;
      /** What later transactions begin with. */
      readonly isSession: boolean;
    }
  /** `values` null: the default. */
  | {
      readonly kind: 'set';
      readonly name: string;
      readonly values: readonly string[] | null;
      readonly isLocal: boolean;
      readonly tag: 'SET' | 'RESET';
    }
  | { readonly kind: 'resetAll' }
  | { readonly kind: 'show'; readonly name: string }
  | { readonly kind: 'commit' }
  | { readonly kind: 'rollback' }
  /** `gid`: the name under which another session ends it. */
  | { readonly kind: 'prepare'; readonly gid: string }
  | { readonly kind: 'endPrepared'; readonly gid: string; readonly isCommit: boolean }
  | { readonly kind: 'savepoint' | 'release' | 'rollbackTo'; readonly name: string }
  /** `plan`: a row of the arguments of all calls, one after the other. */
  | { readonly kind: 'advisory'; readonly plan: PlanNode; readonly calls: readonly AdvisoryCall[] }
  /** Empty: all tables. */
  | { readonly kind: 'vacuum'; readonly tables: readonly string[] }
  /** Taken, and answered by its tag: `alone`: how one is called that runs in no transaction block. */
  | {
      readonly kind: 'nothing';
      readonly tag: 'ANALYZE' | 'CHECKPOINT' | 'REINDEX';
      readonly alone: string | null;
    }
  | {
      readonly kind: 'lockTable';
      readonly names: readonly string[];
      readonly mode: LockMode;
      readonly noWait: boolean;
    }
  | {
      readonly kind: 'plan';
      readonly plan: PlanNode;
      readonly tables: readonly TableDef[];
      readonly writes: boolean;
      /** FOR UPDATE and its kin. */
      readonly locksRows: boolean;
      /** Sequences that it draws from, sets or reads the last value of. */
      readonly sequences: ReadonlySet<number>;
      /** The first function in it that changes where a sequence stands. */
      readonly draws: 'nextval' | 'setval' | null;
      /** Relations that referential actions may write. */
      readonly cascades: ReadonlySet<number>;
      /** Rows of tables, by name, where the plan rests on them. */
      readonly estimates: ReadonlyMap<string, number>;
      /** EXPLAIN without ANALYZE: what it shows and does not run. */
      readonly explains?: PlanNode;
    };

/** pg_advisory_lock or another function of its family. */
export interface AdvisoryCall {
  /** Of its column. */
  readonly name: string;
  /** Of the last lock; `unlockAll` has no arguments. */
  readonly act: 'lock' | 'try' | 'unlock' | 'unlockAll';
  readonly isShared: boolean;
  readonly isOfTransaction: boolean;
  readonly args: number;
}

/** The planner's tree; its fields belong to the SQL front end. */
export type PlanNode = Plan;

/** State of a running statement; its fields belong to the SQL front end. */
export type Execution = RunningStatement;

export type ExecutionStep =
  | { readonly kind: 'done'; readonly result: StatementResult }
  | { readonly kind: 'failed'; readonly error: SqlError }
  | { readonly kind: 'wait'; readonly tx: TxId; readonly row?: RowPlace }
  /** Used up the step budget; call again in a later step so that one statement cannot hold the node. */
  | { readonly kind: 'yield' };
