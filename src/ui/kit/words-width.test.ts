// Widths by which a plot decides where words go, and whether they are written at all.

import { expect, test } from 'vitest';
import { wordsWidth } from './words-width.ts';

test('a Chinese character is as wide as it is high, a Latin letter is not', () => {
  expect(wordsWidth('', 8)).toBe(0);
  expect(wordsWidth('VDL 305', 8)).toBe(56);
  expect(wordsWidth('已作废', 8)).toBe(42);
  expect(wordsWidth('24 个行版本', 8)).toBe(3 * 8 + 4 * 14);
});
