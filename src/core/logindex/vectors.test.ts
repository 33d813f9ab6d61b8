// The worked vectors of docs/spec/logindex.md §9 that take a writer and a reader, and what the rules around them say of single steps.

import { describe, expect, test } from 'vitest';
import { MAX, nodeId } from '../../base/ids.ts';
import type { PageKey } from '../page/page-key.ts';
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
import { oldestApplyLsn } from './reader-slots.ts';
import { backgroundStep, minUsedLsn } from './replay.ts';
import {
  A,
  append,
  arrive,
  at,
  B,
  background,
  beginLoad,
  C,
  chooseBase,
  consistent,
  endLoad,
  evict,
  flush,
  gc,
  join,
  type Lab,
  leave,
  makeDurable,
  makeLab,
  P1,
  type Reader,
  read,
  report,
  type Switches,
  ship,
  walFloor,
} from './testing/shared-storage.ts';

const ro1 = nodeId('ro1');

/** P1 is stored as 500 with pageLsn 100; ro1 is registered and at applyLsn 100. */
function start(switches: Partial<Switches> & Parameters<typeof makeLab>[2] = {}): { lab: Lab; ro: Reader } {
  const lab = makeLab(at(100), [[P1, { value: 500, lsn: at(100) }]], switches);
  return { lab, ro: join(lab, ro1) };
}

describe('LI-5 LI-36 LI-37 V-1 past page', () => {
  test.each([
    ['on', true, 600],
    ['off: PAST_PAGE', false, 500],
  ])('LI-8 LogIndex %s', (_, logIndex, expected) => {
    const { lab, ro } = start({ logIndex });
    expect(read(lab, ro, P1)).toMatchObject({ value: 500 });
    append(lab, 200, [[P1, 100]]);
    makeDurable(lab);
    ship(lab, ro, 200);
    expect(ro.parser.applyLsn).toBe(200);
    if (logIndex) expect(ro.cache.get(P1)).toMatchObject({ isOutdated: true, pageLsn: 100 });
    const replayed = logIndex ? [200] : [];
    expect(read(lab, ro, P1)).toEqual({ value: 600, lsn: 200, replayed, source: 'POOL' });
    evict(ro, P1);
    expect(lab.stored.get(P1)).toEqual({ value: 500, lsn: 100 });
    expect(read(lab, ro, P1)).toMatchObject({ value: expected, replayed, source: 'STORAGE' });
  });
});

describe('LI-6 LI-40 V-2 future page', () => {
  function toT4(flushControl: boolean): { lab: Lab; ro: Reader; result: string } {
    const { lab, ro } = start({ flushControl });
    append(lab, 200, [[P1, 100]]);
    append(lab, 300, [[P1, 100]]);
    makeDurable(lab);
    ship(lab, ro, 200);
    expect(read(lab, ro, P1)).toMatchObject({ value: 600, lsn: 200 });
    report(lab, ro);
    // No copy: the page is far behind, by this L.
    const result = flush(lab, P1);
    evict(ro, P1);
    return { lab, ro, result };
  }

  test('flush control holds the page until the reader is there', () => {
    const { lab, ro, result } = toT4(true);
    expect(result).toBe('BLOCKED');
    expect(read(lab, ro, P1)).toMatchObject({ value: 600, lsn: 200 });
    ship(lab, ro, 300);
    report(lab, ro);
    expect(oldestApplyLsn(lab.slots)).toBe(300);
    expect(flush(lab, P1)).toBe('FLUSHED');
    expect(lab.stored.get(P1)).toEqual({ value: 700, lsn: 300 });
    expect(consistent(lab)).toBe(301);
    expect(flush(lab, P1)).toBe('CLEAN');
  });

  test('LI-8 flush control off: FUTURE_PAGE', () => {
    const { lab, ro, result } = toT4(false);
    expect(result).toBe('FLUSHED');
    expect(chooseBase(at(300), ro.parser.applyLsn, [])).toEqual({ kind: 'FUTURE_PAGE', pageLsn: 300 });
    expect(read(lab, ro, P1)).toMatchObject({ value: 700, lsn: 300 });
  });
});

