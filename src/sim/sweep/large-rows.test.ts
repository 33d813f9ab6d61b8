// Large rows in sweeps: what they leave behind when the chaos ends.

import { expect, test } from 'vitest';
import { nodeId } from '../../base/ids.ts';
import { drawLargeRows } from './large-rows.ts';

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
