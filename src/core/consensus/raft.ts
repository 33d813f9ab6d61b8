// Raft as pure steps: the one door of a member's state (docs/spec/raft.md). It is the log and nothing else: who applies, where
// bytes lie, how messages travel is the caller's. One input, one output; persistence and sending are outputs (as in etcd/raft):
//   1. send `messages` at once;
//   2. write `persist` in order; when it is durable send its `promises` and put in `persisted`, once for each, in order;
//   3. `restore`, then apply `committed`; answer `reads` once applied;
//   4. put in `wake` at `wakeAt` at the latest.
// A node runs many of these side by side. State is plain data, the only randomness its own PRNG.

import {
  countOwnVote,
  onPreVote,
  onPreVoteReply,
  onRequestVote,
  onTimeoutNow,
  onVoteReply,
  startPreVote,
} from './election.ts';
import { onAppend, onInstalled, onSnapshot } from './following.ts';
import { advanceCommit } from './leading.ts';
import { lastIndex } from './raft-log.ts';
import { finishOutbox, makeOutbox, type Outbox, refuse, send } from './raft-output.ts';
import { contactEndsAt, hasLeaderContact } from './raft-state.ts';
import type { Input, Leadership, Message, Output, Raft } from './raft-types.ts';
import { onAppendReply, onSnapshotReply } from './replies.ts';
import { takeRequest } from './requests.ts';
import { becomeAmnesiac, becomeFollower } from './roles.ts';
import { beginRound } from './sending.ts';

/** Takes one input at a virtual time and changes `raft`. */
export function step(raft: Raft, now: number, input: Input): Output {
  const out = makeOutbox();
  raft.clock.now = Math.max(raft.clock.now, now);
  if (raft.role === 'amnesiac') answerAmnesiac(raft, out, input);
  else take(raft, out, input);
  return finishOutbox(raft, out);
}

function take(raft: Raft, out: Outbox, input: Input): void {
  switch (input.kind) {
    case 'message':
      receive(raft, out, input.message);
      break;
    case 'persisted':
      onPersisted(raft, out);
      break;
    case 'wake':
      onWake(raft, out);
      break;
    case 'invalidateIdentity':
      becomeAmnesiac(raft, out, input.why);
      break;
    default: {
      const code = takeRequest(raft, out, input);
      if (code !== null) refuse(raft, out, code);
    }
  }
}

function answerAmnesiac(raft: Raft, out: Outbox, input: Input): void {
  if (input.kind === 'persisted') raft.outstanding.shift();
  else if (input.kind === 'message') drop(out, input.message, 'AMNESIAC');
  else if (input.kind !== 'wake' && input.kind !== 'invalidateIdentity') refuse(raft, out, 'NOT_LEADER');
}

function drop(out: Outbox, { from, kind }: Message, why: string): void {
  out.facts.push({ kind: 'dropped', from, what: kind, why });
}

/** Terms first (Figure 2, "All Servers"), then the message by its kind. */
function receive(raft: Raft, out: Outbox, message: Message): void {
  const { from, term } = message;
  const why = whyDrop(raft, message);
  if (why !== null) {
    drop(out, message, why);
  } else if (term < raft.term) {
    answerStale(raft, out, message);
  } else {
    const isQuestion = message.kind === 'PreVote' || (message.kind === 'PreVoteReply' && message.granted);
    const isOfLeader = message.kind === 'Append' || message.kind === 'Snapshot';
    if (term > raft.term && !isQuestion) becomeFollower(raft, out, term, isOfLeader ? from : null);
    dispatch(raft, out, message);
  }
}

