// State of hole management of one replica, one group (docs/spec/holes.md HOLE-1): plain data, no network, disk or clock.
// The functions over it are in hole-manager.ts (merge, truncate, settings), hole-requests.ts (discover, tick),
// hole-fill.ts (replies), hole-serve.ts (a peer's request) and hole-recovery.ts (recover, report).

import type { GroupId, Lsn, NodeId, Range, Term } from '../../../base/ids.ts';
import { NONE } from '../../../base/ids.ts';
import type { HistoryEntry, PeerStorageStatus, ReqId } from '../../kernel/fields.ts';
import { has, type Mutants } from '../../kernel/mutants.ts';
import { makeRangeSet, type RangeSet } from '../../log/range-set.ts';
import { type HoleList, nclOf, nwlOf } from './hole-list.ts';

/** HOLE-31. Times in the unit of every `now` passed in. */
export interface HoleParams {
  readonly reqTimeout: number;
  readonly backoffBase: number;
  readonly backoffMaxExp: number;
  readonly maxReqSpan: number;
  readonly maxInflightPerPeer: number;
  readonly discoverEvery: number;
  readonly checkpointMerges: number;
  readonly timedOutRequests: number;
  readonly mutants: Mutants;
}

/** HOLE-27. */
export interface HoleRequest {
  readonly reqId: ReqId;
  readonly gapFirst: number;
  readonly gapEnd: number;
  reqTime: number;
  readonly sentAt: number;
  /** What its peer's limit was when it was sent (HOLE-60). */
  readonly limit: number;
  /** One more than the requests that its peer had left without an answer when it was sent (HOLE-27). */
  readonly attempt: number;
  /** Longest wait for one of its parts so far. */
  longestWait: number;
  curGapPos: number;
  /** Fills from this request that are being written; until they are durable the request neither ends nor times out. */
  writing: number;
  /** Its last reply has come, but holes may remain when the writes are done (HOLE-38). */
  closing: boolean;
  /** Parts of the gap that its peer answered not to have, or sent damaged. */
  lacks: Range[];
}

/** HOLE-25. */
export interface HolePeer {
  readonly peerId: NodeId;
  status: PeerStorageStatus | null;
  reqList: HoleRequest[];
  /** Requests that timed out, and those that it answered without filling them, since it has last completed one (HOLE-36 to HOLE-38). */
  silences: number;
  lacks: number;
  suspectUntil: number;
  /** When it last reported its status itself. */
  reportedAt: number | null;
  /** How long a new request may wait here (HOLE-60). */
  limit: number;
  /** Requests that timed out and whose answers may still come: they measure the peer, nothing else. */
  timedOut: { readonly counter: number; readonly sentAt: number }[];
  /** Positions it answered not to have, in this recovery (HOLE-30, HOLE-38). */
  readonly lacking: RangeSet;
  /** Highest logFloor it refused with (HOLE-39). */
  logFloor: number;
}

/** A fill between decision and durability. */
export interface PendingFill {
  readonly id: number;
  readonly peerId: NodeId;
  readonly counter: number;
  /** What becomes DATA once its records are durable. */
  readonly ranges: readonly Range[];
}

export type HoleMode = 'normal' | 'recovery';

export interface HoleState {
  readonly params: HoleParams;
  readonly nodeId: NodeId;
  readonly group: GroupId;
  readonly bootEpoch: number;
  readonly list: HoleList;
  mode: HoleMode;
  volumeEpoch: Term;
  memberEpoch: number;
  maxToken: Term;
  history: readonly HistoryEntry[];
  /** Upper bound of the fill in recovery mode. */
  maxNwl: number;
  pgcl: number;
  sgcl: number;
  /** The group tail of knownVdl: nothing at or below it is ever truncated. */
  groupTail: number;
  logFloor: number;
  readonly peers: HolePeer[];
  /** Index in `peers` of the previous gap's peer. */
  cursor: number;
  /** Last request number of this boot (HOLE-28). */
  counter: number;
  /** At most one per position of a live gap, so bounded by peers · maxInflightPerPeer · maxReqSpan. */
  readonly fills: Map<number, PendingFill>;
  nextFill: number;
  /** Positions of pending fills: not stored twice. */
  readonly writing: RangeSet;
  /** Records that the last recovery deleted, lowest first, at most MAX_REPORTED. */
  removed: Lsn[];
  /** HOLE-23: something changed that may allow a new request. */
  discoverDue: boolean;
  lastDiscover: number;
  /** A round of StatusReq is wanted whatever discovery finds (entry to recovery, HOLE-26). */
  statusWanted: boolean;
  lastStatusRound: number;
  /** Last NCL checkpoint handed out (HOLE-57). */
  checkpoint: number;
  mergesSinceCheckpoint: number;
}

