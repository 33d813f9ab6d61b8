// The attachments of a compute node as its cluster is laid out: at the cluster's own volume, and spare ones for volumes to come.

import type { NodeId } from '../../base/ids.ts';
import type { ClusterSpec, NodeSpec } from './cluster-spec.ts';
import type { NodeConfig } from './door.ts';

type Nodes = Pick<ClusterSpec, 'nodes'>;

/** Readers and standbys of a volume (READ-1). */
export const MAX_READERS = 15;

export const spareAttachmentsOf = ({ roles, isSpare, spareAttachments }: NodeSpec): number =>
  roles.includes('compute') ? (spareAttachments ?? (isSpare ? 1 : 0)) : 0;

/** The readers of the cluster's volume, standbys among them, in the order of its nodes (READ-1). */
export const readersOf = ({ nodes }: Nodes): NodeId[] =>
  nodes.filter((node) => node.isReader).map(({ id }) => id);

export const hasReaders = ({ nodes }: Nodes): boolean => nodes.some((node) => node.isReader);

export const isReader = ({ cluster, nodeId }: Pick<NodeConfig, 'cluster' | 'nodeId'>): boolean =>
  cluster.nodes.some((node) => node.id === nodeId && node.isReader === true);

/** The readers that are never promoted (FENCE-18); where there is none the standbys take reads (READ-46). */
export function roGroupOf(cluster: Nodes): NodeId[] {
  const readers = readersOf(cluster);
  const ha = haGroupOf(cluster).map(({ node }) => node);
  const only = readers.filter((node) => !ha.includes(node));
  return only.length > 0 ? only : readers;
}

/** Nodes that may write the cluster's volume, where the PCS chooses among several (FENCE-18); else none. */
export const haGroupOf = ({ nodes }: Nodes): { readonly node: NodeId; readonly priority: number }[] =>
  nodes.flatMap(({ id, haPriority }) =>
    haPriority === undefined ? [] : [{ node: id, priority: haPriority }],
  );

/** Every node at the cluster's volume, where the PCS says who writes it: each begins as a reader there. */
export const isAppointed = ({ nodes }: Nodes): boolean =>
  nodes.some(({ haPriority }) => haPriority !== undefined);

/** Compute nodes with an attachment at the cluster's volume, in the order of its nodes. */
export const attachedNodes = ({ nodes }: Nodes): NodeId[] =>
  nodes.filter(({ roles, isSpare }) => roles.includes('compute') && !isSpare).map(({ id }) => id);
