// Waits of the metadata's own members (docs/spec/raft.md PCS-104 to PCS-106): one whose disk is not its own waits to be added anew,
// and an open change of members for whoever keeps its step from being committed.

import { judgeAnswer, needAll, type Obstacle, type Wait } from '../../run-model/waits/waits.ts';
import { type ClusterView, isUp, metadataObstacles, withoutIdentity } from './wait-view.ts';

export function pcsWaits(cluster: ClusterView): Wait[] {
  const { metadata, meta, pcs, frame } = cluster;
  if (metadata === null || pcs.length < 2) return [];
  const { change } = metadata;
  const base = { volume: frame.cluster.volume, group: null, requests: 0 };
  const lost = pcs
    .filter((node) => isUp(cluster, node) && change?.node !== node)
    .flatMap((node): Wait[] => {
      const why = withoutIdentity(cluster, node);
      if (why === null) return [];
      const own: Obstacle = {
        kind: 'diskNotOwn',
        nodes: [node],
        of: '',
        stops: true,
        wayOut: { kind: 'addPcs', node },
      };
      const standing = judgeAnswer([own, ...metadataObstacles(cluster, node)]);
      return [
        { ...base, ...standing, kind: 'identity', node, key: `identity ${node}`, step: why, sinceUs: -1 },
      ];
    });
  return [...lost, ...changeWaits(cluster, base, meta)];
}

function changeWaits(
  cluster: ClusterView,
  base: Pick<Wait, 'volume' | 'group' | 'requests'>,
  meta: Wait['node'],
): Wait[] {
  const { reach, metadata } = cluster;
  const change = metadata?.change ?? null;
  if (change === null) return [];
  const { node, want, step, sinceUs } = change;
  // who is to come in hears of its identity, and has the log durable before it votes
  const comes =
    want === 'in' ? [judgeAnswer([...reach.between(meta, node), ...reach.disk(node, 'write')])] : [];
  const standing = needAll([judgeAnswer(metadataObstacles(cluster, meta)), ...comes]);
  return [
    {
      ...base,
      ...standing,
      kind: 'pcsChange',
      node: meta,
      key: `pcs ${node} ${want} ${step}`,
      step,
      sinceUs,
    },
  ];
}
