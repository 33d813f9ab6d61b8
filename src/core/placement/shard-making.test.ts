// The first write to a range, when a shard is rolled, and who becomes primary (docs/spec/pcs.md PCS-39, 42, 49).

import { describe, expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import { groupId, type Lsn, MAX, type NodeId, nodeId, type Term } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, type Prng } from '../../base/prng.ts';
import { applyMap, makeMapContent } from './apply-map.ts';
import { type Candidate, electPrimary } from './elect-primary.ts';
import { isRollDue, targetOfWrite } from './first-write.ts';
import type { MapOperation } from './map-operation.ts';
import type { ShardMap } from './shard-map.ts';
import { checkMap } from './testing/check-map.ts';
import { readState } from './testing/notation.ts';
import { pick, shuffle } from './testing/random-placement.ts';

const ranges = [
  { volume: 'v1', keyFirst: 0, keyEnd: 400 },
  { volume: 'v2', keyFirst: 400, keyEnd: 1000 },
];
const five = readState({ nodes: 5, groups: '' });
const always = (): boolean => true;
const lsn = (value: number): Lsn => value as Lsn;

describe('PCS-39 the first write makes what is missing', () => {
  test('nothing is made before it; then its group on chosen nodes, then its shard, then it goes on', () => {
    const map = makeMapContent();
    const ask = () => targetOfWrite(map, ranges, five, 700, lsn(5));
    const asked: string[] = [];
    for (let target = ask(); target.kind === 'make'; target = ask()) {
      asked.push(target.operation.kind);
      expect(applyMap(map, target.operation, always).error).toBe(null);
    }
    expect(asked).toEqual(['createGroup', 'createShard']);
    expect(ask()).toMatchObject({
      kind: 'ready',
      group: { group: 'g1', volume: 'v2', keyFirst: 400, keyEnd: 1000, leader: '1', sets: [['1', '2', '3']] },
      shard: { first: 0, end: MAX },
    });
    expect(map.groups.size).toBe(1);
  });

  test('two that ask at once make one group and one shard', () => {
    const map = makeMapContent();
    const write = (key: number) => targetOfWrite(map, ranges, five, key, lsn(5));
    for (const kind of ['createGroup', 'createShard']) {
      const both = [write(1), write(399)];
      for (const [i, target] of both.entries()) {
        expect(target).toMatchObject({ kind: 'make', operation: { kind } });
        if (target.kind === 'make')
          expect(applyMap(map, target.operation, always)).toMatchObject({ error: null, existing: i === 1 });
      }
    }
    expect([...map.groups.values()].map(({ shards }) => shards.length)).toEqual([1]);
  });

  test('what cannot be made is refused by name', () => {
    const map = makeMapContent();
    const onlyOne = readState({ nodes: 1, groups: '' });
    expect(targetOfWrite(map, ranges, five, 1000, lsn(0))).toEqual({ kind: 'refused', error: 'NO_GROUP' });
    expect(targetOfWrite(map, ranges, onlyOne, 1, lsn(0))).toEqual({
      kind: 'refused',
      error: 'INSUFFICIENT_NODES',
    });
  });

  test('PCS-73 a group that gets fewer than n replicas has a write quorum', () => {
    const map = makeMapContent();
    const target = targetOfWrite(map, ranges, readState({ nodes: 2, groups: '' }), 1, lsn(0));
    if (target.kind === 'make') applyMap(map, target.operation, always);
    expect([...map.groups.values()]).toMatchObject([{ sets: [['1', '2']], vw: 2, vr: 2 }]);
  });
});

describe('PCS-42 a shard is rolled at its target of LSNs or bytes, whichever comes first', () => {
  const limits = { shardTargetLsns: 4096, shardTargetBytes: 65_536 };
  const map = makeMapContent();
  for (let i = 0; i < 2; i++) {
    const target = targetOfWrite(map, ranges, five, 1, lsn(0));
    if (target.kind === 'make') applyMap(map, target.operation, always);
  }
  const shard = present([...map.groups.values()][0]?.shards[0], 'shard');
  test.each([
    [4095, 0, false],
    [4096, 0, true],
    [1, 65_535, false],
    [1, 65_536, true],
    [0, 65_536, false],
  ])('next LSN %i, %i bytes: %s', (next, bytes, expected) => {
    expect(isRollDue(shard, lsn(next), bytes, limits)).toBe(expected);
    expect(isRollDue({ ...shard, end: 9000 }, lsn(next), bytes, limits)).toBe(false);
  });
});

