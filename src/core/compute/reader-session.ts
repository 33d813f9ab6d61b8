// A reader's session with the writer (docs/spec/readers.md): it asks to join, follows the writer, judges which answers and which
// journal are of the session, and reports the least read point that it still needs.

import type { Lsn, NodeId, Time } from '../../base/ids.ts';
import { type RoleContext, send, trace, wakeAt } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { ANSWER_US, JOIN_US } from '../reader/reader-limits.ts';
import { haveOf, isReplaying } from './classic-reader.ts';
import { isJoined, type ReaderSeat, type ReaderStep } from './reader-state.ts';

export const TICK_TIMER = 'ro.tick';

export function beginJoining(seat: ReaderSeat, ctx: RoleContext): void {
  joinWriter(seat, ctx);
  wakeAt(ctx, TICK_TIMER, (ctx.now + JOIN_US) as Time);
}

/** READ-8: of the session and the term that accepted this reader; a higher token means that it has to join again. */
export function isOfStream<E>(
  { seat, ctx }: ReaderStep<E>,
  { epoch, token, kind }: MessageOf<'Journal' | 'RuntimeInfo'>,
): boolean {
  if (!isJoined(seat) || epoch !== seat.epoch) return false;
  if (token === seat.receiver.token) {
    seat.heardAt = ctx.now;
    return true;
  }
  if (token > seat.receiver.token && kind === 'Journal') joinWriter(seat, ctx);
  return false;
}

/** A new session: until it is accepted nothing of a stream is taken, and reads go on at the visible LSN. */
export function joinWriter(seat: ReaderSeat, ctx: RoleContext): void {
  const to = seat.writers[seat.writer % seat.writers.length];
  if (seat.session.kind === 'removed') return;
  seat.epoch = Math.max(seat.epoch, seat.lastAsked) + 1;
  seat.lastAsked = seat.epoch;
  seat.joinedAt = ctx.now;
  if (isJoined(seat)) {
    seat.firstAsked = seat.epoch;
    seat.session = { kind: 'joining' };
  }
  if (to === undefined) return;
  const { volume, name: reader, epoch, receiver, mrpl } = seat;
  const have = haveOf(seat);
  send(ctx, to, { kind: 'RoJoin', volume, reader, epoch, history: [...receiver.history], have, mrpl });
}

/** The volume is open at that writer: the reader joins it at once, unless it has, or has just asked. */
export function followWriter(seat: ReaderSeat, ctx: RoleContext, writer: NodeId, token: number): void {
  const { joinedAt, receiver, writers, name } = seat;
  if (writer !== name && !writers.includes(writer)) writers.push(writer); // it was added after this node
  const place = writers.indexOf(writer);
  if (place < 0 || (isJoined(seat) && token <= receiver.token) || token < receiver.token) return;
  const isAsked = !isJoined(seat) && seat.writer % writers.length === place;
  if (isAsked && ctx.now >= joinedAt && ctx.now < joinedAt + ANSWER_US) return;
  seat.writer = place;
  joinWriter(seat, ctx);
}

/** The joins of an earlier part of the seat count no more. */
export function beginAbove(seat: ReaderSeat, epoch: number): void {
  seat.epoch = Math.max(seat.epoch, epoch);
  seat.lastAsked = seat.epoch;
  seat.firstAsked = seat.epoch + 1;
}

/** Of a session that it has begun since, only a later answer counts: the writer has taken that one's place. */
export function isAwaited(seat: ReaderSeat, answered: number): boolean {
  const { session, epoch, firstAsked, lastAsked } = seat;
  if (session.kind === 'removed' || answered > lastAsked) return false;
  return isJoined(seat) ? answered > epoch : answered >= firstAsked;
}

/** READ-36: the disk that counted its lives is lost; its sessions go on above those that the writer knows. */
export function onOldEpoch(seat: ReaderSeat, ctx: RoleContext, known: number): void {
  if (known <= seat.epoch) return; // an older join that came late
  if (!isJoined(seat)) beginAbove(seat, known);
  else seat.epoch = known;
  joinWriter(seat, ctx);
}

export function report(seat: ReaderSeat, ctx: RoleContext, least: Lsn): void {
  const { receiver, volume, name: reader, epoch, mutants } = seat;
  const { applyLsn } = receiver;
  const open = has(mutants, 'reader.reports-newest-mrpl') ? applyLsn : Math.min(least, applyLsn);
  const mrpl = (isReplaying(seat) ? seat.mrpl : open) as Lsn;
  const to = seat.writers[seat.writer % seat.writers.length];
  if (to === undefined) return;
  if (mrpl !== seat.mrpl) trace(ctx, { kind: 'ro.mrpl', mrpl, applyLsn, volume });
  seat.mrpl = mrpl;
  const have = (receiver.expected - 1) as Lsn;
  send(ctx, to, { kind: 'RoReport', volume, reader, epoch, have, applyLsn, mrpl });
}
