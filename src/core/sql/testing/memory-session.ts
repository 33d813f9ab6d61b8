// One client's session over a memory database: transactions by saving and restoring, statements by the real front end.

import { Blocked } from '../../engine/ports.ts';
import type { StatementResult, StatementTree } from '../../kernel/client-calls.ts';
import type { Access } from '../access.ts';
import { aloneOf } from '../analyse.ts';
import { runExecution, startExecution } from '../execute.ts';
import { analyseKept } from '../kept-analyses.ts';
import type { PlanNode } from '../statement.ts';
import {
  type MemoryDatabase,
  memoryAccess,
  memoryCatalog,
  restoreDatabase,
  saveDatabase,
} from './memory-database.ts';

export interface MemorySession {
  readonly db: MemoryDatabase;
  /** What BEGIN found; null outside a transaction block. */
  saved: MemoryDatabase | null;
  /** What each SAVEPOINT found, the innermost last. */
  savepoints: { readonly name: string; readonly saved: MemoryDatabase }[];
  failed: boolean;
  /** Rows per step. */
  budget: number;
  /** Rows that an operator may hold. */
  heldRows: number;
  /** Stands in for `memoryAccess`, to make trouble. */
  readonly wrap: (access: Access) => Access;
}

export function makeMemorySession(
  db: MemoryDatabase,
  wrap: (access: Access) => Access = (access) => access,
): MemorySession {
  return { db, saved: null, savepoints: [], failed: false, budget: 1000, heldRows: 100_000, wrap };
}

/** Steps after which a statement is taken to hang. */
const STEPS_MAX = 1_000_000;

/** Runs one statement as the node's session would. */
export function runStatement(
  session: MemorySession,
  statement: StatementTree,
  params: readonly (string | null)[] = [],
): StatementResult {
  const { db } = session;
  const result = analyseKept(statement.text, statement.tree, params, memoryCatalog(db));
  const isHeard = result.ok
    ? ['commit', 'rollback', 'rollbackTo'].includes(result.analysed.kind)
    : result.isSyntax;
  if (session.failed && !isHeard) {
    const message = 'current transaction is aborted, commands ignored until end of transaction block';
    return { kind: 'error', sqlstate: '25P02', message, position: null };
  }
  const alone = session.saved === null ? null : aloneOf(result);
  if (alone !== null) {
    session.failed = true;
    const message = `${alone} cannot run inside a transaction block`;
    return { kind: 'error', sqlstate: '25001', message, position: null };
  }
  if (!result.ok) {
    session.failed = session.saved !== null;
    return { kind: 'error', ...result.error };
  }
  const { analysed } = result;
  switch (analysed.kind) {
    case 'begin':
      session.saved ??= saveDatabase(db);
      return { kind: 'done', tag: analysed.tag };
    case 'commit':
    case 'rollback':
      return endTransaction(session, analysed.kind === 'commit');
    case 'set':
      return { kind: 'done', tag: analysed.tag };
    case 'setTransaction':
      return { kind: 'done', tag: 'SET' };
    case 'resetAll':
    case 'show':
      return { kind: 'done', tag: 'RESET' };
    case 'savepoint':
    case 'release':
    case 'rollbackTo':
      return runSavepoint(session, analysed.kind, analysed.name);
    case 'lockTable':
      if (session.saved === null) {
        const message = 'LOCK TABLE can only be used in transaction blocks';
        return { kind: 'error', sqlstate: '25P01', message, position: null };
      }
      return { kind: 'done', tag: 'LOCK TABLE' };
    case 'prepare':
    case 'endPrepared':
      return {
        kind: 'error',
        sqlstate: '0A000',
        message: 'prepared transactions need a log',
        position: null,
      };
    case 'advisory':
      return { kind: 'error', sqlstate: '0A000', message: 'advisory locks need sessions', position: null };
    case 'nothing':
      return { kind: 'done', tag: analysed.tag };
    case 'vacuum':
      return { kind: 'done', tag: 'VACUUM' };
    case 'plan':
      return runPlan(session, analysed.plan, params);
  }
}

function endTransaction(session: MemorySession, commit: boolean): StatementResult {
  const kept = commit && !session.failed;
  if (!kept && session.saved !== null) restoreDatabase(session.db, session.saved);
  session.saved = null;
  session.savepoints = [];
  session.failed = false;
  return { kind: 'done', tag: kept ? 'COMMIT' : 'ROLLBACK' };
}

function runSavepoint(
  session: MemorySession,
  kind: 'savepoint' | 'release' | 'rollbackTo',
  name: string,
): StatementResult {
  const { db, savepoints } = session;
  const words = { savepoint: 'SAVEPOINT', release: 'RELEASE SAVEPOINT', rollbackTo: 'ROLLBACK TO SAVEPOINT' }[
    kind
  ];
  const refuse = (sqlstate: string, message: string): StatementResult => {
    session.failed = session.saved !== null;
    return { kind: 'error', sqlstate, message, position: null };
  };
  if (session.saved === null) return refuse('25P01', `${words} can only be used in transaction blocks`);
  if (kind === 'savepoint') {
    savepoints.push({ name, saved: saveDatabase(db) });
    return { kind: 'done', tag: 'SAVEPOINT' };
  }
  const at = savepoints.findLastIndex((one) => one.name === name);
  const found = savepoints[at];
  if (found === undefined) return refuse('3B001', `savepoint "${name}" does not exist`);
  savepoints.length = kind === 'release' ? at : at + 1;
  if (kind === 'release') return { kind: 'done', tag: 'RELEASE' };
  restoreDatabase(db, found.saved);
  session.failed = false;
  return { kind: 'done', tag: 'ROLLBACK' };
}

function runPlan(
  session: MemorySession,
  plan: PlanNode,
  params: readonly (string | null)[],
): StatementResult {
  const { db } = session;
  const before = saveDatabase(db);
  let execution = startExecution(plan, params);
  const access = session.wrap(memoryAccess(db));
  for (let i = 0; i < STEPS_MAX; i++) {
    try {
      const { execution: next, step } = runExecution(execution, access, {
        executionSteps: session.budget,
        heldRows: session.heldRows,
      });
      execution = next;
      if (step.kind === 'done') return step.result;
      if (step.kind === 'failed') {
        restoreDatabase(db, before);
        session.failed = session.saved !== null;
        return { kind: 'error', ...step.error };
      }
    } catch (error) {
      if (!(error instanceof Blocked)) throw error;
    }
  }
  throw new Error('the statement does not end');
}
