// The writer's pages (docs/spec/logindex.md §6): which are read, which are written and when, and how far a checkpoint may go. A page is
// written with all its changes once they are durable (LI-41); what is not stored stays in memory (LI-54).

import { BadBytes } from '../../base/bytes.ts';
import { type Lsn, MAX } from '../../base/ids.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import { reach } from '../kernel/limits.ts';
import { has } from '../kernel/mutants.ts';
import {
  advanceConsistentLsn,
  bgwriterPages,
  checkpoint,
  decideFlush,
  flushPage,
  onPageWritten,
} from '../logindex/flush-control.ts';
import { pageLsn } from '../page/page.ts';
import type { PageKey } from '../page/page-key.ts';
import type { Call, Mount, Outcome } from '../pfs/mount-state.ts';
import { findPath } from '../pfs/tree.ts';
import { type Checkpoint, CONTROL_PATH, sealCheckpoint } from './control-file.ts';
import { redoLimit } from './gone-relations.ts';
import { FREE_BLOCKS } from './growth.ts';
import { pageOffset, pagePath, storedPage } from './page-file.ts';
import { floorOf, requestReplayed } from './promotion.ts';
import { freeBlocks, hasLogForPage, keptBlocks } from './room.ts';
import {
  type Job,
  type JobOf,
  openOf,
  type SharedAttachment,
  servingOf,
  volumeOf,
} from './shared-attachment.ts';
import { gateOf } from './slot-keeper.ts';
import { onBefore, snapshotToStore } from './snapshot-flush.ts';
import { indexOfPlace, placeOf } from './wal-places.ts';

/** The bgwriter writes so many parts of what is dirty in a turn, if that is more than its usual number. */
const TURN_PARTS = 8;
export const turnPages = <E>({ flush, config }: SharedAttachment<E>): number =>
  Math.max(config.params.flushPages, Math.ceil(flush.list.size / TURN_PARTS));

/** Once more than half of the buffer is not stored, pages are written without waiting for a turn. */
const isPressed = <E>({ flush, config }: SharedAttachment<E>): boolean =>
  flush.list.size * 2 > config.params.bufferPages;

export const isUnstored = <E>({ flush }: SharedAttachment<E>, key: PageKey): boolean =>
  flush.list.has(key) || flush.writes.has(key) || flush.copies.has(key);

/** The engine asks for a page: one that replay has changed is here. */
export function requestPage<E>(attachment: SharedAttachment<E>, key: PageKey): void {
  const { held, jobs } = attachment;
  const { reads, arrived } = servingOf(attachment);
  const image = held.get(key);
  if (image !== undefined) {
    held.delete(key);
    arrived.push({ page: key, image });
    return;
  }
  if (requestReplayed(attachment, key)) return;
  const isUnderWay = jobs.some(({ job }) => job.kind === 'read' && job.page === key);
  if (!isUnderWay && !reads.includes(key) && arrived.every(({ page }) => page !== key)) reads.push(key);
}

export const readCall = <E>({ config }: SharedAttachment<E>, key: PageKey): Call => {
  const { pageBytes } = config.params;
  return { kind: 'pread', file: pagePath(key), offset: pageOffset(key, pageBytes), length: pageBytes };
};

/** A file that is not there, or does not reach to the page, has none. */
function pageFrom<E>({ config }: SharedAttachment<E>, key: PageKey, outcome: Outcome): Uint8Array | null {
  if (!outcome.ok || !(outcome.value instanceof Uint8Array)) return null;
  return storedPage(outcome.value, key, config.params.pageBytes);
}

/** Of what the engine asks for, or of what redo reads ahead. */
export function readJob<E>(attachment: SharedAttachment<E>): Job | null {
  const { phase } = attachment;
  const page = (phase.kind === 'replay' ? phase.toReplay : openOf(attachment)?.reads)?.shift();
  return page === undefined ? null : { kind: 'read', calls: [readCall(attachment, page)], at: 0, page };
}

export function onRead<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  page: PageKey,
  outcome: Outcome,
): void {
  const image = wholeOrNone(attachment, ctx, page, outcome);
  if (image !== null)
    trace(ctx, {
      kind: 'page.fetched',
      volume: volumeOf(attachment),
      blockKey: page,
      pageLsn: pageLsn(image),
    });
  servingOf(attachment).arrived.push({ page, image });
}

