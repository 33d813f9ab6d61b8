// What a sweep draws of limits: allowed values, near the least, in every second seed.

import { expect, test } from 'vitest';
import { limitTable } from '../../core/kernel/limits.ts';
import { makeParams } from '../../presets/parameters.ts';
import { drawLimits } from './draw-limits.ts';

test('PRE-8 every second seed has small limits, each of them in some seed and at its usual value in another', () => {
  const drawn = new Map<string, number>();
  const SEEDS = 60;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const limits = drawLimits(seed);
    if (seed % 2 === 1) expect(limits).toEqual([]);
    expect(makeParams('sweep', limits).ok).toBe(true);
    for (const [name] of limits) drawn.set(name, (drawn.get(name) ?? 0) + 1);
  }
  expect([...drawn.keys()].sort()).toEqual(Object.keys(limitTable).sort());
  for (const [name, times] of drawn) expect(times, name).toBeLessThan(SEEDS / 2);
});
