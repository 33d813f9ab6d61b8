// How long a request may wait at a peer (docs/spec/holes.md HOLE-37, HOLE-60). A fixed limit below a slow link's round
// trip would make every answer late, and a replica that is behind would never fill. So each peer has a limit of its own,
// measured: an answer that comes after its request has ended says how long the peer takes, and so does one in time. Loss
// and a dead peer say nothing, and leave the limit as it is.

import type { HolePeer, HoleRequest, HoleState } from './hole-state.ts';

/** A limit is at most this many reqTimeouts; an answer later than that measures nothing. */
export const LONGEST_LIMIT = 1024;

const longest = (state: HoleState): number => state.params.reqTimeout * LONGEST_LIMIT;

/** A request has timed out: its answer may still come, and is then measured. The first ones are kept, for they are answered first. */
export function rememberTimedOut(
  state: HoleState,
  peer: HolePeer,
  { reqId, sentAt }: HoleRequest,
  now: number,
): void {
  peer.timedOut = peer.timedOut.filter((other) => now - other.sentAt <= longest(state));
  if (peer.timedOut.length < state.params.timedOutRequests)
    peer.timedOut.push({ counter: reqId.counter, sentAt });
}

/** The answer to a request that has timed out: nothing of it is used (HOLE-34), but later requests wait long enough. */
export function measureLate(state: HoleState, peer: HolePeer, counter: number, now: number): void {
  const found = peer.timedOut.find((other) => other.counter === counter);
  if (!found) return;
  peer.timedOut = peer.timedOut.filter((other) => other !== found);
  peer.limit = Math.max(peer.limit, Math.min(longest(state), 2 * (now - found.sentAt)));
}

/** A part came in time. */
export function measurePart(request: HoleRequest, now: number): void {
  request.longestWait = Math.max(request.longestWait, now - request.reqTime);
  request.reqTime = now;
}

/** A request was completed by its own answer: the limit comes down to twice what that took, by half at most. */
export function measureCompleted(state: HoleState, peer: HolePeer, request: HoleRequest): void {
  const least = Math.max(state.params.reqTimeout, 2 * request.longestWait);
  peer.limit = Math.min(longest(state), Math.max(least, Math.trunc(peer.limit / 2)));
}