/** LI-51: what is stored of the page that is to be stored anew. */
export function onPageBefore<E>(attachment: SharedAttachment<E>, ctx: RoleContext, outcome: Outcome): void {
  const { snapshot } = attachment;
  if (snapshot === null) return;
  let isWhole = true;
  let before: Uint8Array | null = null;
  try {
    before = pageFrom(attachment, snapshot.page, outcome);
  } catch (error) {
    if (!(error instanceof BadBytes)) throw error;
    trace(ctx, {
      kind: 'page.damaged',
      volume: volumeOf(attachment),
      blockKey: snapshot.page,
      why: error.message,
    });
    isWhole = false;
  }
  onBefore(attachment, before, isWhole);
}

/** A damaged image is none: what builds the page anew is in WAL, or the page is lost. */
export function wholeOrNone<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  blockKey: PageKey,
  outcome: Outcome,
): Uint8Array | null {
  try {
    return pageFrom(attachment, blockKey, outcome);
  } catch (error) {
    if (!(error instanceof BadBytes)) throw error;
    trace(ctx, { kind: 'page.damaged', volume: volumeOf(attachment), blockKey, why: error.message });
    return null;
  }
}

/** The next page that the bgwriter writes. */
export function pageJob<E>(
  program: EngineProgram<E>,
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
): Job | null {
  const { flush, log, held, config, host } = attachment;
  const snapped = host.mount === null ? null : snapshotToStore(attachment, ctx);
  if (snapped !== null && host.mount !== null) {
    const { page, image } = snapped;
    const calls = writeCalls(attachment, host.mount, page, image);
    const gate = gateOf(attachment) ?? (MAX as Lsn);
    return { kind: 'page', calls, at: 0, page, lsn: pageLsn(image), gate, how: 'snapshot' };
  }
  const open = openOf(attachment);
  const hasTurn = (open !== null && open.budget > 0) || isPressed(attachment);
  if (!hasTurn && flush.copies.size === 0) return null;
  const isEarly = has(config.mutants, 'shared.page-before-wal');
  const known = gateOf(attachment);
  const isOpenGate = known === null || isEarly || has(config.mutants, 'shared.no-flush-gate');
  // LI-41: nothing is written before its WAL, so what is not durable is held back as what a reader has not applied
  const gate = Math.min(isOpenGate ? MAX : known, isEarly ? MAX : log.durable) as Lsn;
  if (hasTurn && flush.copies.size + flush.list.size > config.params.roundPages)
    reach(ctx, config.params, 'roundPages');
  // a copy is written as soon as it may be: it holds consistentLsn back
  for (const page of hasTurn ? bgwriterPages(flush, config.params.roundPages) : flush.copies.keys()) {
    const dirty = flush.list.get(page);
    if (dirty === undefined || host.mount === null) continue;
    // LI-50: without a reader nobody needs a snapshot
    const now = { oldestApplyLsn: gate, insertLsn: (known === null ? 0 : log.tail + 1) as Lsn };
    const due = decideFlush(flush, page, now);
    if (!hasTurn && due !== 'FLUSHED_COPY' && due !== 'FLUSHED') continue;
    if (due === 'BLOCKED') {
      if (!isOpenGate && isHeldBack(attachment, known, dirty))
        traceBlocked(attachment, ctx, page, dirty.latestLsn, known);
      continue;
    }
    if (due === 'FLUSHED_SNAPSHOT' && (attachment.snapshot !== null || !hasLogForPage(attachment))) continue;
    const image = held.get(page) ?? program.pageImage(attachment.engine, page);
    if (image === null) continue;
    const result = flushPage(flush, page, now);
    if (hasTurn && result !== 'COPIED' && result !== 'FLUSHED_COPY') spend(attachment, ctx);
    if (result === 'COPIED') attachment.copied.set(page, image);
    if (result === 'COPIED' && attachment.copied.size === config.params.copySlots)
      reach(ctx, config.params, 'copySlots');
    if (result === 'FLUSHED_SNAPSHOT') {
      if (dirty.modifiedCount > config.params.snapshotChanges) reach(ctx, config.params, 'snapshotChanges');
      attachment.copied.delete(page);
      const oldestLsn = flush.writes.get(page)?.oldestLsn ?? dirty.oldestLsn; // its copy's, if it had one
      attachment.snapshot = { page, image, oldestLsn, stage: { kind: 'read' } };
      return { kind: 'before', calls: [readCall(attachment, page)], at: 0 };
    }
    const written =
      result === 'FLUSHED' ? image : result === 'FLUSHED_COPY' ? attachment.copied.get(page) : undefined;
    if (written === undefined) continue;
    attachment.copied.delete(page);
    const calls = writeCalls(attachment, host.mount, page, written);
    const how = result === 'FLUSHED' ? 'buffer' : 'copy';
    return { kind: 'page', calls, at: 0, page, lsn: pageLsn(written), gate: known ?? (MAX as Lsn), how };
  }
  if (hasTurn && open !== null) open.budget = 0;
  return null;
}

