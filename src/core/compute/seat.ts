// A seat of a compute node: its place at one volume. As `rw`: recovery, then the writer, then the engine on top of it (failover.md §4, wal.md). Each step
// takes one input, lets the volume's state follow, tells the engine of a new VDL and sends the log buffer.
// Clients are answered only while the volume is open under this node's own token (FENCE-9, H8); before that they get
// RECOVERING, after a greater token was seen FENCED (FENCE-14).

import { BadBytes } from '../../base/bytes.ts';
import type { Lsn, NodeId, Time, TxId } from '../../base/ids.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import type { OperatorCommand } from '../kernel/commands.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import type { Input } from '../kernel/door.ts';
import type { Descriptor } from '../kernel/fields.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import type { Params } from '../kernel/params.ts';
import type { ViewParams } from '../kernel/view-params.ts';
import { checkPageHeader, pageLsn } from '../page/page.ts';
import { type PageKey, VOLUME_KEY } from '../page/page-key.ts';
import { OP_TERM_START, termStartPayload } from '../page/redo-ops.ts';
import {
  adoptInRecovery,
  isTermStarted,
  onRecoveryReply,
  onRecoveryTimer,
  onTermStarted,
  onVolumeGiven,
  onWriterStarted,
  openedVolume,
  RECOVER_TIMER,
} from '../quorum-log/recovery.ts';
import { holdsNoData } from '../quorum-log/recovery-compute.ts';
import { nextPgmrpl } from '../quorum-log/watermarks.ts';
import { onWriteAck } from '../quorum-log/writer-acks.ts';
import { appendMtr, FLUSH_TIMER } from '../quorum-log/writer-append.ts';
import { onBringReply } from '../quorum-log/writer-catch-up.ts';
import {
  adoptChange,
  adoptMembers,
  onMembersAck,
  recordMapVersion,
  watchQuorums,
} from '../quorum-log/writer-members.ts';
import {
  onPageReply,
  onReadTimer,
  type PageArrived,
  probePage,
  READ_TIMER,
  requestPage,
} from '../quorum-log/writer-reads.ts';
import {
  armHeartbeat,
  BEAT_TIMER,
  flushLog,
  onFlushTimer,
  onHeartbeatTimer,
  onResendTimer,
  RESEND_TIMER,
} from '../quorum-log/writer-send.ts';
import { makeWriter, type WriterState } from '../quorum-log/writer-state.ts';
import { logBuffers, openingView, recoveryView, writerView } from '../quorum-log/writer-view.ts';
import {
  endRemoved,
  keepEarly,
  makeSender,
  onJoin,
  onReport,
  onShipTimer,
  readerPins,
  revokeReader,
  SHIP_TIMER,
  shipJournal,
  takeEarly,
  tendReaders,
} from '../reader/journal-sender.ts';
import type { RuntimeInfo } from '../reader/messages.ts';
import { readerLinks } from '../reader/reader-view.ts';
import type { SeatView } from './compute-view.ts';
import { connectionViews, hearAnswer } from './connections.ts';
import { stepReader } from './reader-seat.ts';
import { readerSeatView } from './reader-seat-view.ts';
import { isOpened } from './reader-state.ts';
import { noFreeze } from './seat-freeze.ts';
import { isHeldBack, refusePointed, refuseSql } from './seat-life.ts';
import { onCheckReach, onReached } from './seat-reach.ts';
import { adoptReceivers, modeOf, receiversAt, type Seat } from './seat-state.ts';
import { endFenced, giveUpVolume, onFreeze, onPromote, onWriterIs, tendFreeze } from './seat-switch.ts';
import { warmUp } from './warm-seat.ts';
import { bindWriter } from './writer-ports.ts';

/** PCS-91: new parameters, for the engine that runs and for those that follow it. */
export function configureSeat<E>(engine: EngineProgram<E>, seat: Seat<E>, params: Params): void {
  seat.config = { ...seat.config, params };
  engine.configure(seat.engine, params);
}

export function stepSeat<E>(
  engine: EngineProgram<E>,
  seat: Seat<E>,
  input: Input<Message>,
  ctx: RoleContext,
): void {
  if (input.kind === 'message' && input.message.kind === 'Promote') {
    onPromote(engine, seat, ctx, input.message);
    return;
  }
  if (input.kind === 'message' && input.message.kind === 'ReadersAre')
    onReaders(engine, seat, ctx, input.message);
  if (seat.ha && input.kind === 'message') {
    hearAnswer(seat.ha.commands, input.from, input.message);
    if (input.message.kind === 'CheckReach') onCheckReach(seat, ctx, input.message);
    else if (input.message.kind === 'ConfirmReply') onReached(seat, ctx.now, input.from, input.message);
  }
  if (seat.reader) {
    if (input.kind === 'message' && input.message.kind === 'WriterIs') onWriterIs(seat, ctx, input.message);
    stepReader(engine, seat.engine, seat.reader, seat.recovery.meta, input, ctx);
    if (isOpened(seat.reader)) seat.status = 'open';
    return;
  }
  if (input.kind === 'message') onMessage(engine, seat, ctx, input.from, input.message);
  else if (input.kind === 'wake') onTimer(engine, seat, ctx, input.timer);
  else if (input.kind === 'operatorCommand') onAgent(engine, seat, ctx, input.command);
  settle(engine, seat, ctx);
}

