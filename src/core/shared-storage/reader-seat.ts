// A reader of a volume in files (docs/spec/logindex.md §5, §7): mounts read-only, registers, takes the tables that its writer has saved and
// the WAL above them, then metadata as it comes; serves SELECT at applyLsn while its lease lasts. It writes nothing (LI-2, LI-33).

import { unreachable } from '../../base/assert.ts';
import type { Lsn, NodeId, Term, Time } from '../../base/ids.ts';
import { DEVICE_TIMER } from '../chunk/device.ts';
import {
  beginOrder,
  type Ended,
  type MountOrder,
  onHostMessage,
  onHostTimer,
  traceDone,
} from '../chunk/mount-host.ts';
import { refusePointed } from '../compute/reader-requests.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import { forTrace, type RoleContext, send, trace, wakeAt } from '../kernel/context.ts';
import type { Input } from '../kernel/door.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import { startWalk } from '../logindex/find.ts';
import { openLogIndex, startOpening, stepOpening, takeMeta } from '../logindex/log-index.ts';
import { VOLUME_KEY } from '../page/page-key.ts';
import type { Call } from '../pfs/mount-state.ts';
import type { WalRecord } from './messages.ts';
import { cancelLate, dropLocks, replayLocks } from './reader-ddl.ts';
import { type Loaded, nextLoad, nextWalk, onLoadCall, usedLsn, want } from './reader-load.ts';
import { parse } from './reader-parse.ts';
import { bindReader } from './reader-ports.ts';
import { onRequest, serveWaiters } from './reader-requests.ts';
import { type ReaderStep, serves } from './reader-step.ts';
import { emptyReader, keptOf, type ReaderCall, type SharedReader } from './shared-reader.ts';
import { indexGeometry, slotUs } from './sharing.ts';
import { SEGMENT_BYTES, scannedLsn, segmentAt, segmentPath, startScan, takeWal } from './wal-file.ts';
import { walRecordOf } from './wal-record.ts';

const TICK_TIMER = 'shared.tick';
/** Without a slot it asks again after so many ticks, and a writer that is silent is asked again. */
const JOIN_TICKS = 5;

export function startSharedReader<E>(_: SharedReader<E>, ctx: RoleContext): void {
  wakeAt(ctx, TICK_TIMER, (ctx.now + 1) as Time);
}

/** H8: another writer has the volume open; nothing that the one before gave is good any more (LI-63). */
export function followWriter<E>(
  program: EngineProgram<E>,
  seat: SharedReader<E>,
  ctx: RoleContext,
  writer: NodeId,
  token: Term,
): void {
  if (!program.reader || token <= seat.writerToken || writer === seat.config.nodeId) return;
  seat.writer = writer;
  seat.writerToken = token;
  if (seat.phase === 'mount') return;
  joinAgain({ seat, program, reader: program.reader, ctx }, 'writer');
  seat.kept = null;
}

/** P2: it reads no more; who waits here is led on, views and transactions that are open here end. */
export function leaveReading<E>(program: EngineProgram<E>, seat: SharedReader<E>, ctx: RoleContext): void {
  const { epoch, config, phase, waiters } = seat;
  for (const { from, message, traceId } of waiters)
    refusePointed(forTrace(ctx, traceId), from, message, 'NOT_READY');
  seat.waiters = [];
  wakeAt(ctx, TICK_TIMER, null);
  wakeAt(ctx, DEVICE_TIMER, null);
  if (phase === 'ready')
    trace(ctx, { kind: 'ro.lost', epoch, why: 'promoted', volume: config.cluster.volume });
  if (seat.isOpened) program.onFenced(seat.engine, ctx);
}

export function stepSharedReader<E>(
  program: EngineProgram<E>,
  seat: SharedReader<E>,
  input: Input<Message>,
  ctx: RoleContext,
): void {
  if (!program.reader) return;
  const step = { seat, program, reader: program.reader, ctx };
  if (seat.phase === 'ready' && !serves(seat, ctx.now)) joinAgain(step, 'lease'); // before anything is answered
  if (input.kind === 'message') onMessage(step, input.from, input.message);
  else if (input.kind === 'wake') onTimer(step, input.timer);
  settle(step);
  if (seat.phase === 'ready' && seat.locks.size > 0 && replayLocks(step)) report(step);
}

