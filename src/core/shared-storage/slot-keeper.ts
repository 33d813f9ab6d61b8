// The writer's side of its readers (docs/spec/logindex.md §7, LI-3, LI-4, LI-25 to LI-28, LI-60 to LI-63): slots with their leases, metadata of
// durable records, and LogIndex, which is saved table by table. An entry that has no room waits in a line; no record is appended while it is long.

import type { Lsn, Time } from '../../base/ids.ts';
import { type RoleContext, send, trace } from '../kernel/context.ts';
import { reach } from '../kernel/limits.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { advanceGcFloor } from '../logindex/flush-control.ts';
import {
  insertRecord,
  type LogIndex,
  memTable,
  oldestFileEnd,
  onWritten,
  planFlush,
  planTruncation,
} from '../logindex/log-index.ts';
import { fileBytes, fileOf, META_PATH, SECTOR_BYTES as META_SECTOR, pathOfFile } from '../logindex/meta.ts';
import { dropExpired, leastUsedLsn, oldestApplyLsn, register, takeReport } from '../logindex/reader-slots.ts';
import type { Geometry } from '../logindex/table.ts';
import type { Call, Mount, Outcome } from '../pfs/mount-state.ts';
import { findPath, namesIn } from '../pfs/tree.ts';
import type { WalRecord } from './messages.ts';
import { isIndexStuck } from './room.ts';
import { isOpen, type Job, type SharedAttachment, volumeOf } from './shared-attachment.ts';
import { INDEX_DIRECTORY, indexGeometry, leaseUsOf, locksAt, slotUs, tickLocks } from './sharing.ts';

/** What two clocks may differ by beside a lease (LI-63), in heartbeats of a node. */
const CLOCK_BOUND_BEATS = 1;
/** Records of one message. */
const RECORDS_MAX = 256;

export const gateOf = <E>({ sharing }: SharedAttachment<E>): Lsn | null =>
  sharing === null || sharing.slots.size === 0 ? null : oldestApplyLsn(sharing.slots);

/** A record was appended, or is found in WAL. */
export function noteRecord<E>({ sharing }: SharedAttachment<E>, record: WalRecord): void {
  if (sharing === null) return;
  sharing.line.push({ lsn: record.lsn, pages: record.pages });
  sharing.recent.push(record);
}

/** LI-26: so many records have no room in LogIndex that nothing is appended. */
export const isLineLong = <E>({ sharing, config }: SharedAttachment<E>): boolean =>
  sharing !== null && sharing.line.length > config.params.lal;

/** LI-26: a record that has no room for all its pages goes on with the others later. */
export function insertWaiting<E>(attachment: SharedAttachment<E>): void {
  const { sharing, config } = attachment;
  if (!sharing?.index) return;
  const wasLong = isLineLong(attachment);
  let count = 0;
  for (const { lsn, pages } of sharing.line) {
    if (insertRecord(sharing.index, lsn, pages, config.mutants) === 'LOGINDEX_WAIT') break;
    count++;
  }
  sharing.line.splice(0, count);
  if (wasLong && !isLineLong(attachment)) attachment.looksAgain = true;
}

