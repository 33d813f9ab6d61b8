// What a node shows of itself: one plain view per role, computed where the node lives (`nodeView`), pure and tested
// headless. The screen draws nothing else.

import type { GroupId, NodeId, Range } from '../base/ids.ts';
import type { RestoreView, VolumeView } from './restore-view.ts';

/** Item of a storage status list as drawn (HOLE-4); `last` is exclusive. */
export interface RunView {
  readonly first: number;
  readonly last: number;
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
  readonly gapLast: number;
  readonly curGapPos: number;
  /** Virtual µs since the last part arrived. */
  readonly ageUs: number;
  readonly limitUs: number;
  readonly attempt: number;
}

export interface PeerView {
  readonly peer: NodeId;
  readonly known: boolean;
  readonly ncl: number;
  readonly nwl: number;
  readonly pgcl: number;
  readonly suspect: boolean;
  /** Virtual µs since it told its status itself, or null: not yet. */
  readonly heardAgoUs: number | null;
  readonly requests: number;
  /** Why it may not be asked now, or null. */
  readonly ineligible: 'unknown' | 'pgclBehind' | 'full' | 'otherEpoch' | 'lacking' | null;
}

export interface RecordView {
  readonly lsn: number;
  readonly group: GroupId;
  readonly mtrFirst: number;
  readonly cpl: boolean;
  readonly commit: boolean;
  readonly kind: string;
  readonly blockKey: number;
  readonly prevVolume: number;
  readonly prevGroup: number;
  readonly prevBlock: number;
  readonly term: number;
  /** Transaction that wrote it, where the record says so (a page split belongs to none). */
  readonly tx?: number;
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
  /** Bounds of GC as told and as durable (WAL-36, 38). */
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

/** A group's members as someone knows them (wal.md §10): two sets while a change is open. */
export interface MembershipView {
  readonly memberEpoch: number;
  readonly sets: readonly (readonly NodeId[])[];
  readonly learners: readonly NodeId[];
  readonly vw: number;
  readonly vr: number;
}

/** `outgoing`: in the old set of an open change only. */
export type MemberState = 'voter' | 'outgoing' | 'learner' | 'none';

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
  /** Cached, as told by the writer. */
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
  readonly sentCount: number;
  readonly runs: readonly RunView[];
  /** Written, not yet synced. */
  readonly volatile: readonly Range[];
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
  /** Set when the replica stopped serving the group (E_DATA_DIVERGED, E_CHAIN_CONFLICT). */
  readonly failed: string | null;
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

export interface ReplicaSclView {
  readonly replica: NodeId;
  readonly scl: number;
  readonly known: boolean;
  /** Answers now, as far as heartbeats tell. */
  readonly live: boolean;
  readonly memberState: MemberState;
  /** Virtual µs at which the writer last heard from it. */
  readonly heardAt?: number;
}

export interface WriterGroupView {
  readonly group: GroupId;
  readonly pgcl: number;
  readonly tail: number;
  readonly replicas: readonly ReplicaSclView[];
  readonly members: MembershipView;
  /** F29: fewer members of some set answer than a write needs. */
  readonly belowWriteQuorum: boolean;
}

export type RecoveryStep = 'token' | 'R1' | 'R2' | 'R3' | 'R4' | 'R5' | 'R6' | 'R7';

export interface RecoveryView {
  readonly step: RecoveryStep;
  readonly token: number;
  readonly vclPrime: number | null;
  readonly vdlPrime: number | null;
  readonly startLsn: number | null;
  /** `[first, last)` this recovery annuls. */
  readonly annulled: Range | null;
  readonly groups: readonly {
    readonly group: GroupId;
    readonly tokens: readonly NodeId[];
    readonly infos: readonly NodeId[];
    readonly histories: readonly NodeId[];
    readonly filled: readonly NodeId[];
    readonly pgclPrime: number | null;
    readonly maxNwl: number | null;
    readonly left: number;
  }[];
}

/** The log buffer of a group: what waits to be sent, and the last batch that was. */
export interface LogBufferView {
  readonly group: GroupId;
  /** Last LSN sent, or −1. */
  readonly sentTo: number;
  readonly buffered: number;
  readonly bytes: number;
  readonly sinceUs: number;
  readonly batch: { readonly first: number; readonly last: number; readonly ageUs: number } | null;
}

/** A session that holds a read point, waits, or has written. */
export interface SessionView {
  readonly session: string;
  readonly node: NodeId;
  /** 0 until it writes. */
  readonly tx: number;
  /** WAL-22: its snapshot's read point, or −1. */
  readonly readPoint: number;
  readonly waiting: 'page' | 'frame' | 'ticket' | 'log' | 'lock' | 'commit' | 'turn' | null;
  /** Page key, xid or SCN it waits for, or −1. */
  readonly waitsFor: number;
}

export interface WriterLogView {
  readonly buffers: readonly LogBufferView[];
  readonly sessions: readonly SessionView[];
}

export interface FrameView {
  readonly blockKey: number;
  /** −1 while storage is asked for it. */
  readonly lsn: number;
  readonly loading: boolean;
  readonly dirty: boolean;
  readonly pins: number;
  /** WAL-10: it may not leave before VDL has reached its LSN. */
  readonly aboveVdl: boolean;
  /** Records not yet applied to the page's image. */
  readonly pending: number;
}

export interface TableView {
  readonly name: string;
  readonly relation: number;
  readonly keyRelation: number;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly primaryKey: readonly number[];
}

export interface BufferView {
  readonly frames: readonly FrameView[];
  readonly tables: readonly TableView[];
  readonly pageBytes: number;
  /** The wanted pages that are in the buffer, their pending records applied; of a B+tree all that are. */
  readonly images: readonly { readonly blockKey: number; readonly bytes: Uint8Array }[];
  /** Transactions in progress. */
  readonly active: readonly number[];
  readonly nextXid: number;
}

export interface ComputeView {
  readonly role: 'compute';
  readonly bootEpoch: number;
  /** `waiting`: a spare node without a volume. */
  readonly state: 'waiting' | 'starting' | 'recovering' | 'open' | 'fenced';
  readonly token: number;
  readonly tail: number;
  readonly vcl: number;
  readonly vdl: number;
  readonly lal: number;
  readonly startLsn: number;
  readonly allocationLimit: number;
  readonly pgmrpl: number;
  readonly logBuffer: number;
  readonly groups: readonly WriterGroupView[];
  /** Records the writer still keeps, newest `span`. */
  readonly records: readonly RecordView[];
  readonly commitsWaiting: readonly { readonly tx: number; readonly scn: number; readonly sinceUs: number }[];
  readonly activeTransactions: number;
  readonly lockWaits: number;
  readonly sessions: number;
  readonly buffer: {
    readonly used: number;
    readonly limit: number;
    readonly dirty: number;
    readonly pinnedAboveVdl: number;
  };
  readonly recovery: RecoveryView | null;
  /** When asked for. */
  readonly log?: WriterLogView;
  readonly pages?: BufferView;
}

/** A membership change under way (wal.md §10). */
export interface MoveView {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly phase: 'removing' | 'removed' | 'learner' | 'joint' | 'leaving' | 'aborting';
  /** The replica's disk was lost: it cannot be rolled back to being a member. */
  readonly isLost: boolean;
  readonly sinceUs: number;
  /** Members that have this step, durably. */
  readonly acked: readonly NodeId[];
  /** vw of every set before and after it have. */
  readonly isComplete: boolean;
  /** SCL the new member must reach (WAL-64), once known, and what it has told. */
  readonly target: number | null;
  readonly scl: number | null;
}

export interface MetaGroupView {
  readonly group: GroupId;
  readonly members: MembershipView;
  readonly move: MoveView | null;
}

export interface MetaView {
  readonly role: 'meta';
  readonly bootEpoch: number;
  readonly term: number;
  readonly commit: number;
  readonly applied: number;
  readonly token: number;
  readonly holder: NodeId | null;
  readonly writer: NodeId | null;
  readonly volumeState: 'OPEN' | 'FENCING' | 'RECOVERING' | 'CREATING';
  readonly mapVersion: number;
  readonly nodes: readonly { readonly node: NodeId; readonly up: boolean }[];
  readonly groups: readonly MetaGroupView[];
  /** All volumes and restores, once there has been more than the first volume. */
  readonly volumes?: readonly VolumeView[];
  readonly restores?: readonly RestoreView[];
}

export interface DriverView {
  readonly role: 'driver';
  readonly bootEpoch: number;
  readonly clients: number;
  readonly ok: number;
  readonly failed: number;
  readonly unknown: number;
  readonly inFlight: number;
  readonly retrying: number;
  readonly waiting: readonly { readonly session: string; readonly text: string; readonly sinceUs: number }[];
  readonly mapVersion: number;
  readonly writer: NodeId | null;
  readonly workloads: readonly {
    readonly name: string;
    readonly kind: string;
    readonly clients: number;
    readonly thinkUs: number;
    readonly ratePerSecond: number;
  }[];
}

/** The backup of a volume's group as the manifest has it (WAL-41, WAL-42). */
export interface BackupGroupView {
  readonly group: GroupId;
  readonly archiver: NodeId;
  readonly archivedTo: number;
  /** Log segments, ascending. */
  readonly logs: readonly Range[];
  readonly bases: readonly number[];
  /** Log that is lost to the backup, and the object that held it. */
  readonly gaps: readonly { readonly first: number; readonly last: number; readonly name: string }[];
  readonly restorable: readonly Range[];
}

export interface ObjectStoreView {
  readonly role: 'objectStore';
  readonly bootEpoch: number;
  readonly objects: number;
  readonly bytes: number;
  /** Uploads of which a part is there. */
  readonly uploads: number;
  /** Objects found missing or rotten since it opened, and not put again. */
  readonly bad: readonly string[];
  readonly backups: readonly {
    readonly volume: string;
    readonly version: number;
    readonly token: number;
    /** Objects that the manifest names. */
    readonly named: number;
    readonly groups: readonly BackupGroupView[];
    /** Ranges in which every CPL can be restored (WAL-43). */
    readonly restorable: readonly Range[];
    readonly cpls: number;
    readonly newestCommit: { readonly lsn: number; readonly time: number } | null;
    /** When pages are asked for: the newest commits that the manifest names, ascending. */
    readonly points?: readonly { readonly lsn: number; readonly time: number }[];
  }[];
}

export interface ToyView {
  readonly role: 'toy';
  readonly counter: number;
  readonly log: number;
}

export type RoleView = StoreView | ComputeView | MetaView | DriverView | ObjectStoreView | ToyView;

/** A node's roles in the order of its configuration. */
export interface NodeView {
  readonly node: NodeId;
  readonly roles: readonly RoleView[];
}

/** Holes of a replica as a person counts them: gaps in its log, and a missing tail once it asks for it. */
export const openHoles = (group: Pick<StoreGroupView, 'holeCount' | 'requests' | 'nwl'>): number =>
  group.holeCount + (group.requests.some((request) => request.gapFirst > group.nwl) ? 1 : 0);
