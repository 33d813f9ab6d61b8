// The writer's sender (docs/spec/wal.md §3): batches of the log buffer to every replica (WAL-11, WAL-74, PRE-7),
// heartbeats to idle groups, and what was sent and not acknowledged again (WAL-12).

import type { Lsn, Time } from '../../base/ids.ts';
import { type RoleContext, send, trace, wakeAt } from '../kernel/context.ts';
import { reach } from '../kernel/limits.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { ARCHIVE_OFF, holdToOf } from './watermarks.ts';
import { FLUSH_TIMER } from './writer-append.ts';
import { nextResend, recordResend, sclOf } from './writer-progress.ts';
import {
  groupAt,
  isWithin,
  lastSent,
  retainedRecord,
  type WriterGroup,
  type WriterReplica,
  type WriterState,
} from './writer-state.ts';

export const RESEND_TIMER = 'wal.resend';
export const BEAT_TIMER = 'wal.beat';

/** Batches sent again to one replica at once; the rest follows when its SCL has come so far. */
export const RESEND_BATCHES = 4;

/** Sends what is due of the log buffer: everything when groupCommitMaxUs is 0, else groups that waited it out or are full. */
export function flushLog(w: WriterState, ctx: RoleContext): void {
  if (w.buffered.length === 0 || w.fencedBy !== null) return;
  const { groupCommitMaxUs } = w.limits;
  const waiting: number[] = [];
  for (const index of w.buffered) {
    const group = groupAt(w, index);
    const isDue =
      group.bufferedSince + groupCommitMaxUs <= ctx.now || group.bufferedBytes >= w.limits.batchBytes;
    if (isDue) sendBuffer(w, ctx, group);
    else waiting.push(index);
  }
  w.buffered = waiting;
}

/** On FLUSH_TIMER: the oldest buffer is due; the timer is set for the next oldest. */
export function onFlushTimer(w: WriterState, ctx: RoleContext): void {
  w.flushAt = -1;
  flushLog(w, ctx);
  const oldest = w.buffered[0];
  if (oldest === undefined) return;
  w.flushAt = groupAt(w, oldest).bufferedSince + w.limits.groupCommitMaxUs;
  wakeAt(ctx, FLUSH_TIMER, w.flushAt as Time);
}

function sendBuffer(w: WriterState, ctx: RoleContext, group: WriterGroup): void {
  while (group.sent < group.lsns.length) {
    const end = batchEnd(w, group, group.sent, group.lsns.length);
    if (end < group.lsns.length) reach(ctx, w.limits, 'batchBytes');
    const batch = makeBatch(w, ctx, group, group.sent, end);
    const before = retainedRecord(w, batch.first).record.prevGroup;
    for (const replica of group.replicas) sendBatch(ctx, replica, batch, false);
    group.batches.push({ first: batch.first, last: (batch.end - 1) as Lsn, before, at: ctx.now });
    group.sent = end;
  }
  group.bufferedBytes = 0;
  recordSent(w, ctx, group);
  if (w.resendAt < 0) armResend(w, ctx, ctx.now + w.limits.resendUs);
}

/** End (exclusive index into `lsns`) of the batch that begins at `from`: at most batchBytes, at least one record. */
function batchEnd(w: WriterState, group: WriterGroup, from: number, limit: number): number {
  let bytes = 0;
  let end = from;
  while (end < limit) {
    bytes += retainedRecord(w, group.lsns[end] as Lsn).bytes.length;
    if (bytes > w.limits.batchBytes && end > from) break;
    end++;
  }
  return end;
}

