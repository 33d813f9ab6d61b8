// Which nodes of a cluster have a link on the map.

import type { ClusterSpec, NodeSpec } from '../../core/kernel/cluster-spec.ts';
import type { Role } from '../../core/kernel/view.ts';
import type { Stack } from '../../sim/stack.ts';

const hasRole = ({ roles }: NodeSpec, role: Role): boolean => roles.includes(role);

/** Which pairs the roles link, row by row: by the stacks' tables, and replicas of one group. */
export type RoleLinks = (cluster: ClusterSpec) => Uint8Array;

/** A layout's nodes and groups do not change, and there are many pairs: asked again, they are known. */
export function makeRoleLinks(stacks: readonly Pick<Stack, 'links'>[]): RoleLinks {
  const isRoleLink = (cluster: ClusterSpec, a: NodeSpec, b: NodeSpec): boolean =>
    stacks.some(({ links }) =>
      links.some(([x, y]) => (hasRole(a, x) && hasRole(b, y)) || (hasRole(a, y) && hasRole(b, x))),
    ) || cluster.groups.some(({ replicas }) => replicas.includes(a.id) && replicas.includes(b.id));
  const known = new WeakMap<ClusterSpec, Uint8Array>();
  return (cluster) => {
    const found = known.get(cluster);
    if (found !== undefined) return found;
    const { nodes } = cluster;
    const made = Uint8Array.from({ length: nodes.length * nodes.length }, (_, at) => {
      const from = nodes[Math.floor(at / nodes.length)];
      const to = nodes[at % nodes.length];
      return from !== undefined && to !== undefined && isRoleLink(cluster, from, to) ? 1 : 0;
    });
    known.set(cluster, made);
    return made;
  };
}
