// What a compute node shows of itself: watermarks, what it has heard of each replica, its recovery, sessions and buffer.

import type { GroupId, NodeId, Range } from '../../base/ids.ts';
import type { RecordView } from '../log-store/store-view.ts';
import type { MemberState, MembershipView } from '../pcs/pcs-view.ts';

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
