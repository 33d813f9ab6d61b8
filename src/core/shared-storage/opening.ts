// Opening of a volume in files by the node that writes it (docs/spec/logindex.md LI-31, LI-47, LI-73; failover.md H2, H3, H8): the mount
// that fences every earlier writer (FS-81), WAL from the checkpoint on, its changes on stored pages, the tail cut behind the last
// complete MTR, the record of the term. Nothing is stored for replay: its pages are dirty as those of any change (LI-47).

import { BadBytes } from '../../base/bytes.ts';
import type { Lsn, Time, TxId } from '../../base/ids.ts';
import type { MountOrder } from '../chunk/mount-host.ts';
import { type RoleContext, send, trace, wakeAt } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { makeFlushControl, noteChange } from '../logindex/flush-control.ts';
import { onWritten } from '../logindex/log-index.ts';
import { pageLsn } from '../page/page.ts';
import { type PageKey, relationOf, VOLUME_KEY } from '../page/page-key.ts';
import { changeOf, pagesOf } from '../page/record-pages.ts';
import { applyRecord, applyRecords, type PageChange } from '../page/redo.ts';
import { OP_TERM_START, termStartPayload } from '../page/redo-ops.ts';
import { fsck } from '../pfs/fsck.ts';
import type { Call, Outcome } from '../pfs/mount-state.ts';
import { CONTROL_PATH, firstCheckpoint, openCheckpoint } from './control-file.ts';
import { noteGone, removedBelow } from './gone-relations.ts';
import { firstChunksOf, growFirst, onGrown } from './growth.ts';
import { beginScan, indexCall, indexLayout, onIndexRead, onRebuilt, startCold } from './index-opening.ts';
import { cutCalls, onCut } from './log-cut.ts';
import { PAGE_DIRECTORY } from './page-file.ts';
import { readCall, wholeOrNone } from './page-writer.ts';
import {
  nextReplay,
  onReplayCall,
  onReplayed,
  onTail,
  parseTail,
  redoStartCall,
  traceStep,
} from './promotion.ts';
import { requestPage } from './reader-load.ts';
import { appendRecords } from './shared-log.ts';
import {
  damageOf,
  openPhase,
  promotionOf,
  type SharedSeat,
  type TailPhase,
  volumeOf,
  type WriterCall,
  type WriterPhase,
} from './shared-seat.ts';
import { noteRecord } from './slot-keeper.ts';
import { scannedLsn, segmentAt, segmentCall, takeSegment, WAL_DIRECTORY, type WalScan } from './wal-file.ts';
import { walRecordOf } from './wal-record.ts';

export const RECOVER_TIMER = 'shared.recover';

/** Of each life of the seat: its requests to the metadata. */
const REQUESTS_PER_LIFE = 4;
const CLAIM_REQUEST = 1;
const PUBLISH_REQUEST = 2;

/** H2, under a token that was granted to this life of the node. */
export function startOpening<E>(
  seat: SharedSeat<E>,
  ctx: RoleContext,
  { token, created }: Pick<MessageOf<'Promote'>, 'token' | 'created'>,
): void {
  trace(ctx, { kind: 'recovery.step', volume: volumeOf(seat), step: 'token', token });
  enter(seat, ctx, { kind: created ? 'mount' : 'format' });
}

/** What is asked of the metadata is asked again until it has answered. */
export function onOpeningTimer<E>(seat: SharedSeat<E>, ctx: RoleContext): void {
  const { kind } = seat.phase;
  if (kind === 'open' || kind === 'fenced') return;
  ask(seat, ctx);
  wakeAt(ctx, RECOVER_TIMER, (ctx.now + seat.config.params.recoveryRetryMs * 1000) as Time);
}

function enter<E>(seat: SharedSeat<E>, ctx: RoleContext, phase: WriterPhase): void {
  seat.phase = phase;
  onOpeningTimer(seat, ctx);
}

export const metaOf = <E>({ config }: SharedSeat<E>) =>
  config.cluster.nodes.find(({ roles }) => roles.includes('meta'))?.id ?? null;

function ask<E>(seat: SharedSeat<E>, ctx: RoleContext): void {
  const { phase, boot, token: term } = seat;
  const meta = metaOf(seat);
  if (meta === null || (phase.kind !== 'claim' && phase.kind !== 'publish')) return;
  const isClaim = phase.kind === 'claim';
  send(ctx, meta, {
    kind: 'SetWriter',
    reqId: seat.requests * REQUESTS_PER_LIFE + (isClaim ? CLAIM_REQUEST : PUBLISH_REQUEST),
    boot,
    volume: volumeOf(seat),
    term,
    state: isClaim ? 'RECOVERING' : 'OPEN',
  });
}

