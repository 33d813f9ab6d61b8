// Redo equivalence of a volume in files (docs/checkers.md): WAL is read out of the chunks, and held against it is what page files, the writer's
// buffer and copies and the pages of readers hold (LI-5, LI-41, LI-54). It looks into states; nothing is asked over the network.

import { groupId, type Lsn } from '../../base/ids.ts';
import { peekPage } from '../../core/engine/buffer-pool.ts';
import { pageLsn } from '../../core/page/page.ts';
import type { PageKey } from '../../core/page/page-key.ts';
import { changesOf } from '../../core/page/record-pages.ts';
import { blocksOf } from '../../core/pfs/file-blocks.ts';
import { blockPlace } from '../../core/pfs/geometry.ts';
import { findPath } from '../../core/pfs/tree.ts';
import {
  SEGMENT_BYTES,
  segmentAt,
  segmentPath,
  startScan,
  takeWal,
} from '../../core/shared-storage/wal-file.ts';
import { compareState, type RedoFinding, type RedoRule } from '../../sim/redo/compare.ts';
import { checkCuts } from '../../sim/redo/every-cut.ts';
import { foldLong, type GroupLog, lastOf, makeGroupLog, takeRecord } from '../../sim/redo/page-chains.ts';
import { compareReader, type Redo } from '../../sim/redo/redo.ts';
import type { RedoSource } from '../../sim/redo/source.ts';
import type { World } from '../../sim/world.ts';
import { openWriter, type Read, readerOf, readersOf, storedPages } from './pages-of.ts';

type AnyWorld = World<unknown, unknown>;
type Writer = NonNullable<ReturnType<typeof openWriter>>;

/** Decision C3: one stream. */
const WAL = groupId('wal');

function logOf({ logs }: Redo): GroupLog {
  const known = logs.get(WAL);
  if (known !== undefined) return known;
  const made = { ...makeGroupLog(), upTo: 0 };
  logs.set(WAL, made);
  return made;
}

/** The stream from a place on, block by block, as far as its segments reach. */
function* walFrom(
  { mount: { meta, geometry } }: Writer,
  position: number,
  read: Read,
): Generator<Uint8Array> {
  const { blockBytes } = geometry;
  for (let at = position; ; ) {
    const found = findPath(meta, segmentPath(segmentAt(at)));
    if (!found.ok) return;
    const offset = at % SEGMENT_BYTES;
    const tag = blocksOf(meta, found.value.no).get(Math.floor(offset / blockBytes));
    const from = offset % blockBytes;
    const bytes = tag === undefined ? null : read(blockPlace(geometry, tag.no, from, blockBytes - from));
    if (bytes === null) return;
    yield bytes;
    at += bytes.length;
  }
}

/**
 * Reads on as far as WAL is durable. A replica of a chunk may lag and have what an earlier writer left there: records of the newest term
 * are its own, and none of them lies below its first.
 */
function readWal(redo: Redo, writer: Writer, world: AnyWorld): GroupLog {
  const log = logOf(redo);
  const { attachment } = writer;
  const { pageBytes } = world.fabric.params;
  let position = log.position;
  if (log.upTo >= attachment.log.durable) return log;
  if (segmentAt(position) < attachment.log.firstSegment) position = beginAnew(redo, log, writer);
  const scan = startScan(position, (log.upTo + 1) as Lsn);
  const read = readerOf(world, world.fabric.cluster);
  for (const bytes of walFrom(writer, position, read)) if (takeWal(scan, bytes) === 'end') break;
  const changed = new Set<PageKey>();
  log.position = scan.records.length === 0 ? position : scan.end;
  for (const { encoded, position: at } of scan.records) {
    const { record } = encoded;
    const isOwn = record.lsn >= writer.phase.startLsn === (record.term === attachment.token);
    if (record.lsn > attachment.log.durable || !isOwn) {
      log.position = at;
      break;
    }
    for (const one of changesOf(record)) {
      takeRecord(log, one);
      changed.add(one.blockKey);
    }
    if (record.cpl) log.cpls.push(record.lsn);
    redo.counters.records++;
    log.upTo = record.lsn;
  }
  for (const key of changed) {
    const chain = log.pages.get(key);
    if (chain !== undefined) foldLong(chain, pageBytes);
  }
  return log;
}

