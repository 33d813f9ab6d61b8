// The compute engine's state: plain data, a tree (sessions, transactions and frames name each other by key, xid and
// page key). Everything in it is bounded; the limits and what happens at them are below and in kernel/limits.ts.

import type { Lsn, NodeId, Time } from '../../base/ids.ts';
import type { StatementResult, StatementTree } from '../kernel/client-calls.ts';
import type { OperatorCommand } from '../kernel/commands.ts';
import type { RoleContext } from '../kernel/context.ts';
import type { Limits } from '../kernel/limits.ts';
import type { MessageOf } from '../kernel/messages.ts';
import type { Mutants } from '../kernel/mutants.ts';
import type { Params } from '../kernel/params.ts';
import type { PageKey } from '../page/page-key.ts';
import type { LockStrength, PageWatch, RowPlace, TableDef, Tid } from '../sql/access.ts';
import type { RandomStream } from '../sql/random-stream.ts';
import type { SequenceState } from '../sql/sequence.ts';
import type { Settings } from '../sql/settings.ts';
import type {
  AdvisoryCall,
  Analysed,
  Execution,
  ExecutionStep,
  Isolation,
  LockMode,
} from '../sql/statement.ts';
import type { AdvisoryLock, AdvisoryWish } from './advisory-locks.ts';
import type { BufferPool } from './buffer-pool.ts';
import type { PlanView } from './buffer-view.ts';
import type { ClientsDone, ClientsTask } from './clients-task.ts';
import type { IndexWork } from './concurrent-index.ts';
import type { FreeSpaceMap } from './free-space.ts';
import type { KeyPosition } from './key-scan.ts';
import type { Pointer, ValueName } from './large-codec.ts';
import type { MetadataRead } from './metadata-read.ts';
import type { PageVersions } from './page-versions.ts';
import type { LogAppender, MetadataSource, PageSource, RoomUse } from './ports.ts';
import type { CatalogPass, ChainResume, Holding, ScanResume } from './resumes.ts';
import type { Savepoint } from './savepoints.ts';
import type { SerialState } from './serializable.ts';
import type { TxSettings } from './session-settings.ts';

/** Statements of one request (54000). */
export const MAX_STATEMENTS = 256;
/** Rows from which a reply counts as big, and how many big ones are kept; who repeats an older one gets COMMIT_UNKNOWN. */
export const BIG_REPLY_ROWS = 256;
export const MAX_BIG_REPLIES = 16;
/** A transaction whose client says nothing for so long is rolled back. */
export const IDLE_TRANSACTION_US = 60_000_000;

export interface EngineConfig {
  readonly pageBytes: number;
  deadlockUs: number;
  limits: Limits & Pick<Params, 'nodeHeartbeatMs'>;
  /** Of each group: first relation id for tables, and the end of its relations. */
  readonly groupRelations: readonly { readonly first: number; readonly end: number }[];
  /** Planted bugs of this run (docs/proof.md); absent without any. */
  readonly mutants: Mutants;
  /** Nodes of the PCS, where there are several: each has a copy of the metadata that may be old. */
  readonly metas?: readonly NodeId[];
  /** In a cluster with readers: this node's name; replies say at which read point they stand (READ-40). */
  readonly node?: NodeId;
}

/** Which transactions a reader sees: all ended before `xmax` except those in `active`. */
export interface Snapshot {
  readonly xmin: number;
  readonly xmax: number;
  /** Ascending. */
  readonly active: readonly number[];
  /** WAL-22: VDL when it was taken. */
  readonly readPoint: Lsn;
}

