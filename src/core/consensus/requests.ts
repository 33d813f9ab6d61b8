// What the caller asks of a Raft member: proposals, membership changes, reads, transfers, snapshots. Each is taken or refused at
// once; (clientId, requestId) and answering is the caller's matter (PCS-20, PCS-23…PCS-28, PCS-30).

import { has } from '../kernel/mutants.ts';
import { checkMembers, isJoint, isVoter, type MemberId, type Members, towards } from './configuration.ts';
import { appendOwn, confirmRounds } from './leading.ts';
import {
  bytesOf,
  configAt,
  currentConfig,
  currentConfigIndex,
  cutThrough,
  lastIndex,
  sliceBetween,
  termAt,
} from './raft-log.ts';
import type { Outbox } from './raft-output.ts';
import { isReady } from './raft-state.ts';
import type { Input, Leadership, Raft, Refusal } from './raft-types.ts';
import { sendTimeoutNow } from './replies.ts';
import { beginRound } from './sending.ts';

export type Request = Extract<Input, { kind: 'propose' | 'changeMembers' | 'read' | 'transfer' | 'compact' }>;

/** Why it is refused, null if it was taken. */
export function takeRequest(raft: Raft, out: Outbox, request: Request): Refusal | null {
  switch (request.kind) {
    case 'propose':
      return propose(raft, out, request.data);
    case 'changeMembers':
      return changeMembers(raft, out, request.target);
    case 'read':
      return read(raft, out, request.id);
    case 'transfer':
      return transfer(raft, out, request.to);
    case 'compact':
      return compact(raft, out, request.index, request.bytes);
  }
}

function propose(raft: Raft, out: Outbox, data: Uint8Array): Refusal | null {
  const code = whyNotAppend(raft, data.length);
  if (code !== null) return code;
  const { index, term } = appendOwn(raft, out, { kind: 'data', data });
  out.accepted = { index, term };
  return null;
}

function whyNotAppend(raft: Raft, bytes: number): Refusal | null {
  const { leadership, log, commit, outstanding } = raft;
  const { limits } = raft.config;
  if (leadership === null) return 'NOT_LEADER';
  if (leadership.transferTo !== null) return 'TRANSFERRING';
  if (bytes > limits.maxEntryBytes) return 'TOO_LARGE';
  if (outstanding.length >= limits.maxOutstandingWrites) return 'BUSY';
  if (log.bytes + bytes > limits.maxLogBytes) return 'LOG_FULL';
  const uncommitted = bytesOf(sliceBetween(log, commit + 1, lastIndex(log)));
  return uncommitted + bytes > limits.maxUncommittedBytes ? 'BUSY' : null;
}

/** One change at a time, and only by a leader that has committed in its term (PCS-23). */
function changeMembers(raft: Raft, out: Outbox, target: Members): Refusal | null {
  const { leadership, log, config } = raft;
  const code = whyNotAppend(raft, 0);
  if (leadership === null || code !== null) return code ?? 'NOT_LEADER';
  const current = currentConfig(log);
  const isOpen = isJoint(current) || currentConfigIndex(log) > raft.commit || !isReady(raft);
  if (isOpen) return 'CHANGE_IN_PROGRESS';
  if (raft.isTermUnwritten) {
    // another member may receive entries before they are durable here: none of a term that a crash takes back
    appendOwn(raft, out, { kind: 'empty' });
    return 'CHANGE_IN_PROGRESS';
  }
  const fault = checkMembers(current, target, config.limits.maxMembers);
  if (fault !== null) return fault;
  if (!target.voters.every((id) => isCaughtUp(raft, leadership, id))) return 'NOT_CAUGHT_UP';
  const next = towards(current, target);
  const isSingleStep = has(raft.config.mutants, 'raft.no-joint');
  const entry = appendOwn(raft, out, {
    kind: 'config',
    config: isSingleStep ? { ...next, outgoing: [] } : next,
  });
  out.accepted = { index: entry.index, term: entry.term };
  return null;
}

/** PCS-26: a learner is promoted only when it would not hold back commits. */
function isCaughtUp(raft: Raft, { progress }: Leadership, id: MemberId): boolean {
  if (isVoter(currentConfig(raft.log), id)) return true;
  return (progress.get(id)?.match ?? 0) >= raft.commit - raft.config.limits.promotionLag;
}

/** ReadIndex (PCS-20): the commit index now, once a quorum has answered a round that begins after this. */
function read(raft: Raft, out: Outbox, id: number): Refusal | null {
  const { leadership } = raft;
  if (leadership === null) return 'NOT_LEADER';
  if (leadership.reads.length >= raft.config.limits.maxPendingReads) return 'BUSY';
  if (!isReady(raft)) {
    leadership.reads.push({ id, index: 0, round: 0 });
    return null;
  }
  if (has(raft.config.mutants, 'raft.reads-without-round')) {
    out.reads.push({ id, index: raft.commit });
    return null;
  }
  const isIdle = leadership.confirmedRound >= leadership.round;
  leadership.reads.push({ id, index: raft.commit, round: leadership.round + 1 });
  if (isIdle) beginRound(raft, out);
  confirmRounds(raft, out);
  return null;
}

/** PCS-27: proposals and changes of members stop, so the target stays a voter; TimeoutNow goes when the target has all; at the deadline the leader goes on. */
function transfer(raft: Raft, out: Outbox, to: MemberId): Refusal | null {
  const { leadership, log, config, clock } = raft;
  if (leadership === null) return 'NOT_LEADER';
  if (leadership.transferTo !== null) return 'TRANSFERRING';
  if (to === config.self || !currentConfig(log).voters.includes(to)) return 'NOT_VOTER';
  leadership.transferTo = to;
  clock.transferEndsAt = clock.now + config.timing.electionMinUs;
  out.facts.push({ kind: 'transferBegun', to });
  sendTimeoutNow(raft, out, to);
  return null;
}

/** Takes the caller's snapshot at an applied index; the log is cut some entries below it (PCS-28). */
function compact(raft: Raft, out: Outbox, index: number, bytes: Uint8Array): Refusal | null {
  const { log, config } = raft;
  const { maxSnapshotBytes, maxOutstandingWrites, retainedEntries } = config.limits;
  const isKnown = index > (raft.snapshot?.index ?? 0) && index <= raft.applied;
  const term = termAt(log, index);
  if (!isKnown || term === null) return 'BAD_INDEX';
  if (bytes.length > maxSnapshotBytes) return 'TOO_LARGE';
  if (raft.outstanding.length >= maxOutstandingWrites) return 'BUSY';
  const members = has(config.mutants, 'raft.snapshot-of-newest-members')
    ? currentConfig(log)
    : configAt(log, index);
  raft.snapshot = { index, term, config: members, bytes };
  const last = Math.max(log.baseIndex, index - retainedEntries);
  cutThrough(log, last, has(config.mutants, 'raft.cut-keeps-newest-members') ? lastIndex(log) : index);
  out.snapshot = raft.snapshot;
  out.cutThrough = last;
  out.facts.push({ kind: 'compacted', index, logFrom: last + 1 });
  return null;
}
