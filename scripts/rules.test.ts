import { expect, test } from 'vitest';
import { findUnshown, listRules, notBuilt } from './rules.mjs';

test('every WAL, HOLE, FENCE, READ, FS, LI and metadata log rule, and every worked vector, has a test or a monitor that a planted bug sets off', () => {
  expect(listRules().length).toBeGreaterThan(240);
  expect(findUnshown().filter((id) => !notBuilt.has(id))).toEqual([]);
});
