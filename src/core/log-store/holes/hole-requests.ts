// Requests of hole management: finding holes, asking peers, ending and timing out requests
// (docs/spec/holes.md HOLE-19…24, 27, 28, 36, 37, 60). HOLE-24 holds after every call.

import type { NodeId } from '../../../base/ids.ts';
import type { ReqId } from '../../kernel/fields.ts';
import type { MessageOf } from '../../kernel/messages.ts';
import { has } from '../../kernel/mutants.ts';
import { assignRange } from '../../log/range-set.ts';
import { annulledRanges } from '../../log/term-history.ts';
import { rememberTimedOut } from './hole-limit.ts';
import { nextHole, setSent } from './hole-list.ts';
import { anyCandidate, choosePeer, lackingChange } from './hole-peers.ts';
import { discoverEnd, type HolePeer, type HoleRequest, type HoleState } from './hole-state.ts';

export type GapReq = MessageOf<'GapReq'>;
export type GapReply = MessageOf<'GapReply'>;

export interface Discovery {
  readonly requests: { readonly to: NodeId; readonly message: GapReq }[];
  /** HOLE-22, HOLE-26: some gap found no peer, or recovery began. */
  readonly needStatus: boolean;
  /** `needStatus`, and the last status round is at least discoverEvery ago: send StatusReq to all peers now. */
  readonly statusRound: boolean;
}

/** One request that ended: `filled`, or it came to nothing and its holes are unsent again. */
export interface EndedRequest {
  readonly to: NodeId;
  readonly reqId: ReqId;
  readonly gapFirst: number;
  readonly gapEnd: number;
  readonly outcome: 'filled' | 'failed';
}

/** HOLE-19…22. */
export function discoverHoles(state: HoleState, now: number): Discovery {
  state.discoverDue = false;
  state.lastDiscover = now;
  const requests: Discovery['requests'] = [];
  if (state.maxToken > state.volumeEpoch) return { requests, needStatus: false, statusRound: false }; // HOLE-58
  let needStatus = state.statusWanted;
  const upTo = discoverEnd(state);
  let gap = nextHole(state.list, state.list.init, upTo, false);
  while (gap) {
    const first = gap[0];
    if (!anyCandidate(state, first)) {
      needStatus = true;
      break;
    }
    const piece = Math.min(gap[1], pieceEnd(state, first));
    const { peer, end } = chooseFor(state, first, piece, now);
    if (peer) {
      // HOLE-22: everybody who seems able was silent; another may be able by now.
      if (now < peer.suspectUntil) needStatus = true;
      requests.push(openRequest(state, peer, first, end, now));
    } else {
      needStatus = true;
      if (state.mode === 'normal') break;
    }
    gap = nextHole(state.list, end, upTo, false);
  }
  const statusRound = needStatus && now - state.lastStatusRound >= state.params.discoverEvery;
  if (statusRound) {
    state.statusWanted = false;
    state.lastStatusRound = now;
  }
  return { requests, needStatus, statusRound };
}

/**
 * HOLE-21: maxReqSpan positions. Those that the history annuls do not count: no record was ever there, and a term's LSNs
 * begin LAL above the last one's, which may be many thousand spans.
 */
function pieceEnd(state: HoleState, first: number): number {
  let end = first + state.params.maxReqSpan;
  for (const [from, to] of annulledRanges(state.history)) {
    if (from >= end) break;
    if (to > first) end += to - Math.max(from, first);
  }
  return end;
}

/**
 * The peer for a piece, and where the piece ends. In recovery a piece that every peer lacks some part of is cut where that
 * changes, and what nobody has is passed over only that far: otherwise parts that somebody has would stay unasked for ever.
 */
function chooseFor(
  state: HoleState,
  first: number,
  end: number,
  now: number,
): { peer: HolePeer | null; end: number } {
  const whole = choosePeer(state, first, end, now);
  if (whole || state.mode === 'normal') return { peer: whole, end };
  const cut = lackingChange(state, first, end);
  return { peer: cut < end ? choosePeer(state, first, cut, now) : null, end: cut };
}

function openRequest(
  state: HoleState,
  peer: HolePeer,
  first: number,
  end: number,
  now: number,
): { to: NodeId; message: GapReq } {
  const reqId: ReqId = { node: state.nodeId, boot: state.bootEpoch, counter: ++state.counter };
  peer.reqList.push({
    reqId,
    gapFirst: first,
    gapEnd: end,
    reqTime: now,
    sentAt: now,
    limit: peer.limit,
    attempt: peer.silences + 1,
    longestWait: 0,
    curGapPos: first,
    writing: 0,
    closing: false,
    lacks: [],
  });
  setSent(state.list, first, end, true);
  const { group, volumeEpoch, memberEpoch, mode } = state;
  return {
    to: peer.peerId,
    message: { kind: 'GapReq', reqId, group, volumeEpoch, memberEpoch, first, end, mode },
  };
}

