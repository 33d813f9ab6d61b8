// A seat of mode `ro` (docs/spec/readers.md): no recovery and no writer. It joins the writer's stream of log records, keeps
// the pages of its buffer up by them, serves SELECT at its visible LSN, reads missing pages from the stores, and reports the
// least read point that it still needs. It is ready with the first RoAccept, whatever the data and the backlog (READ-30).

import type { NodeId, Time } from '../../base/ids.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import { type RoleContext, trace, wakeAt } from '../kernel/context.ts';
import type { Input } from '../kernel/door.ts';
import type { Message } from '../kernel/messages.ts';
import { JOIN_US, REPORT_US, SILENCE_US } from '../reader/reader-limits.ts';
import { onReaderReadTimer, READER_READ_TIMER } from '../reader/reader-reads.ts';
import { onFileRead, onFileWritten, startClassic, storeJournal, tendClassic } from './classic-reader.ts';
import { ReaderPorts } from './reader-ports.ts';
import { onRequest, refuse, serveWaiters } from './reader-requests.ts';
import {
  beginJoining,
  isAwaited,
  isOfStream,
  joinWriter,
  onOldEpoch,
  report,
  TICK_TIMER,
} from './reader-session.ts';
import { isJoined, isOpened, type ReaderSeat, type ReaderStep } from './reader-state.ts';
import { APPLY_TIMER, apply, onAccept, onJournal, onPageReply, onVdl, takeJournal } from './reader-stream.ts';
import { sendAway } from './seat-life.ts';

export function startReader(seat: ReaderSeat, ctx: RoleContext): void {
  if (!startClassic(seat, ctx)) beginJoining(seat, ctx); // it joins once its file is read
}

export function stepReader<E>(
  program: EngineProgram<E>,
  engine: E,
  seat: ReaderSeat,
  meta: NodeId,
  input: Input<Message>,
  ctx: RoleContext,
): void {
  const { reader } = program;
  if (!reader) return;
  const ports = new ReaderPorts(seat, ctx, meta);
  const cache = reader.readerCache(engine, ctx, ports);
  const step: ReaderStep<E> = { seat, meta, engine, program, reader, ctx, ports, cache };
  if (input.kind === 'message') onMessage(step, input.from, input.message);
  else if (input.kind === 'wake') onTimer(step, input.timer);
  else if (input.kind === 'readDone') {
    if (onFileRead(step, input) === 'read') beginJoining(seat, ctx);
  } else if (input.kind === 'diskDone') {
    const m = onFileWritten(seat, input);
    if (m !== null && isOfStream(step, m)) takeJournal(step, m);
  }
}

function onMessage<E>(step: ReaderStep<E>, from: NodeId, message: Message): void {
  const { seat, ctx, engine, program, ports } = step;
  switch (message.kind) {
    case 'RoAccept':
      if (isAwaited(seat, message.epoch)) onAccept(step, from, message);
      break;
    case 'Journal':
      if (isOfStream(step, message) && !storeJournal(seat, ctx, message)) onJournal(step, message);
      break;
    case 'RuntimeInfo':
      if (!isOfStream(step, message)) break;
      seat.runtime = message.runtime;
      seat.reads.descriptors = message.descriptors;
      onVdl(step, message.vdl);
      break;
    case 'RoRevoke':
      if (message.why === 'old') onOldEpoch(seat, ctx, message.epoch);
      else if (message.why === 'removed') endReading(step, message.why);
      else if (message.epoch === seat.epoch && isJoined(seat)) onRevoked(step, message.why);
      break;
    case 'PageReply':
      onPageReply(step, from, message);
      break;
    case 'Views':
      program.onViews(engine, ctx, ports, message);
      break;
    case 'NodeRemoved':
      endReading(step, 'removed');
      break;
    case 'PointedRequest':
      onRequest(step, from, message);
      break;
    case 'SqlRequest':
      refuse(step, from, message, 'READ_ONLY');
      break;
    case 'SqlClose':
      seat.waiters = seat.waiters.filter(
        (one) => one.from !== from || one.message.session !== message.session,
      );
      program.onSqlRequest(engine, ctx, ports, from, message);
      break;
    default:
      break;
  }
}

/** The seat is to write the volume: whoever waits here is sent on, what is open ends. */
export function leaveReading<E>(
  program: EngineProgram<E>,
  engine: E,
  seat: ReaderSeat,
  ctx: RoleContext,
): void {
  sendAway(seat, ctx);
  for (const timer of [TICK_TIMER, APPLY_TIMER, READER_READ_TIMER]) wakeAt(ctx, timer, null);
  if (isOpened(seat)) program.onFenced(engine, ctx);
}

/** READ-28: below the raised PGMRPL nothing can be promised; it joins again. */
function onRevoked<E>(step: ReaderStep<E>, why: string): void {
  const { seat, ctx, reader, engine, ports } = step;
  const { epoch, volume } = seat;
  trace(ctx, { kind: 'ro.lost', epoch, why, volume });
  reader.endViews(engine, ctx, ports);
  seat.mrpl = seat.receiver.applyLsn; // older views have ended
  joinWriter(seat, ctx);
  seat.session = { kind: 'revoked' };
}

/** PCS-79: its last session is over; who waits here goes to another node, a transaction that is open here is lost. */
function endReading<E>(step: ReaderStep<E>, why: string): void {
  const { seat, ctx, reader, engine, ports } = step;
  if (seat.session.kind === 'removed') return;
  const { epoch, volume } = seat;
  seat.session = { kind: 'removed', wasOpened: isOpened(seat) };
  trace(ctx, { kind: 'ro.lost', epoch, why, volume });
  if (isOpened(seat)) reader.endViews(engine, ctx, ports);
  sendAway(seat, ctx);
}

function onTimer<E>(step: ReaderStep<E>, timer: string): void {
  const { seat, ctx, program, engine, ports } = step;
  if (timer === TICK_TIMER) onTick(step);
  else if (timer === READER_READ_TIMER) onReaderReadTimer(seat.reads, ctx);
  else if (timer === APPLY_TIMER) {
    seat.applyDue = false;
    apply(step);
  } else program.onWake(engine, ctx, ports, timer);
}

/** READ-26 and READ-30: reports, and joins again when nothing comes. */
function onTick<E>(step: ReaderStep<E>): void {
  const { seat, ctx, reader, engine, ports } = step;
  wakeAt(ctx, TICK_TIMER, (ctx.now + (isJoined(seat) ? REPORT_US : JOIN_US)) as Time);
  serveWaiters(step);
  tendClassic(seat, ctx);
  if (!isJoined(seat)) {
    seat.writer++;
    joinWriter(seat, ctx);
    return;
  }
  if (ctx.now >= seat.heardAt + SILENCE_US) {
    joinWriter(seat, ctx);
    return;
  }
  report(seat, ctx, reader.trimReader(engine, ports));
}
