// Statements that steer a session and its transaction, and are answered without an execution: BEGIN, ROLLBACK, savepoints, SET
// and SHOW, LOCK TABLE. Commit is in statements.ts, because it waits.

import { fail, SqlFailure } from '../sql/failure.ts';
import type { Analysed, Isolation } from '../sql/statement.ts';
import { findTable } from './catalog.ts';
import type { Env, Running, Session } from './engine-state.ts';
import { ALONE, lockRelation, shareRelation, tryLockRelation } from './relation-locks.ts';
import { endStatement, endWithTag, failStatement, lockTimeout } from './request-steps.ts';
import { defineSavepoint, releaseSavepoint } from './savepoints.ts';
import { checkServes, runSetting, setTransaction, settingsOf } from './session-settings.ts';
import { abortTx, makeTx, undoLevel } from './transactions.ts';

export function begin(
  env: Env,
  session: Session,
  running: Running,
  { tag, isolation, isReadOnly, isDeferrable }: Extract<Analysed, { kind: 'begin' }>,
): void {
  const settings = settingsOf(session);
  const { tx } = session;
  const wanted = isolation ?? tx?.isolation ?? settings.isolation;
  if (tx && tx.isolation !== wanted && tx.hasQueried) {
    const message = 'transaction isolation level must be set before any query';
    failStatement(env, session, running, { sqlstate: '25001', message, position: null });
    return;
  }
  if (isolation !== null && !serves(env, session, running, isolation)) return;
  if (tx) tx.isolation = wanted;
  session.tx ??= makeTx(env, { isolation: wanted, isReadOnly: settings.isReadOnly });
  if (isReadOnly !== null) session.tx.isReadOnly = isReadOnly;
  if (isDeferrable !== null) session.tx.isDeferrable = isDeferrable;
  session.block = 'explicit';
  endWithTag(env, running, tag);
}

/** False, and the statement has failed, where this node has no such isolation. */
export function serves(env: Env, session: Session, running: Running, isolation: Isolation): boolean {
  try {
    checkServes(env, isolation);
    return true;
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    const { sqlstate, message } = error;
    failStatement(env, session, running, { sqlstate, message, position: null });
    return false;
  }
}

export function rollback(env: Env, session: Session, running: Running): void {
  abortTx(env, session, '00000');
  session.block = 'none';
  endWithTag(env, running, 'ROLLBACK');
}

const SAVEPOINT_WORDS = {
  savepoint: 'SAVEPOINT',
  release: 'RELEASE SAVEPOINT',
  rollbackTo: 'ROLLBACK TO SAVEPOINT',
} as const;

export function runSavepoint(
  env: Env,
  session: Session,
  running: Running,
  kind: keyof typeof SAVEPOINT_WORDS,
  name: string,
): void {
  const { tx } = session;
  const isFailed = session.block === 'failed';
  if (session.block !== 'explicit' && !isFailed) {
    const message = `${SAVEPOINT_WORDS[kind]} can only be used in transaction blocks`;
    failStatement(env, session, running, { sqlstate: '25P01', message, position: null });
    return;
  }
  try {
    if (!tx) fail('3B001', `savepoint "${name}" does not exist`);
    else if (kind === 'savepoint') defineSavepoint(env, session, tx, name);
    else if (kind === 'release') releaseSavepoint(env, tx, name);
    else undoLevel(env, session, tx, name, '00000');
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    const { sqlstate, message } = error;
    failStatement(env, session, running, { sqlstate, message, position: null });
    return;
  }
  session.block = 'explicit';
  endWithTag(env, running, kind === 'savepoint' ? 'SAVEPOINT' : kind === 'release' ? 'RELEASE' : 'ROLLBACK');
}

/** SET, RESET, SHOW and SET TRANSACTION. */
export function runParameters(
  env: Env,
  session: Session,
  running: Running,
  analysed: Extract<Analysed, { kind: 'set' | 'resetAll' | 'show' | 'setTransaction' }>,
): void {
  try {
    if (analysed.kind === 'setTransaction') {
      setTransaction(env, session, analysed);
      endWithTag(env, running, 'SET');
      return;
    }
    const shown = runSetting(env, session, analysed);
    if ('tag' in shown) {
      endWithTag(env, running, shown.tag);
      return;
    }
    const columns = [{ name: shown.name, type: 'text' }];
    endStatement(env, running);
    running.results.push({ kind: 'rows', tag: 'SHOW', columns, rows: [[shown.value]], origin: null });
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    const { sqlstate, message } = error;
    failStatement(env, session, running, { sqlstate, message, position: null });
  }
}

/** LOCK TABLE, which takes no snapshot: what the transaction reads comes after it. */
export function lockTables(
  env: Env,
  session: Session,
  running: Running,
  { names, mode, noWait }: Extract<Analysed, { kind: 'lockTable' }>,
): void {
  if (!requireBlock(env, session, running, 'LOCK TABLE')) return;
  session.tx ??= makeTx(env, settingsOf(session));
  const { tx } = session;
  for (const name of names) {
    const table = findTable(env, session, name);
    if (!table) continue;
    for (const relation of [table.relation, ...(table.view?.reads ?? [])]) {
      if (!noWait && !lockRelation(env, session, tx, relation, mode)) return;
      if (noWait && !tryLockRelation(env, session, tx, relation, mode)) {
        const message = `could not obtain lock on relation "${name}"`;
        failStatement(env, session, running, { sqlstate: '55P03', message, position: null });
        return;
      }
      const shared = mode === ALONE ? shareRelation(env, session, relation) : 'granted';
      if (shared === 'timeout') failStatement(env, session, running, lockTimeout(name));
      if (shared !== 'granted') return;
    }
  }
  if (session.block === 'none') session.block = 'implicit';
  endWithTag(env, running, 'LOCK TABLE');
}

/** False, and the statement has failed (25P01), when it stands alone: its effect would end with it. */
function requireBlock(env: Env, session: Session, running: Running, statement: string): boolean {
  if (session.block !== 'none' || running.statements.length > 1) return true;
  const message = `${statement} can only be used in transaction blocks`;
  failStatement(env, session, running, { sqlstate: '25P01', message, position: null });
  return false;
}
