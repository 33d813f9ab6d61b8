// The worked vectors of the planner (docs/spec/placement.md §5, V1 to V9), and a row for each branch of its rules that they pass by.

import { describe, expect, test } from 'vitest';
import { placeGroup } from './choose-node.ts';
import { findHot } from './hot-groups.ts';
import { makeLedger } from './ledger.ts';
import { compareIds, type PlacementState } from './placement-state.ts';
import { planPlacement } from './plan-placement.ts';
import { readState, writePlan } from './testing/notation.ts';

const four = (leaders: readonly number[]): string =>
  leaders.map((leader, i) => `${i + 1}:10/0 [1,2,3] ${leader}`).join(';');
const spread = '1:10/0 [1,2,3] 1; 2:10/0 [1,2,4] 2; 3:10/0 [1,3,4] 3; 4:10/0 [2,3,4] 4';

const vectors: readonly (readonly [string, PlacementState, Record<string, string>])[] = [
  [
    'V1 PCS-67, 68 a node that was added takes its share of replicas, then of leaders',
    readState({ nodes: 4, groups: four([1, 1, 1, 1]) }),
    { ops: 'm1 1→4 (L=2); m2 2→4; m3 3→4; t2 1→3; t3 1→4', R: '30,30,30,30', leaders: '2,3,4,1' },
  ],
  [
    'V2 PCS-65 what is balanced stays',
    readState({ nodes: 4, groups: spread }),
    { ops: '', R: '30,30,30,30', leaders: '1,2,3,4' },
  ],
  [
    'V3 PCS-63 a node of weight 2 takes twice as much',
    readState({ nodes: 4, groups: four([2, 3, 1, 2]), but: { 4: { weight: 2 } } }),
    { ops: 'm1 1→4; m2 2→4; m3 3→4; m4 1→4; t1 2→4', R: '20,30,30,40' },
  ],
  [
    'V4 PCS-71, 72 a node is drained and becomes a tombstone',
    readState({
      nodes: 5,
      groups: '1:10/4 [1,2,3] 2; 2:20/1 [2,3,4] 3; 3:5/9 [1,3,5] 5',
      but: { 2: { state: 'offline' } },
    }),
    { ops: 'r1 2→5 (L=1); r2 2→1; m3 1→4', R: '30,0,35,25,15', tombstone: '2' },
  ],
  [
    'V5 PCS-71 without a write quorum a group is blocked, the others are repaired',
    readState({
      nodes: 5,
      groups: '1:10/4 [1,2,4] 1; 2:10/4 [2,3,5] 5; 3:10/4 [1,3,5] 1',
      but: { 2: { state: 'down' }, 3: { state: 'down' } },
    }),
    { ops: 'blocked 2 NO_QUORUM; r1 2→5; r3 3→4; t1 1→4' },
  ],
  [
    'V6 PCS-67 no move costs a zone',
    readState({
      nodes: 4,
      groups: '1:10/0 [1,2,3] 1; 2:10/0 [1,2,3] 2; 3:10/0 [1,2,3] 3',
      config: { tolerancePct: 0 },
      but: { 1: { zone: 'a' }, 2: { zone: 'b' }, 3: { zone: 'c' }, 4: { zone: 'b' } },
    }),
    { ops: 'm1 2→4', R: '30,20,30,10' },
  ],
  [
    'V7 PCS-68 leaders go by load',
    readState({
      nodes: 3,
      groups: '1:10/30 [1,2,3] 1; 2:10/20 [1,2,3] 1; 3:10/10 [1,2,3] 1; 4:10/10 [1,2,3] 2',
    }),
    { ops: 't1 1→3; t3 1→2', L: '20,20,30' },
  ],
  [
    'PCS-71 the replica that is down goes before the one that is drained, its leadership with it (PCS-69)',
    readState({
      nodes: 6,
      groups: '1:10/4 [1,2,3] 2',
      but: { 1: { state: 'offline' }, 2: { state: 'down' } },
    }),
    { ops: 'r1 2→4 (L=3); r1 1→5', tombstone: '1' },
  ],
  [
    'PCS-71 who has fewest replicas alive is repaired first',
    readState({
      nodes: 6,
      groups: '1:10/0 [1,2,3] 1; 2:10/0 [1,2,6] 1',
      config: { n: 3, tolerancePct: 10_000 },
      but: { 2: { state: 'down' }, 6: { state: 'disconnected' } },
    }),
    { ops: 'blocked 2 NO_QUORUM; r1 2→4' },
  ],
  [
    'PCS-71 one too many: the one whose zone another has, then the highest score and id',
    readState({
      nodes: 4,
      groups: '1:10/0 [1,2,3,4] 4; 2:10/0 [1,2,3] 1',
      config: { tolerancePct: 10_000 },
      but: { 4: { zone: 'z2' } },
    }),
    { ops: 'd1 2→' },
  ],
  [
    'PCS-71 one too many, but only a write quorum alive: who is not heard of goes',
    readState({
      nodes: 4,
      groups: '1:10/0 [1,2,3,4] 1',
      but: { 2: { state: 'disconnected' }, 3: { state: 'disconnected' }, 4: { state: 'offline' } },
    }),
    { ops: 'd1 3→; blocked 1 NO_TARGET' },
  ],
  [
    'PCS-68 no leadership goes over where no write quorum is alive',
    readState({
      nodes: 3,
      groups: '1:10/30 [1,2,3] 1; 2:10/20 [1,2,3] 1',
      config: { n: 3, vw: 3 },
      but: { 3: { state: 'disconnected' } },
    }),
    { ops: '', leaders: '1,1' },
  ],
  [
    'PCS-71 a group that is short gets a replica where zones and room are',
    readState({
      nodes: 5,
      groups: '1:10/0 [1,2] 1',
      but: { 3: { zone: 'z1' }, 4: { capacity: 9 } },
    }),
    { ops: 'a1 →5' },
  ],
  [
    'PCS-80 with fewer than n nodes up a drain stays NO_TARGET',
    readState({ nodes: 3, groups: '1:10/0 [1,2,3] 1', but: { 3: { state: 'offline' } } }),
    { ops: 'blocked 1 NO_TARGET', tombstone: '' },
  ],
  [
    'PCS-69 nobody leads where no member is up',
    readState({
      nodes: 6,
      groups: '1:10/0 [1,2,3] 1',
      config: { vw: 1 },
      but: {
        1: { state: 'down' },
        2: { state: 'disconnected' },
        3: { state: 'offline' },
        4: { capacity: 0 },
      },
    }),
    { ops: 'r1 1→5 (L=5); r1 3→6', tombstone: '3' },
  ],
  [
    'PCS-101 a zone that came back is used again, which balance alone would not do',
    readState({
      nodes: 4,
      groups: '1:10/0 [1,2,3] 3',
      config: { tolerancePct: 1000 },
      but: { 3: { zone: 'z2' } },
    }),
    { ops: 'm1 3→4 (L=1)' },
  ],
  [
    'PCS-101 no zone to be had, no move',
    readState({ nodes: 4, groups: '1:10/0 [1,2,3] 3', but: { 3: { zone: 'z2' }, 4: { zone: 'z1' } } }),
    { ops: '' },
  ],
];

