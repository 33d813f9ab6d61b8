// What keeps a replica from answering: the way to it, its disk, and its own waits for the metadata's check (WAL-75) or for
// records that only its peers have (docs/spec/holes.md).

import type { GroupId, NodeId, Range } from '../../base/ids.ts';
import type { StoreGroupView } from '../../core/log-store/store-view.ts';
import {
  distinct,
  judgeAnswer,
  judgeQuorum,
  needAll,
  type Obstacle,
  type Standing,
} from '../../run-model/waits/waits.ts';
import { type ClusterView, checkedBy, isUp, replicaOf, volumeOfGroup, writerOf } from './wait-view.ts';

/** Of an answer to `from`: it has to hold the log up to `upTo`. */
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
  const found = [
    ...reach.between(from, node),
    ...reach.disk(node, use),
    ...checkObstacles(cluster, node, replica),
  ];
  if (replica === null || replica.failed === 'DISK_LOST') {
    if (isUp(cluster, node) && isCreated(cluster, group)) found.push(without('replicaLost', node, group));
    return found;
  }
  if (replica.failed?.startsWith('E_') === true) found.push(without('replicaRefuses', node, group));
  if (replica.abstains) found.push(without('replicaDamaged', node, group));
  // One that is down lacks what it lacked when it was last seen, once it is up.
  if (replica.ncl < upTo) {
    const standing = holeStanding(cluster, node, replica, upTo);
    if (standing.isBlocked) found.push(...standing.obstacles);
  }
  return distinct(found);
}

/** WAL-75: after its start the replica waits for the metadata, so one that is down will have to. */
function checkObstacles(
  cluster: ClusterView,
  node: NodeId,
  replica: StoreGroupView | null,
): readonly Obstacle[] {
  const isAsking = replica?.failed === 'UNCHECKED' || cluster.reach.node(node)?.status === 'down';
  return isAsking ? checkedBy(cluster, node) : [];
}

/** The volume's replicas exist: one that is missing was lost (WAL-71). */
function isCreated(cluster: ClusterView, group: GroupId): boolean {
  const { state } = volumeOfGroup(cluster, group);
  return state !== null && state !== 'CREATING';
}

/** The metadata replaces the replica in time; nobody can end it by one action. */
const without = (
  kind: 'replicaLost' | 'replicaRefuses' | 'replicaDamaged',
  node: NodeId,
  of: GroupId,
): Obstacle => ({
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

/** What the replica lacks of its log up to `upTo`: its lowest holes, and what lies above all it has. */
const lackedUpTo = ({ lowestHoles, nwl }: StoreGroupView, upTo: number): readonly Range[] => [
  ...lowestHoles.filter(([first]) => first <= upTo),
  ...(nwl < upTo ? [[nwl + 1, upTo + 1] as const] : []),
];

const has = ({ nwl, lowestHoles }: StoreGroupView, lsn: number): boolean =>
  lsn <= nwl && !lowestHoles.some(([first, last]) => first <= lsn && lsn < last);

/** HOLE-29, 30: whether peers can give what the replica lacks; `upTo`: all of it, or the first hole. */
export function holeStanding(
  cluster: ClusterView,
  node: NodeId,
  replica: StoreGroupView,
  upTo = replica.ncl + 1,
): Standing {
  if (replica.asksNothing) return judgeAnswer([paused(node, replica)]);
  const { members } = replica;
  const peers = [...new Set([...members.sets.flat(), ...members.learners])].filter((peer) => peer !== node);
  const lacked = lackedUpTo(replica, upTo);
  return needAll(lacked.map(([first]) => giverStanding(cluster, { node, replica, peers, first })));
}

interface Lack {
  readonly node: NodeId;
  readonly replica: StoreGroupView;
  readonly peers: readonly NodeId[];
  readonly first: number;
}

/** One of the peers that have the record can give it. */
function giverStanding(cluster: ClusterView, { node, replica, peers, first }: Lack): Standing {
  const { reach } = cluster;
  const { group, mode, volumeEpoch, pgcl } = replica;
  const requests = isUp(cluster, node) ? replica.requests : [];
  const able = peers.filter((peer) => {
    const one = replicaOf(cluster, peer, group);
    return one !== null && has(one, first);
  });
  // HOLE-39: where nobody has it in the log any more, a base image of any of them serves.
  const logged = able.filter((peer) => (replicaOf(cluster, peer, group)?.logFloor ?? -1) < first);
  const having = logged.length > 0 ? logged : able;
  return judgeQuorum({ sets: [having], need: 1, hasAnswered: () => false }, (peer) => {
    const one = replicaOf(cluster, peer, group);
    const isAsked = requests.some(
      (request) => request.peer === peer && request.gapFirst <= first && first < request.gapEnd,
    );
    const isCurrent =
      isAsked || (one?.volumeEpoch === volumeEpoch && (mode === 'recovery' || one.pgcl >= pgcl));
    return distinct([
      ...reach.between(node, peer),
      ...reach.disk(peer, 'read'),
      ...checkObstacles(cluster, peer, one),
      ...(isCurrent ? [] : toWriter(cluster, peer, group)),
    ]);
  });
}

/** A peer of an older term, or that knows a lower PGCL, may not serve until the writer has reached it. */
function toWriter(cluster: ClusterView, peer: NodeId, group: GroupId): readonly Obstacle[] {
  const writer = writerOf(cluster, null, volumeOfGroup(cluster, group).name);
  return writer === null ? [] : cluster.reach.between(writer, peer);
}