test('LI-42 LI-43 LI-44 LI-45 V-3 hot buffer', () => {
  const limits = { copySlots: 4, copyLag: 100, minModified: 5, snapshot: null };
  const control = makeFlushControl(limits, at(10));
  for (const [lsn, page] of [
    [10, A],
    [30, B],
    [40, C],
    [500, B],
  ] as const)
    noteChange(control, page, at(lsn), null);
  let gate = { oldestApplyLsn: at(40), insertLsn: at(501) };
  const write = (page: PageKey): string => {
    const result = flushPage(control, page, gate);
    if (result.startsWith('FLUSHED')) onPageWritten(control, page);
    return result;
  };
  expect(advanceConsistentLsn(control, at(500), null)).toBe(10);
  expect(bgwriterPages(control, 2)).toEqual([A, B]);
  expect(flushPage(control, A, gate)).toBe('FLUSHED');
  // Not durable yet.
  expect(advanceConsistentLsn(control, at(500), null)).toBe(10);
  expect(flushPage(control, A, gate)).toBe('CLEAN');
  onPageWritten(control, A);
  expect(advanceConsistentLsn(control, at(500), null)).toBe(30);
  expect(write(B)).toBe('COPIED');
  expect(control.copies.get(B)).toMatchObject({ oldestLsn: 30, latestLsn: 500 });
  expect(write(B)).toBe('BLOCKED');
  expect(write(C)).toBe('FLUSHED');
  noteChange(control, B, at(600), null);
  expect(control.list.get(B)).toMatchObject({ oldestLsn: 600, modifiedCount: 3 });
  expect(advanceConsistentLsn(control, at(600), null)).toBe(30);
  noteChange(control, B, at(601), null);
  expect(control.list.get(B)).toMatchObject({ oldestLsn: 600, modifiedCount: 4 });
  expect(bgwriterPages(control, 9)).toEqual([B]);
  gate = { oldestApplyLsn: at(500), insertLsn: at(602) };
  expect(flushPage(control, B, gate)).toBe('FLUSHED_COPY');
  expect(flushPage(control, B, gate)).toBe('BLOCKED');
  onPageWritten(control, B);
  expect(advanceConsistentLsn(control, at(601), null)).toBe(600);
  expect(checkpoint(control)).toBe(600);
});

describe('LI-44 the copy condition', () => {
  test.each([
    [49, 1, 'COPIED'],
    [50, 5, 'BLOCKED'],
    [50, 6, 'COPIED'],
    [99, 6, 'COPIED'],
    [100, 6, 'BLOCKED'],
  ])('lag %i after %i changes: %s', (lag, changes, expected) => {
    const limits = { copySlots: 1, copyLag: 100, minModified: 5, snapshot: null };
    const control = makeFlushControl(limits, at(1000));
    for (let i = 0; i < changes; i++) noteChange(control, A, at(1000 + lag + i), null);
    expect(flushPage(control, A, { oldestApplyLsn: at(0), insertLsn: at(2000) })).toBe(expected);
    noteChange(control, B, at(2000), null);
    if (expected === 'COPIED')
      expect(flushPage(control, B, { oldestApplyLsn: at(0), insertLsn: at(2001) })).toBe('BLOCKED');
  });
});

test('LI-49 LI-50 LI-51 LI-52 LI-53 V-4 snapshot', () => {
  const limits = { copySlots: 0, snapshot: { old: 100, replay: 50, minModified: 99 } };
  const { lab, ro } = start({ limits });
  append(lab, 200, [[P1, 100]]);
  append(lab, 300, [[P1, 100]]);
  makeDurable(lab);
  ship(lab, ro, 200);
  report(lab, ro);
  expect(flush(lab, P1)).toBe('FLUSHED_SNAPSHOT');
  expect(lab.control.snapshots).toEqual([{ page: P1, lsn: 301, imageLsn: 100 }]);
  expect(lab.stored.get(P1)).toEqual({ value: 700, lsn: 300 });
  expect(read(lab, ro, P1)).toEqual({ value: 600, lsn: 200, replayed: [200], source: 'SNAPSHOT' });
  background(lab, ro, 200);
  report(lab, ro);
  expect(gc(lab)).toBe(101);
  expect(walFloor(lab.control, at(999))).toBe(100);
  evict(ro, P1);
  expect(read(lab, ro, P1)).toMatchObject({ value: 600, lsn: 200, source: 'SNAPSHOT' });
  ship(lab, ro, 301);
  expect(read(lab, ro, P1)).toMatchObject({ value: 700, lsn: 300, source: 'POOL' });
  report(lab, ro);
  background(lab, ro, 301);
  report(lab, ro);
  expect(gc(lab)).toBe(301);
  expect(lab.control.snapshots).toEqual([]);
});

