// One number for everything that happened in a live cluster, as `worldHash` makes it of a simulated one.

import { hashHex } from '../base/hash.ts';
import { hashDigests, type NodeDigest } from '../sim/world.ts';
import type { LiveCluster } from './live-cluster.ts';

export function hashOf(
  cluster: LiveCluster,
  digests: Awaited<ReturnType<LiveCluster['digests']>>,
): { readonly hash: string; readonly nodes: readonly NodeDigest[] } {
  const nodes = cluster.fabric.nodes.map(({ spec, life, status, stamp, past }) => ({
    node: spec.id,
    life,
    isUp: status === 'up',
    hash: stamp?.hash ?? '',
    past: hashHex(past),
    state: digests.get(spec.id)?.state ?? '',
    disk: digests.get(spec.id)?.disk ?? '',
  }));
  return { hash: hashDigests(nodes), nodes };
}
