// Waits of replicas and of the metadata: records of holes (docs/spec/holes.md), the check after a start (WAL-75), steps of
// membership changes (wal.md §10), loads of restores (WAL-45).

import type { GroupId, NodeId } from '../../base/ids.ts';
import { openHoles, type StoreGroupView } from '../../core/log-store/store-view.ts';
import {
  distinct,
  isStopped,
  judgeAnswer,
  judgeQuorum,
  needAll,
  none,
  type Standing,
  type Wait,
} from '../../run-model/waits/waits.ts';
import { holeStanding, replicaObstacles } from './replica-obstacles.ts';
import { openStanding } from './volume-waits.ts';
import {
  type ClusterView,
  checkedBy,
  isUp,
  metadataObstacles,
  replicaOf,
  volumeOfGroup,
  writerOf,
} from './wait-view.ts';

export function replicaWaits(cluster: ClusterView): Wait[] {
  const { frame, reach } = cluster;
  const waits: Wait[] = [];
  for (const { id: node, view, life, since } of frame.nodes) {
    if (!isUp(cluster, node)) continue;
    for (const role of view?.roles ?? []) {
      if (role.role !== 'store') continue;
      for (const replica of role.groups) {
        const { group, failed } = replica;
        const base = { node, volume: volumeOfGroup(cluster, group).name, group, step: '', requests: 0 };
        if (failed === 'UNCHECKED')
          waits.push({
            ...base,
            ...judgeAnswer(checkedBy(cluster, node)),
            kind: 'check',
            key: `check ${node} ${group} ${life}`,
            sinceUs: frame.time - since,
          });
        // HOLE-19: what lies above the limit is asked for once the writer has advertised a greater one.
        else if (failed === null && openHoles(replica) > 0 && replica.ncl < replica.discoverLimit)
          waits.push({
            ...base,
            ...needAll([
              judgeAnswer(reach.disk(node, 'write')),
              termStanding(cluster, node, replica),
              holeStanding(cluster, node, replica),
            ]),
            kind: 'hole',
            key: `hole ${node} ${group} ${life} ${replica.ncl}`,
            sinceUs: -1,
          });
      }
    }
  }
  return waits;
}

/**
 * A replica repairs itself under the writer's term: it waits while the volume is being opened, but for R6, which is a repair
 * (HOLE-47), and for the way to a newer writer.
 */
function termStanding(
  cluster: ClusterView,
  node: NodeId,
  { group, open, mode, volumeEpoch }: StoreGroupView,
): Standing {
  const volume = volumeOfGroup(cluster, group).name;
  const writer = writerOf(cluster, null, volume);
  const attachment = cluster.attachments.find(
    (one) => one.node === writer && one.attachment.volume === volume,
  )?.attachment;
  const isRepairing = open || mode === 'recovery';
  if (writer === null || attachment === undefined || (isRepairing && volumeEpoch >= attachment.token))
    return none;
  return needAll([openStanding(cluster, writer, volume), judgeAnswer(cluster.reach.between(node, writer))]);
}

/** Steps of membership changes and loads of restores that are under way. */
export function metadataWaits(cluster: ClusterView): Wait[] {
  const { metadata, meta, reach } = cluster;
  if (metadata === null || !isUp(cluster, meta)) return [];
  const base = { node: meta, requests: 0 };
  const moves = metadata.groups.flatMap(({ group, members, move }): Wait[] => {
    if (move === null) return [];
    const { phase, to, from, before, acked, isComplete, sinceUs, target, scl } = move;
    const { name: volume, state } = volumeOfGroup(cluster, group);
    const writer = writerOf(cluster, null, volume);
    // WAL-69: but for a rollback, a step is taken while the volume is open by what the metadata knows.
    const open = writer === null || state === 'OPEN' ? [] : [openStanding(cluster, writer, volume)];
    // WAL-62: the sets before the step count as well; who is no member any more only has to say so.
    const isMember = (node: NodeId): boolean => members.sets.flat().includes(node);
    const installed = judgeQuorum(
      {
        sets: [...before, ...members.sets],
        need: members.vw,
        hasAnswered: (node) => acked.includes(node),
      },
      (node) =>
        isMember(node) ? replicaObstacles(cluster, meta, node, group, -1) : reach.between(meta, node),
    );
    const upTo = target ?? (phase === 'joint' ? newestOf(cluster, group, before.flat()) : null);
    const isLearner = phase === 'learner' || phase === 'removed' || (upTo !== null && (scl ?? -1) < upTo);
    return [
      {
        ...base,
        ...needAll([
          ...(isComplete ? [] : [installed]),
          ...(isLearner
            ? [learnerStanding(cluster, { group, to, upTo, writer, voters: members.sets.flat() })]
            : []),
          ...(phase === 'aborting' ? [] : open),
        ]),
        kind: 'members',
        volume,
        group,
        step: phase,
        key: `members ${group} ${from} ${to} ${phase} ${members.memberEpoch}`,
        sinceUs,
      },
    ];
  });
  return [...moves, ...restoreWaits(cluster)];
}