test('LI-7 LI-20 LI-34 LI-35 V-5 split: an MTR is seen whole or not at all', () => {
  const lab = makeLab(at(9), []);
  const ro = join(lab, ro1);
  append(lab, 10, [[P1, 7]]);
  append(
    lab,
    11,
    [
      [P1, -4],
      [A, 3],
    ],
    false,
  );
  append(lab, 12, [
    [A, 1],
    [B, 1],
  ]);
  makeDurable(lab);
  ship(lab, ro, 11);
  expect(ro.parser).toEqual({ parsedLsn: 11, applyLsn: 10 });
  expect(read(lab, ro, P1)).toMatchObject({ value: 7, lsn: 10 });
  // Not named by record 12: what says that it is outdated is record 11, which was parsed before it was read.
  expect(ro.cache.get(P1)?.isOutdated).toBe(true);
  expect(read(lab, ro, P1)).toMatchObject({ value: 7, replayed: [] });
  ship(lab, ro, 12);
  expect(ro.parser.applyLsn).toBe(12);
  expect(read(lab, ro, P1)).toMatchObject({ value: 3, lsn: 11, replayed: [11] });
  expect(read(lab, ro, A)).toEqual({ value: 4, lsn: 12, replayed: [11, 12], source: 'STORAGE' });
  expect(read(lab, ro, B)).toMatchObject({ value: 1, lsn: 12 });
});

test('LI-35 a batch with a gap is refused, one that comes twice changes nothing', () => {
  const lab = makeLab(at(9), []);
  const ro = join(lab, ro1);
  for (const lsn of [10, 11, 12]) append(lab, lsn, [[P1, 1]]);
  makeDurable(lab);
  ship(lab, ro, 10);
  lab.wal.splice(1, 1);
  expect(ship(lab, ro, 12)).toEqual({ kind: 'JOURNAL_GAP', after: 10, prevLsn: 11 });
  expect(ro.parser).toEqual({ parsedLsn: 10, applyLsn: 10 });
});

test('LI-45 LI-60 LI-61 V-9 new reader', () => {
  const lab = makeLab(at(9), []);
  append(lab, 10, [[A, 1]]);
  append(lab, 20, [[B, 1]]);
  makeDurable(lab);
  expect(flush(lab, B)).toBe('FLUSHED');
  expect(consistent(lab)).toBe(10);
  const ro = join(lab, ro1);
  expect(ro.readyLsn).toBe(20);
  ship(lab, ro, 10);
  expect(read(lab, ro, A)).toBe('NOT_READY');
  report(lab, ro);
  expect(oldestApplyLsn(lab.slots)).toBe(20);
  ship(lab, ro, 20);
  expect(read(lab, ro, A)).toMatchObject({ value: 1, lsn: 10, replayed: [10] });
  expect(read(lab, ro, B)).toMatchObject({ value: 1, lsn: 20, replayed: [] });
});

