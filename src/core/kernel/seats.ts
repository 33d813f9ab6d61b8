// The seats of a compute node as its cluster is laid out: at the cluster's own volume, and spare ones for volumes to come.

import type { NodeId } from '../../base/ids.ts';
import type { ClusterSpec, NodeConfig, NodeSpec } from './door.ts';

export const spareSeatsOf = ({ roles, isSpare, spareSeats }: NodeSpec): number =>
  roles.includes('compute') ? (spareSeats ?? (isSpare ? 1 : 0)) : 0;

/** The readers of the cluster's volume, in the order of its nodes (READ-1). */
export const readersOf = ({ nodes }: Pick<ClusterSpec, 'nodes'>): NodeId[] =>
  nodes.filter((node) => node.isReader).map(({ id }) => id);

export const hasReaders = ({ nodes }: Pick<ClusterSpec, 'nodes'>): boolean =>
  nodes.some((node) => node.isReader);

export const isReader = ({ cluster, nodeId }: Pick<NodeConfig, 'cluster' | 'nodeId'>): boolean =>
  cluster.nodes.some((node) => node.id === nodeId && node.isReader === true);