/** After a merge of `[first, end)`: `curGapPos` rises, and requests without a hole left end (HOLE-27, HOLE-36). */
export function settleRequests(state: HoleState, first: number, end: number): EndedRequest[] {
  const ended: EndedRequest[] = [];
  for (const peer of state.peers) {
    let done = 0;
    for (const request of peer.reqList) {
      if (request.gapFirst >= end || first >= request.gapEnd) continue;
      const hole = nextHole(state.list, request.curGapPos, request.gapEnd);
      request.curGapPos = hole ? hole[0] : request.gapEnd;
      if (hole) continue;
      done++;
      ended.push(summaryOf(peer, request, 'filled'));
    }
    if (done > 0) peer.reqList = peer.reqList.filter((request) => request.curGapPos < request.gapEnd);
  }
  if (ended.length > 0) state.discoverDue = true;
  return ended;
}

const summaryOf = (peer: HolePeer, r: HoleRequest, outcome: EndedRequest['outcome']): EndedRequest => ({
  to: peer.peerId,
  reqId: r.reqId,
  gapFirst: r.gapFirst,
  gapEnd: r.gapEnd,
  outcome,
});

/** HOLE-37, HOLE-38: the request is dropped, its holes become unsent, its peer is suspect for a while. */
export function failRequest(
  state: HoleState,
  peer: HolePeer,
  request: HoleRequest,
  why: 'silences' | 'lacks',
  now: number,
): EndedRequest {
  peer.reqList = peer.reqList.filter((other) => other !== request);
  const { curGapPos, gapEnd } = request;
  for (const [first, end] of request.lacks) assignRange(peer.lacking, first, end, true);
  setSent(state.list, curGapPos, gapEnd, false);
  peer[why]++;
  const { backoffBase, backoffMaxExp } = state.params;
  const failures = peer.silences + peer.lacks;
  peer.suspectUntil = now + backoffBase * (1 << Math.min(failures - 1, backoffMaxExp));
  state.discoverDue = true;
  return summaryOf(peer, request, 'failed');
}

/** HOLE-37. */
export function tickHoles(state: HoleState, now: number): EndedRequest[] {
  const timedOut: EndedRequest[] = [];
  for (const peer of state.peers)
    for (const request of [...peer.reqList])
      if (request.writing === 0 && now - request.reqTime >= request.limit) {
        rememberTimedOut(state, peer, request, now);
        timedOut.push(failRequest(state, peer, request, 'silences', now));
      }
  return timedOut;
}

/** When `tickHoles` and `discoverHoles` next have something to do of themselves, or null (HOLE-23). */
export function nextHoleWake(state: HoleState): number | null {
  let wake: number | null = null;
  for (const peer of state.peers)
    for (const { writing, reqTime, limit } of peer.reqList)
      if (writing === 0) wake = Math.min(wake ?? Infinity, reqTime + limit);
  const mayAsk = state.maxToken === state.volumeEpoch; // HOLE-58
  if (mayAsk && nextHole(state.list, state.list.init, discoverEnd(state), false))
    wake = Math.min(wake ?? Infinity, state.lastDiscover + state.params.discoverEvery);
  return wake;
}

/** Drops every live request, with no suspicion (HOLE-49, HOLE-58). Pending fills are not touched. */
export function cancelRequests(state: HoleState): void {
  for (const peer of state.peers) {
    for (const { gapFirst, gapEnd } of peer.reqList) setSent(state.list, gapFirst, gapEnd, false);
    peer.reqList = [];
  }
  state.discoverDue = true;
}

export interface LiveRequest {
  readonly peer: HolePeer;
  readonly request: HoleRequest;
}

/** The live request `reqId` at peer `from`, if it is one (HOLE-34). */
export function findRequest(state: HoleState, from: NodeId, reqId: ReqId): LiveRequest | null {
  const isOwnLife = reqId.boot === state.bootEpoch || has(state.params.mutants, 'hole.no-boot-epoch');
  if (reqId.node !== state.nodeId || !isOwnLife) return null;
  const peer = state.peers.find((other) => other.peerId === from);
  const request = peer?.reqList.find((other) => other.reqId.counter === reqId.counter);
  return peer && request ? { peer, request } : null;
}
