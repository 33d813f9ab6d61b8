// Volume scope: the cluster as one of its volumes has it, its own first: that volume's name and its groups. A restore makes a volume
// beside the cluster's own (WAL-45), the first write of a tablet one for that (PCS-39). Pure.

import { type AttachmentView, attachmentsOf, type ComputeView } from '../../core/compute/compute-view.ts';
import type { ClusterSpec, GroupSpec } from '../../core/kernel/cluster-spec.ts';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { ownVolume, volumesIn } from '../../state/role-views.ts';
import { storeOf } from './node-facts.ts';

type Nodes = Readonly<Record<string, NodeFrame>>;

/** All volumes there are; only the first one's name while there is no other. */
export function volumeNames(cluster: ClusterSpec, nodes: Nodes): readonly string[] {
  const volumes = volumesIn({ nodes: Object.values(nodes) });
  return volumes.length > 0 ? volumes.map(({ name }) => name) : [cluster.volume];
}

/** A group as its replicas know it; its keys are those that the cluster has at its place. */
function groupSpec(id: GroupSpec['id'], index: number, cluster: ClusterSpec, nodes: Nodes): GroupSpec | null {
  const placed = cluster.groups.find((one) => one.id === id);
  if (placed !== undefined) return placed;
  for (const node of Object.values(nodes)) {
    const members = storeOf(node)?.groups.find(({ group }) => group === id)?.members;
    if (members === undefined) continue;
    const { keyFirst = 0, keyEnd = 0 } = cluster.groups[index] ?? {};
    return { id, replicas: members.sets.at(-1) ?? [], keyFirst, keyEnd, vw: members.vw, vr: members.vr };
  }
  return null;
}

/** The cluster with the volume's name and groups; as it is for its own volume, or one that is not known. */
export function clusterOf(cluster: ClusterSpec, nodes: Nodes, volume: string | null): ClusterSpec {
  const volumes = volumesIn({ nodes: Object.values(nodes) });
  const name =
    volume !== null && volumes.some((one) => one.name === volume) ? volume : ownVolume(cluster, volumes);
  if (name === cluster.volume) return cluster;
  const found = volumes.find((one) => one.name === name);
  if (found === undefined) return cluster;
  const groups = found.groups.flatMap((id, i) => groupSpec(id, i, cluster, nodes) ?? []);
  return { ...cluster, volume: name, groups };
}

/** The attachment from which a compute node writes, or recovers, the volume; a reader has none. */
export const attachmentAt = (view: ComputeView, volume: string): AttachmentView | null =>
  attachmentsOf(view).find((attachment) => attachment.volume === volume && attachment.mode !== 'ro') ?? null;

/** The attachment from which a compute node reads the volume. */
export const readerAttachmentAt = (view: ComputeView, volume: string): AttachmentView | null =>
  attachmentsOf(view).find((attachment) => attachment.volume === volume && attachment.mode === 'ro') ?? null;