function makeBatch(
  w: WriterState,
  ctx: RoleContext,
  group: WriterGroup,
  from: number,
  end: number,
): MessageOf<'WriteBatch'> {
  let length = 0;
  for (let i = from; i < end; i++) length += retainedRecord(w, group.lsns[i] as Lsn).bytes.length;
  const records = new Uint8Array(length);
  let at = 0;
  for (let i = from; i < end; i++) {
    const { bytes } = retainedRecord(w, group.lsns[i] as Lsn);
    records.set(bytes, at);
    at += bytes.length;
  }
  const [first, last] = [group.lsns[from] as Lsn, group.lsns[end - 1] as Lsn];
  const head = headOf(w, ctx, group);
  return {
    kind: 'WriteBatch',
    volume: head.volume,
    group: head.group,
    token: head.token,
    memberEpoch: head.memberEpoch,
    geoEpoch: head.geoEpoch,
    pgcl: head.pgcl,
    vdl: head.vdl,
    groupTail: head.groupTail,
    pgmrpl: head.pgmrpl,
    archivedTo: head.archivedTo,
    holdTo: head.holdTo,
    records,
    first,
    end: last + 1,
    count: end - from,
  };
}

/** Token, epochs and floors, which every batch and heartbeat carries (WAL-30). */
function headOf(w: WriterState, ctx: RoleContext, group: WriterGroup) {
  const { descriptor } = group;
  return {
    volume: w.volume,
    group: descriptor.group,
    token: w.term,
    memberEpoch: descriptor.memberEpoch,
    geoEpoch: descriptor.geoEpoch,
    pgcl: group.pgcl,
    vdl: w.vdl,
    groupTail: group.groupTail,
    pgmrpl: w.pgmrpl,
    archivedTo: w.limits.isArchived ? group.archivedTo : ARCHIVE_OFF,
    holdTo: holdToOf(
      group.replicas.map((replica) => ({ scl: sclOf(replica), stillUs: ctx.now - replica.sclMovedAt })),
      group.groupTail,
      w.limits.holdMaxUs,
    ),
  };
}

function sendBatch(
  ctx: RoleContext,
  replica: WriterReplica,
  batch: MessageOf<'WriteBatch'>,
  resend: boolean,
): void {
  send(ctx, replica.node, batch);
  const { group, first, end, count } = batch;
  trace(ctx, { kind: 'wal.send', group, to: replica.node, first, end, records: count, resend });
}

/** Sends again what lies above the replica's SCL, up to `to`: the first part now, the rest as acks come. */
export function beginResend(
  w: WriterState,
  ctx: RoleContext,
  group: WriterGroup,
  replica: WriterReplica,
  to: Lsn,
): void {
  const last = has(w.mutants, 'writer.no-resend')
    ? null
    : resendRange(w, ctx, group, replica, sclOf(replica), to);
  if (last === null) return;
  recordResend(replica, to, last);
  replica.resentAt = ctx.now;
}

/** The next part of a resend, once the replica holds the one before. */
export function continueResend(
  w: WriterState,
  ctx: RoleContext,
  group: WriterGroup,
  replica: WriterReplica,
): void {
  const to = nextResend(replica);
  if (to !== null) beginResend(w, ctx, group, replica, to);
}

/** Twice what a replica that is there lets pass between two acknowledgements: every resend and heartbeat is answered. */
export const wasSilent = (w: WriterState, replica: WriterReplica, now: Time): boolean =>
  !isWithin(replica.lastReportAt, 2 * Math.max(w.limits.resendUs, w.limits.heartbeatUs), now);

/** WAL-12: a replica answers again while records wait for their quorum: it gets them now, not when the timer is due. */
export function resendWaiting(
  w: WriterState,
  ctx: RoleContext,
  group: WriterGroup,
  replica: WriterReplica,
): void {
  const last = lastSent(group);
  if (sclOf(replica) < last && agedTo(group, ctx.now, w.limits.resendUs) !== null)
    beginResend(w, ctx, group, replica, last);
}

/** Sends retained, already sent records in (after, to] again to one replica, at most RESEND_BATCHES full ones; the last LSN sent. */
export function resendRange(
  w: WriterState,
  ctx: RoleContext,
  group: WriterGroup,
  replica: WriterReplica,
  after: number,
  to: number,
): Lsn | null {
  let from = firstIndexAbove(group, after);
  const limit = firstIndexAbove(group, to);
  let bytes = 0;
  let last: Lsn | null = null;
  while (from < limit && bytes < RESEND_BATCHES * w.limits.batchBytes) {
    const end = batchEnd(w, group, from, limit);
    const batch = makeBatch(w, ctx, group, from, end);
    sendBatch(ctx, replica, batch, true);
    bytes += batch.records.length;
    last = (batch.end - 1) as Lsn;
    from = end;
  }
  return last;
}

