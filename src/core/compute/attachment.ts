// An attachment of a compute node: its place at one volume. As `rw`: recovery, then the writer, then the engine on top of it (failover.md §4, wal.md). Each step
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
import { noFreeze } from './attachment-freeze.ts';
import { isHeldBack, refusePointed, refuseSql } from './attachment-life.ts';
import { onCheckReach, onReached } from './attachment-reach.ts';
import { type Attachment, adoptReceivers, modeOf, receiversAt } from './attachment-state.ts';
import { endFenced, giveUpVolume, onFreeze, onPromote, onWriterIs, tendFreeze } from './attachment-switch.ts';
import type { AttachmentView } from './compute-view.ts';
import { connectionViews, hearAnswer } from './connections.ts';
import { stepReader } from './reader-attachment.ts';
import { readerAttachmentView } from './reader-attachment-view.ts';
import { isOpened } from './reader-state.ts';
import { warmUp } from './warm-attachment.ts';
import { bindWriter } from './writer-ports.ts';

/** PCS-91: new parameters, for the engine that runs and for those that follow it. */
export function configureAttachment<E>(
  engine: EngineProgram<E>,
  attachment: Attachment<E>,
  params: Params,
): void {
  attachment.config = { ...attachment.config, params };
  engine.configure(attachment.engine, params);
}

export function stepAttachment<E>(
  engine: EngineProgram<E>,
  attachment: Attachment<E>,
  input: Input<Message>,
  ctx: RoleContext,
): void {
  if (input.kind === 'message' && input.message.kind === 'Promote') {
    onPromote(engine, attachment, ctx, input.message);
    return;
  }
  if (input.kind === 'message' && input.message.kind === 'ReadersAre')
    onReaders(engine, attachment, ctx, input.message);
  if (attachment.ha && input.kind === 'message') {
    hearAnswer(attachment.ha.commands, input.from, input.message);
    if (input.message.kind === 'CheckReach') onCheckReach(attachment, ctx, input.message);
    else if (input.message.kind === 'ConfirmReply') onReached(attachment, ctx.now, input.from, input.message);
  }
  if (attachment.reader) {
    if (input.kind === 'message' && input.message.kind === 'WriterIs')
      onWriterIs(attachment, ctx, input.message);
    stepReader(engine, attachment.engine, attachment.reader, attachment.recovery.meta, input, ctx);
    if (isOpened(attachment.reader)) attachment.status = 'open';
    return;
  }
  if (input.kind === 'message') onMessage(engine, attachment, ctx, input.from, input.message);
  else if (input.kind === 'wake') onTimer(engine, attachment, ctx, input.timer);
  else if (input.kind === 'operatorCommand') onAgent(engine, attachment, ctx, input.command);
  settle(engine, attachment, ctx);
}

function onMessage<E>(
  engine: EngineProgram<E>,
  attachment: Attachment<E>,
  ctx: RoleContext,
  from: NodeId,
  message: Message,
): void {
  const { writer, recovery } = attachment;
  switch (message.kind) {
    case 'VolumeGiven':
      onVolumeGiven(recovery, ctx, message);
      break;
    case 'VolumeTaken':
      if (message.groups.some((group) => group === recovery.given)) giveUpVolume(engine, attachment, ctx);
      break;
    case 'TokenGranted':
    case 'WriterSet':
      if (message.kind === 'TokenGranted') adoptReceivers(attachment, message.receivers);
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
      if (writer && arrived) onPageArrived(engine, attachment, ctx, writer, arrived);
      break;
    }
    case 'Views':
      if (writer && attachment.status === 'open')
        engine.onViews(attachment.engine, ctx, bindWriter(writer, ctx), message);
      break;
    case 'WriterIs':
      onWriterIs(attachment, ctx, message);
      break;
    case 'Freeze':
      onFreeze(engine, attachment, ctx, message);
      break;
    case 'PointedRequest':
      refusePointed(ctx, from, message, 'NOT_READY'); // a reader was meant
      break;
    case 'RoJoin':
    case 'RoReport':
      onReader(engine, attachment, ctx, message);
      break;
    case 'SqlRequest':
    case 'SqlClose':
    case 'SqlCancel':
      if (
        writer &&
        attachment.status === 'open' &&
        !isHeldBack((attachment.ha?.freeze ?? noFreeze).kind !== 'none', message)
      )
        engine.onSqlRequest(attachment.engine, ctx, bindWriter(writer, ctx), from, message);
      else if (message.kind === 'SqlRequest') refuseSql(ctx, from, message, attachment.status);
      break;
    default:
      break;
  }
}

/** A reader joins or reports; only the open writer knows what to answer. */
function onReader<E>(
  engine: EngineProgram<E>,
  attachment: Attachment<E>,
  ctx: RoleContext,
  message: MessageOf<'RoJoin' | 'RoReport'>,
): void {
  const { writer, sender } = attachment;
  if (!writer || !sender || attachment.status !== 'open') return;
  if (message.kind === 'RoReport') onReport(sender, writer, ctx, message);
  else if (!receiversAt(attachment).includes(message.reader)) keepEarly(sender, message);
  else onJoin(sender, writer, ctx, message, writer.pgmrpl, runtimeInfo(engine, attachment, writer));
}

