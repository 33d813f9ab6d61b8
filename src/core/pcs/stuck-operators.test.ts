// What the leader of the metadata does where an operator cannot go on, waits for a leader, or stands beside another (docs/spec/pcs.md
// PCS-71, PCS-76, PCS-79, PCS-80, PCS-96, PCS-108, PCS-113): no other group waits for it, and nothing is decided by what was not heard.

import { expect, test } from 'vitest';
import { groupId, type NodeId, nodeId, type Term } from '../../base/ids.ts';
import { makeLeaderBench } from './leader-fixture.ts';
import { driveMove } from './meta-drive.ts';
import { takeOrder } from './meta-orders.ts';
import { drivePlacement } from './placement-driver.ts';
import { driveSplits } from './split-driver.ts';

const names = ['n1', 'n2', 'n3', 'n4', 'n5'].map(nodeId) as [NodeId, NodeId, NodeId, NodeId, NodeId];
const [n1, n2, n3, n4, n5] = names;
const SECOND = 1_000_000;
const g1 = groupId('g1');

function led(hosts: readonly NodeId[], bounds: readonly string[] = []) {
  const bench = makeLeaderBench(hosts, bounds);
  bench.start();
  bench.sync();
  bench.cutTable();
  const { state, work, sync, at, beat, apply } = bench;
  return {
    ...bench,
    /** The placement is looked at every second from 40 s on, while these nodes send heartbeats. */
    place: (up: readonly NodeId[], seconds: number): void => {
      for (let second = 40; second < 40 + seconds; second++) {
        at(second * SECOND);
        beat(up);
        work((ctx) => {
          drivePlacement(state, ctx);
          for (const volume of state.content.volumes)
            for (const { group } of volume.moves) driveMove(state, ctx, group);
        });
        sync();
      }
    },
    step: (name: 'leaveJoint' | 'addLearner' | 'enterJoint' | 'abort', memberEpoch: number, group = g1) =>
      apply({ kind: 'memberStep', group, step: name, memberEpoch }),
    order: (node: NodeId): void => {
      const order = { kind: 'setOffline', node, isOffline: true } as const;
      work((ctx) => takeOrder(state, ctx, { at: 40 * SECOND, order }));
    },
    movesOf: () =>
      state.content.volumes.flatMap(({ moves }) => moves.map(({ group, from, to }) => [group, from, to])),
  };
}

test.each([true, false])(
  'PCS-71 WAL-69 beside a group whose volume is open: %s, another is repaired',
  (isOpen) => {
    const { placeTablet, place, movesOf } = led([n1, n2, n3, n4], ['50']);
    placeTablet(0, isOpen);
    placeTablet(1, true);
    place([n1, n2, n4], 60);
    expect(movesOf()).toContainEqual([isOpen ? 'g1' : 'g2', 'n3', 'n4']);
  },
);

test.each([
  ['has died', false],
  ['has died and is to be drained (sweep seed 8)', true],
])(
  'PCS-71 PCS-76 PCS-79 WAL-71 replicas that were to be made anew on a node that %s go to others, and hold up no other group',
  (_, isOffline) => {
    const { placeTablet, place, apply, step, movesOf } = led(names, ['30', '60']);
    for (const serial of [0, 1, 2]) placeTablet(serial, true);
    for (const group of [g1, groupId('g2')]) {
      const deadline = 60 * SECOND;
      apply({ kind: 'beginMove', group, source: n3, to: n3, isLost: true, at: 0, deadline });
      step('leaveJoint', 2, group);
      step('addLearner', 3, group);
    }
    if (isOffline) apply({ kind: 'setOffline', node: n3, isOffline: true, code: '' });
    place([n1, n2, n4, n5], 100);
    const moves = movesOf();
    for (const group of ['g1', 'g2']) {
      const [, from, to] = moves.find(([id]) => id === group) ?? [];
      // what was on n3 is gone already: it is made anew on another node
      expect([n4, n5]).toContain(to);
      expect(from).toBe(to);
    }
    expect(moves.find(([id]) => id === 'g3')?.slice(0, 2) ?? ['g3', 'n3']).toEqual(['g3', 'n3']);
    expect(new Set(moves.map(([id]) => id)).size).toBe(moves.length);
  },
);

