// Tape actions of `postdb-v4`: replicas are to leave a node, which ends once none is there (PCS-79), or may come to it again.

import type { NodeId } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/door.ts';
import { defineAction } from '../../sim/actions/define.ts';
import { commandMetadata } from '../../sim/node-commands.ts';

declare module '../../sim/actions/define.ts' {
  interface StackActions {
    readonly 'postdb-v4': typeof postdbV4Actions;
  }
}

/** Where the planner places replicas; the metadata refuses what it cannot do (PCS-80). */
const checkPlaced = (node: NodeId, { placement, nodes, preset }: ClusterSpec): string | null => {
  if (placement === undefined) return `nobody places replicas in ${preset}`;
  return nodes.some(({ id, roles }) => id === node && roles.includes('store'))
    ? null
    : `${node} stores nothing`;
};

export const postdbV4Actions = {
  offline: defineAction({
    target: 'node',
    check: ({ node }, cluster) => checkPlaced(node, cluster),
    do: (fabric, { node }) => commandMetadata(fabric, { kind: 'setOffline', node, isOffline: true }),
  }),
  cancelOffline: defineAction({
    target: 'node',
    check: ({ node }, cluster) => checkPlaced(node, cluster),
    do: (fabric, { node }) => commandMetadata(fabric, { kind: 'setOffline', node, isOffline: false }),
  }),
};