/** READ-1, PCS-79: the metadata says who reads the volume. */
function onReaders<E>(
  engine: EngineProgram<E>,
  attachment: Attachment<E>,
  ctx: RoleContext,
  { receivers }: MessageOf<'ReadersAre'>,
): void {
  if (!adoptReceivers(attachment, receivers)) return;
  const { writer, sender } = attachment;
  if (!writer || !sender || attachment.status !== 'open') return;
  endRemoved(sender, writer, ctx, receivers.removed);
  for (const join of takeEarly(sender, receiversAt(attachment)))
    onJoin(sender, writer, ctx, join, writer.pgmrpl, runtimeInfo(engine, attachment, writer));
}

const NOTHING_RUNS = { nextXid: 0, minXid: 0, activeXids: [], locks: [] };

const runtimeInfo = <E>(
  engine: EngineProgram<E>,
  attachment: Attachment<E>,
  { tail }: WriterState,
): RuntimeInfo => ({
  asOfLsn: tail,
  ...(engine.reader?.runtimeOf(attachment.engine) ?? NOTHING_RUNS),
});

/** What a tape asks of the writer itself; a node that is not the open writer does nothing. */
function onAgent<E>(
  engine: EngineProgram<E>,
  attachment: Attachment<E>,
  ctx: RoleContext,
  command: OperatorCommand,
): void {
  const { writer } = attachment;
  if (writer === null || attachment.status !== 'open') return;
  if (command.kind === 'padTo') {
    const named = command.groups
      .map((id) => writer.groupIndex.get(id))
      .filter((index) => index !== undefined);
    const groups = named.length > 0 ? named : [0];
    const order = { upTo: command.upTo, groups, mtrLimit: writer.limits.lal };
    engine.onPad(attachment.engine, ctx, bindWriter(writer, ctx), order);
  } else if (command.kind === 'readPage')
    probePage(writer, ctx, command.blockKey as PageKey, command.readPoint as Lsn);
  else if (command.kind === 'evictPage' || command.kind === 'pinPage' || command.kind === 'unpinPage')
    engine.onPageOrder(attachment.engine, ctx, bindWriter(writer, ctx), command);
  else if (command.kind === 'revokeReader' && attachment.sender)
    revokeReader(attachment.sender, writer, ctx, command.reader, 'operator');
}

function onTimer<E>(
  engine: EngineProgram<E>,
  attachment: Attachment<E>,
  ctx: RoleContext,
  timer: string,
): void {
  const { writer, recovery } = attachment;
  if (timer === RECOVER_TIMER) {
    onRecoveryTimer(recovery, ctx);
    if (writer) askVolumePage(attachment, ctx, writer);
  }
  if (!writer || attachment.status === 'fenced') return;
  if (timer === FLUSH_TIMER) onFlushTimer(writer, ctx);
  else if (timer === RESEND_TIMER) onResendTimer(writer, ctx);
  else if (timer === SHIP_TIMER && attachment.sender) onShipTimer(attachment.sender, writer, ctx);
  else if (timer === READ_TIMER) onReadTimer(writer, ctx);
  else if (timer === BEAT_TIMER) {
    attachment.raisedVdl = -1; // views may have closed since
    if (attachment.sender)
      tendReaders(attachment.sender, writer, ctx, runtimeInfo(engine, attachment, writer));
    raisePgmrpl(engine, attachment, ctx, writer);
    onHeartbeatTimer(writer, ctx);
    watchQuorums(writer, ctx);
  } else if (timer !== RECOVER_TIMER && attachment.status === 'open')
    engine.onWake(attachment.engine, ctx, bindWriter(writer, ctx), timer);
}

/** Lets everything follow what the input changed; the log buffer leaves last. */
function settle<E>(engine: EngineProgram<E>, attachment: Attachment<E>, ctx: RoleContext): void {
  const { recovery } = attachment;
  if (recovery.phase === 'fenced' || (attachment.writer && attachment.writer.fencedBy !== null)) {
    endFenced(engine, attachment, ctx);
    return;
  }
  if (recovery.phase === 'opened') startWriter(attachment, ctx);
  const { writer } = attachment;
  if (attachment.status === 'starting' && recovery.isCreated) attachment.status = 'recovering';
  if (!writer) return;
  if (isTermStarted(recovery, writer)) onTermStarted(recovery, ctx);
  if (recovery.phase === 'done') serve(engine, attachment, ctx, writer);
  if (writer.buffered.length > 0) raisePgmrpl(engine, attachment, ctx, writer);
  if (attachment.sender) shipJournal(attachment.sender, writer, ctx);
  flushLog(writer, ctx);
  tendFreeze(attachment, ctx);
}

