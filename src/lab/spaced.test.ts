// What a tab that watches gets of its owner's pictures: fewer, but always the last.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeSpaced } from './spaced.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the first goes out at once, of what comes too soon the last alone, and what is forgotten never', () => {
  const sent: number[] = [];
  const spaced = makeSpaced<number>(100, (one) => sent.push(one));
  spaced.tell(1);
  expect(sent).toEqual([1]);
  vi.advanceTimersByTime(40);
  spaced.tell(2);
  spaced.tell(3);
  expect(sent).toEqual([1]);
  vi.advanceTimersByTime(60);
  expect(sent).toEqual([1, 3]);
  vi.advanceTimersByTime(1000);
  expect(sent).toEqual([1, 3]);
  spaced.tell(4);
  spaced.tell(5);
  spaced.forget();
  vi.advanceTimersByTime(1000);
  expect(sent).toEqual([1, 3, 4]);
});
