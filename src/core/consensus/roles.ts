// A Raft member as follower: adopting a term, following a leader, giving up leadership (Raft §5.1, Figure 2 "All Servers").

import type { MemberId } from './configuration.ts';
import { type Outbox, setRole } from './raft-output.ts';
import { armElection, restartElectionTimer } from './raft-state.ts';
import type { AmnesiaReason, Raft } from './raft-types.ts';

/** Follows `leader` (null: nobody yet) in `term`, which is never below the present one. */
export function becomeFollower(raft: Raft, out: Outbox, term: number, leader: MemberId | null): void {
  if (term > raft.term) {
    raft.term = term;
    raft.votedFor = null;
    out.hardState = true;
  }
  loseLeadership(raft, out);
  raft.leader = leader;
  raft.votes.clear();
  if (raft.role !== 'follower') {
    setRole(raft, out, 'follower');
    armElection(raft);
  }
}

/** Reads that wait for a round are never answered by a leader that was deposed meanwhile. */
function loseLeadership(raft: Raft, out: Outbox): void {
  const { leadership } = raft;
  if (leadership === null) return;
  out.lostReads.push(...leadership.reads.map((read) => read.id));
  if (leadership.transferTo !== null) out.facts.push({ kind: 'transferEnded', to: leadership.transferTo });
  raft.leadership = null;
}

/** A message of the current term's leader arrived. */
export function recordLeaderContact(raft: Raft, out: Outbox, leader: MemberId): void {
  if (raft.role !== 'follower' || raft.leader !== leader) becomeFollower(raft, out, raft.term, leader);
  raft.clock.leaderContactAt = raft.clock.now;
  restartElectionTimer(raft);
}

/** Takes part in nothing from here on (`raft-state.ts` says why). */
export function becomeAmnesiac(raft: Raft, out: Outbox, why: AmnesiaReason): void {
  loseLeadership(raft, out);
  raft.leader = null;
  raft.votes.clear();
  raft.incoming = null;
  raft.amnesia = why;
  setRole(raft, out, 'amnesiac');
  out.facts.push({ kind: 'amnesiac', why });
}
