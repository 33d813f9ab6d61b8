// The planner's figures (docs/spec/placement.md PCS-70, pcs.md PCS-96): what a leader tells is read in steps, and what swings about a step's end stays.

import { expect, test } from 'vitest';
import { groupId, type NodeId } from '../../base/ids.ts';
import { makePrng, nextBelow } from '../../base/prng.ts';
import { defaultPlacement, type PlacementState } from '../placement/placement-state.ts';
import { planPlacement } from '../placement/plan-placement.ts';
import { upNode } from '../placement/testing/notation.ts';
import { inPlan, inSteps } from './group-figures.ts';

const follow = (values: readonly number[]): number[] => {
  let known = 0;
  return values.map((value) => {
    known = inSteps(known, value, 10);
    return known;
  });
};

test.each([
  ['below a step nothing is reported', [0, 3, 9, 11, 9], [0, 0, 0, 0, 0]],
  ['a quarter beyond it is a step more, and a quarter below it one less', [12, 8, 7, 0], [10, 10, 0, 0]],
  ['what swings about an end of a step is reported once', [12, 9, 12, 8, 21, 8], [10, 10, 10, 10, 10, 10]],
  ['what grows much takes many steps at once', [95, 103, 4], [90, 100, 0]],
] as const)('PCS-96 PCS-70 %s', (_, values, reported) => {
  expect(follow(values)).toEqual(reported);
});

/** Four groups at rest, two on each of the two nodes of a zone, in a heartbeat in which each has a little more or less than the others. */
function drawFigures(seed: number): PlacementState {
  const prng = makePrng(seed, 'figures');
  const nodes = ['a', 'b', 'c', 'a'].map((zone, i) => ({ ...upNode(i + 1), zone, capacity: 10 ** 9 }));
  const [n1, n2, n3, n4] = nodes.map(({ id }) => id) as [NodeId, NodeId, NodeId, NodeId];
  const groups = [n1, n2, n3, n4].map((leader, i) => {
    const size = inSteps(0, nextBelow(prng, 120_000), 65_536);
    const load = inSteps(0, nextBelow(prng, 20), 10);
    return { id: groupId(`g${i}`), size, load, replicas: [i < 2 ? n1 : n4, n2, n3], leader };
  });
  return { config: defaultPlacement, nodes, groups };
}

test('PCS-96 PCS-70 small groups that differ by chance are all alike to a plan: in a cluster at rest none moves to and fro', () => {
  const opsOf = (state: PlacementState): number => planPlacement(state).ops.length;
  let wouldMove = 0;
  for (let seed = 1; seed <= 100; seed++) {
    const state = drawFigures(seed);
    if (opsOf(state) > 0) wouldMove++;
    const groups = state.groups.map((group) => ({ ...group, ...inPlan({ ...group, buckets: [] }) }));
    expect(opsOf({ ...state, groups }), `seed ${seed}`).toBe(0);
  }
  expect(wouldMove).toBeGreaterThan(0);
  expect(inPlan(undefined)).toEqual(inPlan({ size: 0, load: 0, buckets: [] }));
});
