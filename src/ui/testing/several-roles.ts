// A node with three roles, and a cluster of such nodes, made of the reference picture's: for unit tests only.

import { nodeId } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/door.ts';
import type { NodeFrame } from '../../sim/frame.ts';
import { hookCluster, makeHookFrame } from './hook-frame.ts';

const roles = ['compute', 'store', 'meta'] as const;

/** Writer, log store with open holes, and metadata leader in one. */
export function makeSeveralRoles(): NodeFrame {
  const { nodes } = makeHookFrame();
  const parts = ['meta-1', 'rw-1', 'store-3'].flatMap((id) => nodes.find((node) => node.id === id) ?? []);
  const [first] = parts;
  if (first === undefined) throw new Error('the fixture has its nodes');
  const id = nodeId('n1');
  return {
    ...first,
    id,
    roles,
    view: { node: id, roles: parts.flatMap((node) => node.view?.roles ?? []) },
  };
}

export const severalCluster: ClusterSpec = {
  ...hookCluster,
  nodes: [
    { id: nodeId('d1'), zone: 'a', roles: ['driver'] },
    ...['a', 'b', 'c'].map((zone, i) => ({ id: nodeId(`n${i + 1}`), zone, roles })),
    ...['a', 'b', 'c'].map((zone, i) => ({ id: nodeId(`s${i + 1}`), zone, roles: ['store'] as const })),
  ],
};