test('LI-62 LI-63 V-11 two readers: the slower one is the gate, and goes', () => {
  const lab = makeLab(at(9), []);
  const [fast, slow] = [join(lab, ro1), join(lab, nodeId('ro2'))];
  append(lab, 300, [[A, 1]]);
  append(lab, 400, [[P1, 1]]);
  append(lab, 500, [[B, 1]]);
  makeDurable(lab);
  lab.control.copies.set(C, { oldestLsn: at(10), latestLsn: at(999), isWriting: false });
  lab.control.copies.set(B, { oldestLsn: at(10), latestLsn: at(999), isWriting: false });
  ship(lab, fast, 500);
  ship(lab, slow, 300);
  report(lab, fast);
  report(lab, slow);
  expect(oldestApplyLsn(lab.slots)).toBe(300);
  expect(flush(lab, P1)).toBe('BLOCKED');
  leave(lab, slow);
  expect(oldestApplyLsn(lab.slots)).toBe(500);
  expect(flush(lab, P1)).toBe('FLUSHED');
  expect(read(lab, slow, P1)).toBe('LEASE_EXPIRED');
});

describe('LI-39 background replay', () => {
  const placed = (pageLsn: number) => ({ pageLsn: at(pageLsn), completeLsn: at(0), isOutdated: false });
  const frame = (pageLsn: number) => ({ kind: 'built' as const, image: null, ...placed(pageLsn) });
  const asked = { kind: 'asked' as const, isOutdated: false };
  const replaying = { kind: 'replaying' as const, ...placed(100) };
  const use = { isPinned: false, isPromoting: false };
  test.each([
    ['a page that is not here is skipped', undefined, 200, use, 'skip'],
    [
      '… and loaded by a reader that is being promoted',
      undefined,
      200,
      { ...use, isPromoting: true },
      'load',
    ],
    ['a page that has the record is skipped', frame(200), 999, use, 'skip'],
    ['a page behind storage is evicted', frame(100), 101, use, 'evict'],
    ['… unless it is pinned', frame(100), 101, { ...use, isPinned: true }, 'replay'],
    ['… or the reader is being promoted', frame(100), 101, { ...use, isPromoting: true }, 'replay'],
    ['a page that storage does not have yet is replayed', frame(100), 100, use, 'replay'],
    ['a page in I/O is waited for', asked, 100, use, 'wait'],
    ['a page in replay is waited for', replaying, 100, use, 'wait'],
  ])('%s', (_, page, consistentLsn, how, expected) => {
    expect(backgroundStep(page, at(200), at(consistentLsn), how)).toBe(expected);
  });

  test('a page that is evicted comes back from storage, one that is replayed is whole', () => {
    const { lab, ro } = start();
    const log = (...lsns: number[]): void => {
      for (const lsn of lsns) append(lab, lsn, [[P1, 1]]);
      makeDurable(lab);
      ship(lab, ro, MAX);
    };
    log(200);
    read(lab, ro, P1);
    log(210, 211);
    expect(background(lab, ro, 210)).toEqual(['skip', 'replay']);
    expect([ro.bgReplayedLsn, ro.cache.get(P1)]).toMatchObject([210, { pageLsn: 211 }]);
    report(lab, ro);
    expect(flush(lab, P1)).toBe('FLUSHED');
    log(220);
    expect(background(lab, ro, 220)).toEqual(['skip', 'evict']);
    expect(read(lab, ro, P1)).toMatchObject({ value: 504, source: 'STORAGE', replayed: [220] });
  });
});

describe('LI-39 background replay and a replay in progress', () => {
  test.each([
    ['is waited for', [], 600],
    ['is passed: PAST_PAGE', ['background-leaves'], 500],
  ])('a page whose replay stops below the entry %s', (_, broken, expected) => {
    const geometry = { segments: 2, slots: 2, tablesPerFile: 1, memTables: 2, keptTables: 2 };
    const { lab, ro } = start({ broken, geometry });
    beginLoad(lab, ro, P1);
    arrive(lab, ro, P1);
    const log = (lsn: number, page: PageKey): void => {
      append(lab, lsn, [[page, 100]]);
      makeDurable(lab);
      gc(lab);
      ship(lab, ro, lsn);
      background(lab, ro, lsn);
      report(lab, ro);
      flush(lab, page);
    };
    log(200, P1);
    log(300, A);
    expect(endLoad(lab, ro, P1)).toMatchObject({ value: 500, lsn: 100 });
    for (const lsn of [400, 500, 600]) log(lsn, B);
    gc(lab);
    expect(lab.index.meta.minFile).toBeGreaterThan(0);
    expect(read(lab, ro, P1)).toMatchObject({ value: expected });
  });
});

