// State of the storage role: one entry per replica (node, group) that it hosts. Plain data throughout.
// What a replica has promised is in `block`, which always equals what is durable; what it merely heard is in `marks`.

import type { GroupId, Lsn, NodeId, Range, Term, Time } from '../../../base/ids.ts';
import type { BaseHead, Descriptor, MessageOf } from '../../kernel/messages.ts';
import type { Params } from '../../kernel/params.ts';
import type { HoleState } from '../../log/hole-state.ts';
import type { EncodedRecord } from '../../log/record.ts';
import type { PageKey } from '../../page/page-key.ts';
import type { Archiver } from '../archive/archiver-state.ts';
import type { RestoreLoad, Unfinished } from '../restore/restore-state.ts';
import type { Scrub, ScrubItem } from '../scrub/scrub-state.ts';
import type { Block, DirtyBlocks } from './blocks.ts';
import type { Log } from './log.ts';
import type { Failure, Superblock } from './superblock.ts';

export interface StoreState {
  readonly nodeId: NodeId;
  /** Raised once if the node turns out to have lost its disk (F24), before it hosts anything. */
  bootEpoch: number;
  readonly params: Params;
  readonly broken: readonly string[];
  started: boolean;
  /** Time of the last input, for views. */
  clock: Time;
  readonly groups: Map<GroupId, Group>;
  /** Volumes being created here: not yet a group (WAL-4). */
  readonly creations: Map<GroupId, Creation>;
  readonly writes: Map<number, PendingWrite>;
  readonly reads: Map<number, PendingRead>;
  /** Base images being taken, for new replicas and for those that have a group (WAL-71). */
  readonly imports: Map<GroupId, BaseImport>;
  nextBaseReq: number;
  /** Replicas of a restored volume that are being loaded (WAL-45). */
  readonly restores: Map<GroupId, RestoreLoad>;
  /** What a load that was cut short left on the disk: it goes on when the metadata tells it again. */
  readonly unfinished: Map<GroupId, Unfinished>;
  /** Where the volume is backed up to, or null (WAL-37). */
  readonly objectStore: NodeId | null;
  nextArchiveReq: number;
  /** The metadata has said that the volume exists: no replica is made from nothing any more (WAL-4). */
  isVolumeCreated: boolean;
  /** Keys found at open that belong to nothing; deleted at the start. */
  garbage: string[];
  /** Keys of a clean exit that were found at open: gone before the role starts (HOLE-52). */
  saved: string[];
  /** Set when the node was told to end (HOLE-51). */
  exit: Exit | null;
  /** Replicas found at open of which the metadata has not yet told what it knows, or which are being deleted (WAL-75). */
  readonly unchecked: Map<GroupId, 'asked' | 'deleting'>;
}

export interface Exit {
  phase: 'draining' | 'lists' | 'flags' | 'done';
  write: number;
  /** Groups whose lists are being saved. */
  groups: GroupId[];
}

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
  readonly scrub: Scrub;
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
  /** Base images being given, by who takes them; at most MAX_EXPORTS. */
  readonly exports: Map<NodeId, BaseExport>;
  /** Set while the metadata names it the group's archiver (WAL-40). */
  archiver: Archiver | null;
  /** It is no member any more and its copy is being deleted: nothing goes on here (WAL-66). */
  isDropped: boolean;
  /** By an operator's word it asks for no hole. */
  asksNothing: boolean;
  /** When its hole timer is set for. */
  holeWakeAt: Time | null;
}

/** A page of a base image, at its pageLsn. */
export interface PageAt {
  readonly blockKey: PageKey;
  readonly lsn: number;
}

export interface BaseExport {
  readonly base: number;
  /** Pages that exist at `base`, ascending. */
  readonly keys: readonly PageKey[];
  sent: number;
  bytes: number;
  keepUntil: Time;
}

