// Orders of an operator to a volume in files: a checkpoint now (docs/spec/logindex.md LI-47), a page out of the buffer (LI-54). What cannot be
// carried out is refused by an event that says why; nothing is stored or awaited for an order.

import { type Lsn, MAX } from '../../base/ids.ts';
import type { KeptWhy } from '../engine/buffer-pool.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import type { PageOrder } from '../engine/engine-state.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import type { TraceOf } from '../kernel/trace.ts';
import { oldestApplyLsn } from '../logindex/reader-slots.ts';
import type { ReplayFrame } from '../logindex/replay.ts';
import type { PageKey } from '../page/page-key.ts';
import { redoLimit } from './gone-relations.ts';
import { isPinned } from './page-replay.ts';
import { bindReader } from './reader-ports.ts';
import { isOpen, type SharedAttachment, volumeOf } from './shared-attachment.ts';
import { applyLsnOf, type SharedReader } from './shared-reader.ts';

type Kept = Pick<TraceOf<'page.kept'>, 'why' | 'latestLsn' | 'gate' | 'readers'>;
const noReason = { latestLsn: -1, gate: -1, readers: '' } as const;

/** What holds a changed page back: its log, its readers, or that it is not stored yet. */
function whyKept<E>({ flush, log, sharing }: SharedAttachment<E>, page: PageKey): Kept {
  if (flush.writes.has(page)) return { ...noReason, why: 'written' };
  const latestLsn = flush.list.get(page)?.latestLsn ?? flush.copies.get(page)?.latestLsn ?? (-1 as Lsn);
  if (latestLsn > log.durable || latestLsn < 0) return { ...noReason, why: 'log', latestLsn };
  const slots = sharing?.slots ?? new Map();
  const behind = [...slots].flatMap(([reader, { applyLsn }]) => (applyLsn < latestLsn ? [reader] : []));
  if (behind.length === 0) return { ...noReason, why: 'dirty', latestLsn };
  return { why: 'gate', latestLsn, gate: oldestApplyLsn(slots), readers: behind.join(',') };
}

export function traceKept<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  blockKey: PageKey,
  why: KeptWhy | 'closed',
): void {
  const kept = why === 'changed' ? whyKept(attachment, blockKey) : { ...noReason, why };
  trace(ctx, { kind: 'page.kept', volume: volumeOf(attachment), blockKey, ...kept });
}

/** LI-47: it is made once the mount's earlier calls have ended. */
export function orderCheckpoint<E>(attachment: SharedAttachment<E>, ctx: RoleContext): void {
  const { flush, log } = attachment;
  const { redoLsn } = attachment.checkpoint;
  const reached = Math.min(flush.consistentLsn, redoLimit(attachment) ?? MAX);
  const why = !isOpen(attachment) ? 'closed' : log.isEmpty ? 'empty' : reached <= redoLsn ? 'same' : '';
  attachment.wantsCheckpoint = why === '';
  if (why !== '') trace(ctx, { kind: 'checkpoint.refused', volume: volumeOf(attachment), why, redoLsn });
}

/** Why an image that a reader has replayed stays: it is on its way, replayed now, or one that a promotion changes first (LI-39). */
function whyHeld(blockKey: PageKey, frame: ReplayFrame | undefined): KeptWhy | 'replay' | null {
  if (frame?.kind === 'asked') return 'loading';
  if (frame?.kind === 'replaying') return 'replay';
  return frame !== undefined && isPinned(blockKey) ? 'pinned' : null;
}

/** A page of a reader leaves its engine's buffer, older versions included, and the images that it has replayed. */
export function evictReplayed<E>(
  reader: SharedReader<E>,
  program: EngineProgram<E>,
  ctx: RoleContext,
  order: PageOrder,
): void {
  const { volume } = reader.config.cluster;
  const blockKey = order.blockKey as PageKey;
  const cache = reader.phase.kind === 'ready' && reader.isOpened ? reader.phase.replay.cache : null;
  const frame = cache?.get(blockKey);
  const held = cache === null ? 'closed' : whyHeld(blockKey, frame);
  const inBuffer =
    held === null ? program.onPageOrder(reader.engine, ctx, bindReader(reader), order) : 'absent';
  const image = held === null && inBuffer === 'absent' && frame?.kind === 'built' ? frame : null;
  const why = held ?? (image === null ? inBuffer : null);
  if (why !== null) {
    trace(ctx, { kind: 'page.kept', volume, blockKey, why, ...noReason });
    return;
  }
  cache?.delete(blockKey);
  // What left the engine's buffer has been traced there.
  if (image === null) return;
  const vdl = applyLsnOf(reader);
  trace(ctx, { kind: 'page.evict', volume, blockKey, pageLsn: image.pageLsn, vdl, dirty: false });
}

export const refuseCheckpoint = <E>({ config }: SharedReader<E>, ctx: RoleContext): void =>
  trace(ctx, { kind: 'checkpoint.refused', volume: config.cluster.volume, why: 'reader', redoLsn: -1 });
