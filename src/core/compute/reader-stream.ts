// The writer's stream of log records at a reader (docs/spec/readers.md): accepted, received, released by VDL, applied to the pages
// of the buffer; and the pages that the stores answer, brought up to date by it.

import type { Lsn, NodeId, Time } from '../../base/ids.ts';
import { type RoleContext, trace, wakeAt } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { APPLY_TURN_US } from '../reader/reader-limits.ts';
import { onVersionReply } from '../reader/reader-reads.ts';
import {
  onAbsent,
  readJournal,
  receive,
  release,
  restartStream,
  resumeStream,
  runAppliers,
  skipHead,
  takeLoaded,
} from '../reader/receiver.ts';
import { addToFile, awaitViews, haveOf, isReplaying, onClassicAccepted } from './classic-reader.ts';
import { serveWaiters } from './reader-requests.ts';
import { joinWriter } from './reader-session.ts';
import { isJoined, isOpened, type ReaderAttachment, type ReaderStep } from './reader-state.ts';

export const APPLY_TIMER = 'ro.apply';

export function onAccept<E>(step: ReaderStep<E>, from: NodeId, m: MessageOf<'RoAccept'>): void {
  const { attachment, engine, reader, ctx, ports } = step;
  const { receiver, reads } = attachment;
  if (m.token < receiver.token) return;
  const isOurs = isJoined(attachment) && m.token === receiver.token;
  attachment.epoch = m.epoch;
  attachment.heardAt = ctx.now;
  if (isOurs && m.streamFrom <= receiver.expected) {
    // The same stream under a later session, which the writer has begun with an older pin.
    trace(ctx, {
      kind: 'ro.mrpl',
      mrpl: attachment.mrpl,
      applyLsn: receiver.applyLsn,
      volume: attachment.volume,
    });
    return;
  }
  const place = attachment.writers.indexOf(from);
  if (place >= 0) attachment.writer = place;
  receiver.token = m.token;
  receiver.history = m.history;
  reads.descriptors = m.descriptors;
  attachment.runtime = m.runtime;
  attachment.heardAt = ctx.now;
  const isContinued = haveOf(attachment) >= 0 && m.streamFrom === m.keep + 1;
  const isKept = isContinued && (!attachment.classic || m.keep === haveOf(attachment));
  if (isKept) resumeStream(receiver, m.keep);
  else {
    restartStream(receiver, m.vdl, m.groupTails);
    for (const [id, { isNewest }] of reads.pending) if (isNewest) reads.pending.delete(id);
    reader.restartReader(engine, ports);
  }
  onClassicAccepted(attachment, ctx, m, isKept);
  if (!isOpened(attachment)) reader.openReader(engine, ctx, ports);
  attachment.session = { kind: 'joined' };
  if (attachment.mrpl < 0) attachment.mrpl = isReplaying(attachment) ? m.vdl : receiver.applyLsn;
  if (!isReplaying(attachment)) traceReady(attachment, ctx, m.streamFrom, isKept);
  onVdl(step, m.vdl);
}

function traceReady(
  { receiver, epoch, volume }: ReaderAttachment,
  ctx: RoleContext,
  streamFrom: Lsn,
  kept: boolean,
): void {
  const { applyLsn: readPoint, token } = receiver;
  trace(ctx, { kind: 'ro.ready', token, readPoint, streamFrom, kept, epoch, volume });
}

/** VDL alone says nothing of the stream while a file is being written. */
export function onJournal<E>(step: ReaderStep<E>, m: MessageOf<'Journal'>): void {
  if ((step.attachment.classic?.storing.size ?? 0) > 0) onVdl(step, m.vdl);
  else takeJournal(step, m);
}

export function takeJournal<E>(step: ReaderStep<E>, m: MessageOf<'Journal'>): void {
  const { attachment, ctx } = step;
  const { receiver, volume } = attachment;
  const { firstLsn, endLsn, vdl } = m;
  const { expected } = receiver;
  const arrival = readJournal(m);
  if (arrival === null || !receive(receiver, arrival)) {
    trace(ctx, { kind: 'ro.gap', expected, firstLsn, code: 'JOURNAL_GAP', volume });
    joinWriter(attachment, ctx);
    return;
  }
  addToFile(attachment, m);
  trace(ctx, { kind: 'ro.received', firstLsn, endLsn, records: arrival.records.length, vdl, volume });
  onVdl(step, vdl);
}

/** READ-10: VDL releases what it covers; what is held above it waits. */
export function onVdl<E>(step: ReaderStep<E>, vdl: Lsn): void {
  const { attachment, ctx, cache } = step;
  const { receiver, volume } = attachment;
  if (vdl > receiver.vdl) receiver.vdl = vdl;
  const released = release(receiver, cache);
  if (released) {
    const { upTo, records, skipped } = released;
    trace(ctx, { kind: 'ro.released', upTo, vdl: receiver.vdl, records, skipped, volume });
  }
  apply(step);
}

export function apply<E>(step: ReaderStep<E>): void {
  const { attachment, ctx, cache, program, engine, ports } = step;
  const { receiver, volume } = attachment;
  const { applied, isMore, hasMoved, isBehindView } = runAppliers(receiver, cache);
  const { classic } = attachment;
  if (isBehindView) awaitViews(attachment, ctx, APPLY_TIMER);
  if (classic?.phase === 'replaying' && receiver.applyLsn >= classic.minRecovery) {
    classic.phase = 'ready';
    traceReady(attachment, ctx, (receiver.applyLsn + 1) as Lsn, true);
  }
  if (hasMoved && !isReplaying(attachment)) {
    const { applyLsn, vdl } = receiver;
    trace(ctx, { kind: 'ro.applied', applyLsn, vdl, applied, volume });
    program.onVdl(engine, ctx, ports);
    serveWaiters(step);
  }
  if (isMore && !attachment.applyDue) {
    attachment.applyDue = true;
    wakeAt(ctx, APPLY_TIMER, (ctx.now + APPLY_TURN_US) as Time);
  }
}

export function onPageReply<E>(step: ReaderStep<E>, from: NodeId, reply: MessageOf<'PageReply'>): void {
  const { attachment, ctx, program, reader, engine, ports } = step;
  const { reads, receiver, volume } = attachment;
  const found = onVersionReply(reads, ctx, reply);
  if (found === null) return;
  if (found.kind === 'epoch') {
    if (isJoined(attachment)) joinWriter(attachment, ctx);
    return;
  }
  const { blockKey, rp, isNewest } = found.read;
  const origin = { from, readPoint: rp };
  if (found.kind === 'stale') {
    const { floor } = found;
    trace(ctx, { kind: 'ro.stale', blockKey, readPoint: rp, floor, volume });
    if (isNewest) onAbsent(receiver, blockKey);
    reader.onStale(engine, ctx, ports, blockKey, rp);
    return;
  }
  if (!isNewest) {
    reader.onVersion(engine, ctx, ports, blockKey, rp, found.page);
    return;
  }
  if (found.page === null) {
    onAbsent(receiver, blockKey);
    skipHead(receiver, blockKey);
    program.onPage(engine, ctx, ports, blockKey, null, origin);
    if (attachment.classic) apply(step);
    return;
  }
  // READ-15: it is brought up to date before a statement sees it.
  const page = reader.withJournal(found.page, takeLoaded(receiver, blockKey));
  if (page === null) ports.pages.requestPage(blockKey);
  else {
    if (attachment.classic) attachment.classic.counts.loaded++;
    program.onPage(engine, ctx, ports, blockKey, page, origin);
    if (attachment.classic) apply(step);
  }
}
