// Parts of a cluster by which bytes are counted: who computes, who stores, who holds the metadata, and nodes that do several of these.

import type { NodeId } from '../../base/ids.ts';
import type { ClusterSpec, NodeSpec } from '../../core/kernel/cluster-spec.ts';

export const clusterParts = ['compute', 'storage', 'control', 'client', 'whole'] as const;
export type ClusterPart = (typeof clusterParts)[number];

const storing = ['store', 'chunk'];

/** `whole`: a node that stores and computes. */
export function partOf({ roles }: Pick<NodeSpec, 'roles'>): ClusterPart {
  const names: readonly string[] = roles;
  const stores = names.some((role) => storing.includes(role));
  if (stores) return names.includes('compute') ? 'whole' : 'storage';
  if (names.includes('compute')) return 'compute';
  return names.includes('driver') ? 'client' : 'control';
}

/** Of a node that was added while the cluster ran, too: `specs` has it then. */
export const partOfNode = (specs: readonly NodeSpec[], node: NodeId): ClusterPart =>
  partOf(specs.find(({ id }) => id === node) ?? { roles: ['compute'] });

/** Where the data is. */
export const holdsData = (part: ClusterPart): boolean => part === 'storage' || part === 'whole';

/** Copies that storage keeps of each byte of the volume. */
export const copiesOf = ({ placement, groups, chunks }: ClusterSpec): number =>
  placement?.n ?? groups[0]?.replicas.length ?? chunks?.[0]?.replicas.length ?? 1;
