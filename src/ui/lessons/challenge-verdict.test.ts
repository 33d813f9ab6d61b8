// What is said of a challenge at each end of its budget.

import { expect, test } from 'vitest';
import { verdictOf } from './challenge-verdict.ts';

const budget = { faults: 2, ms: 30 };

test.each([
  ['lessons.challengeOpen', { met: false, faults: 0, ms: 0 }],
  ['lessons.challengeOpen', { met: false, faults: 2, ms: 30 }],
  ['lessons.challengeSpent', { met: false, faults: 1, ms: 55 }],
  ['lessons.challengeSpent', { met: false, faults: 3, ms: 10 }],
  ['lessons.challengeMet', { met: true, faults: 2, ms: 30 }],
  ['lessons.challengeOver', { met: true, faults: 2, ms: 55 }],
] as const)('%s', (key, used) => {
  expect(verdictOf(used, budget)).toBe(key);
});
