// The log's room on disk stays near what lives in it, and what is on disk is always enough to open from.

import { expect, test } from 'vitest';
import { batch, heartbeat, record } from './message-fixture.ts';
import {
  advance,
  crash,
  createdRig,
  deliver,
  deliverAndSettle,
  eventsOf,
  fireTimer,
  groupOf,
  PARAMS,
  type Rig,
  settle,
  syncOne,
} from './store-fixture.ts';

const logKeys = (rig: Rig): string[] => [...rig.disk.keys()].filter((key) => key.includes('/log/'));
const logBytes = (rig: Rig): number =>
  logKeys(rig).reduce((sum, key) => sum + (rig.disk.get(key)?.length ?? 0), 0);

/** One batch per record; records of hot pages, and one of page 900 in each batch of `every`. */
function load(rig: Rig, first: number, count: number, every: number): void {
  for (let at = first; at < first + count; at++) {
    const block = at % every === 0 ? 900 : at % 5;
    deliverAndSettle(rig, batch([record(at, { block, init: true })], { vdl: at - 1 }));
  }
}

test('segments beyond smallSegments are joined; every record lives on, also after a crash at any moment', () => {
  const rig = createdRig();
  const count = PARAMS.smallSegments + 50;
  load(rig, 1, count, 10_000);
  expect(logKeys(rig).length).toBe(count + 1);
  rig.now += 10_000;
  let looked = 0;
  advanceLooking(rig, () => {
    looked++;
    for (const survives of [
      () => false,
      () => true,
      ({ bytes }: { bytes: Uint8Array | null }) => bytes !== null,
    ]) {
      const again = crash(rig, survives);
      expect(groupOf(again).log.records.length).toBe(count + 1);
      expect(groupOf(again).scl).toBe(count);
    }
  });
  expect(looked).toBeGreaterThan(1);
  expect(logKeys(rig).length).toBeLessThan(count / 2);
  expect(groupOf(crash(rig)).scl).toBe(count);
});

/** Fires the background timer and looks before each sync. */
function advanceLooking(rig: Rig, look: () => void): void {
  deliver(rig, heartbeat({ vdl: 1 }));
  const before = rig.stores.length;
  expect(before).toBe(0);
  const stop = rig.now + 40_000;
  while (rig.now < stop) {
    rig.now += 5_000;
    advanceTimersOnly(rig);
    while (rig.stores.length > 0) {
      if (rig.stores[0]?.writes.some(({ key, bytes }) => key.includes('/log/') && bytes !== null)) look();
      if (rig.stores[0]?.writes.some(({ key, bytes }) => key.includes('/log/') && bytes === null)) look();
      syncOne(rig);
    }
    settle(rig);
  }
}

function advanceTimersOnly(rig: Rig): void {
  for (const [timer, at] of [...rig.timers]) if (at <= rig.now) fireTimer(rig, timer);
}

test('WAL-38 P5 a group with few live records among many dead bytes gives their room back', () => {
  const rig = createdRig();
  let tail = 0;
  let peak = 0;
  for (let round = 0; round < 6; round++) {
    // wide batches of hot pages with one record of a page whose version GC must keep waiting for (holdTo)
    for (let n = 0; n < 20; n++) {
      const records = Array.from({ length: 60 }, (_, i) =>
        record(tail + i + 1, { block: i === 0 ? 900 : i % 5, init: true, payload: 1 }),
      );
      tail += 60;
      deliverAndSettle(rig, batch(records, { vdl: tail - 1 }));
    }
    deliver(rig, heartbeat({ vdl: tail, groupTail: tail, pgmrpl: tail, holdTo: tail }));
    advance(rig, 100_000);
    peak = Math.max(peak, logBytes(rig));
  }
  expect(eventsOf(rig, 'gc.drop').length).toBeGreaterThan(3);
  expect(logBytes(rig)).toBeLessThan(PARAMS.deadBytes * 2);
  expect(groupOf(rig).log.records.length).toBeLessThan(100);
  expect(groupOf(crash(rig)).scl).toBe(tail);
  expect(peak).toBeGreaterThanOrEqual(0);
});

test('P5 memory and disk are bounded by what is live, not by what has happened', () => {
  const rig = createdRig();
  const sizes: number[] = [];
  let tail = 0;
  for (let round = 0; round < 20; round++) {
    for (let n = 0; n < 50; n++) {
      const records = [1, 2, 3, 4].map((i) => record(tail + i, { block: i, init: true }));
      tail += 4;
      deliver(
        rig,
        batch(records, {
          vdl: tail - 4,
          groupTail: tail - 4,
          pgmrpl: tail - 4,
          holdTo: tail - 4,
          pgcl: tail - 4,
        }),
      );
      advance(rig, 1_000);
    }
    const {
      log,
      pages: { blocks, cache },
    } = groupOf(rig);
    let total = 0;
    for (const bytes of rig.disk.values()) total += bytes.length;
    sizes.push(
      total + log.records.length + blocks.size + cache.size + rig.state.writes.size + rig.state.reads.size,
    );
  }
  expect(Math.max(...sizes.slice(5))).toBeLessThan(1.2 * Math.max(...sizes.slice(0, 5)));
});
