// A reader's session with the writer (docs/spec/readers.md): it asks to join, follows the writer, judges which answers and which
// journal are of the session, and reports the least read point that it still needs.

import type { Lsn, NodeId, Time } from '../../base/ids.ts';
import { type RoleContext, send, trace, wakeAt } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { ANSWER_US, JOIN_US } from '../reader/reader-limits.ts';
import { haveOf, isReplaying } from './classic-reader.ts';
import { isJoined, type ReaderAttachment, type ReaderStep } from './reader-state.ts';

export const TICK_TIMER = 'ro.tick';

export function beginJoining(attachment: ReaderAttachment, ctx: RoleContext): void {
  joinWriter(attachment, ctx);
  wakeAt(ctx, TICK_TIMER, (ctx.now + JOIN_US) as Time);
}

/** READ-8: of the session and the term that accepted this reader; a higher token means that it has to join again. */
export function isOfStream<E>(
  { attachment, ctx }: ReaderStep<E>,
  { epoch, token, kind }: MessageOf<'Journal' | 'RuntimeInfo'>,
): boolean {
  if (!isJoined(attachment) || epoch !== attachment.epoch) return false;
  if (token === attachment.receiver.token) {
    attachment.heardAt = ctx.now;
    return true;
  }
  if (token > attachment.receiver.token && kind === 'Journal') joinWriter(attachment, ctx);
  return false;
}

/** A new session: until it is accepted nothing of a stream is taken, and reads go on at the visible LSN. */
export function joinWriter(attachment: ReaderAttachment, ctx: RoleContext): void {
  const to = attachment.writers[attachment.writer % attachment.writers.length];
  if (attachment.session.kind === 'removed') return;
  attachment.epoch = Math.max(attachment.epoch, attachment.lastAsked) + 1;
  attachment.lastAsked = attachment.epoch;
  attachment.joinedAt = ctx.now;
  if (isJoined(attachment)) {
    attachment.firstAsked = attachment.epoch;
    attachment.session = { kind: 'joining' };
  }
  if (to === undefined) return;
  const { volume, name: reader, epoch, receiver, mrpl } = attachment;
  const have = haveOf(attachment);
  send(ctx, to, { kind: 'RoJoin', volume, reader, epoch, history: [...receiver.history], have, mrpl });
}

/** The volume is open at that writer: the reader joins it at once, unless it has, or has just asked. */
export function followWriter(
  attachment: ReaderAttachment,
  ctx: RoleContext,
  writer: NodeId,
  token: number,
): void {
  const { joinedAt, receiver, writers, name } = attachment;
  if (writer !== name && !writers.includes(writer)) writers.push(writer); // it was added after this node
  const place = writers.indexOf(writer);
  if (place < 0 || (isJoined(attachment) && token <= receiver.token) || token < receiver.token) return;
  const isAsked = !isJoined(attachment) && attachment.writer % writers.length === place;
  if (isAsked && ctx.now >= joinedAt && ctx.now < joinedAt + ANSWER_US) return;
  attachment.writer = place;
  joinWriter(attachment, ctx);
}

/** The joins of an earlier part of the attachment count no more. */
export function beginAbove(attachment: ReaderAttachment, epoch: number): void {
  attachment.epoch = Math.max(attachment.epoch, epoch);
  attachment.lastAsked = attachment.epoch;
  attachment.firstAsked = attachment.epoch + 1;
}

/** Of a session that it has begun since, only a later answer counts: the writer has taken that one's place. */
export function isAwaited(attachment: ReaderAttachment, answered: number): boolean {
  const { session, epoch, firstAsked, lastAsked } = attachment;
  if (session.kind === 'removed' || answered > lastAsked) return false;
  return isJoined(attachment) ? answered > epoch : answered >= firstAsked;
}

/** READ-36: the disk that counted its lives is lost; its sessions go on above those that the writer knows. */
export function onOldEpoch(attachment: ReaderAttachment, ctx: RoleContext, known: number): void {
  if (known <= attachment.epoch) return; // an older join that came late
  if (!isJoined(attachment)) beginAbove(attachment, known);
  else attachment.epoch = known;
  joinWriter(attachment, ctx);
}

export function report(attachment: ReaderAttachment, ctx: RoleContext, least: Lsn): void {
  const { receiver, volume, name: reader, epoch, mutants } = attachment;
  const { applyLsn } = receiver;
  const open = has(mutants, 'reader.reports-newest-mrpl') ? applyLsn : Math.min(least, applyLsn);
  const mrpl = (isReplaying(attachment) ? attachment.mrpl : open) as Lsn;
  const to = attachment.writers[attachment.writer % attachment.writers.length];
  if (to === undefined) return;
  if (mrpl !== attachment.mrpl) trace(ctx, { kind: 'ro.mrpl', mrpl, applyLsn, volume });
  attachment.mrpl = mrpl;
  const have = (receiver.expected - 1) as Lsn;
  send(ctx, to, { kind: 'RoReport', volume, reader, epoch, have, applyLsn, mrpl });
}
