// Shared storage in small, for tests of the kernel: a writer with its pool, stored pages, WAL, and readers that get metadata. A page is a
// sum and a record adds to it, so that a record which is missing or too early shows in the value. What takes time on a disk (a
// page's write, a reader's load, a report) has a beginning and an end, between which anything may happen.

import { assert, present } from '../../../base/assert.ts';
import { type Lsn, MAX, type NodeId, type Time } from '../../../base/ids.ts';
import { type PageKey, pageKey } from '../../page/page-key.ts';
import { startWalk, stepWalk, type Walk } from '../find.ts';
import {
  advanceConsistentLsn,
  advanceGcFloor,
  type FlushControl,
  type FlushLimits,
  type FlushResult,
  flushPage,
  makeFlushControl,
  noteChange,
  noteSnapshot,
  onPageWritten,
} from '../flush-control.ts';
import {
  insertRecord,
  type LogIndex,
  oldestFileEnd,
  onWritten,
  openLogIndex,
  planTruncation,
  takeMeta,
} from '../log-index.ts';
import { firstMeta } from '../meta.ts';
import { leastUsedLsn, oldestApplyLsn, register, type Slots, takeReport } from '../reader-slots.ts';
import {
  type BuiltFrame,
  backgroundStep,
  beginReplay,
  endReplay,
  minUsedLsn,
  type PageCache,
  type ReplayFrame,
  readStep,
  recordsToApply,
} from '../replay.ts';
import type { Entry, Geometry } from '../table.ts';
import { type Parsed, type Parser, parseRecords } from '../wal-meta.ts';
import {
  drive,
  find,
  flushAll,
  type IndexDisk,
  makeDisk,
  openFrom,
  readPlace,
  removeFile,
  write,
} from './index-disk.ts';

/** Pages of the worked vectors. */
export const [P1, A, B, C] = [0, 1, 2, 3].map((block) => pageKey(9, 0, block)) as [
  PageKey,
  PageKey,
  PageKey,
  PageKey,
];
/** An LSN. */
export const at = (value: number): Lsn => value as Lsn;

export interface Image {
  readonly value: number;
  readonly lsn: Lsn;
}

interface WalRecord {
  readonly lsn: Lsn;
  readonly prevLsn: Lsn;
  readonly mtrEnd: boolean;
  readonly kind: 'redo' | 'FPSI';
  readonly pages: readonly PageKey[];
  readonly deltas: readonly number[];
  readonly image: Image | null;
}

interface Load {
  readonly image: Image;
  /** consistentLsn that the reader knew when it asked. */
  readonly start: Lsn;
  /** Of its replay, which has begun: where that ends, and on what it builds. */
  replay: { readonly applyLsn: Lsn; readonly source: Answer['source'] } | null;
}

export interface Reader {
  readonly id: NodeId;
  readonly readyLsn: Lsn;
  readonly parser: Parser;
  readonly index: LogIndex;
  /** Pages of one number, which is in `values`. */
  readonly cache: PageCache;
  readonly values: Map<PageKey, number>;
  readonly loads: Map<PageKey, Load>;
  consistentLsn: Lsn;
  bgReplayedLsn: Lsn;
  readonly walk: Walk;
  /** An entry that background replay has to wait with. */
  held: Entry | null;
}

export interface Switches {
  readonly logIndex: boolean;
  readonly flushControl: boolean;
  /** Bugs to plant: rules as they must not be. */
  readonly broken: readonly string[];
}

export interface Lab {
  readonly switches: Switches;
  wal: WalRecord[];
  durableLsn: Lsn;
  readonly stored: Map<PageKey, Image>;
  /** What is in storage at the beginning, and at which LSN. */
  readonly origin: Map<PageKey, Image>;
  readonly pool: Map<PageKey, Image>;
  readonly copies: Map<PageKey, Image>;
  /** Images that are being written. */
  readonly writing: Map<PageKey, Image>;
  readonly control: FlushControl;
  readonly index: LogIndex;
  readonly disk: IndexDisk;
  readonly slots: Slots;
  readonly readers: Map<NodeId, Reader>;
}

const zero: Image = { value: 0, lsn: 0 as Lsn };
const limits: FlushLimits = { copySlots: 2, copyLag: 100, minModified: 5, snapshot: null };
const smallTables: Geometry = { segments: 8, slots: 4, tablesPerFile: 2, memTables: 8, keptTables: 2 };

