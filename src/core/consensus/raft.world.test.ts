// Raft in seeded random worlds: five voters, two learners, every fault that the network and the disks have.

import { describe, expect, test } from 'vitest';
import { runRandomWorld } from './testing/random-world.ts';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const STEPS = 4000;

describe('Figure 3: the safety properties hold under faults, and the group comes back when they end', () => {
  const seen = new Map<string, number>();

  test.each(SEEDS)('seed %i', (seed) => {
    const run = runRandomWorld(seed, STEPS);
    expect(run.violations).toEqual([]);
    expect(run.hasConverged).toBe(true);
    for (const [what, count] of run.seen) seen.set(what, (seen.get(what) ?? 0) + count);
  });

  test.each([
    ['leader', 20],
    ['crash', 40],
    ['lost write', 10],
    ['partition', 40],
    ['duplicate', 100],
    ['truncated', 5],
    ['proposal', 500],
    ['joint', 20],
    ['installed', 5],
    ['compacted', 20],
    ['read', 100],
    ['transferBegun', 5],
    ['transferEnded', 2],
    ['refused NOT_CAUGHT_UP', 1],
    ['refused CHANGE_IN_PROGRESS', 1],
  ])('not vacuous: %s at least %i times', (what, least) => {
    expect(seen.get(what) ?? 0).toBeGreaterThanOrEqual(least);
  });
});

test('the same seed gives the same run', () => {
  expect(runRandomWorld(9, 1000).seen).toEqual(runRandomWorld(9, 1000).seen);
});

test('PCS-20 a read without a round is caught by the checks', () => {
  const found = SEEDS.some(
    (seed) => runRandomWorld(seed, STEPS, ['raft.reads-without-round']).violations.length > 0,
  );
  expect(found).toBe(true);
});
