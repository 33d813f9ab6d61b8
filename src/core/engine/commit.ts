// Commit: the client-table entry, then the commit record, a one-record MTR (WAL-5) on the commit-log page. The commit is
// acknowledged when VDL ≥ SCN, in SCN order (WAL-19); until then the transaction counts as in progress for everybody.

import { assert } from '../../base/assert.ts';
import type { Lsn } from '../../base/ids.ts';
import { trace } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import { type PageKey, VOLUME_KEY } from '../page/page-key.ts';
import { commitPayload, ddlPayload, OP_COMMIT, OP_RELATIONS_GONE } from '../page/redo-ops.ts';
import { considerVacuum } from './auto-vacuum.ts';
import { forgetCatalog } from './catalog.ts';
import { clientChange, recordClientMade } from './client-table.ts';
import type { CommitWait, Env, Running, Session, SessionTx } from './engine-state.ts';
import { appendChanges, appendDeferred, type Change, requirePage, reserveLog } from './pages.ts';
import { settleTwoPhase, twoPhaseChanges } from './prepared.ts';
import { releaseRelations } from './relation-locks.ts';
import { releaseRows } from './row-lock-table.ts';
import { subXids } from './savepoints.ts';
import { endSerial } from './serializable.ts';
import { hasCommitted } from './sessions.ts';
import { commitLogKey, endXid } from './transactions.ts';

/** Appends the commit of a transaction that wrote, by statement `part`; the session then waits for VDL. May throw Blocked. */
export function appendCommit(
  env: Env,
  session: Session,
  running: Running,
  tx: SessionTx,
  part: number = running.at,
): void {
  const { engine } = env;
  const blockKey = commitLogKey(tx.xid, engine.config.pageBytes);
  const subs = subXids(tx);
  const { changes, xids } = twoPhaseChanges(env, tx);
  const others = subs.length + xids.length === 0 ? NO_PAGES : commitPages(env, [...subs, ...xids]);
  const gone = env.log.endLocks === undefined ? [] : (tx.gone ?? []);
  env.roomUse = 'end';
  reserveLog(env, 2 + others.size + changes.length + (gone.length > 0 ? 1 : 0));
  const isMiddle = part < running.statements.length - 1;
  const isUnrecorded = isMiddle && has(env.mutants, 'engine.middle-unrecorded');
  const client = isUnrecorded ? null : clientChange(env, session, tx.xid, part, hasCommitted(running));
  requirePage(env, blockKey);
  for (const page of others.keys()) requirePage(env, page);
  if (gone.length + changes.length > 0) requirePage(env, VOLUME_KEY);
  if (client?.init) appendChanges(env, [client], false, tx.xid);
  else if (client) appendDeferred(env, client, false, tx.xid);
  if (client) recordClientMade(env, session);
  const scn = appendCommitRecord(env, tx, blockKey, others, gone, changes);
  const active = engine.active.get(tx.xid);
  assert(active !== undefined, 'a committing transaction is in progress');
  active.scn = scn;
  running.scn = scn;
  engine.commits.push({ xid: tx.xid, scn, since: env.ctx.now, session: session.key });
  session.waiting = { kind: 'commit', scn, xid: tx.xid };
}

const NO_PAGES: ReadonlyMap<PageKey, readonly number[]> = new Map();

/** xids by the page of the commit log that has their bits. */
function commitPages(env: Env, xids: readonly number[]): ReadonlyMap<PageKey, readonly number[]> {
  const pages = new Map<PageKey, number[]>();
  for (const xid of xids) {
    const page = commitLogKey(xid, env.engine.config.pageBytes);
    const known = pages.get(page);
    if (known) known.push(xid);
    else pages.set(page, [xid]);
  }
  return pages;
}

/** One MTR: the bits of subtransactions on other pages of the commit log, last those of the transaction's own page. */
function appendCommitRecord(
  env: Env,
  { xid }: SessionTx,
  blockKey: PageKey,
  others: ReadonlyMap<PageKey, readonly number[]>,
  gone: readonly number[],
  decided: readonly Change[],
): Lsn {
  const changeOf = (page: PageKey, payload: Uint8Array): Change => ({
    blockKey: page,
    op: OP_COMMIT,
    init: false,
    payload,
  });
  const own = changeOf(blockKey, commitPayload(xid, others.get(blockKey)));
  const elsewhere = [...others]
    .filter(([page]) => page !== blockKey)
    .map(([page, [first = 0, ...rest]]) => changeOf(page, commitPayload(first, rest)));
  elsewhere.push(...decided);
  if (gone.length > 0)
    elsewhere.push({ blockKey: VOLUME_KEY, op: OP_RELATIONS_GONE, init: false, payload: ddlPayload(gone) });
  if (others.size > 0 && has(env.mutants, 'engine.subs-committed-early')) {
    for (const [page, [first = 0, ...rest]] of others)
      appendChanges(env, [changeOf(page, commitPayload(first, rest))], false, xid);
    return appendDeferred(env, changeOf(blockKey, commitPayload(xid)), true, xid);
  }
  if (elsewhere.length === 0) return appendDeferred(env, own, true, xid);
  return appendChanges(env, [...elsewhere, own], true, xid);
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
  if (tx.settings) session.settings = tx.settings.session;
  session.tx = null;
  session.block = 'none';
  if (tx.changedCatalog) forgetCatalog(env);
  settleTwoPhase(env, session, tx, scn);
  releaseRelations(env, session);
  releaseRows(env, tx);
  endSerial(env, tx, true);
  for (const sub of subXids(tx)) endXid(env, sub);
  endXid(env, xid);
  for (const relation of tx.written) considerVacuum(env, relation);
  if (session.waiting?.kind !== 'commit') return;
  session.waiting = null;
  engine.ready.push(key);
}