export interface BaseImport {
  readonly volume: string;
  descriptor: Descriptor;
  readonly why: 'learner' | 'needBase';
  readonly donors: readonly NodeId[];
  /** Index of the donor asked. */
  donor: number;
  reqId: number;
  /** LSN of the image, −1 until the donor has said it. */
  base: Lsn;
  /** Last page key taken. */
  after: number;
  /** Durable here. */
  pages: PageAt[];
  total: number;
  bytes: number;
  head: BaseHead | null;
  tries: number;
  phase: 'asking' | 'writing' | 'finishing';
  /** Pages of an image that was given up, to be deleted. */
  stale: PageAt[];
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

/** What a durable superblock completes. */
export type ControlOp =
  | {
      readonly kind: 'token';
      readonly from: NodeId;
      readonly traceId: number;
      readonly message: MessageOf<'InstallToken'>;
    }
  | {
      readonly kind: 'read';
      readonly from: NodeId;
      readonly traceId: number;
      readonly message: MessageOf<'RecoveryRead'>;
    }
  | {
      readonly kind: 'history';
      readonly from: NodeId;
      readonly traceId: number;
      readonly message: MessageOf<'InstallHistory'>;
    }
  | {
      readonly kind: 'open';
      readonly from: NodeId;
      readonly traceId: number;
      readonly message: MessageOf<'OpenVolume'>;
    }
  | {
      readonly kind: 'members';
      readonly from: NodeId;
      readonly traceId: number;
      readonly message: MessageOf<'InstallMembers'>;
    }
  /** The base image that has come is taken under the replica's own log (WAL-71). */
  | { readonly kind: 'base'; readonly from: NodeId; readonly traceId: number };

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

export type PendingWrite =
  | { readonly kind: 'append'; readonly group: GroupId }
  | { readonly kind: 'super'; readonly group: GroupId }
  | { readonly kind: 'genesis'; readonly group: GroupId }
  | { readonly kind: 'created'; readonly group: GroupId }
  | { readonly kind: 'versions'; readonly group: GroupId; readonly built: readonly BuiltPage[] }
  | { readonly kind: 'compaction'; readonly group: GroupId }
  /** A page that came from a peer. */
  | { readonly kind: 'fetched'; readonly group: GroupId; readonly built: BuiltPage }
  /** What a clean exit left is being deleted; the role starts after it. */
  | { readonly kind: 'invalidate' }
  /** A replica that a rolled back disk held is being deleted (WAL-75). */
  | { readonly kind: 'rolledBack'; readonly group: GroupId }
  | {
      readonly kind: 'basePages';
      readonly group: GroupId;
      readonly taken: readonly PageAt[];
      readonly bytes: number;
      readonly done: boolean;
    }
  | { readonly kind: 'baseCreated'; readonly group: GroupId; readonly made: Group }
  /** An object of a restore, or the superblock that ends it. */
  | { readonly kind: 'restored' | 'restoreMade'; readonly group: GroupId }
  /** Deletions: nothing waits for them. */
  | { readonly kind: 'delete' };

export interface PageRequest {
  readonly from: NodeId;
  readonly traceId: number;
  readonly message: MessageOf<'ReadPage' | 'PageFetch'>;
}

export type PendingRead =
  | { readonly kind: 'page'; readonly group: GroupId; readonly request: PageRequest; readonly base: number }
  | { readonly kind: 'bases'; readonly group: GroupId; readonly builds: readonly Build[] }
  | { readonly kind: 'scrub'; readonly group: GroupId; readonly item: ScrubItem }
  | {
      readonly kind: 'base';
      readonly group: GroupId;
      readonly to: NodeId;
      readonly request: MessageOf<'BaseReq'>;
      readonly blocks: readonly PageKey[];
      readonly held: ReadonlyMap<PageKey, CachedPage>;
      readonly missing: readonly { readonly blockKey: PageKey; readonly version: number }[];
    }
  /** For a base image of the archive. */
  | {
      readonly kind: 'archive';
      readonly group: GroupId;
      readonly base: number;
      readonly blocks: readonly PageKey[];
      readonly held: ReadonlyMap<PageKey, CachedPage>;
      readonly missing: readonly { readonly blockKey: PageKey; readonly version: number }[];
    };

/** True when the named protocol rule is switched off in this run. */
export const isBroken = (state: StoreState, name: string): boolean => state.broken.includes(name);
