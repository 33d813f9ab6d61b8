// Whose disk a run may lose for good: every geometry has a budget, and some have none. A disk that holds the only copy of something, or
// without which no write or read quorum would be left, of a group or of the metadata, is none that a protocol could bear to lose.

import type { NodeId } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import { storesOf } from './draw-tools.ts';

const bearsOne = (n: number, { vw, vr }: { readonly vw: number; readonly vr: number }): boolean =>
  n - 1 >= Math.max(vw, vr);

/** Chunk servers vote by majority. */
const majorityOf = (n: number): { readonly vw: number; readonly vr: number } => {
  const vw = (n >> 1) + 1;
  return { vw, vr: vw };
};

/** Stores of which any one may lose what is durable on it; none: no loss of a disk is drawn. */
export function mayLoseDisks(cluster: ClusterSpec): NodeId[] {
  const { nodes, groups, placement, chunks = [] } = cluster;
  const isBorne =
    groups.every((group) => bearsOne(group.replicas.length, group)) &&
    chunks.every(({ replicas: { length } }) => bearsOne(length, majorityOf(length))) &&
    (placement === undefined || bearsOne(placement.n, placement));
  if (!isBorne) return [];
  const voters = nodes.filter(({ roles, isSpare }) => roles.includes('meta') && isSpare !== true);
  const isVoteSpare = bearsOne(voters.length, majorityOf(voters.length));
  return storesOf(cluster).filter((node) => isVoteSpare || voters.every(({ id }) => id !== node));
}