function onMessage<E>(
  engine: EngineProgram<E>,
  seat: Seat<E>,
  ctx: RoleContext,
  from: NodeId,
  message: Message,
): void {
  const { writer, recovery } = seat;
  switch (message.kind) {
    case 'VolumeGiven':
      onVolumeGiven(recovery, ctx, message);
      break;
    case 'VolumeTaken':
      if (message.groups.some((group) => group === recovery.given)) giveUpVolume(engine, seat, ctx);
      break;
    case 'TokenGranted':
    case 'WriterSet':
      if (message.kind === 'TokenGranted') adoptReceivers(seat, message.receivers);
      onRecoveryReply(recovery, ctx, from, message);
      break;
    case 'RecoveryInfo':
      if (!writer) onRecoveryReply(recovery, ctx, from, message);
      break;
    case 'InstallAck':
    case 'HistoryAck':
    case 'OpenAck':
      if (writer) onBringReply(writer, ctx, from, message);
      else onRecoveryReply(recovery, ctx, from, message);
      break;
    case 'WriteAck':
      if (writer) onWriteAck(writer, ctx, from, message);
      break;
    case 'MetaState':
      if (writer) adoptMembers(writer, ctx, message);
      else adoptInRecovery(recovery, ctx, message);
      break;
    case 'GroupChanged':
      if (writer) adoptChange(writer, ctx, message);
      else adoptInRecovery(recovery, ctx, { token: message.token, groups: [message.descriptor] });
      break;
    case 'NodeBeatOk':
      if (writer) recordMapVersion(writer, ctx, message.mapVersion);
      break;
    case 'MembersAck':
      if (writer) onMembersAck(writer, ctx, from, message);
      break;
    case 'PageReply': {
      const arrived = writer && onPageReply(writer, ctx, from, message);
      if (writer && arrived) onPageArrived(engine, seat, ctx, writer, arrived);
      break;
    }
    case 'Views':
      if (writer && seat.status === 'open')
        engine.onViews(seat.engine, ctx, bindWriter(writer, ctx), message);
      break;
    case 'WriterIs':
      onWriterIs(seat, ctx, message);
      break;
    case 'Freeze':
      onFreeze(engine, seat, ctx, message);
      break;
    case 'PointedRequest':
      refusePointed(ctx, from, message, 'NOT_READY'); // a reader was meant
      break;
    case 'RoJoin':
    case 'RoReport':
      onReader(engine, seat, ctx, message);
      break;
    case 'SqlRequest':
    case 'SqlClose':
      if (
        writer &&
        seat.status === 'open' &&
        !isHeldBack((seat.ha?.freeze ?? noFreeze).kind !== 'none', message)
      )
        engine.onSqlRequest(seat.engine, ctx, bindWriter(writer, ctx), from, message);
      else if (message.kind === 'SqlRequest') refuseSql(ctx, from, message, seat.status);
      break;
    default:
      break;
  }
}

/** A reader joins or reports; only the open writer knows what to answer. */
function onReader<E>(
  engine: EngineProgram<E>,
  seat: Seat<E>,
  ctx: RoleContext,
  message: MessageOf<'RoJoin' | 'RoReport'>,
): void {
  const { writer, sender } = seat;
  if (!writer || !sender || seat.status !== 'open') return;
  if (message.kind === 'RoReport') onReport(sender, writer, ctx, message);
  else if (!receiversAt(seat).includes(message.reader)) keepEarly(sender, message);
  else onJoin(sender, writer, ctx, message, writer.pgmrpl, runtimeInfo(engine, seat, writer));
}

/** READ-1, PCS-79: the metadata says who reads the volume. */
function onReaders<E>(
  engine: EngineProgram<E>,
  seat: Seat<E>,
  ctx: RoleContext,
  { receivers }: MessageOf<'ReadersAre'>,
): void {
  if (!adoptReceivers(seat, receivers)) return;
  const { writer, sender } = seat;
  if (!writer || !sender || seat.status !== 'open') return;
  endRemoved(sender, writer, ctx, receivers.removed);
  for (const join of takeEarly(sender, receiversAt(seat)))
    onJoin(sender, writer, ctx, join, writer.pgmrpl, runtimeInfo(engine, seat, writer));
}

const NOTHING_RUNS = { nextXid: 0, minXid: 0, activeXids: [], locks: [] };