function whyDrop(raft: Raft, message: Message): string | null {
  const { self, limits } = raft.config;
  if (message.to !== self || message.from === self) return 'NOT_MINE';
  if (raft.outstanding.length >= limits.maxOutstandingWrites) return 'DISK_BEHIND';
  // PCS-13: a member that lost touch does not depose a leader that the others hear.
  const isDisturbance = message.kind === 'RequestVote' && message.term > raft.term && !message.transfer;
  if (isDisturbance && hasLeaderContact(raft)) return 'LEADER_HEARD';
  const isOfLeader = message.kind === 'Append' || message.kind === 'Snapshot';
  return isOfLeader && raft.role === 'leader' && message.term === raft.term ? 'TWO_LEADERS' : null;
}

function dispatch(raft: Raft, out: Outbox, message: Message): void {
  const { from, term } = message;
  switch (message.kind) {
    case 'PreVote':
      onPreVote(raft, out, from, term, message);
      break;
    case 'PreVoteReply':
      onPreVoteReply(raft, out, from, term, message.granted);
      break;
    case 'RequestVote':
      onRequestVote(raft, out, from, message);
      break;
    case 'VoteReply':
      onVoteReply(raft, out, from, message.granted);
      break;
    case 'Append':
      onAppend(raft, out, from, message);
      break;
    case 'Snapshot':
      onSnapshot(raft, out, from, message);
      break;
    case 'AppendReply':
      onAppendReply(raft, out, from, message);
      break;
    case 'SnapshotReply':
      onSnapshotReply(raft, out, from, message);
      break;
    case 'TimeoutNow':
      onTimeoutNow(raft, out);
      break;
  }
}

/** PCS-12: a request of an older term is refused with the present one, so that its sender learns it. */
function answerStale(raft: Raft, out: Outbox, { from, kind, ...message }: Message): void {
  switch (kind) {
    case 'PreVote':
      send(raft, out, from, { kind: 'PreVoteReply', granted: false });
      break;
    case 'RequestVote':
      send(raft, out, from, { kind: 'VoteReply', granted: false });
      break;
    case 'Append':
    case 'Snapshot': {
      const match = 'prevIndex' in message ? message.prevIndex : 0;
      const nothing = { conflictTerm: 0, conflictFirst: 0, lastIndex: lastIndex(raft.log), round: 0 };
      send(raft, out, from, { kind: 'AppendReply', ok: false, match, ...nothing });
      break;
    }
    default:
  }
}

function onPersisted(raft: Raft, out: Outbox): void {
  const write = raft.outstanding.shift();
  if (write === undefined) return;
  raft.log.durable = write.stableIndex;
  if (write.hasTerm) raft.isTermUnwritten = false;
  if (write.installs !== null) onInstalled(raft, out, write.installs);
  countOwnVote(raft, out, write.ownVoteTerm);
  advanceCommit(raft, out);
}

function onWake(raft: Raft, out: Outbox): void {
  const { clock, leadership } = raft;
  if (leadership !== null) wakeLeader(raft, out, leadership);
  else if (clock.now >= clock.electionAt) startPreVote(raft, out);
}

function wakeLeader(raft: Raft, out: Outbox, leadership: Leadership): void {
  const { clock, config } = raft;
  excuseOwnDelay(raft, leadership);
  if (clock.now >= contactEndsAt(raft, leadership)) {
    becomeFollower(raft, out, raft.term, null);
    return;
  }
  if (leadership.transferTo !== null && clock.now >= clock.transferEndsAt) {
    out.facts.push({ kind: 'transferEnded', to: leadership.transferTo });
    leadership.transferTo = null;
  }
  if (clock.now < clock.heartbeatAt) return;
  clock.heartbeatAt = clock.now + config.timing.heartbeatUs;
  beginRound(raft, out);
}

/** PCS-14: a leader that was frozen, or whose clock was set forward, asked nobody meanwhile: that time is not the others' silence. */
function excuseOwnDelay({ clock, config }: Raft, { progress }: Leadership): void {
  const late = clock.now - clock.heartbeatAt;
  if (late < config.timing.heartbeatUs) return;
  for (const one of progress.values()) one.answeredAt = Math.min(clock.now, one.answeredAt + late);
}
