// The calculated classic standby, by the formulas of docs/spec/failover.md §9.

import { expect, test } from 'vitest';
import { classicReplica, classicSteps, classicSwitch, classicSwitchMs } from './classic-switch.ts';

test('FENCE-51 T = detect + received not applied × 0.05 ms + dirty pages × 0.5 ms + 100 ms', () => {
  expect(classicSwitchMs({ detectMs: 30, records: 0, dirtyPages: 0 })).toBe(130);
  expect(classicSwitchMs({ detectMs: 30, records: 100_000, dirtyPages: 2000 })).toBe(30 + 5000 + 1000 + 100);
});

test('FENCE-51 READ-33 of its five steps one grows with the backlog, and its constants may be others', () => {
  const [small, large] = [100, 10_000].map((records) =>
    classicSwitch({ detectMs: 30, records, dirtyPages: records / 10 }),
  );
  const grown = classicSteps.filter((step) => (small?.[step] ?? 0) < (large?.[step] ?? 0));
  expect(grown).toEqual(['applyAndCheckpoint']);
  expect(large?.applyAndCheckpoint).toBe((small?.applyAndCheckpoint ?? 0) * 100);
  const quick = { applyRecordMs: 0.01, writePageMs: 0, fixedMs: 8 };
  expect(classicSwitchMs({ detectMs: 1, records: 100, dirtyPages: 7 }, quick)).toBe(10);
});

test('FENCE-54 a new classic replica copies the volume, applies what came meanwhile, and needs its storage once more', () => {
  expect(classicReplica({ volumeBytes: 1_000_000, recordsPerMs: 0, replicas: 2 })).toEqual({
    startMs: 10,
    storageBytes: 3_000_000,
  });
  expect(classicReplica({ volumeBytes: 1_000_000, recordsPerMs: 4, replicas: 0 }).startMs).toBe(12);
});
