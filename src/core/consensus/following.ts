// A Raft follower's part: appends, with the consistency check and the conflict hint, and snapshots that arrive in chunks
// (PCS-17…PCS-19, PCS-29; Raft §5.3, §7 Figure 13).

import { assert } from '../../base/assert.ts';
import { crc32c } from '../../base/crc32c.ts';
import { has } from '../kernel/mutants.ts';
import type { MemberId } from './configuration.ts';
import { commitTo, configChanged } from './leading.ts';
import {
  append,
  bytesOf,
  currentConfigIndex,
  emptyAfter,
  firstOfTerm,
  lastIndex,
  lastOfTerm,
  sliceBetween,
  termAt,
  truncateFrom,
} from './raft-log.ts';
import { type Outbox, send, writeLogFrom } from './raft-output.ts';
import { holds } from './raft-state.ts';
import type { Body, Entry, Incoming, Raft, Snapshot } from './raft-types.ts';
import { recordLeaderContact } from './roles.ts';

export function onAppend(raft: Raft, out: Outbox, from: MemberId, message: Body<'Append'>): void {
  recordLeaderContact(raft, out, from);
  const { log } = raft;
  const { prevIndex, prevTerm, round } = message;
  // Up to the commit index this log and the leader's agree, whatever was cut away here.
  const isBelowCommit = prevIndex < raft.commit;
  if (!isBelowCommit && !holds(raft, prevIndex, prevTerm)) {
    refuseAppend(raft, out, from, prevIndex, round);
    return;
  }
  const entries = isBelowCommit ? message.entries.slice(raft.commit - prevIndex) : message.entries;
  const match = Math.max(raft.commit, prevIndex + message.entries.length);
  const newEntries = findNewEntries(raft, entries);
  if (bytesWith(raft, newEntries) > raft.config.limits.maxLogBytes) {
    out.facts.push({ kind: 'dropped', from, what: 'Append', why: 'LOG_FULL' });
    return;
  }
  takeEntries(raft, out, newEntries);
  const known = has(raft.config.mutants, 'raft.commits-unverified') ? lastIndex(log) : match;
  commitTo(raft, out, Math.min(message.commit, known));
  const last = lastIndex(log);
  send(raft, out, from, {
    kind: 'AppendReply',
    ok: true,
    match,
    conflictTerm: 0,
    conflictFirst: 0,
    lastIndex: last,
    round,
  });
}

/** From the first entry on whose term differs here: an old append that matches brings none (PCS-17). */
function findNewEntries(raft: Raft, entries: readonly Entry[]): readonly Entry[] {
  if (has(raft.config.mutants, 'raft.truncates-always')) return entries;
  const at = entries.findIndex((entry) => termAt(raft.log, entry.index) !== entry.term);
  return at < 0 ? [] : entries.slice(at);
}

/** The size of the log with them, without what they replace. */
function bytesWith({ log }: Raft, newEntries: readonly Entry[]): number {
  const [first] = newEntries;
  if (first === undefined) return 0;
  return log.bytes + bytesOf(newEntries) - bytesOf(sliceBetween(log, first.index, lastIndex(log)));
}

/** Truncates only where a term differs: an append that matches never shortens the log (PCS-17). */
function takeEntries(raft: Raft, out: Outbox, newEntries: readonly Entry[]): void {
  const { log } = raft;
  const [first] = newEntries;
  if (first === undefined) return;
  const before = currentConfigIndex(log);
  if (first.index <= lastIndex(log)) truncate(raft, out, first.index);
  append(log, newEntries);
  writeLogFrom(out, first.index);
  out.facts.push({ kind: 'appended', first: first.index, last: lastIndex(log) });
  if (currentConfigIndex(log) !== before || newEntries.some((entry) => entry.kind === 'config'))
    configChanged(raft, out);
}

function truncate(raft: Raft, out: Outbox, first: number): void {
  assert(first > raft.commit, 'a committed entry would be truncated at', first);
  const { configs } = raft.log;
  const isStaying = has(raft.config.mutants, 'raft.undone-members-stay');
  if (isStaying) raft.log.configs = [...configs];
  truncateFrom(raft.log, first);
  if (isStaying) raft.log.configs = configs;
  for (const write of raft.outstanding) write.stableIndex = Math.min(write.stableIndex, first - 1);
  out.facts.push({ kind: 'truncated', from: first });
}

