// Peers of hole management: their cached status, which of them gets the next gap, and membership steps
// (docs/spec/holes.md HOLE-25, 26, 29, 30, 39, 41).

import type { NodeId } from '../../../base/ids.ts';
import type { PeerStorageStatus } from '../../kernel/fields.ts';
import { has } from '../../kernel/mutants.ts';
import { assignRange, memberEnd, memberFrom } from '../../log/range-set.ts';
import { nextHole, setSent } from './hole-list.ts';
import type { EndedRequest } from './hole-requests.ts';
import { discoverEnd, findPeer, type HolePeer, type HoleState, makePeer } from './hole-state.ts';

/**
 * A peer reported its storage status, in whatever message (HOLE-26). An older life or history than the one known is late
 * and left aside. In recovery, what its NCL newly covers it no longer lacks.
 */
export function recordPeerStatus(state: HoleState, peerId: NodeId, status: PeerStorageStatus): void {
  const peer = findPeer(state, peerId);
  if (!peer) return;
  const known = peer.status;
  if (known) {
    if (status.volumeEpoch < known.volumeEpoch || status.bootEpoch < known.bootEpoch) return;
    if (status.ncl > known.ncl && known.ncl + 1 >= state.list.init)
      assignRange(peer.lacking, known.ncl + 1, status.ncl + 1, false);
  }
  peer.status = status;
  state.discoverDue = true;
}

export const hasFreeSlot = (state: HoleState, peer: HolePeer): boolean =>
  peer.status !== null && peer.reqList.length < state.params.maxInflightPerPeer;

/** HOLE-30 without the part about what the peer lacks. */
export function couldServe(state: HoleState, peer: HolePeer, first: number): boolean {
  const { status } = peer;
  if (status === null) return false;
  if (state.mode === 'normal') return status.pgcl >= state.pgcl;
  const isOfHistory =
    status.volumeEpoch === state.volumeEpoch || has(state.params.mutants, 'hole.fill-ignores-history');
  return isOfHistory && status.nwl >= first;
}

function isEligible(state: HoleState, peer: HolePeer, first: number, end: number): boolean {
  if (!couldServe(state, peer, first)) return false;
  return state.mode === 'normal' || memberFrom(peer.lacking, first) >= end;
}

/**
 * HOLE-29: the peer for gap `[first, end)`; the cursor moves to it. One that was silent is asked only when nobody else could be: a gap
 * that it was given while the others were busy would wait for its whole limit, time and again.
 */
export function choosePeer(state: HoleState, first: number, end: number, now: number): HolePeer | null {
  const { peers } = state;
  const isOtherAble = peers.some((peer) => now >= peer.suspectUntil && isEligible(state, peer, first, end));
  const passes = isOtherAble ? 2 : 3;
  for (let pass = 1; pass <= passes; pass++) {
    for (let k = 1; k <= peers.length; k++) {
      const index = (state.cursor + k) % peers.length;
      const peer = peers[index];
      if (!peer?.status || !hasFreeSlot(state, peer) || !isEligible(state, peer, first, end)) continue;
      const suspect = now < peer.suspectUntil;
      if (suspect !== (pass === 3)) continue;
      if (pass === 1 && peer.status.ncl < end - 1) continue;
      state.cursor = index;
      return peer;
    }
  }
  return null;
}

/** True when some peer might get a gap that begins at or above `first`; else discovery need not look further. */
export const anyCandidate = (state: HoleState, first: number): boolean =>
  state.peers.some((peer) => hasFreeSlot(state, peer) && couldServe(state, peer, first));

/** The first position in (first, end] where what some peer lacks begins or ends. */
export function lackingChange(state: HoleState, first: number, end: number): number {
  let change = end;
  for (const { lacking } of state.peers) {
    const lacked = memberEnd(lacking, first);
    change = Math.min(change, lacked > first ? lacked : memberFrom(lacking, first));
  }
  return change;
}

/**
 * HOLE-39: the lowest hole within the limit is gone from some peer's log, and from no peer that could have served it is it
 * to be had: it is gone there too, or that peer has answered that it lacks it itself.
 */
export function isBaseNeeded(state: HoleState): boolean {
  const hole = nextHole(state.list, state.list.init, discoverEnd(state));
  if (!hole) return false;
  const [first] = hole;
  const able = state.peers.filter((peer) => couldServe(state, peer, first));
  const isGone = (peer: HolePeer): boolean => peer.logFloor >= first;
  return able.some(isGone) && able.every((peer) => isGone(peer) || memberFrom(peer.lacking, first) === first);
}

/** HOLE-41: entries of kept peers stay, requests to removed peers are dropped without suspicion. */
export function setHoleMembers(
  state: HoleState,
  members: readonly NodeId[],
  memberEpoch: number,
): EndedRequest[] {
  const ended: EndedRequest[] = [];
  state.memberEpoch = memberEpoch;
  const wanted = members.filter((member) => member !== state.nodeId);
  const old = [...state.peers];
  const kept = (peer: HolePeer): boolean => wanted.includes(peer.peerId);
  let previous: HolePeer | null = null;
  for (let k = 0; k < old.length && !previous; k++) {
    const peer = old[(state.cursor - k + old.length) % old.length];
    if (peer && kept(peer)) previous = peer;
  }
  for (const peer of old) {
    if (kept(peer)) continue;
    for (const { reqId, gapFirst, gapEnd } of peer.reqList) {
      setSent(state.list, gapFirst, gapEnd, false);
      ended.push({ to: peer.peerId, reqId, gapFirst, gapEnd, outcome: 'failed' });
    }
    peer.reqList = [];
  }
  state.peers.length = 0;
  for (const member of wanted)
    state.peers.push(old.find((peer) => peer.peerId === member) ?? makePeer(member, state.params.reqTimeout));
  state.cursor = previous ? state.peers.indexOf(previous) : state.peers.length - 1;
  state.discoverDue = true;
  return ended;
}
