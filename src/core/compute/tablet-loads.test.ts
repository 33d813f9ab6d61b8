// Buckets of keys (docs/spec/placement.md PCS-74): memory is bounded, what is asked for much is cut finely, and the boundary that they give halves
// the load. Held against counts of every key.

import { describe, expect, test } from 'vitest';
import { groupId } from '../../base/ids.ts';
import { makePrng, nextBelow, nextChance, type Prng } from '../../base/prng.ts';
import { findHot } from '../placement/hot-groups.ts';
import { readState } from '../placement/testing/notation.ts';
import { BUCKETS_MAX, countRequest, makeTabletLoad, type TabletLoad, takeLoad } from './tablet-loads.ts';

const group = groupId('g1');

/** What a plan would do with the group alone. */
function stepOf(reported: ReturnType<typeof takeLoad>) {
  const state = readState({
    nodes: 3,
    groups: '1:10/10 [1,2,3] 1',
    config: { hotPct: 150, hotNodeLoad: 10 },
  });
  const groups = state.groups.map((one) => ({ ...one, load: reported.load, buckets: reported.buckets }));
  return findHot({ ...state, groups })[0];
}

const count = (load: TabletLoad, keys: readonly (number | null)[]): void => {
  for (const key of keys) countRequest(load, key);
};

