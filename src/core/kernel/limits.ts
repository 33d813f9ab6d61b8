// Named limits on size and count, as parameters (PRE-8): what a node does where one is reached (refuse, drop, forget, push back,
// leave for later) is part of its protocol. The usual values are for real use; a sweep draws small ones near the least, so that
// what happens there is met in minutes; that one was reached is an event.

import { type RoleContext, trace } from './context.ts';

/** Usual value, and the least with which the mechanism still works. */
export const limitTable = {
  // Storage nodes, of each group. Bytes of appends that are not yet durable; above it a batch is dropped and sent again (WAL-12).
  inflightBytes: [8 * 1024 * 1024, 4096],
  /** Control requests (tokens, recovery) that wait for their turn; further ones are dropped, they are repeated by R1…R7. */
  controlOps: [16, 1],
  /** Page reads that wait for the disk; further ones are dropped, the reader tries another replica (WAL-27). */
  pageReads: [1024, 1],
  /** Bytes of records in one gap reply, or of pages in one part of a base image; larger answers are several (HOLE-32). */
  replyBytes: [64 * 1024, 512],
  /** Newest page versions kept in memory; beyond it the one kept longest is dropped, and read from disk when it is needed. */
  cachedPages: [256, 2],
  /** Pages built by one background run; the rest wait for the next run. */
  pageBuilds: [64, 2],
  /** Blocks looked at for log GC by one background run. */
  gcBlocks: [1024, 2],
  /** Bytes of records gathered into one segment by compaction. */
  compactedBytes: [256 * 1024, 8192],
  /** Compaction starts when dead bytes in kept segments exceed this and half of all. */
  deadBytes: [128 * 1024, 4096],
  /** Segments above this number are joined, even when all their records live. */
  smallSegments: [2048, 16],
  /** Base images given at once; a further peer is refused and asks another (WAL-71). */
  baseExports: [4, 1],
  /** Items that the scrub takes into its queue at a time. */
  scrubQueue: [256, 4],
  /** Merges into a status list until its checkpoint is made durable (HOLE-57). */
  checkpointMerges: [256, 1],
  /** Requests for holes remembered after their end, at each peer; the first ones are kept (HOLE-60). */
  timedOutRequests: [64, 1],
  // Archive. Log segments of one change of the manifest, and objects of log above a base image until the next is made.
  archiveSegments: [8, 1],
  archiveLogsPerBase: [64, 2],
  /** Records or pages of one object, and one message of an object on its way. */
  objectBytes: [128 * 1024, 4096],
  objectPartBytes: [64 * 1024, 1024],
  /** Objects whose presence is asked for at a time. */
  objectChecks: [32, 1],
  /** Objects that come in parts (one whose sender is silent is forgotten), are read, are written: BUSY beyond it. */
  objectUploads: [32, 2],
  objectReads: [64, 1],
  objectWrites: [32, 1],
  // Metadata. Entries between two snapshots, and entries that wait; further requests are dropped and come again.
  metaSnapshotEntries: [64, 2],
  metaPending: [64, 2],
  // Writer. A batch leaves at this size (PRE-7); four times as much is sent again to one replica at once.
  batchBytes: [64 * 1024, 512],
  // Engine. Sessions kept: the idlest without a transaction is forgotten, else the request is refused.
  engineSessions: [4096, 8],
  /** Analysed statements kept; the oldest is forgotten. */
  plans: [512, 1],
  /** Tables whose definition or free space is remembered; all are forgotten beyond it. */
  cachedTables: [1024, 1],
  /** Steps of an execution before other sessions get their turn, and sessions run before the node waits for a timer. */
  executionSteps: [2000, 20],
  sessionRuns: [1024, 2],
  /** xids reserved by one record. */
  xidBlock: [128, 1],
  /** Dead rows (or versions that left their page) after which a table is vacuumed. */
  vacuumDead: [64, 4],
  /** Blocks of a heap whose free space is remembered; rows beyond it go where the last one went. */
  mappedBlocks: [2 ** 18, 2],
  /** Pages of the client table; a full page displaces its oldest entry (FENCE-43). */
  clientBlocks: [16, 1],
  /** Changes of a page that wait to be applied until somebody looks at it. */
  deferredChanges: [64, 1],
  /** Statements that a driver numbers, and a writer keeps twice as many (FENCE-55). */
  keptStatements: [256, 2],
  /** Rows that one operator of a statement holds: sort, join, grouping, DISTINCT, subquery, what is written later (53200). */
  heldRows: [100_000, 1000],
  // Driver. Requests that wait in one session, and sessions: an idle one is closed for a new one.
  sessionQueue: [64, 1],
  driverSessions: [4096, 32],
  // Shared storage. Images of hot pages that the writer keeps for the gate, and LSNs that such a page may lie beyond consistentLsn (LI-44).
  copySlots: [16, 1],
  copyLag: [400, 20],
  /** Pages that one turn of the bgwriter writes (LI-48), and LSNs by which consistentLsn passes the last checkpoint before there is another. */
  flushPages: [4, 1],
  checkpointLsns: [64, 4],
  /** Segments of a table of LogIndex, and tables of one file (LI-21). */
  indexSegments: [64, 16],
  indexTables: [4, 1],
  /** Tables of LogIndex in memory that are being filled or wait to be saved (LI-26). */
  indexMemory: [8, 2],
  /** Saved tables of LogIndex that memory keeps beside the ones being filled (LI-27). */
  indexKept: [128, 1],
  /** Entries of a chunk's log after which changed blocks are written, and it is cut (FS-75). */
  chunkEntries: [48, 4],
  /** Segments of WAL that a reader keeps in memory (LI-75). */
  walBufferSegments: [64, 1],
  /** Dirty pages that one look of the bgwriter goes through (LI-48), and changes above which a page is stored behind a snapshot however near readers are (LI-50). */
  roundPages: [200, 4],
  snapshotChanges: [1000, 10],
} as const;

export type LimitName = keyof typeof limitTable;
export type Limits = { readonly [K in LimitName]: number };

export const limitNames = Object.keys(limitTable) as readonly LimitName[];

/** A limit is reached. Traced once in the life of a node, where the run has another value than the usual one. */
export function reach<N extends LimitName>(ctx: RoleContext, limits: Pick<Limits, N>, limit: N): void {
  const { ids } = ctx;
  if (limits[limit] === limitTable[limit][0] || ids.reached?.has(limit) === true) return;
  ids.reached ??= new Set();
  ids.reached.add(limit);
  trace(ctx, { kind: 'limit.reached', limit });
}

/** schemaLeaseMs of pcs.md §1, in heartbeats: so long after it asked a node may serve by the definitions that it was answered (PCS-87). */
export const schemaLeaseUs = (nodeHeartbeatMs: number): number => nodeHeartbeatMs * 10 * 1000;
