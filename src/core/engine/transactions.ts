// Transactions: xids, snapshots, the commit log, and who sees what. An xid is in progress from its assignment until its
// commit is durable (VDL ≥ SCN) or it is aborted: others never see a commit that recovery could still take back.
// Aborting writes nothing: the commit log simply never says "committed" (FENCE-28, WAL-60).

import type { Time, TxId } from '../../base/ids.ts';
import { trace } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import { pageKey, VOLUME_KEY } from '../page/page-key.ts';
import { EMPTY, OP_CLOG_INIT, OP_VOLUME_SET, volumeSetPayload } from '../page/redo-ops.ts';
import { isCommittedBit, volumeRelationSerial, xidsPerPage } from '../page/system-page.ts';
import type { RowPlace } from '../sql/access.ts';
import { fail } from '../sql/failure.ts';
import type { Settings } from '../sql/settings.ts';
import {
  type ActiveTx,
  type Env,
  forgetTables,
  isOwn,
  oldestActive,
  type Session,
  type SessionTx,
  type Snapshot,
  type TwoPhase,
} from './engine-state.ts';
import { appendChanges, type Change, getPage } from './pages.ts';
import { releaseRelations } from './relation-locks.ts';
import { releaseRows } from './row-lock-table.ts';
import { checkSubtransactions, subXids, undoInnermost, undoTo } from './savepoints.ts';
import { beginSerial, endSerial, noteSerialXid } from './serializable.ts';

/** Fork 1 of relation 0 in the volume's first group. */
export const commitLogKey = (xid: number, pageBytes: number) =>
  pageKey(0, 1, Math.floor(xid / xidsPerPage(pageBytes)));

export const makeTx = (
  { ctx }: Pick<Env, 'ctx'>,
  { isolation, isReadOnly }: Pick<Settings, 'isolation' | 'isReadOnly'>,
): SessionTx => ({
  startedAt: ctx.now,
  isolation,
  isReadOnly,
  hasQueried: false,
  settings: null,
  xid: 0,
  snapshot: null,
  written: [],
  changedCatalog: false,
  uses: [],
  savepoints: [],
  released: [],
  rowLocks: null,
});

/** The snapshot of a whole transaction, taken by its first statement. */
export function takeTxSnapshot(env: Env, tx: SessionTx): void {
  if (tx.snapshot !== null) return;
  tx.snapshot = takeSnapshot(env);
  if (tx.isolation === 'serializable') beginSerial(env, tx);
}

export function takeSnapshot(env: Env): Snapshot {
  const { engine } = env;
  return {
    xmin: oldestActive(engine),
    xmax: engine.nextXid,
    active: inProgress(env),
    readPoint: env.pages.readPoint,
  };
}

/** Every version whose end is committed by an xid below it is dead for everybody. */
export function computeHorizon(env: Env): number {
  if (env.horizon >= 0) return env.horizon;
  let horizon = oldestActive(env.engine);
  for (const session of env.engine.sessions.values()) {
    const { tx } = session;
    if (tx === null) continue;
    const { snapshot, rowLocks } = tx;
    if (snapshot && snapshot.xmin < horizon) horizon = snapshot.xmin;
    if (rowLocks && rowLocks.horizon < horizon) horizon = rowLocks.horizon;
  }
  env.horizon = horizon;
  return horizon;
}

/** What the commit log says. Only for xids that are not in progress. */
export function isCommitted(env: Env, xid: number): boolean {
  const { pageBytes } = env.engine.config;
  if (xid >= env.engine.nextXid) return false;
  return isCommittedBit(getPage(env, commitLogKey(xid, pageBytes)), xid % xidsPerPage(pageBytes));
}

export function isInProgress(env: Env, xid: number): boolean {
  const active = env.engine.active.get(xid);
  return active !== undefined && !isSeenEarly(env, active);
}

/** What snapshots do not see, ascending. Taken for every statement: one pass, one list. */
function inProgress(env: Env): number[] {
  const xids: number[] = [];
  for (const [xid, active] of env.engine.active) if (!isSeenEarly(env, active)) xids.push(xid);
  return xids;
}

const isSeenEarly = (env: Env, { scn }: ActiveTx): boolean =>
  scn >= 0 && has(env.mutants, 'engine.visible-early');

function includes(sorted: readonly number[], xid: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < xid) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === xid;
}

/** Had `xid` ended in a commit when the snapshot was taken (or is it the reader's own)? */
export function seesXid(env: Env, snapshot: Snapshot, own: number, xid: number): boolean {
  if (xid === own) return true;
  // A level of the reader's own transaction may have its xid from before the snapshot or from after it.
  if (xid >= snapshot.xmax) return isOwn(env, own, xid);
  if (xid >= snapshot.xmin && includes(snapshot.active, xid)) return isOwn(env, own, xid);
  return isCommitted(env, xid);
}

/** The xid to write by, of the transaction or of its innermost savepoint; the first write assigns it, after reserving more by a record when all are used up. */
export function requireXid(env: Env, session: Session, tx: SessionTx): number {
  const level = tx.savepoints[tx.savepoints.length - 1];
  if (tx.xid === 0) tx.xid = takeXid(env, session, tx, 0);
  if (level === undefined) return tx.xid;
  if (level.xid === 0) {
    checkSubtransactions(tx);
    level.xid = takeXid(env, session, tx, tx.xid);
  }
  return level.xid;
}

