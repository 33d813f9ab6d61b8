// The state of one replica by concern: watermarks, ingest, control, pages, background work, GC, repair. Plain data; `Group`
// (state.ts) holds one of each, made by makeGroup (open.ts).

import type { Lsn, NodeId, Range, Time } from '../../../base/ids.ts';
import type { EncodedRecord } from '../../log/record.ts';
import type { PageKey } from '../../page/page-key.ts';
import type { Block, DirtyBlocks } from './blocks.ts';
import type { ControlOp } from './state.ts';
import type { Superblock } from './superblock.ts';

/** As the writer last advertised them (WAL-30). Invariant: each but holdTo never falls, and is at or above the superblock's. */
export interface Watermarks {
  knownVdl: Lsn;
  groupTail: Lsn;
  pgmrpl: Lsn;
  /** How far the archive has the group's log. */
  archivedTo: Lsn;
  /** How far the log need not be kept for replicas that are behind. */
  holdTo: Lsn;
  /** PGCL; discovery may trail it while records are being written. */
  pgcl: Lsn;
}

export interface Ingest {
  /** Appends whose write is not yet durable, in order. */
  appends: Append[];
  /** Invariant: the sum of their sizes. */
  bytes: number;
}

export interface Append {
  readonly id: number;
  readonly ordinal: number;
  readonly size: number;
  readonly source: 'writer' | 'peer';
  readonly from: NodeId;
  readonly records: readonly EncodedRecord[];
  /** Fill of the hole module that this write carries out, or 0. */
  readonly fillId: number;
  readonly traceId: number;
}

export interface Control {
  /** Requests that change the superblock, one at a time, in order of arrival. */
  queue: ControlOp[];
  write: SuperblockWrite;
  /** The watermarks are to be made durable when no superblock write is in progress. */
  watermarksDue: boolean;
  /** Writer that runs a recovery here and gets a report of every change (HOLE-47). */
  reportTo: NodeId | null;
}

/**
 * The superblock write: one at a time. One that failed is `parked`, and written afresh by the probe that ends the suspension.
 * Invariant: `parked` only while the replica is suspended.
 */
export type SuperblockWrite =
  | { readonly kind: 'idle' }
  | { readonly kind: 'writing'; readonly change: SuperblockChange; readonly isProbe: boolean }
  | { readonly kind: 'parked'; readonly change: SuperblockChange };

export interface SuperblockChange {
  readonly next: Superblock;
  /** The head of the control queue asked for it; otherwise it only carries watermarks. */
  readonly isControl: boolean;
  /** LSNs that a new history annuls. */
  readonly removed: readonly Lsn[];
}

export interface Pages {
  /** Log chain and versions of each page (WAL-31). */
  readonly blocks: Map<PageKey, Block>;
  /** Newest versions, at most `cacheLimit`. */
  readonly cache: Map<PageKey, CachedPage>;
  readonly cacheLimit: number;
  /** Reads that wait for the disk; at most pageReads. */
  reads: number;
  /** Versions that were found damaged, each until its block has one at least as new (WAL-33, WAL-39). */
  readonly lost: PageAt[];
  /** Damaged versions, whose values lie on disk until their pages are back: the next start has to know what was lost. */
  damaged: DamagedVersion[];
}

export interface CachedPage {
  readonly lsn: number;
  readonly page: Uint8Array;
}

/** A page version. */
export interface PageAt {
  readonly blockKey: PageKey;
  readonly lsn: number;
}

/** `isGone`: nothing on the disk shows that there was one. */
export interface DamagedVersion extends PageAt {
  readonly isGone: boolean;
}

/** Work off the ack path: versions built, after watermarks were made durable and GC has dropped. One run at a time. */
export interface Background {
  run: BackgroundRun;
  /** Blocks with records that no version holds. */
  readonly dirty: DirtyBlocks;
  /** Blocks whose chain has grown to materialiseRecords. */
  readonly ready: Set<PageKey>;
  /** Of the last run that had to read versions first. */
  builds: readonly Build[];
  wakeAt: Time | null;
}

