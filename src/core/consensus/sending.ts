// What a Raft leader sends each member: appends, pipelined within a window; heartbeats that open a round; a snapshot chunk by
// chunk where the log no longer reaches back (PCS-18, PCS-28; Raft §5.3, §7). Nothing of it promises anything, so it goes at once.

import { crc32c } from '../../base/crc32c.ts';
import { has } from '../kernel/mutants.ts';
import type { MemberId } from './configuration.ts';
import { bytesOf, lastIndex, sliceFrom, termAt } from './raft-log.ts';
import { type Outbox, send } from './raft-output.ts';
import type { Leadership, Progress, Raft } from './raft-types.ts';

export const makeProgress = (next: number, now: number): Progress => ({
  state: 'probe',
  match: 0,
  next,
  inflight: [],
  isPaused: false,
  answeredAt: now,
  ackedRound: 0,
  nextAtRound: next,
  transfer: null,
});

/** Back to one append at a time, from `next` on. */
export function probeFrom(progress: Progress, next: number): void {
  progress.state = 'probe';
  progress.next = Math.max(next, progress.match + 1);
  progress.inflight = [];
  progress.isPaused = false;
  progress.transfer = null;
}

/** Sends what the window allows; `hasNewCommit` sends an empty append, too, where there is nothing else: the commit index moved. */
export function sendAppends(raft: Raft, out: Outbox, to: MemberId, hasNewCommit = false): void {
  const { leadership } = raft;
  const progress = leadership?.progress.get(to);
  if (leadership === null || progress === undefined) return;
  if (progress.state === 'replicate') sendWindow(raft, out, to, progress, leadership, hasNewCommit);
  else if (progress.isPaused) return;
  else if (progress.state === 'snapshot') sendChunk(raft, out, to, progress);
  else if (sendAppend(raft, out, to, progress, leadership)) progress.isPaused = true;
}

function sendWindow(
  raft: Raft,
  out: Outbox,
  to: MemberId,
  progress: Progress,
  leadership: Leadership,
  hasNewCommit: boolean,
): void {
  let sent = 0;
  while (progress.next <= lastIndex(raft.log) && hasWindow(raft, progress)) {
    if (!sendAppend(raft, out, to, progress, leadership)) return;
    sent++;
  }
  if (sent === 0 && hasNewCommit) sendAppend(raft, out, to, progress, leadership, 0);
}

function hasWindow({ config: { limits } }: Raft, { inflight }: Progress): boolean {
  const bytes = inflight.reduce((sum, append) => sum + append.bytes, 0);
  return inflight.length < limits.maxInflightAppends && bytes < limits.maxInflightBytes;
}

/** One append from `next` on; a snapshot instead where the log was cut. Returns whether an append went. */
function sendAppend(
  raft: Raft,
  out: Outbox,
  to: MemberId,
  progress: Progress,
  { round }: Leadership,
  maxBytes = raft.config.limits.maxAppendBytes,
): boolean {
  const prevIndex = progress.next - 1;
  const prevTerm = termAt(raft.log, prevIndex);
  if (prevTerm === null) {
    beginSnapshot(raft, out, to, progress);
    return false;
  }
  const entries = maxBytes === 0 ? [] : sliceFrom(raft.log, progress.next, maxBytes);
  send(raft, out, to, { kind: 'Append', prevIndex, prevTerm, entries, commit: raft.commit, round });
  if (progress.state === 'replicate' && entries.length > 0) {
    progress.next += entries.length;
    progress.inflight.push({ last: progress.next - 1, bytes: bytesOf(entries) });
  }
  return true;
}

function beginSnapshot(raft: Raft, out: Outbox, to: MemberId, progress: Progress): void {
  const { snapshot } = raft;
  if (snapshot === null) return;
  progress.state = 'snapshot';
  progress.inflight = [];
  progress.isPaused = false;
  progress.transfer = { snapshot, offset: 0 };
  out.facts.push({ kind: 'snapshotBegun', to, index: snapshot.index });
  sendChunk(raft, out, to, progress);
}

/** One chunk at a time; the receiver's answer says where the next begins. */
function sendChunk(raft: Raft, out: Outbox, to: MemberId, progress: Progress): void {
  const { transfer } = progress;
  if (transfer === null) return;
  const { snapshot, offset } = transfer;
  progress.isPaused = true;
  send(raft, out, to, {
    kind: 'Snapshot',
    lastIndex: snapshot.index,
    lastTerm: snapshot.term,
    config: snapshot.config,
    totalBytes: snapshot.bytes.length,
    crc: crc32c(snapshot.bytes),
    offset,
    bytes: snapshot.bytes.slice(offset, offset + raft.config.limits.snapshotChunkBytes),
  });
}

export function broadcast(raft: Raft, out: Outbox, hasNewCommit = false): void {
  for (const to of raft.leadership?.progress.keys() ?? []) sendAppends(raft, out, to, hasNewCommit);
}

/**
 * A heartbeat to each member: an append without entries at its match, so that it always agrees, with no more of the commit
 * index than is known to be there (PCS-18). It opens a new round: whoever answers it confirms this leader at that time.
 */
export function beginRound(raft: Raft, out: Outbox): void {
  const { leadership } = raft;
  if (leadership === null) return;
  leadership.round++;
  const { round } = leadership;
  for (const [to, progress] of leadership.progress) {
    const known = termAt(raft.log, progress.match);
    const prevIndex = known === null ? 0 : progress.match;
    const commit = has(raft.config.mutants, 'raft.commits-unverified')
      ? raft.commit
      : Math.min(prevIndex, raft.commit);
    progress.nextAtRound = progress.next;
    send(raft, out, to, { kind: 'Append', prevIndex, prevTerm: known ?? 0, entries: [], commit, round });
  }
}
