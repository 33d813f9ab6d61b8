// Which volume of a cluster is backed up, and where to (WAL-37): the one it was made with, when an object store takes part.

import type { NodeId } from '../../base/ids.ts';
import type { ClusterSpec } from '../kernel/cluster-spec.ts';

export const objectStoreOf = ({ nodes }: Pick<ClusterSpec, 'nodes'>): NodeId | null =>
  nodes.find(({ roles }) => roles.includes('objectStore'))?.id ?? null;

export const backedUpVolume = (cluster: Pick<ClusterSpec, 'nodes' | 'volume'>): string | null =>
  objectStoreOf(cluster) === null ? null : cluster.volume;