describe('few keys have a bucket each', () => {
  test('PCS-74 in the order of their values, with all that named them', () => {
    const load = makeTabletLoad();
    count(load, [9, 100, 9, 20, 9, 20, 100, 9, 9, 9, 9, 9]);
    const reported = takeLoad(load, group);
    expect(reported).toEqual({
      group,
      load: 12,
      buckets: [
        { key: '9', load: 8 },
        { key: '20', load: 2 },
        { key: '100', load: 2 },
      ],
    });
    expect(stepOf(reported)).toEqual({ kind: 'split', group, key: '20' });
  });

  test('PCS-74 one key, or none, is isolated: no split would divide it', () => {
    const one = makeTabletLoad();
    count(one, [...Array.from({ length: 20 }, () => 7), null, null]);
    expect(stepOf(takeLoad(one, group))).toEqual({ kind: 'isolate', group });
    const none = makeTabletLoad();
    count(
      none,
      Array.from({ length: 20 }, () => null),
    );
    expect(stepOf(takeLoad(none, group))).toEqual({ kind: 'isolate', group });
  });

  test('PCS-96 of a group that cannot be hot no keys are reported', () => {
    const load = makeTabletLoad();
    count(load, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(takeLoad(load, group)).toEqual({ group, load: 9, buckets: [] });
  });
});

test('PCS-96 what is older than the window counts no more, neither in the load nor in a bucket', () => {
  const load = makeTabletLoad();
  for (let beat = 0; beat < 30; beat++) {
    count(
      load,
      Array.from({ length: 10 }, () => 1),
    );
    takeLoad(load, group);
  }
  for (let beat = 0; beat < 30; beat++) {
    count(
      load,
      Array.from({ length: 10 }, () => 2),
    );
    const { load: all, buckets } = takeLoad(load, group);
    const [old = 0, young = 0] = ['1', '2'].map((key) => buckets.find((one) => one.key === key)?.load ?? 0);
    // a bucket counts in parts of five heartbeats, of which the newest is not over
    expect(all - old - young).toBeGreaterThanOrEqual(0);
    expect(all - old - young).toBeLessThanOrEqual(40);
    if (beat >= 25) expect([old, all]).toEqual([0, 250]);
  }
  expect(load.parts).toHaveLength(5);
  expect(load.beats).toHaveLength(25);
});

/** Loads that lie unevenly: a stretch that half of all is for, few keys that half is for, the newest keys, all keys alike. */
const shapes: readonly (readonly [string, (prng: Prng, at: number) => number])[] = [
  [
    'a narrow stretch',
    (prng) => (nextChance(prng, 3, 4) ? 700 + nextBelow(prng, 40) : nextBelow(prng, 10_000)),
  ],
  ['five keys', (prng) => (nextChance(prng, 3, 4) ? 5 + nextBelow(prng, 5) : nextBelow(prng, 10_000))],
  ['the newest keys', (prng, at) => at + nextBelow(prng, 200)],
  ['all keys alike', (prng) => nextBelow(prng, 10_000)],
];

test.each(shapes)(
  'PCS-74 where %s is asked for the boundary halves the load, whatever the seed',
  (_, draw) => {
    for (let seed = 1; seed <= 20; seed++) {
      const prng = makePrng(seed, 'keys');
      const load = makeTabletLoad();
      const keys: number[] = [];
      for (let at = 0; at < 4000; at++) {
        const key = draw(prng, at);
        keys.push(key);
        countRequest(load, key);
      }
      expect(load.parts.flatMap((part) => part.keys)).toHaveLength(64);
      const reported = takeLoad(load, group);
      expect(reported.buckets.length).toBeLessThanOrEqual(BUCKETS_MAX);
      expect(reported.buckets.reduce((sum, one) => sum + one.load, 0)).toBe(4000);
      const step = stepOf(reported);
      if (step?.kind !== 'split') throw new Error(`seed ${seed}: ${JSON.stringify(step)}`);
      const below = keys.filter((key) => key < Number(step.key)).length;
      expect([seed, Math.abs(2 * below - 4000) <= 1600]).toEqual([seed, true]);
    }
  },
);

/** A window of heartbeats in which the k-th request names this key, and what a plan would make of its report. */
function stepAfter(draw: (prng: Prng, at: number) => number, seed: number) {
  const prng = makePrng(seed, 'keys');
  const load = makeTabletLoad();
  let at = 0;
  let reported = takeLoad(load, group);
  for (let beat = 0; beat < 60; beat++) {
    for (let i = 0; i < 5 + nextBelow(prng, 12); i++) countRequest(load, draw(prng, at++));
    reported = takeLoad(load, group);
  }
  return { step: stepOf(reported), at };
}

const moving: readonly (readonly [string, (prng: Prng, at: number) => number])[] = [
  ['ascend', (_, at) => at],
  ['descend', (_, at) => 100_000 - at],
  ['ascend in batches of clients', (prng, at) => 10 * Math.floor(at / 8) + nextBelow(prng, 9)],
  [
    'ascend beside some reads of old ones',
    (prng, at) => (nextChance(prng, 1, 8) ? nextBelow(prng, at + 1) : at),
  ],
  ['are one, nearly always', (prng) => (nextChance(prng, 9, 10) ? 5 : nextBelow(prng, 1000))],
];

test.each(moving)(
  'PCS-74 where keys %s no boundary halves the load to come, and the group is isolated',
  (_, draw) => {
    for (let seed = 1; seed <= 20; seed++)
      expect(stepAfter(draw, seed).step).toEqual({ kind: 'isolate', group });
  },
);

const staying: readonly (readonly [string, (prng: Prng, at: number) => number])[] = [
  ...shapes.filter(([shape]) => shape !== 'the newest keys'),
  ['the newest keys and old ones', (prng, at) => (at % 2 === 0 ? at : nextBelow(prng, at + 1))],
];

test.each(staying)(
  'PCS-74 where %s go on to be asked for the boundary halves the load to come',
  (_, draw) => {
    for (let seed = 1; seed <= 20; seed++) {
      const { step, at } = stepAfter(draw, seed);
      if (step?.kind !== 'split') throw new Error(`seed ${seed}: ${JSON.stringify(step)}`);
      const prng = makePrng(seed, 'later');
      let below = 0;
      for (let i = 0; i < 400; i++) if (draw(prng, at + i) < Number(step.key)) below++;
      expect([seed, below >= 60 && below <= 340, step.key]).toEqual([seed, true, step.key]);
    }
  },
);
