// State of the storage role: the replicas that it hosts, and its disk requests under way. Plain data throughout. What other
// concerns keep beside it they declare in their own folders (base-state, scrub-state, archiver-state, restore-state).

import type { GroupId, Lsn, NodeId, Term, Time } from '../../../base/ids.ts';
import type { MessageOf } from '../../kernel/messages.ts';
import type { Mutants } from '../../kernel/mutants.ts';
import type { Params } from '../../kernel/params.ts';
import type { PageKey } from '../../page/page-key.ts';
import type { HoleState } from '../holes/hole-state.ts';
import type {
  Background,
  Build,
  BuiltPage,
  CachedPage,
  Compaction,
  Control,
  Gc,
  Ingest,
  Opened,
  Pages,
  Repair,
  Service,
  Watermarks,
} from './group-state.ts';
import type { Log } from './log.ts';
import type { Failure, Superblock } from './superblock.ts';

export interface StoreState {
  readonly nodeId: NodeId;
  /** Raised once if the node turns out to have lost its disk (F24), before it hosts anything. */
  bootEpoch: number;
  /** Of the node; the agent may put others in their place (PCS-91). */
  params: Params;
  readonly mutants: Mutants;
  lifecycle: Lifecycle;
  /** Time of the last input, for views. */
  clock: Time;
  readonly groups: Map<GroupId, Group>;
  /** Volumes being created here: not yet a group (WAL-4). */
  readonly creations: Map<GroupId, Creation>;
  readonly writes: Map<number, PendingWrite>;
  readonly reads: Map<number, PendingRead>;
  /** Where groups are made one by one: the metadata, which says whether one may still be made from nothing (PCS-120). */
  readonly creationsOf: NodeId | null;
  /** Creations that were ordered and are asked about. */
  readonly askedCreations: Map<GroupId, AskedCreation>;
  /** Of the one volume that a cluster is made with: the metadata has reported that it exists, no replica is made from nothing any more (WAL-4). */
  isVolumeCreated: boolean;
  /** Keys found at open that belong to nothing; deleted at the start. */
  garbage: string[];
  /** Keys of a clean exit that were found at open: gone before the role starts (HOLE-52). */
  saved: string[];
  /** Replicas found at open that are not yet compared with what the metadata knows of them, or which are being deleted (WAL-75). */
  readonly unchecked: Map<GroupId, 'asked' | 'deleting'>;
  /** Replicas that are on their way from the disk (WAL-66): nothing of these groups is taken. */
  readonly deletions: Map<GroupId, Deletion>;
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

/** A replica (node, group). What it has promised is in `superblock`; everything else can be lost with the process. */
export interface Group {
  readonly id: GroupId;
  /** Exactly what is durable. */
  superblock: Superblock;
  readonly watermarks: Watermarks;
  /** Highest record LSN with nothing missing below it (WAL-14). Invariant: scl ≤ NCL of `holes`. */
  scl: Lsn;
  /** How far this replica has archived the group's log, in every ack; NONE while it is not the archiver (WAL-42). */
  uploadedTo: Lsn;
  readonly log: Log;
  readonly holes: HoleState;
  readonly ingest: Ingest;
  readonly control: Control;
  readonly pages: Pages;
  readonly background: Background;
  readonly gc: Gc;
  readonly repair: Repair;
  compaction: Compaction | null;
  service: Service;
  /** Why it stopped serving for good, or empty. Invariant: once set it stays; the superblock follows as soon as it can. */
  failure: Failure;
  readonly opened: Opened;
}

/** Requests that a durable superblock completes, by kind; other concerns add theirs. */
export interface ControlOps {
  token: { readonly message: MessageOf<'InstallToken' | 'FenceReplica'> };
  read: { readonly message: MessageOf<'RecoveryRead'> };
  history: { readonly message: MessageOf<'InstallHistory'> };
  open: { readonly message: MessageOf<'OpenVolume'> };
  members: { readonly message: MessageOf<'InstallMembers'> };
}

export type ControlOp<K extends keyof ControlOps = keyof ControlOps> = {
  [P in K]: { readonly kind: P; readonly from: NodeId; readonly traceId: number } & ControlOps[P];
}[K];

/** An order to make a replica, until the metadata has answered this life's question. */
export interface AskedCreation {
  readonly from: NodeId;
  readonly at: Time;
  readonly message: MessageOf<'CreateReplica'>;
}

export interface Creation {
  readonly from: NodeId;
  readonly traceId: number;
  readonly token: Term;
  readonly group: Group;
}

/** Keys of a replica that is being deleted, as far as they may still be there. */
export interface Deletion {
  readonly why: 'dropped' | 'rolledBack';
  readonly memberEpoch: number;
  /** Of each superblock, the older first: each goes before the next, and all before the content. */
  readonly supers: (readonly string[])[];
  content: readonly string[];
}

/** Disk writes under way, by what their completion is for; other concerns add theirs. */
export interface PendingWrites {
  append: OfGroup;
  super: OfGroup;
  genesis: OfGroup;
  created: OfGroup;
  versions: OfGroup & { readonly built: readonly BuiltPage[] };
  compaction: OfGroup;
  /** A replica that is no member any more is being deleted (WAL-66). */
  dropped: OfGroup;
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
