// What a store shows of itself: the status list and requests of each group, its chains and pages, images on their way.

import type { GroupId, NodeId, Range } from '../../base/ids.ts';
import type { MemberState, MembershipView } from '../kernel/membership.ts';
import type { RecordView } from '../log/record-view.ts';

export const LOWEST_HOLES = 16;

/** Item of a storage status list as drawn (HOLE-4); `end` is exclusive. */
export interface RunView {
  readonly first: number;
  readonly end: number;
  readonly type: 'data' | 'hole' | 'end';
  readonly sent: boolean;
  /** Short id of the live request that covers a sent hole (`r17`), else null. */
  readonly request: string | null;
}

export interface GapRequestView {
  readonly id: string;
  readonly reqId: readonly [node: string, boot: number, counter: number];
  readonly peer: NodeId;
  readonly gapFirst: number;
  readonly gapEnd: number;
  readonly curGapPos: number;
  /** Virtual µs since the last part arrived. */
  readonly ageUs: number;
  readonly limitUs: number;
  /** One more than the requests that its peer had left without an answer when it was sent. */
  readonly attempt: number;
}

export interface PeerView {
  readonly peer: NodeId;
  readonly known: boolean;
  readonly ncl: number;
  readonly nwl: number;
  readonly pgcl: number;
  readonly suspect: boolean;
  /** Virtual µs since it reported its status itself, or null: not yet. */
  readonly reportedAgoUs: number | null;
  readonly requests: number;
  /** Why it may not be asked now, or null. */
  readonly ineligible: 'unknown' | 'pgclBehind' | 'full' | 'otherEpoch' | 'lacking' | null;
}

/** A block of a store's index (WAL-31): chain and versions by LSN. Listed when pages are asked for. */
export interface BlockView {
  readonly blockKey: number;
  /** Retained records, newest `chainLimit` of them. */
  readonly chain: readonly number[];
  readonly chainLength: number;
  readonly versions: readonly number[];
  /** LSN up to which a version is being built now, or null. */
  readonly building: number | null;
  /** Records that no version contains. */
  readonly pending: number;
  /** What GC may drop at the present bounds (WAL-36): records ≤, versions <. */
  readonly droppableTo: number;
}

export interface BlocksView {
  readonly blocks: readonly BlockView[];
  readonly total: number;
  /** Work off the ack path (WAL-32): what it does now, µs until the next run, or null. */
  readonly phase: 'idle' | 'marks' | 'reading' | 'writing';
  readonly nextRunUs: number | null;
  /** Bounds of GC as advertised and as durable (WAL-36, 38). */
  readonly archivedTo: number;
  readonly holdTo: number;
  readonly durablePgmrpl: number;
  readonly wantedFloor: number;
  readonly logBytes: number;
  readonly segments: number;
}

/** A record with what redo needs, so that a reader can apply it (WAL-35). */
export interface ChainRecordView extends RecordView {
  readonly op: number;
  readonly init: boolean;
  readonly payload: Uint8Array;
  /** Virtual µs at which the writer made it. */
  readonly time: number;
}

/** How a store reads one page at a point: base version, then the chain's records up to it. */
export interface StorePageView {
  readonly blockKey: number;
  /** Read point the view is for; the newest durable LSN when none was asked. */
  readonly at: number;
  readonly versions: readonly number[];
  /** Version the read starts from; −1: from nothing. */
  readonly baseLsn: number;
  /** Null: on disk only, not among the cached pages; or there is none. */
  readonly base: Uint8Array | null;
  /** Retained records of the block, those that the base contains and those beyond `at` too. */
  readonly records: readonly ChainRecordView[];
  /** Why it cannot be read at `at`, or null. */
  readonly refused: 'NO_SUCH_PAGE' | 'STALE_READ_POINT' | 'READ_POINT_AHEAD' | null;
}

/** The commit record of a transaction; its LSN is the SCN. */
export interface CommitView {
  readonly tx: number;
  readonly lsn: number;
  readonly mtrFirst: number;
}

