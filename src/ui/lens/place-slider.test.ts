import { expect, test } from 'vitest';
import { placeOfKey } from './place-slider.tsx';

test.each([
  ['ArrowLeft', 3, 2],
  ['ArrowUp', 1, 1],
  ['ArrowRight', 3, 4],
  ['ArrowDown', 5, 5],
  ['ArrowDown', null, 1],
  ['ArrowUp', null, 1],
  ['Home', 4, 1],
  ['End', 2, 5],
  ['Enter', 2, null],
] as const)('%s from %s of 1 to 5 leads to %s', (key, at, to) => {
  expect(placeOfKey(key, at, 1, 5)).toBe(to);
});
