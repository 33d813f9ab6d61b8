// Online promote (docs/spec/logindex.md §8, failover.md §5): a reader that was granted a token goes on as the writer with what it has parsed. P3 reads
// metadata of WAL from there to its end, P4 makes redoStart durable, P5 serves; a page is brought to the end of the old log by LogIndex
// when it is first asked for, and background replay dirties the others behind it. What a reader has not parsed it reads as any
// writer that starts does (opening.ts).

import { type Lsn, MAX } from '../../base/ids.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import { startWalk, stepWalk, type Walk } from '../logindex/find.ts';
import { makeFlushControl, noteChange } from '../logindex/flush-control.ts';
import { hasSaved, isMetaOf, planFlush, sealSaved, takeMeta } from '../logindex/log-index.ts';
import type { Meta } from '../logindex/meta.ts';
import { dirtyFloor, isReplayed, type Promotion, promote } from '../logindex/promote.ts';
import type { PageCache } from '../logindex/replay.ts';
import type { Entry } from '../logindex/table.ts';
import { pageLsn } from '../page/page.ts';
import { type PageKey, VOLUME_KEY } from '../page/page-key.ts';
import { OP_TERM_START } from '../page/redo-ops.ts';
import type { Call, Outcome } from '../pfs/mount-state.ts';
import { CONTROL_PATH, sealCheckpoint } from './control-file.ts';
import { redoLimit } from './gone-relations.ts';
import { mayGrow } from './growth.ts';
import { makePageWork, type PageReplay, type PageWork, type ReplayStep } from './page-replay.ts';
import { type Loaded, type Loading, nextLoad, onLoadCall, requestPage } from './reader-load.ts';
import { takeRecord } from './reader-parse.ts';
import { isIndexStuck } from './room.ts';
import {
  type Damage,
  damageOf,
  isOpen,
  type Job,
  promotionOf,
  type SharedAttachment,
  servingOf,
  type TailPhase,
  volumeOf,
} from './shared-attachment.ts';
import { parsedBy, type SharedReader } from './shared-reader.ts';
import { callsOf } from './slot-keeper.ts';
import { scannedLsn, segmentAt, startScan, takeSegment, type WalScan } from './wal-file.ts';
import { walRecordOf } from './wal-record.ts';

/** Pages that are replayed at a time, and entries that background replay is ahead of them. */
const LOADS_MAX = 8;
const HELD_MAX = 8;

/** What a writer that was promoted keeps until background replay has ended. */
export interface Promoting {
  /** What the reader of this node had parsed, and its pages. */
  readonly replay: PageReplay;
  readonly work: PageWork;
  /** From P4 on. */
  bounds: Promotion | null;
  /** LogIndex from redoStart to the end of the old log. */
  walk: Walk;
  /** Entries that the walk has passed and whose pages are not replayed yet, ascending. */
  held: Entry[];
  /** Pages that are as of the end of the old log, or beyond it. */
  readonly handled: Set<PageKey>;
  /** Pages that the engine waits for. */
  readonly asked: Set<PageKey>;
  /** Of those that were replayed: how many the opening, statements and background replay brought here, and the first that statements did. */
  readonly counts: ReplayCounts;
  /** Files of LogIndex have gone of which the reader had not heard. */
  hasLess: boolean;
  /** It has met what it cannot read: it cannot go on (LI-74). */
  damage: Damage | null;
}

/** Pages that a promotion has replayed, by who wanted them. */
export interface ReplayCounts {
  opening: number;
  onDemand: number;
  inBackground: number;
  /** The first that statements waited for. */
  readonly demanded: PageKey[];
}
const DEMANDED_MAX = 64;

export const noReplays = (): ReplayCounts => ({ opening: 0, onDemand: 0, inBackground: 0, demanded: [] });

/** What is left of a promotion that has reached P6. */
export interface Promoted extends Pick<Promotion, 'redoStart' | 'endLsn'> {
  readonly counts: ReplayCounts;
}

/** Null: the reader has parsed nothing that could be gone on from. */
export function promoting<E>(reader: SharedReader<E>): Promoting | null {
  const replay = parsedBy(reader);
  if (replay === null) return null;
  for (const [page, { kind }] of replay.cache) if (kind !== 'built') replay.cache.delete(page);
  return {
    replay,
    work: makePageWork(),
    bounds: null,
    walk: startWalk(0 as Lsn),
    held: [],
    handled: new Set(),
    asked: new Set(),
    counts: noReplays(),
    hasLess: false,
    damage: null,
  };
}

