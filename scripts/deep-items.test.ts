import { expect, test } from 'vitest';
import { shareOf } from './deep-items.mjs';

const items = Array.from({ length: 23 }, (_, i) => i);

test.each([1, 2, 5, 30])('of %i shares each item is in one', (count) => {
  const shares = Array.from({ length: count }, (_, i) => shareOf(items, { index: i + 1, count }));
  expect(shares.flat().toSorted((a, b) => a - b)).toEqual(items);
  expect(Math.max(...shares.map((share) => share.length))).toBeLessThanOrEqual(Math.ceil(23 / count));
});