export interface SessionTx {
  /** Virtual time at its first statement: `now()`. */
  readonly startedAt: Time;
  isolation: Isolation;
  isReadOnly: boolean;
  /** Shown, and of no effect: a serializable transaction that only reads waits for no safe snapshot. */
  isDeferrable?: boolean;
  /** A statement has read or written: its isolation is fixed. */
  hasQueried: boolean;
  /** Of a serializable transaction, from its snapshot on (serializable.ts). */
  serial?: number;
  /** Parameters that it has set. */
  settings: TxSettings | null;
  /** Relations that nobody reads after its commit; absent: none. */
  gone?: number[];
  /** 0 until it writes. */
  xid: number;
  snapshot: Snapshot | null;
  /** Relations it wrote to. */
  readonly written: number[];
  /** Created or dropped tables. */
  changedCatalog: boolean;
  /** Relations it reads or writes, each with how (relation-locks.ts). */
  readonly uses: number[];
  /** Levels that can be undone alone, the innermost last (savepoints.ts). */
  readonly savepoints: Savepoint[];
  /** xids of levels that were released into it. */
  readonly released: number[];
  /** Rows that it has locked (row-locks.ts); null: none yet. */
  rowLocks: RowLocks | null;
  /** Of a statement that prepares or decides another transaction (prepared.ts). */
  readonly twoPhase?: TwoPhase;
}

/** A name that is taken. `bytes`: of its entry in the volume's page. */
export interface Prepared {
  /** `preparing`: not durable yet; `deciding`: a decision is on its way. */
  state: 'preparing' | 'prepared' | 'deciding';
  readonly bytes: number;
}

/** What a transaction is that a statement of two-phase commit makes: `of` is the one that it prepares or decides. */
export interface TwoPhase {
  readonly kind: 'prepare' | 'commit' | 'rollback';
  readonly gid: string;
  readonly of: SessionTx;
}

export interface RowLocks {
  rows: RowPlace[];
  /** The oldest xid in progress at the first of them: versions that ended since then stay where they are. */
  readonly horizon: number;
}

/** A transaction that has locked a row version. */
export interface RowLocker {
  readonly xid: number;
  strength: LockStrength;
}

/** Who has a strong lock on a relation, or waits for one; weak locks that are granted are not in the line. */
export interface RelationLock {
  readonly relation: number;
  readonly session: string;
  readonly mode: LockMode;
  isGranted: boolean;
  /** Of the whole statement, over the transactions that it makes. */
  isKept?: true;
}

/** A transaction in progress: it has an xid and is not yet durable or aborted. */
export interface ActiveTx {
  readonly session: string;
  /** The transaction that it is a level of; 0 for a transaction itself. */
  readonly top: number;
  /** LSN of its commit record, −1 before. */
  scn: number;
}

export type Waiting =
  | { readonly kind: 'page'; readonly blockKey: PageKey }
  | { readonly kind: 'frame' }
  | { readonly kind: 'ticket' }
  | { readonly kind: 'log'; readonly records: number }
  /** `row`: the one that the transaction has. */
  | {
      readonly kind: 'lock';
      readonly xid: number;
      readonly row: RowPlace | null;
      readonly since: Time;
      checked: boolean;
    }
  /** `holder`: the session that it waits for first. */
  | {
      readonly kind: 'relation';
      readonly relation: number;
      readonly mode: LockMode;
      readonly holder: string;
      readonly since: Time;
      checked: boolean;
    }
  /** The end of another session's transaction, whether it has written or not. */
  | { readonly kind: 'virtualxid'; readonly holder: string; readonly since: Time; checked: boolean }
  | {
      readonly kind: 'advisory';
      readonly wish: AdvisoryWish;
      readonly holder: string;
      readonly since: Time;
      checked: boolean;
    }
  /** LI-64: readers of the volume's pages are still to replay the lock on the relation. */
  | { readonly kind: 'readers'; readonly relation: number; readonly since: Time }
  | { readonly kind: 'commit'; readonly scn: Lsn; readonly xid: number }
  /** The PCS is asked for the rows of its views (PCS-98). */
  | { readonly kind: 'metadata'; readonly since: Time; readonly isStale: boolean }
  | { readonly kind: 'turn' };

/** What an operator may do to a page of the buffer. */
export type PageOrder = Extract<OperatorCommand, { kind: 'evictPage' | 'pinPage' | 'unpinPage' }>;

