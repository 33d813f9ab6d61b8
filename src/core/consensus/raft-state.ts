// A Raft member's state: how it opens from what its disk holds, and what every rule asks of it. A disk that holds less than
// the member promised (empty, damaged, older, another's) makes it `amnesiac`: voting or acknowledging under the old identity
// could elect a second leader of a term or lose a committed entry, so it does neither, ever. Its way back is a new member id,
// as a learner (PCS-5, PCS-8).

import { assert } from '../../base/assert.ts';
import { makePrng, nextBetween } from '../../base/prng.ts';
import {
  type Configuration,
  isJoint,
  isVoter,
  type MemberId,
  membersOf,
  quorumValue,
} from './configuration.ts';
import {
  configAt,
  currentConfig,
  currentConfigIndex,
  lastIndex,
  lastTerm,
  openLog,
  termAt,
} from './raft-log.ts';
import type {
  AmnesiaReason,
  Entry,
  HardState,
  Leadership,
  Raft,
  RaftConfig,
  Snapshot,
  Witness,
} from './raft-types.ts';

/** What the disk gave back (`stored.ts` reads the bytes). */
export interface Stored {
  readonly member: MemberId;
  /** As it was when the disk was last written; raised by the caller at every open (PCS-2). */
  readonly bootEpoch: number;
  readonly hardState: HardState;
  readonly snapshot: Snapshot | null;
  /** Ascending without a gap, from at most snapshot.index + 1. */
  readonly entries: readonly Entry[];
}

export interface Opening {
  readonly config: RaftConfig;
  /** `new` is a member that never ran here: nothing is stored, nothing was promised. */
  readonly disk:
    | { readonly kind: 'new' }
    | { readonly kind: 'damaged' }
    | ({ readonly kind: 'stored' } & Stored);
  /** What others know of this member's promises, null if nobody heard of it. */
  readonly witness: Witness | null;
  /** Index that the caller's state machine holds durably; 0 if it starts from the snapshot. */
  readonly applied: number;
  readonly seed: number;
  /** Of the election timeouts' stream: differs for each group and boot. */
  readonly stream: string;
  readonly now: number;
}

/** A first start of a group (PCS-4): the same entry 1 of term 1 on every initial voter. */
export function bootstrap(member: MemberId, bootEpoch: number, voters: readonly MemberId[]): Stored {
  const config = { voters: voters.toSorted((a, b) => a - b), outgoing: [], learners: [] };
  return {
    member,
    bootEpoch,
    hardState: { term: 1, votedFor: null },
    snapshot: null,
    entries: [{ index: 1, term: 1, kind: 'config', config }],
  };
}

/** A disk that was never written, for a member that joins as a learner. */
const nothing = (member: MemberId): Stored => ({
  member,
  bootEpoch: 0,
  hardState: { term: 0, votedFor: null },
  snapshot: null,
  entries: [],
});

export function openRaft({ config, disk, witness, applied, seed, stream, now }: Opening): Raft {
  checkConfig(config);
  const stored = disk.kind === 'stored' ? disk : nothing(config.self);
  const { snapshot, hardState } = stored;
  const raft: Raft = {
    config,
    prng: makePrng(seed, `raft ${stream} ${config.self}`, stored.bootEpoch),
    clock: {
      now,
      electionTimeoutUs: 0,
      electionAt: 0,
      leaderContactAt: now - config.timing.electionMinUs,
      heartbeatAt: 0,
      transferEndsAt: 0,
    },
    role: 'follower',
    term: hardState.term,
    votedFor: hardState.votedFor,
    isTermUnwritten: false,
    leader: null,
    log: openLog(snapshot, keptEntries(stored)),
    snapshot,
    commit: Math.max(snapshot?.index ?? 0, applied),
    applied: Math.max(snapshot?.index ?? 0, applied),
    votes: new Map(),
    leadership: null,
    incoming: null,
    outstanding: [],
    amnesia: null,
  };
  armElection(raft);
  if (isAlone(raft)) raft.clock.electionAt = now;
  raft.amnesia = findAmnesia(raft, disk.kind, stored, witness);
  if (raft.amnesia !== null) raft.role = 'amnesiac';
  return raft;
}

/** A crash between a snapshot and the removal of the log that it replaces leaves both: what contradicts it goes (PCS-29). */
function keptEntries({ snapshot, entries }: Stored): readonly Entry[] {
  if (snapshot === null) return entries;
  const covered = entries.find((entry) => entry.index === snapshot.index);
  if (covered !== undefined) return covered.term === snapshot.term ? entries : [];
  return entries[0]?.index === snapshot.index + 1 ? entries : [];
}