test.each(vectors)('%s', (_, state, expected) => {
  expect(writePlan(planPlacement(state))).toMatchObject(expected);
});

describe('PCS-73 place', () => {
  const balanced = { nodes: 4, groups: spread };

  test('V8 the lowest ids of equal scores, one a zone', () => {
    expect(placeGroup(readState(balanced), 5)).toEqual({
      picked: ['1', '2', '3'],
      leader: '1',
      error: null,
    });
  });

  test('V8 nodes that are down, joining or full do not count', () => {
    const but = { 2: { state: 'down' }, 3: { state: 'joining' }, 4: { capacity: 4 } } as const;
    expect(placeGroup(readState({ nodes: 4, groups: '', but }), 5)).toEqual({ error: 'INSUFFICIENT_NODES' });
    expect(placeGroup(readState({ nodes: 4, groups: '', but }), 4)).toMatchObject({ picked: ['1', '4'] });
  });

  test('zones before scores, scores before ids', () => {
    const groups = '1:10/0 [1,2,3] 1';
    const but = { 3: { zone: 'z1' }, 4: { zone: 'z2' }, 5: { zone: 'z5' } };
    expect(placeGroup(readState({ nodes: 5, groups, but }), 5)).toMatchObject({
      picked: ['4', '5', '1'],
      leader: '4',
    });
  });
});

