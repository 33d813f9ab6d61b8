// Commit: the client-table entry, then the commit record, a one-record MTR (WAL-5) on the commit-log page. The commit is
// acknowledged when VDL ≥ SCN, in SCN order (WAL-19); until then the transaction counts as in progress for everybody.

import { assert } from '../../base/assert.ts';
import { trace } from '../kernel/context.ts';
import { commitPayload, OP_COMMIT } from '../page/redo-ops.ts';
import { considerVacuum } from './auto-vacuum.ts';
import { forgetCatalog } from './catalog.ts';
import { clientChange, recordClientMade } from './client-table.ts';
import type { CommitWait, Env, Running, Session, SessionTx } from './engine-state.ts';
import { appendChanges, appendDeferred, requirePage, reserveLog } from './pages.ts';
import { releaseRelations } from './relation-locks.ts';
import { releaseRows } from './row-lock-table.ts';
import { commitLogKey, endXid } from './transactions.ts';

/** Appends the commit of a transaction that wrote; the session then waits for VDL. May throw Blocked. */
export function appendCommit(env: Env, session: Session, running: Running, tx: SessionTx): void {
  const { engine } = env;
  const blockKey = commitLogKey(tx.xid, engine.config.pageBytes);
  reserveLog(env, 2);
  const client = clientChange(env, session, tx.xid, running.at);
  requirePage(env, blockKey);
  if (client.init) appendChanges(env, [client], false, tx.xid);
  else appendDeferred(env, client, false, tx.xid);
  recordClientMade(env, session);
  const commit = { blockKey, op: OP_COMMIT, init: false, payload: commitPayload(tx.xid) };
  const scn = appendDeferred(env, commit, true, tx.xid);
  const active = engine.active.get(tx.xid);
  assert(active !== undefined, 'a committing transaction is in progress');
  active.scn = scn;
  running.scn = scn;
  engine.commits.push({ xid: tx.xid, scn, since: env.ctx.now, session: session.key });
  session.waiting = { kind: 'commit', scn, xid: tx.xid };
}

/** WAL-19: acknowledges what VDL has reached. */
export function acknowledgeCommits(env: Env): void {
  const { commits } = env.engine;
  let count = 0;
  while (count < commits.length && (commits[count] as CommitWait).scn <= env.log.durable) {
    acknowledge(env, commits[count] as CommitWait);
    count++;
  }
  if (count > 0) commits.splice(0, count);
}

function acknowledge(env: Env, { xid, scn, session: key }: CommitWait): void {
  const { engine } = env;
  trace(env.ctx, {
    kind: 'commit.ack',
    volume: env.log.volume,
    tx: xid,
    scn,
    vdl: env.log.durable,
    term: env.log.term,
  });
  const session = engine.sessions.get(key);
  assert(session?.tx?.xid === xid, 'a session stays until its commit is through');
  const { tx } = session;
  session.tx = null;
  session.block = 'none';
  if (tx.changedCatalog) forgetCatalog(env);
  releaseRelations(env, session);
  releaseRows(env, tx);
  endXid(env, xid);
  for (const relation of tx.written) considerVacuum(env, relation);
  if (session.waiting?.kind !== 'commit') return;
  session.waiting = null;
  engine.ready.push(key);
}
