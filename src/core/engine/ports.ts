// What an engine asks of the log that it writes and of whoever keeps its pages. A writer over a quorum log gives both; a
// reader will have another source of pages and no log, a writer over shared files another log.

import type { Lsn, NodeId, Term, TxId } from '../../base/ids.ts';
import type { MessageOf } from '../kernel/messages.ts';
import type { MtrRecord } from '../log/record.ts';
import type { PageKey } from '../page/page-key.ts';
import type { KeptWhy } from './buffer-pool.ts';

/** Thrown by access methods before any change: pages are missing, or the log has no room (WAL-7). Control flow inside one step. */
export class Blocked extends Error {
  override name = 'Blocked';
  readonly missing: readonly PageKey[];
  readonly logRecords: number;
  /** Rows of the metadata are missing. */
  readonly isMetadata: boolean;
  constructor(missing: readonly PageKey[], logRecords: number, isMetadata = false) {
    super('blocked');
    this.missing = missing;
    this.logRecords = logRecords;
    this.isMetadata = isMetadata;
  }
}

/** Thrown before any change: the device on which the volume lies has no room for new pages, or for log (polarfs.md FS-46). */
export class DeviceFull extends Error {
  override name = 'DeviceFull';
}

/** `here` · `waits`: there will be, or the volume says that it is full · otherwise what is full, in words. */
export type Room = { readonly kind: 'here' | 'waits' } | { readonly kind: 'full'; readonly what: string };

/** What room is for: what ends a transaction or gives pages back may take what is kept free for it. */
export type RoomUse = 'work' | 'end';

/** The log of the volume, for one step. */
export interface LogAppender {
  readonly volume: string;
  /** The writer's own. */
  readonly term: Term;
  readonly tail: Lsn;
  /** What is at or below it survives any crash (VDL): commits are acknowledged up to here, dirty pages may leave. */
  readonly durable: Lsn;
  /**
   * A transaction may begin to write (PCS-87): false while the node's lease of its definitions is over. Absent: it always may.
   */
  readonly mayBegin?: boolean;
  /** WAL-7: may `count` more LSNs be allocated now? */
  canAppend(count: number): boolean;
  /** Of a log on devices that may be full (FS-46, WAL-77): whether there is room for `count` records. */
  roomFor?(count: number, use: RoomUse): Room;
  /** Its records may name several pages: what an MTR changes of one relation is one record (WAL-78). */
  readonly joinsPages?: boolean;
  /** Appends one MTR (WAL-3); its records get `tail + 1 …`. Callers have asked `canAppend` in the same step. `traceId`: of the statement. */
  append(
    records: readonly MtrRecord[],
    commit: boolean,
    tx: TxId,
    traceId: number,
  ): { readonly first: Lsn; readonly last: Lsn };
  /**
   * Of a volume whose pages readers read beside the writer (LI-64): has every one of them replayed the session's lock on the relation?
   * It is logged when it is asked for first. `timeout`: they have not in time, and the statement gives up.
   */
  shareLock?(session: string, relation: number): 'granted' | 'wait' | 'timeout';
  /** LI-66: what the session has locked is released, but for these relations. */
  endLocks?(session: string, kept: readonly number[]): void;
}

/** Pages of the volume, for one step. */
export interface PageSource {
  /** The newest point at which pages can be read as one consistent state (WAL-22). */
  readonly readPoint: Lsn;
  /** Asks for the newest durable version of a page, which comes by `onPage`. Repeating it while it is asked does nothing. */
  requestPage(blockKey: PageKey): void;
  /** Of a writer that stores pages itself: the page has changes that are not stored yet, so it may not leave (LI-54). */
  isUnstored?(blockKey: PageKey): boolean;
  /** Of such a writer: whether its device has room for pages that are new; what is `here` stays theirs until they are stored (FS-45). */
  roomForPages?(made: readonly PageKey[], use: RoomUse): Room;
  /** Of such a writer: an order to let the page go was not carried out. */
  recordKept?(blockKey: PageKey, why: KeptWhy): void;
  /** Of such a writer: a statement needs a frame, and no page may leave (LI-55). */
  recordStall?(): void;
  /** Of a reader: asks for the page as of a read point below its newest version (READ-21). */
  requestVersion?(blockKey: PageKey, readPoint: Lsn): void;
  /** Of a reader: the point of the page's group that a read at `readPoint` stands for (WAL-24). */
  groupReadPoint?(blockKey: PageKey, readPoint: Lsn): Lsn;
}

/** A reader's pages as the journal's appliers see them (`PageCache` of reader/receiver.ts). */
export interface ReaderCache {
  state(blockKey: PageKey): 'absent' | 'loading' | 'here';
  apply(blockKey: PageKey, records: readonly JournalChange[]): void;
  /** LI-34: records change the page above `upTo`; views at or below it keep what is here, others ask for it anew. */
  outdate(blockKey: PageKey, upTo: Lsn): void;
  /** A released MTR, whose last record is `cpl`, changes the page. */
  released(blockKey: PageKey, cpl: Lsn): void;
  /** Of a classic standby (READ-18): asks for a page that nobody reads, to change it; false: no frame is free. */
  load(blockKey: PageKey): boolean;
  /** READ-18: a view is open at a read point below the visible LSN. */
  isViewed(): boolean;
}

/** A page change of the journal. */
export interface JournalChange extends MtrRecord {
  readonly lsn: Lsn;
}

/** A statement's question for rows of the metadata's views. */
export type ViewsQuestion = Omit<MessageOf<'GetViews'>, 'kind' | 'volume'>;

/** The PCS, for who reads its views (PCS-98). */
export interface MetadataSource {
  /** Asks who leads it, or for what may be old `of`; the answer comes by `onViews` under the same `reqId`, or not at all. */
  askViews(question: ViewsQuestion, of: NodeId | null): void;
}

export interface EnginePorts {
  readonly log: LogAppender;
  readonly pages: PageSource;
  /** Null: the engine has no metadata, and no views of it. */
  readonly metadata: MetadataSource | null;
}