function onMessage<E>(step: ReaderStep<E>, from: NodeId, message: Message): void {
  const { seat, program, ctx } = step;
  switch (message.kind) {
    case 'ChunkAck':
    case 'ChunkData':
      for (const ended of onHostMessage(seat.host, ctx, message)) onEnded(step, ended);
      break;
    case 'SlotGiven':
      if (message.epoch === seat.epoch && seat.phase === 'join') onGiven(seat, ctx, message);
      break;
    case 'WalMeta':
      onMetadata(step, message);
      break;
    case 'SlotEnded':
      if (message.epoch === seat.epoch) joinAgain(step, 'ended');
      break;
    case 'PointedRequest':
      onRequest(step, from, message);
      break;
    case 'SqlRequest':
      refusePointed(ctx, from, message, 'READ_ONLY');
      break;
    case 'SqlClose':
      seat.waiters = seat.waiters.filter((one) => one.message.session !== message.session);
      if (seat.isOpened) program.onSqlRequest(seat.engine, ctx, bindReader(seat), from, message);
      break;
    default:
  }
}

function onTimer<E>(step: ReaderStep<E>, timer: string): void {
  const { seat, program, ctx } = step;
  if (timer === DEVICE_TIMER) {
    for (const ended of onHostTimer(seat.host, ctx)) onEnded(step, ended);
  } else if (timer === TICK_TIMER) onTick(step);
  else if (seat.isOpened) program.onWake(seat.engine, ctx, bindReader(seat), timer);
}

function onTick<E>(step: ReaderStep<E>): void {
  const { seat, reader, ctx } = step;
  wakeAt(ctx, TICK_TIMER, (ctx.now + slotUs(seat.config)) as Time);
  serveWaiters(step);
  if (seat.phase !== 'mount' && ctx.now >= seat.heardAt + JOIN_TICKS * slotUs(seat.config))
    joinAgain(step, 'silent');
  if (seat.phase === 'mount' || seat.phase === 'join' || seat.writer === null) return;
  // LI-62: until it is ready a report renews the lease and says nothing else
  if (seat.phase === 'ready') {
    seat.least = Math.min(reader.trimReader(seat.engine, bindReader(seat)), seat.parser.applyLsn) as Lsn;
    prunePlaces(seat);
    cancelLate(step);
    replayLocks(step);
  }
  report(step);
}

function report<E>({ seat, ctx }: ReaderStep<E>): void {
  if (seat.writer === null) return;
  const { epoch, least, bgReplayedLsn, config, writer } = seat;
  send(ctx, writer, {
    kind: 'SlotReport',
    volume: config.cluster.volume,
    reader: config.nodeId,
    epoch,
    applyLsn: least,
    bgReplayedLsn,
    minUsedLsn: usedLsn(seat, least),
    lockReplayLsn: seat.lockReplayLsn,
    sentAt: ctx.now,
  });
}

function prunePlaces<E>(seat: SharedReader<E>): void {
  const floor = usedLsn(seat, seat.least);
  for (const lsn of seat.places.keys()) {
    if (lsn >= floor) return;
    seat.places.delete(lsn);
  }
}

/** A slot with an empty pool; views that are open end. */
function joinAgain<E>(step: ReaderStep<E>, why: string): void {
  const { seat, program, reader, ctx } = step;
  const { config, writer } = seat;
  const { volume } = config.cluster;
  if (seat.phase === 'ready') {
    trace(ctx, { kind: 'ro.lost', epoch: seat.epoch, why, volume });
    reader.endViews(seat.engine, ctx, bindReader(seat));
    if (why !== 'gap') seat.kept = keptOf(seat);
  }
  dropLocks(step);
  emptyReader(seat);
  if (seat.isOpened) reader.restartReader(seat.engine, bindReader(seat));
  program.onVdl(seat.engine, ctx, bindReader(seat));
  seat.phase = 'join';
  seat.epoch++;
  seat.heardAt = ctx.now;
  if (writer === null) return;
  const { epoch } = seat;
  send(ctx, writer, { kind: 'SlotJoin', volume, reader: config.nodeId, epoch, sentAt: ctx.now });
}