/** P3 begins at the first record above applyLsn. False: WAL there is gone, for the reader was without a slot too long, or LogIndex was made anew since. */
export function beginTail<E>(attachment: SharedAttachment<E>, promotion: Promoting, meta: Meta): boolean {
  const { parser, places, end, index } = promotion.replay;
  const { sharing, checkpoint } = attachment;
  const first = (parser.applyLsn + 1) as Lsn;
  if (sharing === null || first < checkpoint.scanLsn || !isMetaOf(index, meta)) return false;
  promotion.hasLess = meta.minFile > index.meta.minFile;
  takeMeta(index, meta);
  sharing.index = index;
  attachment.phase = { kind: 'tail', scan: startScan(places.get(first)?.position ?? end, first), next: 0 };
  return true;
}

/** `restart`: another writer has been there since; its tables of LogIndex may be others (LI-33). */
export function onTail<E>(
  attachment: SharedAttachment<E>,
  promotion: Promoting,
  tail: TailPhase,
  outcome: Outcome,
): 'on' | 'retry' | 'restart' {
  const { scan } = tail;
  if (!outcome.ok && outcome.error !== 'ENOENT') return 'retry';
  const bytes = outcome.ok && outcome.value instanceof Uint8Array ? outcome.value : new Uint8Array();
  const isBlind = has(attachment.config.mutants, 'shared.promote-skips-tail');
  if (!isBlind && takeSegment(scan, bytes) === 'more') return 'on';
  if (scan.records.some(({ encoded }) => encoded.record.op === OP_TERM_START)) return 'restart';
  return parseTail(attachment, promotion, tail);
}

/**
 * LI-26: what has no room waits until a table is saved, which all its records are durable for. Where the device has none for the table (FS-45), and
 * may not grow, it begins as any writer, which saves tables while pages and old files make room.
 */
export function parseTail<E>(
  attachment: SharedAttachment<E>,
  promotion: Promoting,
  tail: TailPhase,
): 'on' | 'restart' {
  const { host, sharing, config } = attachment;
  const { scan } = tail;
  if (host.mount === null || !sharing?.index) return 'restart';
  for (; tail.next < scan.records.length; tail.next++) {
    const placed = scan.records[tail.next];
    if (placed === undefined) break;
    const taken = takeRecord(promotion.replay, config, walRecordOf(placed.encoded), placed.position);
    if (taken === 'gap') return 'restart';
    if (taken !== 'wait') continue;
    const isStuck = isIndexStuck(attachment);
    if (isStuck && !mayGrow(attachment)) return 'restart';
    attachment.wantsChunk ||= isStuck;
    const writes = hasSaved(sharing.index) ? planFlush(sharing.index, scannedLsn(scan)) : null;
    if (writes === null) return 'restart';
    attachment.phase = { kind: 'tables', script: callsOf(host.mount, sharing.index.geometry, writes), tail };
    return 'on';
  }
  if (!hasSaved(sharing.index)) return 'restart';
  sealSaved(sharing.index);
  endTail(attachment, promotion, scan);
  return 'on';
}

/** P3 is over: the log is what it is. */
function endTail<E>(attachment: SharedAttachment<E>, promotion: Promoting, scan: WalScan): void {
  const { log, checkpoint } = attachment;
  const { replay } = promotion;
  const { parser, places, bgReplayedLsn, consistentLsn, hasData } = replay;
  log.tail = scannedLsn(scan);
  log.durable = log.tail;
  log.end = scan.end;
  log.written = scan.end;
  log.places = [
    { lsn: checkpoint.scanLsn, position: checkpoint.scanPosition },
    ...[...places].flatMap(([lsn, { position }]) =>
      lsn > checkpoint.scanLsn ? [{ lsn: lsn as Lsn, position }] : [],
    ),
  ];
  log.firstSegment = segmentAt(checkpoint.scanPosition);
  log.isEmpty = checkpoint.scanLsn === 1 && !hasData;
  // what lies below the checkpoint is stored, whatever the old writer had said of it when it was heard last
  const known = promote(bgReplayedLsn, consistentLsn, parser.applyLsn);
  attachment.gone = replay.gone.filter(({ lsn }) => lsn >= checkpoint.redoLsn);
  const reached = Math.min(known.redoStart, redoLimit(attachment) ?? MAX);
  const late = has(attachment.config.mutants, 'shared.redo-starts-late') ? 1 : 0;
  const redoStart = (Math.max(reached, checkpoint.redoLsn) + late) as Lsn;
  promotion.bounds = { ...known, redoStart, bgReplayedLsn: (redoStart - 1) as Lsn };
  promotion.walk = startWalk(redoStart);
  leaveStored(replay.cache, promotion.hasLess ? (MAX as Lsn) : redoStart);
  attachment.flush = makeFlushControl(attachment.flush.limits, redoStart);
  attachment.checkpoint = { ...checkpoint, redoLsn: redoStart };
}

