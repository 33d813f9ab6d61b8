import { expect, test } from 'vitest';
import { productCode, runsProduct } from './product-code.mjs';
import { findUnshown, listRules } from './rules.mjs';

test('every WAL, HOLE, FENCE, READ, PCS, FS and LI rule, and every worked vector, has a test or a monitor that a planted bug sets off', () => {
  expect(listRules().length).toBeGreaterThan(440);
  expect(findUnshown()).toEqual([]);
});

test('a test of code that the product does not run shows no rule', () => {
  const product = productCode();
  expect(product.size).toBeGreaterThan(800);
  const shows = (file: string): boolean => runsProduct(file, product);
  expect(shows('src/core/placement/membership.test.ts')).toBe(true);
  // by its fixture alone
  expect(shows('src/core/log-store/holes/testing/hole-world-recovery.ts')).toBe(true);
  expect(shows('src/sim/testing/no-limits.ts')).toBe(true);
  expect(runsProduct('src/core/placement/membership.test.ts', new Set())).toBe(false);
  expect(product.has('src/core/chunk/testing/fs-host.ts')).toBe(false);
});