/** Why a disk cannot be the one that made this member's promises, null if it can. */
function findAmnesia(
  raft: Raft,
  kind: Opening['disk']['kind'],
  stored: Stored,
  witness: Witness | null,
): AmnesiaReason | null {
  if (kind === 'damaged' || stored.hardState.term < lastTerm(raft.log)) return 'damaged';
  if (kind === 'stored' && stored.member !== raft.config.self) return 'foreign';
  if (raft.applied > lastIndex(raft.log)) return 'older';
  if (witness === null) return null;
  if (kind === 'new') return 'empty';
  const { bootEpoch, hardState } = stored;
  if (bootEpoch < witness.bootEpoch || hardState.term < witness.term) return 'older';
  // Within one term an acknowledged entry is never truncated.
  return hardState.term === witness.term && lastIndex(raft.log) < witness.match ? 'older' : null;
}

function checkConfig({ timing, limits }: RaftConfig): void {
  const { heartbeatUs, electionMinUs, electionMaxUs } = timing;
  assert(heartbeatUs > 0 && heartbeatUs < electionMinUs && electionMinUs <= electionMaxUs, 'Raft timing');
  assert(limits.maxUncommittedBytes * 2 <= limits.maxLogBytes, 'a log takes two times the uncommitted bytes');
  assert(limits.maxEntryBytes * 2 <= limits.maxUncommittedBytes, 'two entries fit the uncommitted bytes');
}

/** Restarts the election timer; the timeout itself is drawn once for each attempt. */
export function restartElectionTimer(raft: Raft): void {
  raft.clock.electionAt = raft.clock.now + raft.clock.electionTimeoutUs;
}

/** A new attempt: a uniform draw, so that candidates rarely tie (Raft §5.2). */
export function armElection(raft: Raft): void {
  const { electionMinUs, electionMaxUs } = raft.config.timing;
  raft.clock.electionTimeoutUs = nextBetween(raft.prng, electionMinUs, electionMaxUs);
  restartElectionTimer(raft);
}

/**
 * May campaign: a voter whose disk keeps up. A voter that the newest configuration leaves out is one as long as that is not known
 * to be committed: it may be the only one that has it (thesis 4.2.2). It does not count itself then, being in no set.
 */
export const isPromotable = (raft: Raft): boolean =>
  (isVoter(currentConfig(raft.log), raft.config.self) ||
    isVoter(configAt(raft.log, raft.commit), raft.config.self)) &&
  raft.outstanding.length < raft.config.limits.maxOutstandingWrites &&
  raft.outstanding.every((write) => write.installs === null);

/** The only member: nobody else votes, and nobody else has any of the log. */
export const isAlone = ({ config, log }: Raft): boolean => {
  const members = membersOf(currentConfig(log));
  return members.length === 1 && members[0] === config.self && isVoter(currentConfig(log), config.self);
};

/** PCS-13: while a leader was heard within the minimum election timeout, nobody else is helped to become one. */
export function hasLeaderContact(raft: Raft): boolean {
  if (raft.role === 'leader') return true;
  const { now, leaderContactAt } = raft.clock;
  return raft.leader !== null && now < leaderContactAt + raft.config.timing.electionMinUs;
}

/** The leader has committed an entry of its own term: what it holds committed is all that is (PCS-7, PCS-20). */
export const isReady = (raft: Raft): boolean =>
  raft.leadership !== null && raft.commit >= raft.leadership.firstIndex;

/** The newest configuration, if this member leads and it is committed: then the next change may begin. Null: not now. */
export function settledConfig(raft: Raft | null): Configuration | null {
  if (raft === null || !isReady(raft)) return null;
  const config = currentConfig(raft.log);
  return isJoint(config) || currentConfigIndex(raft.log) > raft.commit ? null : config;
}

/** The learner holds the log up to where it became one, on its disk: the identity is its own there (PCS-105). */
export const hasCaughtUp = ({ leadership, log }: Raft, learner: MemberId): boolean =>
  (leadership?.progress.get(learner)?.match ?? 0) >= currentConfigIndex(log);

/** Whether the log holds this very entry. */
export const holds = (raft: Raft, index: number, term: number): boolean => termAt(raft.log, index) === term;

/** PCS-14: electionMaxUs after a quorum, of both halves while joint, has last answered; the leader itself hears itself now. */
export function contactEndsAt({ clock, config, log }: Raft, { progress }: Leadership): number {
  const answeredAt = (id: MemberId): number =>
    id === config.self ? clock.now : (progress.get(id)?.answeredAt ?? 0);
  return quorumValue(currentConfig(log), answeredAt) + config.timing.electionMaxUs;
}