function onGiven<E>(seat: SharedReader<E>, ctx: RoleContext, m: MessageOf<'SlotGiven'>): void {
  seat.token = m.token;
  seat.readyLsn = m.readyLsn;
  seat.durableLsn = m.readyLsn;
  seat.consistentLsn = m.consistentLsn;
  seat.leaseFrom = m.leaseFrom;
  seat.leaseUs = m.leaseUs;
  seat.heardAt = ctx.now;
  seat.scan = startScan(m.scanPosition, m.scanLsn);
  for (const { lsn, relation } of m.locks)
    seat.locks.set(lsn, { relation, since: ctx.now, isReplayed: false, isHeld: false });
  seat.opening = startOpening(indexGeometry(seat.config), m.index);
  // its pool is empty: what is not below consistentLsn is all that a load may need
  seat.bgReplayedLsn = (m.consistentLsn - 1) as Lsn;
  seat.phase = 'index';
}

function onMetadata<E>(step: ReaderStep<E>, m: MessageOf<'WalMeta'>): void {
  const { seat, ctx } = step;
  if (m.epoch !== seat.epoch || m.token !== seat.token || seat.phase === 'join') return;
  seat.heardAt = ctx.now;
  seat.leaseFrom = Math.max(seat.leaseFrom, m.leaseFrom) as Time;
  seat.durableLsn = Math.max(seat.durableLsn, m.durableLsn) as Lsn;
  seat.consistentLsn = Math.max(seat.consistentLsn, m.consistentLsn) as Lsn;
  if (seat.index) takeMeta(seat.index, m.index);
  seat.early.push(...m.records);
  if (seat.phase !== 'ready') return;
  if (!parse(step) || hasMissed(seat, m)) joinAgain(step, 'gap');
}

/** LI-34: a writer that has nothing more to send has sent all that is durable; what did not come was lost, however quiet the log is from here on. */
const hasMissed = <E>({ early, parser }: SharedReader<E>, m: MessageOf<'WalMeta'>): boolean =>
  m.records.length === 0 && early.length === 0 && m.durableLsn > parser.parsedLsn;

// ---- the mount

interface NextOrder {
  readonly order: MountOrder;
  readonly owner: ReaderCall;
}

function settle<E>(step: ReaderStep<E>): void {
  const { seat, ctx } = step;
  while (seat.host.now === null && ctx.now >= seat.restUntil) {
    const next = nextOrder(step);
    if (next === null) return;
    const outcome = beginOrder(seat.host, ctx, next.order, next.owner);
    if (outcome === null) return;
    onEnded(step, { ...next, outcome });
  }
}

function nextOrder<E>(step: ReaderStep<E>): NextOrder | null {
  const { seat, ctx } = step;
  const { epoch } = seat;
  const call = (owner: ReaderCall, one: Call): NextOrder => ({ order: { kind: 'fsCall', call: one }, owner });
  switch (seat.phase) {
    case 'mount':
      return { order: { kind: 'fsMount', mode: 'ro', token: 0 }, owner: { kind: 'mount' } };
    case 'index': {
      if (seat.opening === null) return null;
      const read = stepOpening(seat.opening, null);
      if (read.kind === 'read') {
        const { path: file, offset, length } = read;
        return call({ kind: 'index', epoch }, { kind: 'pread', file, offset, length });
      }
      seat.index =
        read.kind === 'open' ? read.index : openLogIndex(indexGeometry(seat.config), seat.opening.meta, []);
      seat.opening = null;
      seat.phase = 'scan';
      return nextOrder(step);
    }
    case 'scan': {
      if (seat.scan === null) return null;
      const at = seat.scan.readAt;
      const offset = at % SEGMENT_BYTES;
      const length = SEGMENT_BYTES - offset;
      const file = segmentPath(segmentAt(at));
      return call({ kind: 'scan', epoch }, { kind: 'pread', file, offset, length });
    }
    case 'ready': {
      for (let next = nextLoad(seat, ctx); next !== null; next = nextLoad(seat, ctx)) {
        if ('call' in next) return call({ kind: 'load', epoch, id: next.load }, next.call);
        deliver(step, next.loaded);
      }
      const walk = seat.index === null || seat.isWalked ? null : nextWalk(seat, seat.index, null);
      if (walk !== null) return call({ kind: 'walk', epoch }, walk);
      return seat.wanted.length > 0 ? nextOrder(step) : null;
    }
    default:
      return null;
  }
}

