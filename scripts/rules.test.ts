import { expect, test } from 'vitest';
import { findUnshown, listRules, notBuilt } from './rules.mjs';

test('every WAL, HOLE, FENCE and metadata log rule, and every vector of failover, has a test or a monitor that a planted bug sets off', () => {
  expect(listRules().length).toBeGreaterThan(140);
  expect(findUnshown().filter((id) => !notBuilt.has(id))).toEqual([]);
});
