// The shard groups of a picture where groups are made while the cluster runs (docs/spec/placement.md PCS-39): its cluster has those of the
// newest metadata that any node shows, so that whoever reads a picture finds groups where other clusters have them.

import type { NodeId } from '../../base/ids.ts';
import type { ClusterSpec, GroupSpec } from '../../core/kernel/cluster-spec.ts';
import type { NodeView } from '../../core/kernel/view.ts';
import type { MetaView } from '../../core/pcs/pcs-view.ts';

type Views = Iterable<{ readonly view: NodeView | null }>;

/** Of the node that has applied most. */
function newestMetadata(views: Views): MetaView | null {
  let newest: MetaView | null = null;
  for (const { view } of views)
    for (const role of view?.roles ?? [])
      if (role.role === 'meta' && role.sharding && role.applied > (newest?.applied ?? -1)) newest = role;
  return newest;
}

function groupsIn({ sharding, groups }: MetaView): GroupSpec[] {
  const members = new Map(groups.map((one) => [one.group, one.members]));
  return (sharding?.groups ?? []).map(({ group, volume, keyFirst, keyEnd }) => {
    const { sets = [], vw = 0, vr = 0 } = members.get(group) ?? {};
    const replicas: readonly NodeId[] = sets.at(-1) ?? [];
    return { id: group, replicas, keyFirst, keyEnd, vw, vr, volume };
  });
}

const shown = new WeakMap<ClusterSpec, { readonly key: string; readonly cluster: ClusterSpec }>();

const keyOf = ({ id, replicas, keyFirst, keyEnd }: GroupSpec): string =>
  [id, keyFirst, keyEnd, ...replicas].join(' ');

/** As it was laid out, where no group is made later. The same object while the same groups are there. */
export function withGroups(cluster: ClusterSpec, views: Views): ClusterSpec {
  const metadata = cluster.placement ? newestMetadata(views) : null;
  if (metadata === null) return cluster;
  const groups = groupsIn(metadata);
  const key = groups.map(keyOf).join('|');
  const known = shown.get(cluster);
  if (known?.key === key) return known.cluster;
  const next = { ...cluster, groups };
  shown.set(cluster, { key, cluster: next });
  return next;
}