interface IndexWrite {
  readonly path: string;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Writes of LogIndex as calls: a new file has its size at once (FS-43), and what adjoins is written by one call. */
export function callsOf({ meta }: Mount, geometry: Geometry, writes: readonly IndexWrite[]): Call[] {
  const made = new Set<string>();
  return joined(writes).flatMap(({ path, offset, bytes }) => {
    const write: Call = { kind: 'pwrite', file: path, offset, bytes };
    const size = path === META_PATH ? META_SECTOR : fileBytes(geometry);
    const found = findPath(meta, path);
    if ((found.ok && found.value.size >= size) || made.has(path)) return [write];
    made.add(path);
    return [{ kind: 'fallocate', path, length: size } satisfies Call, write];
  });
}

/** Whole sectors; those of one file that follow one another are one. */
function joined(writes: readonly IndexWrite[]): IndexWrite[] {
  const all: { path: string; offset: number; end: number; parts: IndexWrite[] }[] = [];
  const roundUp = (value: number): number => Math.ceil(value / META_SECTOR) * META_SECTOR;
  for (const one of writes) {
    const last = all.at(-1);
    const end = one.offset + one.bytes.length;
    if (last?.path === one.path && roundUp(last.end) === roundUp(one.offset)) {
      last.parts.push(one);
      last.end = end;
    } else all.push({ path: one.path, offset: one.offset, end, parts: [one] });
  }
  return all.map(({ path, offset, end, parts }) => {
    const bytes = new Uint8Array(roundUp(end) - offset);
    for (const part of parts) bytes.set(part.bytes, part.offset - offset);
    return { path, offset, bytes };
  });
}

/** LI-27: the closed tables. */
export function indexJob<E>(attachment: SharedAttachment<E>): Job | null {
  const {
    sharing,
    log,
    host: { mount },
    config,
  } = attachment;
  if (!sharing?.index || mount === null) return null;
  if (sharing.trim) {
    const { trim } = sharing;
    sharing.trim = null;
    return { kind: 'index', calls: trim, at: 0 };
  }
  if (isIndexStuck(attachment)) return null;
  const writes = planFlush(sharing.index, log.durable, config.mutants);
  return writes === null
    ? null
    : { kind: 'index', calls: callsOf(mount, indexGeometry(config), writes), at: 0 };
}

export function onIndexWritten<E>(attachment: SharedAttachment<E>, ctx: RoleContext): void {
  const { index } = attachment.sharing ?? {};
  if (!index) return;
  const before = index.meta.maxTableId;
  onWritten(index);
  for (let table = before + 1; table <= index.meta.maxTableId; table++) {
    const maxLsn = memTable(index, table)?.table.maxLsn ?? index.meta.maxLsn;
    reach(ctx, attachment.config.params, 'indexSegments');
    if (table % attachment.config.params.indexTables === 0)
      reach(ctx, attachment.config.params, 'indexTables');
    if (table > index.geometry.memTables) reach(ctx, attachment.config.params, 'indexMemory');
    if (table > index.geometry.memTables + index.geometry.keptTables)
      reach(ctx, attachment.config.params, 'indexKept');
    trace(ctx, { kind: 'index.saved', volume: volumeOf(attachment), table, maxLsn });
  }
}

/** LI-32: the oldest file is looked at when gcFloor has moved. */
export function trimJob<E>({ sharing, flush, log, config }: SharedAttachment<E>): Job | null {
  if (!sharing?.index) return null;
  const { slots, index, lookedAt } = sharing;
  const oldest = oldestApplyLsn(slots);
  const isBlind = has(config.mutants, 'shared.gc-at-oldest-apply');
  if (isBlind) flush.gcFloor = Math.min(oldest, log.durable) as Lsn;
  const floor = isBlind ? flush.gcFloor : advanceGcFloor(flush, oldest, leastUsedLsn(slots));
  const end = floor > lookedAt ? oldestFileEnd(index) : null;
  if (end === null) return null;
  sharing.lookedAt = floor;
  const { path: file, offset, length } = end;
  return { kind: 'indexEnd', calls: [{ kind: 'pread', file, offset, length }], at: 0 };
}

export function onIndexEnd<E>(
  { sharing, flush, config, host: { mount } }: SharedAttachment<E>,
  outcome: Outcome,
): void {
  if (!sharing?.index || mount === null || !outcome.ok || !(outcome.value instanceof Uint8Array)) return;
  if (oldestFileEnd(sharing.index) === null) return;
  const plan = planTruncation(sharing.index, outcome.value, flush.gcFloor);
  if (plan.kind !== 'truncate') return;
  const geometry = indexGeometry(config);
  sharing.trim = [
    ...callsOf(mount, geometry, [plan.write]),
    letGo(mount, geometry, sharing.index, plan.path),
  ];
  sharing.lookedAt = 0 as Lsn;
}

/** A file that goes is the next one, if there is none yet: what it has is no table (LI-28). */
function letGo({ meta }: Mount, geometry: Geometry, { meta: { maxTableId } }: LogIndex, path: string): Call {
  const names = namesIn(meta, INDEX_DIRECTORY);
  const files = names.ok ? names.value.map(Number).filter((one) => !Number.isNaN(one)) : [];
  const next = fileOf(geometry, maxTableId) + 1;
  return files.every((one) => one < next)
    ? { kind: 'rename', from: path, to: pathOfFile(next) }
    : { kind: 'unlink', path };
}

export function onSlotJoin<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  m: MessageOf<'SlotJoin'>,
): void {
  const { sharing, log, flush, token, checkpoint, config } = attachment;
  if (!sharing?.index || !isOpen(attachment)) return;
  const { reader, epoch, sentAt: leaseFrom } = m;
  const known = sharing.sessions.get(reader);
  if (known !== undefined && known.epoch > epoch) return;
  // A later session of the same reader: it reads nothing of the one before any more.
  sharing.slots.delete(reader);
  const grant = {
    sessionEpoch: epoch,
    durableLsn: log.durable,
    consistentLsn: flush.consistentLsn,
    sentAt: leaseFrom,
  };
  register(sharing.slots, reader, grant, (ctx.now + leaseUsOf(config)) as Time);
  sharing.sessions.set(reader, { epoch, sentLsn: log.durable });
  const volume = volumeOf(attachment);
  trace(ctx, { kind: 'slot.given', volume, reader, epoch, readyLsn: log.durable });
  send(ctx, reader, {
    kind: 'SlotGiven',
    volume,
    reader,
    epoch,
    token,
    readyLsn: log.durable,
    consistentLsn: flush.consistentLsn,
    index: sharing.index.meta,
    scanLsn: checkpoint.scanLsn,
    scanPosition: checkpoint.scanPosition,
    leaseUs: leaseUsOf(config),
    leaseFrom,
    locks: locksAt(sharing, log.durable),
  });
}

