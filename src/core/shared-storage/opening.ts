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
import { applyRecord, applyRecords, type RedoStep } from '../page/redo.ts';
import { OP_TERM_START, termStartPayload } from '../page/redo-ops.ts';
import { fsck } from '../pfs/fsck.ts';
import type { Call, Outcome } from '../pfs/mount-state.ts';
import { CONTROL_PATH, firstCheckpoint, openCheckpoint } from './control-file.ts';
import { noteGone, removedBelow } from './gone-relations.ts';
import { firstChunksOf, growFirst, onGrown } from './growth.ts';
import { beginScan, indexCall, indexLayout, onIndexRead, onRebuilt, startCold } from './index-opening.ts';
import { cutCalls, onCut } from './log-cut.ts';
import { PAGE_DIRECTORY } from './page-file.ts';
import { wholeOrNone } from './page-writer.ts';
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
import {
  damageOf,
  openPhase,
  promotionOf,
  type ReplayPhase,
  type SharedAttachment,
  type TailPhase,
  volumeOf,
  type WriterCall,
  type WriterPhase,
} from './shared-attachment.ts';
import { appendRecords } from './shared-log.ts';
import { noteRecord } from './slot-keeper.ts';
import { scannedLsn, segmentAt, segmentCall, takeSegment, WAL_DIRECTORY, type WalScan } from './wal-file.ts';
import { walRecordOf } from './wal-record.ts';

export const RECOVER_TIMER = 'shared.recover';

/** Of each life of the attachment: its requests to the metadata. */
const REQUESTS_PER_LIFE = 4;
const CLAIM_REQUEST = 1;
const PUBLISH_REQUEST = 2;

/** H2, under a token that was granted to this life of the node. */
export function startOpening<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  { token, created }: Pick<MessageOf<'Promote'>, 'token' | 'created'>,
): void {
  trace(ctx, { kind: 'recovery.step', volume: volumeOf(attachment), step: 'token', token });
  enter(attachment, ctx, { kind: created ? 'mount' : 'format' });
}

/** What is asked of the metadata is asked again until it has answered. */
export function onOpeningTimer<E>(attachment: SharedAttachment<E>, ctx: RoleContext): void {
  const { kind } = attachment.phase;
  if (kind === 'open' || kind === 'fenced') return;
  ask(attachment, ctx);
  wakeAt(ctx, RECOVER_TIMER, (ctx.now + attachment.config.params.recoveryRetryMs * 1000) as Time);
}

function enter<E>(attachment: SharedAttachment<E>, ctx: RoleContext, phase: WriterPhase): void {
  attachment.phase = phase;
  onOpeningTimer(attachment, ctx);
}

export const metaOf = <E>({ config }: SharedAttachment<E>) =>
  config.cluster.nodes.find(({ roles }) => roles.includes('meta'))?.id ?? null;

function ask<E>(attachment: SharedAttachment<E>, ctx: RoleContext): void {
  const { phase, boot, token: term } = attachment;
  const meta = metaOf(attachment);
  if (meta === null || (phase.kind !== 'claim' && phase.kind !== 'publish')) return;
  const isClaim = phase.kind === 'claim';
  send(ctx, meta, {
    kind: 'SetWriter',
    reqId: attachment.requests * REQUESTS_PER_LIFE + (isClaim ? CLAIM_REQUEST : PUBLISH_REQUEST),
    boot,
    volume: volumeOf(attachment),
    term,
    state: isClaim ? 'RECOVERING' : 'OPEN',
  });
}

