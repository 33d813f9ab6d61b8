// A reader's slot at the writer (docs/spec/logindex.md LI-60 to LI-63): it is asked for, granted with a lease, kept by reports, and asked for anew when
// nothing that came with it is good any more. The writer's metadata of WAL comes with it (LI-34).

import type { Lsn, NodeId, Term, Time } from '../../base/ids.ts';
import { type RoleContext, send, trace } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { startOpening, takeMeta } from '../logindex/log-index.ts';
import { makePageWork } from './page-replay.ts';
import { cancelLate, dropLocks, replayLocks } from './reader-ddl.ts';
import { usedLsn } from './reader-load.ts';
import { parse } from './reader-parse.ts';
import { bindReader } from './reader-ports.ts';
import type { ReaderStep } from './reader-step.ts';
import { parsedBy, type ReaderLock, type ReadyReader, type SharedReader, slotOf } from './shared-reader.ts';
import { indexGeometry, slotUs } from './sharing.ts';
import { startScan } from './wal-file.ts';

/** Without a slot it asks again after so many ticks, and a writer that is silent is asked again. */
const JOIN_TICKS = 5;

/** H8: another writer has the volume open; nothing that the one before gave is good any more (LI-63). */
export function followWriter<E>(step: ReaderStep<E>, node: NodeId, token: Term): void {
  const { attachment } = step;
  if (token <= (attachment.writer?.token ?? 0) || node === attachment.config.nodeId) return;
  attachment.writer = { node, token };
  if (attachment.phase.kind !== 'mount') joinAgain(step, 'writer');
}

/** A slot with an empty pool; views that are open end. */
export function joinAgain<E>(step: ReaderStep<E>, why: string): void {
  const { attachment, program, reader, ctx } = step;
  const { config, writer, phase } = attachment;
  const { volume } = config.cluster;
  if (phase.kind === 'ready') {
    trace(ctx, { kind: 'ro.lost', epoch: attachment.epoch, why, volume });
    reader.endViews(attachment.engine, ctx, bindReader(attachment));
  }
  dropLocks(step);
  const isGood = why !== 'gap' && why !== 'writer';
  attachment.phase = { kind: 'join', heardAt: ctx.now, kept: isGood ? parsedBy(attachment) : null };
  attachment.work = makePageWork();
  if (attachment.isOpened) reader.restartReader(attachment.engine, bindReader(attachment));
  program.onVdl(attachment.engine, ctx, bindReader(attachment));
  attachment.epoch++;
  if (writer === null) return;
  const { epoch } = attachment;
  send(ctx, writer.node, { kind: 'SlotJoin', volume, reader: config.nodeId, epoch, sentAt: ctx.now });
}

export function onGiven<E>(attachment: SharedReader<E>, ctx: RoleContext, m: MessageOf<'SlotGiven'>): void {
  const { phase, config } = attachment;
  if (m.epoch !== attachment.epoch || phase.kind !== 'join') return;
  const { token, readyLsn, leaseFrom, leaseUs, consistentLsn } = m;
  const lock = { since: ctx.now, isReplayed: false, isHeld: false };
  const locks = new Map<Lsn, ReaderLock>(m.locks.map(({ lsn, relation }) => [lsn, { relation, ...lock }]));
  attachment.phase = {
    kind: 'opening',
    slot: { token, readyLsn, leaseUs, leaseFrom, heardAt: ctx.now, durableLsn: readyLsn, early: [], locks },
    kept: phase.kept,
    at: { kind: 'index', opening: startOpening(indexGeometry(config), m.index) },
    scan: startScan(m.scanPosition, m.scanLsn),
    consistentLsn,
    bgReplayedLsn: (consistentLsn - 1) as Lsn,
  };
}

export function onMetadata<E>(step: ReaderStep<E>, m: MessageOf<'WalMeta'>): void {
  const { attachment, ctx } = step;
  const { phase } = attachment;
  if (phase.kind !== 'opening' && phase.kind !== 'ready') return;
  const { slot } = phase;
  if (m.epoch !== attachment.epoch || m.token !== slot.token) return;
  slot.heardAt = ctx.now;
  slot.leaseFrom = Math.max(slot.leaseFrom, m.leaseFrom) as Time;
  slot.durableLsn = Math.max(slot.durableLsn, m.durableLsn) as Lsn;
  slot.early.push(...m.records);
  const published = phase.kind === 'ready' ? phase.replay : phase;
  published.consistentLsn = Math.max(published.consistentLsn, m.consistentLsn) as Lsn;
  if (phase.kind === 'ready') {
    takeMeta(phase.replay.index, m.index);
    if (!parse(step, phase) || hasMissed(phase, m)) joinAgain(step, 'gap');
  } else if (phase.at.kind === 'scan') takeMeta(phase.at.index, m.index);
}

/** LI-34: a writer that has nothing more to send has sent all that is durable; what did not come was lost, however quiet the log is from here on. */
const hasMissed = ({ slot, replay }: ReadyReader, m: MessageOf<'WalMeta'>): boolean =>
  m.records.length === 0 && slot.early.length === 0 && m.durableLsn > replay.parser.parsedLsn;

export function tendSlot<E>(step: ReaderStep<E>): void {
  const { attachment, reader, ctx } = step;
  const { phase } = attachment;
  if (phase.kind === 'mount') return;
  const { heardAt } = phase.kind === 'join' ? phase : phase.slot;
  if (ctx.now >= heardAt + JOIN_TICKS * slotUs(attachment.config)) {
    joinAgain(step, 'silent');
    return;
  }
  if (attachment.writer !== null && phase.kind === 'ready') {
    const least = reader.trimReader(attachment.engine, bindReader(attachment));
    phase.least = Math.min(least, phase.replay.parser.applyLsn) as Lsn;
    prunePlaces(attachment, phase);
    cancelLate(step, phase);
    replayLocks(step, phase);
  }
  report(attachment, ctx);
}

/** LI-62: until it is ready a report renews the lease and says nothing else. */
export function report<E>(attachment: SharedReader<E>, ctx: RoleContext): void {
  const { epoch, config, writer, phase } = attachment;
  if (writer === null || slotOf(attachment) === null) return;
  const ready = phase.kind === 'ready' ? phase : null;
  const least = ready?.least ?? (0 as Lsn);
  send(ctx, writer.node, {
    kind: 'SlotReport',
    volume: config.cluster.volume,
    reader: config.nodeId,
    epoch,
    applyLsn: least,
    bgReplayedLsn:
      phase.kind === 'opening' ? phase.bgReplayedLsn : (ready?.replay.bgReplayedLsn ?? (0 as Lsn)),
    minUsedLsn: ready === null ? (0 as Lsn) : usedLsn(ready.replay, attachment.work, least),
    lockReplayLsn: ready?.lockReplayLsn ?? (0 as Lsn),
    sentAt: ctx.now,
  });
}

function prunePlaces<E>({ work }: SharedReader<E>, { replay, least }: ReadyReader): void {
  const floor = usedLsn(replay, work, least);
  for (const lsn of replay.places.keys()) {
    if (lsn >= floor) return;
    replay.places.delete(lsn);
  }
}