export function makeLab(
  first: Lsn,
  origin: readonly (readonly [PageKey, Image])[],
  switches: Partial<Switches> & { limits?: Partial<FlushLimits>; geometry?: Geometry } = {},
): Lab {
  const meta = { ...firstMeta, startLsn: first, maxLsn: first };
  return {
    switches: { logIndex: true, flushControl: true, broken: [], ...switches },
    wal: [],
    durableLsn: first,
    stored: new Map(origin),
    origin: new Map(origin),
    pool: new Map(),
    copies: new Map(),
    writing: new Map(),
    control: makeFlushControl({ ...limits, ...switches.limits }, (first + 1) as Lsn),
    index: openLogIndex(switches.geometry ?? smallTables, meta, []),
    disk: makeDisk(),
    slots: new Map(),
    readers: new Map(),
  };
}

const isBroken = ({ switches }: Lab, bug: string): boolean => switches.broken.includes(bug);
const lastLsn = ({ wal, control }: Lab): Lsn => wal.at(-1)?.lsn ?? ((control.redoLsn - 1) as Lsn);
export const insertLsn = (lab: Lab): Lsn => (lastLsn(lab) + 1) as Lsn;

/** The writer logs a record that adds `deltas` to pages, and changes them in its pool. False: LogIndex has to be flushed first. */
export function append(
  lab: Lab,
  lsn: number,
  deltas: readonly (readonly [PageKey, number])[],
  mtrEnd = true,
): boolean {
  const pages = deltas.map(([page]) => page);
  if (insertRecord(lab.index, lsn as Lsn, pages) === 'LOGINDEX_WAIT') return false;
  lab.wal.push({
    lsn: lsn as Lsn,
    prevLsn: lastLsn(lab),
    mtrEnd,
    kind: 'redo',
    pages,
    deltas: deltas.map(([, delta]) => delta),
    image: null,
  });
  for (const [page, delta] of deltas) {
    const { value } = lab.pool.get(page) ?? lab.writing.get(page) ?? lab.stored.get(page) ?? zero;
    lab.pool.set(page, { value: value + delta, lsn: lsn as Lsn });
    noteChange(lab.control, page, lsn as Lsn, null);
  }
  return true;
}

/** Group flush: everything assigned that ends a complete MTR. */
export function makeDurable(lab: Lab): void {
  lab.durableLsn = lab.wal.findLast(({ mtrEnd }) => mtrEnd)?.lsn ?? lab.durableLsn;
}

export const consistent = (lab: Lab): Lsn => advanceConsistentLsn(lab.control, lab.durableLsn, null);

/** Begins a flush; `endFlush` makes it durable. */
export function beginFlush(lab: Lab, page: PageKey): FlushResult {
  const { control, switches } = lab;
  const gate = switches.flushControl ? oldestApplyLsn(lab.slots) : (MAX as Lsn);
  const result = flushPage(control, page, { oldestApplyLsn: gate, insertLsn: insertLsn(lab) });
  const image = lab.pool.get(page) ?? zero;
  if (result === 'COPIED') lab.copies.set(page, image);
  if (result === 'FLUSHED_COPY') lab.writing.set(page, present(lab.copies.get(page), 'a copy'));
  if (result === 'FLUSHED_SNAPSHOT') {
    const before = lab.stored.get(page) ?? zero;
    const [lsn, prevLsn] = [insertLsn(lab), lastLsn(lab)];
    lab.wal.push({ lsn, prevLsn, mtrEnd: true, kind: 'FPSI', pages: [page], deltas: [], image: before });
    noteSnapshot(control, { page, lsn, imageLsn: before.lsn });
  }
  if (result === 'FLUSHED' || result === 'FLUSHED_SNAPSHOT') lab.writing.set(page, image);
  if (result === 'FLUSHED' || result === 'FLUSHED_COPY' || result === 'FLUSHED_SNAPSHOT') makeDurable(lab);
  return result;
}

export function endFlush(lab: Lab, page: PageKey): void {
  const image = present(lab.writing.get(page), 'a write of page', page);
  assert(image.lsn <= lab.durableLsn, 'LI-41 WAL before data');
  lab.writing.delete(page);
  lab.stored.set(page, image);
  onPageWritten(lab.control, page);
  consistent(lab);
}

