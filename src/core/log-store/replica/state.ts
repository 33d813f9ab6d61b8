// State of the storage role: one entry per replica (node, group) that it hosts. Plain data throughout.
// What a replica has promised is in `block`, which always equals what is durable; what it merely heard is in `marks`.

import type { GroupId, Lsn, NodeId, Range, Term, Time } from '../../../base/ids.ts';
import type { MessageOf } from '../../kernel/messages.ts';
import type { Params } from '../../kernel/params.ts';
import type { HoleState } from '../../log/hole-state.ts';
import type { EncodedRecord } from '../../log/record.ts';
import type { PageKey } from '../../page/page-key.ts';
import type { Block, DirtyBlocks } from './blocks.ts';
import type { Log } from './log.ts';
import type { Failure, Superblock } from './superblock.ts';

export interface StoreState {
  readonly nodeId: NodeId;
  /** Raised once if the node turns out to have lost its disk (F24), before it hosts anything. */
  bootEpoch: number;
  readonly params: Params;
  readonly broken: readonly string[];
  lifecycle: Lifecycle;
  /** Time of the last input, for views. */
  clock: Time;
  readonly groups: Map<GroupId, Group>;
  /** Volumes being created here: not yet a group (WAL-4). */
  readonly creations: Map<GroupId, Creation>;
  readonly writes: Map<number, PendingWrite>;
  readonly reads: Map<number, PendingRead>;
  /** Last id of a request for a part of a base image or of an object. */
  lastReqId: number;
  /** The metadata has said that the volume exists: no replica is made from nothing any more (WAL-4). */
  isVolumeCreated: boolean;
  /** Keys found at open that belong to nothing; deleted at the start. */
  garbage: string[];
  /** Keys of a clean exit that were found at open: gone before the role starts (HOLE-52). */
  saved: string[];
  /** Replicas found at open of which the metadata has not yet told what it knows, or which are being deleted (WAL-75). */
  readonly unchecked: Map<GroupId, 'asked' | 'deleting'>;
}

/**
 * Where the role stands. It starts when what a clean exit left is durably gone (HOLE-52); until then messages are dropped.
 * From `stop` on (HOLE-51) nothing is taken: writes under way are drained, then the status lists of `groups` are saved, and in
 * a second write a clean flag for each. Invariant: `saving` only when no other write is under way.
 */
export type Lifecycle =
  | { readonly kind: 'starting'; readonly isStopped: boolean }
  | { readonly kind: 'working' }
  | { readonly kind: 'draining' }
  | {
      readonly kind: 'saving';
      readonly part: 'list' | 'flag';
      readonly write: number;
      readonly groups: readonly GroupId[];
    }
  | { readonly kind: 'ended' };

/** Watermarks as told by the writer (WAL-30). */
export interface Marks {
  knownVdl: Lsn;
  groupTail: Lsn;
  pgmrpl: Lsn;
  archivedTo: Lsn;
  holdTo: Lsn;
  /** PGCL as told; discovery may trail it while records are being written. */
  pgcl: Lsn;
}

export interface Group {
  readonly id: GroupId;
  /** Exactly what is durable. */
  block: Superblock;
  readonly marks: Marks;
  readonly log: Log;
  readonly blocks: Map<PageKey, Block>;
  readonly holes: HoleState;
  scl: Lsn;
  /** Appends whose write is not yet durable, in order. */
  inflight: Append[];
  inflightBytes: number;
  /** The one superblock write in progress. */
  superWrite: SuperWrite | null;
  /** Tokens and recovery steps, one at a time, in order of arrival. */
  control: ControlOp[];
  /** The marks are to be made durable when no superblock write is in progress. */
  marksWanted: boolean;
  /** logFloor to make durable before GC drops up to it (WAL-38). */
  wantedFloor: Lsn;
  suspended: Suspension | null;
  readonly background: Background;
  compaction: Compaction | null;
  /** Page versions that were found damaged, each until its block has one at least as new (WAL-33, WAL-39). */
  readonly lostPages: PageAt[];
  /** Newest versions, by block; at most MAX_CACHED_PAGES. */
  readonly pages: Map<PageKey, CachedPage>;
  pageReads: number;
  /** Writer that runs a recovery here and is told of every change (HOLE-47). */
  reportTo: NodeId | null;
  /** Damaged segments found at the open, while what they may have lost is a hole above knownVdl (WAL-39). */
  damaged: DamagedSegment[];
  /** A torn segment was found at the open; told at the start. */
  readonly openedTorn: boolean;
  /** What came of a list saved at a clean exit: empty when it was used, null when there was none. */
  readonly openedSaved: string | null;
  /** Why it stopped serving for good, or empty; made durable as soon as it can be. */
  failure: Failure;
  /** HOLE-39 was reported. */
  needBase: boolean;
  /** Images of all pages at one LSN that somebody copies, by who does: GC keeps what they take. */
  readonly pins: Map<NodeId, PinnedImage>;
  /** How far this replica has archived the group's log, as every ack advertises; NONE while it is not the archiver (WAL-42). */
  archivedTo: Lsn;
  /** It is no member any more and its copy is being deleted: nothing goes on here (WAL-66). */
  isDropped: boolean;
  /** By an operator's word it asks for no hole. */
  asksNothing: boolean;
  /** When its hole timer is set for. */
  holeWakeAt: Time | null;
}

/** All pages of the group at `base`, for a peer's base image or one of the archive (WAL-71, WAL-41). */
export interface PinnedImage {
  readonly base: number;
  /** Pages that exist at `base`, ascending. */
  readonly keys: readonly PageKey[];
  /** Pages and bytes that have been copied. */
  sent: number;
  bytes: number;
  keepUntil: Time;
}