/** Pages an operator may keep in the buffer; more, and statements would wait for frames. */
export const MAX_KEPT = 8;

/** No-op records up to `upTo`; `groups` by index, in turn. An MTR has at most `mtrLimit` of them. */
export interface PadOrder {
  readonly upTo: number;
  readonly groups: readonly number[];
  readonly mtrLimit: number;
}

export type Task =
  | { readonly kind: 'statement' }
  /** `metadata`: of a statement that reads views of the PCS. */
  /** `finished`: how it ended, while what its last rows leave to be done is not done. */
  | {
      readonly kind: 'execution';
      readonly execution: Execution;
      readonly metadata?: MetadataRead;
      readonly finished?: Extract<ExecutionStep, { kind: 'done' }>;
    }
  /** `args` null: they are not computed yet. `done`: answers of the first calls. */
  | {
      readonly kind: 'advisory';
      readonly calls: readonly AdvisoryCall[];
      readonly execution: Execution;
      args: readonly (string | null)[] | null;
      readonly done: (string | null)[];
    }
  | { readonly kind: 'vacuum'; readonly vacuum: VacuumState }
  /** CREATE or DROP INDEX CONCURRENTLY. */
  | { readonly kind: 'index'; readonly work: IndexWork }
  /** The engine's own start. */
  | { readonly kind: 'boot' }
  | ClientsTask
  /** No-ops up to a wanted LSN; `absent`: pages that storage has not. */
  | { readonly kind: 'pad'; readonly orders: PadOrder[]; readonly absent: PageKey[] }
  /** A COMMIT statement, or the end of a request that made its own transaction. */
  | { readonly kind: 'commit'; readonly tag: string | null }
  | { readonly kind: 'committed'; readonly tag: string | null };

/** A request that is being worked on. */
export interface Running {
  readonly statements: readonly StatementTree[];
  readonly params: readonly (string | null)[];
  readonly traceId: number;
  /** The client believes that a transaction is open. */
  readonly expectsTransaction: boolean;
  /** Settings that the request brings, in place of the session's; absent: none. */
  readonly said?: Partial<Settings>;
  /** Current statement. */
  at: number;
  /** Its begin. */
  since: Time;
  task: Task;
  readonly results: StatementResult[];
  scn: Lsn;
  /** Read point of its last statement. */
  readPoint?: Lsn;
}

export interface Session {
  readonly key: string;
  readonly node: NodeId;
  readonly name: string;
  incarnation: number;
  /** Last request taken, and its reply once made (a repeat gets it again). */
  sequence: number;
  reply: MessageOf<'SqlReply'> | null;
  running: Running | null;
  block: 'none' | 'implicit' | 'explicit' | 'failed';
  tx: SessionTx | null;
  /** Its parameters, but for what its transaction has set (session-settings.ts). */
  settings: Settings;
  waiting: Waiting | null;
  /** Pages held while it waits for one more. */
  readonly holding: Holding;
  /** Storage has no such page (it was asked for by this session). */
  lostPage: PageKey | null;
  /** Of a reader: why pages are not to be had any more at the session's read point (READ-28, LI-63); '': they are. */
  stale?: '' | 'belowFloor' | 'revoked';
  /** In a cluster with readers: read point of `reply`. */
  replyPoint?: Lsn;
  /** Where a scan that found nothing yet has come to; valid for the same call only. */
  scanResume: ScanResume | null;
  keyResume: KeyResume | null;
  chainResume: ChainResume | null;
  /** What the running call has read of the catalog so far (catalog-pass.ts). */
  catalogPass: CatalogPass | null;
  /** Large values, and parts of them, that the running statement has read last; absent: none (large-values.ts). */
  largeReads?: LargeRead[];
  /** What the rows that its statement has written leave to be done, in order; absent: nothing. */
  largeWork?: LargeWork[];
  /** What it has drawn of sequences, by relation id, and the one it drew from last; absent before the first. */
  sequences?: Map<number, DrawnBySession>;
  lastSequence?: number;
  /** Where random() stands behind setseed(), for as long as this session is; absent: nobody has called it. */
  random?: RandomStream;
  /** True once the client table was asked about this session in this life of the writer. */
  isKnown: boolean;
  /** What it waited for when its client asked last whether it is at work: the same again is no work (FENCE-47). */
  awaited?: string;
  /** The client has left; the session goes when its commit is through. */
  isClosing: boolean;
  lastUsed: Time;
}