export function flush(lab: Lab, page: PageKey): FlushResult {
  const result = beginFlush(lab, page);
  if (lab.writing.has(page)) endFlush(lab, page);
  return result;
}

export function join(lab: Lab, id: NodeId): Reader {
  const { control, durableLsn } = lab;
  const consistentLsn = consistent(lab);
  const grant = { sessionEpoch: 1, durableLsn, consistentLsn, sentAt: 0 as Time };
  assert(register(lab.slots, id, grant, 1000 as Time) === 'registered', 'a new reader');
  const opened = openFrom(lab.disk, lab.index.geometry);
  const isNew = lab.index.meta.maxTableId === 0;
  assert(isNew || (typeof opened !== 'string' && !('kind' in opened)), 'LogIndex opens');
  const index =
    isNew || typeof opened === 'string' || 'kind' in opened
      ? openLogIndex(lab.index.geometry, lab.index.meta, [])
      : opened;
  const start = lab.wal.findLast(({ lsn }) => lsn < index.meta.startLsn)?.lsn ?? index.meta.startLsn;
  const before = lab.wal.find(({ lsn }) => lsn > start)?.prevLsn ?? start;
  const reader: Reader = {
    id,
    readyLsn: durableLsn,
    parser: { parsedLsn: before, applyLsn: before },
    index,
    cache: new Map(),
    values: new Map(),
    loads: new Map(),
    consistentLsn: control.consistentLsn,
    // Its pool is empty: what is not below consistentLsn is all that a load may need.
    bgReplayedLsn: (control.consistentLsn - 1) as Lsn,
    walk: startWalk(control.consistentLsn),
    held: null,
  };
  lab.readers.set(id, reader);
  return reader;
}

export const leave = (lab: Lab, { id }: Reader): void => {
  lab.readers.delete(id);
  lab.slots.delete(id);
};

/** Metadata of the durable records up to `last`. */
export function ship(lab: Lab, reader: Reader, last: number): Parsed {
  const { parser } = reader;
  const records = lab.wal.filter(
    ({ lsn }) => lsn > parser.parsedLsn && lsn <= Math.min(last, lab.durableLsn),
  );
  reader.consistentLsn = lab.control.consistentLsn;
  const parsed = parseRecords(parser, reader.index, reader.cache, records);
  if (parsed.kind === 'LOGINDEX_WAIT') takeMeta(reader.index, lab.index.meta);
  if (!lab.switches.logIndex)
    for (const [page, frame] of reader.cache)
      if (frame.kind === 'built' && frame.isOutdated) replay(lab, reader, page, frame);
  return parsed;
}

export interface Answer {
  readonly value: number;
  readonly lsn: Lsn;
  readonly replayed: readonly Lsn[];
  readonly source: 'POOL' | 'STORAGE' | 'SNAPSHOT';
}

export function beginLoad(lab: Lab, reader: Reader, page: PageKey): void {
  reader.cache.set(page, { kind: 'asked', isOutdated: false });
  reader.loads.set(page, { image: lab.stored.get(page) ?? zero, start: reader.consistentLsn, replay: null });
}

export type Base =
  /** Records above the image's LSN are to be applied. */
  | { readonly kind: 'image'; readonly pageLsn: Lsn }
  /** The image in that snapshot record takes its place. */
  | { readonly kind: 'snapshot'; readonly lsn: Lsn }
  | { readonly kind: 'FUTURE_PAGE'; readonly pageLsn: Lsn };

/**
 * LI-37, LI-52: what the page is built on, once the storage image is here; applyLsn is the reader's of that moment. `snapshots`:
 * LSNs of the page's snapshot records, ascending, as far as WAL is durable.
 */
export function chooseBase(pageLsn: Lsn, applyLsn: Lsn, snapshots: readonly Lsn[]): Base {
  if (pageLsn <= applyLsn) return { kind: 'image', pageLsn };
  const lsn = snapshots.find((one) => one > applyLsn);
  return lsn === undefined ? { kind: 'FUTURE_PAGE', pageLsn } : { kind: 'snapshot', lsn };
}

