// Filling holes from a peer's reply, in two steps (docs/spec/holes.md HOLE-34…38): `acceptReply` decides which records to
// store; once they are durable `completeFill` merges their ranges. Between the two the fill is in `state.fills`, and its
// request neither times out nor ends (HOLE-37). Truncation forgets pending fills: completing one later does nothing.

import { MAX, NONE, type NodeId, type Range } from '../../../base/ids.ts';
import { has } from '../../kernel/mutants.ts';
import { assignRange, makeRangeSet, splitRange } from '../../log/range-set.ts';
import { type EncodedRecord, readRecords } from '../../log/record.ts';
import { termAt } from '../../log/term-history.ts';
import { measureCompleted, measureLate, measurePart } from './hole-limit.ts';
import { type Merged, mergeRange, splitByData } from './hole-list.ts';
import { recordPeerStatus } from './hole-peers.ts';
import {
  type EndedRequest,
  failRequest,
  findRequest,
  type GapReply,
  type LiveRequest,
  settleRequests,
} from './hole-requests.ts';
import { findPeer, type HolePeer, type HoleRequest, type HoleState } from './hole-state.ts';

export interface FillDone extends Merged {
  readonly ended: EndedRequest[];
  /** True when the volume was truncated meanwhile: nothing was merged, and the store must not keep the records. */
  readonly stale: boolean;
}

export interface ReplyTaken {
  readonly ignored: false;
  /** Store these, then call `completeFill(fillId)`; null when there is nothing to store. */
  readonly fillId: number | null;
  readonly records: EncodedRecord[];
  /** What the fill will make DATA, or has made when no record was needed. */
  readonly ranges: Range[];
  /** Parts dropped whole: a record was damaged, out of chain or of a term that does not own its LSN. */
  readonly rejectedParts: number;
  readonly ended: EndedRequest[];
}

export type ReplyOutcome = { readonly ignored: true } | ReplyTaken;

interface Wanted {
  readonly records: EncodedRecord[];
  readonly ranges: Range[];
}

/** HOLE-35 up to the store call. `isOurs`: further checks of a record that only the store can make (its page's group). */
export function acceptReply(
  state: HoleState,
  from: NodeId,
  reply: GapReply,
  now: number,
  isOurs: (record: EncodedRecord) => boolean = () => true,
): ReplyOutcome {
  const live = findRequest(state, from, reply.reqId);
  const isOfHistory =
    reply.volumeEpoch === state.volumeEpoch || has(state.params.mutants, 'hole.fill-ignores-history');
  if (!live || !isOfHistory || reply.group !== state.group) {
    const late = live ? undefined : findPeer(state, from);
    const { node, boot, counter } = reply.reqId;
    if (late && node === state.nodeId && boot === state.bootEpoch) {
      if (has(state.params.mutants, 'hole.late-reply-counts')) takeLateReply(state, late, reply);
      measureLate(state, late, counter, now);
    }
    return { ignored: true }; // HOLE-34
  }
  const { peer, request } = live;
  recordPeerStatus(state, from, reply.status);
  peer.reportedAt = now;
  if (reply.refused?.code === 'LOG_GONE') peer.logFloor = Math.max(peer.logFloor, reply.refused.current);
  const records: EncodedRecord[] = [];
  const ranges: Range[] = [];
  let rejectedParts = 0;
  for (const part of reply.parts) {
    const first = Math.max(part.first, request.gapFirst);
    const end = Math.min(part.end, request.gapEnd);
    if (first >= end) continue;
    const checked = checkPart(state, part, isOurs);
    if (!checked) {
      rejectedParts++;
      request.lacks.push([first, end]);
      continue;
    }
    measurePart(request, now);
    const isWhole = has(state.params.mutants, 'hole.short-reply-fills');
    const wanted = isWhole
      ? wantedOf(state, checked, request.gapFirst, request.gapEnd)
      : wantedOf(state, checked, first, end);
    records.push(...wanted.records);
    ranges.push(...wanted.ranges);
  }
  if (reply.refused || reply.done) {
    request.closing = true;
    request.lacks.push(...lackedBy(live, reply));
  }
  return startFill(state, live, records, ranges, rejectedParts, now);
}

/**
 * What of its gap the peer has answered not to have (HOLE-38). Holes that are left only because an earlier reply was lost
 * are not among them, nor is what a newer status of the peer covers: loss may delay a recovery, not block it (HOLE-40).
 */
function lackedBy({ peer, request }: LiveRequest, reply: GapReply): Range[] {
  const { gapFirst, gapEnd } = request;
  const { refused } = reply;
  if (refused === null) {
    const known = makeRangeSet();
    assignRange(known, 0, (peer.status?.ncl ?? NONE) + 1, true);
    for (const [first, end] of reply.held) assignRange(known, first, end, true);
    return splitRange(known, gapFirst, gapEnd).outside;
  }
  switch (refused.code) {
    case 'STALE_EPOCH':
    case 'EPOCH_AHEAD':
    case 'NOT_READY':
      return []; // says nothing of the gap
    case 'LOG_GONE':
      return gapFirst <= refused.current ? [[gapFirst, Math.min(gapEnd, refused.current + 1)]] : [];
    default:
      return [[gapFirst, gapEnd]];
  }
}