/** Most entries of each list in a HistoryAck; the lowest positions are kept. Phase and watermarks are always exact. */
export const MAX_REPORTED = 4096;

/** What a replica knows of itself when its node opens. */
export interface HoleOpen {
  readonly params: HoleParams;
  readonly nodeId: NodeId;
  readonly group: GroupId;
  readonly bootEpoch: number;
  readonly list: HoleList;
  /** Durable with the history; survives a restart until OpenVolume (HOLE-58). */
  readonly mode: HoleMode;
  readonly volumeEpoch: Term;
  readonly memberEpoch: number;
  readonly maxToken: Term;
  readonly history: readonly HistoryEntry[];
  readonly maxNwl: number;
  readonly pgcl: number;
  readonly groupTail: number;
  readonly logFloor: number;
  /** The durable NCL checkpoint. */
  readonly checkpoint: number;
  /** The group's members in order; this node is left out (HOLE-25). */
  readonly members: readonly NodeId[];
}

export function makeHoleState(open: HoleOpen): HoleState {
  const { reqTimeout } = open.params;
  const peers = open.members
    .filter((member) => member !== open.nodeId)
    .map((member) => makePeer(member, reqTimeout));
  // A literal: what a rest and a spread of so many fields make has a hidden class of its own for each replica.
  return {
    params: open.params,
    nodeId: open.nodeId,
    group: open.group,
    bootEpoch: open.bootEpoch,
    list: open.list,
    mode: open.mode,
    volumeEpoch: open.volumeEpoch,
    memberEpoch: open.memberEpoch,
    maxToken: open.maxToken,
    history: open.history,
    maxNwl: open.maxNwl,
    pgcl: open.pgcl,
    groupTail: open.groupTail,
    logFloor: open.logFloor,
    checkpoint: open.checkpoint,
    sgcl: open.list.init - 1,
    peers,
    cursor: peers.length - 1,
    counter: 0,
    fills: new Map(),
    nextFill: 1,
    writing: makeRangeSet(),
    removed: [],
    discoverDue: true,
    lastDiscover: Number.MIN_SAFE_INTEGER,
    statusWanted: true,
    lastStatusRound: Number.MIN_SAFE_INTEGER,
    mergesSinceCheckpoint: 0,
  };
}

export const makePeer = (peerId: NodeId, reqTimeout: number): HolePeer => ({
  peerId,
  status: null,
  reqList: [],
  silences: 0,
  lacks: 0,
  suspectUntil: Number.MIN_SAFE_INTEGER,
  limit: reqTimeout,
  reportedAt: null,
  timedOut: [],
  lacking: makeRangeSet(),
  logFloor: NONE,
});

export const findPeer = (state: HoleState, peerId: NodeId): HolePeer | undefined =>
  state.peers.find((peer) => peer.peerId === peerId);

/** What this replica tells its peers of itself (HOLE-26). */
export const ownStatus = (state: HoleState): PeerStorageStatus => ({
  ncl: nclOf(state.list) as Lsn,
  nwl: nwlOf(state.list) as Lsn,
  pgcl: state.pgcl as Lsn,
  volumeEpoch: state.volumeEpoch,
  bootEpoch: state.bootEpoch,
});

/** End (exclusive) of what discovery may ask for (HOLE-19). */
export function discoverEnd(state: HoleState): number {
  if (state.mode === 'recovery') return state.maxNwl + 1;
  return Math.max(state.sgcl, has(state.params.mutants, 'hole.not-clipped') ? nwlOf(state.list) : -1) + 1;
}