/** WAL that was not read is gone: of pages that do not change any more nothing is known. */
function beginAnew({ counters }: Redo, log: GroupLog, { attachment }: Writer): number {
  const [place] = attachment.log.places;
  log.pages.clear();
  log.cpls = [];
  log.floor = (place?.lsn ?? attachment.log.tail + 1) - 1;
  log.upTo = log.floor;
  counters.rebased++;
  return place?.position ?? attachment.log.end;
}

function compareAll(redo: Redo, world: AnyWorld): RedoFinding[] {
  const writer = openWriter(world);
  if (writer === null) return [];
  const log = readWal(redo, writer, world);
  // another has written since and is down: this one was frozen, and has not heard of it (sweep seed 39)
  if (log.upTo > writer.attachment.log.tail) return [];
  const { counters } = redo;
  const { cluster, params } = world.fabric;
  const findings: RedoFinding[] = [];
  const comparison = { log, pageBytes: params.pageBytes, counters, findings };
  const isTold = (key: PageKey): boolean => log.pages.has(key) || log.floor === 0;
  const isState = (rule: RedoRule, where: string, key: PageKey, page: Uint8Array): boolean =>
    isTold(key) && compareState(comparison, rule, where, key, pageLsn(page), page);
  for (const [key, page] of storedPages(writer.mount, params.pageBytes, readerOf(world, cluster)) ?? [])
    if (isState('page.redo', 'files hold', key, page)) counters.stored++;
  for (const [key, page] of [...writer.attachment.copied, ...writer.attachment.held])
    if (isState('buffer.redo', `${writer.node} keeps`, key, page)) counters.buffered++;
  if (writer.attachment.redo.kind === 'wal') compareBuffer(redo, writer, log, isState, findings);
  for (const { node, cache } of readersOf(world))
    for (const [key, frame] of cache) {
      const page = frame.kind === 'built' ? frame.image : null;
      if (page !== null && isState('ro.same-image', `${node} holds`, key, page)) counters.cached++;
    }
  return findings;
}

/** LI-54: the writer's buffer has every change of its pages. */
function compareBuffer(
  { counters }: Redo,
  { node, attachment }: Writer,
  log: GroupLog,
  isState: (rule: RedoRule, where: string, key: PageKey, page: Uint8Array) => boolean,
  findings: RedoFinding[],
): void {
  const { pool } = attachment.engine;
  for (const { blockKey: key, page: held } of pool.frames) {
    const page = key < 0 || held === null ? null : peekPage(pool, key);
    if (page === null) continue;
    if (isState('buffer.redo', `the buffer of ${node} holds`, key, page)) counters.buffered++;
    const chain = log.pages.get(key);
    if (chain === undefined || pageLsn(page) >= lastOf(chain)) continue;
    const message = `the buffer of ${node} holds page ${key} at LSN ${pageLsn(page)}, its log goes on to ${lastOf(chain)}`;
    findings.push({ rule: 'buffer.redo', message });
  }
}

export const sharedRedo: RedoSource = {
  rules: ['page.redo', 'buffer.redo', 'ro.same-image'],
  follow: (redo, world) => {
    const writer = openWriter(world);
    if (writer !== null) readWal(redo, writer, world);
  },
  compareAll,
  compareReads: () => [],
  compareReaders: (redo, world, reads) => {
    const writer = openWriter(world);
    const findings: RedoFinding[] = [];
    if (writer === null) return findings;
    const log = readWal(redo, writer, world);
    for (const read of reads)
      if (log.pages.has(read.blockKey))
        compareReader(redo, log, world.fabric.params.pageBytes, read, findings);
    return findings;
  },
  checkCuts: (redo, world, isTaken) => {
    const log = logOf(redo);
    const { cluster, params } = world.fabric;
    if (log.floor > 0) return []; // not every page is known
    return checkCuts([log], log.upTo, { ...params, volume: cluster.volume }, isTaken);
  },
};
