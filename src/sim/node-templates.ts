// What may be added to a cluster while it runs (tape action `addNode`): each stack has templates of nodes, by their word on the tape.

import type { NodeId } from '../base/ids.ts';
import type { ClusterSpec, NodeSpec } from '../core/kernel/cluster-spec.ts';
import { type Refusal, refusal } from '../presets/refusals.ts';
import { kindOf, type NodeKindTable } from './node-kinds.ts';
import type { PresetNames } from './preset-names.ts';
import type { Stack, TargetRoles } from './stack.ts';

/** What the stacks say of nodes: who can be the target of an action, and who may be added. */
export interface NodeKinds {
  /** The nodes that can be this in their stack. */
  readonly nodesFor: (target: keyof TargetRoles, cluster: ClusterSpec) => readonly NodeSpec[];
  readonly kindsOf: (cluster: ClusterSpec) => NodeKindTable;
  /** Of them those that may be added while the cluster runs. */
  readonly templatesOf: (cluster: ClusterSpec) => NodeKindTable;
}

export function makeNodeKinds(
  stacks: readonly Pick<Stack, 'id' | 'targets' | 'cluster'>[],
  { stackOf }: PresetNames,
): NodeKinds {
  const kindsOf = (cluster: ClusterSpec): NodeKindTable =>
    stacks.find(({ id }) => id === stackOf(cluster))?.cluster.kinds ?? {};
  return {
    nodesFor: (target, { nodes }) =>
      nodes.filter(({ roles }) =>
        stacks.some(({ targets: { [target]: role } }) => role !== undefined && roles.includes(role)),
      ),
    kindsOf,
    templatesOf: (cluster) =>
      Object.fromEntries(Object.entries(kindsOf(cluster)).filter(([, { joins }]) => joins !== undefined)),
  };
}

/** Nodes of a run, those that are gone among them. */
export const MAX_NODES = 256;

/** Longest number in a name: `ro-9999`. */
const NUMBER = /^[1-9][0-9]{0,3}$/;

/** As the tape says it. */
export interface AddedNode {
  readonly added: NodeId;
  readonly template: string;
  readonly zone: string;
}

/** The template that such a node would be made from, by its word; null: none, or it stays. */
export function templateOf({ kindsOf }: NodeKinds, cluster: ClusterSpec, spec: NodeSpec): string | null {
  const kinds = kindsOf(cluster);
  const word = kindOf(kinds, spec);
  const kind = word === null ? undefined : kinds[word];
  const isOne = kind?.joins !== undefined && (spec.isAdded === true || kind.staysFromStart !== true);
  return isOne ? word : null;
}

/** None where the cluster has no such template. */
export function specOfAdded(
  { templatesOf }: NodeKinds,
  cluster: ClusterSpec,
  { added, template, zone }: AddedNode,
): NodeSpec[] {
  const known = templatesOf(cluster)[template];
  return known === undefined ? [] : [{ id: added, zone, ...known.is, isAdded: true }];
}

export const zonesOf = ({ nodes }: ClusterSpec): string[] => [...new Set(nodes.map(({ zone }) => zone))];

/** Why the node cannot be added, or null. */
export function refuseAdded(
  { templatesOf }: NodeKinds,
  cluster: ClusterSpec,
  { added, template, zone }: AddedNode,
): Refusal | null {
  const templates = templatesOf(cluster);
  const known = templates[template];
  if (known === undefined) {
    const words = Object.keys(templates);
    return words.length === 0
      ? refusal('noneAdded', { preset: cluster.preset })
      : refusal('addedKind', { known: words });
  }
  const { nodes } = cluster;
  const { prefix } = known;
  if (!added.startsWith(prefix) || !NUMBER.test(added.slice(prefix.length)))
    return refusal('addedName', { prefix, found: added });
  if (nodes.some(({ id }) => id === added)) return refusal('addedTaken', { node: added });
  if (!zonesOf(cluster).includes(zone)) return refusal('addedZone', { known: zonesOf(cluster), found: zone });
  if (nodes.length >= MAX_NODES) return refusal('mostNodes', { most: MAX_NODES });
  const why = known.joins?.(cluster) ?? null;
  return why === null ? null : refusal(why, { preset: cluster.preset });
}

/** The first name that no node of the run has had. `cluster`: with those that are gone. */
export function nextName({ nodes }: ClusterSpec, prefix: string): NodeId {
  for (let n = 1; ; n++) {
    const name = `${prefix}${n}` as NodeId;
    if (!nodes.some(({ id }) => id === name)) return name;
  }
}
