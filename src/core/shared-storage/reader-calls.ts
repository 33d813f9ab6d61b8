// What a reader of a volume in files reads by its mount, one call after the other, and who gets what has come: the opening of a slot (docs/spec/logindex.md
// LI-31, LI-61), the load of a page (LI-36, LI-37), background replay (LI-39).

import { unreachable } from '../../base/assert.ts';
import type { Lsn, Time } from '../../base/ids.ts';
import { beginOrder, type Ended, type MountOrder, traceDone } from '../chunk/mount-host.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import { type LogIndex, openLogIndex, stepOpening } from '../logindex/log-index.ts';
import { VOLUME_KEY } from '../page/page-key.ts';
import type { Call, Outcome } from '../pfs/mount-state.ts';
import type { WalRecord } from './messages.ts';
import { makePageReplay } from './page-replay.ts';
import { replayLocks } from './reader-ddl.ts';
import { type Loaded, nextLoad, onLoadCall, requestPage } from './reader-load.ts';
import { parse } from './reader-parse.ts';
import { bindReader } from './reader-ports.ts';
import { joinAgain } from './reader-slot.ts';
import { type ReaderStep, replayStep, serves } from './reader-step.ts';
import { makeWalk, nextWalk, resumeWalk } from './reader-walk.ts';
import type { OpeningReader, ReaderCall, ReadyReader, SharedReader } from './shared-reader.ts';
import { indexGeometry, slotUs } from './sharing.ts';
import { scannedLsn, segmentCall, takeSegment } from './wal-file.ts';
import { walRecordOf } from './wal-record.ts';

interface NextOrder {
  readonly order: MountOrder;
  readonly owner: ReaderCall;
}

const asOrder = (owner: ReaderCall, call: Call): NextOrder => ({ order: { kind: 'fsCall', call }, owner });

/** Begins what is due, until something is out or nothing is. */
export function issueCalls<E>(step: ReaderStep<E>): void {
  const { attachment, ctx } = step;
  while (attachment.host.now === null && ctx.now >= attachment.restUntil) {
    const next = nextOrder(step);
    if (next === null) return;
    const outcome = beginOrder(attachment.host, ctx, next.order, next.owner);
    if (outcome === null) return;
    onEnded(step, { ...next, outcome });
  }
}

function nextOrder<E>(step: ReaderStep<E>): NextOrder | null {
  const { phase, epoch, config } = step.attachment;
  switch (phase.kind) {
    case 'mount':
      return { order: { kind: 'fsMount', mode: 'ro', token: 0 }, owner: { kind: 'mount' } };
    case 'join':
      return null;
    case 'opening': {
      if (phase.at.kind === 'scan') return asOrder({ kind: 'scan', epoch }, segmentCall(phase.scan.readAt));
      const { opening } = phase.at;
      const read = stepOpening(opening, null);
      if (read.kind === 'read') {
        const { path: file, offset, length } = read;
        return asOrder({ kind: 'index', epoch }, { kind: 'pread', file, offset, length });
      }
      const geometry = indexGeometry(config);
      const index = read.kind === 'open' ? read.index : openLogIndex(geometry, opening.meta, []);
      phase.at = { kind: 'scan', index };
      return nextOrder(step);
    }
    case 'ready':
      return nextRead(step, phase);
    default:
      return unreachable(phase);
  }
}

/** Pages that are requested come first, then what background replay walks over, which may request one. */
function nextRead<E>(step: ReaderStep<E>, ready: ReadyReader): NextOrder | null {
  const { attachment } = step;
  const { epoch } = attachment;
  const replay = replayStep(step, ready);
  for (let next = nextLoad(replay); next !== null; next = nextLoad(replay)) {
    if ('call' in next) return asOrder({ kind: 'load', epoch, id: next.load }, next.call);
    deliver(step, ready, next.loaded);
    if (attachment.phase !== ready) return null;
  }
  const walk = nextWalk(replay, ready.walk, null);
  if (walk !== null) return asOrder({ kind: 'walk', epoch }, walk);
  return attachment.work.requests.length > 0 ? nextRead(step, ready) : null;
}

/** Who has asked for it gets what has come. */
export function onEnded<E>(step: ReaderStep<E>, { order, owner, outcome }: Ended<ReaderCall>): void {
  const { attachment, ctx } = step;
  const { phase } = attachment;
  traceDone(attachment.host, ctx, order, outcome.ok ? '' : outcome.error);
  if (owner.kind === 'mount') {
    if (outcome.ok) joinAgain(step, '');
    else rest(attachment, ctx);
  } else if (owner.epoch !== attachment.epoch) return;
  else if (phase.kind === 'opening') {
    if (owner.kind === 'index') onIndexRead(step, phase, outcome);
    else if (owner.kind === 'scan') onScanned(step, phase, outcome);
  } else if (phase.kind === 'ready') {
    if (owner.kind === 'walk') onWalked(step, phase, outcome);
    else if (owner.kind === 'load') onLoadEnded(step, phase, owner.id, outcome);
  }
}

const bytesOf = (outcome: Outcome): Uint8Array =>
  outcome.ok && outcome.value instanceof Uint8Array ? outcome.value : new Uint8Array();

