// Ticks are numbers that people count by, and few enough to be read.

import { expect, test } from 'vitest';
import { roundStep, setApart, ticksBy, timeTicks } from './ticks.ts';

test.each([
  [0.07, 0.1],
  [1, 1],
  [17, 20],
  [364, 500],
  [5001, 10_000],
])('steps of at least %d are %d', (least, step) => {
  expect(roundStep(least)).toBe(step);
});

test('the multiples of a step, as they are written', () => {
  expect(ticksBy(0.1, 0, 0.3)).toEqual([0, 0.1, 0.2, 0.3]);
  expect(ticksBy(5, 6, 9)).toEqual([]);
});

test('times: at most so many steps, none before the run', () => {
  expect(timeTicks(40_000, 58_000, 9)).toEqual([
    40_000, 42_000, 44_000, 46_000, 48_000, 50_000, 52_000, 54_000, 56_000, 58_000,
  ]);
  for (const span of [10_000, 20_000, 50_000, 200_000])
    expect(timeTicks(1234, 1234 + span, 9).length).toBeLessThanOrEqual(11);
  expect(timeTicks(-300, 400, 7)).toEqual([0, 100, 200, 300, 400]);
});

test.each([
  [[], []],
  [
    [10, 40, 70],
    [10, 40, 70],
  ],
  [
    [10, 12, 14],
    [10, 25, 40],
  ],
  [
    [10, 95],
    [10, 90],
  ],
  [
    [80, 88, 99],
    [60, 75, 90],
  ],
])('signs at %j stand apart: %j', (places, drawn) => expect(setApart(places, 15, 90)).toEqual(drawn));
