// An attachment of mode `ro` (docs/spec/readers.md): no recovery and no writer. It joins the writer's stream of log records, keeps
// the pages of its buffer up by them, serves SELECT at its visible LSN, reads missing pages from the stores, and reports the
// least read point that it still needs. It is ready with the first RoAccept, whatever the data and the backlog (READ-30).

import type { NodeId, Time } from '../../base/ids.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import { type RoleContext, trace, wakeAt } from '../kernel/context.ts';
import type { Input } from '../kernel/door.ts';
import type { Message } from '../kernel/messages.ts';
import { JOIN_US, REPORT_US, SILENCE_US } from '../reader/reader-limits.ts';
import { onReaderReadTimer, READER_READ_TIMER } from '../reader/reader-reads.ts';
import { isEnded, sendAway } from './attachment-life.ts';
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
import { isJoined, isOpened, type ReaderAttachment, type ReaderStep } from './reader-state.ts';
import { APPLY_TIMER, apply, onAccept, onJournal, onPageReply, onVdl, takeJournal } from './reader-stream.ts';

export function startReader(attachment: ReaderAttachment, ctx: RoleContext): void {
  if (!startClassic(attachment, ctx)) beginJoining(attachment, ctx); // it joins once its file is read
}

export function stepReader<E>(
  program: EngineProgram<E>,
  engine: E,
  attachment: ReaderAttachment,
  meta: NodeId,
  input: Input<Message>,
  ctx: RoleContext,
): void {
  const { reader } = program;
  if (!reader) return;
  const ports = new ReaderPorts(attachment, ctx, meta);
  const cache = reader.readerCache(engine, ctx, ports);
  const step: ReaderStep<E> = { attachment, meta, engine, program, reader, ctx, ports, cache };
  if (input.kind === 'message') onMessage(step, input.from, input.message);
  else if (input.kind === 'wake') onTimer(step, input.timer);
  else if (input.kind === 'readDone') {
    if (onFileRead(step, input) === 'read') beginJoining(attachment, ctx);
  } else if (input.kind === 'diskDone') {
    const m = onFileWritten(attachment, input);
    if (m !== null && isOfStream(step, m)) takeJournal(step, m);
  }
}

function onMessage<E>(step: ReaderStep<E>, from: NodeId, message: Message): void {
  const { attachment, ctx, engine, program, ports } = step;
  switch (message.kind) {
    case 'RoAccept':
      if (isAwaited(attachment, message.epoch)) onAccept(step, from, message);
      break;
    case 'Journal':
      if (isOfStream(step, message) && !storeJournal(attachment, ctx, message)) onJournal(step, message);
      break;
    case 'RuntimeInfo':
      if (!isOfStream(step, message)) break;
      attachment.runtime = message.runtime;
      attachment.reads.descriptors = message.descriptors;
      onVdl(step, message.vdl);
      break;
    case 'RoRevoke':
      if (message.why === 'old') onOldEpoch(attachment, ctx, message.epoch);
      else if (message.why === 'removed') endReading(step, message.why);
      else if (message.epoch === attachment.epoch && isJoined(attachment)) onRevoked(step, message.why);
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
    case 'SqlCancel':
      attachment.waiters = attachment.waiters.filter((one) => one.from !== from || !isEnded(one, message));
      program.onSqlRequest(engine, ctx, ports, from, message);
      break;
    default:
      break;
  }
}

/** The attachment is to write the volume: whoever waits here is sent on, what is open ends. */
export function leaveReading<E>(
  program: EngineProgram<E>,
  engine: E,
  attachment: ReaderAttachment,
  ctx: RoleContext,
): void {
  sendAway(attachment, ctx);
  for (const timer of [TICK_TIMER, APPLY_TIMER, READER_READ_TIMER]) wakeAt(ctx, timer, null);
  if (isOpened(attachment)) program.onFenced(engine, ctx);
}

/** READ-28: below the raised PGMRPL nothing can be promised; it joins again. */
function onRevoked<E>(step: ReaderStep<E>, why: string): void {
  const { attachment, ctx, reader, engine, ports } = step;
  const { epoch, volume } = attachment;
  trace(ctx, { kind: 'ro.lost', epoch, why, volume });
  reader.endViews(engine, ctx, ports);
  attachment.mrpl = attachment.receiver.applyLsn; // older views have ended
  joinWriter(attachment, ctx);
  attachment.session = { kind: 'revoked' };
}

/** PCS-79: its last session is over; who waits here goes to another node, a transaction that is open here is lost. */
function endReading<E>(step: ReaderStep<E>, why: string): void {
  const { attachment, ctx, reader, engine, ports } = step;
  if (attachment.session.kind === 'removed') return;
  const { epoch, volume } = attachment;
  attachment.session = { kind: 'removed', wasOpened: isOpened(attachment) };
  trace(ctx, { kind: 'ro.lost', epoch, why, volume });
  if (isOpened(attachment)) reader.endViews(engine, ctx, ports);
  sendAway(attachment, ctx);
}

function onTimer<E>(step: ReaderStep<E>, timer: string): void {
  const { attachment, ctx, program, engine, ports } = step;
  if (timer === TICK_TIMER) onTick(step);
  else if (timer === READER_READ_TIMER) onReaderReadTimer(attachment.reads, ctx);
  else if (timer === APPLY_TIMER) {
    attachment.applyDue = false;
    apply(step);
  } else program.onWake(engine, ctx, ports, timer);
}

/** READ-26 and READ-30: reports, and joins again when nothing comes. */
function onTick<E>(step: ReaderStep<E>): void {
  const { attachment, ctx, reader, engine, ports } = step;
  wakeAt(ctx, TICK_TIMER, (ctx.now + (isJoined(attachment) ? REPORT_US : JOIN_US)) as Time);
  serveWaiters(step);
  tendClassic(attachment, ctx);
  if (!isJoined(attachment)) {
    attachment.writer++;
    joinWriter(attachment, ctx);
    return;
  }
  if (ctx.now >= attachment.heardAt + SILENCE_US) {
    joinWriter(attachment, ctx);
    return;
  }
  report(attachment, ctx, reader.trimReader(engine, ports));
}
