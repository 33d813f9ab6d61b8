// What replicas wait for: records of their holes (docs/spec/holes.md) and their check after a start (WAL-75); and what keeps
// a replica from answering at all.

import type { GroupId, NodeId } from '../../base/ids.ts';
import { openHoles, type StoreGroupView } from '../../core/log-store/store-view.ts';
import {
  distinct,
  judgeAnswer,
  judgeQuorum,
  type Obstacle,
  type Standing,
  type Wait,
} from '../../sim/waits.ts';
import { type ClusterView, isUp, replicaOf } from './wait-view.ts';

/**
 * What keeps a replica from answering `from` about its log up to `upTo`: the way to it, its disk, and its own waits: for the
 * metadata's check, for records that only its peers have.
 */
export function replicaObstacles(
  cluster: ClusterView,
  from: NodeId,
  node: NodeId,
  group: GroupId,
  upTo: number,
  use: 'write' | 'read' = 'write',
): readonly Obstacle[] {
  const { reach } = cluster;
  const replica = replicaOf(cluster, node, group);
  const found = [...reach.between(from, node), ...reach.disk(node, use)];
  if (replica === null || replica.failed === 'DISK_LOST') {
    if (isUp(cluster, node) && isCreated(cluster)) found.push(without('replicaLost', node, group));
    return found;
  }
  if (replica.failed?.startsWith('E_') === true) found.push(without('replicaRefuses', node, group));
  if (replica.failed === 'UNCHECKED') found.push(...reach.between(node, cluster.meta));
  const isShort = replica.mode === 'recovery' ? replica.ncl < (replica.maxNwl ?? -1) : openHoles(replica) > 0;
  if (isUp(cluster, node) && replica.ncl < upTo && isShort) {
    const standing = holeStanding(cluster, node, replica);
    if (standing.isBlocked) found.push(...standing.obstacles);
  }
  return distinct(found);
}

/** The volume's replicas exist: one that is missing was lost (WAL-71). */
const isCreated = ({ metadata }: ClusterView): boolean => metadata !== null && metadata.volumeState !== 'CREATING';

/** The metadata replaces the replica in time; nobody can end it by one action. */
const without = (kind: 'replicaLost' | 'replicaRefuses', node: NodeId, of: GroupId): Obstacle => ({
  kind,
  nodes: [node],
  of,
  stops: true,
  wayOut: null,
});

const paused = (node: NodeId, { group }: StoreGroupView): Obstacle => ({
  kind: 'repairPaused',
  nodes: [node],
  of: group,
  stops: true,
  wayOut: { kind: 'resumeHoles', node, group },
});

/** HOLE-29, 30: whether a peer can give the first record that the replica lacks. */
function holeStanding(cluster: ClusterView, node: NodeId, replica: StoreGroupView): Standing {
  const { reach } = cluster;
  const { members, group, ncl, discoverLimit } = replica;
  if (replica.asksNothing) return judgeAnswer([paused(node, replica)]);
  // HOLE-19: what lies above the limit is asked for once the writer has advertised a greater one.
  if (ncl + 1 > discoverLimit) return { have: 0, need: 1, isBlocked: false, obstacles: [] };
  const peers = [...new Set([...members.sets.flat(), ...members.learners])].filter((peer) => peer !== node);
  const having = peers.filter((peer) => (replicaOf(cluster, peer, group)?.ncl ?? -1) > ncl);
  return judgeQuorum({ sets: [having], need: 1, hasAnswered: () => false }, (peer) => {
    const failed = replicaOf(cluster, peer, group)?.failed ?? null;
    const check = failed === 'UNCHECKED' ? reach.between(peer, cluster.meta) : [];
    return distinct([...reach.between(node, peer), ...reach.disk(peer, 'read'), ...check]);
  });
}

export function replicaWaits(cluster: ClusterView): Wait[] {
  const { frame, reach } = cluster;
  const waits: Wait[] = [];
  for (const { id: node, view, life, since } of frame.nodes) {
    if (!isUp(cluster, node)) continue;
    for (const role of view?.roles ?? []) {
      if (role.role !== 'store') continue;
      for (const replica of role.groups) {
        const { group, failed } = replica;
        const base = { node, volume: frame.cluster.volume, group, step: '', requests: 0 };
        if (failed === 'UNCHECKED')
          waits.push({
            ...base,
            ...judgeAnswer(reach.between(node, cluster.meta)),
            kind: 'check',
            key: `check ${node} ${group} ${life}`,
            sinceUs: frame.time - since,
          });
        else if (failed === null && openHoles(replica) > 0 && replica.ncl < replica.discoverLimit) {
          const own = judgeAnswer([...reach.disk(node, 'write')]);
          const standing = holeStanding(cluster, node, replica);
          waits.push({
            ...base,
            ...standing,
            isBlocked: standing.isBlocked || own.isBlocked,
            obstacles: distinct([...standing.obstacles, ...own.obstacles]),
            kind: 'hole',
            key: `hole ${node} ${group} ${life} ${replica.ncl}`,
            sinceUs: -1,
          });
        }
      }
    }
  }
  return waits;
}