/** The image is here, and its replay up to the applyLsn of this moment begins. */
export function arrive(lab: Lab, reader: Reader, page: PageKey): 'FUTURE_PAGE' | 'replay' {
  const load = present(reader.loads.get(page), 'a load of page', page);
  const { applyLsn } = reader.parser;
  const snapshots = lab.wal.filter(({ kind, pages }) => kind === 'FPSI' && pages.includes(page));
  const base = chooseBase(
    load.image.lsn,
    applyLsn,
    snapshots.map(({ lsn }) => lsn),
  );
  if (base.kind === 'FUTURE_PAGE' && lab.switches.flushControl) return 'FUTURE_PAGE';
  const snapshot = base.kind === 'snapshot' ? snapshots.find(({ lsn }) => lsn === base.lsn) : undefined;
  const from = snapshot?.image ?? load.image;
  beginReplay(reader.cache, page, from.lsn);
  reader.values.set(page, from.value);
  load.replay = { applyLsn, source: snapshot === undefined ? 'STORAGE' : 'SNAPSHOT' };
  return 'replay';
}

export function endLoad(lab: Lab, reader: Reader, page: PageKey): Answer {
  const { applyLsn, source } = present(reader.loads.get(page)?.replay, 'a replay of page', page);
  reader.loads.delete(page);
  const done = lab.switches.logIndex
    ? finishReplay(lab, reader, page, applyLsn)
    : { lsn: endReplay(reader.cache, page, applyLsn, [], null).pageLsn, replayed: [] };
  return { value: reader.values.get(page) ?? 0, ...done, source };
}

function replay(lab: Lab, reader: Reader, page: PageKey, frame: BuiltFrame): Replayed {
  beginReplay(reader.cache, page, frame.pageLsn);
  return finishReplay(lab, reader, page, reader.parser.applyLsn);
}

type Replayed = Pick<Answer, 'lsn' | 'replayed'>;

function finishReplay(
  lab: Lab,
  { index, parser, values, cache }: Reader,
  page: PageKey,
  applyLsn: Lsn,
): Replayed {
  const frame = cache.get(page);
  if (frame?.kind !== 'replaying') throw new Error('a replay ends that began');
  const { pageLsn } = frame;
  const found = find(lab.disk, index, page, pageLsn + 1, parser.parsedLsn);
  if (!Array.isArray(found)) throw new Error(JSON.stringify(found));
  const applied = recordsToApply(pageLsn, applyLsn, found);
  let value = values.get(page) ?? 0;
  for (const lsn of applied) {
    const record = lab.wal.find((one) => one.lsn === lsn);
    const { deltas, pages } = present(record, 'a record of WAL', lsn);
    value += deltas[pages.indexOf(page)] ?? 0;
  }
  values.set(page, value);
  const built = endReplay(cache, page, applyLsn, found, null);
  if (isBroken(lab, 'outdate-forgotten')) built.isOutdated = false;
  return { replayed: applied, lsn: built.pageLsn };
}

function builtFrame(frame: ReplayFrame | undefined): BuiltFrame {
  if (frame?.kind !== 'built') throw new Error('a page that is built');
  return frame;
}

export function read(
  lab: Lab,
  reader: Reader,
  page: PageKey,
): Answer | 'FUTURE_PAGE' | 'NOT_READY' | 'LEASE_EXPIRED' | 'WAIT' {
  if (!lab.slots.has(reader.id)) return 'LEASE_EXPIRED';
  if (reader.parser.applyLsn < reader.readyLsn) return 'NOT_READY';
  const frame = reader.cache.get(page);
  switch (readStep(frame, reader.parser.applyLsn)) {
    case 'load':
      beginLoad(lab, reader, page);
      return arrive(lab, reader, page) === 'replay' ? endLoad(lab, reader, page) : 'FUTURE_PAGE';
    case 'wait':
      return 'WAIT';
    case 'replay': {
      const done = replay(lab, reader, page, builtFrame(frame));
      return { value: reader.values.get(page) ?? 0, ...done, source: 'POOL' };
    }
    case 'use': {
      const { pageLsn } = builtFrame(frame);
      return { value: reader.values.get(page) ?? 0, lsn: pageLsn, replayed: [], source: 'POOL' };
    }
  }
}

export function evict(reader: Reader, page: PageKey): void {
  const kind = reader.cache.get(page)?.kind;
  if (kind === 'built' || kind === 'replaying') reader.cache.delete(page);
}