/** What stays of a session that was forgotten; `refusal`: the answer to its last request, if that failed. */
export interface ForgottenSession {
  readonly incarnation: number;
  readonly sequence: number;
  readonly refusal: Session['reply'];
}

/** As ScanResume, for a scan by key: from the position whose last key was `from`. */
export interface KeyResume {
  readonly relation: number;
  readonly from: Uint8Array | null;
  readonly to: KeyPosition;
}

/** Of the value that is named by `row` and `column`, the parts that were read, from the first on. */
export interface LargeRead {
  readonly relation: number;
  readonly row: number;
  readonly column: number;
  readonly parts: Uint8Array[];
}

/** A value's parts are to be written, or (`bytes` null) to be ended. */
export interface LargeWork {
  readonly table: Pick<TableDef, 'relation' | 'name'>;
  readonly pointer: Pointer;
  readonly bytes: Uint8Array | null;
  /** The next part. */
  part: number;
}

export interface SpaceHint {
  /** Block that took the last new row. */
  target: number;
  readonly map: FreeSpaceMap;
  /** Rows that died since the last vacuum. */
  dead: number;
  /** Of a table's large values: names that vacuum has freed, oldest first; absent: none (large-values.ts). */
  names?: readonly ValueName[];
}

/** `lsn`: of the record that covers what is drawn. */
export interface SequenceMemory {
  readonly state: SequenceState;
  readonly lsn: Lsn;
}

/** `last` null: it has drawn none. Up to `cached` it draws without asking. */
export interface DrawnBySession {
  readonly storage: number;
  readonly last: bigint | null;
  readonly cached: bigint;
}

export interface CommitWait {
  readonly xid: number;
  readonly scn: Lsn;
  readonly since: Time;
  readonly session: string;
}

export interface VacuumState {
  readonly tables: readonly TableDef[];
  table: number;
  block: number;
  slot: number;
  /** Of a table with large values: the horizon when its rows' vacuum began; absent for others. */
  bound?: number;
  /** Its rows are done; now the parts of its large values. */
  inParts?: boolean;
}

export interface CachedPlan {
  readonly tree: Uint8Array;
  readonly analysed: Analysed;
}

