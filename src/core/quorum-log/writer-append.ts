// LSN allocation and MTR append (docs/spec/wal.md WAL-1…9, 11): a record gets its LSN, its three chains and its bytes
// here, once; the same bytes are sent, sent again and stored. Cost is O(1) a record (a search over the groups aside).

import { assert } from '../../base/assert.ts';
import type { Lsn, Time, TxId } from '../../base/ids.ts';
import { type RoleContext, trace, wakeAt } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import { type EncodedRecord, encodeRecord, type MtrRecord } from '../log/record.ts';
import { groupAt, groupOfKey, type WriterGroup, type WriterState } from './writer-state.ts';

/** Wakes the sender when the log buffer has waited groupCommitMaxUs (PRE-7). */
export const FLUSH_TIMER = 'wal.flush';

export type AppendRefusal = 'BACKPRESSURE' | 'FROZEN' | 'E_EMPTY_MTR' | 'E_MTR_TOO_LARGE' | 'FENCED';

/** WAL-7: the highest LSN that may be allocated now. */
export const allocationLimit = (w: WriterState): Lsn =>
  (Math.max(w.vdl, w.startLsn - 1) + w.limits.lal) as Lsn;

/** WAL-7, WAL-8, WAL-13: whether an MTR of `count` records may be appended now. Reserves nothing. */
export function checkMtr(w: WriterState, count: number): AppendRefusal | null {
  if (w.fencedBy !== null) return 'FENCED';
  if (w.isFrozen) return 'FROZEN';
  if (count === 0) return 'E_EMPTY_MTR';
  if (count > w.limits.lal) return 'E_MTR_TOO_LARGE';
  return w.tail + count <= allocationLimit(w) || has(w.mutants, 'writer.no-lal') ? null : 'BACKPRESSURE';
}

/** WAL-7 for callers that wait: true when `count` LSNs may be allocated now; a refusal is traced once per tail. */
export function canAppend(w: WriterState, ctx: RoleContext, count: number): boolean {
  const refusal = checkMtr(w, count);
  if (refusal === null) return true;
  assert(refusal !== 'E_EMPTY_MTR' && refusal !== 'E_MTR_TOO_LARGE', `${refusal}: ${count} records`);
  if (refusal === 'BACKPRESSURE' && w.refusedAt !== w.tail) {
    w.refusedAt = w.tail;
    trace(ctx, {
      kind: 'wal.backpressure',
      volume: w.volume,
      tail: w.tail,
      limit: allocationLimit(w),
      wanted: count,
    });
  }
  return false;
}

/** WAL-3, WAL-7: reserves the MTR's LSNs at once, encodes its records and puts them into the log buffer. */
export function appendMtr(
  w: WriterState,
  ctx: RoleContext,
  changes: readonly MtrRecord[],
  isCommit: boolean,
  tx: TxId,
): { readonly first: Lsn; readonly last: Lsn } {
  const refusal = checkMtr(w, changes.length);
  assert(refusal === null, 'append without room', refusal ?? '');
  const first = (w.tail + 1) as Lsn;
  const last = (w.tail + changes.length) as Lsn;
  let groups = '';
  const sums: number[] = [];
  for (const change of changes) {
    const group = groupOfKey(w, change.blockKey);
    const lsn = (w.tail + 1) as Lsn;
    const encoded = encodeRecord({
      lsn,
      prevVolume: lsn === w.startLsn ? w.vdlPrime : w.tail,
      prevGroup: group.tail,
      prevBlock: change.prevBlock,
      group: group.descriptor.group,
      blockKey: change.blockKey,
      term: w.term,
      mtrFirst: first,
      cpl: lsn === last,
      commit: isCommit && lsn === last,
      init: change.init,
      op: change.op,
      payload: change.payload,
      time: Math.max(0, ctx.now) as Time, // a skewed clock may show less than the start
    });
    bufferRecord(w, ctx, group, encoded);
    if (w.limits.isArchived) sums.push(encoded.crc);
    groups = groups === '' ? group.descriptor.group : `${groups},${group.descriptor.group}`;
  }
  trace(ctx, {
    kind: 'mtr.append',
    volume: w.volume,
    first,
    end: last + 1,
    tx,
    commit: isCommit,
    term: w.term,
    groups,
  });
  if (w.limits.isArchived) trace(ctx, { kind: 'mtr.sums', volume: w.volume, first, sums });
  return { first, last };
}

function bufferRecord(w: WriterState, ctx: RoleContext, group: WriterGroup, encoded: EncodedRecord): void {
  const { lsn } = encoded.record;
  w.tail = lsn;
  w.retained.push(encoded);
  w.retainedGroup.push(group.index);
  group.tail = lsn;
  group.lsns.push(lsn);
  if (group.bufferedBytes === 0) startBuffer(w, ctx, group);
  group.bufferedBytes += encoded.bytes.length;
}

function startBuffer(w: WriterState, ctx: RoleContext, group: WriterGroup): void {
  group.bufferedSince = ctx.now;
  w.buffered.push(group.index);
  if (w.limits.groupCommitMaxUs === 0 || w.flushAt >= 0) return;
  w.flushAt = ctx.now + w.limits.groupCommitMaxUs;
  wakeAt(ctx, FLUSH_TIMER, w.flushAt as Time);
}

/** Records in the log buffer: appended, not yet sent (WAL-74). */
export function bufferedRecords(w: WriterState): number {
  let count = 0;
  for (const index of w.buffered) {
    const group = groupAt(w, index);
    count += group.lsns.length - group.sent;
  }
  return count;
}