/** `open`: the volume is; `stale`: another writer has a later term. */
export function onWriterSet<E>(
  seat: SharedSeat<E>,
  ctx: RoleContext,
  m: MessageOf<'WriterSet'>,
): 'open' | 'stale' | null {
  if (m.boot !== seat.boot || m.term !== seat.token) return null;
  const n = m.reqId - seat.requests * REQUESTS_PER_LIFE;
  if (m.error === 'STALE_TERM') return 'stale';
  if (seat.phase.kind === 'claim' && n === CLAIM_REQUEST) {
    const script: Call[] = [
      { kind: 'mkdir', path: WAL_DIRECTORY },
      { kind: 'mkdir', path: PAGE_DIRECTORY },
      { kind: 'create', path: CONTROL_PATH },
      ...(seat.sharing === null ? [] : indexLayout),
    ];
    enter(seat, ctx, { kind: 'layout', script });
  }
  if (seat.phase.kind !== 'publish' || n !== PUBLISH_REQUEST) return null;
  const { startLsn } = seat.phase;
  const { token, log } = seat;
  seat.phase = openPhase(startLsn, log.durable);
  wakeAt(ctx, RECOVER_TIMER, null);
  trace(ctx, { kind: 'recovery.done', volume: volumeOf(seat), token, vdl: log.durable, startLsn });
  if (promotionOf(seat)) traceStep(seat, ctx, 'P5');
  return 'open';
}

export interface OpeningOrder {
  readonly order: MountOrder;
  readonly owner: WriterCall;
}

/** What the opening wants of the mount now; null: it waits for somebody, or is over. */
export function openingOrder<E>(seat: SharedSeat<E>, ctx: RoleContext): OpeningOrder | null {
  const room = growFirst(seat);
  if (room !== null) return { order: { kind: 'fsCall', call: room }, owner: { kind: 'room' } };
  if (seat.phase.kind === 'volume') return volumeOrder(seat, ctx);
  const order = phaseOrder(seat);
  return order === null ? null : { order, owner: { kind: 'opening' } };
}

function phaseOrder<E>(seat: SharedSeat<E>): MountOrder | null {
  const { token, config, phase } = seat;
  const call = (one: Call): MountOrder => ({ kind: 'fsCall', call: one });
  switch (phase.kind) {
    case 'format':
      return { kind: 'fsMkfs', chunks: firstChunksOf(config), isForced: false, token };
    case 'mount':
      return { kind: 'fsMount', mode: 'rw', token };
    case 'layout':
      return call(
        phase.script[0] ?? { kind: 'pread', file: CONTROL_PATH, offset: 0, length: sectorOf(seat) },
      );
    case 'index':
      return call(indexCall(phase.opening));
    case 'redoStart':
      return call(redoStartCall(seat));
    case 'scan':
    case 'tail':
      return call(segmentCall(phase.scan.readAt));
    case 'replay':
      return phase.toReplay[0] === undefined ? null : call(readCall(seat, phase.toReplay[0]));
    case 'rebuild':
    case 'tables':
    case 'cut':
      return phase.script[0] === undefined ? null : call(phase.script[0]);
    default:
      return null;
  }
}

const sectorOf = <E>({ host }: SharedSeat<E>): number => host.geometry.sectorBytes;

/** The device has room for what the opening makes next. */
export function onGrownFirst<E>(seat: SharedSeat<E>, ctx: RoleContext, outcome: Outcome): 'on' | 'retry' {
  if (!outcome.ok) return 'retry';
  onGrown(seat, ctx);
  return 'on';
}

/** A call of the volume's page has ended. */
export function onVolumeRead<E>(
  seat: SharedSeat<E>,
  ctx: RoleContext,
  load: number,
  outcome: Outcome,
): 'on' | 'retry' {
  if (!onReplayCall(seat, ctx, load, outcome)) return 'retry';
  if (promotionOf(seat)?.handled.has(VOLUME_KEY)) beginTerm(seat, ctx);
  return 'on';
}