/**
 * LI-70: what lies below redoStart is stored, and LogIndex may let go of it (LI-32). A page of the pool that lacks records there is read in
 * its file, as background replay would have it (LI-39). Where LogIndex has less than a reader without a slot had heard, it may lack more than
 * that: MAX.
 */
export function leaveStored(cache: PageCache, redoStart: Lsn): void {
  for (const [page, frame] of cache)
    if (frame.kind === 'built' && frame.isOutdated && frame.completeLsn + 1 < redoStart) cache.delete(page);
}

/** P4: from here on a start as writer begins at redoStart. */
export const redoStartCall = <E>({ checkpoint, host }: SharedAttachment<E>): Call => ({
  kind: 'pwrite',
  file: CONTROL_PATH,
  offset: 0,
  bytes: sealCheckpoint(checkpoint, host.geometry.sectorBytes),
});

export function traceStep<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  step: 'P1' | 'P2' | 'P3' | 'P4' | 'P5' | 'P6',
): void {
  const lsn = promotionOf(attachment)?.bounds?.[step === 'P4' ? 'redoStart' : 'endLsn'] ?? -1;
  trace(ctx, { kind: 'promote.step', volume: volumeOf(attachment), token: attachment.token, step, lsn });
}

/** LI-71: oldestLsn of what is dirtied now; null: its own. */
export function floorOf<E>(attachment: SharedAttachment<E>): Lsn | null {
  const promotion = promotionOf(attachment);
  if (!promotion?.bounds || has(attachment.config.mutants, 'shared.consistent-passes-replay')) return null;
  const floor = dirtyFloor(promotion.bounds);
  return floor === null ? null : (Math.max(floor, promotion.bounds.redoStart) as Lsn);
}

/** A page that was changed is beyond the old log: background replay has nothing to do there. */
export function noteHandled<E>(attachment: SharedAttachment<E>, page: PageKey): void {
  promotionOf(attachment)?.handled.add(page);
}

/** LI-70: false, if the page is as it is stored, or in memory. */
export function requestReplayed<E>(attachment: SharedAttachment<E>, page: PageKey): boolean {
  const promotion = promotionOf(attachment);
  if (!promotion || promotion.handled.has(page)) return false;
  promotion.asked.add(page);
  requestPage(promotion.work, { page, rp: null, isBackground: false });
  return true;
}

const replayStep = <E>(
  { config }: SharedAttachment<E>,
  ctx: RoleContext,
  { replay, work }: Promoting,
): ReplayStep => ({ replay, work, config, ctx });

/** What the page of an opening, or of one that nobody has replayed, needs now. */
export function nextReplay<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  busy: readonly number[] = [],
  most = 1,
): Loading | null {
  const promotion = promotionOf(attachment);
  return promotion === null ? null : nextLoad(replayStep(attachment, ctx, promotion), busy, most);
}

/** What replay reads next: first what the engine waits for, then what background replay walks over. */
export function replayJob<E>(attachment: SharedAttachment<E>, ctx: RoleContext): Job | null {
  const { sharing, config, held, jobs } = attachment;
  const promotion = promotionOf(attachment);
  if (!promotion || !sharing?.index || promotion.damage !== null) return null;
  const { work } = promotion;
  const busy = jobs.flatMap(({ job }) => (job.kind === 'replay' ? [job.load] : []));
  const next = (): Loading | null => nextReplay(attachment, ctx, busy, LOADS_MAX);
  for (let one = next(); one !== null; one = next()) {
    if ('call' in one) return { kind: 'replay', calls: [one.call], at: 0, load: one.load };
    onReplayed(attachment, one.loaded);
  }
  const isWalking = jobs.some(({ job: { kind } }) => kind === 'walk');
  if (isWalking || held.size * 2 > config.params.bufferPages) return null;
  const call = walkOn(attachment, ctx, null);
  if (call !== null) return { kind: 'walk', calls: [call], at: 0 };
  return work.requests.length > 0 && work.loads.length < LOADS_MAX ? replayJob(attachment, ctx) : null;
}

