// A writer of a volume in files, as its node steps it (docs/spec/logindex.md): the seat's opening, then the engine on WAL and pages as files. Clients
// are answered only while the volume is open under this node's own token (FENCE-9, H8). What ends it (FENCE-14, FS-82) stands in `over`.

import type { NodeId, Term, Time } from '../../base/ids.ts';
import { DEVICE_TIMER } from '../chunk/device.ts';
import { type Ended, onHostMessage, onHostTimer } from '../chunk/mount-host.ts';
import { FREEZE_TIMER } from '../compute/seat-freeze.ts';
import { isHeldBack, refusePointed, refuseSql } from '../compute/seat-life.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import type { OperatorCommand } from '../kernel/commands.ts';
import { type RoleContext, trace, wakeAt } from '../kernel/context.ts';
import type { Input } from '../kernel/door.ts';
import type { Message } from '../kernel/messages.ts';
import { tendLocks } from './ddl-work.ts';
import { onFreeze, tendFreeze } from './freeze.ts';
import { doNext, onEnded, REST_TIMER, type Settled } from './mount-jobs.ts';
import { onOpeningTimer, onTermDurable, onWriterSet, RECOVER_TIMER } from './opening.ts';
import { isUnstored, turnPages } from './page-writer.ts';
import { ROOM_TIMER, tendRoom } from './room.ts';
import { bindShared } from './shared-ports.ts';
import {
  type Damage,
  isFreezing,
  isOpen,
  type Over,
  openOf,
  overOf,
  promotionOf,
  type SharedSeat,
  volumeOf,
  type WriterCall,
} from './shared-seat.ts';
import { slotUs } from './sharing.ts';
import { insertWaiting, onSlotJoin, onSlotReport, shipMetadata, tendSlots } from './slot-keeper.ts';

const TURN_TIMER = 'shared.turn';
const SLOT_TIMER = 'shared.slots';
/** Background runs between two turns of the bgwriter. */
const TURN_RUNS = 4;

export function stepWriter<E>(
  program: EngineProgram<E>,
  seat: SharedSeat<E>,
  input: Input<Message>,
  ctx: RoleContext,
): Over | null {
  if (input.kind === 'message') onMessage(program, seat, ctx, input.from, input.message);
  else if (input.kind === 'wake') onTimer(program, seat, ctx, input.timer);
  else if (input.kind === 'operatorCommand') onAgent(program, seat, ctx, input.command);
  settle(program, seat, ctx);
  return overOf(seat);
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
      onCalls(program, seat, ctx, onHostMessage(seat.host, ctx, message));
      break;
    case 'Freeze':
      onFreeze(program, seat, ctx, message);
      break;
    case 'WriterIs':
      if (message.token > seat.token) endWriter(program, seat, ctx, 'fenced', message.token);
      break;
    case 'WriterSet': {
      const set = onWriterSet(seat, ctx, message);
      if (set === 'open') openEngine(program, seat, ctx);
      else if (set === 'stale') endWriter(program, seat, ctx, 'fenced', 0 as Term);
      break;
    }
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
      if (isOpen(seat) && !isHeldBack(isFreezing(seat), message))
        program.onSqlRequest(seat.engine, ctx, bindShared(seat, ctx), from, message);
      else if (message.kind === 'SqlRequest') refuseSql(ctx, from, message, seat.phase.kind);
      break;
    default:
  }
}

function onTimer<E>(program: EngineProgram<E>, seat: SharedSeat<E>, ctx: RoleContext, timer: string): void {
  if (timer === RECOVER_TIMER) onOpeningTimer(seat, ctx);
  else if (timer === FREEZE_TIMER || timer === ROOM_TIMER)
    return; // settle looks
  else if (timer === DEVICE_TIMER) onCalls(program, seat, ctx, onHostTimer(seat.host, ctx));
  else if (timer === SLOT_TIMER) {
    wakeAt(ctx, SLOT_TIMER, (ctx.now + slotUs(seat.config)) as Time);
    tendSlots(seat, ctx);
  } else if (timer === TURN_TIMER) {
    const open = openOf(seat);
    if (open === null) return;
    open.isTurnArmed = false;
    open.budget = turnPages(seat);
  } else if (timer !== REST_TIMER && isOpen(seat))
    program.onWake(seat.engine, ctx, bindShared(seat, ctx), timer);
}

/** What a tape asks of the writer itself. */
function onAgent<E>(
  program: EngineProgram<E>,
  seat: SharedSeat<E>,
  ctx: RoleContext,
  command: OperatorCommand,
): void {
  if (!isOpen(seat)) return;
  const ports = bindShared(seat, ctx);
  if (command.kind === 'padTo') {
    const { upTo } = command;
    program.onPad(seat.engine, ctx, ports, { upTo, groups: [0], mtrLimit: seat.config.params.lal });
  } else if (command.kind === 'evictPage' || command.kind === 'pinPage' || command.kind === 'unpinPage')
    program.onPageOrder(seat.engine, ctx, ports, command);
}

