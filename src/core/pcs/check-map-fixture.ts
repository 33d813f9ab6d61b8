// What must hold of a shard map after every entry (docs/spec/pcs.md PCS-33, 34, placement.md PCS-37), said anew from the rules: for tests.

import { MAX } from '../../base/ids.ts';
import type { ShardGroup, ShardGroups } from '../placement/shard-map.ts';

/** The rules that are broken, in words; `before` are the groups that were there a step ago. */
export function checkMap(before: ShardGroups, groups: ShardGroups): string[] {
  const faults: string[] = [];
  for (const [id, group] of groups) {
    const fault = (what: string): void => void faults.push(`${id}: ${what}`);
    checkShards(group, fault);
    checkMembers(group, fault);
    const old = before.get(id);
    if (old) checkSince(old, group, fault);
    for (const other of groups.values())
      if (other.volume === group.volume && other.group !== id && overlaps(other, group))
        fault(`its keys overlap ${other.group}`);
  }
  for (const id of before.keys()) if (!groups.has(id)) faults.push(`${id}: gone`);
  return faults;
}

type Fault = (what: string) => void;

const overlaps = (a: ShardGroup, b: ShardGroup): boolean => a.keyFirst < b.keyEnd && b.keyFirst < a.keyEnd;

function checkShards({ baseLsn, shards }: ShardGroup, fault: Fault): void {
  let next: number = baseLsn;
  for (const [i, { first, end }] of shards.entries()) {
    if (first !== next || end <= first) fault(`shard ${i} does not begin where the last ends`);
    if (end === MAX && i < shards.length - 1) fault(`shard ${i} is open and not the last`);
    next = end;
  }
}

function checkMembers({ sets, learners, leader, vw, vr }: ShardGroup, fault: Fault): void {
  if (sets.length < 1 || sets.length > 2 || learners.length > 1) fault('more than one change of members');
  if (sets.length === 2 && learners.length > 0) fault('a learner while joint');
  for (const set of sets) {
    if (new Set(set).size !== set.length) fault('a member twice in a set');
    if (set.length < vw || vw + vr <= set.length || 2 * vw <= set.length) fault('quorums that do not meet');
    if (learners.some((id) => set.includes(id))) fault('a learner that votes');
  }
  const [first = [], last = first] = sets;
  const arrived = last.filter((id) => !first.includes(id)).length;
  const left = first.filter((id) => !last.includes(id)).length;
  if (arrived > 1 || left > 1) fault('sets that differ by more than one replica');
  if (leader !== null && !sets.some((set) => set.includes(leader))) fault('a leader that is no member');
}

function checkSince(old: ShardGroup, group: ShardGroup, fault: Fault): void {
  const isFalling =
    group.term < old.term || group.memberEpoch < old.memberEpoch || group.geoEpoch < old.geoEpoch;
  if (isFalling) fault('an epoch or a term fell');
  if (group.term === old.term && group.leader !== old.leader && old.leader !== null)
    fault('two leaders in one term');
  const members = (one: ShardGroup): string => JSON.stringify([one.sets, one.learners]);
  const isMoved = members(group) !== members(old);
  if (isMoved !== (group.memberEpoch === old.memberEpoch + 1)) fault('memberEpoch does not count its steps');
  // a tablet is cut by the keys of its rows: its page keys stay (PCS-113)
  if (group.keyEnd !== old.keyEnd || group.keyFirst !== old.keyFirst) fault('its page keys changed');
  if (group.geoEpoch > old.geoEpoch + 1) fault('geoEpoch does not count its splits');
  for (const [i, shard] of old.shards.entries()) {
    const { id, first, end } = group.shards[i] ?? {};
    if (id !== shard.id || first !== shard.first || (end !== shard.end && shard.end !== MAX))
      fault(`sealed shard ${shard.id} changed`);
  }
}