export function onReplayCall<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  load: number,
  outcome: Outcome,
): boolean {
  const promotion = promotionOf(attachment);
  if (!promotion) return true;
  const next = onLoadCall(replayStep(attachment, ctx, promotion), load, outcome);
  if (next !== null && next !== 'retry' && 'loaded' in next) onReplayed(attachment, next.loaded);
  return next !== 'retry';
}

/**
 * The page is as of the end of the old log. What may not be stored is dirty from redoStart's floor on (LI-71, FENCE-35). A page that cannot be
 * brought there is not handed on as one that nobody has written: the promotion cannot go on (LI-74).
 */
export function onReplayed<E>(attachment: SharedAttachment<E>, { request, image, error }: Loaded): void {
  const { flush, held } = attachment;
  const promotion = promotionOf(attachment);
  const { page } = request;
  if (!promotion?.bounds) return;
  const { replay, bounds, handled, asked } = promotion;
  replay.cache.delete(page);
  if (handled.has(page)) return; // made anew meanwhile: what is stored may be beyond the old log
  if (error !== '') {
    promotion.damage ??= { table: 0, why: `page ${page}: ${error}` };
    return;
  }
  handled.add(page);
  const isDirty = image !== null && pageLsn(image) >= bounds.redoStart;
  if (isDirty) noteChange(flush, page, pageLsn(image), floorOf(attachment) ?? bounds.redoStart);
  const own = image === null ? null : image.slice();
  const isWanted = asked.delete(page);
  if (image !== null) countReplay(attachment, promotion, page, isWanted);
  if (isWanted) servingOf(attachment).arrived.push({ page, image: own });
  else if (isDirty && own !== null) held.set(page, own);
  if (page === VOLUME_KEY && own !== null && attachment.phase.kind === 'volume') held.set(page, own);
}

function countReplay<E>(
  { phase }: SharedAttachment<E>,
  { counts }: Promoting,
  page: PageKey,
  isWanted: boolean,
): void {
  if (phase.kind === 'volume') counts.opening++;
  else if (!isWanted) counts.inBackground++;
  else {
    counts.onDemand++;
    if (counts.demanded.length < DEMANDED_MAX) counts.demanded.push(page);
  }
}

/** P5: over the entries of LogIndex in order; a page that nobody has replayed is replayed. Null: it waits, is at its end, or cannot go on. */
export function walkOn<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  bytes: Uint8Array | null,
): Call | null {
  const { sharing } = attachment;
  const promotion = promotionOf(attachment);
  if (!promotion?.bounds || !sharing?.index) return null;
  const { bounds, walk, handled, work } = promotion;
  for (let given = bytes; ; given = null) {
    promotion.held = promotion.held.filter(({ page }) => !handled.has(page));
    const [first] = promotion.held;
    if (first !== undefined) bounds.bgReplayedLsn = Math.max(bounds.bgReplayedLsn, first.lsn - 1) as Lsn;
    if (promotion.held.length >= HELD_MAX && given === null) return null;
    const step = stepWalk(sharing.index, walk, bounds.endLsn, given);
    if (step.kind === 'read')
      return { kind: 'pread', file: step.path, offset: step.offset, length: step.length };
    if (step.kind === 'LOGINDEX_CORRUPT') {
      promotion.damage ??= { table: step.table, why: step.why };
      return null;
    }
    if (step.kind === 'end') {
      // pages that statements wait for come by replay as well
      if (first !== undefined || work.loads.length > 0 || work.requests.length > 0) return null;
      bounds.bgReplayedLsn = bounds.endLsn;
      // little is over before the metadata knows that it serves: P6 comes after P5
      if (isReplayed(bounds) && isOpen(attachment)) endPromotion(attachment, ctx);
      return null;
    }
    const { page, lsn } = step;
    if (first === undefined) bounds.bgReplayedLsn = Math.max(bounds.bgReplayedLsn, lsn - 1) as Lsn;
    if (handled.has(page) || promotion.held.some((one) => one.page === page)) continue;
    promotion.held.push({ page, lsn });
    requestPage(work, { page, rp: null, isBackground: true });
  }
}

/** P6. */
function endPromotion<E>(attachment: SharedAttachment<E>, ctx: RoleContext): void {
  traceStep(attachment, ctx, 'P6');
  const promotion = promotionOf(attachment);
  const damage = damageOf(attachment);
  attachment.redo = { kind: 'wal', damage };
  if (promotion?.bounds) {
    const { redoStart, endLsn } = promotion.bounds;
    attachment.redo = { kind: 'wal', damage, promoted: { redoStart, endLsn, counts: promotion.counts } };
  }
  attachment.looksAgain = true; // FS-45
}