/** `open`: the volume is; `stale`: another writer has a later term. */
export function onWriterSet<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  m: MessageOf<'WriterSet'>,
): 'open' | 'stale' | null {
  if (m.boot !== attachment.boot || m.term !== attachment.token) return null;
  const n = m.reqId - attachment.requests * REQUESTS_PER_LIFE;
  if (m.error === 'STALE_TERM') return 'stale';
  if (attachment.phase.kind === 'claim' && n === CLAIM_REQUEST) {
    const script: Call[] = [
      { kind: 'mkdir', path: WAL_DIRECTORY },
      { kind: 'mkdir', path: PAGE_DIRECTORY },
      { kind: 'create', path: CONTROL_PATH },
      ...(attachment.sharing === null ? [] : indexLayout),
    ];
    enter(attachment, ctx, { kind: 'layout', script });
  }
  if (attachment.phase.kind !== 'publish' || n !== PUBLISH_REQUEST) return null;
  const { startLsn } = attachment.phase;
  const { token, log } = attachment;
  attachment.phase = openPhase(startLsn, log.durable);
  wakeAt(ctx, RECOVER_TIMER, null);
  trace(ctx, { kind: 'recovery.done', volume: volumeOf(attachment), token, vdl: log.durable, startLsn });
  if (promotionOf(attachment)) traceStep(attachment, ctx, 'P5');
  return 'open';
}

export interface OpeningOrder {
  readonly order: MountOrder;
  readonly owner: WriterCall;
}

/** What the opening wants of the mount now; null: it waits for somebody, or is over. */
export function openingOrder<E>(attachment: SharedAttachment<E>, ctx: RoleContext): OpeningOrder | null {
  const room = growFirst(attachment);
  if (room !== null) return { order: { kind: 'fsCall', call: room }, owner: { kind: 'room' } };
  if (attachment.phase.kind === 'volume') return volumeOrder(attachment, ctx);
  const order = phaseOrder(attachment);
  return order === null ? null : { order, owner: { kind: 'opening' } };
}

function phaseOrder<E>(attachment: SharedAttachment<E>): MountOrder | null {
  const { token, config, phase } = attachment;
  const call = (one: Call): MountOrder => ({ kind: 'fsCall', call: one });
  switch (phase.kind) {
    case 'format':
      return { kind: 'fsMkfs', chunks: firstChunksOf(config), isForced: false, token };
    case 'mount':
      return { kind: 'fsMount', mode: 'rw', token };
    case 'layout':
      return call(
        phase.script[0] ?? { kind: 'pread', file: CONTROL_PATH, offset: 0, length: sectorOf(attachment) },
      );
    case 'index':
      return call(indexCall(phase.opening));
    case 'redoStart':
      return call(redoStartCall(attachment));
    case 'scan':
    case 'tail':
      return call(segmentCall(phase.scan.readAt));
    case 'rebuild':
    case 'tables':
    case 'cut':
      return phase.script[0] === undefined ? null : call(phase.script[0]);
    default:
      return null;
  }
}

const sectorOf = <E>({ host }: SharedAttachment<E>): number => host.geometry.sectorBytes;

/** The device has room for what the opening makes next. */
export function onGrownFirst<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  outcome: Outcome,
): 'on' | 'retry' {
  if (!outcome.ok) return 'retry';
  onGrown(attachment, ctx);
  return 'on';
}

/** A call of the volume's page has ended. */
export function onVolumeRead<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  load: number,
  outcome: Outcome,
): 'on' | 'retry' {
  if (!onReplayCall(attachment, ctx, load, outcome)) return 'retry';
  if (promotionOf(attachment)?.handled.has(VOLUME_KEY)) beginTerm(attachment, ctx);
  return 'on';
}

