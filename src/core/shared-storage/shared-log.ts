// WAL of the writer (docs/spec/logindex.md LI-3, LI-9, LI-41): records get their LSNs without a gap (LI-73), wait for the write that is under
// way, and leave together in one write of whole sectors. The sector in which the last write ended is written again with what follows;
// what it had stays as it was, and a sector is written whole or not at all.

import { assert } from '../../base/assert.ts';
import { type GroupId, groupId, type Lsn, type Time, type TxId } from '../../base/ids.ts';
import { isLogFrozen } from '../compute/attachment-freeze.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import { encodeRecord, type MtrRecord } from '../log/record.ts';
import { noteChange } from '../logindex/flush-control.ts';
import type { PageKey } from '../page/page-key.ts';
import type { Call } from '../pfs/mount-state.ts';
import { findPath } from '../pfs/tree.ts';
import { noteGone } from './gone-relations.ts';
import { floorOf, noteHandled } from './promotion.ts';
import { mayFill, oldSegment } from './room.ts';
import { type Job, type JobOf, type SharedAttachment, volumeOf } from './shared-attachment.ts';
import { isLineLong, noteRecord } from './slot-keeper.ts';
import { partsOf, SEGMENT_BYTES, segmentAt, segmentPath } from './wal-file.ts';
import { walRecordOf } from './wal-record.ts';

/** Records without protection groups name this one (decision C3). */
const WAL_GROUP: GroupId = groupId('wal');

/** A record lies in two segments at most. */
const RECORD_BYTES_MAX = SEGMENT_BYTES;

/** As WAL-7: LSNs that may be assigned beyond the durable ones. */
const limitOf = <E>({ log, config }: SharedAttachment<E>): Lsn => (log.durable + config.params.lal) as Lsn;

/** A refusal is traced once per tail. */
export function mayAppend<E>(attachment: SharedAttachment<E>, ctx: RoleContext, count: number): boolean {
  const { log, config, phase } = attachment;
  assert(count > 0 && count <= config.params.lal, `an MTR of ${count} records`);
  if (phase.kind !== 'open' || isLogFrozen(phase.freeze)) return false;
  if (isLineLong(attachment)) return false; // LI-26
  if (log.tail + count <= limitOf(attachment)) return true;
  if (log.refusedAt !== log.tail) {
    log.refusedAt = log.tail;
    const { tail } = log;
    trace(ctx, {
      kind: 'wal.backpressure',
      volume: volumeOf(attachment),
      tail,
      limit: limitOf(attachment),
      wanted: count,
    });
  }
  return false;
}

export function appendRecords<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  records: readonly MtrRecord[],
  commit: boolean,
  tx: TxId,
): { readonly first: Lsn; readonly last: Lsn } {
  const { log, token: term } = attachment;
  const first = (log.tail + 1) as Lsn;
  const last = (log.tail + records.length) as Lsn;
  log.places.push({ lsn: first, position: log.end });
  const isByLatest = has(attachment.config.mutants, 'shared.list-by-latest');
  const changes: { readonly lsns: Lsn[]; readonly pages: PageKey[] } = { lsns: [], pages: [] };
  for (const { blockKey, op, init, payload, prevBlock } of records) {
    const prev = log.tail;
    const lsn = (prev + 1) as Lsn;
    const encoded = encodeRecord({
      lsn,
      prevVolume: prev,
      prevGroup: prev,
      prevBlock,
      group: WAL_GROUP,
      blockKey,
      term,
      mtrFirst: first,
      cpl: lsn === last,
      commit: commit && lsn === last,
      op,
      init,
      payload,
      time: Math.max(0, ctx.now) as Time,
    });
    const record = walRecordOf(encoded);
    assert(record.length <= RECORD_BYTES_MAX, 'bytes of a record:', record.length);
    log.buffered.push(encoded);
    noteRecord(attachment, record);
    noteGone(attachment.gone, lsn, record.ddl);
    log.end += record.length;
    log.tail = lsn;
    for (const page of record.pages) {
      noteChange(attachment.flush, page, lsn, floorOf(attachment));
      if (isByLatest) toTail(attachment, page);
      noteHandled(attachment, page);
      changes.lsns.push(lsn);
      changes.pages.push(page);
    }
  }
  trace(ctx, {
    kind: 'mtr.append',
    volume: volumeOf(attachment),
    first,
    end: last + 1,
    tx,
    commit,
    term,
    groups: WAL_GROUP,
  });
  if (attachment.sharing !== null)
    trace(ctx, { kind: 'wal.pages', volume: volumeOf(attachment), ...changes });
  return { first, last };
}

