// The compute role as RW: recovery, then the writer, then the engine on top of it (failover.md §4, wal.md). Each step
// takes one input, lets the volume's state follow, tells the engine of a new VDL and sends the log buffer.
// Clients are answered only while the volume is open under this node's own token (FENCE-9, H8); before that they get
// RECOVERING, after a greater token was seen FENCED (FENCE-14).

import { present } from '../../base/assert.ts';
import { BadBytes } from '../../base/bytes.ts';
import type { Lsn, NodeId, Time, TxId } from '../../base/ids.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import { type RoleContext, send, trace, wakeAt } from '../kernel/context.ts';
import type { AgentCommand, Input, NodeConfig, ViewParams } from '../kernel/door.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import type { RoleModule } from '../kernel/role.ts';
import { checkPageHeader, pageLsn } from '../page/page.ts';
import { type PageKey, VOLUME_KEY } from '../page/page-key.ts';
import { OP_TERM_START, termStartPayload } from '../page/redo-ops.ts';
import {
  adoptInRecovery,
  onRecoveryReply,
  onRecoveryTimer,
  onTermStartDurable,
  onVolumeGiven,
  onWriterStarted,
  openedVolume,
  RECOVER_TIMER,
  startRecovery,
} from '../quorum-log/recovery.ts';
import { holdsNoData } from '../quorum-log/recovery-compute.ts';
import { makeRecovery, type RecoveryState } from '../quorum-log/recovery-state.ts';
import { nextPgmrpl } from '../quorum-log/watermarks.ts';
import { onWriteAck } from '../quorum-log/writer-acks.ts';
import { appendMtr, FLUSH_TIMER } from '../quorum-log/writer-append.ts';
import { onBringReply } from '../quorum-log/writer-bring.ts';
import { adoptMembers, noteMapVersion, onMembersAck, watchQuorums } from '../quorum-log/writer-members.ts';
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
import { logBuffers, recoveryView, writerView } from '../quorum-log/writer-view.ts';
import type { ComputeView } from './compute-view.ts';
import { bindWriter } from './writer-ports.ts';

export interface ComputeState<E> {
  readonly config: NodeConfig;
  readonly bootEpoch: number;
  status: 'starting' | 'recovering' | 'open' | 'fenced';
  readonly recovery: RecoveryState;
  writer: WriterState | null;
  readonly engine: E;
  /** VDL the engine was last told. */
  toldVdl: number;
  /** VDL at which PGMRPL was last computed. */
  raisedVdl: number;
}

function openCompute<E>(engine: EngineProgram<E>, config: NodeConfig, bootEpoch: number): ComputeState<E> {
  const meta = present(
    config.cluster.nodes.find(({ roles }) => roles.includes('meta')),
    'a node with the metadata',
  );
  return {
    config,
    bootEpoch,
    status: 'starting',
    recovery: makeRecovery(config, meta.id, bootEpoch),
    writer: null,
    engine: engine.makeEngine(config),
    toldVdl: -1,
    raisedVdl: -1,
  };
}

function startCompute<E>(state: ComputeState<E>, ctx: RoleContext): void {
  startRecovery(state.recovery, ctx);
}

function stepCompute<E>(
  engine: EngineProgram<E>,
  state: ComputeState<E>,
  input: Input<Message>,
  ctx: RoleContext,
): void {
  if (input.kind === 'message') onMessage(engine, state, ctx, input.from, input.message);
  else if (input.kind === 'wake') onTimer(engine, state, ctx, input.timer);
  else if (input.kind === 'agentCommand') onAgent(engine, state, ctx, input.command);
  settle(engine, state, ctx);
}

function onMessage<E>(
  engine: EngineProgram<E>,
  state: ComputeState<E>,
  ctx: RoleContext,
  from: NodeId,
  message: Message,
): void {
  const { writer, recovery } = state;
  switch (message.kind) {
    case 'VolumeGiven':
      onVolumeGiven(recovery, ctx, message);
      break;
    case 'VolumeTaken':
      if (message.groups.some((group) => group === recovery.given)) giveUpVolume(engine, state, ctx);
      break;
    case 'TokenGranted':
    case 'WriterSet':
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
    case 'NodeBeatOk':
      if (writer) noteMapVersion(writer, ctx, message.mapVersion);
      break;
    case 'MembersAck':
      if (writer) onMembersAck(writer, ctx, from, message);
      break;
    case 'PageReply': {
      const arrived = writer && onPageReply(writer, ctx, from, message);
      if (writer && arrived) onPageArrived(engine, state, ctx, writer, arrived);
      break;
    }
    case 'SqlRequest':
    case 'SqlClose':
      if (writer && state.status === 'open')
        engine.onSqlRequest(state.engine, ctx, bindWriter(writer, ctx), from, message);
      else if (message.kind === 'SqlRequest') refuseSql(state, ctx, from, message);
      break;
    default:
      break;
  }
}