/** How the order of the opening ended; `retry`: the same once more, after a pause. */
export function onOpeningDone<E>(seat: SharedSeat<E>, ctx: RoleContext, outcome: Outcome): 'on' | 'retry' {
  const error = outcome.ok ? '' : outcome.error;
  const { phase } = seat;
  const promotion = promotionOf(seat);
  switch (phase.kind) {
    case 'format': // EBUSY: an earlier life has made it
      if (error !== '' && error !== 'EBUSY') return 'retry';
      enter(seat, ctx, { kind: 'mount' });
      return 'on';
    case 'mount':
      if (error !== '') return 'retry';
      traceCheck(seat, ctx);
      if (promotion) traceStep(seat, ctx, 'P1');
      enter(seat, ctx, { kind: 'claim' });
      return 'on';
    case 'layout':
      return onLayout(seat, phase.script, outcome);
    case 'index':
      return onIndexRead(seat, ctx, phase.opening, outcome);
    case 'rebuild':
      return onRebuilt(seat, phase.script, outcome);
    case 'scan':
      if (error !== '' && error !== 'ENOENT') return 'retry';
      onScanned(seat, phase.scan, outcome);
      return 'on';
    case 'replay':
      if (error !== '' && error !== 'ENOENT') return 'retry';
      onLoaded(seat, ctx, phase, outcome);
      return 'on';
    case 'cut': {
      const cut = onCut(seat, phase.script, outcome);
      if (cut === 'done') endCut(seat, ctx);
      return cut === 'retry' ? 'retry' : 'on';
    }
    case 'tail':
      if (promotion) return onPromoting(seat, ctx, onTail(seat, promotion, phase, outcome));
      return 'retry';
    case 'tables':
      if (!outcome.ok && outcome.error !== 'EEXIST') return 'retry';
      phase.script.shift();
      return phase.script.length > 0 ? 'on' : onTablesSaved(seat, ctx, phase.tail);
    case 'redoStart':
      if (error !== '') return 'retry';
      traceStep(seat, ctx, 'P4');
      seat.phase = { kind: 'volume' };
      if (promotion) requestPage(promotion.work, { page: VOLUME_KEY, rp: null, isBackground: false });
      return 'on';
    default:
      return 'on';
  }
}

/** A reader's part is not good any more: everything is read, as by a writer that starts. */
function onPromoting<E>(
  seat: SharedSeat<E>,
  ctx: RoleContext,
  how: 'on' | 'retry' | 'restart',
): 'on' | 'retry' {
  if (how === 'retry') return 'retry';
  const bounds = promotionOf(seat)?.bounds;
  if (how === 'restart') startCold(seat);
  else if (seat.phase.kind === 'tail' && bounds) {
    const { token, log } = seat;
    const { redoStart: redoLsn } = bounds;
    trace(ctx, { kind: 'redo.done', volume: volumeOf(seat), token, redoLsn, lastLsn: log.tail, pages: 0 });
    seat.phase = { kind: 'cut', script: cutCalls(seat) };
  }
  return 'on';
}

function onTablesSaved<E>(seat: SharedSeat<E>, ctx: RoleContext, tail: TailPhase): 'on' | 'retry' {
  const { sharing } = seat;
  const promotion = promotionOf(seat);
  if (promotion === null || !sharing?.index) return 'on';
  onWritten(sharing.index);
  seat.phase = tail;
  return onPromoting(seat, ctx, parseTail(seat, promotion, tail));
}

/** The volume's page, which the record of the term changes, at the end of the old log. */
function volumeOrder<E>(seat: SharedSeat<E>, ctx: RoleContext): OpeningOrder | null {
  const next = nextReplay(seat, ctx);
  if (next === null) return null;
  if ('call' in next)
    return { order: { kind: 'fsCall', call: next.call }, owner: { kind: 'load', id: next.load } };
  onReplayed(seat, next.loaded);
  if (damageOf(seat) === null) beginTerm(seat, ctx);
  return null;
}

function traceCheck<E>({ host: { mount }, token }: SharedSeat<E>, ctx: RoleContext): void {
  const issues = mount === null ? [] : fsck(mount);
  trace(ctx, { kind: 'fs.checked', token, issues: issues.length, first: issues[0] ?? '' });
}

function onLayout<E>(seat: SharedSeat<E>, script: Call[], outcome: Outcome): 'on' | 'retry' {
  if (script.length > 0) {
    if (!outcome.ok && outcome.error !== 'EEXIST') return 'retry';
    script.shift();
    return 'on';
  }
  if (!outcome.ok || !(outcome.value instanceof Uint8Array)) return 'retry';
  const stored = outcome.value.length === 0 ? null : openCheckpoint(outcome.value);
  const checkpoint = stored?.ok ? stored.value : firstCheckpoint;
  seat.checkpoint = checkpoint;
  seat.flush = makeFlushControl(seat.flush.limits, checkpoint.redoLsn);
  if (seat.sharing === null) beginScan(seat);
  else seat.phase = { kind: 'index', opening: null };
  return 'on';
}

function onScanned<E>(seat: SharedSeat<E>, scan: WalScan, outcome: Outcome): void {
  const bytes = outcome.ok && outcome.value instanceof Uint8Array ? outcome.value : new Uint8Array();
  if (takeSegment(scan, bytes) === 'more') return;
  const records = scan.records.map(({ encoded }) => encoded.record);
  const removed = removedBelow(records, seat.checkpoint.redoLsn);
  const kept = records.flatMap(pagesOf).filter((page) => !removed.has(relationOf(page)));
  const pages = new Set<PageKey>([VOLUME_KEY, ...kept]);
  seat.phase = { kind: 'replay', scan, toReplay: [...pages].sort((a, b) => a - b) };
}

