// The exhaustive search through small Raft worlds, to a bound (the deep command looks at over a million distinct states): the sound
// code breaks no property of Figure 3 (election safety, log matching, leader completeness, state machine safety), and each planted
// bug is found with the way to it.

import { describe, expect, test } from 'vitest';
import { drawn, isDeep } from '../../testing/depth.ts';
import type { MutantName } from '../kernel/mutants.ts';
import { type Exploration, explore } from './testing/explore.ts';
import { plantedBugs, worlds } from './testing/explore-worlds.ts';

const CLEAN_STATES = drawn(4_000, 250_000);
const DEEP_STATES = 1_000_000;
const BUG_STATES = 20_000;

describe('PCS-8, PCS-9, PCS-16, PCS-17, PCS-24 every order of messages, writes and crashes keeps the four properties', () => {
  const seen: Exploration['seen'][] = [];
  let states = 0;

  test.each(worlds.map((world) => [world.name, world] as const))('%s', (_name, world) => {
    const found = explore(world, CLEAN_STATES);
    expect(found.violation).toBe(null);
    expect(found.isComplete || found.states >= CLEAN_STATES).toBe(true);
    seen.push(found.seen);
    states += found.states;
  });

  test.each(['elections', 'commits', 'crashes', 'lostWrites', 'truncations', 'changes'] as const)(
    'not vacuous: %s',
    (what) => {
      expect(seen.reduce((sum, one) => sum + one[what], 0)).toBeGreaterThan(50);
    },
  );

  test.runIf(isDeep)('at least a million distinct states', () => {
    expect(states).toBeGreaterThanOrEqual(DEEP_STATES);
  });
});

const rules = new Map<MutantName, string>([
  ['raft.commits-older-term', 'PCS-16 Figure 8'],
  ['raft.vote-not-durable', 'PCS-8'],
  ['raft.says-before-durable', 'PCS-8'],
  ['raft.counts-unsynced', 'PCS-15'],
  ['raft.truncates-always', 'PCS-17'],
  ['raft.votes-twice', 'PCS-9'],
  ['raft.votes-for-any-log', 'PCS-9 §5.4.1'],
  ['raft.commits-unverified', 'PCS-18'],
  ['raft.no-joint', 'PCS-24'],
]);

describe('each planted bug has a counterexample', () => {
  test.each(plantedBugs.map(([bug, world]) => [rules.get(bug), bug, world] as const))(
    '%s %s',
    (_rule, bug, world) => {
      const { violation } = explore({ ...world, mutants: [bug] }, BUG_STATES);
      expect(violation?.what).toMatch(
        /^(election safety|log matching|leader completeness|state machine safety): /,
      );
      expect(violation?.trail.length).toBeGreaterThan(world.prelude.length);
    },
  );
});