/** WAL-45: the volume is gone. The writer ends as one that is fenced does, and the node waits for another volume, as at its start. */
function giveUpVolume<E>(engine: EngineProgram<E>, state: ComputeState<E>, ctx: RoleContext): void {
  const { config, bootEpoch, recovery } = state;
  becomeFenced(engine, state, ctx);
  trace(ctx, { kind: 'volume.left', volume: recovery.volume });
  Object.assign(state, openCompute(engine, config, bootEpoch));
  startCompute(state, ctx);
}

/** What a tape asks of the writer itself; a node that is not the open writer does nothing. */
function onAgent<E>(
  engine: EngineProgram<E>,
  state: ComputeState<E>,
  ctx: RoleContext,
  command: AgentCommand,
): void {
  const { writer } = state;
  if (writer === null || state.status !== 'open') return;
  if (command.kind === 'padTo') {
    const named = command.groups
      .map((id) => writer.groupIndex.get(id))
      .filter((index) => index !== undefined);
    const groups = named.length > 0 ? named : [0];
    const order = { upTo: command.upTo, groups, mtrLimit: writer.limits.lal };
    engine.onPad(state.engine, ctx, bindWriter(writer, ctx), order);
  } else if (command.kind === 'readPage')
    probePage(writer, ctx, command.blockKey as PageKey, command.readPoint as Lsn);
  else if (command.kind === 'evictPage' || command.kind === 'pinPage' || command.kind === 'unpinPage')
    engine.onPageOrder(state.engine, ctx, bindWriter(writer, ctx), command);
}

function refuseSql<E>(
  state: ComputeState<E>,
  ctx: RoleContext,
  from: NodeId,
  { session, incarnation, sequence }: MessageOf<'SqlRequest'>,
): void {
  const code = state.status === 'fenced' ? 'FENCED' : 'RECOVERING';
  send(ctx, from, {
    kind: 'SqlReply',
    session,
    incarnation,
    sequence,
    code,
    scn: -1 as Lsn,
    results: [],
    inTransaction: false,
  });
}

function onTimer<E>(engine: EngineProgram<E>, state: ComputeState<E>, ctx: RoleContext, timer: string): void {
  const { writer, recovery } = state;
  if (timer === RECOVER_TIMER) {
    onRecoveryTimer(recovery, ctx);
    if (writer) askVolumePage(state, ctx, writer);
  }
  if (!writer || state.status === 'fenced') return;
  if (timer === FLUSH_TIMER) onFlushTimer(writer, ctx);
  else if (timer === RESEND_TIMER) onResendTimer(writer, ctx);
  else if (timer === READ_TIMER) onReadTimer(writer, ctx);
  else if (timer === BEAT_TIMER) {
    state.raisedVdl = -1; // views may have closed since
    raisePgmrpl(engine, state, ctx, writer);
    onHeartbeatTimer(writer, ctx);
    watchQuorums(writer, ctx);
  } else if (timer !== RECOVER_TIMER && state.status === 'open')
    engine.onWake(state.engine, ctx, bindWriter(writer, ctx), timer);
}

/** Lets everything follow what the input changed; the log buffer leaves last. */
function settle<E>(engine: EngineProgram<E>, state: ComputeState<E>, ctx: RoleContext): void {
  const { recovery } = state;
  if (recovery.phase === 'fenced' || (state.writer && state.writer.fencedBy !== null)) {
    becomeFenced(engine, state, ctx);
    return;
  }
  if (recovery.phase === 'opened') startWriter(state, ctx);
  const { writer } = state;
  if (state.status === 'starting' && recovery.isCreated) state.status = 'recovering';
  if (!writer) return;
  if (recovery.phase === 'termStart' && writer.vdl >= writer.startLsn) onTermStartDurable(recovery, ctx);
  if (recovery.phase === 'done') serve(engine, state, ctx, writer);
  if (writer.buffered.length > 0) raisePgmrpl(engine, state, ctx, writer);
  flushLog(writer, ctx);
}