describe('LI-49 what a reader uses', () => {
  test('the least of background replay, the known consistentLsn and the replays in progress', () => {
    expect(minUsedLsn(at(300), at(500), [])).toBe(300);
    expect(minUsedLsn(at(500), at(400), [at(410)])).toBe(400);
    expect(minUsedLsn(at(500), at(400), [at(410), at(210)])).toBe(210);
  });

  test.each([
    ['counted', [], 600],
    ['not counted: PAST_PAGE', ['used-without-consistent'], 500],
  ])('entries for a load that began after the last report: known consistentLsn %s', (_, broken, expected) => {
    const geometry = { segments: 2, slots: 2, tablesPerFile: 1, memTables: 2, keptTables: 2 };
    const { lab, ro } = start({ broken, geometry });
    append(lab, 200, [[P1, 100]]);
    append(lab, 300, [[A, 1]]);
    gc(lab);
    makeDurable(lab);
    ship(lab, ro, 300);
    background(lab, ro, 300);
    report(lab, ro);
    beginLoad(lab, ro, P1);
    expect(flush(lab, P1)).toBe('FLUSHED');
    expect(flush(lab, A)).toBe('FLUSHED');
    gc(lab);
    append(lab, 400, [[B, 1]]);
    makeDurable(lab);
    gc(lab);
    append(lab, 500, [[C, 1]]);
    gc(lab);
    expect(arrive(lab, ro, P1)).toBe('replay');
    expect(endLoad(lab, ro, P1)).toMatchObject({ value: expected });
  });

  test('WAL is kept for the start of LogIndex, a checkpoint and snapshots', () => {
    const control = makeFlushControl({ copySlots: 0, copyLag: 1, minModified: 1, snapshot: null }, at(50));
    advanceConsistentLsn(control, at(99), null);
    expect(advanceGcFloor(control, at(MAX), at(80))).toBe(80);
    expect(advanceGcFloor(control, at(MAX), at(70))).toBe(80);
    expect([walFloor(control, at(90)), walFloor(control, at(40))]).toEqual([50, 40]);
  });
});

describe('LI-70 LI-71 promote', () => {
  test('V-12 dirty pages and consistentLsn are held to background replay', () => {
    const promotion = promote(at(850), at(900), at(1000));
    expect(promotion).toEqual({ redoStart: 850, endLsn: 1000, bgReplayedLsn: 850 });
    const limits = { copySlots: 0, copyLag: 1, minModified: 1, snapshot: null };
    const control = makeFlushControl(limits, promotion.redoStart);
    expect(advanceConsistentLsn(control, at(1000), dirtyFloor(promotion))).toBe(850);
    promotion.bgReplayedLsn = at(870);
    noteChange(control, A, at(1001), dirtyFloor(promotion));
    expect(control.list.get(A)?.oldestLsn).toBe(870);
    expect(advanceConsistentLsn(control, at(1001), dirtyFloor(promotion))).toBe(870);
    promotion.bgReplayedLsn = at(1000);
    expect([isReplayed(promotion), dirtyFloor(promotion)]).toEqual([true, null]);
    noteChange(control, B, at(1002), dirtyFloor(promotion));
    expect(control.list.get(B)?.oldestLsn).toBe(1002);
    expect(advanceConsistentLsn(control, at(1002), null)).toBe(870);
  });

  test('FENCE-35 consistentLsn does not pass a page that the old writer never stored', () => {
    // A was changed at 860 by the old writer and is in no pool; the new one only writes B.
    const promotion = promote(at(850), at(855), at(1000));
    const limits = { copySlots: 0, copyLag: 1, minModified: 1, snapshot: null };
    const control = makeFlushControl(limits, promotion.redoStart);
    noteChange(control, B, at(1001), dirtyFloor(promotion));
    expect(flushPage(control, B, { oldestApplyLsn: at(MAX), insertLsn: at(1002) })).toBe('FLUSHED');
    onPageWritten(control, B);
    expect(advanceConsistentLsn(control, at(1001), dirtyFloor(promotion))).toBe(850);
  });
});