function onCalls<E>(
  program: EngineProgram<E>,
  seat: SharedSeat<E>,
  ctx: RoleContext,
  all: readonly Ended<WriterCall>[],
): void {
  for (const ended of all) if (overOf(seat) === null) follow(program, seat, ctx, onEnded(seat, ctx, ended));
}

/** FS-82: a mount that is over takes the engine with it. What was committed and not acknowledged is unknown to its client. */
function follow<E>(program: EngineProgram<E>, seat: SharedSeat<E>, ctx: RoleContext, settled: Settled): void {
  const { token, host } = seat;
  if (settled === 'stale') endWriter(program, seat, ctx, 'fenced', host.device.seen as Term);
  if (settled !== 'lost' || overOf(seat) !== null) return;
  trace(ctx, { kind: 'mount.lost', volume: volumeOf(seat), token, error: host.mount?.state ?? '' });
  endWriter(program, seat, ctx, 'lost', token);
}

/** LI-74: what it has not replayed by LogIndex only a writer that reads the log can bring up to date. */
function endDamaged<E>(
  program: EngineProgram<E>,
  seat: SharedSeat<E>,
  ctx: RoleContext,
  { table, why }: Damage,
): void {
  trace(ctx, { kind: 'promote.damaged', volume: volumeOf(seat), token: seat.token, table, why });
  endWriter(program, seat, ctx, 'lost', seat.token);
}

/** FENCE-14: it writes and acknowledges nothing more; the node reads the volume from then on. */
export function endWriter<E>(
  program: EngineProgram<E>,
  seat: SharedSeat<E>,
  ctx: RoleContext,
  why: Over['why'],
  seen: Term,
): void {
  if (overOf(seat) !== null) return;
  if (isOpen(seat)) program.onFenced(seat.engine, ctx);
  seat.phase = { kind: 'fenced', over: { why, seen: Math.max(seen, seat.token) as Term } };
  wakeAt(ctx, RECOVER_TIMER, null);
  trace(ctx, { kind: 'volume.fenced', volume: volumeOf(seat), token: seat.token, seen });
  for (const timer of [TURN_TIMER, SLOT_TIMER, REST_TIMER, FREEZE_TIMER, ROOM_TIMER, DEVICE_TIMER])
    wakeAt(ctx, timer, null);
}

/** Lets everything follow what the input changed. */
function settle<E>(program: EngineProgram<E>, seat: SharedSeat<E>, ctx: RoleContext): void {
  for (let settled: Settled = 'done'; settled === 'done' && overOf(seat) === null; ) {
    deliver(program, seat, ctx);
    settled = doNext(program, seat, ctx);
    follow(program, seat, ctx, settled);
    const damage = promotionOf(seat)?.damage;
    if (damage) endDamaged(program, seat, ctx, damage);
  }
  tendFreeze(seat, ctx);
  if (tendRoom(seat, ctx)) program.onVdl(seat.engine, ctx, bindShared(seat, ctx));
  const open = openOf(seat);
  if (open === null || open.isTurnArmed || seat.flush.list.size === 0) return;
  open.isTurnArmed = true;
  wakeAt(ctx, TURN_TIMER, (ctx.now + TURN_RUNS * seat.config.params.materialiseMs * 1000) as Time);
}

/** What the mount has done goes to the engine: pages, and how far the log is durable. */
function deliver<E>(program: EngineProgram<E>, seat: SharedSeat<E>, ctx: RoleContext): void {
  insertWaiting(seat);
  onTermDurable(seat, ctx);
  const open = openOf(seat);
  if (open === null) return;
  const { config, log } = seat;
  for (let one = open.arrived.shift(); one !== undefined; one = open.arrived.shift()) {
    const { page, image } = one;
    const origin = { from: config.nodeId, readPoint: log.durable };
    program.onPage(seat.engine, ctx, bindShared(seat, ctx), page, image, origin);
    // Nobody wants it any more, and it is not stored yet.
    if (image !== null && isUnstored(seat, page) && program.pageImage(seat.engine, page) === null)
      seat.held.set(page, image);
  }
  tendLocks(program, seat, ctx);
  if (log.durable === open.notified && !seat.looksAgain) return;
  if (log.durable > open.notified && seat.sharing !== null) shipMetadata(seat, ctx);
  open.notified = log.durable;
  seat.looksAgain = false;
  program.onVdl(seat.engine, ctx, bindShared(seat, ctx));
}

function openEngine<E>(program: EngineProgram<E>, seat: SharedSeat<E>, ctx: RoleContext): void {
  if (seat.sharing !== null) wakeAt(ctx, SLOT_TIMER, (ctx.now + slotUs(seat.config)) as Time);
  program.openEngine(seat.engine, ctx, bindShared(seat, ctx), { firstStart: seat.log.isEmpty });
}