/** Of `hole.late-reply-counts`: DATA without a durable record. */
function takeLateReply(state: HoleState, peer: HolePeer, reply: GapReply): void {
  if (!peer.timedOut.some(({ counter }) => counter === reply.reqId.counter)) return;
  for (const { first, end } of reply.parts) {
    if (first < state.list.init || end > state.sgcl + 1 || first >= end) continue;
    mergeRange(state.list, first, end);
    settleRequests(state, first, end);
  }
}

/** The part's records, or null if anything about it is wrong: then none of it is used. */
function checkPart(
  state: HoleState,
  part: GapReply['parts'][number],
  isOurs: (record: EncodedRecord) => boolean,
): EncodedRecord[] | null {
  if (part.end > MAX || part.first < state.list.init) return null;
  const { records, error } = readRecords(part.records);
  if (error !== null) return null;
  let before: number | null = null;
  for (const encoded of records) {
    const { lsn, prevGroup, term, group } = encoded.record;
    if (lsn < part.first || lsn >= part.end || group !== state.group) return null;
    if (before === null ? prevGroup >= part.first : prevGroup !== before) return null;
    const isOfHistory =
      termAt(state.history, lsn) === term || has(state.params.mutants, 'hole.fill-ignores-history');
    if (!isOfHistory || !isOurs(encoded)) return null;
    before = lsn;
  }
  return records;
}

/** What of a clipped part is neither DATA already nor being written; marks it as being written. */
function wantedOf(state: HoleState, part: readonly EncodedRecord[], first: number, end: number): Wanted {
  const ranges: Range[] = [];
  for (const hole of splitByData(state.list, first, end).holes)
    ranges.push(...splitRange(state.writing, hole[0], hole[1]).outside);
  const records: EncodedRecord[] = [];
  let r = 0;
  for (const encoded of part) {
    const { lsn } = encoded.record;
    while (r < ranges.length && (ranges[r]?.[1] ?? MAX) <= lsn) r++;
    const range = ranges[r];
    if (range && range[0] <= lsn) records.push(encoded);
  }
  for (const range of ranges) assignRange(state.writing, range[0], range[1], true);
  return { records, ranges };
}

function startFill(
  state: HoleState,
  { peer, request }: LiveRequest,
  records: EncodedRecord[],
  ranges: Range[],
  rejectedParts: number,
  now: number,
): ReplyTaken {
  if (ranges.length === 0) {
    const ended = closeIfOver(state, peer, request, now);
    return { ignored: false, fillId: null, records, ranges, rejectedParts, ended };
  }
  const fillId = state.nextFill++;
  state.fills.set(fillId, { id: fillId, peerId: peer.peerId, counter: request.reqId.counter, ranges });
  request.writing++;
  if (records.length > 0) return { ignored: false, fillId, records, ranges, rejectedParts, ended: [] };
  const { ended } = completeFill(state, fillId, now); // nothing to write: positions known empty from the part
  return { ignored: false, fillId: null, records, ranges, rejectedParts, ended };
}

/** The fill's records are durable (HOLE-35): their ranges become DATA. */
export function completeFill(state: HoleState, fillId: number, now: number): FillDone {
  const done: { added: Range[]; overlap: Range[]; ended: EndedRequest[] } = {
    added: [],
    overlap: [],
    ended: [],
  };
  const fill = state.fills.get(fillId);
  if (!fill) return { ...done, stale: true };
  state.fills.delete(fillId);
  const peer = findPeer(state, fill.peerId);
  const own = peer?.reqList.find(({ reqId }) => reqId.counter === fill.counter);
  for (const [first, end] of fill.ranges) {
    assignRange(state.writing, first, end, false);
    const merged = mergeRange(state.list, first, end);
    done.added.push(...merged.added);
    done.overlap.push(...merged.overlap);
    state.mergesSinceCheckpoint++;
    done.ended.push(...settleRequests(state, first, end));
  }
  if (peer && own && !peer.reqList.includes(own)) {
    [peer.silences, peer.lacks] = [0, 0]; // HOLE-36: its own reply completed it
    measureCompleted(state, peer, own);
  }
  done.ended.push(...leaveWriting(state, fill.peerId, fill.counter, now));
  return { ...done, stale: false };
}

/** The fill's records could not be stored: its positions stay holes of their request. */
export function abandonFill(state: HoleState, fillId: number, now: number): EndedRequest[] {
  const fill = state.fills.get(fillId);
  if (!fill) return [];
  state.fills.delete(fillId);
  for (const [first, end] of fill.ranges) assignRange(state.writing, first, end, false);
  return leaveWriting(state, fill.peerId, fill.counter, now);
}

function leaveWriting(state: HoleState, peerId: NodeId, counter: number, now: number): EndedRequest[] {
  const peer = findPeer(state, peerId);
  const request = peer?.reqList.find((other) => other.reqId.counter === counter);
  if (!peer || !request) return [];
  request.writing--;
  return closeIfOver(state, peer, request, now);
}

/** A request whose last reply has come and whose writes are done, and which still has holes, came to nothing (HOLE-38). */
function closeIfOver(state: HoleState, peer: HolePeer, request: HoleRequest, now: number): EndedRequest[] {
  if (request.writing > 0 || !request.closing) return [];
  return [failRequest(state, peer, request, 'lacks', now)];
}