/**
 * A run goes through these in order: the superblock with the present watermarks, GC by the bounds that were planned before it
 * (WAL-72), reading the versions to build on, writing the new ones. What there is nothing to do for is passed over.
 */
export type BackgroundRun =
  | { readonly kind: 'idle' }
  | { readonly kind: 'marks'; readonly gc: GcBounds | null }
  | { readonly kind: 'reading' }
  | { readonly kind: 'writing' };

/** A version to build: the block's records in (base, lsn] on top of version `base`. */
export interface Build {
  readonly blockKey: PageKey;
  readonly base: number;
  readonly lsn: number;
}

export interface BuiltPage extends PageAt {
  readonly page: Uint8Array;
}

/** What log GC knows of the blocks (WAL-36). */
export interface Gc {
  /** logFloor that the next superblock makes durable before GC drops up to it (WAL-38). Invariant: ≥ the superblock's. */
  nextFloor: Lsn;
  /** Images of all pages at one LSN that somebody copies, by who does: GC keeps what they take. */
  readonly pins: Map<NodeId, PinnedImage>;
  /** Blocks that may have records or versions to drop, and from which PGMRPL on. */
  readonly due: Map<PageKey, number>;
  /** None of them has anything below this PGMRPL. */
  dueFrom: number;
  /** Of these, blocks with records that somebody waits for: the first of them. */
  readonly held: Map<PageKey, number>;
  /** The least of these, or below it. */
  heldFrom: number;
  /** What GC was last tried with; nothing new, nothing to do. */
  tried: GcBounds | null;
}

export type GcBounds = Readonly<Pick<Watermarks, 'pgmrpl' | 'archivedTo' | 'holdTo'>>;

/** All pages of the group at `base`, for a peer's base image or one of the archive (WAL-71, WAL-41). */
export interface PinnedImage {
  readonly base: number;
  /** The request that it was chosen for: asked again, it is the same image. */
  readonly reqId: number;
  /** Pages that exist at `base`, ascending. */
  readonly keys: readonly PageKey[];
  /** Pages and bytes that have been copied. */
  sent: number;
  bytes: number;
  keepUntil: Time;
}

/** Hole filling (repair.ts), and what damage has taken. */
export interface Repair {
  /** By an operator's word it asks for no hole. */
  isPaused: boolean;
  /** When its timer is set for. */
  wakeAt: Time | null;
  /** HOLE-39: what is missing is in no peer's log any more. */
  needsBase: boolean;
  /** Damage took what no log gives back; null: none. Until it is made good no page is answered for (WAL-39). */
  unsure: UnsurePages | null;
  /** Segments that have lost records of pages in `Pages.lost`: on disk until these are back, as the next start has to know. */
  lostPageSegments: readonly number[];
  /** Damaged segments, while what they may have lost is a hole above knownVdl (WAL-39). */
  damaged: readonly DamagedSegment[];
}

/** Damaged segments that may have held records at or below logFloor, of pages that nobody can name any more. */
export interface UnsurePages {
  /** A base image from here on up makes it good. */
  readonly to: Lsn;
  /** They stay on disk until then: the next start has to know. */
  readonly ordinals: readonly number[];
}

export interface DamagedSegment {
  readonly ordinal: number;
  /** Positions that a lost record may have had; to MAX when unknown, until a recovery has set the end. */
  readonly range: Range;
}

export interface Compaction {
  readonly ordinal: number;
  readonly size: number;
  readonly from: readonly number[];
  readonly lsns: readonly number[];
}

/**
 * Whether the replica takes writes. `suspended`: its disk refused one; only a fresh write of the superblock ends it. `dropped`:
 * it is no member any more and its copy is being deleted, so nothing goes on here (WAL-66).
 */
export type Service =
  | { readonly kind: 'serving' }
  | { readonly kind: 'suspended'; readonly code: 'DISK_FULL' | 'EIO'; readonly until: Time }
  | { readonly kind: 'dropped' };

/** What the open found. */
export interface Opened {
  /** A torn segment; traced at the start. */
  readonly torn: boolean;
  /** What came of a list saved at a clean exit: empty when it was used, null when there was none. */
  readonly saved: string | null;
}
