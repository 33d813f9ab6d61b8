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

test('the newest stretch of a long run tells when its events were', () => {
  const density = makeDensity();
  const end = 4_000_000;
  for (let at = 0; at <= end; at += 5_000) countEvent(density, at, 2);
  expect(density.bucketUs).toBeGreaterThan(5_000);
  expect(density.recent.counts.length).toBeLessThanOrEqual(4 * DENSITY_BUCKETS);
  expect(countBetween(density, end - 5_000, end - 4_750, 2)).toBe(1);
  expect(countBetween(density, end - 4_750, end, 2)).toBe(0);
  // Nothing lies behind the newest event, though its long bucket reaches there.
  expect(countBetween(density, end + 250, end + 20_000, 2)).toBe(0);
  expect(countBetween(density, 0, end + 250, 2)).toBeCloseTo(801);
});
