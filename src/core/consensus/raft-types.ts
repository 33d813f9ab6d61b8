// The words of Raft: entries, messages, what a step takes and what it gives back (docs/spec/raft.md). Types only.
// Indexes and terms are integers from 1; 0 is "before the first".

import type { Prng } from '../../base/prng.ts';
import type { Mutants } from '../kernel/mutants.ts';
import type { Configuration, MemberId, Members } from './configuration.ts';
import type { Log } from './raft-log.ts';

export type Entry = { readonly index: number; readonly term: number } & (
  | { readonly kind: 'empty' }
  | { readonly kind: 'data'; readonly data: Uint8Array }
  | { readonly kind: 'config'; readonly config: Configuration }
);

/** What Figure 2 calls persistent state besides the log. */
export interface HardState {
  readonly term: number;
  readonly votedFor: MemberId | null;
}

export interface Snapshot {
  /** Index and term of the last entry it covers. */
  readonly index: number;
  readonly term: number;
  /** The newest configuration at or below `index` (PCS-28). */
  readonly config: Configuration;
  readonly bytes: Uint8Array;
}

export type MessageBody =
  /** Pre-vote: the envelope's term is the one that the sender would campaign in. */
  | { readonly kind: 'PreVote'; readonly lastIndex: number; readonly lastTerm: number }
  /** Granted: the envelope carries the term that was asked about; else the sender's own. */
  | { readonly kind: 'PreVoteReply'; readonly granted: boolean }
  | {
      readonly kind: 'RequestVote';
      readonly lastIndex: number;
      readonly lastTerm: number;
      readonly transfer: boolean;
    }
  | { readonly kind: 'VoteReply'; readonly granted: boolean }
  | {
      readonly kind: 'Append';
      readonly prevIndex: number;
      readonly prevTerm: number;
      readonly entries: readonly Entry[];
      readonly commit: number;
      /** Newest round of the leader, for ReadIndex. */
      readonly round: number;
    }
  | {
      readonly kind: 'AppendReply';
      readonly ok: boolean;
      /** ok: the last index known to agree and durable here; else the prevIndex that was refused. */
      readonly match: number;
      /** Refused: the term found at `match` and its first index; 0 and the index after the last where the log ends before. */
      readonly conflictTerm: number;
      readonly conflictFirst: number;
      readonly lastIndex: number;
      readonly round: number;
    }
  | {
      readonly kind: 'Snapshot';
      readonly lastIndex: number;
      readonly lastTerm: number;
      readonly config: Configuration;
      readonly totalBytes: number;
      /** CRC-32C of the whole snapshot. */
      readonly crc: number;
      readonly offset: number;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: 'SnapshotReply'; readonly lastIndex: number; readonly nextOffset: number }
  | { readonly kind: 'TimeoutNow' };

export type Body<K extends MessageBody['kind']> = Extract<MessageBody, { kind: K }>;

/** The caller's envelope adds group, boot epoch and trace ids; it drops what comes of an older boot (PCS-2). */
export type Message = { readonly from: MemberId; readonly to: MemberId; readonly term: number } & MessageBody;

export interface RaftTiming {
  readonly heartbeatUs: number;
  readonly electionMinUs: number;
  readonly electionMaxUs: number;
}

/** Every queue and every size; what happens at each is said beside it. */
export interface RaftLimits {
  readonly maxMembers: number;
  /** A longer proposal is refused TOO_LARGE. */
  readonly maxEntryBytes: number;
  /** Of one Append; one entry always fits. */
  readonly maxAppendBytes: number;
  /** Of one follower; at either the leader waits for an acknowledgement. */
  readonly maxInflightAppends: number;
  readonly maxInflightBytes: number;
  /** Of uncommitted entries at the leader; then proposals are refused BUSY. */
  readonly maxUncommittedBytes: number;
  /** Of the log; then proposals are refused LOG_FULL and a follower drops appends, until the caller compacts. */
  readonly maxLogBytes: number;
  /** Entries kept below a snapshot for followers a little behind. */
  readonly retainedEntries: number;
  /** A larger snapshot is refused TOO_LARGE, an announced one dropped. */
  readonly maxSnapshotBytes: number;
  readonly snapshotChunkBytes: number;
  /** Reads that wait for a round; then BUSY. */
  readonly maxPendingReads: number;
  /** Writes not yet durable; then proposals are refused BUSY and messages dropped, as by a lossy network. */
  readonly maxOutstandingWrites: number;
  /** A learner becomes a voter only within this many entries of the commit index (PCS-26). */
  readonly promotionLag: number;
}

