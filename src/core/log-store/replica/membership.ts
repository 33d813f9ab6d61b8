// Membership at a replica (docs/spec/wal.md §10): a step is durable before it is answered (WAL-48), and no append is in
// progress when it becomes so, hence every later ack carries the new memberEpoch (WAL-15, WAL-64). A replica that the
// step leaves out deletes its copy (WAL-66).

import type { GroupId, Lsn, NodeId } from '../../../base/ids.ts';
import { send, trace, wakeAt } from '../../kernel/context.ts';
import type { Refusal, ReplicaReport } from '../../kernel/fields.ts';
import { memberStateIn } from '../../kernel/membership.ts';
import type { MessageOf } from '../../kernel/messages.ts';
import { nwlOf } from '../holes/hole-list.ts';
import { setHoleMembers } from '../holes/hole-peers.ts';
import { keysOf, startDeletion } from './deletion.ts';
import { checkReader } from './epochs.ts';
import { traceFailed } from './hole-traces.ts';
import type { ControlHandlers, StoreContext } from './hooks.ts';
import type { ControlOp, Group, StoreState } from './state.ts';
import { withWatermarks, writeSuper } from './super-write.ts';
import { membersOf } from './superblock.ts';

/** What a heartbeat reports to the metadata of the replicas here (PCS-96). */
export const reportReplicas = (state: StoreState): ReplicaReport[] =>
  [...state.groups.values()].filter(({ id }) => !state.unchecked.has(id)).map(reportOf);

const reportOf = ({ id, superblock, scl, holes, failure }: Group): ReplicaReport => ({
  group: id,
  memberEpoch: superblock.descriptor.memberEpoch,
  volumeEpoch: superblock.volumeEpoch,
  sequence: superblock.sequence,
  scl,
  nwl: nwlOf(holes.list) as Lsn,
  failed: failure !== '',
});

export const membershipOps: ControlHandlers<'members'> = {
  members: { start: startMembers, finish: finishMembers },
};

/** Begins the write that admits the step (true), or answers at once: line 3 of WAL-46 is the only test. */
function startMembers(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  { from, message: { descriptor, origin } }: ControlOp<'members'>,
): boolean {
  const own = group.superblock.descriptor;
  const { memberEpoch, geoEpoch } = descriptor;
  const checked = checkReader(group.superblock, { memberEpoch, geoEpoch });
  const refused = checked?.code === 'STALE_EPOCH' ? checked : null;
  if (refused || memberEpoch === own.memberEpoch) {
    sendMembersAck(group, ctx, from, origin, refused);
    return false;
  }
  if (memberStateIn(descriptor, state.nodeId) === 'none') {
    dropGroup(state, group, ctx, memberEpoch);
    return true;
  }
  writeSuper(state, group, ctx, { ...withWatermarks(group), descriptor }, { isControl: true });
  return true;
}

function finishMembers(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  { from, message: { origin } }: ControlOp<'members'>,
): void {
  takeMembers(state, group, ctx);
  sendMembersAck(group, ctx, from, origin, null);
}

/** The durable descriptor counts from here on: peers follow it (HOLE-41). */
export function takeMembers(state: StoreState, group: Group, ctx: StoreContext): void {
  const { descriptor, volumeEpoch } = group.superblock;
  const { memberEpoch } = descriptor;
  if (memberEpoch === group.holes.memberEpoch) return;
  traceFailed(group, ctx, setHoleMembers(group.holes, membersOf(group.superblock), memberEpoch));
  const is = memberStateIn(descriptor, state.nodeId);
  const { id, scl } = group;
  trace(ctx, { kind: 'member.install', group: id, memberEpoch, state: is, scl, volumeEpoch });
}

function sendMembersAck(
  group: Group,
  ctx: StoreContext,
  to: NodeId,
  origin: MessageOf<'MembersAck'>['origin'],
  refused: Refusal | null,
): void {
  const { maxToken, volumeEpoch, descriptor } = group.superblock;
  const { memberEpoch, geoEpoch } = descriptor;
  const { id, scl } = group;
  send(ctx, to, {
    kind: 'MembersAck',
    group: id,
    origin,
    maxToken,
    volumeEpoch,
    memberEpoch,
    geoEpoch,
    scl,
    refused,
  });
}

/** The copy is deleted; a crash on the way leaves a replica of an old membership, which gets the order again, or none. */
export function dropGroup(state: StoreState, group: Group, ctx: StoreContext, memberEpoch: number): void {
  const keys = keysOf(state, group, ctx);
  group.service = { kind: 'dropped' };
  state.groups.delete(group.id);
  forgetWork(state, group.id);
  for (const timer of ['holes', 'background', 'resume']) wakeAt(ctx, `${timer}/${group.id}`, null);
  ctx.hooks.forget(state, group.id, ctx);
  startDeletion(state, ctx, group.id, { why: 'dropped', memberEpoch, ...keys });
}

/** Completions of what belonged to the group have nothing to complete. */
function forgetWork(state: StoreState, group: GroupId): void {
  for (const [id, write] of state.writes)
    if ('group' in write && write.group === group) state.writes.delete(id);
  for (const [id, read] of state.reads) if (read.group === group) state.reads.delete(id);
}
