// A map that forgets: what it keeps, and that forgetting does not become dear.

import { expect, test } from 'vitest';
import { findNewest, makeNewest, noteNewest } from './newest.ts';

test('the newest are found, the oldest are gone, and the limit holds', () => {
  const newest = makeNewest<number, string>(10);
  for (let key = 0; key < 1000; key++) {
    noteNewest(newest, key, `v${key}`);
    expect(newest.young.size + newest.old.size).toBeLessThanOrEqual(newest.limit);
    for (let back = 0; back < Math.min(key, 5); back++)
      expect(findNewest(newest, key - back)).toBe(`v${key - back}`);
    expect(findNewest(newest, key - 10)).toBe(undefined);
  }
});

test('a key that is told again has its newest value, and stays as long as any', () => {
  const newest = makeNewest<string, number>(4);
  noteNewest(newest, 'a', 1);
  noteNewest(newest, 'b', 1);
  noteNewest(newest, 'a', 2);
  expect(findNewest(newest, 'a')).toBe(2);
  noteNewest(newest, 'c', 1);
  noteNewest(newest, 'd', 1);
  expect([findNewest(newest, 'a'), findNewest(newest, 'b')]).toEqual([2, undefined]);
});
