// One member in the explorer: its state, disk and unfinished writes, and every way in which it can go on. What follows from a
// member's state and an input is worked out once, however many worlds contain it. Time is taken away: timers may run out at any
// moment (a campaign is an action) and no lease holds, so more can happen here than in any run with clocks.

import { AssertionError } from '../../../base/assert.ts';
import { clonePlain } from '../../../base/plain.ts';
import type { Mutants } from '../../kernel/mutants.ts';
import { type MemberId, memberId } from '../configuration.ts';
import { step } from '../raft.ts';
import { openRaft, type Stored } from '../raft-state.ts';
import type { Entry, Fact, Input, Message, Persist, Raft } from '../raft-types.ts';
import { makeConfig, testTiming } from './test-cluster.ts';
import { freshDisk, storedOn, type TestDisk, written } from './test-disk.ts';

export interface Member {
  readonly raft: Raft;
  readonly disk: TestDisk;
  readonly writes: readonly Persist[];
}

export interface Bounds {
  /** No campaign into a higher term. */
  readonly maxTerm: number;
  /** No proposal beyond this index. */
  readonly maxIndex: number;
  /** Crashes of all members together. */
  readonly crashes: number;
  /** Changes of members, of all leaders together. */
  readonly changes: number;
  /** Heartbeat rounds of one leader. */
  readonly rounds: number;
  /** Writes end some time later, and a crash may lose them; else at once. */
  readonly slowDisks: boolean;
}

/** What an action leaves: the member after it, what it sent, and what the checks look at. */
export interface Step {
  readonly member: Member;
  readonly messages: readonly Message[];
  readonly facts: readonly Fact[];
  readonly commitBefore: number;
  /** An assertion of the code itself. */
  readonly fault: string | null;
}

/** One entry an append, so that Figure 8 can happen within small bounds. */
const limits = { maxAppendBytes: 1, retainedEntries: 0 };

export function openMember(stored: Stored, mutants: Mutants): Member {
  return { raft: reopen(freshDisk(stored), stored.member, mutants), disk: freshDisk(stored), writes: [] };
}

function reopen(disk: TestDisk, id: MemberId, mutants: Mutants): Raft {
  const raft = openRaft({
    config: makeConfig(id, mutants, limits),
    disk: { kind: 'stored', ...storedOn(disk, id, 1) },
    witness: null,
    applied: 0,
    seed: 1,
    stream: 'explore',
    now: 0,
  });
  forgetTime(raft);
  return raft;
}

/** Whatever depends on time or chance only, at one value; maps in one order. */
function forgetTime(raft: Raft): void {
  raft.prng = { a: 1, b: 2, c: 3, d: 4 };
  raft.clock = {
    now: 0,
    electionTimeoutUs: testTiming.electionMinUs,
    electionAt: 0,
    leaderContactAt: -testTiming.electionMinUs,
    heartbeatAt: 0,
    transferEndsAt: 0,
  };
  raft.votes = new Map([...raft.votes].sort(([a], [b]) => a - b));
  if (raft.leadership === null) return;
  const { progress } = raft.leadership;
  raft.leadership.progress = new Map([...progress].sort(([a], [b]) => a - b));
  for (const one of progress.values()) {
    one.answeredAt = 0;
    one.nextAtRound = 0;
  }
}

/** What makes two members the same: all but the configuration that never changes. */
export const memberKey = ({ raft, disk, writes }: Member): unknown => ({
  raft: { ...raft, config: raft.config.self },
  disk,
  writes,
});

function take(from: Member, input: Input, { slowDisks }: Bounds): Step {
  const raft = clonePlain(from.raft);
  const commitBefore = raft.commit;
  const messages: Message[] = [];
  const facts: Fact[] = [];
  const writes = [...from.writes];
  let { disk } = from;
  try {
    const put = (one: Input): void => {
      const output = step(raft, 0, one);
      messages.push(...output.messages);
      facts.push(...output.facts);
      if (output.persist !== null) writes.push(output.persist);
    };
    put(input);
    while (!slowDisks && writes.length > 0) {
      const write = writes.shift() as Persist;
      disk = written(disk, write);
      messages.push(...write.promises);
      put({ kind: 'persisted' });
    }
  } catch (error) {
    if (!(error instanceof AssertionError)) throw error;
    return { member: from, messages, facts, commitBefore, fault: error.message };
  }
  forgetTime(raft);
  return { member: { raft, disk, writes }, messages, facts, commitBefore, fault: null };
}

export const receive = (from: Member, message: Message, bounds: Bounds): Step =>
  take(from, { kind: 'message', message }, bounds);

/** The oldest write ends. */
export function endWrite(from: Member, bounds: Bounds): Step {
  const [write, ...rest] = from.writes;
  if (write === undefined) throw new AssertionError('no write is under way');
  const ended = take(
    { ...from, disk: written(from.disk, write), writes: rest },
    { kind: 'persisted' },
    bounds,
  );
  return { ...ended, messages: [...write.promises, ...ended.messages] };
}

/** The power goes and comes back; the first `kept` of the unfinished writes are on disk. */
export function crash({ raft, disk, writes }: Member, kept: number): Step {
  const left = writes.slice(0, kept).reduce(written, disk);
  const member = { raft: reopen(left, raft.config.self, raft.config.mutants), disk: left, writes: [] };
  return { member, messages: [], facts: [], commitBefore: member.raft.commit, fault: null };
}

/** A timeout whose pre-vote was granted, as if: pre-vote changes no state, so only campaigns matter for safety. */
export function campaign(from: Member, bounds: Bounds): Step {
  const { self } = from.raft.config;
  const other = memberId(self === 1 ? 2 : 1);
  return receive(from, { kind: 'TimeoutNow', from: other, to: self, term: from.raft.term }, bounds);
}

export const heartbeat = (from: Member, bounds: Bounds): Step => take(from, { kind: 'wake' }, bounds);

/** The entry says who proposed it: two leaders of a term would differ in it. */
export const propose = (from: Member, bounds: Bounds): Step =>
  take(from, { kind: 'propose', data: Uint8Array.of(from.raft.config.self) }, bounds);

/** To the leader alone, and back to all. */
export function changeMembers(from: Member, all: readonly MemberId[], alone: boolean, bounds: Bounds): Step {
  const { self } = from.raft.config;
  const voters = alone ? [self] : [...all];
  const target = { voters, learners: all.filter((id) => !voters.includes(id)) };
  return take(from, { kind: 'changeMembers', target }, bounds);
}

export function entryKey(entry: Entry): string {
  if (entry.kind === 'data') return `${entry.term}:${entry.data.join('.')}`;
  return entry.kind === 'empty'
    ? `${entry.term}`
    : `${entry.term}:${entry.config.voters.join('.')}|${entry.config.outgoing.join('.')}`;
}