/** A base image on its way (WAL-71): pages there of all, and their bytes. */
export interface BaseImageView {
  readonly group: GroupId;
  readonly peer: NodeId;
  readonly base: number;
  readonly pages: number;
  readonly total: number;
  readonly bytes: number;
}

/** The background check of what lies on a replica's disk (WAL-39): counts since the node opened, and what is open. */
export interface ScrubView {
  /** Values looked at, found damaged, and good again. */
  readonly checked: number;
  readonly found: number;
  readonly repaired: number;
  /** What it looks at now, and how much of this round is left. */
  readonly looksAt: 'super' | 'log' | 'page';
  readonly left: number;
  /** Records given up with damaged segments that are not back yet. */
  readonly lost: readonly Range[];
  readonly lostPages: readonly { readonly blockKey: number; readonly lsn: number }[];
  /** Peer that is asked for a page, or null. */
  readonly asks: NodeId | null;
}

export interface StoreGroupView {
  readonly group: GroupId;
  readonly scl: number;
  readonly ncl: number;
  readonly nwl: number;
  /** Cached, as the writer advertised it. */
  readonly pgcl: number;
  readonly sgcl: number;
  readonly knownVdl: number;
  readonly groupTail: number;
  readonly pgmrpl: number;
  readonly logFloor: number;
  readonly maxToken: number;
  readonly volumeEpoch: number;
  readonly memberEpoch: number;
  readonly term: number;
  readonly open: boolean;
  readonly mode: 'normal' | 'recovery';
  readonly maxNwl: number | null;
  readonly minStart: number;
  readonly holeCount: number;
  /** The lowest holes below `nwl`, at most `LOWEST_HOLES`, whatever part of the list is drawn. */
  readonly lowestHoles: readonly Range[];
  readonly sentCount: number;
  readonly runs: readonly RunView[];
  /** Written, not yet synced. */
  readonly volatile: readonly Range[];
  /** By an operator's word it asks for no hole. */
  readonly asksNothing: boolean;
  readonly requests: readonly GapRequestView[];
  readonly peers: readonly PeerView[];
  readonly cursor: NodeId | null;
  readonly next: NodeId | null;
  /** Holes not asked now because they lie above this limit (HOLE-19). */
  readonly discoverLimit: number;
  readonly pages: number;
  readonly chainRecords: number;
  readonly versions: number;
  readonly records: readonly RecordView[];
  /** Why the replica does not serve the group, or not yet (E_DATA_DIVERGED, DISK_FULL, UNCHECKED, DISK_LOST …). */
  readonly failed: string | null;
  /** WAL-39: damage hides what it acknowledged, so it keeps out of recoveries. */
  readonly abstains: boolean;
  /** In the long form: positions lost to damaged segments (WAL-39), and the terms of its history (WAL-53). */
  readonly damaged?: readonly Range[];
  readonly history?: readonly {
    readonly term: number;
    readonly startLsn: number;
    readonly prevEnd: number;
  }[];
  readonly scrub?: ScrubView;
  /** When pages are asked for, one page, or a commit. */
  readonly blocks?: BlocksView;
  /** The wanted pages of this group. */
  readonly wanted?: readonly StorePageView[];
  readonly commit?: CommitView | null;
  readonly members: MembershipView;
  readonly memberState: MemberState;
  /** HOLE-39: what it lacks is gone from every peer's log; a base image heals it. */
  readonly needBase: boolean;
  /** Images it gives to others. */
  readonly exporting: readonly BaseImageView[];
}

export interface StoreView {
  readonly role: 'store';
  readonly bootEpoch: number;
  readonly groups: readonly StoreGroupView[];
  /** Images it takes, for replicas that it hosts and for new ones. */
  readonly importing: readonly BaseImageView[];
}

/** Holes of a replica as a person counts them: gaps in its log, and a missing tail once it asks for it. */
export const openHoles = (group: Pick<StoreGroupView, 'holeCount' | 'requests' | 'nwl'>): number =>
  group.holeCount + (group.requests.some((request) => request.gapFirst > group.nwl) ? 1 : 0);

declare module '../kernel/view.ts' {
  interface RoleViews {
    store: StoreView;
  }
}
