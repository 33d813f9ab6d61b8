// Slots of registered readers: what a report changes, how long a slot lives, and the gates that follow from the slowest.

import { describe, expect, test } from 'vitest';
import { type Lsn, MAX, nodeId, type Time } from '../../base/ids.ts';
import {
  dropExpired,
  isLockReplayed,
  leastUsedLsn,
  mayServe,
  oldestApplyLsn,
  register,
  type Slots,
  takeReport,
} from './reader-slots.ts';

const at = (value: number): Lsn => value as Lsn;
const ro1 = nodeId('ro1');

describe('slots', () => {
  const grant = { sessionEpoch: 4, durableLsn: at(20), consistentLsn: at(10), sentAt: 5 as Time };
  const reportAt = (applyLsn: number, sessionEpoch = 4) => ({
    sessionEpoch,
    applyLsn: at(applyLsn),
    minUsedLsn: at(applyLsn - 1),
    lockReplayLsn: at(applyLsn - 2),
    sentAt: 70 as Time,
  });
  const one = (): Slots => {
    const slots: Slots = new Map();
    expect(register(slots, ro1, grant, 100 as Time)).toBe('registered');
    return slots;
  };

  test('LI-61 a live reader is not registered again; without any the gate is open', () => {
    expect(register(one(), ro1, grant, 100 as Time)).toBe('ALREADY_REGISTERED');
    expect([oldestApplyLsn(new Map()), leastUsedLsn(new Map())]).toEqual([MAX, MAX]);
  });

  test('LI-62 a report of a starting reader renews its lease and changes nothing else', () => {
    const slots = one();
    expect(takeReport(slots, ro1, reportAt(19), 300 as Time)).toBe('taken');
    expect(slots.get(ro1)).toMatchObject({ applyLsn: 20, minUsedLsn: 10, leaseEnd: 300, leaseFrom: 70 });
  });

  test('LI-62 nothing decreases, and another session is nobody', () => {
    const slots = one();
    takeReport(slots, ro1, reportAt(50), 300 as Time);
    takeReport(slots, ro1, reportAt(40), 200 as Time);
    expect(slots.get(ro1)).toMatchObject({ applyLsn: 50, minUsedLsn: 49, lockReplayLsn: 48, leaseEnd: 300 });
    expect(takeReport(slots, ro1, reportAt(60, 3), 999 as Time)).toBe('NOT_REGISTERED');
    expect(takeReport(slots, nodeId('ro9'), reportAt(60), 999 as Time)).toBe('NOT_REGISTERED');
    expect(oldestApplyLsn(slots)).toBe(50);
  });

  test('LI-63 a slot outlives its reader’s lease by the clock bound', () => {
    const slots = one();
    expect(dropExpired(slots, 110 as Time, 10)).toEqual([]);
    expect([mayServe(94 as Time, 5 as Time, 90), mayServe(95 as Time, 5 as Time, 90)]).toEqual([true, false]);
    expect(dropExpired(slots, 111 as Time, 10)).toEqual([ro1]);
    expect(slots.size).toBe(0);
  });

  test('LI-64 a lock is replayed when every live reader says so', () => {
    const slots = one();
    takeReport(slots, ro1, reportAt(50), 300 as Time);
    expect([isLockReplayed(slots, at(48)), isLockReplayed(slots, at(49))]).toEqual([true, false]);
    expect(isLockReplayed(new Map(), at(49))).toBe(true);
  });
});
