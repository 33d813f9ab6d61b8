// Volume scope: the cluster as the first volume has it, or as one that a restore made beside it does (WAL-45): its name and
// its groups. Pure.

import { type ComputeView, type SeatView, seatsOf } from '../../core/compute/compute-view.ts';
import type { ClusterSpec, GroupSpec } from '../../core/kernel/door.ts';
import type { NodeFrame } from '../../sim/frame.ts';
import { metaOf, storeOf } from './node-facts.ts';

type Nodes = Readonly<Record<string, NodeFrame>>;

/** All volumes there are; only the first one's name while there is no other. */
export function volumeNames(cluster: ClusterSpec, nodes: Nodes): readonly string[] {
  for (const node of Object.values(nodes)) {
    const volumes = metaOf(node)?.volumes;
    if (volumes !== undefined) return volumes.map(({ name }) => name);
  }
  return [cluster.volume];
}

/** A group of a restored volume as its replicas know it; its keys are those of the group it was made from. */
function groupSpec(id: GroupSpec['id'], index: number, cluster: ClusterSpec, nodes: Nodes): GroupSpec | null {
  for (const node of Object.values(nodes)) {
    const members = storeOf(node)?.groups.find(({ group }) => group === id)?.members;
    if (members === undefined) continue;
    const { keyFirst = 0, keyEnd = 0 } = cluster.groups[index] ?? {};
    return { id, replicas: members.sets.at(-1) ?? [], keyFirst, keyEnd, vw: members.vw, vr: members.vr };
  }
  return null;
}

/** The cluster with the volume's name and groups; as it is for the first volume, or one that is not known. */
export function clusterOf(cluster: ClusterSpec, nodes: Nodes, volume: string | null): ClusterSpec {
  if (volume === null || volume === cluster.volume) return cluster;
  for (const node of Object.values(nodes)) {
    const found = metaOf(node)?.volumes?.find(({ name }) => name === volume);
    if (found === undefined) continue;
    const groups = found.groups.flatMap((id, i) => groupSpec(id, i, cluster, nodes) ?? []);
    return { ...cluster, volume, groups };
  }
  return cluster;
}

/** The seat from which a compute node writes, or recovers, the volume; a reader has none. */
export const seatAt = (view: ComputeView, volume: string): SeatView | null =>
  seatsOf(view).find((seat) => seat.volume === volume && seat.mode !== 'ro') ?? null;

/** The seat from which a compute node reads the volume. */
export const readerSeatAt = (view: ComputeView, volume: string): SeatView | null =>
  seatsOf(view).find((seat) => seat.volume === volume && seat.mode === 'ro') ?? null;
