// A writer of a volume in files, as its node steps it (docs/spec/logindex.md): the attachment's opening, then the engine on WAL and pages as files. Clients
// are answered only while the volume is open under this node's own token (FENCE-9, H8). What ends it (FENCE-14, FS-82) stands in `over`.

import type { NodeId, Term, Time } from '../../base/ids.ts';
import { DEVICE_TIMER } from '../chunk/device.ts';
import { type Ended, onHostMessage, onHostTimer } from '../chunk/mount-host.ts';
import { FREEZE_TIMER } from '../compute/attachment-freeze.ts';
import { isHeldBack, refusePointed, refuseSql } from '../compute/attachment-life.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import type { OperatorCommand } from '../kernel/commands.ts';
import { type RoleContext, trace, wakeAt } from '../kernel/context.ts';
import type { Input } from '../kernel/door.ts';
import type { Message } from '../kernel/messages.ts';
import type { PageKey } from '../page/page-key.ts';
import { tendLocks } from './ddl-work.ts';
import { onFreeze, tendFreeze } from './freeze.ts';
import { doNext, onEnded, REST_TIMER, type Settled } from './mount-jobs.ts';
import { onOpeningTimer, onTermDurable, onWriterSet, RECOVER_TIMER } from './opening.ts';
import { orderCheckpoint, traceKept } from './page-orders.ts';
import { isUnstored, turnPages } from './page-writer.ts';
import { ROOM_TIMER, tendRoom } from './room.ts';
import {
  type Damage,
  isFreezing,
  isOpen,
  type Over,
  openOf,
  overOf,
  promotionOf,
  type SharedAttachment,
  volumeOf,
  type WriterCall,
} from './shared-attachment.ts';
import { bindShared } from './shared-ports.ts';
import { slotUs } from './sharing.ts';
import { insertWaiting, onSlotJoin, onSlotReport, shipMetadata, tendSlots } from './slot-keeper.ts';

const TURN_TIMER = 'shared.turn';
const SLOT_TIMER = 'shared.slots';
/** Background runs between two turns of the bgwriter. */
const TURN_RUNS = 4;

export function stepWriter<E>(
  program: EngineProgram<E>,
  attachment: SharedAttachment<E>,
  input: Input<Message>,
  ctx: RoleContext,
): Over | null {
  if (input.kind === 'message') onMessage(program, attachment, ctx, input.from, input.message);
  else if (input.kind === 'wake') onTimer(program, attachment, ctx, input.timer);
  else if (input.kind === 'operatorCommand') onAgent(program, attachment, ctx, input.command);
  settle(program, attachment, ctx);
  return overOf(attachment);
}

function onMessage<E>(
  program: EngineProgram<E>,
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  from: NodeId,
  message: Message,
): void {
  switch (message.kind) {
    case 'ChunkAck':
    case 'ChunkData':
      onCalls(program, attachment, ctx, onHostMessage(attachment.host, ctx, message));
      break;
    case 'Freeze':
      onFreeze(program, attachment, ctx, message);
      break;
    case 'WriterIs':
      if (message.token > attachment.token) endWriter(program, attachment, ctx, 'fenced', message.token);
      break;
    case 'WriterSet': {
      const set = onWriterSet(attachment, ctx, message);
      if (set === 'open') openEngine(program, attachment, ctx);
      else if (set === 'stale') endWriter(program, attachment, ctx, 'fenced', 0 as Term);
      break;
    }
    case 'SlotJoin':
      onSlotJoin(attachment, ctx, message);
      break;
    case 'SlotReport':
      onSlotReport(attachment, ctx, message);
      break;
    case 'PointedRequest':
      refusePointed(ctx, from, message, 'NOT_READY'); // a reader was meant
      break;
    case 'SqlRequest':
    case 'SqlClose':
    case 'SqlCancel':
      if (isOpen(attachment) && !isHeldBack(isFreezing(attachment), message))
        program.onSqlRequest(attachment.engine, ctx, bindShared(attachment, ctx), from, message);
      else if (message.kind === 'SqlRequest') refuseSql(ctx, from, message, attachment.phase.kind);
      break;
    default:
  }
}

function onTimer<E>(
  program: EngineProgram<E>,
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  timer: string,
): void {
  if (timer === RECOVER_TIMER) onOpeningTimer(attachment, ctx);
  else if (timer === FREEZE_TIMER || timer === ROOM_TIMER)
    return; // settle looks
  else if (timer === DEVICE_TIMER) onCalls(program, attachment, ctx, onHostTimer(attachment.host, ctx));
  else if (timer === SLOT_TIMER) {
    wakeAt(ctx, SLOT_TIMER, (ctx.now + slotUs(attachment.config)) as Time);
    tendSlots(attachment, ctx);
  } else if (timer === TURN_TIMER) {
    const open = openOf(attachment);
    if (open === null) return;
    open.isTurnArmed = false;
    open.budget = turnPages(attachment);
  } else if (timer !== REST_TIMER && isOpen(attachment))
    program.onWake(attachment.engine, ctx, bindShared(attachment, ctx), timer);
}

