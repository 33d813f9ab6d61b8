// Page reads of the writer (docs/spec/wal.md WAL-24, WAL-27; FENCE-11): one replica whose SCL covers the group read
// point is asked; on a refusal or after readTimeoutMs the next one. Reads wait in `reads`, at most one per page; their
// number is bounded by the buffer pool, which asks only for pages it has a frame for.

import type { Lsn, NodeId, Time } from '../../base/ids.ts';
import { type RoleContext, send, takeRequestNumber, trace, wakeAt } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { ownsKey, type PageKey } from '../page/page-key.ts';
import { onMemberRefusal } from './writer-members.ts';
import { covers } from './writer-progress.ts';
import {
  groupAt,
  groupOfKey,
  type PageProbe,
  type PendingRead,
  type WriterGroup,
  type WriterState,
} from './writer-state.ts';
import { fenceWriter } from './writer-watermarks.ts';

export const READ_TIMER = 'wal.read';

/** Asks for the newest durable version of a page; asking again while it is asked does nothing. */
export function requestPage(w: WriterState, ctx: RoleContext, blockKey: PageKey): void {
  if (w.reads.has(blockKey) || w.fencedBy !== null) return;
  const read: PendingRead = {
    reqId: takeRequestNumber(ctx),
    blockKey,
    group: groupOfKey(w, blockKey).index,
    rp: w.vdl,
    groupRp: w.vdl,
    asked: -1,
    refusals: 0,
    deadline: ctx.now,
  };
  askNext(w, ctx, read);
  if (w.readAt < 0) armReads(w, ctx);
}

/** WAL-27: sends the read to the next replica that holds the group up to the read point. */
function askNext(w: WriterState, ctx: RoleContext, read: PendingRead): void {
  const group = groupAt(w, read.group);
  // read anew at each try: PGMRPL may have passed an older read point (WAL-34)
  read.rp = w.vdl;
  read.groupRp = Math.min(read.rp, group.groupTail) as Lsn;
  read.asked = nextReplica(group, read);
  read.deadline = (ctx.now + w.limits.readTimeoutUs) as Time;
  w.reads.delete(read.blockKey);
  w.reads.set(read.blockKey, read);
  const replica = group.replicas[read.asked];
  if (!replica) return;
  const { descriptor } = group;
  send(ctx, replica.node, {
    kind: 'ReadPage',
    volume: w.volume,
    group: descriptor.group,
    reqId: read.reqId,
    blockKey: read.blockKey as PageKey,
    rp: read.rp,
    groupRp: read.groupRp,
    memberEpoch: descriptor.memberEpoch,
    geoEpoch: descriptor.geoEpoch,
  });
  trace(ctx, {
    kind: 'page.read',
    group: descriptor.group,
    blockKey: read.blockKey,
    readPoint: read.rp,
    from: replica.node,
  });
}

/** First tries spread over the replicas by page key; later ones go on from the last asked. */
function nextReplica(group: WriterGroup, read: PendingRead): number {
  const count = group.replicas.length;
  const start = read.asked < 0 ? read.blockKey % count : read.asked + 1;
  for (let i = 0; i < count; i++) {
    const index = (start + i) % count;
    const replica = group.replicas[index];
    if (replica && covers(replica, read.groupRp)) return index;
  }
  return -1;
}

function armReads(w: WriterState, ctx: RoleContext): void {
  const oldest = w.reads.values().next();
  w.readAt = oldest.done ? -1 : oldest.value.deadline;
  if (!oldest.done) wakeAt(ctx, READ_TIMER, oldest.value.deadline);
}

/** Probes remembered; beyond it the oldest is given up. */
const MAX_PROBES = 64;

/**
 * Reads a page as of `readPoint` to look at it: the answer is traced and goes nowhere near the buffer, which holds the
 * newest version only (WAL-10). Asked once, of the first replica that covers it; a refusal is an answer too (WAL-34).
 */
