// How a replica leaves its disk (docs/spec/wal.md WAL-66, WAL-75): first the older superblock, then the newest, then all else, each
// durably gone before the next. So whichever unsynced writes a crash keeps, a start finds the replica whole, or no superblock, and then
// what is left goes. Nothing is taken of the group until all is gone: a replica that is made anew has the same keys.

import type { GroupId, Time } from '../../../base/ids.ts';
import { storeWrites, trace, wakeAt } from '../../kernel/context.ts';
import type { DiskError } from '../../kernel/door.ts';
import type { StoreContext } from './hooks.ts';
import { logKey, superKey, versionKey } from './keys.ts';
import { SUSPEND_US } from './limits.ts';
import type { Deletion, Group, StoreState } from './state.ts';

export function startDeletion(state: StoreState, ctx: StoreContext, id: GroupId, deletion: Deletion): void {
  state.deletions.set(id, deletion);
  deleteNext(state, ctx, id);
}

/** Whatever stands next, or again where it failed. */
export function deleteNext(state: StoreState, ctx: StoreContext, id: GroupId): void {
  const deletion = state.deletions.get(id);
  if (!deletion) return;
  const { why, supers, content } = deletion;
  const writes = (supers[0] ?? content).map((key) => ({ key, bytes: null }));
  state.writes.set(storeWrites(ctx, writes), { kind: why, group: id });
}

/** After a failure nobody knows what is gone: it is tried again until all is, or what is left would mix with a replica made anew. */
export function onDeleted(state: StoreState, ctx: StoreContext, id: GroupId, error: DiskError | null): void {
  const deletion = state.deletions.get(id);
  if (!deletion) return;
  if (error !== null) {
    wakeAt(ctx, `deletion/${id}`, (ctx.now + SUSPEND_US) as Time);
    return;
  }
  if (deletion.supers.length === 0) deletion.content = [];
  else {
    deletion.supers.shift();
    if (deletion.supers.length === 0) endReplica(state, ctx, id, deletion);
  }
  if (deletion.supers.length + deletion.content.length === 0) state.deletions.delete(id);
  else deleteNext(state, ctx, id);
}

/** No start finds it any more. One that was put back was kept from the heartbeats until now (WAL-75). */
function endReplica(state: StoreState, ctx: StoreContext, id: GroupId, { memberEpoch }: Deletion): void {
  const group = state.groups.get(id);
  if (group) group.service = { kind: 'dropped' };
  state.groups.delete(id);
  state.unchecked.delete(id);
  trace(ctx, { kind: 'member.dropped', group: id, memberEpoch });
}

/** Of all that the replica has or is writing: what is still being written comes before the deletion on the disk, so nothing of it stays. */
export function keysOf(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
): Pick<Deletion, 'supers' | 'content'> {
  const { id } = group;
  const newest = group.superblock.sequence % 2;
  const supers = [1 - newest, newest].map((slot) => [superKey(id, slot, 'a'), superKey(id, slot, 'b')]);
  const ordinals = [...group.log.segments.keys(), ...group.ingest.appends.map(({ ordinal }) => ordinal)];
  if (group.compaction) ordinals.push(group.compaction.ordinal);
  const content = ordinals.map((ordinal) => logKey(id, ordinal));
  for (const [blockKey, { versions }] of group.pages.blocks)
    for (const lsn of versions) content.push(versionKey(id, blockKey, lsn));
  for (const { blockKey, lsn } of group.pages.damaged) content.push(versionKey(id, blockKey, lsn));
  for (const write of state.writes.values())
    if (write.kind === 'versions' && write.group === id)
      for (const { blockKey, lsn } of write.built) content.push(versionKey(id, blockKey, lsn));
  content.push(...ctx.hooks.keysOf(state, id));
  return { supers, content };
}