const runtimeInfo = <E>(engine: EngineProgram<E>, seat: Seat<E>, { tail }: WriterState): RuntimeInfo => ({
  asOfLsn: tail,
  ...(engine.reader?.runtimeOf(seat.engine) ?? NOTHING_RUNS),
});

/** What a tape asks of the writer itself; a node that is not the open writer does nothing. */
function onAgent<E>(
  engine: EngineProgram<E>,
  seat: Seat<E>,
  ctx: RoleContext,
  command: OperatorCommand,
): void {
  const { writer } = seat;
  if (writer === null || seat.status !== 'open') return;
  if (command.kind === 'padTo') {
    const named = command.groups
      .map((id) => writer.groupIndex.get(id))
      .filter((index) => index !== undefined);
    const groups = named.length > 0 ? named : [0];
    const order = { upTo: command.upTo, groups, mtrLimit: writer.limits.lal };
    engine.onPad(seat.engine, ctx, bindWriter(writer, ctx), order);
  } else if (command.kind === 'readPage')
    probePage(writer, ctx, command.blockKey as PageKey, command.readPoint as Lsn);
  else if (command.kind === 'evictPage' || command.kind === 'pinPage' || command.kind === 'unpinPage')
    engine.onPageOrder(seat.engine, ctx, bindWriter(writer, ctx), command);
  else if (command.kind === 'revokeReader' && seat.sender)
    revokeReader(seat.sender, writer, ctx, command.reader, 'operator');
}

function onTimer<E>(engine: EngineProgram<E>, seat: Seat<E>, ctx: RoleContext, timer: string): void {
  const { writer, recovery } = seat;
  if (timer === RECOVER_TIMER) {
    onRecoveryTimer(recovery, ctx);
    if (writer) askVolumePage(seat, ctx, writer);
  }
  if (!writer || seat.status === 'fenced') return;
  if (timer === FLUSH_TIMER) onFlushTimer(writer, ctx);
  else if (timer === RESEND_TIMER) onResendTimer(writer, ctx);
  else if (timer === SHIP_TIMER && seat.sender) onShipTimer(seat.sender, writer, ctx);
  else if (timer === READ_TIMER) onReadTimer(writer, ctx);
  else if (timer === BEAT_TIMER) {
    seat.raisedVdl = -1; // views may have closed since
    if (seat.sender) tendReaders(seat.sender, writer, ctx, runtimeInfo(engine, seat, writer));
    raisePgmrpl(engine, seat, ctx, writer);
    onHeartbeatTimer(writer, ctx);
    watchQuorums(writer, ctx);
  } else if (timer !== RECOVER_TIMER && seat.status === 'open')
    engine.onWake(seat.engine, ctx, bindWriter(writer, ctx), timer);
}

/** Lets everything follow what the input changed; the log buffer leaves last. */
function settle<E>(engine: EngineProgram<E>, seat: Seat<E>, ctx: RoleContext): void {
  const { recovery } = seat;
  if (recovery.phase === 'fenced' || (seat.writer && seat.writer.fencedBy !== null)) {
    endFenced(engine, seat, ctx);
    return;
  }
  if (recovery.phase === 'opened') startWriter(seat, ctx);
  const { writer } = seat;
  if (seat.status === 'starting' && recovery.isCreated) seat.status = 'recovering';
  if (!writer) return;
  if (isTermStarted(recovery, writer)) onTermStarted(recovery, ctx);
  if (recovery.phase === 'done') serve(engine, seat, ctx, writer);
  if (writer.buffered.length > 0) raisePgmrpl(engine, seat, ctx, writer);
  if (seat.sender) shipJournal(seat.sender, writer, ctx);
  flushLog(writer, ctx);
  tendFreeze(seat, ctx);
}

/** R7: the writer starts; its first record needs the place of its page's chain, so that page is read first. */
function startWriter<E>(seat: Seat<E>, ctx: RoleContext): void {
  const { config, recovery } = seat;
  const writer = makeWriter(openedVolume(recovery), config.params, config.mutants, ctx.now);
  seat.writer = writer;
  const readers = receiversAt(seat);
  if (readers.length > 0 && recovery.volume === config.cluster.volume)
    seat.sender = makeSender(writer, readers, config.mutants, ctx.now);
  if (seat.sender) endRemoved(seat.sender, writer, ctx, seat.receivers?.removed ?? []);
  armHeartbeat(writer, ctx);
  onWriterStarted(recovery, ctx);
  askVolumePage(seat, ctx, writer);
}

function askVolumePage<E>(seat: Seat<E>, ctx: RoleContext, writer: WriterState): void {
  if (seat.recovery.phase === 'termStart' && writer.tail < writer.startLsn)
    requestPage(writer, ctx, VOLUME_KEY);
}

