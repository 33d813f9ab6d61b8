// How far a review lies before the live instant.

import { expect, test } from 'vitest';
import { behindText } from './run-pill.tsx';

test('at the live instant nothing is said of a distance', () => {
  expect(behindText(200_362, 200_362)).toBe('');
  expect(behindText(200_362, 200_360)).toBe('');
  expect(behindText(200_362, 200_400)).toBe('');
  expect(behindText(200_362, 200_352)).toBe(' −0.01 ms');
  expect(behindText(460_000, 200_000)).toBe(' −0.26 s');
});
