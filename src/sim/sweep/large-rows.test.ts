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

// Pinned by seeds of cynosdb-ha, two minutes each: with a map of 2 to 16 blocks the parts filled all disks (20 and 64), and a new
// replica had 7,464 of 7,478 pages, taken one a reply, when the time to converge was over (40).
test.each(['mappedBlocks', 'replyBytes'])(
  'PRE-8 a seed with large rows keeps %s as it is, any other may have it small',
  (limit) => {
    let small = 0;
    for (let seed = 2; seed <= 120; seed += 2) {
      const limits = drawLimits(seed);
      const kept = limitsBesideLargeRows(seed, limits);
      if (seed % 4 === 0) expect(kept.some(([name]) => name === limit)).toBe(false);
      else expect(kept).toEqual(limits);
      if (kept.some(([name]) => name === limit)) small++;
    }
    expect(small).toBeGreaterThan(10);
  },
);
