// Groups by key range and shards by LSN extent (docs/spec/pcs.md PCS-37…46, table of §5): made on the first write that has none,
// rolled, sealed, split. Making a shard, appointing its primary and merging it into its group are one entry (PCS-41).

import { assert } from '../../base/assert.ts';
import { type GroupId, groupId, type Lsn, type Term } from '../../base/ids.ts';
import { checkQuorum } from '../kernel/membership.ts';
import { changed, existing, type OperationOf, type Outcome, refuse } from './map-operation.ts';
import { isJoint } from './membership.ts';
import {
  ascending,
  install,
  isOpenShard,
  lastShard,
  makeShard,
  openShard,
  type Shard,
  type ShardGroup,
  type ShardMap,
  shardAt,
} from './shard-map.ts';

const nextGroupId = ({ groups }: ShardMap): GroupId => groupId(`g${groups.size + 1}`);

export function createGroup(map: ShardMap, operation: OperationOf<'createGroup'>): Outcome {
  const { volume, keyFirst, keyEnd, voters, leader, baseLsn, vw, vr } = operation;
  if (keyFirst >= keyEnd) return refuse('BAD_RANGE');
  for (const other of map.groups.values()) {
    if (other.volume !== volume) continue;
    if (other.keyFirst === keyFirst && other.keyEnd === keyEnd) return existing({ group: other.group });
    if (other.keyFirst < keyEnd && keyFirst < other.keyEnd)
      return refuse('RANGE_OVERLAP', { group: other.group });
  }
  if (voters.length < vw) return refuse('INSUFFICIENT_NODES');
  if (checkQuorum(voters.length, vw, vr) !== null) return refuse('BAD_QUORUM');
  if (leader !== null && !voters.includes(leader)) return refuse('NOT_VOTER');
  const group = nextGroupId(map);
  const made: ShardGroup = {
    group,
    volume,
    keyFirst,
    keyEnd,
    baseLsn,
    sets: [ascending(voters)],
    learners: [],
    leader,
    term: 1 as Term,
    memberEpoch: 1,
    geoEpoch: 1,
    vw,
    vr,
    shards: [],
  };
  install(map, [made]);
  return changed({ group });
}

const said = ({ id, first, end }: Shard) => ({ shard: id, first, end });

/** PCS-40: "make sure that a shard covers this LSN", so repeated, concurrent and late requests make one shard. */
export function createShard(map: ShardMap, group: ShardGroup, { lsn }: OperationOf<'createShard'>): Outcome {
  if (lsn < group.baseLsn) return refuse('OUT_OF_RANGE', { baseLsn: group.baseLsn });
  const found = shardAt(group, lsn);
  if (found) return existing(said(found));
  const shard = makeShard(map, (lastShard(group)?.end ?? group.baseLsn) as Lsn);
  install(map, [{ ...group, shards: [...group.shards, shard] }]);
  return changed(said(shard));
}

type AtEnd = OperationOf<'rollShard' | 'sealShard'>;

/** PCS-43: seals the open shard and makes the next in one entry. */
export function rollShard(map: ShardMap, group: ShardGroup, { end }: AtEnd): Outcome {
  const last = lastShard(group);
  if (last === null) return refuse('NO_SHARD');
  if (last.first === end && group.shards.some((shard) => shard.end === end)) return existing(said(last));
  const sealed = sealedAt(group, end);
  if ('kind' in sealed) return sealed;
  const next = makeShard(map, end);
  install(map, [{ ...group, shards: [...group.shards.slice(0, -1), sealed, next] }]);
  return changed(said(next));
}

export function sealShard(map: ShardMap, group: ShardGroup, { end }: AtEnd): Outcome {
  const last = lastShard(group);
  if (last?.end === end) return existing({ shard: last.id, end });
  const sealed = sealedAt(group, end);
  if ('kind' in sealed) return sealed;
  install(map, [{ ...group, shards: [...group.shards.slice(0, -1), sealed] }]);
  return changed({ shard: sealed.id, end });
}

/** The open shard with an end, or why it cannot get this one. */
function sealedAt(group: ShardGroup, end: Lsn): Shard | Outcome {
  const open = openShard(group);
  if (open === null) return refuse('NO_SHARD');
  return end <= open.first ? refuse('BAD_END', { first: open.first }) : { ...open, end };
}

/**
 * PCS-46: the keys from `key` on become a group of their own, with the same members and leader, whose log begins at `atLsn`. What
 * was logged of them before stays in the parent's (PCS-47).
 */
export function splitGroup(
  map: ShardMap,
  group: ShardGroup,
  { key, atLsn, newVolume }: OperationOf<'splitGroup'>,
): Outcome {
  if (isJoint(group) || group.learners.length > 0) return refuse('CHANGE_IN_PROGRESS');
  if (key <= group.keyFirst || key >= group.keyEnd) return refuse('BAD_RANGE');
  const last = lastShard(group);
  if (last === null || !isOpenShard(last) || atLsn <= last.first)
    return refuse('BAD_END', last === null ? {} : { first: last.first });
  const geoEpoch = group.geoEpoch + 1;
  const shard = makeShard(map, atLsn);
  const child: ShardGroup = {
    ...group,
    group: nextGroupId(map),
    volume: newVolume ?? group.volume,
    keyFirst: key,
    baseLsn: atLsn,
    memberEpoch: 1,
    geoEpoch,
    shards: [shard],
  };
  assert(!map.groups.has(child.group), 'ids of groups are never used again', child.group);
  install(map, [{ ...group, keyEnd: key, geoEpoch }, child]);
  return changed({ group: child.group, shard: shard.id, geoEpoch });
}