function takeXid(env: Env, session: Session, tx: SessionTx, top: number): number {
  const { engine } = env;
  // PCS-87: a statement that was asked for within the lease may have waited beyond it
  if (env.log.mayBegin === false) fail('40001', 'the definitions of this node may be out of date');
  if (engine.nextXid >= engine.xidLimit) reserveXids(env);
  const xid = engine.nextXid++;
  engine.active.set(xid, { session: session.key, top, scn: -1 });
  noteSerialXid(env, tx, xid);
  const readPoint = tx.snapshot?.readPoint ?? env.pages.readPoint;
  trace(env.ctx, { kind: 'tx.begin', volume: env.log.volume, tx: xid, readPoint });
  return xid;
}

/** The limit is in the log before any xid below it is used, so recovery always starts above every used one. */
function reserveXids(env: Env): void {
  const { engine } = env;
  const limit = engine.xidLimit + engine.config.limits.xidBlock;
  const serial = volumeRelationSerial(getPage(env, VOLUME_KEY));
  const changes: Change[] = [
    { blockKey: VOLUME_KEY, op: OP_VOLUME_SET, init: false, payload: volumeSetPayload(limit, serial) },
  ];
  const { pageBytes } = engine.config;
  const newest = commitLogKey(limit - 1, pageBytes);
  if (newest !== commitLogKey(engine.xidLimit - 1, pageBytes))
    changes.push({ blockKey: newest, op: OP_CLOG_INIT, init: true, payload: EMPTY });
  appendChanges(env, changes);
  engine.xidLimit = limit;
}

/** Ends a transaction for everybody: whoever waits for it goes on. */
export function endXid(env: Env, xid: number): void {
  const { engine } = env;
  engine.active.delete(xid);
  env.horizon = -1;
  const waiters = engine.lockWaiters.get(xid);
  if (!waiters) return;
  engine.lockWaiters.delete(xid);
  for (const key of waiters) {
    const session = engine.sessions.get(key);
    if (session?.waiting?.kind !== 'lock' || session.waiting.xid !== xid) continue;
    session.waiting = null;
    engine.ready.push(key);
  }
}

/** Gives the transaction up. Nothing is written (FENCE-28). */
export function abortTx(env: Env, session: Session, sqlstate: string): void {
  const { tx } = session;
  if (tx?.twoPhase) giveUpTwoPhase(env, session, tx, tx.twoPhase, sqlstate);
  session.tx = null;
  env.horizon = -1;
  releaseRelations(env, session);
  if (tx) {
    releaseRows(env, tx);
    endSerial(env, tx, false);
  }
  if (!tx || tx.xid === 0) return;
  if (tx.changedCatalog) forgetTables(env.engine);
  for (const relation of tx.written) {
    const hint = env.engine.space.get(relation);
    if (hint) hint.dead++;
  }
  trace(env.ctx, { kind: 'tx.abort', volume: env.log.volume, tx: tx.xid, sqlstate });
  for (const xid of subXids(tx)) endXid(env, xid);
  endXid(env, tx.xid);
}

/** What was to be prepared is given up with the statement; what was to be decided stays in doubt. */
function giveUpTwoPhase(
  env: Env,
  session: Session,
  tx: SessionTx,
  { kind, gid, of }: TwoPhase,
  sqlstate: string,
): void {
  const { prepared } = env.engine;
  const known = prepared?.get(gid);
  if (kind !== 'prepare') {
    if (known) known.state = 'prepared';
    return;
  }
  prepared?.delete(gid);
  of.rowLocks = tx.rowLocks;
  tx.rowLocks = null;
  session.tx = of;
  abortTx(env, session, sqlstate);
}

/** ROLLBACK TO SAVEPOINT; or, without a name, what a failed statement undoes. Nothing is written, as for a transaction. */
export function undoLevel(env: Env, session: Session, tx: SessionTx, name: string | null, why: string): void {
  const ended = name === null ? undoInnermost(env, session, tx) : undoTo(env, session, tx, name);
  env.horizon = -1;
  for (const xid of ended) {
    trace(env.ctx, { kind: 'tx.abort', volume: env.log.volume, tx: xid, sqlstate: why });
    endXid(env, xid);
  }
}

/** Waits for the end of `xid`; the deadlock timer looks at it after `deadlockUs`. */
export function waitForXid(env: Env, session: Session, xid: TxId, row: RowPlace | null = null): void {
  const { engine } = env;
  if (!engine.active.has(xid)) {
    engine.ready.push(session.key);
    return;
  }
  session.waiting = { kind: 'lock', xid, row, since: env.ctx.now as Time, checked: false };
  const waiters = engine.lockWaiters.get(xid);
  if (waiters) waiters.push(session.key);
  else engine.lockWaiters.set(xid, [session.key]);
  trace(env.ctx, { kind: 'tx.wait', volume: env.log.volume, tx: session.tx?.xid ?? 0, on: xid });
}