/** Index of the first retained and sent LSN above `position`. */
function firstIndexAbove(group: WriterGroup, position: number): number {
  let low = group.head;
  let high = group.sent;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((group.lsns[middle] as Lsn) <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}

function armResend(w: WriterState, ctx: RoleContext, at: number): void {
  w.resendAt = at;
  wakeAt(ctx, RESEND_TIMER, at as Time);
}

/** WAL-12, timer: a replica gets again what it was sent resendMs ago and lies above its SCL. */
export function onResendTimer(w: WriterState, ctx: RoleContext): void {
  w.resendAt = -1;
  let next = -1;
  for (const group of w.groups) {
    const oldest = group.batches[group.batchHead];
    if (oldest === undefined) continue;
    const aged = agedTo(group, ctx.now, w.limits.resendUs);
    if (aged !== null) resendAged(w, ctx, group, aged);
    const due = Math.max(oldest.at + w.limits.resendUs, aged === null ? 0 : ctx.now + w.limits.resendUs);
    if (next < 0 || due < next) next = due;
  }
  if (next >= 0) armResend(w, ctx, next);
}

/** Last LSN of the newest batch that was first sent `spanUs` ago or longer, or null. */
function agedTo(group: WriterGroup, now: Time, spanUs: number): Lsn | null {
  let aged: Lsn | null = null;
  for (let i = group.batchHead; i < group.batches.length; i++) {
    const batch = group.batches[i];
    if (batch === undefined || isWithin(batch.at, spanUs, now)) break;
    aged = batch.last;
  }
  return aged;
}

function resendAged(w: WriterState, ctx: RoleContext, group: WriterGroup, aged: Lsn): void {
  for (const replica of group.replicas) {
    const isRecent = isWithin(replica.resentAt, w.limits.resendUs, ctx.now);
    const isLearning = replica.progress.kind === 'probe' && group.descriptor.learners.includes(replica.node); // not there yet
    if (!isRecent && !isLearning && sclOf(replica) < aged) beginResend(w, ctx, group, replica, aged);
  }
}

export function sendHeartbeats(
  w: WriterState,
  ctx: RoleContext,
  group: WriterGroup,
  replicas: readonly WriterReplica[],
): void {
  const heartbeat: MessageOf<'Heartbeat'> = { kind: 'Heartbeat', ...headOf(w, ctx, group) };
  for (const replica of replicas) send(ctx, replica.node, heartbeat);
}

/** First heartbeats are due writerHeartbeatMs after the volume opened. */
export const armHeartbeat = (w: WriterState, ctx: RoleContext): void =>
  wakeAt(ctx, BEAT_TIMER, (ctx.now + w.limits.heartbeatUs) as Time);

/** Tells every group that got nothing for writerHeartbeatMs the floors it would have had with a batch. */
export function onHeartbeatTimer(w: WriterState, ctx: RoleContext): void {
  const due: number[] = [];
  for (const index of w.beatOrder) {
    if (isWithin(groupAt(w, index).sentAt, w.limits.heartbeatUs, ctx.now)) break;
    due.push(index);
  }
  for (const index of due) {
    const group = groupAt(w, index);
    sendHeartbeats(w, ctx, group, group.replicas);
    recordSent(w, ctx, group);
  }
  const [oldest] = w.beatOrder;
  const since = oldest === undefined ? ctx.now : groupAt(w, oldest).sentAt;
  wakeAt(ctx, BEAT_TIMER, (since + w.limits.heartbeatUs) as Time);
}

/** Keeps `beatOrder` by the time of sending, so that a heartbeat looks at the groups that are due and one more. */
function recordSent(w: WriterState, ctx: RoleContext, group: WriterGroup): void {
  group.sentAt = ctx.now;
  w.beatOrder.delete(group.index);
  w.beatOrder.add(group.index);
}
