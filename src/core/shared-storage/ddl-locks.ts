// Locks of definitions across readers, at the writer (docs/spec/logindex.md LI-64 to LI-66): a lock that a session has alone is logged, and
// holds only once it is durable and every live reader has replayed it; its release is logged behind the end of the transaction.

import type { Lsn, TxId } from '../../base/ids.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import { isLockReplayed } from '../logindex/reader-slots.ts';
import { NOTES_KEY } from '../page/page-key.ts';
import { applyRecord } from '../page/redo.ts';
import { ddlPayload, OP_DDL_LOCK } from '../page/redo-ops.ts';
import { type SharedAttachment, volumeOf } from './shared-attachment.ts';
import { appendRecords, mayAppend } from './shared-log.ts';
import type { SharedLock } from './sharing.ts';

export const logDdl = <E>(attachment: SharedAttachment<E>, ctx: RoleContext, op: number, of: number): Lsn =>
  logNote(attachment, ctx, op, ddlPayload([of]));

/** Every record is the first of its page, so the page needs no image to go on from. */
export function logNote<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  op: number,
  payload: Uint8Array,
): Lsn {
  const record = { blockKey: NOTES_KEY, op, init: true, payload, prevBlock: -1 as Lsn };
  const { last } = appendRecords(attachment, ctx, [record], false, 0 as TxId);
  attachment.held.set(
    NOTES_KEY,
    applyRecord(null, { ...record, lsn: last }, attachment.config.params.pageBytes),
  );
  return last;
}

/** LI-64: logged when it is asked for first, and asked for again until it is answered. */
export function shareLock<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  session: string,
  relation: number,
): 'granted' | 'wait' | 'timeout' {
  const { sharing, config } = attachment;
  if (sharing === null) return 'granted';
  const isIt = (one: SharedLock): boolean =>
    one.session === session && one.relation === relation && !one.isOver;
  const known = sharing.locks.find(isIt);
  if (known === undefined) {
    if (!mayAppend(attachment, ctx, 1)) return 'wait';
    const lsn = logDdl(attachment, ctx, OP_DDL_LOCK, relation);
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
    trace(ctx, { kind: 'ddl.locked', volume: volumeOf(attachment), relation, lockLsn: lsn, readers });
    return 'wait';
  }
  if (known.isGranted) return 'granted';
  const isBlind = has(config.mutants, 'shared.ddl-waits-for-nobody');
  const isReplayed = isBlind || isLockReplayed(sharing.slots, known.lsn);
  if (attachment.log.durable >= known.lsn && isReplayed) {
    known.isGranted = true;
    trace(ctx, { kind: 'ddl.granted', volume: volumeOf(attachment), relation, lockLsn: known.lsn });
    return 'granted';
  }
  const { ddlCancels, ddlTimeoutMs } = config.params;
  return ddlCancels === 0 && ctx.now >= known.since + ddlTimeoutMs * 1000 ? 'timeout' : 'wait';
}

/** LI-66: the session's transaction has ended, or is undone to where it had `kept` only. */
export function endLocks<E>(
  { sharing }: SharedAttachment<E>,
  session: string,
  kept: readonly number[],
): void {
  for (const one of sharing?.locks ?? [])
    if (one.session === session && !kept.includes(one.relation)) one.isOver = true;
}
