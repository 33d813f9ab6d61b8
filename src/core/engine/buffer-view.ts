// What an engine shows: its sessions, the frames of its buffer, its tables.

import type { NodeId } from '../../base/ids.ts';
import type { ExplainedNode } from '../sql/explained.ts';
import type { Measure } from '../sql/measure.ts';
import type { Isolation } from '../sql/statement.ts';

/** What a statement that cannot go on waits for. */
type BlockedOn =
  | 'page'
  | 'frame'
  | 'ticket'
  | 'log'
  | 'lock'
  | 'relation'
  | 'virtualxid'
  | 'advisory'
  | 'readers'
  | 'metadata';

/** A session that holds a read point, waits, or has written. */
export interface SessionView {
  readonly session: string;
  readonly node: NodeId;
  /** 0 until it writes. */
  readonly tx: number;
  /** WAL-22: its snapshot's read point, or −1. */
  readonly readPoint: number;
  readonly waiting: BlockedOn | 'commit' | 'turn' | null;
  /** Page key, xid, relation or SCN it waits for, or −1. */
  readonly waitsFor: number;
}

/** A session whose statement cannot go on now, but for its commit (`commitsWaiting`) and its turn. */
export interface BlockedSessionView {
  readonly session: string;
  /** Driver of the session. */
  readonly node: NodeId;
  readonly waiting: BlockedOn;
  /** Page key, xid or relation that it waits for, records that it wants room for, 1 for metadata that may be old, or −1. */
  readonly waitsFor: number;
  /** The row that it waits for. */
  readonly row?: { readonly relation: number; readonly tid: number };
  /** Whose transaction it waits for. */
  readonly holder?: { readonly session: string; readonly node: NodeId };
}

/** A transaction that its client has begun and not ended. */
export interface OpenBlockView {
  readonly session: string;
  /** Driver of the session. */
  readonly node: NodeId;
  /** A statement of it failed: it can only be rolled back. */
  readonly isFailed: boolean;
  /** Null once it has failed: its work is undone, and what is left is to end it. */
  readonly isolation: Isolation | null;
  /** Virtual µs since its first statement; 0 once it has failed. */
  readonly sinceUs: number;
  /** 0 until it writes. */
  readonly tx: number;
  /** WAL-22: its snapshot's read point, or −1. */
  readonly readPoint: number;
  /** Rows that it has locked without a change. */
  readonly rowLocks: number;
}

/** A session and what it does: of its client's driver; its statement that runs, or '' between statements of a transaction. */
export interface SessionAct {
  readonly session: string;
  readonly node: NodeId;
  readonly text: string;
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
  /** By their place in a row; '' is one that was dropped. `missing`: what older rows have, in text form. */
  readonly columns: readonly { readonly name: string; readonly type: string; readonly missing?: string }[];
  /** Columns of rows that do not say how many they have; absent: all. */
  readonly base?: number;
  readonly primaryKey: readonly number[];
  /** Further ones. */
  readonly indexes: readonly { readonly name: string; readonly relation: number }[];
}

/** An older version of a page in a reader's buffer: the newest at every read point from `lsn` to `upTo` (READ-17). */
export interface OlderVersionView {
  readonly blockKey: number;
  readonly lsn: number;
  readonly upTo: number;
  readonly bytes: Uint8Array;
}

export interface BufferView {
  readonly frames: readonly FrameView[];
  readonly tables: readonly TableView[];
  readonly pageBytes: number;
  /** The wanted pages that are in the buffer, their pending records applied; of a B+tree all that are. */
  readonly images: readonly { readonly blockKey: number; readonly bytes: Uint8Array }[];
  /** At a reader: older versions of the wanted pages, ascending; a page's newest one is in its frame. */
  readonly older?: readonly OlderVersionView[];
  /** Transactions in progress. */
  readonly active: readonly number[];
  readonly nextXid: number;
}

/** A statement whose plan is measured (EXPLAIN ANALYZE). */
export interface PlanView {
  readonly session: string;
  readonly node: NodeId;
  /** Of everything that is done for its request. */
  readonly traceId: number;
  /** Its text, the beginning. */
  readonly text: string;
  /** WAL-22: of its snapshot, or −1. */
  readonly readPoint: number;
  /** Virtual µs. */
  readonly startedAt: number;
  /** Null while it runs. */
  readonly endedAt: number | null;
  /** Its SQLSTATE, where it failed. */
  readonly failure: string | null;
  /** What it waits for now. */
  readonly waiting: SessionView['waiting'];
  readonly waitsFor: number;
  readonly root: ExplainedNode;
  /** Pages that came for its writes; null: it only reads. */
  readonly writing: Measure | null;
}

export interface EngineView {
  readonly commitsWaiting: readonly { readonly tx: number; readonly scn: number; readonly sinceUs: number }[];
  readonly activeTransactions: number;
  readonly lockWaits: number;
  /** The first of them, in the order in which the sessions came. */
  readonly blocked: readonly BlockedSessionView[];
  /** The first of them, likewise. */
  readonly blocks: readonly OpenBlockView[];
  readonly sessions: number;
  readonly buffer: {
    readonly used: number;
    readonly limit: number;
    readonly dirty: number;
    readonly pinnedAboveVdl: number;
  };
  /** When asked for. */
  readonly pages?: BufferView;
  /** Those that are known, oldest first, when asked for. */
  readonly plans?: readonly PlanView[];
}