/** PCS-19: the term that stands here and where it began, so that the leader passes over it at once. */
function refuseAppend(raft: Raft, out: Outbox, to: MemberId, refused: number, round: number): void {
  const { log } = raft;
  const last = lastIndex(log);
  const conflictTerm = termAt(log, refused) ?? 0;
  const conflictFirst = conflictTerm === 0 ? last + 1 : firstOfTerm(log, refused);
  const body = { ok: false, match: refused, conflictTerm, conflictFirst, lastIndex: last, round } as const;
  send(raft, out, to, { kind: 'AppendReply', ...body });
}

/** Where the leader goes on after a refusal: past its own last entry of that term, else at the term's start there. */
export function nextAfterConflict(
  raft: Raft,
  { match, conflictTerm, conflictFirst }: Body<'AppendReply'>,
): number {
  const own = conflictTerm === 0 ? null : lastOfTerm(raft.log, match - 1, conflictTerm);
  return own === null ? Math.min(conflictFirst, match) : own + 1;
}

/** One chunk. What was received stays when another sender, or the same after a pause, offers the same snapshot. */
export function onSnapshot(raft: Raft, out: Outbox, from: MemberId, chunk: Body<'Snapshot'>): void {
  recordLeaderContact(raft, out, from);
  const { lastIndex: index, lastTerm: term, config, totalBytes } = chunk;
  if (index <= raft.commit || holds(raft, index, term)) {
    // PCS-29: the log has it all; what follows it stays.
    commitTo(raft, out, index);
    raft.incoming = null;
    acknowledge(raft, out, from);
  } else if (totalBytes > raft.config.limits.maxSnapshotBytes) {
    out.facts.push({ kind: 'dropped', from, what: 'Snapshot', why: 'TOO_LARGE' });
  } else {
    const incoming = addChunk(raft, chunk);
    const bytes = incoming.offset < totalBytes ? null : join(incoming);
    if (bytes !== null) raft.incoming = null;
    const isWhole = bytes !== null && crc32c(bytes) === chunk.crc;
    if (isWhole) {
      install(raft, out, { index, term, config, bytes });
      acknowledge(raft, out, from);
    } else {
      if (bytes !== null) out.facts.push({ kind: 'snapshotDamaged', from, index });
      const nextOffset = bytes === null ? incoming.offset : 0;
      send(raft, out, from, { kind: 'SnapshotReply', lastIndex: index, nextOffset });
    }
  }
}

function addChunk(raft: Raft, chunk: Body<'Snapshot'>): Incoming {
  const incoming = resume(raft, chunk);
  const end = chunk.offset + chunk.bytes.length;
  if (chunk.offset === incoming.offset && end <= incoming.totalBytes && chunk.bytes.length > 0) {
    incoming.chunks.push(chunk.bytes);
    incoming.offset = end;
  }
  return incoming;
}

function resume(
  raft: Raft,
  { lastIndex: index, lastTerm: term, crc, totalBytes }: Body<'Snapshot'>,
): Incoming {
  const { incoming } = raft;
  const isSame = incoming?.index === index && incoming.term === term;
  if (isSame && incoming.crc === crc && incoming.totalBytes === totalBytes) return incoming;
  raft.incoming = { index, term, crc, totalBytes, chunks: [], offset: 0 };
  return raft.incoming;
}

function join({ chunks, totalBytes }: Incoming): Uint8Array {
  const bytes = new Uint8Array(totalBytes);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** The whole log goes, and nothing here counts as durable until the snapshot is (V16, PCS-28). */
function install(raft: Raft, out: Outbox, snapshot: Snapshot): void {
  raft.log = emptyAfter(snapshot);
  raft.snapshot = snapshot;
  for (const write of raft.outstanding) write.stableIndex = 0;
  out.snapshot = snapshot;
  out.cutThrough = Number.POSITIVE_INFINITY;
  out.installs = snapshot;
  out.logFrom = null;
  commitTo(raft, out, snapshot.index);
  configChanged(raft, out);
}

/** The snapshot of a write is durable: the caller's state machine starts from it. */
export function onInstalled(raft: Raft, out: Outbox, snapshot: Snapshot): void {
  raft.applied = snapshot.index;
  out.restore = snapshot;
  out.facts.push({ kind: 'installed', index: snapshot.index, term: snapshot.term });
}

function acknowledge(raft: Raft, out: Outbox, to: MemberId): void {
  const last = lastIndex(raft.log);
  const body = { ok: true, match: raft.commit, conflictTerm: 0, conflictFirst: 0, lastIndex: last } as const;
  send(raft, out, to, { kind: 'AppendReply', ...body, round: 0 });
}