export const evictWriter = (lab: Lab, page: PageKey): void => {
  if (!lab.control.list.has(page) && !lab.writing.has(page)) lab.pool.delete(page);
};

/** What the reader would report now. */
export function reportOf(lab: Lab, reader: Reader): { applyLsn: Lsn; minUsedLsn: Lsn } {
  const starts = [...reader.loads.values()].map(({ start }) => start);
  const known = isBroken(lab, 'used-without-consistent') ? (MAX as Lsn) : reader.consistentLsn;
  return { applyLsn: reader.parser.applyLsn, minUsedLsn: minUsedLsn(reader.bgReplayedLsn, known, starts) };
}

export function deliverReport(lab: Lab, id: NodeId, report: { applyLsn: Lsn; minUsedLsn: Lsn }): void {
  const full = { ...report, sessionEpoch: 1, lockReplayLsn: 0 as Lsn, sentAt: 0 as Time };
  takeReport(lab.slots, id, full, 1000 as Time);
}

export const report = (lab: Lab, reader: Reader): void =>
  deliverReport(lab, reader.id, reportOf(lab, reader));

/** Background replay of at most `count` entries up to `last`. */
export function background(lab: Lab, reader: Reader, last: number, count = 1000): string[] {
  const max = Math.min(last, reader.parser.applyLsn) as Lsn;
  const steps: string[] = [];
  for (let i = 0; i < count; i++) {
    const entry = reader.held ?? nextEntry(lab, reader, max);
    if (entry === null) {
      reader.bgReplayedLsn = Math.max(reader.bgReplayedLsn, max) as Lsn;
      return steps;
    }
    reader.bgReplayedLsn = Math.max(reader.bgReplayedLsn, entry.lsn - 1) as Lsn;
    reader.held = entry;
    const frame = reader.cache.get(entry.page);
    const use = { isPinned: false, isPromoting: false };
    const step = backgroundStep(frame, entry.lsn, reader.consistentLsn, use);
    steps.push(step);
    if (step === 'wait' && !isBroken(lab, 'background-leaves')) return steps;
    if (step === 'evict') evict(reader, entry.page);
    if (step === 'replay') replay(lab, reader, entry.page, builtFrame(frame));
    reader.held = null;
  }
  return steps;
}

function nextEntry(lab: Lab, reader: Reader, max: Lsn): Entry | null {
  const step = drive(lab.disk, reader.index, (bytes) => stepWalk(reader.index, reader.walk, max, bytes));
  if (step.kind === 'LOGINDEX_CORRUPT') throw new Error(step.why);
  return step.kind === 'end' ? null : { page: step.page, lsn: step.lsn };
}

/** Drops what is needed no more: snapshots, LogIndex files, WAL. */
export function gc(lab: Lab): Lsn {
  const { control, index, disk } = lab;
  consistent(lab);
  flushAll(disk, index, lab.durableLsn);
  for (const reader of lab.readers.values()) takeMeta(reader.index, index.meta);
  const floor = advanceGcFloor(control, oldestApplyLsn(lab.slots), leastUsedLsn(lab.slots));
  for (let end = oldestFileEnd(index); end !== null; end = oldestFileEnd(index)) {
    const plan = planTruncation(index, readPlace(disk, end), floor);
    if (plan.kind !== 'truncate') break;
    write(disk, plan.write);
    onWritten(index);
    removeFile(disk, plan.path);
  }
  return floor;
}

/** LI-49: WAL below it may go; `startLsn` of LogIndex's meta, which a start and a registration parse from (LI-31). */
export function walFloor({ redoLsn, gcFloor, snapshots }: FlushControl, startLsn: Lsn): Lsn {
  let least = Math.min(redoLsn, gcFloor, startLsn);
  for (const { imageLsn } of snapshots) least = Math.min(least, imageLsn);
  return least as Lsn;
}

/** WAL below `walFloor` is gone, once a checkpoint has moved it. */
export function dropWal(lab: Lab): void {
  const floor = walFloor(lab.control, lab.index.meta.startLsn);
  const keep = lab.wal.findIndex(({ lsn }) => lsn >= floor);
  lab.wal = keep < 0 ? lab.wal.slice(-1) : lab.wal.slice(keep);
}
