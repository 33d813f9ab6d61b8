// Widths by which a plot decides where words go, and whether they are written at all.

import { expect, test } from 'vitest';
import { fitWords, uncovered, wordsWidth } from './words-width.ts';

test('a Chinese character is as wide as it is high, a Latin letter is not', () => {
  expect(wordsWidth('', 8)).toBe(0);
  expect(wordsWidth('VDL 305', 8)).toBe(56);
  expect(wordsWidth('已作废', 8)).toBe(42);
  expect(wordsWidth('24 个行版本', 8)).toBe(3 * 8 + 4 * 14);
});

test('words that have no room end in an ellipsis, or are not written at all', () => {
  expect(fitWords('crash store-2', 13 * 7, 7)).toBe('crash store-2');
  expect(fitWords('crash store-2', 13 * 7 - 1, 7)).toBe('crash store…');
  expect(fitWords('crash store-2', 7 * 7, 7)).toBe('crash…');
  expect(fitWords('切断 rw-1', 4 * 7, 7)).toBe('切…');
  expect(fitWords('crash', 13, 7)).toBe('');
});

test('words begin where nothing lies over them', () => {
  expect(uncovered(10, 14, [])).toBe(10);
  expect(uncovered(10, 14, [[30, 60]])).toBe(10);
  expect(uncovered(10, 14, [[10, 20]])).toBe(20);
  expect(
    uncovered(10, 14, [
      [0, 12],
      [20, 40],
      [50, 60],
    ]),
  ).toBe(60);
});
