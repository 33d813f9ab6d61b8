// The shard map (docs/spec/pcs.md §4, §5): shard groups by key range with members, leader, term and epochs, and the shards
// that cut each group's log by LSN (PCS-36, PCS-37). A group is a descriptor as replicas know it, and what only the metadata says of
// it. Groups are replaced, never changed, so a reader may keep what it was given.

import { present } from '../../base/assert.ts';
import { type GroupId, type Lsn, MAX, type NodeId, type Term } from '../../base/ids.ts';
import type { Descriptor } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { compareIds } from './placement-state.ts';

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

/** The groups that one version changed, as they are since. */
export interface MapChange {
  readonly version: number;
  readonly groups: readonly ShardGroup[];
}

export interface ShardMap {
  mapVersion: number;
  /** By ascending id: groups are made in that order and never removed. */
  readonly groups: Map<GroupId, ShardGroup>;
  shardsMade: number;
  /** The last MAX_CHANGES versions, the oldest first (PCS-60). */
  changes: MapChange[];
}

/** Beyond it a copy of the map is renewed whole. */
export const MAX_CHANGES = 1024;

export const makeShardMap = (): ShardMap => ({
  mapVersion: 0,
  groups: new Map(),
  shardsMade: 0,
  changes: [],
});

export const isOpenShard = ({ end }: Shard): boolean => end === MAX;
export const lastShard = ({ shards }: ShardGroup): Shard | null => shards.at(-1) ?? null;

/** The open shard, which takes the records of new LSNs. */
export function openShard(group: ShardGroup): Shard | null {
  const last = lastShard(group);
  return last !== null && isOpenShard(last) ? last : null;
}

/** The shard that covers an LSN (PCS-36). */
export const shardAt = ({ shards }: ShardGroup, lsn: number): Shard | null =>
  shards.find(({ first, end }) => first <= lsn && lsn < end) ?? null;

/** The group that has a page key (PCS-36). */
export function groupOfKey<G extends Pick<ShardGroup, 'keyFirst' | 'keyEnd'>>(
  groups: Iterable<G>,
  key: number,
): G | null {
  for (const group of groups) if (group.keyFirst <= key && key < group.keyEnd) return group;
  return null;
}

export const makeShard = (map: ShardMap, first: Lsn, end: number = MAX): Shard => ({
  id: ++map.shardsMade as ShardId,
  first,
  end,
});

/** One version more, with these groups as they are from now on (PCS-33). */
export function install(map: ShardMap, groups: readonly ShardGroup[]): void {
  map.mapVersion++;
  for (const group of groups) map.groups.set(group.group, group);
  map.changes = [...map.changes, { version: map.mapVersion, groups }].slice(-MAX_CHANGES);
}

/** Members in the order of answers. */
export const ascending = (ids: readonly NodeId[]): NodeId[] => ids.toSorted(compareIds);

/** What a driver or a node keeps of the map; it may be arbitrarily old (PCS-51). */
export interface MapCopy {
  readonly version: number;
  /** By ascending id. */
  readonly groups: readonly ShardGroup[];
}

/** A copy of the map, of an answer of the metadata; the shards stay with the metadata. */
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

export const copyMap = ({ mapVersion, groups }: ShardMap): MapCopy => ({
  version: mapVersion,
  groups: [...groups.values()],
});

/** GetShardMap (PCS-60): what changed since a version; the whole map for one that is too old, or not known here. */
export type MapAnswer =
  | { readonly kind: 'full'; readonly copy: MapCopy }
  | { readonly kind: 'changes'; readonly changes: readonly MapChange[] };

export function mapSince(map: ShardMap, since: number): MapAnswer {
  const oldest = map.changes[0]?.version ?? map.mapVersion + 1;
  const isKept = since >= oldest - 1 && since <= map.mapVersion;
  if (!isKept) return { kind: 'full', copy: copyMap(map) };
  return { kind: 'changes', changes: map.changes.filter(({ version }) => version > since) };
}

/** The copy after an answer. A change that does not follow on it is a fault of who pushes: versions come in order. */
export function updateCopy(copy: MapCopy, answer: MapAnswer): MapCopy {
  if (answer.kind === 'full') return answer.copy.version < copy.version ? copy : answer.copy;
  const groups = new Map(copy.groups.map((group) => [group.group, group]));
  let { version } = copy;
  for (const change of answer.changes) {
    if (change.version <= version) continue;
    version = present(change.version === version + 1 ? change.version : null, 'map version', version + 1);
    for (const group of change.groups) groups.set(group.group, group);
  }
  return { version, groups: [...groups.values()] };
}
