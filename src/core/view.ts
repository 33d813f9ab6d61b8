// What a node shows of itself: one plain view per role, computed where the node lives (`nodeView`), pure and tested
// headless. The screen draws nothing else.

import type { GroupId, NodeId, Range } from '../base/ids.ts';

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
}

export interface StoreView {
  readonly role: 'store';
  readonly bootEpoch: number;
  readonly groups: readonly StoreGroupView[];
}

export interface ReplicaSclView {
  readonly replica: NodeId;
  readonly scl: number;
  readonly known: boolean;
}

export interface WriterGroupView {
  readonly group: GroupId;
  readonly pgcl: number;
  readonly tail: number;
  readonly replicas: readonly ReplicaSclView[];
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

export interface ComputeView {
  readonly role: 'compute';
  readonly bootEpoch: number;
  readonly state: 'starting' | 'recovering' | 'open' | 'fenced';
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

export interface ToyView {
  readonly role: 'toy';
  readonly counter: number;
  readonly log: number;
}

export type RoleView = StoreView | ComputeView | MetaView | DriverView | ToyView;

/** A node's roles in the order of its configuration. */
export interface NodeView {
  readonly node: NodeId;
  readonly roles: readonly RoleView[];
}

/** Holes of a replica as a person counts them: gaps in its log, and a missing tail once it asks for it. */
export const openHoles = (group: Pick<StoreGroupView, 'holeCount' | 'requests' | 'nwl'>): number =>
  group.holeCount + (group.requests.some((request) => request.gapFirst > group.nwl) ? 1 : 0);
