// What the first write to a key range makes (docs/spec/pcs.md PCS-39): a table's ranges have no group until somebody writes to
// them; then the group is made on nodes chosen by PCS-73, then its shard, and the write goes on. Later only a roll (PCS-42) asks the
// metadata, and nobody waits for it.

import { type Lsn, MAX } from '../../base/ids.ts';
import { placeGroup } from './choose-node.ts';
import type { OperationOf } from './map-operation.ts';
import type { PlacementState } from './placement-state.ts';
import { groupOfKey, type Shard, type ShardGroup, type ShardMap, shardAt } from './shard-map.ts';

/** A range of page keys that a table was cut into: adjacent tablets, which share a group until it is split. */
export interface KeyRange {
  readonly volume: string;
  readonly keyFirst: number;
  readonly keyEnd: number;
}

export type WriteTarget =
  | { readonly kind: 'ready'; readonly group: ShardGroup; readonly shard: Shard }
  /** To be proposed; then the question is asked again. */
  | { readonly kind: 'make'; readonly operation: OperationOf<'createGroup' | 'createShard'> }
  | { readonly kind: 'refused'; readonly error: 'NO_GROUP' | 'INSUFFICIENT_NODES' | 'OUT_OF_RANGE' };

/** Where the record of `key` at `lsn` goes, or what has to be made first. */
export function targetOfWrite(
  { groups }: ShardMap,
  ranges: readonly KeyRange[],
  placement: PlacementState,
  key: number,
  lsn: Lsn,
): WriteTarget {
  const group = groupOfKey(groups.values(), key);
  if (group === null) return makeGroup(ranges, placement, key);
  const shard = shardAt(group, lsn);
  if (shard !== null) return { kind: 'ready', group, shard };
  if (lsn < group.baseLsn) return { kind: 'refused', error: 'OUT_OF_RANGE' };
  return { kind: 'make', operation: { kind: 'createShard', group: group.group, lsn } };
}

function makeGroup(ranges: readonly KeyRange[], placement: PlacementState, key: number): WriteTarget {
  const range = groupOfKey(ranges, key);
  if (range === null) return { kind: 'refused', error: 'NO_GROUP' };
  const place = placeGroup(placement, 0);
  if (place.error !== null) return { kind: 'refused', error: place.error };
  const { vw, n } = placement.config;
  const quorum = { vw, vr: n - vw + 1 };
  const { picked, leader } = place;
  return {
    kind: 'make',
    operation: { kind: 'createGroup', ...range, voters: picked, leader, baseLsn: 0 as Lsn, ...quorum },
  };
}

export interface ShardTarget {
  readonly shardTargetLsns: number;
  readonly shardTargetBytes: number;
}

/** PCS-42: whether the open shard is to end where the next LSN begins. */
export const isRollDue = (
  { first, end }: Shard,
  nextLsn: Lsn,
  bytes: number,
  { shardTargetLsns, shardTargetBytes }: ShardTarget,
): boolean =>
  end === MAX && nextLsn > first && (nextLsn - first >= shardTargetLsns || bytes >= shardTargetBytes);
