// Raft in seeded random worlds: five voters, two learners, every fault that the network and the disks have.

import { describe, expect, test } from 'vitest';
import { AssertionError } from '../../base/assert.ts';
import type { Mutants } from '../kernel/mutants.ts';
import { memberId } from './configuration.ts';
import type { Message } from './raft-types.ts';
import { runRandomWorld } from './testing/random-world.ts';
import { addNode, makeCluster, put, settle, storedWith } from './testing/test-cluster.ts';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const STEPS = 3000;

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
    ['compacted beside a change', 20],
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

test.each([
  ['PCS-17 an append that always truncates', 'raft.truncates-always'],
  ['PCS-18 a commit index beyond what was verified', 'raft.commits-unverified'],
  ['PCS-28 a snapshot of members that are not committed', 'raft.snapshot-of-newest-members'],
  ['PCS-28 a log that is cut with the members before an open change', 'raft.cut-keeps-newest-members'],
  ['PCS-22 members of entries that a new leader has replaced', 'raft.undone-members-stay'],
] as const)('%s is caught by the checks', (_, bug) => {
  const isCaught = (seed: number): boolean => {
    try {
      return runRandomWorld(seed, STEPS, [bug]).violations.length > 0;
    } catch (error) {
      // a member that has lost its own members stops by itself
      if (error instanceof AssertionError) return true;
      throw error;
    }
  };
  expect(SEEDS.some(isCaught)).toBe(true);
});

test('PCS-20 a read without a round is served by a leader that was deposed meanwhile; with one it is not', () => {
  const readOfDeposed = (mutants: Mutants): number => {
    const cluster = makeCluster(1, {}, mutants);
    for (const id of [1, 2, 3]) addNode(cluster, storedWith(memberId(id), [1, 2, 3], 0, []));
    const elect = (id: number): void => {
      cluster.now += 2000;
      put(cluster, id, { kind: 'wake' });
    };
    const isOfOthers = ({ from, to }: Message): boolean => from !== 1 && to !== 1;
    elect(1);
    settle(cluster);
    elect(2);
    settle(cluster, isOfOthers);
    put(cluster, 2, { kind: 'propose', data: Uint8Array.of(1) });
    settle(cluster, isOfOthers);
    return put(cluster, 1, { kind: 'read', id: 1 })?.reads.length ?? 0;
  };
  expect(readOfDeposed(['raft.reads-without-round'])).toBe(1);
  expect(readOfDeposed([])).toBe(0);
});
