// The strip of the whole run counts every event once, however long the run becomes.

import { expect, test } from 'vitest';
import { countBetween, countEvent, DENSITY_BUCKETS, makeDensity } from './density.ts';

test('buckets grow with the run and lose no event', () => {
  const density = makeDensity();
  for (let at = 0; at < 10_000_000; at += 1_000) countEvent(density, at, at % 4_000 === 0 ? 3 : 1);
  expect(density.counts.length).toBeLessThanOrEqual(4 * DENSITY_BUCKETS);
  expect(countBetween(density, 0, 20_000_000, 3)).toBe(2_500);
  expect(countBetween(density, 0, 20_000_000, 1)).toBe(7_500);
  expect(countBetween(density, 0, 20_000_000, 0)).toBe(0);
});

test('a stretch has the share of its buckets', () => {
  const density = makeDensity();
  for (let i = 0; i < 100; i++) countEvent(density, 100, 2);
  expect(countBetween(density, 0, 125, 2)).toBe(50);
  expect(countBetween(density, 250, 500, 2)).toBe(0);
});
