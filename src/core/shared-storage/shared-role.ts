// The compute role of a cluster whose volume lies in files of a shared device (docs/spec/logindex.md): the seat's opening, then the engine on
// WAL and pages as files. Clients are answered only while the volume is open under this node's own token (FENCE-9, H8).

import type { Lsn, NodeId, Term, Time } from '../../base/ids.ts';
import { DEVICE_TIMER } from '../chunk/device.ts';
import { onHostMessage, onHostTimer } from '../chunk/mount-host.ts';
import type { ComputeView } from '../compute/compute-view.ts';
import { refusePointed } from '../compute/reader-requests.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import { type RoleContext, send, trace, wakeAt } from '../kernel/context.ts';
import type { AgentCommand, Input, ViewParams } from '../kernel/door.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import type { RoleModule } from '../kernel/role.ts';
import { isReader } from '../kernel/seats.ts';
import type { Outcome } from '../pfs/mount-state.ts';
import { doNext, onOutcome, REST_TIMER, type Settled } from './mount-jobs.ts';
import {
  fence,
  onOpeningTimer,
  onTermDurable,
  onTokenGranted,
  onWriterSet,
  RECOVER_TIMER,
  startOpening,
} from './opening.ts';
import { TURN_PAGES } from './page-writer.ts';
import { startSharedReader, stepSharedReader } from './reader-seat.ts';
import { bindShared } from './shared-ports.ts';
import { makeSharedReader, type SharedReader } from './shared-reader.ts';
import { beginLife, isOpen, makeSharedSeat, type SharedSeat, volumeOf } from './shared-seat.ts';
import { viewReader, viewWriter } from './shared-view.ts';
import { insertWaiting, onSlotJoin, onSlotReport, shipMetadata, slotUs, tendSlots } from './slot-keeper.ts';

const TURN_TIMER = 'shared.turn';
const SLOT_TIMER = 'shared.slots';
/** Background runs between two turns of the bgwriter. */
const TURN_RUNS = 4;

function step<E>(
  program: EngineProgram<E>,
  seat: SharedSeat<E>,
  input: Input<Message>,
  ctx: RoleContext,
): void {
  if (input.kind === 'message') onMessage(program, seat, ctx, input.from, input.message);
  else if (input.kind === 'wake') onTimer(program, seat, ctx, input.timer);
  else if (input.kind === 'agentCommand') onAgent(program, seat, ctx, input.command);
  settle(program, seat, ctx);
}

function onMessage<E>(
  program: EngineProgram<E>,
  seat: SharedSeat<E>,
  ctx: RoleContext,
  from: NodeId,
  message: Message,
): void {
  switch (message.kind) {
    case 'ChunkAck':
    case 'ChunkData':
      onCall(program, seat, ctx, () => onHostMessage(seat.host, ctx, message));
      break;
    case 'TokenGranted':
      onTokenGranted(seat, ctx, message);
      break;
    case 'WriterSet':
      if (onWriterSet(seat, ctx, message)) openEngine(program, seat, ctx);
      break;
    case 'SlotJoin':
      onSlotJoin(seat, ctx, message);
      break;
    case 'SlotReport':
      onSlotReport(seat, ctx, message);
      break;
    case 'PointedRequest':
      refusePointed(ctx, from, message, 'NOT_READY'); // a reader was meant
      break;
    case 'SqlRequest':
    case 'SqlClose':
      if (isOpen(seat)) program.onSqlRequest(seat.engine, ctx, bindShared(seat, ctx), from, message);
      else if (message.kind === 'SqlRequest') refuse(seat, ctx, from, message);
      break;
    default:
  }
}

function onTimer<E>(program: EngineProgram<E>, seat: SharedSeat<E>, ctx: RoleContext, timer: string): void {
  if (timer === RECOVER_TIMER) onOpeningTimer(seat, ctx);
  else if (timer === DEVICE_TIMER) onCall(program, seat, ctx, () => onHostTimer(seat.host, ctx));
  else if (timer === SLOT_TIMER) {
    wakeAt(ctx, SLOT_TIMER, (ctx.now + slotUs(seat.config)) as Time);
    tendSlots(seat, ctx);
  } else if (timer === TURN_TIMER) {
    seat.isTurnArmed = false;
    seat.budget = TURN_PAGES;
  } else if (timer !== REST_TIMER && isOpen(seat))
    program.onWake(seat.engine, ctx, bindShared(seat, ctx), timer);
}

