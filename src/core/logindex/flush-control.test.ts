// What holds of the bgwriter, of the two bounds of the writer and of replay in single steps (docs/spec/logindex.md §1, §5, §6), and vector F14
// of failover.md.

import { describe, expect, test } from 'vitest';
import { MAX, nodeId } from '../../base/ids.ts';
import {
  advanceConsistentLsn,
  advanceGcFloor,
  bgwriterPages,
  checkpoint,
  flushPage,
  makeFlushControl,
  noteChange,
  onPageWritten,
} from './flush-control.ts';
import { dirtyFloor, isReplayed, promote } from './promote.ts';
import { recordsToApply } from './replay.ts';
import {
  A,
  append,
  at,
  B,
  C,
  evict,
  flush,
  join,
  makeDurable,
  makeLab,
  P1,
  read,
  report,
  ship,
} from './testing/shared-storage.ts';

test('LI-48 the bgwriter looks at copies, then along the flush list from its head, as far as its round goes', () => {
  const control = makeFlushControl({ copySlots: 4, copyLag: 100, minModified: 5, snapshot: null }, at(10));
  for (const [lsn, page] of [
    [10, A],
    [20, B],
    [30, C],
    [40, P1],
  ] as const)
    noteChange(control, page, at(lsn), null);
  expect(bgwriterPages(control, 9)).toEqual([A, B, C, P1]);
  expect(bgwriterPages(control, 3)).toEqual([A, B, C]);
  // A and B are ahead of the readers: what lies behind them in the list is stored all the same
  const gate = { oldestApplyLsn: at(0), insertLsn: at(41) };
  expect(flushPage(control, A, gate)).toBe('COPIED');
  noteChange(control, A, at(41), null);
  expect(bgwriterPages(control, 9)).toEqual([A, B, C, P1]);
  const later = { oldestApplyLsn: at(40), insertLsn: at(42) };
  const written = bgwriterPages(control, 9).map((page) => flushPage(control, page, later));
  expect(written).toEqual(['FLUSHED_COPY', 'FLUSHED', 'FLUSHED', 'FLUSHED']);
  expect(advanceConsistentLsn(control, at(41), null)).toBe(10);
  for (const page of [B, C, P1, A]) onPageWritten(control, page);
  expect(advanceConsistentLsn(control, at(41), null)).toBe(41);
});

test('LI-1 oldestApplyLsn is the gate of flushes, consistentLsn the bound of checkpoint and GC: either may be the greater', () => {
  const control = makeFlushControl({ copySlots: 0, copyLag: 1, minModified: 9, snapshot: null }, at(10));
  noteChange(control, A, at(10), null);
  noteChange(control, B, at(90), null);
  const gate = { oldestApplyLsn: at(50), insertLsn: at(91) };
  // what readers have applied may be stored, and is not stored for that
  expect([advanceConsistentLsn(control, at(90), null), flushPage(control, B, gate)]).toEqual([10, 'BLOCKED']);
  expect(flushPage(control, A, gate)).toBe('FLUSHED');
  onPageWritten(control, A);
  // all below 90 is stored, and the readers have applied 50
  expect(advanceConsistentLsn(control, at(90), null)).toBe(90);
  expect([checkpoint(control), advanceGcFloor(control, at(50), at(60))]).toEqual([90, 60]);
  expect(flushPage(control, B, gate)).toBe('BLOCKED');
});

test('LI-46 consistentLsn and the redo LSN of checkpoints never decrease', () => {
  const control = makeFlushControl({ copySlots: 1, copyLag: 99, minModified: 1, snapshot: null }, at(50));
  expect([advanceConsistentLsn(control, at(49), null), checkpoint(control)]).toEqual([50, 50]);
  expect([advanceConsistentLsn(control, at(80), null), checkpoint(control)]).toEqual([81, 81]);
  // a page that is dirtied again, one whose floor is an old one, a promotion that lies behind
  noteChange(control, A, at(90), null);
  noteChange(control, B, at(91), at(60));
  expect(advanceConsistentLsn(control, at(70), null)).toBe(81);
  expect(advanceConsistentLsn(control, at(95), at(20))).toBe(81);
  expect(checkpoint(control)).toBe(81);
});

describe('LI-38 replay skips what the image has', () => {
  test('a record at or below pageLsn is not applied, and replaying twice gives the same image', () => {
    const lab = makeLab(at(100), [[P1, { value: 500, lsn: at(100) }]]);
    const ro = join(lab, nodeId('ro1'));
    for (const lsn of [200, 300]) append(lab, lsn, [[P1, 100]]);
    makeDurable(lab);
    ship(lab, ro, 300);
    const once = read(lab, ro, P1);
    expect(once).toMatchObject({ value: 700, lsn: 300, replayed: [200, 300] });
    const frame = ro.cache.get(P1);
    if (frame?.kind !== 'built') throw new Error('a page that was read');
    for (const applyLsn of [100, 200, 300])
      expect(recordsToApply(frame.pageLsn, at(applyLsn), [at(200), at(300)])).toEqual([]);
    ro.cache.set(P1, { ...frame, isOutdated: true, completeLsn: at(0) });
    expect(read(lab, ro, P1)).toMatchObject({ value: 700, lsn: 300, replayed: [] });
    // stored in between: of two records the image has one
    report(lab, ro);
    expect(flush(lab, P1)).toBe('FLUSHED');
    append(lab, 400, [[P1, 100]]);
    makeDurable(lab);
    ship(lab, ro, 400);
    evict(ro, P1);
    expect(read(lab, ro, P1)).toMatchObject({ value: 800, lsn: 400, replayed: [400], source: 'STORAGE' });
  });
});

test('F14 FENCE-35 a page that the new writer changes counts from background replay on, until that has ended and it is stored', () => {
  const promotion = promote(at(720), at(700), at(1000));
  expect(promotion).toEqual({ redoStart: 700, endLsn: 1000, bgReplayedLsn: 700 });
  const limits = { copySlots: 0, copyLag: 1, minModified: 1, snapshot: null };
  const control = makeFlushControl(limits, promotion.redoStart);
  const gate = { oldestApplyLsn: at(MAX), insertLsn: at(1002) };
  noteChange(control, P1, at(1001), dirtyFloor(promotion));
  expect(control.list.get(P1)).toMatchObject({ oldestLsn: 700, latestLsn: 1001 });
  promotion.bgReplayedLsn = at(850);
  noteChange(control, A, at(940), dirtyFloor(promotion)); // background replay dirties it
  expect(control.list.get(A)?.oldestLsn).toBe(850);
  expect(flushPage(control, P1, gate)).toBe('FLUSHED');
  onPageWritten(control, P1);
  expect(advanceConsistentLsn(control, at(1001), dirtyFloor(promotion))).toBe(850);
  promotion.bgReplayedLsn = at(1000);
  expect(isReplayed(promotion)).toBe(true);
  expect(advanceConsistentLsn(control, at(1001), dirtyFloor(promotion))).toBe(850);
  expect(flushPage(control, A, gate)).toBe('FLUSHED');
  onPageWritten(control, A);
  expect(advanceConsistentLsn(control, at(1001), dirtyFloor(promotion))).toBe(1002);
});