/** LI-38: the page's records above its stored image. */
function onLoaded<E>(
  seat: SharedSeat<E>,
  ctx: RoleContext,
  { scan, toReplay }: Extract<WriterPhase, { readonly kind: 'replay' }>,
  outcome: Outcome,
): void {
  const { held, flush, config } = seat;
  const key = toReplay.shift();
  if (key === undefined) return;
  const stored = wholeOrNone(seat, ctx, key, outcome);
  const above = stored === null ? -1 : pageLsn(stored);
  const changes = scan.records
    .filter(({ encoded }) => encoded.record.lsn > above)
    .flatMap(({ encoded }) => changeOf(encoded.record, key) ?? []);
  const records = changes.length;
  trace(ctx, { kind: 'redo.page', volume: volumeOf(seat), blockKey: key, pageLsn: above, records });
  const [first] = changes;
  if (first !== undefined) {
    const image = built(stored, changes, config.params.pageBytes);
    if (image !== null) held.set(key, image);
    if (image !== null) for (const { lsn } of changes) noteChange(flush, key, lsn, first.lsn);
  } else if (stored !== null && key === VOLUME_KEY) held.set(key, stored);
  if (toReplay.length === 0) endReplay(seat, ctx, scan);
}

/** Null: the image that the records go on from is lost; a statement that reads the page gets XX001. */
function built(
  stored: Uint8Array | null,
  changes: readonly PageChange[],
  pageBytes: number,
): Uint8Array | null {
  try {
    return applyRecords(stored, changes, pageBytes);
  } catch (error) {
    if (error instanceof BadBytes) return null;
    throw error;
  }
}

function endReplay<E>(seat: SharedSeat<E>, ctx: RoleContext, scan: WalScan): void {
  const { log, flush, checkpoint, token } = seat;
  // LI-42: the list is in the order of oldestLsn, whatever the order in which pages were loaded
  const dirty = [...flush.list].sort(([, a], [, b]) => a.oldestLsn - b.oldestLsn);
  flush.list.clear();
  for (const [key, one] of dirty) flush.list.set(key, one);
  log.tail = scannedLsn(scan);
  log.durable = log.tail;
  log.end = scan.end;
  log.written = scan.end;
  log.places = scan.records
    .filter(({ encoded: { record } }) => record.lsn === record.mtrFirst)
    .map(({ encoded, position }) => ({ lsn: encoded.record.lsn, position }));
  log.firstSegment = segmentAt(checkpoint.scanPosition);
  log.isEmpty =
    checkpoint.scanLsn === 1 && scan.records.every(({ encoded }) => encoded.record.op === OP_TERM_START);
  const { redoLsn } = checkpoint;
  const volume = volumeOf(seat);
  trace(ctx, { kind: 'redo.done', volume, token, redoLsn, lastLsn: log.tail, pages: seat.held.size });
  for (const { encoded } of scan.records) {
    const record = walRecordOf(encoded);
    if (record.lsn >= redoLsn) noteGone(seat.gone, record.lsn, record.ddl);
    noteRecord(seat, record);
  }
  seat.phase = { kind: 'cut', script: cutCalls(seat) };
}

function endCut<E>(seat: SharedSeat<E>, ctx: RoleContext): void {
  if (promotionOf(seat) === null) {
    beginTerm(seat, ctx);
    return;
  }
  traceStep(seat, ctx, 'P3');
  seat.phase = { kind: 'redoStart' };
}

/** The first record under the token; the engine begins when it is durable. */
function beginTerm<E>(seat: SharedSeat<E>, ctx: RoleContext): void {
  const { held, token, config } = seat;
  const page = held.get(VOLUME_KEY) ?? null;
  const record = {
    blockKey: VOLUME_KEY,
    op: OP_TERM_START,
    init: page === null,
    payload: termStartPayload(token),
    prevBlock: (page === null ? -1 : pageLsn(page)) as Lsn,
  };
  const { last } = appendRecords(seat, ctx, [record], false, 0 as TxId);
  held.set(VOLUME_KEY, applyRecord(page, { ...record, lsn: last }, config.params.pageBytes));
  enter(seat, ctx, { kind: 'log', startLsn: last });
}

/** R7's end: the record of the term is durable. */
export function onTermDurable<E>(seat: SharedSeat<E>, ctx: RoleContext): void {
  const { phase, log } = seat;
  if (phase.kind === 'log' && log.durable >= phase.startLsn)
    enter(seat, ctx, { kind: 'publish', startLsn: phase.startLsn });
}
