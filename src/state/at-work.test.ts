// What was asked for counts as worked on until it is answered, however it is answered.

import { expect, test } from 'vitest';
import { atWork, beginWork, workStore } from './at-work.ts';

const isAtWork = (): boolean => workStore.getState().count > 0;

test('work is shown until the last of it has ended', () => {
  const ends = [beginWork(), beginWork()];
  expect(isAtWork()).toBe(true);
  ends[0]?.();
  expect(isAtWork()).toBe(true);
  ends[1]?.();
  expect(isAtWork()).toBe(false);
});

test('what is refused is not worked on any more, and who asked is told', async () => {
  const asked = atWork(Promise.reject(new Error('refused')));
  expect(isAtWork()).toBe(true);
  await expect(asked).rejects.toThrow('refused');
  expect(isAtWork()).toBe(false);
});

test('an answer is passed on', async () => {
  expect(await atWork(Promise.resolve(7))).toBe(7);
  expect(isAtWork()).toBe(false);
});
