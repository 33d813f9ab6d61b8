// The worked vectors of the shard map and of membership (docs/spec/pcs.md §12, V10 and V11) as transcripts, then what they pass by:
// each refusal of the table of §5, splits, and the versions that copies of the map are kept by.

import { describe, expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import { groupId, type Lsn, MAX, type NodeId, nodeId, type Term } from '../../base/ids.ts';
import { applyMap, type MapContent, makeMapContent } from './apply-map.ts';
import type { MapOperation, MapResult } from './map-operation.ts';
import { copyMap, MAX_CHANGES, mapSince, shardAt, updateCopy } from './shard-map.ts';

const nodes = (text: string): NodeId[] => text.split(',').map(nodeId);
const g1 = groupId('g1');

const numberOf = (words: readonly string[], name: string): number | undefined => {
  const at = words.indexOf(name);
  return at < 0 ? undefined : Number(words[at + 1]);
};

/** Reads `rollShard end 4096 term 1 @a4`: the operation, its fields by name, the request after `@`. */
function readOperation(text: string): MapOperation {
  const words = text.split(' ');
  const wordAfter = (name: string): string => words[words.indexOf(name) + 1] ?? '';
  const request = words.find((word) => word.startsWith('@'));
  const optional = Object.entries({
    reqId: request && { client: request.slice(1, 2), number: Number(request.slice(2)) },
    term: numberOf(words, 'term'),
    memberEpoch: numberOf(words, 'memberEpoch'),
    geoEpoch: numberOf(words, 'geoEpoch'),
  }).filter(([, value]) => value !== undefined);
  const group = words.includes('of') ? groupId(wordAfter('of')) : g1;
  const given = { ...Object.fromEntries(optional), group };
  const node = nodeId(words[1] ?? '');
  const lsnOf = (name: string): Lsn => Number(wordAfter(name)) as Lsn;
  switch (words[0]) {
    case 'createGroup': {
      const [keyFirst = 0, keyEnd = 0] = wordAfter('keys').split('-').map(Number);
      const voters = nodes(words.includes('voters') ? wordAfter('voters') : '1,2,3');
      const leader = nodeId(words.includes('leader') ? wordAfter('leader') : '1');
      const volume = words.includes('volume') ? wordAfter('volume') : 'v1';
      const made = { volume, keyFirst, keyEnd, voters, leader, baseLsn: 0 as Lsn, vw: 2, vr: 2 };
      return { kind: 'createGroup', ...given, ...made };
    }
    case 'createShard':
      return { kind: 'createShard', ...given, lsn: lsnOf('lsn') };
    case 'rollShard':
    case 'sealShard':
      return { kind: words[0], ...given, end: lsnOf('end') };
    case 'setLeader':
      return { kind: 'setLeader', ...given, leader: node, term: Number(wordAfter('term')) as Term };
    case 'addLearner':
    case 'removeLearner':
      return { kind: words[0], ...given, node };
    case 'enterJoint': {
      const member = (name: string): NodeId | null => (words.includes(name) ? nodeId(wordAfter(name)) : null);
      return { kind: 'enterJoint', ...given, add: member('add'), remove: member('remove') };
    }
    case 'leaveJoint':
    case 'abortJoint':
      return { kind: words[0], ...given };
    case 'splitGroup': {
      const newVolume = words.includes('newVolume') ? wordAfter('newVolume') : null;
      return {
        kind: 'splitGroup',
        ...given,
        key: Number(wordAfter('key')),
        atLsn: lsnOf('atLsn'),
        newVolume,
      };
    }
    default:
      throw new Error(`no operation: ${text}`);
  }
}

const lsnText = (value: number): string => (value === MAX ? 'MAX' : String(value));

/** `ok v2 shard 1 [0,MAX)`, `BAD_END v3 first 4096`. */
function writeResult(result: MapResult): string {
  const { error, existing, mapVersion, group, shard, first, end, term, voters, outgoing } = result;
  const { memberEpoch, geoEpoch, baseLsn, leader } = result;
  const words = [error ?? (existing ? 'ok existing' : 'ok'), `v${mapVersion}`];
  if (group !== undefined) words.push(`group ${group.slice(1)}`);
  if (shard !== undefined) words.push(`shard ${shard}`);
  if (first !== undefined && end !== undefined) words.push(`[${first},${lsnText(end)})`);
  else if (first !== undefined) words.push(`first ${first}`);
  else if (end !== undefined) words.push(`end ${end}`);
  if (term !== undefined) words.push(`term ${term}`);
  if (leader) words.push(`leader ${leader}`);
  if (geoEpoch !== undefined) words.push(`geoEpoch ${geoEpoch}`);
  if (memberEpoch !== undefined) words.push(`memberEpoch ${memberEpoch}`);
  if (voters !== undefined) words.push(`voters ${voters.join()}`);
  if (outgoing !== undefined) words.push(`outgoing ${outgoing.join()}`);
  if (baseLsn !== undefined) words.push(`baseLsn ${baseLsn}`);
  return words.join(' ');
}

type Row = readonly [operation: string, reply: string];

function run(rows: readonly Row[], isOpen: () => boolean = () => true): MapContent {
  const map = makeMapContent();
  for (const [operation, reply] of rows) {
    const result = applyMap(map, readOperation(operation), isOpen);
    expect(`${operation}: ${writeResult(result)}`).toBe(`${operation}: ${reply}`);
  }
  return map;
}

const start: Row = ['createGroup keys 0-1000 @a1', 'ok v1 group 1'];
const begun: readonly Row[] = [start, ['createShard lsn 0', 'ok v2 shard 1 [0,MAX)']];

test('V10 PCS-40…43, PCS-33: shards are made, rolled and asked for again', () => {
  run([
    start,
    ['createShard lsn 17 @a2', 'ok v2 shard 1 [0,MAX)'],
    ['createShard lsn 900 @a3', 'ok existing v2 shard 1 [0,MAX)'],
    ['rollShard end 4096 term 1 @a4', 'ok v3 shard 2 [4096,MAX)'],
    ['rollShard end 4096 term 1 @a5', 'ok existing v3 shard 2 [4096,MAX)'],
    ['rollShard end 4000 term 1', 'BAD_END v3 first 4096'],
    ['setLeader 2 term 2', 'ok v4 term 2 leader 2'],
    ['rollShard end 9000 term 1', 'STALE_TERM v4 term 2'],
    ['createShard lsn 17 @a2', 'ok v2 shard 1 [0,MAX)'],
  ]);
});

test('V11 PCS-34, 46: a replica moves, the leader with it, then the group is split', () => {
  const map = run([
    ...begun,
    ['addLearner 4 memberEpoch 1', 'ok v3 memberEpoch 2'],
    ['enterJoint add 4 remove 1 memberEpoch 2', 'ok v4 memberEpoch 3 voters 2,3,4 outgoing 1,2,3'],
    ['leaveJoint memberEpoch 3', 'LEADER_LEAVING v4'],
    ['setLeader 4 term 2', 'ok v5 term 2 leader 4'],
    ['leaveJoint memberEpoch 3', 'ok v6 memberEpoch 4 voters 2,3,4'],
    ['splitGroup key 400 atLsn 5000 geoEpoch 1 newVolume v2', 'ok v7 group 2 shard 2 geoEpoch 2'],
    ['addLearner 5 memberEpoch 3', 'WRONG_EPOCH v7 memberEpoch 4'],
  ]);
  const [parent, child] = [...map.groups.values()];
  expect(parent).toMatchObject({ keyFirst: 0, keyEnd: 400, geoEpoch: 2, memberEpoch: 4, volume: 'v1' });
  expect(child).toMatchObject({
    ...{ group: 'g2', volume: 'v2', keyFirst: 400, keyEnd: 1000, baseLsn: 5000, leader: '4', term: 2 },
    ...{ memberEpoch: 1, geoEpoch: 2, sets: parent?.sets, shards: [{ id: 2, first: 5000, end: MAX }] },
  });
});

const tables: readonly (readonly [string, readonly Row[]])[] = [
  [
    'createGroup: ranges of a volume do not overlap; the same one again is found',
    [
      start,
      ['createGroup keys 5-5', 'BAD_RANGE v1'],
      ['createGroup keys 0-1000', 'ok existing v1 group 1'],
      ['createGroup keys 999-1001', 'RANGE_OVERLAP v1 group 1'],
      ['createGroup keys 1000-1001', 'ok v2 group 2'],
      ['createGroup keys 0-9 volume v2', 'ok v3 group 3'],
      ['createGroup keys 1-2 volume v3 voters 1', 'INSUFFICIENT_NODES v3'],
      ['createGroup keys 1-2 volume v3 voters 1,2,3,4', 'BAD_QUORUM v3'],
      ['createGroup keys 1-2 volume v3 leader 9', 'NOT_VOTER v3'],
    ],
  ],
  [
    'PCS-37 shards: sealed ones stay, the next begins where the last ends',
    [
      start,
      ['rollShard end 9 term 1', 'NO_SHARD v1'],
      ['sealShard end 9', 'NO_SHARD v1'],
      ['createShard lsn 5', 'ok v2 shard 1 [0,MAX)'],
      ['sealShard end 0', 'BAD_END v2 first 0'],
      ['sealShard end 9', 'ok v3 shard 1 end 9'],
      ['sealShard end 9', 'ok existing v3 shard 1 end 9'],
      ['sealShard end 8', 'NO_SHARD v3'],
      ['rollShard end 12', 'NO_SHARD v3'],
      ['createShard lsn 40', 'ok v4 shard 2 [9,MAX)'],
      ['createShard lsn 3', 'ok existing v4 shard 1 [0,9)'],
      ['createShard lsn 3 of g7', 'NO_GROUP v4'],
    ],
  ],
  [
    'PCS-48 a term has one leader, and it is a voter',
    [
      start,
      ['setLeader 2 term 1', 'STALE_TERM v1 term 1'],
      ['setLeader 1 term 1', 'ok existing v1 term 1 leader 1'],
      ['setLeader 9 term 2', 'NOT_VOTER v1'],
      ['setLeader 2 term 3', 'ok v2 term 3 leader 2'],
      ['setLeader 1 term 2', 'STALE_TERM v2 term 3'],
    ],
  ],
  [
    'WAL-67, WAL-69 members: one change at a time, each step once',
    [
      ...begun,
      ['addLearner 1', 'ALREADY_VOTER v2'],
      ['removeLearner 4', 'ok existing v2 memberEpoch 1'],
      ['enterJoint add 4 remove 1', 'NOT_LEARNER v2'],
      ['enterJoint remove 9', 'NOT_VOTER v2'],
      ['abortJoint', 'NOT_JOINT v2'],
      ['addLearner 4', 'ok v3 memberEpoch 2'],
      ['addLearner 4', 'ok existing v3 memberEpoch 2'],
      ['addLearner 5', 'CHANGE_IN_PROGRESS v3'],
      ['splitGroup key 400 atLsn 9', 'CHANGE_IN_PROGRESS v3'],
      ['enterJoint add 4', 'BAD_QUORUM v3'],
      ['enterJoint add 4 remove 3', 'ok v4 memberEpoch 3 voters 1,2,4 outgoing 1,2,3'],
      ['addLearner 5', 'CHANGE_IN_PROGRESS v4'],
      ['removeLearner 4', 'CHANGE_IN_PROGRESS v4'],
      ['splitGroup key 400 atLsn 9', 'CHANGE_IN_PROGRESS v4'],
      ['abortJoint', 'ok v5 memberEpoch 4 voters 1,2,3'],
      ['enterJoint remove 3', 'ok v6 memberEpoch 5 voters 1,2 outgoing 1,2,3'],
      ['leaveJoint', 'ok v7 memberEpoch 6 voters 1,2'],
      ['enterJoint remove 1', 'INSUFFICIENT_NODES v7'],
    ],
  ],
  [
    'abortJoint does not leave a leader behind that only the new set has',
    [
      ...begun,
      ['addLearner 4', 'ok v3 memberEpoch 2'],
      ['enterJoint add 4 remove 1', 'ok v4 memberEpoch 3 voters 2,3,4 outgoing 1,2,3'],
      ['setLeader 4 term 2', 'ok v5 term 2 leader 4'],
      ['abortJoint', 'LEADER_LEAVING v5'],
    ],
  ],
  [
    'PCS-46 a split is inside the range and above the open shard’s first LSN',
    [
      start,
      ['splitGroup key 400 atLsn 9', 'BAD_END v1'],
      ['createShard lsn 0', 'ok v2 shard 1 [0,MAX)'],
      ['splitGroup key 0 atLsn 9', 'BAD_RANGE v2'],
      ['splitGroup key 1000 atLsn 9', 'BAD_RANGE v2'],
      ['splitGroup key 400 atLsn 0', 'BAD_END v2 first 0'],
      ['splitGroup key 400 atLsn 9 geoEpoch 1', 'ok v3 group 2 shard 2 geoEpoch 2'],
      ['splitGroup key 400 atLsn 9 geoEpoch 1', 'WRONG_EPOCH v3 geoEpoch 2'],
      ['createShard lsn 8 of g2', 'OUT_OF_RANGE v3 baseLsn 9'],
      ['createGroup keys 0-1000', 'RANGE_OVERLAP v3 group 1'],
    ],
  ],
];

describe('the table of §5', () => {
  test.each(tables)('%s', (_, rows) => void run(rows));

  test('WAL-69 while the volume is not OPEN neither sets nor ranges change, but a change is rolled back', () => {
    let isOpen = true;
    const map = run([...begun, ['addLearner 4', 'ok v3 memberEpoch 2']]);
    const apply = (text: string): string => writeResult(applyMap(map, readOperation(text), () => isOpen));
    isOpen = false;
    for (const text of [
      'addLearner 5',
      'enterJoint add 4 remove 1',
      'leaveJoint',
      'splitGroup key 4 atLsn 9',
    ])
      expect(apply(text)).toBe('CHANGE_IN_PROGRESS v3');
    isOpen = true;
    apply('enterJoint add 4 remove 3');
    isOpen = false;
    expect(apply('abortJoint')).toBe('ok v5 memberEpoch 4 voters 1,2,3');
    expect(apply('createShard lsn 3')).toBe('ok existing v5 shard 1 [0,MAX)');
  });
});

test('PCS-30, 32 a refused request is not remembered, a successful one is, whatever came since', () => {
  const map = run([
    start,
    ['rollShard end 9 term 1 @a7', 'NO_SHARD v1'],
    ['createShard lsn 0', 'ok v2 shard 1 [0,MAX)'],
    ['rollShard end 9 term 1 @a7', 'ok v3 shard 2 [9,MAX)'],
    ['rollShard end 20 term 1 @b7', 'ok v4 shard 3 [20,MAX)'],
    ['rollShard end 9 term 1 @a7', 'ok v3 shard 2 [9,MAX)'],
  ]);
  for (let i = 8; i < 8 + 4096; i++) applyMap(map, readOperation(`createShard lsn 0 @a${i}`), () => true);
  expect(map.answered.get('a')?.size).toBe(4096);
  expect(map.answered.get('a')?.has(7)).toBe(false);
  expect(map.answered.get('b')?.has(7)).toBe(true);
});

describe('PCS-60 copies of the map', () => {
  test('the changes since a version, applied to the map of that version, give the map of now', () => {
    const map = makeMapContent();
    const apply = (text: string): void => void applyMap(map, readOperation(text), () => true);
    apply('createGroup keys 0-1000');
    let copy = copyMap(map);
    const kept = copy;
    for (const text of [
      'createShard lsn 0',
      'setLeader 2 term 2',
      'splitGroup key 4 atLsn 9',
      'addLearner 4',
    ]) {
      apply(text);
      const answer = mapSince(map, copy.version);
      expect(answer.kind).toBe('changes');
      copy = updateCopy(copy, answer);
      expect(copy).toEqual(copyMap(map));
    }
    expect(updateCopy(kept, mapSince(map, kept.version))).toEqual(copyMap(map));
    expect(kept.groups).toHaveLength(1);
    expect(updateCopy(copy, mapSince(map, kept.version))).toEqual(copyMap(map));
  });

  test('a version that is too old, or one of the future, gets the whole map', () => {
    const map = makeMapContent();
    const apply = (text: string): void => void applyMap(map, readOperation(text), () => true);
    apply('createGroup keys 0-1000');
    const old = copyMap(map);
    apply('createShard lsn 0');
    for (let i = 1; i < MAX_CHANGES; i++) apply(`rollShard end ${i}`);
    expect(mapSince(map, 1).kind).toBe('changes');
    expect(mapSince(map, map.mapVersion)).toEqual({ kind: 'changes', changes: [] });
    expect(mapSince(map, map.mapVersion + 1).kind).toBe('full');
    apply(`rollShard end ${MAX_CHANGES}`);
    const answer = mapSince(map, 1);
    expect(answer.kind).toBe('full');
    expect(updateCopy(old, answer)).toEqual(copyMap(map));
    const group = present(map.groups.get(g1), 'group');
    expect(group.shards.every(({ first }, i) => first === (group.shards[i - 1]?.end ?? 0))).toBe(true);
    expect([0, 1, 500, MAX_CHANGES].map((lsn) => shardAt(group, lsn)?.id)).toEqual([1, 2, 501, 1025]);
  });
});
