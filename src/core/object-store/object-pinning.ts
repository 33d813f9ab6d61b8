// What the metadata asks the object store to keep for restores under way (docs/spec/wal.md WAL-45).

import type { NodeId } from '../../base/ids.ts';
import { type RoleContext, send, storeWrites, trace } from '../kernel/context.ts';
import type { DiskError } from '../kernel/door.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { collect } from './object-collect.ts';
import { isNewer, pinnedNames, pinWrites } from './object-pins.ts';
import type { ObjectStoreState, ObjectWrite } from './object-state.ts';

/** WAL-45: from here on these objects stay; the answer comes when that is durable. A write under way is waited for. */
export function onPinObjects(
  state: ObjectStoreState,
  ctx: RoleContext,
  from: NodeId,
  { boot, sequence, pins }: MessageOf<'PinObjects'>,
): void {
  if (state.pinning) return; // asked again
  if (!isNewer({ boot, sequence }, state.pins)) {
    answerPins(state, ctx, from);
    return;
  }
  const next = { turn: state.pins.turn + 1, boot, sequence, pins };
  state.pinning = next;
  state.writes.set(storeWrites(ctx, pinWrites(next)), { kind: 'pins', to: from, next, traceId: ctx.traceId });
}

function answerPins(state: ObjectStoreState, ctx: RoleContext, to: NodeId): void {
  const { boot, sequence } = state.pins;
  const missing = pinnedNames(state.pins).filter((name) => !state.objects.has(name));
  send(ctx, to, { kind: 'ObjectsPinned', boot, sequence, missing });
}

export function onPinsStored(
  state: ObjectStoreState,
  ctx: RoleContext,
  { to, next }: Extract<ObjectWrite, { kind: 'pins' }>,
  error: DiskError | null,
): void {
  state.pinning = null;
  if (error) return; // asked again
  state.pins = next;
  const objects = pinnedNames(next).length;
  trace(ctx, { kind: 'archive.pinned', volumes: next.pins.map(({ volume }) => volume).join(','), objects });
  answerPins(state, ctx, to);
  for (const volume of state.manifests.keys()) collect(state, ctx, volume);
}
