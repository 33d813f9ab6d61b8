// Locks of definitions across readers, at the writer (docs/spec/logindex.md LI-64 to LI-66): a lock that a session has alone is logged, and
// holds only once it is durable and every live reader has replayed it; its release is logged behind the end of the transaction. The
// files of relations that a commit left without readers go behind the checkpoint from which no recovery needs them.

import type { Lsn, TxId } from '../../base/ids.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import { isLockReplayed, oldestApplyLsn } from '../logindex/reader-slots.ts';
import { DDL_KEY } from '../page/page-key.ts';
import { applyRecord } from '../page/redo.ts';
import { type DdlNote, ddlNote, ddlPayload, OP_DDL_LOCK, OP_DDL_UNLOCK } from '../page/redo-ops.ts';
import type { Call } from '../pfs/mount-state.ts';
import { namesIn } from '../pfs/tree.ts';
import { PAGE_DIRECTORY } from './page-file.ts';
import { appendRecords, mayAppend } from './shared-log.ts';
import { bindShared } from './shared-ports.ts';
import { type Job, type SharedSeat, volumeOf } from './shared-seat.ts';
import type { SharedLock } from './sharing.ts';

/** Relations whose files are still there; the oldest are forgotten beyond it, and their files stay. */
const GONE_MAX = 1024;

export interface Gone {
  readonly relation: number;
  /** Of the record that says so, in the MTR of the commit. */
  readonly lsn: Lsn;
}

/** A record was appended, is found in WAL, or is parsed by a reader. */
export function noteGone(gone: Gone[], lsn: Lsn, note: DdlNote | null): void {
  if (note?.kind !== 'gone') return;
  for (const relation of note.of) gone.push({ relation, lsn });
  if (gone.length > GONE_MAX) gone.splice(0, gone.length - GONE_MAX);
}

/** Relations whose files a writer that begins at redo may not find any more: what is in WAL of them is not replayed. */
export const removedBelow = (
  records: readonly { readonly lsn: Lsn; readonly op: number; readonly payload: Uint8Array }[],
  redoLsn: Lsn,
): ReadonlySet<number> =>
  new Set(
    records.flatMap(({ lsn, op, payload }) => {
      const note = lsn <= redoLsn ? ddlNote(op, payload) : null;
      return note?.kind === 'gone' ? note.of : [];
    }),
  );

/** Every record is the first of its page, so the page needs no image to go on from. */
function log<E>(seat: SharedSeat<E>, ctx: RoleContext, op: number, of: number): Lsn {
  const payload = ddlPayload([of]);
  const record = { blockKey: DDL_KEY, op, init: true, payload, prevBlock: -1 as Lsn };
  const { last } = appendRecords(seat, ctx, [record], false, 0 as TxId);
  seat.held.set(DDL_KEY, applyRecord(null, { ...record, lsn: last }, seat.config.params.pageBytes));
  return last;
}

/** LI-64: logged when it is asked for first, and asked for again until it is answered. */
export function shareLock<E>(
  seat: SharedSeat<E>,
  ctx: RoleContext,
  session: string,
  relation: number,
): 'granted' | 'wait' | 'timeout' {
  const { sharing, config } = seat;
  if (sharing === null) return 'granted';
  const isIt = (one: SharedLock): boolean =>
    one.session === session && one.relation === relation && !one.isOver;
  const known = sharing.locks.find(isIt);
  if (known === undefined) {
    if (!mayAppend(seat, ctx, 1)) return 'wait';
    const lsn = log(seat, ctx, OP_DDL_LOCK, relation);
    sharing.locks.push({
      session,
      relation,
      lsn,
      since: ctx.now,
      isGranted: false,
      isOver: false,
      endLsn: null,
    });
    const readers = [...sharing.slots.keys()].join(',');
    trace(ctx, { kind: 'ddl.locked', volume: volumeOf(seat), relation, lockLsn: lsn, readers });
    return 'wait';
  }
  if (known.isGranted) return 'granted';
  // named deviation (M166): the lock is logged, and nobody is waited for
  const isBlind = config.broken.includes('shared.ddl-waits-for-nobody');
  const isReplayed = isBlind || isLockReplayed(sharing.slots, known.lsn);
  if (seat.log.durable >= known.lsn && isReplayed) {
    known.isGranted = true;
    trace(ctx, { kind: 'ddl.granted', volume: volumeOf(seat), relation, lockLsn: known.lsn });
    return 'granted';
  }
  const { ddlCancels, ddlTimeoutMs } = config.params;
  return ddlCancels === 0 && ctx.now >= known.since + ddlTimeoutMs * 1000 ? 'timeout' : 'wait';
}

