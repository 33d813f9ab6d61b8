// How an attachment changes its part without a restart of its node: a writer that is fenced ends, and where the volume has an HA group reads it
// from then on (FENCE-14); a standby that was granted a token recovers the volume and writes it (READ-32, H2 to H8). What a planned
// switchover asks of the writer is here, too (W2, W3).

import type { Lsn, NodeId, Term } from '../../base/ids.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import { type RoleContext, send, trace, wakeAt } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { RECOVER_TIMER, startGranted, startRecovery } from '../quorum-log/recovery.ts';
import { FLUSH_TIMER } from '../quorum-log/writer-append.ts';
import { READ_TIMER } from '../quorum-log/writer-reads.ts';
import { BEAT_TIMER, RESEND_TIMER } from '../quorum-log/writer-send.ts';
import type { WriterState } from '../quorum-log/writer-state.ts';
import { fenceWriter } from '../quorum-log/writer-watermarks.ts';
import { SHIP_TIMER } from '../reader/journal-sender.ts';
import { driveFreeze, type Handed, isLogFrozen, noFreeze, takeFreeze } from './attachment-freeze.ts';
import { quorumSilence } from './attachment-reach.ts';
import { type Attachment, adoptReceivers, beginAnew } from './attachment-state.ts';
import { openCommands } from './connections.ts';
import { leaveReading, startReader } from './reader-attachment.ts';
import { beginAbove, followWriter } from './reader-session.ts';
import { isJoined, isOpened } from './reader-state.ts';
import { bindWriter } from './writer-ports.ts';

/** FENCE-14: what was acknowledged stands; nothing more is written or acknowledged; the node stays idle. */
export function becomeFenced<E>(engine: EngineProgram<E>, attachment: Attachment<E>, ctx: RoleContext): void {
  if (attachment.status === 'fenced') return;
  const wasOpen = attachment.status === 'open';
  attachment.status = 'fenced';
  if (attachment.sender) wakeAt(ctx, SHIP_TIMER, null);
  for (const timer of [RECOVER_TIMER, FLUSH_TIMER, RESEND_TIMER, BEAT_TIMER, READ_TIMER])
    wakeAt(ctx, timer, null);
  if (wasOpen) engine.onFenced(attachment.engine, ctx);
}

/** WAL-45: the volume is gone. The writer ends as one that is fenced does, and the node waits for another volume, as at its start. */
export function giveUpVolume<E>(engine: EngineProgram<E>, attachment: Attachment<E>, ctx: RoleContext): void {
  becomeFenced(engine, attachment, ctx);
  trace(ctx, { kind: 'volume.left', volume: attachment.recovery.volume });
  beginAnew(engine, attachment, '', false);
  startAttachment(attachment, ctx);
}

export const startAttachment = <E>({ reader, recovery }: Attachment<E>, ctx: RoleContext): void =>
  reader ? startReader(reader, ctx) : startRecovery(recovery, ctx);

/** Ends what is fenced; where the PCS appoints the writer the attachment reads the volume from then on. */
export function endFenced<E>(program: EngineProgram<E>, attachment: Attachment<E>, ctx: RoleContext): void {
  const { ha, writer, recovery } = attachment;
  becomeFenced(program, attachment, ctx);
  if (!ha) return;
  ha.reach = null;
  ha.token = Math.max(ha.token, recovery.token, writer?.fencedBy ?? 0) as Term;
  beginAnew(program, attachment, recovery.volume, false);
  const { reader } = attachment;
  if (!reader) return;
  beginAbove(reader, ha.epoch);
  trace(ctx, {
    kind: 'attachment.mode',
    volume: recovery.volume,
    mode: 'ro',
    token: ha.token,
    why: 'fenced',
  });
  startReader(reader, ctx);
}

/** H2: the token was granted to this life of the node. One that it has worked under or seen before begins nothing. */
export function onPromote<E>(
  program: EngineProgram<E>,
  attachment: Attachment<E>,
  ctx: RoleContext,
  grant: MessageOf<'Promote'>,
): void {
  const { ha, reader } = attachment;
  const { token, boot, volume } = grant;
  if (!ha || boot !== ha.incarnation || token <= ha.token) return;
  if (reader) {
    leaveReading(program, attachment.engine, reader, ctx);
    ha.epoch = Math.max(reader.epoch, reader.lastAsked);
  } else becomeFenced(program, attachment, ctx);
  ha.token = token;
  openCommands(ha.commands, token);
  ha.freeze = noFreeze;
  ha.reach = null;
  adoptReceivers(attachment, grant.receivers);
  const warm = reader ? { engine: attachment.engine, receiver: reader.receiver } : attachment.warm;
  beginAnew(program, attachment, attachment.recovery.volume, true);
  attachment.warm = warm;
  trace(ctx, { kind: 'attachment.mode', volume, mode: 'rw', token, why: 'granted' });
  startGranted(attachment.recovery, ctx, grant);
}

/** Another node has the volume open under this token (W7, FENCE-14). */
export function onWriterIs<E>(
  { reader, writer, recovery }: Attachment<E>,
  ctx: RoleContext,
  m: MessageOf<'WriterIs'>,
): void {
  const { token, volume } = m;
  if (reader) followWriter(reader, ctx, m.writer, token);
  else if (writer) fenceWriter(writer, ctx, token);
  else if (token > recovery.token && recovery.phase !== 'fenced') {
    recovery.phase = 'fenced';
    trace(ctx, { kind: 'volume.fenced', volume, token: recovery.token, seen: token });
  }
}

/** FENCE-20: what the PCS chooses candidates by. */
export function reportAttachment<E>(attachment: Attachment<E>, ctx: RoleContext, to: NodeId): void {
  const { ha, reader, recovery, writer } = attachment;
  if (!ha) return;
  const applyLsn = (reader ? (isOpened(reader) ? reader.receiver.applyLsn : -1) : (writer?.vdl ?? -1)) as Lsn;
  send(ctx, to, {
    kind: 'AttachmentReport',
    volume: recovery.volume,
    boot: ha.incarnation,
    mode: reader ? 'ro' : 'rw',
    token: reader ? (isJoined(reader) ? reader.receiver.token : (0 as Term)) : recovery.token,
    applyLsn,
    isFrozen: ha.freeze.kind !== 'none',
    quorumUs: quorumSilence(attachment, ctx.now),
  });
}

const handed = ({ volume, term: token, vdl, tail, meta }: WriterState): Handed => ({
  volume,
  token,
  vdl,
  tail,
  meta,
});

/** A planned switchover asks the writer to hand over (W2, W3). */
export function onFreeze<E>(
  program: EngineProgram<E>,
  attachment: Attachment<E>,
  ctx: RoleContext,
  message: MessageOf<'Freeze'>,
): void {
  const { ha, writer } = attachment;
  if (!ha || !writer || attachment.status !== 'open' || message.token !== writer.term) return;
  if (!takeFreeze(ha, handed(writer), ctx, message)) return;
  writer.isFrozen = false;
  program.onVdl(attachment.engine, ctx, bindWriter(writer, ctx)); // who waits for the log goes on
}

export function tendFreeze<E>({ ha, writer, config }: Attachment<E>, ctx: RoleContext): void {
  if (!ha || !writer || ha.freeze.kind === 'none') return;
  driveFreeze(ha, handed(writer), ctx, has(config.mutants, 'attachment.hands-over-early'));
  writer.isFrozen = isLogFrozen(ha.freeze);
}
