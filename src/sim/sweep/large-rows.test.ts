// Large rows in sweeps: what they leave behind when the chaos ends.

import { expect, test } from 'vitest';
import { nodeId } from '../../base/ids.ts';
import { drawLimits } from './draw-limits.ts';
import { drawLargeRows, limitsBesideLargeRows } from './large-rows.ts';

// Pinned by seeds 44, 56 and 60 of cynosdb-ha, two minutes each: the snapshot pinned PGMRPL until two disks were full.
test('WAL-23 no snapshot of the load stays open when the chaos ends', () => {
  let opened = 0;
  for (let seed = 4; seed <= 240; seed += 4) {
    const texts = drawLargeRows(seed, nodeId('d1'), 20_000_000).flatMap((action) =>
      action.kind === 'sql' && action.session === 'large-old' ? [action.text] : [],
    );
    opened += texts.filter((text) => text.startsWith('BEGIN')).length;
    expect(texts.at(-1), `${seed}`).toBe('COMMIT');
  }
  expect(opened).toBeGreaterThan(100);
});

// Pinned by seeds 20, 40 and 64 of cynosdb-ha, two minutes each: with a map of 2 to 16 blocks the parts filled all disks.
test('PRE-8 a seed with large rows has no small map of free space, any other may have one', () => {
  let small = 0;
  for (let seed = 2; seed <= 120; seed += 2) {
    const limits = drawLimits(seed);
    const isSmall = limits.some(([name]) => name === 'mappedBlocks');
    const kept = limitsBesideLargeRows(seed, limits);
    if (seed % 4 === 0) expect(kept.some(([name]) => name === 'mappedBlocks')).toBe(false);
    else expect(kept).toEqual(limits);
    if (isSmall && seed % 4 !== 0) small++;
  }
  expect(small).toBeGreaterThan(10);
});
