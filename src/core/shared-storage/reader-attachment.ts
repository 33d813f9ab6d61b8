// A reader of a volume in files (docs/spec/logindex.md §5, §7), as its node steps it: mounts read-only, registers, takes the tables that its writer has
// saved and the WAL above them, then metadata as it comes; serves SELECT at applyLsn while its lease lasts. It writes nothing (LI-2, LI-33).

import type { NodeId, Time } from '../../base/ids.ts';
import { DEVICE_TIMER } from '../chunk/device.ts';
import { onHostMessage, onHostTimer } from '../chunk/mount-host.ts';
import { isEnded, refusePointed, sendAway } from '../compute/attachment-life.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import type { OperatorCommand } from '../kernel/commands.ts';
import { type RoleContext, trace, wakeAt } from '../kernel/context.ts';
import type { Input } from '../kernel/door.ts';
import type { Message } from '../kernel/messages.ts';
import { evictReplayed, refuseCheckpoint } from './page-orders.ts';
import { issueCalls, onEnded } from './reader-calls.ts';
import { replayLocks } from './reader-ddl.ts';
import { bindReader } from './reader-ports.ts';
import { onRequest, serveWaiters } from './reader-requests.ts';
import { followWriter, joinAgain, onGiven, onMetadata, report, tendSlot } from './reader-slot.ts';
import { type ReaderStep, serves } from './reader-step.ts';
import type { SharedReader } from './shared-reader.ts';
import { slotUs } from './sharing.ts';

const TICK_TIMER = 'shared.tick';

export function startSharedReader<E>(_: SharedReader<E>, ctx: RoleContext): void {
  wakeAt(ctx, TICK_TIMER, (ctx.now + 1) as Time);
}

/** P2: it reads no more; who waits here is led on, views and transactions that are open here end. */
export function leaveReading<E>(
  program: EngineProgram<E>,
  attachment: SharedReader<E>,
  ctx: RoleContext,
): void {
  const { epoch, config, phase } = attachment;
  sendAway(attachment, ctx);
  wakeAt(ctx, TICK_TIMER, null);
  wakeAt(ctx, DEVICE_TIMER, null);
  if (phase.kind === 'ready')
    trace(ctx, { kind: 'ro.lost', epoch, why: 'promoted', volume: config.cluster.volume });
  if (attachment.isOpened) program.onFenced(attachment.engine, ctx);
}

export function stepSharedReader<E>(
  program: EngineProgram<E>,
  attachment: SharedReader<E>,
  input: Input<Message>,
  ctx: RoleContext,
): void {
  if (!program.reader) return;
  const step = { attachment, program, reader: program.reader, ctx };
  if (input.kind === 'message' && input.message.kind === 'WriterIs') {
    followWriter(step, input.message.writer, input.message.token);
    return;
  }
  if (attachment.phase.kind === 'ready' && !serves(attachment, ctx.now)) joinAgain(step, 'lease'); // before anything is answered
  if (input.kind === 'message') onMessage(step, input.from, input.message);
  else if (input.kind === 'wake') onTimer(step, input.timer);
  else if (input.kind === 'operatorCommand') onOrder(attachment, program, ctx, input.command);
  issueCalls(step);
  const { phase } = attachment;
  if (phase.kind === 'ready' && phase.slot.locks.size > 0 && replayLocks(step, phase))
    report(attachment, ctx);
}

/** Of what a tape asks of its node, what a reader has: its pool. */
function onOrder<E>(
  attachment: SharedReader<E>,
  program: EngineProgram<E>,
  ctx: RoleContext,
  command: OperatorCommand,
): void {
  if (command.kind === 'checkpoint') refuseCheckpoint(attachment, ctx);
  else if (command.kind === 'evictPage') evictReplayed(attachment, program, ctx, command);
}

function onMessage<E>(step: ReaderStep<E>, from: NodeId, message: Message): void {
  const { attachment, program, ctx } = step;
  switch (message.kind) {
    case 'ChunkAck':
    case 'ChunkData':
      for (const ended of onHostMessage(attachment.host, ctx, message)) onEnded(step, ended);
      break;
    case 'SlotGiven':
      onGiven(attachment, ctx, message);
      break;
    case 'WalMeta':
      onMetadata(step, message);
      break;
    case 'SlotEnded':
      if (message.epoch === attachment.epoch) joinAgain(step, 'ended');
      break;
    case 'PointedRequest':
      onRequest(step, from, message);
      break;
    case 'SqlRequest':
      refusePointed(ctx, from, message, 'READ_ONLY');
      break;
    case 'SqlClose':
    case 'SqlCancel':
      attachment.waiters = attachment.waiters.filter((one) => one.from !== from || !isEnded(one, message));
      if (attachment.isOpened)
        program.onSqlRequest(attachment.engine, ctx, bindReader(attachment), from, message);
      break;
    default:
  }
}

function onTimer<E>(step: ReaderStep<E>, timer: string): void {
  const { attachment, program, ctx } = step;
  if (timer === DEVICE_TIMER) {
    for (const ended of onHostTimer(attachment.host, ctx)) onEnded(step, ended);
  } else if (timer === TICK_TIMER) {
    wakeAt(ctx, TICK_TIMER, (ctx.now + slotUs(attachment.config)) as Time);
    serveWaiters(step);
    tendSlot(step);
  } else if (attachment.isOpened) program.onWake(attachment.engine, ctx, bindReader(attachment), timer);
}
