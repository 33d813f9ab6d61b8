// What GC may drop of a block, and from when on it is worth looking (WAL-36).

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Block, droppable, droppableFrom, firstAtOrAbove } from './blocks.ts';

const lsns = fc.uniqueArray(fc.nat(40), { maxLength: 8 }).map((items) => items.sort((a, b) => a - b));

const blocks = fc
  .record({ chain: lsns, versions: lsns })
  .map(({ chain, versions }): Block => ({ chain, versions, lost: -1 }));

/** Records and versions that go. */
function dropped(block: Block, pgmrpl: number, hold: number): number {
  const { records, versions } = droppable(block, pgmrpl, hold, hold);
  return firstAtOrAbove(block.chain, records + 1) + firstAtOrAbove(block.versions, versions);
}

test('WAL-36 nothing that may go is overlooked, and what is held is not looked at before it is let go', () => {
  fc.assert(
    fc.property(blocks, fc.nat(45), fc.nat(45), fc.nat(45), (block, noted, hold, pgmrpl) => {
      const { from, held } = droppableFrom(block, noted);
      const isLookedAt = from <= pgmrpl || held <= hold;
      if (dropped(block, pgmrpl, hold) > 0) expect(isLookedAt).toBe(true);
      if (held < Infinity) expect(held).toBeGreaterThan(noted);
      if (hold <= noted && held < Infinity && block.versions.length < 2) expect(isLookedAt).toBe(false);
    }),
    { numRuns: 2000 },
  );
});