/** R7: the writer starts; its first record needs the place of its page's chain, so that page is read first. */
function startWriter<E>(attachment: Attachment<E>, ctx: RoleContext): void {
  const { config, recovery } = attachment;
  const writer = makeWriter(openedVolume(recovery), config.params, config.mutants, ctx.now);
  attachment.writer = writer;
  const readers = receiversAt(attachment);
  if (readers.length > 0 && recovery.volume === config.cluster.volume)
    attachment.sender = makeSender(writer, readers, config.mutants, ctx.now);
  if (attachment.sender) endRemoved(attachment.sender, writer, ctx, attachment.receivers?.removed ?? []);
  armHeartbeat(writer, ctx);
  onWriterStarted(recovery, ctx);
  askVolumePage(attachment, ctx, writer);
}

function askVolumePage<E>(attachment: Attachment<E>, ctx: RoleContext, writer: WriterState): void {
  if (attachment.recovery.phase === 'termStart' && writer.tail < writer.startLsn)
    requestPage(writer, ctx, VOLUME_KEY);
}

function onPageArrived<E>(
  engine: EngineProgram<E>,
  attachment: Attachment<E>,
  ctx: RoleContext,
  writer: WriterState,
  { blockKey, page, from, readPoint }: PageArrived,
): void {
  if (attachment.status === 'open')
    engine.onPage(attachment.engine, ctx, bindWriter(writer, ctx), blockKey, page, { from, readPoint });
  else if (
    attachment.recovery.phase === 'termStart' &&
    blockKey === VOLUME_KEY &&
    writer.tail < writer.startLsn
  ) {
    const prevBlock = page && lsnOfPage(page, attachment.config.params.pageBytes);
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

function serve<E>(
  engine: EngineProgram<E>,
  attachment: Attachment<E>,
  ctx: RoleContext,
  writer: WriterState,
): void {
  const log = bindWriter(writer, ctx);
  if (attachment.status !== 'open') {
    attachment.status = 'open';
    attachment.notifiedVdl = writer.vdl;
    attachment.notifiedRoom = writer.full.changes;
    warmUp(engine, attachment, ctx, writer);
    engine.openEngine(attachment.engine, ctx, log, { firstStart: holdsNoData(writer.history) });
  } else if (writer.vdl > attachment.notifiedVdl || writer.full.changes > attachment.notifiedRoom) {
    attachment.notifiedVdl = writer.vdl;
    attachment.notifiedRoom = writer.full.changes;
    engine.onVdl(attachment.engine, ctx, log);
  }
}

/** WAL-25: PGMRPL follows the least read point of the engine and of the readers' sessions. */
function raisePgmrpl<E>(
  engine: EngineProgram<E>,
  attachment: Attachment<E>,
  ctx: RoleContext,
  writer: WriterState,
): void {
  if (attachment.status !== 'open' || attachment.raisedVdl === writer.vdl) return;
  attachment.raisedVdl = writer.vdl;
  const least = has(writer.mutants, 'compute.floor-ignores-snapshots')
    ? writer.vdl
    : engine.engineMinReadPoint(attachment.engine, bindWriter(writer, ctx));
  const pgmrpl = nextPgmrpl(writer.pgmrpl, [
    Math.min(least, writer.vdl),
    ...(attachment.sender ? readerPins(attachment.sender, writer.pgmrpl) : []),
  ]);
  if (pgmrpl === writer.pgmrpl) return;
  writer.pgmrpl = pgmrpl;
  trace(ctx, { kind: 'mark.pgmrpl', volume: writer.volume, value: pgmrpl });
}

export function attachmentView<E>(
  engine: EngineProgram<E>,
  attachment: Attachment<E>,
  now: Time,
  params: ViewParams,
): AttachmentView {
  const { writer, recovery, status } = attachment;
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
  const { sessionViews, ...engineParts } = engine.engineView(attachment.engine, now, params);
  return {
    volume: recovery.volume,
    mode: modeOf(attachment),
    state: recovery.phase === 'waiting' ? 'waiting' : status,
    ...log,
    ...engineParts,
    ...(sessionViews === undefined
      ? {}
      : { log: { buffers: writer ? logBuffers(writer, now) : [], sessions: sessionViews } }),
    recovery: recoveryView(recovery),
    opening: openingView(recovery),
    ...(attachment.reader ? { reader: readerAttachmentView(attachment.reader, now, params) } : {}),
    ...(attachment.sender ? { readers: readerLinks(attachment.sender, now) } : {}),
    ...(attachment.ha
      ? {
          connections: connectionViews(attachment.ha.commands, descriptorsOf(attachment), !attachment.reader),
        }
      : {}),
  };
}

const descriptorsOf = <E>({ reader, writer, recovery }: Attachment<E>): readonly Descriptor[] =>
  reader?.reads.descriptors ?? (writer?.groups ?? recovery.groups).map(({ descriptor }) => descriptor);