/** How the order of the opening ended; `retry`: the same once more, after a pause. */
export function onOpeningDone<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  outcome: Outcome,
): 'on' | 'retry' {
  const error = outcome.ok ? '' : outcome.error;
  const { phase } = attachment;
  const promotion = promotionOf(attachment);
  switch (phase.kind) {
    case 'format': // EBUSY: an earlier life has made it
      if (error !== '' && error !== 'EBUSY') return 'retry';
      enter(attachment, ctx, { kind: 'mount' });
      return 'on';
    case 'mount':
      if (error !== '') return 'retry';
      traceCheck(attachment, ctx);
      if (promotion) traceStep(attachment, ctx, 'P1');
      enter(attachment, ctx, { kind: 'claim' });
      return 'on';
    case 'layout':
      return onLayout(attachment, phase.script, outcome);
    case 'index':
      return onIndexRead(attachment, ctx, phase.opening, outcome);
    case 'rebuild':
      return onRebuilt(attachment, phase.script, outcome);
    case 'scan':
      if (error !== '' && error !== 'ENOENT') return 'retry';
      onScanned(attachment, phase.scan, outcome);
      return 'on';
    case 'cut': {
      const cut = onCut(attachment, phase.script, outcome);
      if (cut === 'done') endCut(attachment, ctx);
      return cut === 'retry' ? 'retry' : 'on';
    }
    case 'tail':
      if (promotion) return onPromoting(attachment, ctx, onTail(attachment, promotion, phase, outcome));
      return 'retry';
    case 'tables':
      if (!outcome.ok && outcome.error !== 'EEXIST') return 'retry';
      phase.script.shift();
      return phase.script.length > 0 ? 'on' : onTablesSaved(attachment, ctx, phase.tail);
    case 'redoStart':
      if (error !== '') return 'retry';
      traceStep(attachment, ctx, 'P4');
      attachment.phase = { kind: 'volume' };
      if (promotion) requestPage(promotion.work, { page: VOLUME_KEY, rp: null, isBackground: false });
      return 'on';
    default:
      return 'on';
  }
}

/** A reader's part is not good any more: everything is read, as by a writer that starts. */
function onPromoting<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  how: 'on' | 'retry' | 'restart',
): 'on' | 'retry' {
  if (how === 'retry') return 'retry';
  const bounds = promotionOf(attachment)?.bounds;
  if (how === 'restart') startCold(attachment);
  else if (attachment.phase.kind === 'tail' && bounds) {
    const { token, log } = attachment;
    const { redoStart: redoLsn } = bounds;
    trace(ctx, {
      kind: 'redo.done',
      volume: volumeOf(attachment),
      token,
      redoLsn,
      lastLsn: log.tail,
      pages: 0,
    });
    attachment.phase = { kind: 'cut', script: cutCalls(attachment) };
  }
  return 'on';
}

function onTablesSaved<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  tail: TailPhase,
): 'on' | 'retry' {
  const { sharing } = attachment;
  const promotion = promotionOf(attachment);
  if (promotion === null || !sharing?.index) return 'on';
  onWritten(sharing.index);
  attachment.phase = tail;
  return onPromoting(attachment, ctx, parseTail(attachment, promotion, tail));
}

/** The volume's page, which the record of the term changes, at the end of the old log. */
function volumeOrder<E>(attachment: SharedAttachment<E>, ctx: RoleContext): OpeningOrder | null {
  const next = nextReplay(attachment, ctx);
  if (next === null) return null;
  if ('call' in next)
    return { order: { kind: 'fsCall', call: next.call }, owner: { kind: 'load', id: next.load } };
  onReplayed(attachment, next.loaded);
  if (damageOf(attachment) === null) beginTerm(attachment, ctx);
  return null;
}

function traceCheck<E>({ host: { mount }, token }: SharedAttachment<E>, ctx: RoleContext): void {
  const issues = mount === null ? [] : fsck(mount);
  trace(ctx, { kind: 'fs.checked', token, issues: issues.length, first: issues[0] ?? '' });
}

function onLayout<E>(attachment: SharedAttachment<E>, script: Call[], outcome: Outcome): 'on' | 'retry' {
  if (script.length > 0) {
    if (!outcome.ok && outcome.error !== 'EEXIST') return 'retry';
    script.shift();
    return 'on';
  }
  if (!outcome.ok || !(outcome.value instanceof Uint8Array)) return 'retry';
  const stored = outcome.value.length === 0 ? null : openCheckpoint(outcome.value);
  const checkpoint = stored?.ok ? stored.value : firstCheckpoint;
  attachment.checkpoint = checkpoint;
  attachment.flush = makeFlushControl(attachment.flush.limits, checkpoint.redoLsn);
  if (attachment.sharing === null) beginScan(attachment);
  else attachment.phase = { kind: 'index', opening: null };
  return 'on';
}