/** What a tape asks of the writer itself. */
function onAgent<E>(
  program: EngineProgram<E>,
  seat: SharedSeat<E>,
  ctx: RoleContext,
  command: AgentCommand,
): void {
  if (!isOpen(seat)) return;
  const ports = bindShared(seat, ctx);
  if (command.kind === 'padTo') {
    const { upTo } = command;
    program.onPad(seat.engine, ctx, ports, { upTo, groups: [0], mtrLimit: seat.config.params.lal });
  } else if (command.kind === 'evictPage' || command.kind === 'pinPage' || command.kind === 'unpinPage')
    program.onPageOrder(seat.engine, ctx, ports, command);
}

function onCall<E>(
  program: EngineProgram<E>,
  seat: SharedSeat<E>,
  ctx: RoleContext,
  goOn: () => Outcome | null,
): void {
  const order = seat.host.now;
  const outcome = order === null ? null : goOn();
  if (order !== null && outcome !== null) follow(program, seat, ctx, onOutcome(seat, ctx, order, outcome));
}

/** FS-82: a mount that is over takes the engine with it. What was committed and not acknowledged is unknown to its client. */
function follow<E>(program: EngineProgram<E>, seat: SharedSeat<E>, ctx: RoleContext, settled: Settled): void {
  if (settled !== 'lost' && settled !== 'stale') return;
  const { token, host } = seat;
  if (isOpen(seat)) program.onFenced(seat.engine, ctx);
  if (settled === 'stale') {
    fence(seat, ctx, 0 as Term);
    return;
  }
  trace(ctx, { kind: 'mount.lost', volume: volumeOf(seat), token, error: host.mount?.state ?? '' });
  beginLife(program, seat);
  startOpening(seat, ctx);
}

/** Lets everything follow what the input changed. */
function settle<E>(program: EngineProgram<E>, seat: SharedSeat<E>, ctx: RoleContext): void {
  for (let settled: Settled = 'done'; settled === 'done'; ) {
    deliver(program, seat, ctx);
    settled = doNext(program, seat, ctx);
    follow(program, seat, ctx, settled);
  }
  if (!isOpen(seat) || seat.isTurnArmed || seat.flush.list.size === 0) return;
  seat.isTurnArmed = true;
  wakeAt(ctx, TURN_TIMER, (ctx.now + TURN_RUNS * seat.config.params.materialiseMs * 1000) as Time);
}

/** What the mount has done goes to the engine: pages, and how far the log is durable. */
function deliver<E>(program: EngineProgram<E>, seat: SharedSeat<E>, ctx: RoleContext): void {
  insertWaiting(seat);
  onTermDurable(seat, ctx);
  if (!isOpen(seat)) return;
  const { config, log } = seat;
  for (let one = seat.arrived.shift(); one !== undefined; one = seat.arrived.shift()) {
    const { page, image } = one;
    const origin = { from: config.nodeId, readPoint: log.durable };
    program.onPage(seat.engine, ctx, bindShared(seat, ctx), page, image, origin);
    // Nobody wants it any more, and it is stored nowhere.
    if (image !== null && seat.flush.list.has(page) && program.pageImage(seat.engine, page) === null)
      seat.held.set(page, image);
  }
  if (log.durable === seat.notified && seat.stored === seat.notifiedStored) return;
  if (log.durable > seat.notified && seat.sharing !== null) shipMetadata(seat, ctx);
  seat.notified = log.durable;
  seat.notifiedStored = seat.stored;
  program.onVdl(seat.engine, ctx, bindShared(seat, ctx));
}

function openEngine<E>(program: EngineProgram<E>, seat: SharedSeat<E>, ctx: RoleContext): void {
  seat.notified = seat.log.durable;
  if (seat.sharing !== null) wakeAt(ctx, SLOT_TIMER, (ctx.now + slotUs(seat.config)) as Time);
  program.openEngine(seat.engine, ctx, bindShared(seat, ctx), { firstStart: seat.log.isEmpty });
}

