// Keeps the log's room on disk near what lives in it: a segment without live records is deleted; live records of segments
// that are mostly dead, or very many and small, are written into one new segment, and when that is durable the old ones go.

import { storeInto, storeWrites, trace } from '../../kernel/context.ts';
import type { DiskError, Write } from '../../kernel/door.ts';
import { reach } from '../../kernel/limits.ts';
import { has } from '../../kernel/mutants.ts';
import type { Params } from '../../kernel/params.ts';
import { suspendGroup } from './condition.ts';
import type { StoreContext } from './hooks.ts';
import { logKey } from './keys.ts';
import { addSegment, type Log, moveRecord, recordAt, takeDeadSegments } from './log.ts';
import { keptSegments } from './report.ts';
import { encodeSegment } from './segment.ts';
import type { Group, StoreState } from './state.ts';

/** Which limit asks for it. */
function dueBy(log: Log, { deadBytes, smallSegments }: Params): 'deadBytes' | 'smallSegments' | null {
  const dead = log.bytes - log.liveBytes;
  if (dead > deadBytes && dead * 2 > log.bytes) return 'deadBytes';
  return log.segments.size > smallSegments ? 'smallSegments' : null;
}

/** The oldest segments worth rewriting, up to compactedBytes of live records. */
function chooseSegments(log: Log, ctx: StoreContext, params: Params): Set<number> {
  const { compactedBytes } = params;
  const chosen = new Set<number>();
  let bytes = 0;
  for (const [ordinal, segment] of log.segments) {
    const isWorth = segment.liveBytes * 2 < segment.bytes || segment.bytes < compactedBytes / 8;
    if (segment.live === 0 || !isWorth) continue;
    if (bytes + segment.liveBytes > compactedBytes) {
      reach(ctx, params, 'compactedBytes');
      break;
    }
    bytes += segment.liveBytes;
    chosen.add(ordinal);
  }
  return chosen;
}

export function compactLog(state: StoreState, group: Group, ctx: StoreContext): void {
  const { log } = group;
  if (group.compaction || group.service.kind !== 'serving') return;
  const due = dueBy(log, state.params);
  if (due === null) return;
  const chosen = chooseSegments(log, ctx, state.params);
  if (chosen.size < 2) return;
  reach(ctx, state.params, due);
  rewriteSegments(state, group, ctx, chosen);
}

/** Begins to write the live records of these segments into a new one. */
export function rewriteSegments(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  chosen: ReadonlySet<number>,
): void {
  const { log } = group;
  if (group.compaction) return;
  const records = log.records.filter(({ segment }) => chosen.has(segment));
  const ordinal = log.nextOrdinal++;
  const losesLast = has(state.mutants, 'store.compaction-loses-last');
  const bytes = encodeSegment(losesLast ? records.slice(0, -1) : records, { group: group.id, ordinal });
  const early = has(state.mutants, 'store.compaction-deletes-early') ? [...chosen] : [];
  const writes = early.map((old): Write => ({ key: logKey(group.id, old), bytes: null }));
  writes.push({ key: logKey(group.id, ordinal), bytes });
  const id = storeInto(ctx, 'freeing', writes);
  state.writes.set(id, { kind: 'compaction', group: group.id });
  group.compaction = {
    ordinal,
    size: bytes.length,
    from: [...chosen],
    lsns: records.map(({ record }) => record.lsn),
  };
}

export function onCompactionDone(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  error: DiskError | null,
): void {
  const { compaction, log } = group;
  if (!compaction) return;
  group.compaction = null;
  if (error === 'EIO') suspendGroup(group, ctx, error);
  if (error) {
    const failed = [{ key: logKey(group.id, compaction.ordinal), bytes: null }];
    state.writes.set(storeWrites(ctx, failed), { kind: 'delete' });
    return;
  }
  addSegment(log, compaction.ordinal, compaction.size);
  const from = new Set(compaction.from);
  for (const lsn of compaction.lsns) {
    const stored = recordAt(log, lsn); // GC or truncation may have taken it meanwhile
    if (stored && from.has(stored.segment)) moveRecord(log, stored, compaction.ordinal);
  }
  trace(ctx, {
    kind: 'log.compacted',
    group: group.id,
    into: compaction.ordinal,
    from: [...compaction.from],
  });
  deleteDeadSegments(state, group, ctx);
}

/** After truncation: no version holds any of these records, since none is built above knownVdl (WAL-32). */
export function dropFromBlocks(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  gone: ReadonlySet<number>,
): void {
  for (const [blockKey, block] of group.pages.blocks) {
    if (!block.chain.some((lsn) => gone.has(lsn))) continue;
    const kept = block.chain.filter((lsn) => !gone.has(lsn));
    block.chain.length = 0;
    block.chain.push(...kept);
    const isEmpty = kept.length === 0 && block.versions.length === 0;
    if (isEmpty && block.lost === -1) group.pages.blocks.delete(blockKey); // a page that was lost comes back to it
  }
  deleteDeadSegments(state, group, ctx);
}

export function deleteDeadSegments(state: StoreState, group: Group, ctx: StoreContext): void {
  const dead = takeDeadSegments(group.log, keptSegments(group));
  if (dead.length === 0) return;
  const writes = dead.map((ordinal) => ({ key: logKey(group.id, ordinal), bytes: null }));
  state.writes.set(storeWrites(ctx, writes), { kind: 'delete' });
}