/** LI-66: the session's transaction has ended, or is undone to where it had `kept` only. */
export function endLocks<E>({ sharing }: SharedSeat<E>, session: string, kept: readonly number[]): void {
  for (const one of sharing?.locks ?? [])
    if (one.session === session && !kept.includes(one.relation)) one.isOver = true;
}

/** Logs releases that are due; a session that waits for readers looks again. */
export function tendLocks<E>(program: EngineProgram<E>, seat: SharedSeat<E>, ctx: RoleContext): void {
  const { sharing } = seat;
  if (sharing === null || sharing.locks.length === 0) return;
  const due = sharing.locks.some(
    ({ isGranted, isOver, lsn }) =>
      !isGranted && !isOver && lsn <= seat.log.durable && isLockReplayed(sharing.slots, lsn),
  );
  if (due || sharing.isLate) program.onVdl(seat.engine, ctx, bindShared(seat, ctx));
  sharing.isLate = false;
  for (const one of sharing.locks)
    if (one.isOver && one.endLsn === null && mayAppend(seat, ctx, 1))
      one.endLsn = log(seat, ctx, OP_DDL_UNLOCK, one.lsn);
  sharing.locks = sharing.locks.filter(({ endLsn }) => endLsn === null || endLsn > seat.log.durable);
}

/** What a reader that registers at the durable end has to replay. */
export const locksAt = ({ locks }: { readonly locks: readonly SharedLock[] }, durable: Lsn) =>
  locks
    .filter(({ lsn, endLsn }) => lsn <= durable && (endLsn === null || endLsn > durable))
    .map(({ lsn, relation }) => ({ lsn, relation }));

/** Redo may not pass a record by which files go before they are gone: another writer removes them then. */
export const redoLimit = <E>({ gone }: SharedSeat<E>): Lsn | null => gone[0]?.lsn ?? null;

/** The files of the oldest relation that nobody reads: no recovery begins below its end, and no view is open there. */
export function removeJob<E>(program: EngineProgram<E>, seat: SharedSeat<E>, ctx: RoleContext): Job | null {
  const { sharing, checkpoint, host, gone, engine } = seat;
  const [first] = gone;
  if (first === undefined || sharing === null || host.mount === null || checkpoint.redoLsn < first.lsn)
    return null;
  const view = Math.min(
    oldestApplyLsn(sharing.slots),
    program.engineMinReadPoint(engine, bindShared(seat, ctx)),
  );
  if (view < first.lsn) return null;
  const names = namesIn(host.mount.meta, PAGE_DIRECTORY);
  const own = (names.ok ? names.value : []).filter((name) => name.split('.')[0] === String(first.relation));
  const calls = own.map((name): Call => ({ kind: 'unlink', path: `${PAGE_DIRECTORY}/${name}` }));
  if (calls.length > 0) return { kind: 'remove', calls, at: 0 };
  gone.shift();
  return removeJob(program, seat, ctx);
}

export function onRemoved<E>(seat: SharedSeat<E>, ctx: RoleContext): void {
  const first = seat.gone.shift();
  if (first === undefined) return;
  const { relation, lsn } = first;
  trace(ctx, { kind: 'relation.removed', volume: volumeOf(seat), relation, lsn });
}

/** A heartbeat has passed: a session that waits for readers looks whether it has waited long enough. */
export function tickLocks<E>({ sharing }: SharedSeat<E>): void {
  if (sharing?.locks.some(({ isGranted, isOver }) => !isGranted && !isOver)) sharing.isLate = true;
}
