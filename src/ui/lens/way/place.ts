// Where the records of ways go, as a picture knows it: the groups of each volume, or the chunk servers of a shared disk.

import type { ClusterSpec } from '../../../core/kernel/cluster-spec.ts';
import type { LinkFrame, NodeFrame } from '../../../run-model/picture/frame.ts';
import { clusterOf, volumeNames } from '../../model/volumes.ts';
import type { WayPlace } from './steps.ts';
import type { WayVolume } from './ways.ts';

type Nodes = Readonly<Record<string, NodeFrame>>;

export const wayVolumes = (cluster: ClusterSpec, nodes: Nodes): readonly WayVolume[] =>
  volumeNames(cluster, nodes).map((name) => ({ name, groups: clusterOf(cluster, nodes, name).groups }));

export function placeOf(
  volumes: readonly WayVolume[],
  volume: string | undefined,
  { chunks }: ClusterSpec,
  nodes: Nodes,
  links: readonly LinkFrame[],
): WayPlace {
  return {
    volume: volumes.find(({ name }) => name === volume),
    chunkServers: chunks?.[0]?.replicas ?? [],
    nodes,
    links,
  };
}
