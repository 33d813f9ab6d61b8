// Records that left the log leave the block index too, and a segment in which nothing lives any more leaves the disk.

import { type RoleContext, storeWrites } from '../../kernel/context.ts';
import { logKey } from './keys.ts';
import { takeDeadSegments } from './log.ts';
import { damagedSegments } from './report.ts';
import type { Group, StoreState } from './state.ts';

/** After truncation: no version holds any of these records, since none is built above knownVdl (WAL-32). */
export function dropFromBlocks(
  state: StoreState,
  group: Group,
  ctx: RoleContext,
  gone: ReadonlySet<number>,
): void {
  for (const [blockKey, block] of group.blocks) {
    if (!block.chain.some((lsn) => gone.has(lsn))) continue;
    const kept = block.chain.filter((lsn) => !gone.has(lsn));
    block.chain.length = 0;
    block.chain.push(...kept);
    if (kept.length === 0 && block.versions.length === 0) group.blocks.delete(blockKey);
  }
  deleteDeadSegments(state, group, ctx);
}

export function deleteDeadSegments(state: StoreState, group: Group, ctx: RoleContext): void {
  const dead = takeDeadSegments(group.log, damagedSegments(group));
  if (dead.length === 0) return;
  const writes = dead.map((ordinal) => ({ key: logKey(group.id, ordinal), bytes: null }));
  state.writes.set(storeWrites(ctx, writes), { kind: 'delete' });
}
