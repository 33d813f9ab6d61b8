// What a split asks of the primary's own engine.

import { expect, test } from 'vitest';
import { readsLess } from './split-rows.ts';
import type { ParentSplit } from './split-state.ts';

test('PCS-113 where an answer would be too long a split reads fewer rows at once, at last one', () => {
  // Of a split only its phase and its batch count here.
  const split = { kind: 'parent', phase: 'reading' } as ParentSplit;
  const batches: (number | undefined)[] = [];
  while (readsLess(split)) batches.push(split.batch);
  expect(batches).toEqual([64, 16, 4, 1]);
  split.phase = 'counting';
  delete split.batch;
  expect(readsLess(split)).toBe(false);
});
