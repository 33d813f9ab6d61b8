// Tape actions that change which nodes there are: one is made from a template while the cluster runs, with its worker, disk and
// links, and joins the metadata by itself (PCS-3); one is taken out of service by the metadata and then ends by itself; replicas are to
// leave a node, which ends once none is there (PCS-79), or may come to it again.

import type { NodeId } from '../../base/ids.ts';
import { nextBetween } from '../../base/prng.ts';
import type { ClusterSpec, NodeSpec } from '../../core/kernel/cluster-spec.ts';
import { type Refusal, refusal } from '../../presets/refusals.ts';
import { addNode } from '../fabric-nodes.ts';
import { nodeOf } from '../fabric-state.ts';
import { commandMetadata } from '../node-commands.ts';
import { refuseAdded, specOfAdded, templateOf, zonesOf } from '../node-templates.ts';
import { takeName, takeWord } from '../tape-tokens.ts';
import type { Arg } from './args.ts';
import { defineAction } from './define.ts';
import { pick } from './targets.ts';

const nameArg: Arg<NodeId> = {
  read: (words, name) => takeName(words, name) as NodeId,
  print: (value) => value,
  draw: (prng, cluster, _, { templatesOf }) => {
    const [first] = Object.values(templatesOf(cluster));
    return `${first?.prefix ?? 'ro-'}${nextBetween(prng, 20, 99)}` as NodeId;
  },
};

const templateArg: Arg<string> = {
  read: takeWord,
  print: (value) => value,
  draw: (prng, cluster, _, { templatesOf }) => {
    const words = Object.keys(templatesOf(cluster));
    return words.length === 0 ? 'reader' : pick(prng, words);
  },
};

const zoneArg: Arg<string> = {
  read: takeWord,
  print: (value) => value,
  draw: (prng, cluster) => pick(prng, zonesOf(cluster)),
};

const holdsReplicas = ({ roles }: NodeSpec): boolean => roles.includes('store') || roles.includes('chunk');

/** The metadata refuses what it cannot do (PCS-80). */
const checkPlaced = (node: NodeId, { nodes }: ClusterSpec): Refusal | null =>
  nodes.some((spec) => spec.id === node && holdsReplicas(spec)) ? null : refusal('storesNothing', { node });

export const nodeActions = {
  /** `addNode ro-3 reader b`: a node of this template, under a name that none has had, in this zone. */
  addNode: defineAction({
    target: 'world',
    args: { added: nameArg, template: templateArg, zone: zoneArg },
    check: (action, cluster, _, kinds) => refuseAdded(kinds, cluster, action),
    do: (fabric, action, { tape }) =>
      specOfAdded(tape.nodes, fabric.initial, action)
        .map((spec) => addNode(fabric, spec))
        .includes(true),
  }),
  /** To the metadata: the node serves no more, and ends; its name is not used again. What holds replicas is drained first (PCS-79). */
  removeNode: defineAction({
    target: 'node',
    check: ({ node }, cluster, _, kinds) => {
      const spec = cluster.nodes.find(({ id }) => id === node);
      return spec !== undefined && templateOf(kinds, cluster, spec) !== null
        ? null
        : refusal('notRemovable', { node });
    },
    do: (fabric, { node: id }) => {
      const node = nodeOf(fabric, id);
      if (node.isGone || !commandMetadata(fabric, { kind: 'removeNode', node: id })) return false;
      // one that has power ends when it hears it, and so does what was drained
      node.isGone = node.status === 'down' && !holdsReplicas(node.spec);
      return true;
    },
  }),
  /** To the metadata: the node’s replicas move to others, and then it ends for good (PCS-79). */
  offline: defineAction({
    target: 'node',
    check: ({ node }, cluster) => checkPlaced(node, cluster),
    do: (fabric, { node }) => commandMetadata(fabric, { kind: 'setOffline', node, isOffline: true }),
  }),
  /** To the metadata: the node stays, and may have replicas again. */
  cancelOffline: defineAction({
    target: 'node',
    check: ({ node }, cluster) => checkPlaced(node, cluster),
    do: (fabric, { node }) => commandMetadata(fabric, { kind: 'setOffline', node, isOffline: false }),
  }),
};
