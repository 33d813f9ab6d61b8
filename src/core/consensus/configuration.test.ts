// Configurations of Raft: majorities of both halves, and what a change of members may ask for.

import { describe, expect, test } from 'vitest';
import {
  type Configuration,
  checkMembers,
  hasQuorum,
  leaveJoint,
  type MemberId,
  memberId,
  quorumValue,
  towards,
  withLearner,
  without,
  withVoter,
} from './configuration.ts';

const ids = (some: readonly number[]): MemberId[] => some.map(memberId);
const make = (voters: number[], outgoing: number[] = [], learners: number[] = []): Configuration => ({
  voters: ids(voters),
  outgoing: ids(outgoing),
  learners: ids(learners),
});

describe('PCS-24 a quorum is a majority of every set', () => {
  test.each([
    [make([1, 2, 3]), [1, 2], true],
    [make([1, 2, 3]), [1], false],
    [make([1, 2, 3, 4]), [1, 2], false],
    [make([1, 2, 4], [1, 2, 3]), [4, 2], false],
    [make([1, 2, 4], [1, 2, 3]), [4, 2, 3], true],
    [make([1, 2, 4], [1, 2, 3]), [1, 2], true],
    [make([1, 2, 3], [], [4]), [1, 4], false],
    [make([]), [1, 2, 3], false],
  ])('%j of %j: %s', (config, says, expected) => {
    expect(hasQuorum(config, (id) => says.includes(id))).toBe(expected);
  });
});

describe('PCS-16, PCS-24 what a majority of every set has reached', () => {
  const match = new Map([
    [1, 9],
    [2, 5],
    [3, 4],
    [4, 7],
    [5, 1],
  ]);
  test.each([
    [make([1]), 9],
    [make([1, 2]), 5],
    [make([1, 2, 3]), 5],
    [make([1, 2, 3, 4]), 5],
    [make([1, 2, 3, 4, 5]), 5],
    [make([1, 2, 4], [2, 3, 5]), 4],
    [make([]), 0],
  ])('%j: %i', (config, expected) => {
    expect(quorumValue(config, (id) => match.get(id) ?? 0)).toBe(expected);
  });
});

describe('PCS-26 what a change may ask for', () => {
  const current = make([1, 2, 3], [], [4]);
  test.each([
    [[1, 2, 4], [], null],
    [[1, 2], [3, 4], null],
    [[1, 2, 5], [], 'NOT_LEARNER'],
    [[], [1], 'BAD_MEMBERS'],
    [[1, 1], [], 'BAD_MEMBERS'],
    [[1, 2], [2], 'BAD_MEMBERS'],
    [[1, 2, 3], [4, 5, 6], 'BAD_MEMBERS'],
    [[1, 2], [0], 'BAD_MEMBERS'],
  ])('voters %j learners %j: %s', (voters, learners, fault) => {
    expect(checkMembers(current, { voters: ids(voters), learners: ids(learners) }, 5)).toBe(fault);
  });
});

test('§6 Cold, then Cold,new, then Cnew; learners alone need no joint phase', () => {
  const joint = towards(make([1, 2, 3], [], [4]), { voters: ids([4, 1, 2]), learners: ids([3]) });
  expect(joint).toEqual(make([1, 2, 4], [1, 2, 3], [3]));
  expect(leaveJoint(joint)).toEqual(make([1, 2, 4], [], [3]));
  expect(towards(make([1, 2]), { voters: ids([2, 1]), learners: ids([3]) })).toEqual(make([1, 2], [], [3]));
});

describe('PCS-105 a node comes back under a new identity', () => {
  const lost = memberId(2);
  const learning = withLearner(make([1, 2, 3], [], [5]), ids([2, 5]), memberId(8));
  test('as a learner in place of the learners that it was before, beside its old vote', () => {
    expect(learning).toEqual({ voters: ids([1, 2, 3]), learners: ids([8]) });
  });
  test('then it votes in place of the lost one', () => {
    const config = { ...learning, outgoing: [] };
    expect(withVoter(config, [lost, memberId(8)], memberId(8))).toEqual({
      voters: ids([1, 3, 8]),
      learners: [],
    });
    expect(without(config, ids([8]))).toEqual({ voters: ids([1, 2, 3]), learners: [] });
  });
});
