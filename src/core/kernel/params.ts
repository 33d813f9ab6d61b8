// Names and units of every parameter a node reads (docs/spec/presets.md, PRE-1). Ranges, defaults and profiles are in
// `presets/parameters.ts`, the one table. Times in virtual µs where the name says `Us`, else virtual ms.

import type { Limits } from './limits.ts';

export interface Params extends Limits {
  readonly latencyFloorUs: number;
  readonly linkBaseUs: number;
  readonly linkBaseOtherZoneUs: number;
  readonly linkJitterUs: number;
  readonly diskSyncUs: number;
  readonly diskSyncJitterUs: number;
  readonly diskReadUs: number;
  /** MB/s. */
  readonly diskBandwidth: number;
  readonly diskLimitBytes: number;
  readonly pageBytes: number;
  readonly bufferPages: number;
  readonly lal: number;
  readonly groupCommitMaxUs: number;
  readonly resendMs: number;
  readonly writerHeartbeatMs: number;
  readonly discoverEveryMs: number;
  readonly reqTimeoutMs: number;
  readonly backoffBaseMs: number;
  readonly backoffMaxExp: number;
  readonly maxReqSpan: number;
  readonly maxInflightPerPeer: number;
  readonly readTimeoutMs: number;
  /** Longest wait of a reader's request for its LSN (READ-41). */
  readonly waitTimeoutMs: number;
  readonly nodeHeartbeatMs: number;
  /** Of the metadata's log (raft.md). */
  readonly raftHeartbeatMs: number;
  readonly electionMinMs: number;
  readonly electionMaxMs: number;
  readonly attemptTimeoutMs: number;
  readonly maxRetryMs: number;
  readonly routeBackoffMs: number;
  readonly routeBackoffCapMs: number;
  readonly materialiseRecords: number;
  readonly materialiseMs: number;
  /** 0: off, GC then waits for every member (WAL-37). */
  readonly holdMaxMs: number;
  /** How often the slowest commit group is allowed to be asked again in recovery, ms. */
  readonly recoveryRetryMs: number;
  /** Lock wait before 40P01 is looked for, ms. */
  readonly deadlockMs: number;
  /** One value of each group is read and checked this often (WAL-39). */
  readonly scrubEveryMs: number;
  /** A learner this close behind its group is made a member (placement.md §4). */
  readonly learnerLagLsns: number;
  /** A membership change that has not come this far by then is rolled back. */
  readonly moveTimeoutMs: number;
  /** 1: link jitter has a heavy tail (PRE-3), 0: it is uniform. */
  readonly linkHeavyTail: number;
  /** A log segment of the archive spans this many LSNs (WAL-41). */
  readonly archiveSegmentLsns: number;
  /** What there is is archived after this long, however little. */
  readonly archiveMaxMs: number;
  /** A base image is archived every so many LSNs. */
  readonly archiveBaseLsns: number;
  /** How far back a backup reaches (WAL-45). */
  readonly backupRetentionMs: number;
  /** A shard of so many LSNs is sealed and the next one made (PCS-42). */
  readonly shardTargetLsns: number;
  /** How long a definition waits for a reader's statements (LI-65). */
  readonly ddlTimeoutMs: number;
  /** 1: after that these are cancelled, 0: the definition fails. */
  readonly ddlCancels: number;
  /** LI-50: LSNs since its first change after which a page is stored behind a snapshot of what was stored; 0: none is. */
  readonly snapshotOldLsns: number;
  /** LI-50: and so far beyond what every reader has applied. */
  readonly snapshotReplayLsns: number;
  /** Chunks of the device that the file system has when it is made; it grows by the others (FS-12). 0: all. */
  readonly firstChunks: number;
  /** Chunks of the device that the file system may have at most (FS-12); 0: all. It may be raised while it is mounted. */
  readonly deviceChunks: number;
  /** Of shared storage: a candidate that has applied less than this below the last known VDL is passed over while there is another (FENCE-22). */
  readonly candidateMaxLagLsns: number;
}
