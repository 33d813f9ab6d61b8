// What the metadata waits for: steps of membership changes (wal.md §10) and loads of restores (WAL-45).

import type { NodeId } from '../../base/ids.ts';
import { distinct, isStopped, judgeAnswer, judgeQuorum, type Standing, type Wait } from '../../sim/waits.ts';
import { replicaObstacles } from './replica-waits.ts';
import { needAll, openStanding, writerOf } from './volume-waits.ts';
import { type ClusterView, isUp, metadataObstacles } from './wait-view.ts';

/** Steps of membership changes and loads of restores that are under way. */
export function metadataWaits(cluster: ClusterView): Wait[] {
  const { metadata, meta, frame } = cluster;
  if (metadata === null || !isUp(cluster, meta)) return [];
  const base = { node: meta, requests: 0 };
  const { volume } = frame.cluster;
  const writer = writerOf(cluster, null, volume);
  // WAL-69: but for a rollback, a step is taken while the volume is open.
  const open = writer === null ? [] : [openStanding(cluster, writer, volume)];
  const moves = metadata.groups.flatMap(({ group, members, move }): Wait[] => {
    if (move === null) return [];
    const { phase, to, from, acked, isComplete, sinceUs } = move;
    const installed = judgeQuorum(
      { sets: members.sets, need: members.vw, hasAnswered: (node) => acked.includes(node) },
      (node) => replicaObstacles(cluster, meta, node, group, -1),
    );
    const isLearner = phase === 'learner' || phase === 'removed';
    return [
      {
        ...base,
        ...needAll([
          ...(isComplete ? [] : [installed]),
          ...(isLearner ? [learnerStanding(cluster, to, members.sets.flat())] : []),
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

/** WAL-64, 71: the new member hears of its step, and one of the voters gives it what it lacks. */
function learnerStanding(cluster: ClusterView, to: NodeId, voters: readonly NodeId[]): Standing {
  const { reach, meta } = cluster;
  const donors = [...new Set(voters)].filter((node) => node !== to);
  return needAll([
    judgeAnswer([...reach.between(meta, to), ...reach.disk(to, 'write')]),
    judgeQuorum({ sets: [donors], need: 1, hasAnswered: () => false }, (donor) => [
      ...reach.between(to, donor),
      ...reach.disk(donor, 'read'),
    ]),
  ]);
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
