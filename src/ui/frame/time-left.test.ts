import { expect, test } from 'vitest';
import { secondsLeft } from './time-left.ts';

test('the time that is left goes by the rate so far, from where the work began', () => {
  const begun = { at: 1000, done: 200 };
  expect(secondsLeft(begun, 3000, 400, 1000)).toBe(6);
  expect(secondsLeft(begun, 3000, 999, 1000)).toBe(1);
});

test('it is not known before some of the work is done, or where nobody knows how much there is', () => {
  const begun = { at: 1000, done: 0 };
  expect(secondsLeft(begun, 1400, 500, 1000)).toBe(null);
  expect(secondsLeft(begun, 3000, 0, 1000)).toBe(null);
  expect(secondsLeft(begun, 3000, 500, 0)).toBe(null);
});
