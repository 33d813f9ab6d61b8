// How a statement of a request ends: with a result, after which the next one has its turn, or by failing.

import { has } from '../kernel/mutants.ts';
import type { SqlError } from '../sql/failure.ts';
import type { Env, Running, Session } from './engine-state.ts';
import { keepExplained } from './explained.ts';
import { finishRequest } from './sessions.ts';
import { abortTx, undoLevel } from './transactions.ts';

export function endStatement(env: Env, running: Running): void {
  running.at++;
  running.since = env.ctx.now;
  running.task = { kind: 'statement' };
}

export function endWithTag(env: Env, running: Running, tag: string): void {
  endStatement(env, running);
  running.results.push({ kind: 'done', tag });
}

/** The statement fails: the transaction is rolled back at once, the rest of the request is not done. */
export function failStatement(env: Env, session: Session, running: Running, error: SqlError): void {
  keepExplained(env, session, running, error.sqlstate);
  withdrawUncommitted(running);
  running.results.push({ kind: 'error', ...error });
  const isKept = error.sqlstate === '57014' && has(env.mutants, 'engine.timeout-keeps-block');
  if (!isKept) failBlock(env, session, error.sqlstate);
  finishRequest(env, session);
}

/** The last statement of a request that makes its own transaction is done once that is committed: until then it is answered nothing. */
export function withdrawUncommitted({ task, results }: Running): void {
  if (task.kind === 'commit' && task.tag === null) results.pop();
}

/** What its statement has done is undone: to the last savepoint, in a block that has one, or all. */
export function failBlock(env: Env, session: Session, sqlstate: string): void {
  const { tx } = session;
  if (tx && tx.savepoints.length > 0 && session.block !== 'implicit') {
    undoLevel(env, session, tx, null, sqlstate);
    if (tx.isolation === 'read committed') tx.snapshot = null;
  } else abortTx(env, session, sqlstate);
  session.block = session.block === 'explicit' || session.block === 'failed' ? 'failed' : 'none';
}

/** LI-65: LOCK_TIMEOUT. */
export const lockTimeout = (name: string): SqlError => ({
  sqlstate: '55P03',
  message: `canceling statement due to lock timeout: a reader still uses "${name}"`,
  position: null,
});
