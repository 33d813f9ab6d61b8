// Hole filling between replicas: carries out what hole management decides (HOLE-1, HOLE-59), in both directions.
// Peers are served from memory: every retained record is there. Nothing is sent while a history is being made durable.

import type { NodeId, Time } from '../../../base/ids.ts';
import { keptByName, send, trace, wakeAt } from '../../kernel/context.ts';
import type { Refusal } from '../../kernel/fields.ts';
import { reach } from '../../kernel/limits.ts';
import type { MessageOf } from '../../kernel/messages.ts';
import { has } from '../../kernel/mutants.ts';
import type { EncodedRecord } from '../../log/record.ts';
import { acceptReply } from '../holes/hole-fill.ts';
import { countHoles, nclOf } from '../holes/hole-list.ts';
import { isBaseNeeded, recordPeerStatus } from '../holes/hole-peers.ts';
import { discoverHoles, nextHoleWake, tickHoles } from '../holes/hole-requests.ts';
import { checkPeerEpochs, serveGap } from '../holes/hole-serve.ts';
import { findPeer, ownStatus } from '../holes/hole-state.ts';
import type { GapPart } from '../messages.ts';
import { advanceScl, isInRange, raisePgcl } from './advance.ts';
import { failureOf } from './condition.ts';
import { appendsBlocked } from './control.ts';
import { traceClosed, traceFailed, traceFilled } from './hole-traces.ts';
import type { StoreContext } from './hooks.ts';
import { appendRecords } from './ingest.ts';
import { recordsIn } from './log.ts';
import { reportRecovery } from './report.ts';
import type { Group, StoreState } from './state.ts';

const timerOf = keptByName((group) => `holes/${group}`);
export const holeTimer = (group: Group): string => timerOf(group.id);

/** A history is in memory and not yet durable: what this replica would say now it might have to take back (WAL-48). */
const isChanging = (group: Group): boolean => group.holes.volumeEpoch !== group.superblock.volumeEpoch;

const repairPaused = (group: Group): boolean =>
  group.service.kind !== 'serving' || group.failure !== '' || isChanging(group);

/** By an operator's word: nothing is asked for while it holds, what was asked for may still come; gone with this life. */
export function pauseHoles(group: Group, ctx: StoreContext, isPaused: boolean): void {
  group.repair.isPaused = isPaused;
  driveHoles(group, ctx, true);
}

/** Asks for holes if something allows it now, and sets the timer for the next time (HOLE-23). */
export function driveHoles(group: Group, ctx: StoreContext, isTimer = false): void {
  if (repairPaused(group) || group.repair.isPaused) {
    setHoleTimer(group, ctx, null);
    return;
  }
  raisePgcl(group);
  if (isTimer) traceFailed(group, ctx, tickHoles(group.holes, ctx.now));
  if (isTimer || group.holes.discoverDue) discover(group, ctx);
  const next = nextHoleWake(group.holes);
  setHoleTimer(group, ctx, next === null ? null : (Math.max(next, ctx.now + 1) as Time));
}

export function onHoleTimer(state: StoreState, group: Group, ctx: StoreContext): void {
  group.repair.wakeAt = null;
  driveHoles(group, ctx, true);
  ctx.hooks.heal(state, group, ctx);
}

function setHoleTimer(group: Group, ctx: StoreContext, at: Time | null): void {
  if (group.repair.wakeAt === at) return;
  group.repair.wakeAt = at;
  wakeAt(ctx, holeTimer(group), at);
}

function discover(group: Group, ctx: StoreContext): void {
  const { holes } = group;
  const { requests, statusRound } = discoverHoles(holes, ctx.now);
  for (const { to, message } of requests) {
    const { first, end, mode, reqId } = message;
    trace(ctx, { kind: 'hole.sent', group: group.id, first, end, to, counter: reqId.counter, mode });
    send(ctx, to, message);
  }
  if (statusRound) {
    const { volumeEpoch, memberEpoch } = holes;
    for (const { peerId } of holes.peers)
      send(ctx, peerId, { kind: 'StatusReq', group: group.id, volumeEpoch, memberEpoch });
  }
  if (!group.repair.needsBase && isBaseNeeded(holes)) {
    group.repair.needsBase = true;
    trace(ctx, { kind: 'store.failed', group: group.id, code: 'NEED_BASE', at: nclOf(holes.list) + 1 });
  }
}

