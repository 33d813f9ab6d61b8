// The shard map (docs/spec/pcs.md §3, placement.md §1): shard groups by key range with members, leader, term and epochs, and the shards
// that cut each group's log by LSN (PCS-36, PCS-37). A group is a descriptor as replicas know it, and what only the metadata says of
// it. Groups are replaced, never changed, so a reader may keep what it was given.

import { type GroupId, type Lsn, MAX, type NodeId, type Term } from '../../base/ids.ts';
import type { Descriptor } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';

declare const brand: unique symbol;
/** Counts up from 1 over all groups. */
export type ShardId = number & { readonly [brand]: 'ShardId' };

export interface Shard {
  readonly id: ShardId;
  readonly first: Lsn;
  /** MAX: open, so that a writer never waits for an end (PCS-38). */
  readonly end: number;
}

/** Its leader is primary of its shards, its voters are their replicas (PCS-41). */
export interface ShardGroup extends Descriptor {
  readonly volume: string;
  readonly leader: NodeId | null;
  readonly term: Term;
  /** In LSN order, without gap or overlap, only the last open (PCS-37). */
  readonly shards: readonly Shard[];
}

export type ShardGroups = ReadonlyMap<GroupId, ShardGroup>;

export const openShardFrom = (id: ShardId, first: Lsn): Shard => ({ id, first, end: MAX });

/** The open shard, which takes the records of new LSNs. */
export function openShard({ shards }: ShardGroup): Shard | null {
  const last = shards.at(-1) ?? null;
  return last?.end === MAX ? last : null;
}

/** PCS-42: whether the open shard is to end where the next LSN begins. */
export const isRollDue = ({ first, end }: Shard, nextLsn: Lsn, shardTargetLsns: number): boolean =>
  end === MAX && nextLsn > first && nextLsn - first >= shardTargetLsns;

export type RollError = 'NO_GROUP' | 'STALE_TERM' | 'NO_SHARD' | 'BAD_END';

/** PCS-43: seals the open shard at `end` and begins the next. Asked for again it is the one that there is. */
export function rollShards(
  group: ShardGroup,
  end: Lsn,
  term: Term,
  next: ShardId,
): { readonly error: RollError } | { readonly error: null; readonly shards: readonly Shard[] } {
  const { shards } = group;
  const last = shards.at(-1);
  if (term < group.term) return { error: 'STALE_TERM' };
  if (last?.first === end && shards.some((shard) => shard.end === end)) return { error: null, shards };
  const open = openShard(group);
  if (open === null) return { error: 'NO_SHARD' };
  if (end <= open.first) return { error: 'BAD_END' };
  return { error: null, shards: [...shards.slice(0, -1), { ...open, end }, openShardFrom(next, end)] };
}

/** The group that has a page key (PCS-36). */
export function groupOfKey<G extends Pick<ShardGroup, 'keyFirst' | 'keyEnd'>>(
  groups: Iterable<G>,
  key: number,
): G | null {
  for (const group of groups) if (group.keyFirst <= key && key < group.keyEnd) return group;
  return null;
}

/** What a driver or a node keeps of the map; it may be arbitrarily old (PCS-51). */
export interface MapCopy {
  readonly version: number;
  /** By ascending id. */
  readonly groups: readonly ShardGroup[];
}

/** A copy of the map, of an answer of the metadata, which is whole (PCS-60); the shards stay with the metadata. */
export const copyOfMap = ({
  mapVersion,
  groups,
}: Pick<MessageOf<'MapIs'>, 'mapVersion' | 'groups'>): MapCopy => ({
  version: mapVersion,
  groups: groups.map(({ volume, leader, term, descriptor }) => ({
    ...descriptor,
    volume,
    leader,
    term,
    shards: [],
  })),
});