function onEnded<E>(step: ReaderStep<E>, { order, owner, outcome }: Ended<ReaderCall>): void {
  const { seat, ctx } = step;
  const error = outcome.ok ? '' : outcome.error;
  traceDone(seat.host, ctx, order, error);
  if (owner.kind !== 'mount' && owner.epoch !== seat.epoch) return;
  const bytes = outcome.ok && outcome.value instanceof Uint8Array ? outcome.value : new Uint8Array();
  switch (owner.kind) {
    case 'mount':
      if (outcome.ok) joinAgain(step, '');
      else rest(seat, ctx);
      break;
    case 'index': {
      if (seat.opening === null) break;
      if (!outcome.ok) {
        joinAgain(step, 'index');
        break;
      }
      const read = stepOpening(seat.opening, bytes);
      if (read.kind === 'LOGINDEX_CORRUPT') joinAgain(step, 'corrupt');
      else if (read.kind === 'open') {
        seat.index = read.index;
        seat.opening = null;
        seat.phase = 'scan';
      }
      break;
    }
    case 'scan':
      onScanned(step, outcome.ok || error === 'ENOENT' ? bytes : null);
      break;
    case 'walk':
      if (!outcome.ok) rest(seat, ctx);
      else if (seat.index) nextWalk(seat, seat.index, bytes);
      break;
    case 'load': {
      const next = onLoadCall(seat, ctx, owner.id, outcome);
      deliverPassed(step);
      if (next === 'retry') rest(seat, ctx);
      else if (next !== null && 'loaded' in next) deliver(step, next.loaded);
      break;
    }
    default:
      unreachable(owner);
  }
}

function rest<E>(seat: SharedReader<E>, ctx: RoleContext): void {
  seat.restUntil = (ctx.now + slotUs(seat.config)) as Time;
}

/** WAL through readyLsn at least: then metadata goes on from there. */
function onScanned<E>(step: ReaderStep<E>, bytes: Uint8Array | null): void {
  const { seat, reader, ctx } = step;
  const { scan, index } = seat;
  if (bytes === null || scan === null || index === null) {
    rest(seat, ctx);
    return;
  }
  const isWhole = scan.readAt % SEGMENT_BYTES === SEGMENT_BYTES - bytes.length;
  if (takeWal(scan, bytes) === 'more' && isWhole && bytes.length > 0) return;
  if (scannedLsn(scan) < seat.readyLsn) {
    joinAgain(step, 'scan');
    return;
  }
  const [first] = scan.records;
  const before = (first === undefined ? seat.readyLsn : first.encoded.record.prevVolume) as Lsn;
  seat.parser.parsedLsn = before;
  seat.parser.applyLsn = before;
  seat.end = first?.position ?? scan.end;
  const known: WalRecord[] = scan.records
    .filter(({ encoded }) => encoded.record.lsn <= seat.readyLsn)
    .map(({ encoded }) => walRecordOf(encoded));
  seat.early = [...known, ...seat.early];
  seat.scan = null;
  seat.phase = 'ready';
  seat.walk = startWalk(seat.consistentLsn);
  if (!seat.isOpened) reader.openReader(seat.engine, ctx, bindReader(seat));
  seat.isOpened = true;
  replayLocks(step);
  const { token, epoch, config, readyLsn } = seat;
  seat.kept = null;
  want(seat, { page: VOLUME_KEY, rp: null, isBackground: true });
  if (!parse(step)) {
    joinAgain(step, 'gap');
    return;
  }
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

/** LI-36: a page that changes faster than it is replayed is given to the views that its last round was enough for. */
function deliverPassed<E>({ seat, reader, ctx }: ReaderStep<E>): void {
  if (!serves(seat, ctx.now)) return;
  for (const { page, rp, image } of seat.passed.splice(0))
    reader.onVersion(seat.engine, ctx, bindReader(seat), page, rp, image);
}

function deliver<E>(step: ReaderStep<E>, { wanted, image, error }: Loaded): void {
  const { seat, program, reader, ctx } = step;
  const { page, rp } = wanted;
  if (!serves(seat, ctx.now)) {
    joinAgain(step, 'lease');
    return;
  }
  if (error === 'FUTURE_PAGE') {
    trace(ctx, {
      kind: 'ro.future',
      volume: seat.config.cluster.volume,
      blockKey: page,
      applyLsn: seat.parser.applyLsn,
    });
    want(seat, wanted); // storage moves on only behind what this reader has reported
    rest(seat, ctx);
    return;
  }
  if (wanted.isBackground && rp === null) {
    seat.isWalked = false;
    return;
  }
  const ports = bindReader(seat);
  const origin = { from: seat.config.nodeId, readPoint: seat.parser.applyLsn };
  if (rp === null) program.onPage(seat.engine, ctx, ports, page, image, origin);
  else reader.onVersion(seat.engine, ctx, ports, page, rp, image);
}
