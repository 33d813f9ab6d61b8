// How the shards of a group follow on each other, and who becomes its primary (docs/spec/placement.md PCS-37, 42, 43, 49).

import { describe, expect, test } from 'vitest';
import { groupId, type Lsn, MAX, type NodeId, nodeId, type Term } from '../../base/ids.ts';
import { type Candidate, electPrimary } from './elect-primary.ts';
import { isRollDue, openShardFrom, rollShards, type ShardGroup, type ShardId } from './shard-map.ts';

const lsn = (value: number): Lsn => value as Lsn;
const shardId = (value: number): ShardId => value as ShardId;
const group: ShardGroup = {
  group: groupId('g1'),
  volume: 'v1',
  sets: [['1', '2', '3'].map(nodeId)],
  learners: [],
  memberEpoch: 1,
  geoEpoch: 1,
  keyFirst: 0,
  keyEnd: 1000,
  baseLsn: lsn(0),
  vw: 2,
  vr: 2,
  leader: nodeId('1'),
  term: 2 as Term,
  shards: [openShardFrom(shardId(1), lsn(0))],
};

describe('PCS-37, PCS-43 shards tile the log: sealed ones stay, the next begins where the last ends', () => {
  const roll = (shards: ShardGroup['shards'], end: number, term = 2) =>
    rollShards({ ...group, shards }, lsn(end), term as Term, shardId(9));
  const sealed = { ...openShardFrom(shardId(1), lsn(0)), end: 40 };

  test('the open one gets its end and the next begins there', () => {
    expect(roll(group.shards, 40)).toEqual({
      error: null,
      shards: [sealed, openShardFrom(shardId(9), lsn(40))],
    });
  });

  test('asked for again it is the one that there is', () => {
    const shards = [sealed, openShardFrom(shardId(2), lsn(40))];
    expect(roll(shards, 40)).toEqual({ error: null, shards });
  });

  test.each([
    ['STALE_TERM', group.shards, 40, 1],
    ['BAD_END', group.shards, 0, 2],
    ['BAD_END', [sealed, openShardFrom(shardId(2), lsn(40))], 39, 2],
    ['NO_SHARD', [], 40, 2],
    ['NO_SHARD', [sealed], 60, 2],
  ] as const)('%s changes nothing', (error, shards, end, term) => {
    expect(roll(shards, end, term)).toEqual({ error });
  });
});

describe('PCS-42 a shard is rolled at its target of LSNs', () => {
  const [shard = openShardFrom(shardId(1), lsn(0))] = group.shards;
  test.each([
    [4095, false],
    [4096, true],
    [0, false],
  ])('next LSN %i: %s', (next, expected) => {
    expect(shard.end).toBe(MAX);
    expect(isRollDue(shard, lsn(next), 4096)).toBe(expected);
    expect(isRollDue({ ...shard, end: 9000 }, lsn(next), 4096)).toBe(false);
  });
});

describe('PCS-49, FENCE-21 the up voter with the greatest ⟨tail term, NCL⟩', () => {
  const read = (text: string): Candidate[] =>
    text.split(' ').map((one) => {
      const [node = '', tailTerm = '', ncl = ''] = one.split(/[:/]/);
      return { node: nodeId(node), tailTerm: Number(tailTerm) as Term, ncl: lsn(Number(ncl)) };
    });
  const elect = (answers: string, sets = '1,2,3', down = '', wanted: NodeId | null = null): NodeId | null => {
    const asSets = sets.split('|').map((set) => set.split(',').map(nodeId));
    const isUp = (node: NodeId): boolean => !down.split(',').includes(node);
    return electPrimary({ ...group, sets: asSets }, read(answers), isUp, wanted);
  };
  test.each([
    ['1:3/900 2:4/100 3:4/90', '1,2,3', '', '2', 'the term before the length'],
    ['1:4/100 2:4/100 3:4/90', '1,2,3', '', '1', 'of equal ones the lowest id'],
    ['10:4/7 9:4/7 3:4/6', '3,9,10', '', '9', 'ids by number'],
    ['1:4/100 2:4/90 3:4/80', '1,2,3', '1', '2', 'who is down is not appointed, though it has answered'],
    ['1:4/100', '1,2,3', '', null, 'nobody before Vr have answered'],
    ['1:4/100 2:4/90', '1,2,3', '1,2', null, 'nobody who is down'],
    ['1:4/100 4:4/90', '1,2,3|2,3,4', '', null, 'WAL-63 while joint Vr of every set'],
    ['1:4/100 2:4/90 4:4/95', '1,2,3|2,3,4', '', '4', 'while joint one that stays'],
    ['1:4/100 2:4/90 3:4/90', '1,2,3|2,3,4', '', '2', 'the lowest that stays'],
  ])('%s of %s, down %s: %s (%s)', (answers, sets, down, expected, _why) => {
    expect(elect(answers, sets, down)).toBe(expected);
  });

  test.each([
    ['1:4/100 2:4/100 3:4/90', '2', '2', 'of equal ones the one that is wanted'],
    ['1:4/100 2:4/100 3:4/90', '3', '1', 'never one that holds less'],
    ['1:4/100 2:4/100', '3', '1', 'one that has not answered is none'],
  ])('PCS-121 %s, %s is wanted: %s (%s)', (answers, wanted, expected, _why) => {
    expect(elect(answers, '1,2,3', '', nodeId(wanted))).toBe(expected);
  });
});