/** A page version. */
export interface PageAt {
  readonly blockKey: PageKey;
  readonly lsn: number;
}

export interface DamagedSegment {
  readonly ordinal: number;
  /** Positions that a lost record may have had; to MAX when nobody can tell, until a recovery has set the end. */
  readonly range: Range;
}

export type AppendSource = 'writer' | 'peer';

export interface Append {
  readonly id: number;
  readonly ordinal: number;
  readonly size: number;
  readonly source: AppendSource;
  readonly from: NodeId;
  readonly records: readonly EncodedRecord[];
  /** Fill of the hole module that this write carries out, or 0. */
  readonly fillId: number;
  readonly traceId: number;
}

export interface Suspension {
  readonly code: 'DISK_FULL' | 'EIO';
  readonly until: Time;
}

/** Requests that a durable superblock completes, by kind; other concerns add theirs. */
export interface ControlOps {
  token: { readonly message: MessageOf<'InstallToken'> };
  read: { readonly message: MessageOf<'RecoveryRead'> };
  history: { readonly message: MessageOf<'InstallHistory'> };
  open: { readonly message: MessageOf<'OpenVolume'> };
  members: { readonly message: MessageOf<'InstallMembers'> };
}

export type ControlOp<K extends keyof ControlOps = keyof ControlOps> = {
  [P in K]: { readonly kind: P; readonly from: NodeId; readonly traceId: number } & ControlOps[P];
}[K];

/** Changes of the superblock that are being made durable, and what follows. */
export interface SuperWrite {
  /** PARKED: it failed, and is written afresh when the suspension ends. */
  readonly id: number;
  readonly next: Superblock;
  /** The head of `control` is what asked for it; otherwise it only carries marks. */
  readonly isControl: boolean;
  readonly removed: readonly Lsn[];
  /** Its success ends the suspension that it was begun in. */
  readonly isProbe: boolean;
}

export const PARKED = -1;

export interface Creation {
  readonly from: NodeId;
  readonly traceId: number;
  readonly token: Term;
  readonly group: Group;
}

/** Work off the ack path: marks made durable, GC, versions built. One run at a time. */
export interface Background {
  phase: 'idle' | 'marks' | 'reading' | 'writing';
  /** Blocks with records that no version holds. */
  readonly dirty: DirtyBlocks;
  /** Blocks whose chain has grown to materialiseRecords. */
  readonly ready: Set<PageKey>;
  /** Blocks that may have records or versions to drop, and from which PGMRPL on. */
  readonly gc: Map<PageKey, number>;
  /** None of them has anything below this PGMRPL. */
  gcFrom: number;
  /** Of these, blocks with records that somebody waits for: the first of them. */
  readonly gcHeld: Map<PageKey, number>;
  /** The least of these, or below it. */
  gcHeldFrom: number;
  /** What GC was last tried with; nothing new, nothing to do. */
  gcTried: GcBounds | null;
  /** What this run's GC goes by, from when its superblock was begun. */
  gcPlan: GcBounds | null;
  wakeAt: Time | null;
  builds: Build[];
}

export type GcBounds = Readonly<Pick<Marks, 'pgmrpl' | 'archivedTo' | 'holdTo'>>;

/** A version to build: the block's records in (base, lsn] on top of version `base`. */
export interface Build {
  readonly blockKey: PageKey;
  readonly base: number;
  readonly lsn: number;
}

export interface BuiltPage {
  readonly blockKey: PageKey;
  readonly lsn: number;
  readonly page: Uint8Array;
}

export interface Compaction {
  readonly ordinal: number;
  readonly size: number;
  readonly from: readonly number[];
  readonly lsns: readonly number[];
}

export interface CachedPage {
  readonly lsn: number;
  readonly page: Uint8Array;
}

/** Disk writes under way, by what their completion is for; other concerns add theirs. */
export interface PendingWrites {
  append: OfGroup;
  super: OfGroup;
  genesis: OfGroup;
  created: OfGroup;
  versions: OfGroup & { readonly built: readonly BuiltPage[] };
  compaction: OfGroup;
  /** A replica that a rolled back disk held is being deleted (WAL-75). */
  rolledBack: OfGroup;
  /** What a clean exit left is being deleted; the role starts after it. */
  invalidate: object;
  /** Deletions: nothing waits for them. */
  delete: object;
}

export type PendingWrite<K extends keyof PendingWrites = keyof PendingWrites> = {
  [P in K]: { readonly kind: P } & PendingWrites[P];
}[K];

/** Disk reads under way; other concerns add theirs. */
export interface PendingReads {
  page: OfGroup & { readonly request: PageRequest; readonly base: number };
  bases: OfGroup & { readonly builds: readonly Build[] };
}

export type PendingRead<K extends keyof PendingReads = keyof PendingReads> = {
  [P in K]: { readonly kind: P } & PendingReads[P];
}[K];

export interface OfGroup {
  readonly group: GroupId;
}

export interface PageRequest {
  readonly from: NodeId;
  readonly traceId: number;
  readonly message: MessageOf<'ReadPage' | 'PageFetch'>;
}

/** Versions that an image's pages begin from: the cached ones, and those to be read. */
export interface ImageVersions {
  readonly blocks: readonly PageKey[];
  readonly held: ReadonlyMap<PageKey, CachedPage>;
  readonly missing: readonly { readonly blockKey: PageKey; readonly version: number }[];
}

/** True when the named protocol rule is switched off in this run. */
export const isBroken = (state: StoreState, name: string): boolean => state.broken.includes(name);