/** A page of the bgwriter's turn. */
function spend<E>(attachment: SharedAttachment<E>, ctx: RoleContext): void {
  const open = openOf(attachment);
  if (open === null || open.budget === 0) return;
  if (open.budget === 1) reach(ctx, attachment.config.params, 'flushPages');
  open.budget--;
}

/**
 * LI-40: some reader has not applied the page's last change. While the log of that is not durable the page waits for its log: no reader could
 * have applied it.
 */
export const isHeldBack = <E>(
  { log }: SharedAttachment<E>,
  gate: Lsn | null,
  { latestLsn }: { readonly latestLsn: Lsn },
): boolean => gate !== null && latestLsn > gate && latestLsn <= log.durable;

/** Pages that wait for a reader: what the map, the lens, the timeline and the trace mean by blocked pages. */
export function countHeldBack<E>(attachment: SharedAttachment<E>, gate: Lsn | null): number {
  let pages = 0;
  for (const dirty of attachment.flush.list.values()) if (isHeldBack(attachment, gate, dirty)) pages++;
  return pages;
}

/** Where the number has changed since it was said last. */
export function traceHeldBack<E>(attachment: SharedAttachment<E>, ctx: RoleContext): void {
  if (openOf(attachment) === null) return;
  const pages = countHeldBack(attachment, gateOf(attachment));
  if (pages === attachment.heldBack) return;
  attachment.heldBack = pages;
  trace(ctx, { kind: 'flush.held', volume: volumeOf(attachment), token: attachment.token, pages });
}

/** Once for each value of the gate. */
function traceBlocked<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  page: PageKey,
  latestLsn: Lsn,
  gate: Lsn,
): void {
  if (attachment.blockedAt === gate) return;
  attachment.blockedAt = gate;
  const readers = readersBelow(attachment, latestLsn);
  trace(ctx, {
    kind: 'flush.blocked',
    volume: volumeOf(attachment),
    blockKey: page,
    latestLsn,
    gate,
    readers,
  });
}

const readersBelow = <E>({ sharing }: SharedAttachment<E>, lsn: Lsn): string =>
  [...(sharing?.slots ?? [])].flatMap(([reader, { applyLsn }]) => (applyLsn < lsn ? [reader] : [])).join(',');

/** LI-55: statements wait for a frame, and readers hold back what is in them. Once for each value of the gate. */
export function traceStall<E>(attachment: SharedAttachment<E>, ctx: RoleContext): void {
  const { config } = attachment;
  const open = servingOf(attachment);
  const gate = gateOf(attachment);
  if (gate === null || open.stalledAt === gate) return;
  const blocked = countHeldBack(attachment, gate);
  if (blocked * 2 <= config.params.bufferPages) return; // what it waits for is the disk
  open.stalledAt = gate;
  const readers = readersBelow(attachment, (gate + 1) as Lsn);
  trace(ctx, { kind: 'flush.backpressure', volume: volumeOf(attachment), blocked, gate, readers });
}

/** A file grows by a part of what it has, and by so many blocks at most. */
const GROWN_PART = 4;
const GROWN_BLOCKS = 8;

