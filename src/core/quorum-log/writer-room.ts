// Stores whose disks are full, as the writer of their group sees them (docs/spec/wal.md WAL-77): while a write quorum lacks room, nothing
// that is appended can become durable, so statements that would write are refused in words and not left to wait.

import type { RoleContext } from '../kernel/context.ts';
import { trace } from '../kernel/context.ts';
import { sclOf } from './writer-progress.ts';
import type { WriterGroup, WriterReplica, WriterState } from './writer-state.ts';

/** It refused what it was sent, and lacks it. */
export function recordFull(w: WriterState, ctx: RoleContext, replica: WriterReplica): void {
  if (replica.isFull) return;
  replica.isFull = true;
  findFull(w, ctx);
}

/** It holds more than before, or all that it was sent: it takes records again. */
export function recordRoom(
  w: WriterState,
  ctx: RoleContext,
  group: WriterGroup,
  replica: WriterReplica,
): void {
  if (!replica.isFull) return;
  const sent = group.lsns[group.sent - 1] ?? group.pgcl;
  if (sclOf(replica) < sent && replica.sclMovedAt !== ctx.now) return;
  replica.isFull = false;
  findFull(w, ctx);
}

/** The first group in which some set has fewer members with room than a write needs, and the members without. */
export function findFull(w: WriterState, ctx: RoleContext): void {
  const found = w.groups.find(({ sets, replicas, descriptor: { vw } }) =>
    sets.some((members) => members.filter((member) => replicas[member]?.isFull === false).length < vw),
  );
  const nodes = (found?.replicas ?? []).flatMap(({ node, isFull }) => (isFull ? [node] : []));
  const group = found?.descriptor.group ?? null;
  if (w.full.group === group && w.full.nodes.join() === nodes.join()) return;
  w.full = { group, nodes, changes: w.full.changes + 1 };
  trace(ctx, { kind: 'wal.full', volume: w.volume, group: group ?? '', stores: nodes.join(',') });
}