function refuse<E>(
  { phase }: SharedSeat<E>,
  ctx: RoleContext,
  from: NodeId,
  { session, incarnation, sequence }: MessageOf<'SqlRequest'>,
): void {
  send(ctx, from, {
    kind: 'SqlReply',
    session,
    incarnation,
    sequence,
    code: phase === 'fenced' ? 'FENCED' : 'RECOVERING',
    scn: -1 as Lsn,
    results: [],
    inTransaction: false,
  });
}

function view<E>(program: EngineProgram<E>, seat: SharedSeat<E>, now: Time, params: ViewParams): ComputeView {
  const { log, token, phase, config, startLsn, boot } = seat;
  const { sessionViews: _, ...engine } = program.engineView(seat.engine, now, params);
  return {
    role: 'compute',
    bootEpoch: boot,
    volume: volumeOf(seat),
    mode: 'rw',
    state: phase === 'open' || phase === 'fenced' ? phase : phase === 'grant' ? 'starting' : 'recovering',
    token,
    tail: log.tail,
    vcl: log.durable,
    vdl: log.durable,
    lal: config.params.lal,
    startLsn,
    allocationLimit: log.durable + config.params.lal,
    pgmrpl: log.durable,
    logBuffer: log.buffered.length,
    groups: [],
    records: [],
    recovery: null,
    opening: null,
    others: [],
    ...engine,
    shared: viewWriter(seat, params, engine.pages?.frames ?? []),
  };
}

function readerView<E>(
  program: EngineProgram<E>,
  reader: SharedReader<E>,
  now: Time,
  params: ViewParams,
): ComputeView {
  const { engine, parser, token, phase, boot, config, durableLsn, readyLsn } = reader;
  const { sessionViews: _, ...shown } = program.engineView(engine, now, params);
  return {
    role: 'compute',
    bootEpoch: boot,
    volume: config.cluster.volume,
    mode: 'ro',
    state: phase === 'ready' ? 'open' : 'starting',
    token,
    tail: parser.applyLsn,
    vcl: durableLsn,
    vdl: parser.applyLsn,
    lal: config.params.lal,
    startLsn: readyLsn,
    allocationLimit: -1,
    pgmrpl: -1,
    logBuffer: 0,
    groups: [],
    records: [],
    recovery: null,
    opening: null,
    others: [],
    ...shown,
    shared: viewReader(reader, params),
  };
}

type Part<E> =
  | { readonly kind: 'writer'; readonly seat: SharedSeat<E> }
  | { readonly kind: 'reader'; readonly seat: SharedReader<E> };

/** A compute node around an SQL engine, at a volume in files. */
export const sharedComputeRole = <E>(program: EngineProgram<E>): RoleModule<Part<E>> => ({
  name: 'compute',
  tag: 1,
  commands: ['padTo', 'readPage', 'evictPage', 'pinPage', 'unpinPage', 'revokeReader'],
  heartbeat: {
    replicas: () => [],
    sendReports: () => undefined,
    awaitsCheck: () => false,
    check: () => false,
    // F24: requests of a life that the metadata has forgotten are numbered anew
    learn: ({ seat }, _, bootEpoch) => {
      seat.boot = bootEpoch;
    },
  },
  configure: ({ seat }, params) => {
    seat.config = { ...seat.config, params };
    program.configure(seat.engine, params);
  },
  open: (config, _, bootEpoch) =>
    isReader(config)
      ? { kind: 'reader', seat: makeSharedReader(program, config, bootEpoch) }
      : { kind: 'writer', seat: makeSharedSeat(program, config, bootEpoch) },
  start: (part, ctx) =>
    part.kind === 'writer' ? startOpening(part.seat, ctx) : startSharedReader(part.seat, ctx),
  step: (part, input, ctx) => {
    if (part.kind === 'writer') step(program, part.seat, input, ctx);
    else stepSharedReader(program, part.seat, input, ctx);
  },
  view: (part, params, now) =>
    part.kind === 'writer'
      ? view(program, part.seat, now, params)
      : readerView(program, part.seat, now, params),
});