describe('PCS-74 hot', () => {
  const hot = (
    groups: string,
    buckets: Readonly<Record<string, readonly [number, number][]>>,
    nodes = 4,
  ): string[] => {
    const state = readState({ nodes, groups, config: { hotPct: 150 } });
    const withBuckets = state.groups.map((group) => ({
      ...group,
      buckets: (buckets[group.id] ?? []).map(([key, load]) => ({ key: String(key), load })),
    }));
    return findHot({ ...state, groups: withBuckets }).map((step) =>
      step.kind === 'split' ? `split ${step.group} at ${step.key}` : `isolate ${step.group}`,
    );
  };

  test('V9 the hottest first: split where keys divide the load, else isolated', () => {
    const groups = '1:10/90 [1,2,3] 1; 2:10/70 [1,2,3] 1; 3:10/8 [1,2,3] 1';
    const buckets: Record<string, [number, number][]> = {
      g1: [
        [0, 10],
        [40, 50],
        [70, 30],
      ],
      g2: [[500, 70]],
    };
    expect(hot(groups, buckets)).toEqual(['split g1 at 70', 'isolate g2']);
  });

  test('of two boundaries that halve equally the smaller key', () => {
    const buckets: Record<string, [number, number][]> = {
      g1: [
        [0, 30],
        [10, 30],
        [20, 30],
      ],
    };
    expect(hot('1:10/90 [1,2,3] 1', buckets)).toEqual(['split g1 at 10']);
  });

  test('V9 few groups on many nodes are hot when they are asked for much, not because other nodes have none', () => {
    const three = (load: number): string =>
      [1, 2, 3].map((id) => `${id}:10/${load} [1,2,3] ${id}`).join('; ');
    expect(hot(three(49), {}, 9)).toEqual([]);
    expect(hot(three(50), {}, 9)).toEqual(['isolate g1', 'isolate g2', 'isolate g3']);
    // what a split of each has made: none has more than a node's share and a half of it
    const six = [1, 2, 3, 4, 5, 6].map((id) => `${id}:10/25 [1,2,3] 1`).join('; ');
    expect(hot(six, {}, 9)).toEqual([]);
    // one of them has most of what little there is
    expect(hot('1:10/40 [1,2,3] 1; 2:10/10 [1,2,3] 2; 3:10/10 [1,2,3] 3', {}, 9)).toEqual(['isolate g1']);
  });

  test('V9 what isolates it is the plan itself: its leader leads nothing else, and without the load nobody would move', () => {
    const twelve = (load: number): string =>
      [`1:10/${load}`, ...Array.from({ length: 11 }, (_, i) => `${i + 2}:10/10`)]
        .map((group, i) => `${group} [1,2,3,4] ${(i % 4) + 1}`)
        .join('; ');
    const planned = (load: number) =>
      planPlacement(readState({ nodes: 4, groups: twelve(load), config: { n: 4 } }));
    expect(planned(10).ops).toEqual([]);
    expect(hot(twelve(90), { g1: [[5, 90]] })).toEqual(['isolate g1']);
    const { ops, groups } = planned(90);
    expect(ops).toEqual([
      { kind: 'transfer', group: 'g5', from: '1', to: '2' },
      { kind: 'transfer', group: 'g9', from: '1', to: '3' },
    ]);
    expect(groups.filter(({ leader }) => leader === '1').map(({ id }) => id)).toEqual(['g1']);
  });

  test('few requests are never hot, however they lie', () => {
    expect(hot('1:10/9 [1,2,3] 1; 2:10/0 [1,2,3] 1', {})).toEqual([]);
    expect(hot('1:10/10 [1,2,3] 1; 2:10/0 [1,2,3] 1', {})).toEqual(['isolate g1']);
  });
});

test.each([
  ['1:10/4 [1,2,3] 1; 2:20/1 [1,2,3] 1; 3:5/9 [1,2,3] 1', 50, 5, 2], // 50 · 35 / 300, 50 · 14 / 300
  ['1:10/4 [1,2,3] 1; 2:20/1 [1,2,3] 1; 3:5/9 [1,2,3] 1', 0, 0, 0],
  ['1:0/0 [1,2,3] 1; 2:0/0 [1,2,3] 1', 150, 1, 1], // by the floor of a cost
  ['', 50, 0, 0],
])('PCS-64 the tolerance of %j at %i %% is %i, of leaders %i', (groups, tolerancePct, most, ofLeaders) => {
  const { tolerance, leaderTolerance } = makeLedger(
    readState({ nodes: 3, groups, config: { tolerancePct } }),
  );
  expect([tolerance, leaderTolerance]).toEqual([most, ofLeaders]);
});

test('PCS-63 the lower id: numbers as numbers, names of one kind by theirs', () => {
  const ids = ['store-10', '10', '2', 'store-2', '1', 'rw-1'];
  expect(ids.toSorted(compareIds)).toEqual(['1', '2', '10', 'rw-1', 'store-2', 'store-10']);
});

test.each([
  [2 ** 52, 'costs of a placement are exact integers'],
  [0.5, 'size and load of a group are integers ≥ 0 g1'],
  [-1, 'size and load of a group are integers ≥ 0 g1'],
])('PCS-62 a size of %d would not stay exact and is refused', (size, message) => {
  const state = readState({ nodes: 3, groups: '1:10/0 [1,2,3] 1' });
  const groups = state.groups.map((group) => ({ ...group, size }));
  expect(() => planPlacement({ ...state, groups })).toThrow(message);
});