function toTail<E>({ flush: { list } }: SharedAttachment<E>, page: PageKey): void {
  const dirty = list.get(page);
  if (dirty === undefined) return;
  list.delete(page);
  list.set(page, dirty);
}

const roundUp = (value: number, unit: number): number => Math.ceil(value / unit) * unit;

/** The write of all that is buffered; null: there is nothing, or its segments are not filled yet. */
export function walJob<E>({ log, host: { geometry }, config }: SharedAttachment<E>): Job | null {
  const [first] = log.buffered;
  if (first === undefined || segmentAt(log.end - 1) >= log.segments) return null;
  const start = log.written - log.sector.length;
  const bytes = new Uint8Array(roundUp(log.end - start, geometry.sectorBytes));
  bytes.set(log.sector);
  let at = log.sector.length;
  for (const record of log.buffered) {
    bytes.set(record.bytes, at);
    at += record.bytes.length;
  }
  const calls = partsOf(start, bytes).map(
    ({ segment, offset, bytes: part }): Call => ({
      kind: 'pwrite',
      file: segmentPath(segment),
      offset,
      bytes: part,
    }),
  );
  const last = log.tail;
  if (has(config.mutants, 'shared.acks-before-sync')) log.durable = last;
  log.buffered = [];
  log.written = log.end;
  log.sector = bytes.slice(log.end - start - (log.end % geometry.sectorBytes), log.end - start);
  return { kind: 'wal', calls, at: 0, first: first.record.lsn, lsn: last, bytes: bytes.length };
}

export function onWalSynced<E>(attachment: SharedAttachment<E>, ctx: RoleContext, job: JobOf<'wal'>): void {
  const { log, token } = attachment;
  const { first, lsn, bytes } = job;
  const volume = volumeOf(attachment);
  log.durable = lsn;
  trace(ctx, { kind: 'wal.synced', volume, token, first, last: lsn, bytes });
  trace(ctx, { kind: 'mark.vdl', volume, value: lsn, term: token });
}

/** Zero-filled segments that WAL has before it. */
const SEGMENTS_AHEAD = 1.5;

const needsSegment = <E>({ log }: SharedAttachment<E>): boolean =>
  log.end >= (log.segments - SEGMENTS_AHEAD) * SEGMENT_BYTES;

export function segmentJob<E>(attachment: SharedAttachment<E>): Job | null {
  const { segments } = attachment.log;
  return needsSegment(attachment) && mayFill(attachment)
    ? { kind: 'segment', calls: [fillSegment(segments)], at: 0 }
    : null;
}

/** FS-44: after this a write of WAL changes no metadata. */
export const fillSegment = (segment: number): Call => ({
  kind: 'fallocate',
  path: segmentPath(segment),
  length: SEGMENT_BYTES,
});

/** An old segment is the next new one: by one transaction it has its name, and then zeros. */
export function recycleJob<E>(attachment: SharedAttachment<E>): Job | null {
  const { log, host } = attachment;
  const old = needsSegment(attachment) ? oldSegment(attachment) : null;
  if (old === null || host.mount === null) return null;
  const from = segmentPath(old);
  const found = findPath(host.mount.meta, from);
  if (!found.ok || found.value.size !== SEGMENT_BYTES) return null;
  const to = segmentPath(log.segments);
  const zeros: Call = { kind: 'pwrite', file: to, offset: 0, bytes: new Uint8Array(SEGMENT_BYTES) };
  return { kind: 'recycle', calls: [{ kind: 'rename', from, to }, zeros], at: 0 };
}

export function dropJob<E>(attachment: SharedAttachment<E>): Job | null {
  const old = oldSegment(attachment);
  return old === null ? null : { kind: 'drop', calls: [{ kind: 'unlink', path: segmentPath(old) }], at: 0 };
}
