// What one Raft step gives back, as it is collected. Durable before said (PCS-8): a message that promises waits until all
// that was written so far is durable; the leader's own appends and pre-votes promise nothing and go at once (PCS-15).

import { has } from '../kernel/mutants.ts';
import type { MemberId } from './configuration.ts';
import { lastIndex, sliceBetween } from './raft-log.ts';
import { contactEndsAt } from './raft-state.ts';
import type {
  Entry,
  Fact,
  Message,
  MessageBody,
  Output,
  Persist,
  Raft,
  Refusal,
  Role,
  Snapshot,
} from './raft-types.ts';

export interface Outbox {
  messages: Message[];
  promises: Message[];
  hardState: boolean;
  /** Lowest index whose entry differs from what was handed out to be written, null if none does. */
  logFrom: number | null;
  snapshot: Snapshot | null;
  cutThrough: number | null;
  installs: Snapshot | null;
  ownVote: boolean;
  restore: Snapshot | null;
  committed: Entry[];
  reads: { id: number; index: number }[];
  lostReads: number[];
  accepted: Output['accepted'];
  refused: Output['refused'];
  facts: Fact[];
}

export const makeOutbox = (): Outbox => ({
  messages: [],
  promises: [],
  hardState: false,
  logFrom: null,
  snapshot: null,
  cutThrough: null,
  installs: null,
  ownVote: false,
  restore: null,
  committed: [],
  reads: [],
  lostReads: [],
  accepted: null,
  refused: null,
  facts: [],
});

/** Kinds that state something about what is durable here. */
const promising: ReadonlySet<MessageBody['kind']> = new Set([
  'RequestVote',
  'VoteReply',
  'PreVoteReply',
  'AppendReply',
  'SnapshotReply',
]);

export function send(raft: Raft, out: Outbox, to: MemberId, body: MessageBody, term = raft.term): void {
  const message: Message = { from: raft.config.self, to, term, ...body };
  const isEarly = has(raft.config.mutants, 'raft.says-before-durable');
  (promising.has(body.kind) && !isEarly ? out.promises : out.messages).push(message);
}

export function refuse(raft: Raft, out: Outbox, code: Refusal): void {
  out.refused = { code, leader: raft.leader };
}

export function setRole(raft: Raft, out: Outbox, role: Role): void {
  raft.role = role;
  out.facts.push({ kind: 'role', role, term: raft.term });
}

/** Notes that the log from `first` on is to be written anew. */
export function writeLogFrom(out: Outbox, first: number): void {
  out.logFrom = Math.min(out.logFrom ?? first, first);
}

function takePersist(raft: Raft, out: Outbox): Persist | null {
  const { logFrom, snapshot, promises } = out;
  const hasWrites = logFrom !== null || snapshot !== null || out.hardState;
  if (!hasWrites && (promises.length === 0 || raft.outstanding.length === 0)) {
    out.messages.push(...promises);
    return null;
  }
  const hasTerm = out.hardState || (raft.isTermUnwritten && logFrom !== null);
  raft.outstanding.push({
    stableIndex: lastIndex(raft.log),
    ownVoteTerm: out.ownVote ? raft.term : 0,
    hasTerm,
    installs: out.installs,
  });
  const { term, votedFor } = raft;
  const isForgetful = has(raft.config.mutants, 'raft.vote-not-durable');
  return {
    snapshot,
    cutThrough: out.cutThrough,
    hardState: hasTerm ? { term, votedFor: isForgetful ? null : votedFor } : null,
    log:
      logFrom === null
        ? null
        : { from: logFrom, entries: sliceBetween(raft.log, logFrom, lastIndex(raft.log)) },
    promises,
  };
}

export function nextWake(raft: Raft): number | null {
  const { role, clock, leadership } = raft;
  if (role === 'amnesiac') return null;
  if (leadership === null) return clock.electionAt;
  if (leadership.progress.size === 0) return null;
  const { heartbeatAt, transferEndsAt } = clock;
  const transferEnds = leadership.transferTo === null ? heartbeatAt : transferEndsAt;
  return Math.min(heartbeatAt, contactEndsAt(raft, leadership), transferEnds);
}

/** Ends a step: hands out what is committed and durable here, and binds promises to writes. */
export function finishOutbox(raft: Raft, out: Outbox): Output {
  const applicable = Math.min(raft.commit, raft.log.durable);
  if (applicable > raft.applied) {
    out.committed.push(...sliceBetween(raft.log, raft.applied + 1, applicable));
    raft.applied = applicable;
  }
  const persist = takePersist(raft, out);
  const { messages, restore, committed, reads, lostReads, accepted, refused, facts } = out;
  return {
    messages,
    persist,
    restore,
    committed,
    reads,
    lostReads,
    accepted,
    refused,
    wakeAt: nextWake(raft),
    facts,
  };
}