/** HOLE-35: what a reply brings is stored like a batch; positions known empty need no write. */
export function onGapReply(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  from: NodeId,
  reply: MessageOf<'GapReply'>,
): void {
  if (repairPaused(group) || appendsBlocked(group)) return; // silently dropped
  const { holes } = group;
  const { counter } = reply.reqId;
  const before = countHoles(holes.list);
  const isOurs = ({ record }: EncodedRecord): boolean => isInRange(group, record.blockKey);
  const taken = acceptReply(holes, from, reply, ctx.now, isOurs);
  if (taken.ignored) {
    trace(ctx, { kind: 'hole.ignored', group: group.id, counter, from });
    return;
  }
  const { boot } = reply.reqId;
  const parts = reply.parts.length;
  trace(ctx, { kind: 'hole.answer', group: group.id, from, counter, boot, parts, done: reply.done });
  traceFailed(group, ctx, taken.ended);
  // a peer that lacks it answers at once: the next try waits for the timer, or two replicas would ask and answer for ever
  if (taken.ended.some(({ outcome }) => outcome === 'failed')) holes.discoverDue = false;
  if (taken.fillId !== null) {
    appendRecords(state, group, ctx, taken.records, { source: 'peer', from, fillId: taken.fillId });
    return;
  }
  if (taken.ranges.length === 0) return;
  traceFilled(group, ctx, from, counter, taken.ranges);
  traceClosed(group, ctx, before);
  advanceScl(group, ctx);
  reportRecovery(group, ctx);
}

/** HOLE-32, HOLE-33: answers a peer from the log. Serving changes nothing. */
export function onGapReq(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  from: NodeId,
  request: MessageOf<'GapReq'>,
): void {
  if (isChanging(group)) return;
  const failed = failureOf(group);
  const served = failed ? { refused: failed } : serveGap(group.holes, request);
  const { reqId, first, end } = request;
  const traceServed = (records: number, error: string): void =>
    trace(ctx, { kind: 'hole.serve', group: group.id, first, end, to: from, records, error });
  const answer = (parts: GapPart[], done: boolean, refused: Refusal | null): void =>
    send(ctx, from, {
      kind: 'GapReply',
      reqId,
      group: group.id,
      volumeEpoch: group.superblock.volumeEpoch,
      parts,
      done,
      status: ownStatus(group.holes),
      refused,
      held: served.refused ? [] : served.parts,
    });
  if (served.refused) {
    traceServed(0, served.refused.code);
    answer([], true, served.refused);
    return;
  }
  const skipsAtCut = has(state.mutants, 'store.reply-cut-skips');
  const cut = cutParts(group, state.params.replyBytes, served.parts, skipsAtCut);
  if (cut.replies.length > 1) reach(ctx, state.params, 'replyBytes');
  traceServed(cut.records, '');
  cut.replies.forEach((parts, i) => {
    answer(parts, i === cut.replies.length - 1, null);
  });
}

/** The parts of one or more replies, none much above `most` bytes; at least one reply. */
function cutParts(
  group: Group,
  most: number,
  ranges: readonly (readonly [first: number, end: number])[],
  skipsAtCut: boolean,
): { replies: GapPart[][]; records: number } {
  const replies: GapPart[][] = [[]];
  let bytes = 0;
  let count = 0;
  for (const [first, end] of ranges) {
    let from = first;
    let gathered: EncodedRecord[] = [];
    const close = (at: number): void => {
      replies[replies.length - 1]?.push({ first: from, end: at, records: joinRecords(gathered) });
      from = at;
      gathered = [];
    };
    for (const stored of recordsIn(group.log, first, end)) {
      if (skipsAtCut && replies.length > 1 && gathered.length === 0 && stored.record.lsn + 1 < end) continue;
      gathered.push(stored);
      count++;
      bytes += stored.bytes.length;
      if (bytes < most || stored.record.lsn + 1 >= end) continue;
      close(stored.record.lsn + 1);
      replies.push([]);
      bytes = 0;
    }
    close(end);
  }
  return { replies, records: count };
}

function joinRecords(records: readonly EncodedRecord[]): Uint8Array {
  let length = 0;
  for (const { bytes } of records) length += bytes.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const { bytes } of records) {
    joined.set(bytes, at);
    at += bytes.length;
  }
  return joined;
}

export function onStatusReq(
  group: Group,
  ctx: StoreContext,
  from: NodeId,
  request: MessageOf<'StatusReq'>,
): void {
  if (isChanging(group)) return;
  const { volumeEpoch } = group.superblock;
  const refused = failureOf(group) ?? checkPeerEpochs(group.holes, request);
  const status = refused ? null : ownStatus(group.holes);
  send(ctx, from, { kind: 'StatusReply', group: group.id, volumeEpoch, status, refused });
}

export function onStatusReply(group: Group, from: NodeId, reply: MessageOf<'StatusReply'>, now: Time): void {
  if (reply.status === null || reply.volumeEpoch !== group.holes.volumeEpoch) return;
  recordPeerStatus(group.holes, from, reply.status);
  const peer = findPeer(group.holes, from);
  if (peer !== undefined) peer.reportedAt = now;
}