/** What a tape asks of the writer itself. */
function onAgent<E>(
  program: EngineProgram<E>,
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  command: OperatorCommand,
): void {
  if (command.kind === 'checkpoint') {
    orderCheckpoint(attachment, ctx);
    return;
  }
  if (!isOpen(attachment)) {
    if (command.kind === 'evictPage') traceKept(attachment, ctx, command.blockKey as PageKey, 'closed');
    return;
  }
  const ports = bindShared(attachment, ctx);
  if (command.kind === 'padTo') {
    const { upTo } = command;
    program.onPad(attachment.engine, ctx, ports, {
      upTo,
      groups: [0],
      mtrLimit: attachment.config.params.lal,
    });
  } else if (command.kind === 'evictPage' || command.kind === 'pinPage' || command.kind === 'unpinPage')
    program.onPageOrder(attachment.engine, ctx, ports, command);
}

function onCalls<E>(
  program: EngineProgram<E>,
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  all: readonly Ended<WriterCall>[],
): void {
  for (const ended of all)
    if (overOf(attachment) === null) follow(program, attachment, ctx, onEnded(attachment, ctx, ended));
}

/** FS-82: a mount that is over takes the engine with it. What was committed and not acknowledged is unknown to its client. */
function follow<E>(
  program: EngineProgram<E>,
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  settled: Settled,
): void {
  const { token, host } = attachment;
  if (settled === 'stale') endWriter(program, attachment, ctx, 'fenced', host.device.seen as Term);
  if (settled !== 'lost' || overOf(attachment) !== null) return;
  trace(ctx, { kind: 'mount.lost', volume: volumeOf(attachment), token, error: host.mount?.state ?? '' });
  endWriter(program, attachment, ctx, 'lost', token);
}

/** LI-74: what it has not replayed by LogIndex only a writer that reads the log can bring up to date. */
function endDamaged<E>(
  program: EngineProgram<E>,
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  { table, why }: Damage,
): void {
  trace(ctx, { kind: 'promote.damaged', volume: volumeOf(attachment), token: attachment.token, table, why });
  endWriter(program, attachment, ctx, 'lost', attachment.token);
}

/** FENCE-14: it writes and acknowledges nothing more; the node reads the volume from then on. */
export function endWriter<E>(
  program: EngineProgram<E>,
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  why: Over['why'],
  seen: Term,
): void {
  if (overOf(attachment) !== null) return;
  if (isOpen(attachment)) program.onFenced(attachment.engine, ctx);
  attachment.phase = { kind: 'fenced', over: { why, seen: Math.max(seen, attachment.token) as Term } };
  wakeAt(ctx, RECOVER_TIMER, null);
  trace(ctx, { kind: 'volume.fenced', volume: volumeOf(attachment), token: attachment.token, seen });
  for (const timer of [TURN_TIMER, SLOT_TIMER, REST_TIMER, FREEZE_TIMER, ROOM_TIMER, DEVICE_TIMER])
    wakeAt(ctx, timer, null);
}

/** Lets everything follow what the input changed. */
function settle<E>(program: EngineProgram<E>, attachment: SharedAttachment<E>, ctx: RoleContext): void {
  for (let settled: Settled = 'done'; settled === 'done' && overOf(attachment) === null; ) {
    deliver(program, attachment, ctx);
    settled = doNext(program, attachment, ctx);
    follow(program, attachment, ctx, settled);
    const damage = promotionOf(attachment)?.damage;
    if (damage) endDamaged(program, attachment, ctx, damage);
  }
  tendFreeze(attachment, ctx);
  if (tendRoom(attachment, ctx)) program.onVdl(attachment.engine, ctx, bindShared(attachment, ctx));
  const open = openOf(attachment);
  if (open === null || open.isTurnArmed || attachment.flush.list.size === 0) return;
  open.isTurnArmed = true;
  wakeAt(ctx, TURN_TIMER, (ctx.now + TURN_RUNS * attachment.config.params.materialiseMs * 1000) as Time);
}

/** What the mount has done goes to the engine: pages, and how far the log is durable. */
function deliver<E>(program: EngineProgram<E>, attachment: SharedAttachment<E>, ctx: RoleContext): void {
  insertWaiting(attachment);
  onTermDurable(attachment, ctx);
  const open = openOf(attachment);
  if (open === null) return;
  const { config, log } = attachment;
  for (let one = open.arrived.shift(); one !== undefined; one = open.arrived.shift()) {
    const { page, image } = one;
    const origin = { from: config.nodeId, readPoint: log.durable };
    program.onPage(attachment.engine, ctx, bindShared(attachment, ctx), page, image, origin);
    // Nobody wants it any more, and it is not stored yet.
    if (image !== null && isUnstored(attachment, page) && program.pageImage(attachment.engine, page) === null)
      attachment.held.set(page, image);
  }
  tendLocks(program, attachment, ctx);
  if (log.durable === open.notified && !attachment.looksAgain) return;
  if (log.durable > open.notified && attachment.sharing !== null) shipMetadata(attachment, ctx);
  open.notified = log.durable;
  attachment.looksAgain = false;
  program.onVdl(attachment.engine, ctx, bindShared(attachment, ctx));
}

function openEngine<E>(program: EngineProgram<E>, attachment: SharedAttachment<E>, ctx: RoleContext): void {
  if (attachment.sharing !== null) wakeAt(ctx, SLOT_TIMER, (ctx.now + slotUs(attachment.config)) as Time);
  program.openEngine(attachment.engine, ctx, bindShared(attachment, ctx), {
    firstStart: attachment.log.isEmpty,
  });
}
