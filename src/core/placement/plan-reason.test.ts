// What the planner says of its operators, in plans of states with something wrong in them (notation of docs/spec/placement.md §5).

import { expect, test } from 'vitest';
import type { PlacementState } from './placement-state.ts';
import { planPlacement } from './plan-placement.ts';
import { planReason } from './plan-reason.ts';
import { readState } from './testing/notation.ts';

const reasons = (state: PlacementState): readonly string[] =>
  planPlacement(state).ops.map((op) => `${op.kind} ${planReason(state.nodes, op)}`);
const group = '1:10/0 [1,2,3] 1';

const cases: readonly (readonly [string, PlacementState, readonly string[]])[] = [
  [
    'PCS-79 a node that is drained and answers',
    readState({ nodes: 4, groups: group, but: { 2: { state: 'offline' } } }),
    ['replace DRAIN'],
  ],
  [
    'PCS-79 a node that is drained and has died since: it is to leave all the same',
    readState({ nodes: 4, groups: group, but: { 2: { state: 'offline', isSilent: true } } }),
    ['replace DRAIN'],
  ],
  [
    'PCS-71 a node that is held to be down',
    readState({ nodes: 4, groups: group, but: { 2: { state: 'down' } } }),
    ['replace REPAIR'],
  ],
  [
    'PCS-71 of one that is down and one that is drained each has its own',
    readState({ nodes: 5, groups: group, but: { 2: { state: 'offline' }, 3: { state: 'down' } } }),
    ['replace REPAIR', 'replace DRAIN'],
  ],
  [
    'PCS-71 a group that has too few, while nobody is down',
    readState({ nodes: 3, groups: '1:10/0 [1,2] 1' }),
    ['add FEW'],
  ],
  [
    'PCS-71 a group that has too many, while nobody is down',
    readState({ nodes: 4, groups: '1:10/0 [1,2,3,4] 1' }),
    ['remove SURPLUS'],
  ],
  [
    'PCS-71 a group that has too many, one of them on a node that is drained',
    readState({ nodes: 4, groups: '1:10/0 [1,2,3,4] 1', but: { 4: { state: 'offline' } } }),
    ['remove DRAIN'],
  ],
  [
    'PCS-71 a group that has too many, one of them on a node that is down',
    readState({ nodes: 4, groups: '1:10/0 [1,2,3,4] 1', but: { 4: { state: 'down' } } }),
    ['remove REPAIR'],
  ],
  [
    'PCS-80 a drain for which there is no other node',
    readState({ nodes: 3, groups: group, but: { 2: { state: 'offline' } } }),
    ['blocked NO_TARGET'],
  ],
  [
    'PCS-101 a zone that the group lacks',
    readState({
      nodes: 4,
      groups: group,
      but: { 1: { zone: 'a' }, 2: { zone: 'a' }, 3: { zone: 'b' }, 4: { zone: 'c' } },
    }),
    ['move ZONE'],
  ],
];

test.each(cases)('%s', (_, state, expected) => {
  expect(reasons(state)).toEqual(expected);
});
