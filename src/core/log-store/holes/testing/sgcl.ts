// SGCL of a group whose log is cut into shards (docs/spec/holes.md HOLE-18).

import { assert } from '../../../../base/assert.ts';

/** A shard `[first, end)` and its PGCL. */
export interface ShardMark {
  readonly first: number;
  readonly end: number;
  readonly pgcl: number;
}

/** Shards ascending and contiguous; only the last may be open (`end` = MAX). */
export function sgclOf(shards: readonly ShardMark[]): number {
  assert(shards.length > 0, 'SGCL of no shard');
  let end = shards[0]?.first ?? 0;
  for (const shard of shards) {
    assert(shard.first === end && shard.end > shard.first, 'shards ascend without a gap');
    if (shard.pgcl < shard.end - 1) return Math.max(shard.pgcl, shard.first - 1);
    end = shard.end;
  }
  return end - 1;
}