export interface EngineState {
  readonly config: EngineConfig;
  /** Of a reader only: it reads every page as of a read point, and changes none. */
  readonly versions?: PageVersions;
  /** Empty until it is open. */
  volume: string;
  phase: 'closed' | 'boot' | 'open' | 'fenced';
  readonly pool: BufferPool;
  /** Pages an operator keeps in it. */
  keptPages: readonly PageKey[];
  nextXid: number;
  xidLimit: number;
  /** UUIDs and random numbers drawn in this life. */
  drawn: number;
  /** Ascending, because xids are given in order. */
  readonly active: Map<number, ActiveTx>;
  /** Transactions that outlive their sessions, by name; absent before the first. */
  prepared?: Map<string, Prepared>;
  /** In SCN order (WAL-19). */
  readonly commits: CommitWait[];
  readonly sessions: Map<string, Session>;
  /** By key, those that had to make room for another; the one forgotten last comes last. */
  readonly forgotten: Map<string, ForgottenSession>;
  readonly ready: string[];
  readonly pageWaiters: Map<PageKey, string[]>;
  readonly frameWaiters: string[];
  readonly ticketWaiters: string[];
  readonly logWaiters: string[];
  readonly lockWaiters: Map<number, string[]>;
  /** Sessions that wait for a page and hold pins. */
  tickets: number;
  readonly space: Map<number, SpaceHint>;
  readonly tables: Map<string, TableDef>;
  /** How often definitions have changed, for whoever reads them in several calls. */
  catalogChanges: number;
  /** Tables with a foreign key to a relation. */
  readonly referrers: Map<number, readonly TableDef[]>;
  /** Where the metadata keeps the catalog (PCS-83): the volume's tables, by name; its own catalog stays empty. */
  given?: ReadonlyMap<string, TableDef>;
  /** Where sequences stand, by the relation of their page, which is ahead of them; absent before the first. */
  sequences?: Map<number, SequenceMemory>;
  readonly plans: Map<string, CachedPlan>;
  /** Statements that each driver has sent whole, by its number for them (FENCE-55). */
  readonly statements: Map<NodeId, Map<number, StatementTree>>;
  /** Row versions that transactions have locked, by relation and place (row-locks.ts). */
  readonly rowLocks: Map<number, Map<Tid, RowLocker[]>>;
  /** The last statements that were explained with what they did, oldest first; absent before the first. */
  explained?: PlanView[];
  /** Of all relations, in the order in which they were wanted. */
  readonly relationLine: RelationLock[];
  /** In the order in which they were wanted; absent before the first. */
  advisory?: AdvisoryLock[];
  /** Serializable transactions; absent before the first. */
  serial?: SerialState;
  /** Per client-table block: not known to exist, absent, or there. */
  readonly clientBlocks: ('unknown' | 'absent' | 'made')[];
  /** VDL as last received, for the view. */
  vdl: Lsn;
  /** Newest incarnation seen of each driver. */
  readonly incarnations: Map<NodeId, number>;
  /** Sessions whose last reply is big, oldest first. */
  readonly bigReplies: string[];
  readonly turnWaiters: string[];
  turnTimerAt: Time | null;
  deadlockTimerAt: Time | null;
  timeoutTimerAt: Time | null;
  /** A session has set one. */
  hasTimeouts: boolean;
  idleTimerAt: Time | null;
  /** When those that wait for an answer about the metadata are looked at; absent before the first. */
  metadataTimerAt?: Time | null;
  /** Of the last work on the client table for another primary (split-copy.ts). */
  clientsDone?: ClientsDone;
  /** PCS-61: the newest entry of the metadata that an answer was of; later ones are of none before it. */
  metadataSeen?: number;
}

/** One call into the engine; transient. */
export interface Env {
  readonly engine: EngineState;
  readonly mutants: Mutants;
  ctx: RoleContext;
  readonly log: LogAppender;
  readonly pages: PageSource;
  readonly metadata: MetadataSource | null;
  /** Pages used since the running session's call began, newest last. */
  touched: PageKey[];
  /** Pages looked at so far. */
  pagesSeen: number;
  /** Who is notified of each of them (EXPLAIN ANALYZE). */
  pageWatch: PageWatch | null;
  /** The running session, or null for the engine's own work. */
  session: Session | null;
  /** It is this session's turn at the log (WAL-8), until it has appended. */
  hasLogTurn: boolean;
  /** LSNs of the log that were asked for in advance. */
  logReserved: number;
  /** What the running call takes room for (polarfs.md FS-45). */
  roomUse: RoomUse;
  /** The oldest xid that somebody may still see the end of, or −1 when not computed. */
  horizon: number;
}

/** The oldest xid in progress, or the next one. */
export const oldestActive = (engine: EngineState): number => {
  const first = engine.active.keys().next();
  return first.done ? engine.nextXid : first.value;
};

/** Is it the xid of a transaction, or of one of its levels? */
export const isOwn = ({ engine }: Env, own: number, xid: number): boolean =>
  xid === own || (own !== 0 && engine.active.get(xid)?.top === own);

/** Definitions have changed for somebody: what is remembered of them may be wrong. */
export function forgetTables(engine: EngineState): void {
  engine.tables.clear();
  engine.referrers.clear();
  engine.catalogChanges++;
}
