// A picture of a `cynosdb` cluster as its waits are computed from it: views by role, obstacles between nodes. Pure.

import type { GroupId, NodeId } from '../../base/ids.ts';
import { type SeatView, seatsOf } from '../../core/compute/compute-view.ts';
import type { DriverView, RoleView } from '../../core/kernel/view.ts';
import type { StoreGroupView } from '../../core/log-store/store-view.ts';
import type { WorldFrame } from '../../sim/frame.ts';
import { makeReach, type Obstacle, type Reach } from '../../sim/waits.ts';

type Of<R extends RoleView['role']> = Extract<RoleView, { readonly role: R }>;

/** A seat of a node that is up, or was when it was last seen. */
export interface SeatAt {
  readonly node: NodeId;
  readonly seat: SeatView;
}

export interface ClusterView {
  readonly frame: WorldFrame;
  readonly reach: Reach;
  readonly meta: NodeId;
  readonly metadata: Of<'meta'> | null;
  readonly seats: readonly SeatAt[];
  readonly drivers: readonly { readonly node: NodeId; readonly view: DriverView }[];
}

export function viewCluster(frame: WorldFrame): ClusterView {
  const seats: SeatAt[] = [];
  const drivers: { node: NodeId; view: DriverView }[] = [];
  let meta = '' as NodeId;
  let metadata: Of<'meta'> | null = null;
  for (const { id, roles, view } of frame.nodes) {
    if (roles.includes('meta')) meta = id;
    for (const role of view?.roles ?? []) {
      if (role.role === 'compute') seats.push(...seatsOf(role).map((seat) => ({ node: id, seat })));
      else if (role.role === 'driver') drivers.push({ node: id, view: role });
      else if (role.role === 'meta') metadata = role;
    }
  }
  return { frame, reach: makeReach(frame), meta, metadata, seats, drivers };
}

export const isUp = ({ reach }: ClusterView, node: NodeId): boolean => reach.node(node)?.status === 'up';

/** An answer of the metadata that has to be durable there first. */
export const metadataObstacles = ({ reach, meta }: ClusterView, from: NodeId): readonly Obstacle[] => [
  ...reach.between(from, meta),
  ...reach.disk(meta, 'write'),
];

/** The node's replica of the group as it was last seen. */
export function replicaOf({ reach }: ClusterView, node: NodeId, group: GroupId): StoreGroupView | null {
  for (const role of reach.node(node)?.view?.roles ?? [])
    if (role.role === 'store') return role.groups.find((one) => one.group === group) ?? null;
  return null;
}

/** The node that the metadata, or else the cluster's layout, names as the volume's writer. */
export function writerOf(
  { metadata, frame }: ClusterView,
  known: NodeId | null,
  volume: string,
): NodeId | null {
  const { cluster } = frame;
  if (volume !== cluster.volume)
    return metadata?.volumes?.find(({ name }) => name === volume)?.writer ?? null;
  const configured = cluster.nodes.find(
    ({ roles, isSpare }) => roles.includes('compute') && isSpare !== true,
  );
  return metadata?.writer ?? known ?? configured?.id ?? null;
}

/** The volume that a group belongs to, and what the metadata says of its state. */
export function volumeOfGroup(
  { metadata, frame }: ClusterView,
  group: GroupId,
): { readonly name: string; readonly state: string | null } {
  const found = metadata?.volumes?.find(({ groups }) => groups.includes(group));
  return found ?? { name: frame.cluster.volume, state: metadata?.volumeState ?? null };
}