/** WAL-64: what a new member has to have before the step is complete: the most that one of the old ones says. */
const newestOf = (cluster: ClusterView, group: GroupId, members: readonly NodeId[]): number =>
  Math.max(-1, ...members.map((node) => replicaOf(cluster, node, group)?.scl ?? -1));

/** HOLE-19: all that it lacks up to there lies below its limit. */
const mayAskUpTo = ({ discoverLimit, nwl, lowestHoles }: StoreGroupView, upTo: number): boolean =>
  discoverLimit >= upTo ||
  (nwl >= upTo && !lowestHoles.some(([first, last]) => first <= upTo && last - 1 > discoverLimit));

interface Learner {
  readonly group: GroupId;
  readonly to: NodeId;
  /** What it has to have; null: not known yet. */
  readonly upTo: number | null;
  readonly writer: NodeId | null;
  readonly voters: readonly NodeId[];
}

/**
 * WAL-64, 71: the new member hears of its step, and one of the voters gives it what it lacks. One that has the log asks for the
 * rest as far as the writer has said (HOLE-19); to one that begins with a base image that may be near enough.
 */
function learnerStanding(cluster: ClusterView, learner: Learner): Standing {
  const { reach, meta } = cluster;
  const { to, voters } = learner;
  const donors = [...new Set(voters)].filter((node) => node !== to);
  return needAll([
    judgeAnswer([...reach.between(meta, to), ...reach.disk(to, 'write')]),
    judgeQuorum({ sets: [donors], need: 1, hasAnswered: () => false }, (donor) => [
      ...reach.between(to, donor),
      ...reach.disk(donor, 'read'),
    ]),
    limitStanding(cluster, learner),
  ]);
}

/** That the writer tells it how far it may ask. */
function limitStanding(cluster: ClusterView, { group, to, upTo, writer }: Learner): Standing {
  const replica = replicaOf(cluster, to, group);
  const hasLog = replica !== null && !replica.needBase;
  if (writer === null || (hasLog && upTo !== null && mayAskUpTo(replica, upTo))) return none;
  const said = needAll([
    judgeAnswer(cluster.reach.between(writer, to)),
    openStanding(cluster, writer, volumeOfGroup(cluster, group).name),
  ]);
  return hasLog
    ? said
    : { ...said, isBlocked: false, obstacles: said.obstacles.map((one) => ({ ...one, stops: false })) };
}

function restoreWaits(cluster: ClusterView): Wait[] {
  const { metadata, meta, reach, frame } = cluster;
  const archive = frame.nodes.find(({ roles }) => roles.includes('objectStore'))?.id;
  if (archive === undefined) return [];
  return (metadata?.restores ?? [])
    .filter(({ state }) => state === 'loading')
    .map(({ volume, sinceUs, replicas }): Wait => {
      const missing = replicas.filter(({ phase }) => phase !== 'loaded');
      const obstacles = missing.flatMap(({ node }) => [
        ...metadataObstacles(cluster, node),
        ...reach.between(node, archive),
        ...reach.at(node),
        ...reach.disk(node, 'write'),
        ...reach.disk(archive, 'read'),
      ]);
      return {
        kind: 'restore',
        node: meta,
        key: `restore ${volume}`,
        volume,
        group: null,
        step: '',
        have: replicas.length - missing.length,
        need: replicas.length,
        sinceUs,
        requests: 0,
        isBlocked: isStopped(obstacles),
        obstacles: distinct(obstacles),
      };
    });
}