/** R7: the writer starts; its first record needs the place of its page's chain, so that page is read first. */
function startWriter<E>(state: ComputeState<E>, ctx: RoleContext): void {
  const { config, recovery } = state;
  const writer = makeWriter(openedVolume(recovery), config.params, config.broken, ctx.now);
  state.writer = writer;
  armHeartbeat(writer, ctx);
  onWriterStarted(recovery, ctx);
  askVolumePage(state, ctx, writer);
}

function askVolumePage<E>(state: ComputeState<E>, ctx: RoleContext, writer: WriterState): void {
  if (state.recovery.phase === 'termStart' && writer.tail < writer.startLsn)
    requestPage(writer, ctx, VOLUME_KEY);
}

function onPageArrived<E>(
  engine: EngineProgram<E>,
  state: ComputeState<E>,
  ctx: RoleContext,
  writer: WriterState,
  { blockKey, page }: PageArrived,
): void {
  if (state.status === 'open') engine.onPage(state.engine, ctx, bindWriter(writer, ctx), blockKey, page);
  else if (state.recovery.phase === 'termStart' && blockKey === VOLUME_KEY && writer.tail < writer.startLsn) {
    const prevBlock = page && lsnOfPage(page, state.config.params.pageBytes);
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
  state: ComputeState<E>,
  ctx: RoleContext,
  writer: WriterState,
): void {
  const log = bindWriter(writer, ctx);
  if (state.status !== 'open') {
    state.status = 'open';
    state.toldVdl = writer.vdl;
    engine.openEngine(state.engine, ctx, log, { firstStart: holdsNoData(writer.history) });
  } else if (writer.vdl > state.toldVdl) {
    state.toldVdl = writer.vdl;
    engine.onVdl(state.engine, ctx, log);
  }
}

/** WAL-25 with one instance: PGMRPL follows the engine's least read point. */
function raisePgmrpl<E>(
  engine: EngineProgram<E>,
  state: ComputeState<E>,
  ctx: RoleContext,
  writer: WriterState,
): void {
  if (state.status !== 'open' || state.raisedVdl === writer.vdl) return;
  state.raisedVdl = writer.vdl;
  const least = engine.engineMinReadPoint(state.engine, bindWriter(writer, ctx));
  const pgmrpl = nextPgmrpl(writer.pgmrpl, [Math.min(least, writer.vdl)]);
  if (pgmrpl === writer.pgmrpl) return;
  writer.pgmrpl = pgmrpl;
  trace(ctx, { kind: 'mark.pgmrpl', value: pgmrpl });
}

/** FENCE-14: what was acknowledged stands; nothing more is written or acknowledged; the node stays idle. */
function becomeFenced<E>(engine: EngineProgram<E>, state: ComputeState<E>, ctx: RoleContext): void {
  if (state.status === 'fenced') return;
  const wasOpen = state.status === 'open';
  state.status = 'fenced';
  for (const timer of [RECOVER_TIMER, FLUSH_TIMER, RESEND_TIMER, BEAT_TIMER, READ_TIMER])
    wakeAt(ctx, timer, null);
  if (wasOpen) engine.onFenced(state.engine, ctx);
}

function computeView<E>(
  engine: EngineProgram<E>,
  state: ComputeState<E>,
  now: Time,
  params: ViewParams,
): ComputeView {
  const { writer, recovery, bootEpoch, status } = state;
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
  const { sessionViews, ...engineParts } = engine.engineView(state.engine, now, params);
  return {
    role: 'compute',
    bootEpoch,
    state: recovery.phase === 'waiting' ? 'waiting' : status,
    ...log,
    ...engineParts,
    ...(sessionViews === undefined
      ? {}
      : { log: { buffers: writer ? logBuffers(writer, now) : [], sessions: sessionViews } }),
    recovery: recoveryView(recovery),
  };
}

/** A compute node around an SQL engine. */
export const computeRole = <E>(engine: EngineProgram<E>): RoleModule<ComputeState<E>> => ({
  name: 'compute',
  tag: 1,
  commands: ['padTo', 'readPage', 'evictPage', 'pinPage', 'unpinPage'],
  open: (config, _disk, bootEpoch) => openCompute(engine, config, bootEpoch),
  start: startCompute,
  step: (state, input, ctx) => stepCompute(engine, state, input, ctx),
  view: (state, params, now) => computeView(engine, state, now, params),
});