export interface RaftConfig {
  readonly self: MemberId;
  readonly timing: RaftTiming;
  readonly limits: RaftLimits;
  /** Names of planted bugs; empty in a sound run. */
  readonly mutants: Mutants;
}

/** `amnesiac`: the disk holds less than this member promised; it takes part in nothing any more. */
export type Role = 'follower' | 'preCandidate' | 'candidate' | 'leader' | 'amnesiac';

export interface Progress {
  /** probe: one append at a time until the logs meet; replicate: pipelined; snapshot: chunk by chunk. */
  state: 'probe' | 'replicate' | 'snapshot';
  /** Highest index known to be durable there. Invariant: match < next. */
  match: number;
  next: number;
  /** Appends under way, oldest first (replicate). */
  inflight: { last: number; bytes: number }[];
  /** probe: one is under way. snapshot: a chunk is under way. */
  isPaused: boolean;
  /** When it last answered, on the leader's clock; when it was first sent to, where it has not (PCS-14). */
  answeredAt: number;
  ackedRound: number;
  /** `next` when the newest round began: a reply to it that ends before tells of a lost append. */
  nextAtRound: number;
  /** The snapshot under transfer and how much of it has arrived. */
  transfer: { readonly snapshot: Snapshot; offset: number } | null;
}

export interface Leadership {
  /** Index of the empty entry that opens the term; until it is committed no read and no change is served. */
  firstIndex: number;
  progress: Map<MemberId, Progress>;
  round: number;
  confirmedRound: number;
  reads: { readonly id: number; index: number; round: number }[];
  transferTo: MemberId | null;
}

export interface Incoming {
  readonly index: number;
  readonly term: number;
  readonly crc: number;
  readonly totalBytes: number;
  chunks: Uint8Array[];
  offset: number;
}

/** A write that the caller has not reported durable. */
export interface OutstandingWrite {
  /** Where the log ends with it; lowered when a later step truncates below. */
  stableIndex: number;
  /** The term in which it holds the vote for oneself, else 0. */
  ownVoteTerm: number;
  /** It holds the term. */
  hasTerm: boolean;
  installs: Snapshot | null;
}

/** All that one member knows: plain data. `step` alone changes it. */
export interface Raft {
  readonly config: RaftConfig;
  prng: Prng;
  /** Virtual microseconds. */
  clock: {
    now: number;
    electionTimeoutUs: number;
    electionAt: number;
    leaderContactAt: number;
    heartbeatAt: number;
    transferEndsAt: number;
  };
  role: Role;
  term: number;
  votedFor: MemberId | null;
  /** A member that is alone raises its term without a write of its own: the next entry is written with it (election.ts). */
  isTermUnwritten: boolean;
  leader: MemberId | null;
  log: Log;
  snapshot: Snapshot | null;
  commit: number;
  /** Handed to the caller for application. Invariant: applied ≤ min(commit, durable). */
  applied: number;
  votes: Map<MemberId, boolean>;
  leadership: Leadership | null;
  incoming: Incoming | null;
  outstanding: OutstandingWrite[];
  /** Why the role is `amnesiac`, else null. */
  amnesia: AmnesiaReason | null;
}

/** The most that others, or a second store, know this member to have promised. */
export interface Witness {
  readonly bootEpoch: number;
  readonly term: number;
  /** Highest index acknowledged in `term`. */
  readonly match: number;
}