function onScanned<E>(attachment: SharedAttachment<E>, scan: WalScan, outcome: Outcome): void {
  const bytes = outcome.ok && outcome.value instanceof Uint8Array ? outcome.value : new Uint8Array();
  if (takeSegment(scan, bytes) === 'more') return;
  const records = scan.records.map(({ encoded }) => encoded.record);
  const removed = removedBelow(records, attachment.checkpoint.redoLsn);
  const kept = records.flatMap(pagesOf).filter((page) => !removed.has(relationOf(page)));
  const pages = new Set<PageKey>([VOLUME_KEY, ...kept]);
  attachment.phase = { kind: 'replay', scan, toReplay: [...pages].sort((a, b) => a - b) };
}

/** LI-38: the page's records above its stored image. The last one that comes ends the replay. */
export function onRedoRead<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  { scan, toReplay }: ReplayPhase,
  key: PageKey,
  outcome: Outcome,
): void {
  const { held, flush, config, jobs, later } = attachment;
  const stored = wholeOrNone(attachment, ctx, key, outcome);
  const above = stored === null ? -1 : pageLsn(stored);
  const changes = scan.records
    .filter(({ encoded }) => encoded.record.lsn > above)
    .flatMap(({ encoded }) => changeOf(encoded.record, key) ?? []);
  const records = changes.length;
  trace(ctx, { kind: 'redo.page', volume: volumeOf(attachment), blockKey: key, pageLsn: above, records });
  const [first] = changes;
  if (first !== undefined) {
    const image = built(stored, changes, config.params.pageBytes);
    if (image !== null) held.set(key, image);
    if (image !== null) for (const { lsn } of changes) noteChange(flush, key, lsn, first.lsn);
  } else if (stored !== null && key === VOLUME_KEY) held.set(key, stored);
  if (toReplay.length + jobs.length + later.length === 0) endReplay(attachment, ctx, scan);
}

/** Null: the image that the records go on from is lost; a statement that reads the page gets XX001. */
function built(
  stored: Uint8Array | null,
  changes: readonly RedoStep[],
  pageBytes: number,
): Uint8Array | null {
  try {
    return applyRecords(stored, changes, pageBytes);
  } catch (error) {
    if (error instanceof BadBytes) return null;
    throw error;
  }
}

function endReplay<E>(attachment: SharedAttachment<E>, ctx: RoleContext, scan: WalScan): void {
  const { log, flush, checkpoint, token } = attachment;
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
  const volume = volumeOf(attachment);
  trace(ctx, { kind: 'redo.done', volume, token, redoLsn, lastLsn: log.tail, pages: attachment.held.size });
  for (const { encoded } of scan.records) {
    const record = walRecordOf(encoded);
    if (record.lsn >= redoLsn) noteGone(attachment.gone, record.lsn, record.ddl);
    noteRecord(attachment, record);
  }
  attachment.phase = { kind: 'cut', script: cutCalls(attachment) };
}

function endCut<E>(attachment: SharedAttachment<E>, ctx: RoleContext): void {
  if (promotionOf(attachment) === null) {
    beginTerm(attachment, ctx);
    return;
  }
  traceStep(attachment, ctx, 'P3');
  attachment.phase = { kind: 'redoStart' };
}

/** The first record under the token; the engine begins when it is durable. */
function beginTerm<E>(attachment: SharedAttachment<E>, ctx: RoleContext): void {
  const { held, token, config } = attachment;
  const page = held.get(VOLUME_KEY) ?? null;
  const record = {
    blockKey: VOLUME_KEY,
    op: OP_TERM_START,
    init: page === null,
    payload: termStartPayload(token),
    prevBlock: (page === null ? -1 : pageLsn(page)) as Lsn,
  };
  const { last } = appendRecords(attachment, ctx, [record], false, 0 as TxId);
  held.set(VOLUME_KEY, applyRecord(page, { ...record, lsn: last }, config.params.pageBytes));
  enter(attachment, ctx, { kind: 'log', startLsn: last });
}

/** R7's end: the record of the term is durable. */
export function onTermDurable<E>(attachment: SharedAttachment<E>, ctx: RoleContext): void {
  const { phase, log } = attachment;
  if (phase.kind === 'log' && log.durable >= phase.startLsn)
    enter(attachment, ctx, { kind: 'publish', startLsn: phase.startLsn });
}
