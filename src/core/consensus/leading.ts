// A Raft leader's own part: opening its term, appending, committing, and what a committed configuration calls for
// (PCS-14…PCS-16, PCS-22…PCS-25; Raft §5.4.2, §6, §8).

import { has } from '../kernel/mutants.ts';
import {
  type Configuration,
  isJoint,
  isVoter,
  leaveJoint,
  type MemberId,
  membersOf,
  quorumValue,
} from './configuration.ts';
import { append, configAt, currentConfig, currentConfigIndex, lastIndex, termAt } from './raft-log.ts';
import { type Outbox, send, setRole, writeLogFrom } from './raft-output.ts';
import { isReady } from './raft-state.ts';
import type { Entry, Leadership, Raft } from './raft-types.ts';
import { becomeFollower } from './roles.ts';
import { beginRound, broadcast, makeProgress } from './sending.ts';

/** Won: an empty entry of the new term, because only an entry of one's own term commits by counting (PCS-16). */
export function becomeLeader(raft: Raft, out: Outbox): void {
  takeOffice(raft, out, lastIndex(raft.log) + 1);
  appendOwn(raft, out, { kind: 'empty' });
}

/**
 * The only member leads as soon as it runs (PCS-102): whatever its disk holds is held by every member there is, so it is committed, and
 * nothing has to be written first. Its new term is on disk with the first entry of that term; until then nobody has heard of it.
 */
export function leadAlone(raft: Raft, out: Outbox): void {
  raft.term++;
  raft.votedFor = raft.config.self;
  raft.isTermUnwritten = true;
  takeOffice(raft, out, raft.log.durable);
  commitTo(raft, out, raft.log.durable);
}

function takeOffice(raft: Raft, out: Outbox, firstIndex: number): void {
  const { clock, config } = raft;
  raft.leader = config.self;
  raft.votes.clear();
  raft.leadership = {
    firstIndex,
    progress: new Map(),
    round: 0,
    confirmedRound: 0,
    reads: [],
    transferTo: null,
  };
  clock.heartbeatAt = clock.now + config.timing.heartbeatUs;
  setRole(raft, out, 'leader');
  syncProgress(raft, raft.leadership);
}

type NewEntry =
  | { readonly kind: 'empty' }
  | { readonly kind: 'data'; readonly data: Uint8Array }
  | { readonly kind: 'config'; readonly config: Configuration };

/** Appends an entry of the leader's term, sends it on at once, and counts it here only when it is durable (PCS-15). */
export function appendOwn(raft: Raft, out: Outbox, content: NewEntry): Entry {
  const index = lastIndex(raft.log) + 1;
  const entry: Entry = { index, term: raft.term, ...content };
  append(raft.log, [entry]);
  writeLogFrom(out, index);
  out.facts.push({ kind: 'appended', first: index, last: index });
  if (entry.kind === 'config') configChanged(raft, out);
  broadcast(raft, out);
  return entry;
}

/** The configuration in force became another, by an append, a truncation or a snapshot. */
export function configChanged(raft: Raft, out: Outbox): void {
  out.facts.push({
    kind: 'configured',
    index: currentConfigIndex(raft.log),
    config: currentConfig(raft.log),
  });
  if (raft.leadership !== null) syncProgress(raft, raft.leadership);
}

function syncProgress({ log, config, clock }: Raft, leadership: Leadership): void {
  const members = membersOf(currentConfig(log));
  for (const id of leadership.progress.keys()) if (!members.includes(id)) leadership.progress.delete(id);
  for (const id of members) {
    if (id !== config.self && !leadership.progress.has(id)) {
      leadership.progress.set(id, makeProgress(lastIndex(log) + 1, clock.now));
    }
  }
}

export function commitTo(raft: Raft, out: Outbox, index: number): boolean {
  if (index <= raft.commit) return false;
  raft.commit = index;
  out.facts.push({ kind: 'committed', index });
  return true;
}

/**
 */
function countingSets({ log, commit, config: { mutants } }: Raft): Configuration {
  const current = currentConfig(log);
  if (has(mutants, 'raft.joint-by-old-set') && isJoint(current))
    return { ...current, voters: current.outgoing };
  const index = currentConfigIndex(log);
  if (!has(mutants, 'raft.leaves-by-old-set') || index <= commit) return current;
  const before = configAt(log, index - 1);
  return isJoint(before) ? { ...before, voters: before.outgoing } : current;
}

/** Commits what a quorum holds durably, if it is of this term: entries of earlier terms commit with it (Figure 8). */
export function advanceCommit(raft: Raft, out: Outbox): boolean {
  const { leadership, log, config } = raft;
  if (leadership === null) return false;
  const own = has(raft.config.mutants, 'raft.counts-unsynced') ? lastIndex(log) : log.durable;
  const counting = countingSets(raft);
  const index = quorumValue(counting, (id) =>
    id === config.self ? own : (leadership.progress.get(id)?.match ?? 0),
  );
  if (termAt(log, index) !== raft.term && !has(raft.config.mutants, 'raft.commits-older-term')) return false;
  if (!commitTo(raft, out, index)) return false;
  broadcast(raft, out, true);
  afterCommit(raft, out, leadership);
  return true;
}

/** Reads that came before the term's first commit get their index now; joint ends; a leader that is out goes (PCS-24, PCS-25). */
function afterCommit(raft: Raft, out: Outbox, leadership: Leadership): void {
  if (!isReady(raft)) return;
  const isWaiting = leadership.reads.some((read) => read.round === 0);
  if (isWaiting) {
    for (const read of leadership.reads) {
      if (read.round !== 0) continue;
      read.index = raft.commit;
      read.round = leadership.round + 1;
    }
    beginRound(raft, out);
    confirmRounds(raft, out);
  }
  const config = currentConfig(raft.log);
  if (currentConfigIndex(raft.log) > raft.commit) return;
  if (isJoint(config)) appendOwn(raft, out, { kind: 'config', config: leaveJoint(config) });
  else if (!isVoter(config, raft.config.self)) leaveOffice(raft, out, leadership);
}

/** The others have been sent the commit index; the most caught-up voter is instructed to campaign. */
function leaveOffice(raft: Raft, out: Outbox, { progress }: Leadership): void {
  let best: MemberId | null = null;
  for (const id of currentConfig(raft.log).voters) {
    const match = progress.get(id)?.match ?? 0;
    if (best === null || match > (progress.get(best)?.match ?? 0)) best = id;
  }
  if (best !== null) send(raft, out, best, { kind: 'TimeoutNow' });
  becomeFollower(raft, out, raft.term, null);
}

/** Releases the reads of every round that a quorum has answered (PCS-20). */
export function confirmRounds(raft: Raft, out: Outbox): void {
  const { leadership, config, log } = raft;
  if (leadership === null) return;
  leadership.confirmedRound = quorumValue(currentConfig(log), (id) =>
    id === config.self ? leadership.round : (leadership.progress.get(id)?.ackedRound ?? 0),
  );
  const { confirmedRound } = leadership;
  const isDone = (round: number): boolean => round !== 0 && round <= confirmedRound;
  for (const { id, index, round } of leadership.reads) if (isDone(round)) out.reads.push({ id, index });
  leadership.reads = leadership.reads.filter((read) => !isDone(read.round));
  // Reads that came during a round share the next one.
  const isOver = confirmedRound >= leadership.round;
  if (isOver && leadership.reads.some((read) => read.round > leadership.round)) {
    beginRound(raft, out);
    confirmRounds(raft, out);
  }
}