describe('PCS-49, FENCE-21 the up voter with the greatest ⟨tail term, NCL⟩', () => {
  const read = (text: string): Candidate[] =>
    text.split(' ').map((one) => {
      const [node = '', tailTerm = '', ncl = ''] = one.split(/[:/]/);
      return { node: nodeId(node), tailTerm: Number(tailTerm) as Term, ncl: lsn(Number(ncl)) };
    });
  const elect = (answers: string, sets = '1,2,3', down = '', wanted: NodeId | null = null): NodeId | null => {
    const map = makeMapContent();
    const group = { volume: 'v', keyFirst: 0, keyEnd: 9, voters: [1, 2, 3].map((id) => nodeId(String(id))) };
    applyMap(map, { kind: 'createGroup', ...group, leader: null, baseLsn: lsn(0), vw: 2, vr: 2 }, always);
    const made = present([...map.groups.values()][0], 'group');
    const asSets = sets.split('|').map((set) => set.split(',').map(nodeId));
    const isUp = (node: NodeId): boolean => !down.split(',').includes(node);
    return electPrimary({ ...made, sets: asSets }, read(answers), isUp, wanted);
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

/** Any operation that a confused proposer may send, with old epochs, members that are none, and LSNs anywhere. */
function randomOperation(prng: Prng, { groups }: ShardMap): MapOperation {
  const node = (): NodeId => nodeId(String(nextBetween(prng, 1, 5)));
  const group = groupId(`g${nextBetween(prng, 1, groups.size + 1)}`);
  const term = ((groups.get(group)?.term ?? 1) + nextBetween(prng, -1, 2)) as Term;
  const at = lsn(nextBelow(prng, 400));
  const maybe = <T>(value: T): T | null => (nextBelow(prng, 4) > 0 ? value : null);
  const key = nextBelow(prng, 100);
  const voters = shuffle(prng, ['1', '2', '3', '4'].map(nodeId)).slice(0, 3);
  const operations: MapOperation[] = [
    {
      ...{ kind: 'createGroup', volume: pick(prng, ['v1', 'v2']), keyFirst: key, keyEnd: key + 30 },
      ...{ voters, leader: voters[0] ?? null, baseLsn: lsn(0), vw: 2, vr: 2 },
    },
    { kind: 'createShard', group, lsn: at },
    { kind: 'rollShard', group, end: at, term },
    { kind: 'sealShard', group, end: at },
    { kind: 'setLeader', group, leader: node(), term },
    { kind: 'addLearner', group, node: node(), memberEpoch: nextBetween(prng, 1, 9) },
    { kind: 'addLearner', group, node: node() },
    { kind: 'removeLearner', group, node: node() },
    { kind: 'enterJoint', group, add: maybe(node()), remove: maybe(node()) },
    { kind: 'leaveJoint', group },
    { kind: 'abortJoint', group },
    { kind: 'splitGroup', group, key, atLsn: at, newVolume: maybe('v3') },
  ];
  return pick(prng, operations);
}

test('PCS-33, 34, 37 random operations: ranges and shards tile, epochs rise, versions count what changed', () => {
  const seen = new Map<string, number>();
  for (let seed = 1; seed <= 60; seed++) {
    const prng = makePrng(seed, 'map');
    const map = makeMapContent();
    for (let i = 0; i < 250; i++) {
      const operation = randomOperation(prng, map);
      const before = new Map(map.groups);
      const version = map.mapVersion;
      const { error, existing } = applyMap(map, operation, () => nextBelow(prng, 10) > 0);
      expect(checkMap(before, map)).toEqual([]);
      const isChanged = error === null && !existing;
      expect(map.mapVersion).toBe(version + (isChanged ? 1 : 0));
      if (!isChanged) expect(new Map(map.groups)).toEqual(before);
      const what = isChanged ? operation.kind : (error ?? 'existing');
      seen.set(what, (seen.get(what) ?? 0) + 1);
    }
  }
  const kinds = [
    'createGroup',
    'createShard',
    'rollShard',
    'sealShard',
    'setLeader',
    'addLearner',
    'removeLearner',
  ];
  for (const what of [...kinds, 'enterJoint', 'leaveJoint', 'abortJoint', 'splitGroup', 'existing'])
    expect(seen.get(what) ?? 0, what).toBeGreaterThan(10);
  for (const error of ['WRONG_EPOCH', 'STALE_TERM', 'CHANGE_IN_PROGRESS', 'LEADER_LEAVING', 'RANGE_OVERLAP'])
    expect(seen.get(error) ?? 0, error).toBeGreaterThan(10);
});