export type Input =
  | { readonly kind: 'message'; readonly message: Message }
  /** The oldest write not yet reported is durable. */
  | { readonly kind: 'persisted' }
  | { readonly kind: 'wake' }
  | { readonly kind: 'propose'; readonly data: Uint8Array }
  | { readonly kind: 'changeMembers'; readonly target: Members }
  | { readonly kind: 'read'; readonly id: number }
  | { readonly kind: 'transfer'; readonly to: MemberId }
  /** The caller's state after applying `index`, as bytes. */
  | { readonly kind: 'compact'; readonly index: number; readonly bytes: Uint8Array }
  /** The caller learned that the disk is not the one that made this member's promises. */
  | { readonly kind: 'invalidateIdentity'; readonly why: AmnesiaReason };

/** `removed`: a committed configuration is without it, and its id is never used again. */
export type AmnesiaReason = 'empty' | 'damaged' | 'older' | 'foreign' | 'removed';

export type Refusal =
  | 'NOT_LEADER'
  | 'TRANSFERRING'
  | 'BUSY'
  | 'LOG_FULL'
  | 'TOO_LARGE'
  | 'CHANGE_IN_PROGRESS'
  | 'NOT_LEARNER'
  | 'NOT_CAUGHT_UP'
  | 'NOT_VOTER'
  | 'BAD_MEMBERS'
  | 'BAD_INDEX';

/** Written in this order, as one batch; a crash leaves a prefix of the batches. */
export interface Persist {
  readonly snapshot: Snapshot | null;
  /** With it: entries up to here go. Infinity: the whole log goes. */
  readonly cutThrough: number | null;
  readonly hardState: HardState | null;
  /** Entries from here on are replaced by these. */
  readonly log: { readonly from: number; readonly entries: readonly Entry[] } | null;
  /** Sent once all of this is durable, then `persisted` is put in: they promise what is written here or before. */
  readonly promises: readonly Message[];
}

export type Fact =
  | { readonly kind: 'role'; readonly role: Role; readonly term: number }
  | { readonly kind: 'voted'; readonly for: MemberId; readonly term: number }
  | { readonly kind: 'appended'; readonly first: number; readonly last: number }
  | { readonly kind: 'truncated'; readonly from: number }
  | { readonly kind: 'committed'; readonly index: number }
  | { readonly kind: 'configured'; readonly index: number; readonly config: Configuration }
  | { readonly kind: 'compacted'; readonly index: number; readonly logFrom: number }
  | { readonly kind: 'installed'; readonly index: number; readonly term: number }
  | { readonly kind: 'snapshotBegun'; readonly to: MemberId; readonly index: number }
  | { readonly kind: 'snapshotDamaged'; readonly from: MemberId; readonly index: number }
  | { readonly kind: 'transferBegun' | 'transferEnded'; readonly to: MemberId }
  | { readonly kind: 'dropped'; readonly from: MemberId; readonly what: string; readonly why: string }
  | { readonly kind: 'amnesiac'; readonly why: AmnesiaReason };

/** What one step asks of its caller. */
export interface Output {
  /** May be sent at once. */
  readonly messages: readonly Message[];
  readonly persist: Persist | null;
  /** The state machine is to be replaced by this before `committed` is applied. */
  readonly restore: Snapshot | null;
  /** Committed and durable here, in log order, each once. */
  readonly committed: readonly Entry[];
  /** Linearizable once `applied` ≥ index. */
  readonly reads: readonly { readonly id: number; readonly index: number }[];
  /** Reads that a lost leadership leaves unanswered. */
  readonly lostReads: readonly number[];
  /** Of `propose` and `changeMembers`: where the entry stands. It is committed when that index is with that term. */
  readonly accepted: { readonly index: number; readonly term: number } | null;
  readonly refused: { readonly code: Refusal; readonly leader: MemberId | null } | null;
  /** When to put in `wake` at the latest, null never. */
  readonly wakeAt: number | null;
  readonly facts: readonly Fact[];
}
