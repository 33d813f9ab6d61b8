// Shard group of a page (WAL-11): each has the keys from `keyFirst` up to, and without, `keyEnd`. Pure.

import type { ClusterSpec, GroupSpec } from '../../core/kernel/cluster-spec.ts';

/** Null: no group of the cluster has it. */
export const groupOfPage = ({ groups }: Pick<ClusterSpec, 'groups'>, blockKey: number): GroupSpec | null =>
  groups.length === 1
    ? (groups[0] ?? null) // with the pages of its volume (FENCE-46)
    : (groups.find(({ keyFirst, keyEnd }) => keyFirst <= blockKey && blockKey < keyEnd) ?? null);