test('PCS-79 WAL-71 a node on which a removed replica is to be made anew is no tombstone yet', () => {
  const { state, placeTablet, place, apply, step } = led([n1, n2, n3, n4]);
  placeTablet(0, true);
  apply({ kind: 'beginMove', group: g1, source: n3, to: n3, isLost: true, at: 0, deadline: 9 });
  step('leaveJoint', 2);
  apply({ kind: 'setOffline', node: n3, isOffline: true, code: '' });
  step('addLearner', 3);
  expect(step('abort', 4)).toMatchObject({ kind: 'memberStep', move: { phase: 'removed' } });
  place([n1, n2, n3, n4], 2);
  expect(state.content.removed).toEqual([]);
  expect(apply({ kind: 'removeNode', node: n3, volume: 'v0', listed: [] })).toMatchObject({
    code: 'NOT_DRAINED',
  });
});

test('PCS-96 PCS-113 a leader that follows gives a split that copies its time again', () => {
  const { state, placeTablet, apply, work, sync, at } = led([n1, n2, n3]);
  placeTablet(0, true);
  const deadline = 60 * SECOND;
  apply({ kind: 'beginSplit', group: g1, key: '5', leader: n2, deadline, why: 'order' });
  const splitsAt = (second: number): number => {
    at(second * SECOND);
    work((ctx) => driveSplits(state, ctx));
    sync();
    return state.content.sharding?.splits.length ?? 0;
  };
  at(70 * SECOND);
  work((ctx) => {
    state.failover.since = ctx.now; // it is elected
  });
  expect(splitsAt(70)).toBe(1);
  expect(splitsAt(70 + state.moves.moveTimeoutUs / SECOND)).toBe(0);
});

test('PCS-80 of two nodes that are ordered to leave at once the second is judged without the first', () => {
  const { state, at, beat, order, sync } = led([n1, n2, n3]);
  at(40 * SECOND);
  beat([n1, n2, n3]);
  order(n2);
  order(n3);
  sync();
  expect(state.content.sharding?.offline).toEqual([n2]);
  expect(state.content.requests.flatMap(({ results }) => results.map(({ code }) => code))).toContain(
    'INSUFFICIENT_NODES',
  );
});

test('PCS-96 PCS-108 an order that waited for a leader is judged as if every node was just heard', () => {
  const { state, at, work, sync, start, cutTable } = makeLeaderBench([n1, n2, n3, n4]);
  at(40 * SECOND);
  start();
  cutTable();
  const order = { kind: 'setOffline', node: n4, isOffline: true } as const;
  work((ctx) => takeOrder(state, ctx, { at: 0, order }));
  expect(state.held.size).toBe(1);
  sync();
  expect(state.content.sharding?.offline).toEqual([n4]);
});

test('PCS-76 a change is taken back where the replica that led is one that it brought, and its token was taken', () => {
  const { state, placeTablet, apply, step } = led([n1, n2, n3, n4]);
  placeTablet(0, true);
  apply({ kind: 'beginMove', group: g1, source: n1, to: n4, isLost: false, at: 0, deadline: 9 });
  step('enterJoint', 2);
  const fence = (expect: number) =>
    apply({ kind: 'fenceVolume', volume: 'v1', expect: expect as Term, target: null });
  fence(1);
  apply({ kind: 'setLeader', volume: 'v1', leader: n4, leaderBoot: 1, term: 2 as Term });
  for (const is of ['RECOVERING', 'OPEN'] as const)
    apply({ kind: 'setWriter', volume: 'v1', term: 2 as Term, state: is }, n4);
  expect(step('abort', 3)).toMatchObject({ error: 'LEADER_LEAVING' });
  fence(2);
  expect(step('abort', 3)).toMatchObject({ kind: 'memberStep', move: { phase: 'aborting' } });
  expect(state.content.volumes.map(({ groups }) => groups[0]?.sets)).toEqual([[[n1, n2, n3]]]);
});