function onPageArrived<E>(
  engine: EngineProgram<E>,
  seat: Seat<E>,
  ctx: RoleContext,
  writer: WriterState,
  { blockKey, page, from, readPoint }: PageArrived,
): void {
  if (seat.status === 'open')
    engine.onPage(seat.engine, ctx, bindWriter(writer, ctx), blockKey, page, { from, readPoint });
  else if (seat.recovery.phase === 'termStart' && blockKey === VOLUME_KEY && writer.tail < writer.startLsn) {
    const prevBlock = page && lsnOfPage(page, seat.config.params.pageBytes);
    if (prevBlock !== null) appendTermStart(writer, ctx, prevBlock);
  }
}

/** pageLsn of the volume's metadata page, or null when these bytes are not it (the retry asks again). */
function lsnOfPage(page: Uint8Array, pageBytes: number): Lsn | null {
  try {
    checkPageHeader(page, VOLUME_KEY, pageBytes);
    return pageLsn(page);
  } catch (error) {
    if (error instanceof BadBytes) return null;
    throw error;
  }
}

const appendTermStart = (writer: WriterState, ctx: RoleContext, prevBlock: Lsn): void => {
  const payload = termStartPayload(writer.term);
  const record = { blockKey: VOLUME_KEY, op: OP_TERM_START, init: false, payload, prevBlock };
  appendMtr(writer, ctx, [record], false, 0 as TxId);
};

function serve<E>(engine: EngineProgram<E>, seat: Seat<E>, ctx: RoleContext, writer: WriterState): void {
  const log = bindWriter(writer, ctx);
  if (seat.status !== 'open') {
    seat.status = 'open';
    seat.notifiedVdl = writer.vdl;
    seat.notifiedRoom = writer.full.changes;
    warmUp(engine, seat, ctx, writer);
    engine.openEngine(seat.engine, ctx, log, { firstStart: holdsNoData(writer.history) });
  } else if (writer.vdl > seat.notifiedVdl || writer.full.changes > seat.notifiedRoom) {
    seat.notifiedVdl = writer.vdl;
    seat.notifiedRoom = writer.full.changes;
    engine.onVdl(seat.engine, ctx, log);
  }
}

/** WAL-25: PGMRPL follows the least read point of the engine and of the readers' sessions. */
function raisePgmrpl<E>(
  engine: EngineProgram<E>,
  seat: Seat<E>,
  ctx: RoleContext,
  writer: WriterState,
): void {
  if (seat.status !== 'open' || seat.raisedVdl === writer.vdl) return;
  seat.raisedVdl = writer.vdl;
  const least = has(writer.mutants, 'compute.floor-ignores-snapshots')
    ? writer.vdl
    : engine.engineMinReadPoint(seat.engine, bindWriter(writer, ctx));
  const pgmrpl = nextPgmrpl(writer.pgmrpl, [
    Math.min(least, writer.vdl),
    ...(seat.sender ? readerPins(seat.sender, writer.pgmrpl) : []),
  ]);
  if (pgmrpl === writer.pgmrpl) return;
  writer.pgmrpl = pgmrpl;
  trace(ctx, { kind: 'mark.pgmrpl', volume: writer.volume, value: pgmrpl });
}

export function seatView<E>(
  engine: EngineProgram<E>,
  seat: Seat<E>,
  now: Time,
  params: ViewParams,
): SeatView {
  const { writer, recovery, status } = seat;
  const log = writer
    ? writerView(writer, params.span, params.lsnWindow, now)
    : {
        token: recovery.token,
        tail: -1,
        vcl: -1,
        vdl: -1,
        lal: recovery.lal,
        startLsn: -1,
        allocationLimit: -1,
        pgmrpl: -1,
        logBuffer: 0,
        groups: [],
        records: [],
      };
  const { sessionViews, ...engineParts } = engine.engineView(seat.engine, now, params);
  return {
    volume: recovery.volume,
    mode: modeOf(seat),
    state: recovery.phase === 'waiting' ? 'waiting' : status,
    ...log,
    ...engineParts,
    ...(sessionViews === undefined
      ? {}
      : { log: { buffers: writer ? logBuffers(writer, now) : [], sessions: sessionViews } }),
    recovery: recoveryView(recovery),
    opening: openingView(recovery),
    ...(seat.reader ? { reader: readerSeatView(seat.reader, now, params) } : {}),
    ...(seat.sender ? { readers: readerLinks(seat.sender, now) } : {}),
    ...(seat.ha ? { connections: connectionViews(seat.ha.commands, descriptorsOf(seat), !seat.reader) } : {}),
  };
}

const descriptorsOf = <E>({ reader, writer, recovery }: Seat<E>): readonly Descriptor[] =>
  reader?.reads.descriptors ?? (writer?.groups ?? recovery.groups).map(({ descriptor }) => descriptor);
