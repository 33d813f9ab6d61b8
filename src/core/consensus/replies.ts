// What a Raft leader makes of its members' answers: progress, refusals, lost appends, chunks (PCS-18…PCS-20, PCS-27; Raft §5.3).

import type { MemberId } from './configuration.ts';
import { nextAfterConflict } from './following.ts';
import { advanceCommit, confirmRounds } from './leading.ts';
import { lastIndex } from './raft-log.ts';
import { type Outbox, send } from './raft-output.ts';
import type { Body, Leadership, Progress, Raft } from './raft-types.ts';
import { probeFrom, sendAppends } from './sending.ts';

export function onAppendReply(raft: Raft, out: Outbox, from: MemberId, reply: Body<'AppendReply'>): void {
  const { leadership } = raft;
  const progress = leadership?.progress.get(from);
  if (leadership === null || progress === undefined) return;
  // What no log of this term holds was not said of it.
  if (reply.match > lastIndex(raft.log) || reply.round > leadership.round) return;
  progress.answeredAt = raft.clock.now;
  const wasPaused = progress.isPaused;
  if (reply.ok) onAgreed(progress, reply);
  else if (!onRefused(raft, progress, reply)) return;
  if (reply.round > progress.ackedRound) {
    progress.ackedRound = reply.round;
    findLostAppend(progress, reply, leadership);
  }
  const isCommitted = advanceCommit(raft, out);
  // While it was probed it received no new commit index.
  sendAppends(raft, out, from, wasPaused && !isCommitted);
  confirmRounds(raft, out);
  sendTimeoutNow(raft, out, from);
}

function onAgreed(progress: Progress, { match }: Body<'AppendReply'>): void {
  if (progress.state === 'probe' && match >= progress.next - 1) {
    progress.state = 'replicate';
    progress.isPaused = false;
  }
  if (match <= progress.match) return;
  progress.match = match;
  progress.next = Math.max(progress.next, match + 1);
  progress.inflight = progress.inflight.filter((append) => append.last > match);
  if (progress.transfer !== null && match >= progress.transfer.snapshot.index) probeFrom(progress, match + 1);
}

/** False for a refusal that is older than what is known since. */
function onRefused(raft: Raft, progress: Progress, reply: Body<'AppendReply'>): boolean {
  if (progress.state === 'snapshot' || reply.match <= progress.match) return false;
  if (progress.state === 'probe' && reply.match !== progress.next - 1) return false;
  probeFrom(progress, nextAfterConflict(raft, reply));
  return true;
}

/** A member that answers a round with a shorter log than it was sent before: an append was lost, or its answer was. */
function findLostAppend(progress: Progress, reply: Body<'AppendReply'>, { round }: Leadership): void {
  if (progress.state === 'replicate') {
    const isLost = reply.lastIndex < progress.nextAtRound - 1 || progress.match < progress.nextAtRound - 1;
    if (reply.round === round && isLost) probeFrom(progress, progress.match + 1);
  } else {
    progress.isPaused = false;
  }
}

export function onSnapshotReply(raft: Raft, out: Outbox, from: MemberId, reply: Body<'SnapshotReply'>): void {
  const progress = raft.leadership?.progress.get(from);
  if (progress === undefined) return;
  progress.answeredAt = raft.clock.now;
  const { transfer } = progress;
  if (transfer === null || reply.lastIndex !== transfer.snapshot.index) return;
  transfer.offset = Math.min(reply.nextOffset, transfer.snapshot.bytes.length);
  progress.isPaused = false;
  sendAppends(raft, out, from);
}

/** PCS-27: only a target that has everything is instructed. */
export function sendTimeoutNow(raft: Raft, out: Outbox, to: MemberId): void {
  const { leadership } = raft;
  if (leadership === null || leadership.transferTo !== to) return;
  if (leadership.progress.get(to)?.match === lastIndex(raft.log)) send(raft, out, to, { kind: 'TimeoutNow' });
}
