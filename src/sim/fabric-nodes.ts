// Nodes that come and go while a cluster runs (docs/spec/pcs.md PCS-3, placement.md PCS-100). A node is added at the end of the list: the places
// of the others, and with them the order of events at one time, stay. A node that has ended for good keeps its place and its name.

import { assert } from '../base/assert.ts';
import type { NodeId } from '../base/ids.ts';
import type { ClusterSpec, NodeSpec } from '../core/kernel/cluster-spec.ts';
import {
  type Fabric,
  type FabricNode,
  makeFabricNode,
  makeLinkBetween,
  openNode,
  type RunSpec,
} from './fabric-state.ts';
import { type NodeKinds, specOfAdded } from './node-templates.ts';
import type { TapeAction } from './tape-actions.ts';
import { addPlace } from './traffic.ts';

export const withNode = (cluster: ClusterSpec, spec: NodeSpec): ClusterSpec => ({
  ...cluster,
  nodes: [...cluster.nodes, spec],
});

/** The node and its links, not open yet. */
export function makePlace(fabric: Fabric, spec: NodeSpec): FabricNode {
  const { nodes, indexOf, traffic, epoch } = fabric;
  assert(!indexOf.has(spec.id), 'a new node has a name of its own');
  const there = nodes.map((one) => makeLinkBetween(fabric, one.spec, spec, epoch));
  const back = nodes.map((one) => makeLinkBetween(fabric, spec, one.spec, epoch));
  addPlace(traffic, there, [...back, makeLinkBetween(fabric, spec, spec, epoch)]);
  const node = makeFabricNode(spec);
  indexOf.set(spec.id, nodes.length);
  nodes.push(node);
  fabric.cluster = withNode(fabric.cluster, spec);
  return node;
}

/** Worker, disk, links and card come with the node's first life. */
export function addNode(fabric: Fabric, spec: NodeSpec): boolean {
  if (fabric.indexOf.has(spec.id)) return false;
  openNode(fabric, makePlace(fabric, spec));
  return true;
}

/** A cluster's layout with the nodes of a fabric, as after a snapshot, which leaves the layout out. */
export function layoutOf(initial: ClusterSpec, nodes: readonly FabricNode[]): ClusterSpec {
  return nodes.length === initial.nodes.length
    ? initial
    : { ...initial, nodes: nodes.map(({ spec }) => spec) };
}

type Run = Pick<RunSpec, 'cluster' | 'actions'>;

/** Nodes that the tape adds, in their order. */
export const addedBy = (kinds: NodeKinds, { cluster, actions }: Run): NodeSpec[] =>
  actions.flatMap((action) => (action.kind === 'addNode' ? specOfAdded(kinds, cluster, action) : []));

/** The layout once the action was done. */
export const clusterAfter = (kinds: NodeKinds, cluster: ClusterSpec, action: TapeAction): ClusterSpec =>
  addedBy(kinds, { cluster, actions: [action] }).reduce(withNode, cluster);

/** The layout once every action was done: all nodes that a run of this tape has had. */
export const clusterOf = (kinds: NodeKinds, run: Run): ClusterSpec =>
  addedBy(kinds, run).reduce(withNode, run.cluster);

const standing = new WeakMap<ClusterSpec, { readonly gone: string; readonly shown: ClusterSpec }>();

export const goneNodes = ({ nodes }: Fabric): NodeId[] =>
  nodes.filter(({ isGone }) => isGone).map(({ spec }) => spec.id);

/** The nodes that are there: those that ended for good are not shown. The same object while the same nodes are. */
export function standingCluster(fabric: Fabric): ClusterSpec {
  const { cluster } = fabric;
  const gone = goneNodes(fabric);
  if (gone.length === 0) return cluster;
  const names = gone.join(' ');
  const known = standing.get(cluster);
  if (known?.gone === names) return known.shown;
  const shown = { ...cluster, nodes: cluster.nodes.filter(({ id }) => !gone.includes(id)) };
  standing.set(cluster, { gone: names, shown });
  return shown;
}
