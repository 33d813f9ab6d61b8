// Named limits of a storage node, and what happens at each. All are per group.

/** Bytes of appends whose write is not yet durable; above it a batch is dropped, the writer sends it again (WAL-12). */
export const MAX_INFLIGHT_BYTES = 8 * 1024 * 1024;
/** Control requests (tokens, recovery) that wait for their turn; further ones are dropped, they are repeated by R1…R7. */
export const MAX_CONTROL_OPS = 16;
/** Page reads that wait for the disk; further ones are dropped, the reader tries another replica (WAL-27). */
export const MAX_PAGE_READS = 1024;
/** Bytes of records in one gap reply; larger answers are several replies (HOLE-32). */
export const MAX_REPLY_BYTES = 64 * 1024;
/** Newest page versions kept in memory; beyond it the one kept longest is dropped, and read from disk when it is needed. */
export const MAX_CACHED_PAGES = 256;
/** Pages built by one background run; the rest wait for the next run. */
export const MAX_BUILDS = 64;
/** Blocks looked at for log GC by one background run. */
export const MAX_GC_BLOCKS = 1024;
/** Bytes of records gathered into one segment by compaction. */
export const MAX_COMPACTED_BYTES = 256 * 1024;
/** Compaction starts when dead bytes in kept segments exceed this and half of all. */
export const MIN_DEAD_BYTES = 128 * 1024;
/** Segments above this number are joined, even when all their records live. */
export const MAX_SMALL_SEGMENTS = 2048;
/** After a failed write the group takes no batches for this long, then proves itself by a fresh write of its superblock. */
export const SUSPEND_US = 20_000;
/** Base images given at once; a further peer is refused and asks another (WAL-71). */
export const MAX_EXPORTS = 4;
