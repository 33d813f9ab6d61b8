// A map that forgets: what it keeps, and that forgetting does not become dear.

import { expect, test } from 'vitest';
import { findNewest, makeNewest, recordNewest } from './newest.ts';

test('the newest are found, the oldest are gone, and the limit holds', () => {
  const newest = makeNewest<number, string>(10);
  for (let key = 0; key < 1000; key++) {
    recordNewest(newest, key, `v${key}`);
    expect(newest.young.size + newest.old.size).toBeLessThanOrEqual(newest.limit);
    for (let back = 0; back < Math.min(key, 5); back++)
      expect(findNewest(newest, key - back)).toBe(`v${key - back}`);
    expect(findNewest(newest, key - 10)).toBe(undefined);
  }
});

test('a key that is recorded again has its newest value, and stays as long as any', () => {
  const newest = makeNewest<string, number>(4);
  recordNewest(newest, 'a', 1);
  recordNewest(newest, 'b', 1);
  recordNewest(newest, 'a', 2);
  expect(findNewest(newest, 'a')).toBe(2);
  recordNewest(newest, 'c', 1);
  recordNewest(newest, 'd', 1);
  expect([findNewest(newest, 'a'), findNewest(newest, 'b')]).toEqual([2, undefined]);
});
