// The nodes that may hold the metadata (docs/spec/pcs.md PCS-1, raft.md PCS-4, PCS-105): those that the cluster was laid out with and, after them,
// those that joined. A node's place in this list is part of its numbers as a member of the log, so the list only grows, in the
// order of the log.

import type { NodeId } from '../../base/ids.ts';
import { PLACES } from '../consensus/identities.ts';
import type { ClusterSpec } from '../kernel/cluster-spec.ts';

/** The same at every member: a node that was added is installed with itself in the list, and the log says when it joined. */
export const asLaidOut = (cluster: ClusterSpec): ClusterSpec =>
  cluster.nodes.some(({ isAdded }) => isAdded)
    ? { ...cluster, nodes: cluster.nodes.filter(({ isAdded }) => isAdded !== true) }
    : cluster;

/** In the order of the cluster's list. */
export const pcsNodes = ({ nodes }: ClusterSpec): NodeId[] =>
  nodes.filter(({ roles }) => roles.includes('meta')).map(({ id }) => id);

/** Those that the log begins with; a spare one waits until it is added. */
export const initialPcs = ({ nodes }: ClusterSpec): NodeId[] =>
  nodes.filter(({ roles, isSpare }) => roles.includes('meta') && isSpare !== true).map(({ id }) => id);

/** The list once the node has joined. Beyond `PLACES` a node can be no member of the log. */
export const withPlace = (
  pcs: readonly NodeId[],
  node: NodeId,
  roles: readonly string[],
): readonly NodeId[] =>
  roles.includes('meta') && !pcs.includes(node) && pcs.length < PLACES ? [...pcs, node] : pcs;

/** What is applied counts; beyond it what is known of entries that are not applied yet, where it goes on from there. */
export const knownPlaces = (applied: readonly NodeId[], known: readonly NodeId[]): readonly NodeId[] =>
  known.length > applied.length && applied.every((node, place) => known[place] === node) ? known : applied;
