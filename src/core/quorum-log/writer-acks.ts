// What the writer does with a WriteAck (docs/spec/wal.md §3, §4): SCLs counted only under its own token (WAL-15), losses
// seen and mended (WAL-12), refusals obeyed (WAL-13, WAL-46, WAL-59).

import type { Lsn, NodeId, Term } from '../../base/ids.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import type { Refusal } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { bringReplica } from './writer-catch-up.ts';
import { onMemberRefusal } from './writer-members.ts';
import { sclOf } from './writer-progress.ts';
import { recordFull, recordRoom } from './writer-room.ts';
import { continueResend, resendRange, resendWaiting, wasSilent } from './writer-send.ts';
import {
  findGroup,
  findReplica,
  type SentBatch,
  type WriterGroup,
  type WriterReplica,
  type WriterState,
} from './writer-state.ts';
import { countScl, fenceWriter } from './writer-watermarks.ts';

export function onWriteAck(w: WriterState, ctx: RoleContext, from: NodeId, ack: MessageOf<'WriteAck'>): void {
  const group = findGroup(w, ack.group);
  const replica = group && findReplica(group, from);
  if (!group || !replica || w.fencedBy !== null) return;
  if (ack.token > w.term) fenceWriter(w, ctx, ack.token);
  else if (ack.refused) onWriteRefused(w, ctx, group, replica, ack.refused);
  else onAccepted(w, ctx, group, replica, ack);
}

function onAccepted(
  w: WriterState,
  ctx: RoleContext,
  group: WriterGroup,
  replica: WriterReplica,
  ack: MessageOf<'WriteAck'>,
): void {
  const counted =
    (ack.token === w.term || has(w.mutants, 'writer.counts-other-tokens')) &&
    ack.memberEpoch === group.descriptor.memberEpoch;
  trace(ctx, {
    kind: 'wal.ackSeen',
    group: ack.group,
    from: replica.node,
    scl: ack.scl,
    token: ack.token,
    counted,
  });
  if (ack.archivedTo > group.archivedTo) group.archivedTo = ack.archivedTo;
  if (!counted) return;
  const isBack = wasSilent(w, replica, ctx.now);
  countScl(w, ctx, group, replica, ack.scl);
  recordRoom(w, ctx, group, replica);
  if (isBack) {
    resendWaiting(w, ctx, group, replica);
    return;
  }
  continueResend(w, ctx, group, replica);
  resendLost(w, ctx, group, replica, ack.nwl);
}

/**
 * WAL-12: links keep their order, so a replica that holds a record of one batch was sent all before it; what it lacks of
 * that was lost. What lies above PGCL goes out again at once, the rest is left to hole filling and to the timer.
 */
function resendLost(
  w: WriterState,
  ctx: RoleContext,
  group: WriterGroup,
  replica: WriterReplica,
  nwl: Lsn,
): void {
  const newest = newestSeen(group, nwl);
  if (newest === null || sclOf(replica) >= newest.before) return;
  const after = Math.max(sclOf(replica), group.pgcl, replica.lossTo);
  if (after >= newest.before) return;
  const last = resendRange(w, ctx, group, replica, after, newest.before);
  if (last !== null) replica.lossTo = last;
}

/** The newest batch of which a replica with this NWL holds a record; null when none is kept. */
function newestSeen(group: WriterGroup, nwl: Lsn): SentBatch | null {
  let low = group.batchHead;
  let high = group.batches.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((group.batches[middle] as SentBatch).first <= nwl) low = middle + 1;
    else high = middle;
  }
  return low > group.batchHead ? (group.batches[low - 1] as SentBatch) : null;
}

function onWriteRefused(
  w: WriterState,
  ctx: RoleContext,
  group: WriterGroup,
  replica: WriterReplica,
  refused: Refusal,
): void {
  const { code, which, current } = refused;
  if (onMemberRefusal(w, ctx, group, replica, refused)) return;
  if (code === 'TOKEN_STALE') fenceWriter(w, ctx, current as Term);
  else if (code === 'EPOCH_AHEAD' && which === 'token') bringReplica(w, ctx, group, replica, 'token');
  else if (code === 'NOT_READY') bringReplica(w, ctx, group, replica, 'history');
  else if (code === 'DISK_FULL') recordFull(w, ctx, replica);
  // a damaged or full replica answers again by itself; what it lacks is sent again by the timer
}
