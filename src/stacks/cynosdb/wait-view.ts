// A picture of a `cynosdb` cluster as its waits are computed from it: views by role, obstacles between nodes. Pure.

import type { GroupId, NodeId } from '../../base/ids.ts';
import type { DriverView } from '../../core/client/driver-view.ts';
import { type AttachmentView, attachmentsOf } from '../../core/compute/compute-view.ts';
import type { RoleView } from '../../core/kernel/view.ts';
import type { StoreGroupView } from '../../core/log-store/store-view.ts';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import { distinct, makeReach, type Obstacle, type Reach } from '../../run-model/waits/waits.ts';

type Of<R extends RoleView['role']> = Extract<RoleView, { readonly role: R }>;

/** An attachment of a node that is up, or was when it was last seen. */
export interface AttachmentAt {
  readonly node: NodeId;
  readonly attachment: AttachmentView;
}

export interface ClusterView {
  readonly frame: WorldFrame;
  readonly reach: Reach;
  /** The node of the metadata that leads, or else the first; and all that vote on it. */
  readonly meta: NodeId;
  readonly pcs: readonly NodeId[];
  readonly metadata: Of<'meta'> | null;
  readonly attachments: readonly AttachmentAt[];
  readonly drivers: readonly { readonly node: NodeId; readonly view: DriverView }[];
}

/** A leader's view counts before any other. */
const LEADS = 1e9;

export function viewCluster(frame: WorldFrame): ClusterView {
  const attachments: AttachmentAt[] = [];
  const drivers: { node: NodeId; view: DriverView }[] = [];
  let meta: NodeId | null = null;
  let metadata: Of<'meta'> | null = null;
  let highest = -1;
  for (const { id, status, view } of frame.nodes) {
    for (const role of view?.roles ?? []) {
      if (role.role === 'compute')
        attachments.push(...attachmentsOf(role).map((attachment) => ({ node: id, attachment })));
      else if (role.role === 'driver') drivers.push({ node: id, view: role });
      else if (role.role === 'meta') {
        const rank = status === 'up' && role.member === 'leader' ? LEADS + role.term : role.applied;
        if (rank <= highest) continue;
        highest = rank;
        meta = id;
        metadata = role;
      }
    }
  }
  const initial = frame.cluster.nodes
    .filter(({ roles, isSpare }) => roles.includes('meta') && isSpare !== true)
    .map(({ id }) => id);
  const voters = metadata === null ? [] : [...new Set([...metadata.voters, ...metadata.outgoing])];
  const pcs = voters.length > 0 ? voters : initial;
  const first = initial[0] ?? ('' as NodeId);
  return { frame, reach: makeReach(frame), meta: meta ?? first, pcs, metadata, attachments, drivers };
}

export const isUp = ({ reach }: ClusterView, node: NodeId): boolean => reach.node(node)?.status === 'up';

/** An answer of the metadata that has to be durable there first, at most of its nodes where it has several (PCS-31). */
export function metadataObstacles(cluster: ClusterView, from: NodeId): readonly Obstacle[] {
  const { reach, meta, pcs } = cluster;
  if (pcs.length <= 1) return [...reach.between(from, meta), ...reach.disk(meta, 'write')];
  const ways = pcs.map((node) => ({
    node,
    obstacles: [
      ...reach.between(from, node),
      ...identityObstacles(cluster, node),
      ...pcsObstacles(cluster, node),
    ],
  }));
  const serves = ways.filter(({ obstacles }) => obstacles.every(({ stops }) => !stops));
  if (serves.length > 0) return serves.find(({ node }) => node === meta)?.obstacles ?? [];
  const majority = (pcs.length >> 1) + 1;
  const noLeader: Obstacle = {
    kind: 'noLeader',
    nodes: pcs,
    of: `${majority}/${pcs.length}`,
    stops: true,
    wayOut: null,
  };
  return distinct([noLeader, ...ways.flatMap(({ obstacles }) => obstacles)]);
}

/** WAL-75: a replica's check is answered by who leads the metadata, from what is durable there already. */
export const checkedBy = (cluster: ClusterView, node: NodeId): readonly Obstacle[] =>
  cluster.pcs.length <= 1 ? cluster.reach.between(node, cluster.meta) : metadataObstacles(cluster, node);

/** Why a member of the metadata runs under no identity: then it answers nothing; null: it has one, as far as is known. */
export function withoutIdentity({ reach }: ClusterView, node: NodeId): string | null {
  for (const role of reach.node(node)?.view?.roles ?? [])
    if (role.role === 'meta' && role.as === '') return role.member;
  return null;
}

const identityObstacles = (cluster: ClusterView, node: NodeId): readonly Obstacle[] =>
  isUp(cluster, node) && withoutIdentity(cluster, node) !== null
    ? [{ kind: 'diskNotOwn', nodes: [node], of: '', stops: true, wayOut: { kind: 'addPcs', node } }]
    : [];

/** What keeps a node of the metadata from leading: it must reach most of them, and each must be able to write. */
function pcsObstacles(cluster: ClusterView, leader: NodeId): readonly Obstacle[] {
  const { reach, pcs } = cluster;
  const found = pcs.map((node) => [
    ...reach.between(leader, node),
    ...reach.disk(node, 'write'),
    ...identityObstacles(cluster, node),
  ]);
  const works = found.filter((obstacles) => obstacles.every(({ stops }) => !stops));
  return works.length * 2 > pcs.length ? [] : found.flat();
}

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