function rest<E>(attachment: SharedReader<E>, ctx: RoleContext): void {
  attachment.restUntil = (ctx.now + slotUs(attachment.config)) as Time;
}

// ---- the opening of a slot

function onIndexRead<E>(step: ReaderStep<E>, phase: OpeningReader, outcome: Outcome): void {
  if (phase.at.kind !== 'index') return;
  const read = outcome.ok ? stepOpening(phase.at.opening, bytesOf(outcome)) : null;
  if (read === null) joinAgain(step, 'index');
  else if (read.kind === 'LOGINDEX_CORRUPT') joinAgain(step, 'corrupt');
  else if (read.kind === 'open') phase.at = { kind: 'scan', index: read.index };
}

/** WAL through readyLsn at least: then metadata goes on from there. */
function onScanned<E>(step: ReaderStep<E>, phase: OpeningReader, outcome: Outcome): void {
  const { attachment, ctx } = step;
  if ((!outcome.ok && outcome.error !== 'ENOENT') || phase.at.kind !== 'scan') {
    rest(attachment, ctx);
    return;
  }
  const { scan, slot } = phase;
  if (takeSegment(scan, bytesOf(outcome)) === 'more') return;
  if (scannedLsn(scan) < slot.readyLsn) joinAgain(step, 'scan');
  else beReady(step, phase, phase.at.index);
}

function beReady<E>(step: ReaderStep<E>, opening: OpeningReader, index: LogIndex): void {
  const { attachment, reader, ctx } = step;
  const { slot, scan, consistentLsn } = opening;
  const { readyLsn, token } = slot;
  const [first] = scan.records;
  const before = (first === undefined ? readyLsn : first.encoded.record.prevVolume) as Lsn;
  const known: WalRecord[] = scan.records
    .filter(({ encoded }) => encoded.record.lsn <= readyLsn)
    .map(({ encoded }) => walRecordOf(encoded));
  slot.early = [...known, ...slot.early];
  const ready: ReadyReader = {
    kind: 'ready',
    slot,
    replay: makePageReplay(index, before, first?.position ?? scan.end, opening),
    walk: makeWalk(consistentLsn),
    changed: new Map(),
    unlocked: [],
    lockReplayLsn: 0 as Lsn,
    least: 0 as Lsn,
  };
  attachment.phase = ready;
  if (!attachment.isOpened) reader.openReader(attachment.engine, ctx, bindReader(attachment));
  attachment.isOpened = true;
  replayLocks(step, ready);
  requestPage(attachment.work, { page: VOLUME_KEY, rp: null, isBackground: true });
  if (!parse(step, ready)) {
    joinAgain(step, 'gap');
    return;
  }
  const { epoch, config } = attachment;
  const { volume } = config.cluster;
  trace(ctx, {
    kind: 'ro.ready',
    token,
    readPoint: readyLsn,
    streamFrom: readyLsn,
    kept: false,
    epoch,
    volume,
  });
}

// ---- pages

function onWalked<E>(step: ReaderStep<E>, ready: ReadyReader, outcome: Outcome): void {
  if (outcome.ok) nextWalk(replayStep(step, ready), ready.walk, bytesOf(outcome));
  else rest(step.attachment, step.ctx);
}

function onLoadEnded<E>(step: ReaderStep<E>, ready: ReadyReader, id: number, outcome: Outcome): void {
  const next = onLoadCall(replayStep(step, ready), id, outcome);
  deliverPassed(step);
  if (next === 'retry') rest(step.attachment, step.ctx);
  else if (next !== null && 'loaded' in next) deliver(step, ready, next.loaded);
}

/** LI-36: a page that changes faster than it is replayed is given to the views that its last round was enough for. */
function deliverPassed<E>({ attachment, reader, ctx }: ReaderStep<E>): void {
  if (!serves(attachment, ctx.now)) return;
  for (const { page, rp, image } of attachment.work.passed.splice(0))
    reader.onVersion(attachment.engine, ctx, bindReader(attachment), page, rp, image);
}

function deliver<E>(step: ReaderStep<E>, ready: ReadyReader, { request, image, error }: Loaded): void {
  const { attachment, program, reader, ctx } = step;
  const { page, rp, isBackground } = request;
  const { applyLsn } = ready.replay.parser;
  if (!serves(attachment, ctx.now)) {
    joinAgain(step, 'lease');
    return;
  }
  if (error === 'FUTURE_PAGE') {
    trace(ctx, { kind: 'ro.future', volume: attachment.config.cluster.volume, blockKey: page, applyLsn });
    requestPage(attachment.work, request); // storage moves on only behind what this reader has reported
    rest(attachment, ctx);
    return;
  }
  if (isBackground && rp === null) {
    resumeWalk(ready.walk);
    return;
  }
  const ports = bindReader(attachment);
  const origin = { from: attachment.config.nodeId, readPoint: applyLsn };
  if (rp === null) program.onPage(attachment.engine, ctx, ports, page, image, origin);
  else reader.onVersion(attachment.engine, ctx, ports, page, rp, image);
}
