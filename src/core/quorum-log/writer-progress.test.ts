// A replica's progress as the writer knows it: what each report and each resend makes of it.

import { expect, test } from 'vitest';
import type { Lsn, Time } from '../../base/ids.ts';
import {
  beginProgress,
  countedOf,
  covers,
  forgetScl,
  nextResend,
  type ReplicaProgress,
  recordResend,
  recordScl,
  restartCount,
  sclOf,
} from './writer-progress.ts';

const lsn = (value: number): Lsn => value as Lsn;
const follower = (progress: ReplicaProgress) => ({ progress, sclMovedAt: 0 as Time });
const report = (replica: ReturnType<typeof follower>, scl: number, at: number): boolean =>
  recordScl(replica, lsn(scl), at as Time);

test('WAL-15 of a replica in probe nothing is known or counted, and its first report begins replicate', () => {
  const replica = follower(beginProgress(null));
  expect([sclOf(replica), countedOf(replica), covers(replica, lsn(-1))]).toEqual([-1, -1, false]);
  expect(report(replica, 4, 7)).toBe(true);
  expect(replica).toEqual({ progress: { kind: 'replicate', scl: 4, counted: 4 }, sclMovedAt: 7 });
});

test('WAL-12 a resend is in catchUp until the replica holds its last record, and goes on part by part', () => {
  const replica = follower(beginProgress(lsn(4)));
  recordResend(replica, lsn(20), lsn(9));
  expect([replica.progress.kind, nextResend(replica)]).toEqual(['catchUp', null]);
  report(replica, 8, 1);
  expect(nextResend(replica)).toBe(null);
  report(replica, 9, 2);
  expect(nextResend(replica)).toBe(20);
  recordResend(replica, lsn(20), lsn(15));
  expect([replica.progress.kind, nextResend(replica)]).toEqual(['catchUp', null]);
  report(replica, 20, 3);
  expect(replica.progress).toEqual({ kind: 'replicate', scl: 20, counted: 20 });
});

test('WAL-12 a resend of one part, or one that holds all that is left, leaves it in replicate', () => {
  const replica = follower(beginProgress(lsn(4)));
  recordResend(replica, lsn(20), lsn(20));
  expect(replica.progress.kind).toBe('replicate');
  recordResend(replica, lsn(20), lsn(9));
  recordResend(replica, lsn(20), lsn(20));
  expect(replica.progress.kind).toBe('replicate');
});

test('WAL-12 what was sent again to a replica in probe goes on when its first report has come', () => {
  const replica = follower(beginProgress(null));
  recordResend(replica, lsn(20), lsn(9));
  expect(nextResend(replica)).toBe(null);
  report(replica, 9, 1);
  expect([replica.progress.kind, nextResend(replica)]).toEqual(['catchUp', 20]);
});

test('WAL-15 under new members an SCL counts once it is reported again, and a report that is behind moves nothing back', () => {
  const replica = follower(beginProgress(lsn(9)));
  restartCount(replica);
  expect([sclOf(replica), countedOf(replica)]).toEqual([9, -1]);
  expect(report(replica, 7, 5)).toBe(true);
  expect([sclOf(replica), countedOf(replica), replica.sclMovedAt]).toEqual([9, 7, 0]);
  expect(report(replica, 7, 6)).toBe(false);
});

test('WAL-15 a replica that may have been made anew is in probe again, with the resend that was under way', () => {
  const replica = follower(beginProgress(lsn(9)));
  recordResend(replica, lsn(20), lsn(15));
  forgetScl(replica);
  expect(replica.progress).toEqual({ kind: 'probe', resend: { to: 20, sent: 15 } });
  report(replica, 2, 1);
  expect([sclOf(replica), countedOf(replica)]).toEqual([2, 2]);
});
