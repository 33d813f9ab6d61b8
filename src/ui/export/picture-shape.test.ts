// The shape of exported pictures.

import { expect, test } from 'vitest';
import { columnsFor, pixelsOf, roomOf } from './picture-shape.ts';

test.each([
  ['own', 700, 500, 700, 500],
  ['slide', 1600, 900, 1600, 900],
  ['slide', 700, 900, 1600, 900],
  ['slide', 1600, 200, 1600, 900],
] as const)(
  '%s: a drawing of %d × %d has a room of %d × %d',
  (shape, width, height, roomWidth, roomHeight) => {
    expect(roomOf({ width, height }, shape)).toEqual({ width: roomWidth, height: roomHeight });
  },
);

test('a slide’s PNG has 1920 × 1080 px, or twice that, whatever the drawing is', () => {
  expect(pixelsOf({ width: 1601, height: 901 }, 1, 'slide')).toEqual({ width: 1920, height: 1080 });
  expect(pixelsOf({ width: 320, height: 180 }, 2, 'slide')).toEqual({ width: 3840, height: 2160 });
  expect(pixelsOf({ width: 700.5, height: 300 }, 2, 'own')).toEqual({ width: 1401, height: 600 });
});

test.each([
  [1, 400, 130, 1],
  [18, 400, 130, 3],
  [18, 200, 130, 5],
  [4, 160, 90, 2],
] as const)('%d drawings of %d × %d fill a slide in %d columns', (count, width, height, columns) => {
  expect(columnsFor(count, { width, height })).toBe(columns);
});
