// Elections of Raft: pre-vote, votes, transfer of leadership by TimeoutNow (PCS-8…PCS-13, PCS-27; Raft §5.2, §5.4.1, thesis
// 3.10, 4.2.3, 9.6). A member judges a candidate by its log alone, not by its own configuration, which may be older than the
// candidate's: the candidate counts only voters of its own, so a learner's vote counts nowhere (PCS-26).

import { has } from '../kernel/mutants.ts';
import { hasQuorum, type MemberId, votersOf } from './configuration.ts';
import { becomeLeader, leadAlone } from './leading.ts';
import { currentConfig, isUpToDate, lastIndex, lastTerm } from './raft-log.ts';
import { type Outbox, send, setRole } from './raft-output.ts';
import { armElection, hasLeaderContact, isAlone, isPromotable, restartElectionTimer } from './raft-state.ts';
import type { Body, Raft } from './raft-types.ts';
import { becomeFollower } from './roles.ts';

/** The election timer ran out: ask whether a campaign could be won, before the term is raised (PCS-10). */
export function startPreVote(raft: Raft, out: Outbox): void {
  armElection(raft);
  if (!isPromotable(raft)) return;
  if (isAlone(raft)) {
    leadAlone(raft, out);
    return;
  }
  raft.leader = null;
  raft.votes.clear();
  setRole(raft, out, 'preCandidate');
  raft.votes.set(raft.config.self, true);
  if (tally(raft, out)) return;
  const body = { kind: 'PreVote', lastIndex: lastIndex(raft.log), lastTerm: lastTerm(raft.log) } as const;
  for (const id of others(raft)) send(raft, out, id, body, raft.term + 1);
}

/** A real campaign: the next term, the vote for oneself, which counts once it is durable, as the requests go. */
function startCampaign(raft: Raft, out: Outbox, transfer: boolean): void {
  armElection(raft);
  raft.term++;
  raft.votedFor = raft.config.self;
  raft.leader = null;
  raft.votes.clear();
  out.hardState = true;
  out.ownVote = true;
  setRole(raft, out, 'candidate');
  out.facts.push({ kind: 'voted', for: raft.config.self, term: raft.term });
  const body = {
    kind: 'RequestVote',
    lastIndex: lastIndex(raft.log),
    lastTerm: lastTerm(raft.log),
    transfer,
  } as const;
  for (const id of others(raft)) send(raft, out, id, body);
}

const others = ({ config, log }: Raft): MemberId[] =>
  votersOf(currentConfig(log)).filter((id) => id !== config.self);

/** The own vote of this term is durable. */
export function countOwnVote(raft: Raft, out: Outbox, term: number): void {
  if (raft.role !== 'candidate' || term !== raft.term) return;
  raft.votes.set(raft.config.self, true);
  tally(raft, out);
}

/** Ends the attempt if it is decided. */
function tally(raft: Raft, out: Outbox): boolean {
  const config = currentConfig(raft.log);
  if (hasQuorum(config, (id) => raft.votes.get(id) === true)) {
    if (raft.role === 'preCandidate') startCampaign(raft, out, false);
    else becomeLeader(raft, out);
    return true;
  }
  // Lost for good in this term once the voters that may still grant make no quorum.
  const isLost = !hasQuorum(config, (id) => raft.votes.get(id) !== false);
  if (isLost) becomeFollower(raft, out, raft.term, null);
  return isLost;
}

/** Counts votes of voters only: messages of others would fill the map. */
function countVote(raft: Raft, out: Outbox, from: MemberId, granted: boolean): void {
  if (!votersOf(currentConfig(raft.log)).includes(from)) return;
  if (!raft.votes.has(from)) raft.votes.set(from, granted);
  tally(raft, out);
}

/** PCS-10: changes nothing here; granted for an up-to-date log while no leader is heard. */
export function onPreVote(raft: Raft, out: Outbox, from: MemberId, term: number, ask: Body<'PreVote'>): void {
  const isFree = term > raft.term || raft.votedFor === null || raft.votedFor === from;
  const granted = isFree && !hasLeaderContact(raft) && isUpToDate(raft.log, ask.lastTerm, ask.lastIndex);
  send(raft, out, from, { kind: 'PreVoteReply', granted }, granted ? term : raft.term);
}

export function onPreVoteReply(
  raft: Raft,
  out: Outbox,
  from: MemberId,
  term: number,
  granted: boolean,
): void {
  if (raft.role !== 'preCandidate') return;
  if (granted && term !== raft.term + 1) return;
  countVote(raft, out, from, granted);
}

/** One vote a term, for a log at least as up to date (PCS-9). */
export function onRequestVote(raft: Raft, out: Outbox, from: MemberId, ask: Body<'RequestVote'>): void {
  const isFree = raft.votedFor === from || (raft.votedFor === null && raft.leader === null);
  const mayVote = isFree || has(raft.config.mutants, 'raft.votes-twice');
  const isFit =
    isUpToDate(raft.log, ask.lastTerm, ask.lastIndex) || has(raft.config.mutants, 'raft.votes-for-any-log');
  const granted = mayVote && isFit;
  if (granted && raft.votedFor !== from) {
    raft.votedFor = from;
    out.hardState = true;
    out.facts.push({ kind: 'voted', for: from, term: raft.term });
  }
  // Whoever voted gives the candidate the time to win (Raft §5.2).
  if (granted) restartElectionTimer(raft);
  send(raft, out, from, { kind: 'VoteReply', granted });
}

export function onVoteReply(raft: Raft, out: Outbox, from: MemberId, granted: boolean): void {
  if (raft.role === 'candidate') countVote(raft, out, from, granted);
}

/** The leader wants this member to lead: no pre-vote, and voters that hear the leader may answer (PCS-27). */
export function onTimeoutNow(raft: Raft, out: Outbox): void {
  if (raft.role !== 'leader' && isPromotable(raft)) startCampaign(raft, out, true);
}
