// The end of a transaction by COMMIT, or by the end of a request that made its own: one that wrote waits for its commit record to
// be durable, any other ends at once. A serializable one may be refused here.

import { SqlFailure } from '../sql/failure.ts';
import { appendCommit } from './commit.ts';
import type { Env, Running, Session, SessionTx } from './engine-state.ts';
import { releaseRelations } from './relation-locks.ts';
import { endWithTag, withdrawUncommitted } from './request-steps.ts';
import { endSerial, prepareSerial } from './serializable.ts';
import { errorResult, finishRequest } from './sessions.ts';
import { abortTx, requireXid } from './transactions.ts';

export function commit(env: Env, session: Session, running: Running, tag: string | null): void {
  const { tx } = session;
  if (tx?.twoPhase) requireXid(env, session, tx);
  if (tx && !mayCommit(env, session, running, tx)) return;
  if (tx && tx.xid !== 0) {
    appendCommit(env, session, running, tx);
    running.task = { kind: 'committed', tag };
    return;
  }
  if (tx) endSerial(env, tx, true);
  if (tx?.settings) session.settings = tx.settings.session;
  session.tx = null;
  env.horizon = -1;
  session.block = 'none';
  releaseRelations(env, session);
  endCommit(env, session, running, tag);
}

/** False: a serializable transaction may not commit (40001), and is over. */
function mayCommit(env: Env, session: Session, running: Running, tx: SessionTx): boolean {
  try {
    prepareSerial(env, tx);
    return true;
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    withdrawUncommitted(running);
    running.results.push(errorResult(error.sqlstate, error.message));
    abortTx(env, session, error.sqlstate);
    session.block = 'none';
    finishRequest(env, session);
    return false;
  }
}

export function endCommit(env: Env, session: Session, running: Running, tag: string | null): void {
  if (tag === null) finishRequest(env, session);
  else endWithTag(env, running, tag);
}