export function probePage(w: WriterState, ctx: RoleContext, blockKey: PageKey, readPoint: Lsn): void {
  const group = w.groups.find(({ descriptor }) => ownsKey(descriptor, blockKey));
  const groupRp = Math.min(readPoint, group?.groupTail ?? -1) as Lsn;
  const replica = group?.replicas.find((one) => covers(one, groupRp));
  if (group === undefined || replica === undefined || w.fencedBy !== null) return;
  const reqId = takeRequestNumber(ctx);
  w.probes.set(reqId, { blockKey, readPoint });
  const [oldest] = w.probes.keys();
  if (w.probes.size > MAX_PROBES && oldest !== undefined) w.probes.delete(oldest);
  const { group: id, memberEpoch, geoEpoch } = group.descriptor;
  const { volume } = w;
  send(ctx, replica.node, {
    kind: 'ReadPage',
    volume,
    group: id,
    reqId,
    blockKey,
    rp: readPoint,
    groupRp,
    memberEpoch,
    geoEpoch,
  });
  trace(ctx, { kind: 'page.read', group: id, blockKey, readPoint, from: replica.node });
}

function onProbe(
  w: WriterState,
  ctx: RoleContext,
  from: NodeId,
  probe: PageProbe,
  reply: MessageOf<'PageReply'>,
): void {
  w.probes.delete(reply.reqId);
  const { blockKey, readPoint } = probe;
  const error = reply.refused?.code ?? '';
  const pageLsn = reply.refused ? -1 : reply.pageLsn;
  trace(ctx, { kind: 'page.probe', volume: w.volume, blockKey, readPoint, pageLsn, error, from });
}

export function onReadTimer(w: WriterState, ctx: RoleContext): void {
  w.readAt = -1;
  const late: PendingRead[] = [];
  for (const read of w.reads.values()) {
    if (read.deadline > ctx.now) break;
    late.push(read);
  }
  for (const read of late) {
    read.refusals = 0;
    if (has(w.mutants, 'writer.read-no-retry')) read.deadline = Number.MAX_SAFE_INTEGER as Time;
    else askNext(w, ctx, read);
  }
  armReads(w, ctx);
}

/** What a reply brought: the page, its absence (`null`), or nothing yet. */
export interface PageArrived {
  readonly blockKey: PageKey;
  readonly page: Uint8Array | null;
  readonly from: NodeId;
  readonly readPoint: Lsn;
}

/**
 * Checks a reply against the read it answers; a refusal sends the read on. A late answer of a replica asked before counts:
 * a page not in the buffer does not change, so it is the same at every read point since the first try.
 */
export function onPageReply(
  w: WriterState,
  ctx: RoleContext,
  from: NodeId,
  reply: MessageOf<'PageReply'>,
): PageArrived | null {
  if (reply.maxToken > w.term) fenceWriter(w, ctx, reply.maxToken);
  if (w.fencedBy !== null) return null;
  const probe = w.probes.get(reply.reqId);
  if (probe?.blockKey === reply.blockKey) {
    onProbe(w, ctx, from, probe, reply);
    return null;
  }
  const read = w.reads.get(reply.blockKey);
  if (!read || read.reqId !== reply.reqId) return null;
  const group = groupAt(w, read.group);
  if (group.descriptor.group !== reply.group) return null;
  if (reply.refused && reply.refused.code !== 'NO_SUCH_PAGE') {
    const asked = group.replicas[read.asked];
    if (asked?.node !== from) return null;
    onMemberRefusal(w, ctx, group, asked, reply.refused);
    onReadRefused(w, ctx, group, read);
    return null;
  }
  if (!reply.refused && reply.pageLsn > read.rp) return null; // WAL-35; the timer asks another
  w.reads.delete(read.blockKey);
  return { blockKey: reply.blockKey, page: reply.refused ? null : reply.page, from, readPoint: read.rp };
}

/** Every replica is asked once in a row, then the timer decides when to begin again. */
function onReadRefused(w: WriterState, ctx: RoleContext, group: WriterGroup, read: PendingRead): void {
  read.refusals++;
  if (read.refusals < group.replicas.length) askNext(w, ctx, read);
}