export function onSlotReport<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  m: MessageOf<'SlotReport'>,
): void {
  const { sharing } = attachment;
  if (sharing === null || !isOpen(attachment)) return;
  const { volume, reader, epoch } = m;
  const report = { ...m, sessionEpoch: epoch };
  const taken = takeReport(sharing.slots, reader, report, (ctx.now + leaseUsOf(attachment.config)) as Time);
  if (taken === 'NOT_REGISTERED') send(ctx, reader, { kind: 'SlotEnded', volume, reader, epoch });
}

/** LI-63: leases that are over, and what is durable to each reader. */
export function tendSlots<E>(attachment: SharedAttachment<E>, ctx: RoleContext): void {
  const { sharing } = attachment;
  if (sharing === null || !isOpen(attachment)) return;
  for (const reader of dropExpired(sharing.slots, ctx.now, CLOCK_BOUND_BEATS * slotUs(attachment.config))) {
    const session = sharing.sessions.get(reader);
    sharing.sessions.delete(reader);
    const epoch = session?.epoch ?? 0;
    const volume = volumeOf(attachment);
    trace(ctx, { kind: 'slot.dropped', volume, reader, epoch });
    send(ctx, reader, { kind: 'SlotEnded', volume, reader, epoch });
  }
  tickLocks(sharing);
  shipMetadata(attachment, ctx);
}

/** LI-4: only what is durable. */
export function shipMetadata<E>(attachment: SharedAttachment<E>, ctx: RoleContext): void {
  const { sharing, log, flush, token } = attachment;
  if (!sharing?.index) return;
  for (const [reader, session] of sharing.sessions) {
    const { epoch, sentLsn } = session;
    const slot = sharing.slots.get(reader);
    if (slot === undefined) continue;
    const records = sharing.recent
      .filter(({ lsn }) => lsn > sentLsn && lsn <= log.durable)
      .slice(0, RECORDS_MAX);
    session.sentLsn = records.at(-1)?.lsn ?? sentLsn;
    send(ctx, reader, {
      kind: 'WalMeta',
      volume: volumeOf(attachment),
      reader,
      epoch,
      token,
      records,
      durableLsn: log.durable,
      consistentLsn: flush.consistentLsn,
      oldestApplyLsn: oldestApplyLsn(sharing.slots),
      index: sharing.index.meta,
      leaseFrom: slot.leaseFrom,
    });
  }
  const sent = Math.min(...[...sharing.sessions.values()].map(({ sentLsn }) => sentLsn), log.durable);
  sharing.recent = sharing.recent.filter(({ lsn }) => lsn > sent);
}