/** A page beyond the end of its file takes blocks for those that follow as well, so that they are written without a transaction (FS-43, FS-44). */
function writeCalls<E>(
  attachment: SharedAttachment<E>,
  mount: Mount,
  key: PageKey,
  image: Uint8Array,
): Call[] {
  const { meta, geometry } = mount;
  const { blockBytes } = geometry;
  const path = pagePath(key);
  const offset = pageOffset(key, image.length);
  const found = findPath(meta, path);
  const size = found.ok ? found.value.size : 0;
  const write: Call = { kind: 'pwrite', file: path, offset, bytes: image };
  if (offset + image.length <= size) return [write];
  const blocks = Math.ceil((offset + image.length) / blockBytes);
  const enough = keptBlocks(attachment, mount) + FREE_BLOCKS + GROWN_BLOCKS;
  const isRoomy = freeBlocks(attachment, mount, enough) > enough;
  const more = isRoomy ? Math.min(GROWN_BLOCKS, Math.floor(blocks / GROWN_PART)) : 0;
  return [{ kind: 'fallocate', path, length: (blocks + more) * blockBytes }, write];
}

export function onPageStored<E>(attachment: SharedAttachment<E>, ctx: RoleContext, job: JobOf<'page'>): void {
  const { flush, token, log, held } = attachment;
  const { page, lsn, gate, how } = job;
  onPageWritten(flush, page);
  const image = held.get(page);
  if (image !== undefined && pageLsn(image) === lsn) held.delete(page);
  attachment.looksAgain = true;
  trace(ctx, {
    kind: 'page.stored',
    volume: volumeOf(attachment),
    token,
    blockKey: page,
    pageLsn: lsn,
    durableLsn: log.durable,
    gate: gate === MAX ? -1 : gate,
    how,
  });
  advanceConsistentLsn(flush, log.durable, floorOf(attachment));
}

/** LI-47: no page is written for it. */
export function checkpointJob<E>(attachment: SharedAttachment<E>): Job | null {
  const { flush, log, host } = attachment;
  const isForgetful = has(attachment.config.mutants, 'shared.copies-forgotten');
  const counted = isForgetful ? { ...flush, copies: new Map() } : flush;
  const consistent = advanceConsistentLsn(counted, log.durable, floorOf(attachment));
  if (isForgetful) flush.consistentLsn = consistent;
  // LI-66: what has files to go is reached, and not passed before they are gone
  const limit = redoLimit(attachment) ?? MAX;
  const isAtLimit = limit <= consistent && attachment.checkpoint.redoLsn < limit;
  const target = Math.min(consistent, limit);
  const { checkpointLsns } = attachment.config.params;
  const least = attachment.wantsCheckpoint ? 1 : checkpointLsns;
  if (log.isEmpty || (!isAtLimit && target - attachment.checkpoint.redoLsn < least)) return null;
  const isBlind = has(attachment.config.mutants, 'shared.checkpoint-at-durable');
  const redoLsn = isBlind ? ((log.durable + 1) as Lsn) : (Math.min(checkpoint(flush), limit) as Lsn);
  // LI-31: LogIndex is parsed from its startLsn on, so WAL is scanned from there as well
  const startLsn = attachment.sharing?.index?.meta.startLsn ?? redoLsn;
  // while no table of it is saved that is 0, before the first record: a checkpoint that was asked for scans all there is
  const scanFrom = Math.min(redoLsn, attachment.wantsCheckpoint ? Math.max(1, startLsn) : startLsn);
  const place = placeOf(log, scanFrom);
  const isAtEnd = scanFrom === log.tail + 1;
  if (place === undefined && !isAtEnd) return null;
  const scanned = isAtEnd ? { lsn: redoLsn, position: log.end } : place;
  if (scanned === undefined) return null;
  const taken: Checkpoint = { redoLsn, scanLsn: scanned.lsn, scanPosition: scanned.position };
  const bytes = sealCheckpoint(taken, host.geometry.sectorBytes);
  const call: Call = { kind: 'pwrite', file: CONTROL_PATH, offset: 0, bytes };
  return { kind: 'checkpoint', calls: [call], at: 0, checkpoint: taken };
}

export function onCheckpoint<E>(attachment: SharedAttachment<E>, ctx: RoleContext, taken: Checkpoint): void {
  const { log, token } = attachment;
  attachment.checkpoint = taken;
  attachment.wantsCheckpoint = false;
  reach(ctx, attachment.config.params, 'checkpointLsns');
  const needed =
    attachment.sharing === null ? taken.scanLsn : Math.min(taken.scanLsn, attachment.flush.gcFloor);
  const first = indexOfPlace(log, needed);
  if (first > 0) log.places.splice(0, first);
  trace(ctx, { kind: 'checkpoint.done', volume: volumeOf(attachment), token, redoLsn: taken.redoLsn });
}
