import { expect, test } from 'vitest';
import { findUnshown, listRules } from './rules.mjs';

test('every WAL, HOLE, FENCE, READ, PCS, FS and LI rule, and every worked vector, has a test or a monitor that a planted bug sets off', () => {
  expect(listRules().length).toBeGreaterThan(440);
  expect(findUnshown()).toEqual([]);
});
