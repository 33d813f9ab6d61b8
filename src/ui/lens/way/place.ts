// Where the records of ways go, as a picture knows it: the members of each volume's groups, or the chunks of a shared disk. What the
// sentences ask of the picture besides: nodes and links.

import type { ClusterSpec } from '../../../core/kernel/cluster-spec.ts';
import type { LinkFrame, NodeFrame } from '../../../run-model/picture/frame.ts';
import type { WayGroup, WayVolume } from '../../../run-model/ways/ways.ts';
import { membersOf } from '../../model/members.ts';
import { clusterOf, volumeNames } from '../../model/volumes.ts';

type Nodes = Readonly<Record<string, NodeFrame>>;

export interface WayPlace {
  readonly volume: WayVolume | undefined;
  readonly nodes: Nodes;
  readonly links: readonly LinkFrame[];
}

const groupsOf = (cluster: ClusterSpec, nodes: Nodes): WayVolume['groups'] =>
  new Map(
    cluster.groups.map(({ id }): [string, WayGroup] => {
      const { sets, vw } = membersOf({ cluster, nodes }, id);
      return [id, { sets, vw }];
    }),
  );

/** A chunk's log is that of a Raft group: a majority of its servers decides (FS-70). */
const chunksOf = (chunks: NonNullable<ClusterSpec['chunks']>): WayVolume['groups'] =>
  new Map(
    chunks.map(({ id, replicas }): [string, WayGroup] => [
      id,
      { sets: [replicas], vw: Math.floor(replicas.length / 2) + 1 },
    ]),
  );

export const wayVolumes = (cluster: ClusterSpec, nodes: Nodes): readonly WayVolume[] =>
  volumeNames(cluster, nodes).map((name) => {
    const scoped = clusterOf(cluster, nodes, name);
    const { chunks } = cluster;
    return chunks === undefined
      ? { name, isFile: false, groups: groupsOf(scoped, nodes) }
      : { name, isFile: true, groups: chunksOf(chunks) };
  });
