// The planner's figures (docs/spec/pcs.md PCS-70, PCS-96): what a leader tells is read in steps, and what swings about a step's end stays.

import { expect, test } from 'vitest';
import { inSteps } from './group-figures.ts';

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
