// The log in memory: looking an LSN up by where it ought to lie, and removing some of it.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EncodedRecord } from '../../log/record.ts';
import { addRecord, addRecords, addSegment, lowerBound, makeLog, recordAt, removeLsns } from './log.ts';

const record = (lsn: number) => ({ record: { lsn }, bytes: new Uint8Array(10), crc: 0 }) as EncodedRecord;

function logOf(lsns: readonly number[]) {
  const log = makeLog();
  addSegment(log, 1, 10 * lsns.length);
  for (const lsn of lsns) addRecord(log, record(lsn), 1);
  return log;
}

const lsnSets = fc.uniqueArray(fc.oneof(fc.nat(60), fc.nat(5000), fc.nat(2_000_000)), { maxLength: 80 });

test('an LSN is found wherever the others lie: evenly, in heaps, far apart', () => {
  fc.assert(
    fc.property(lsnSets, fc.array(fc.nat(2_100_000), { maxLength: 20 }), (lsns, others) => {
      const log = logOf(lsns);
      const sorted = [...lsns].sort((a, b) => a - b);
      expect(log.records.map((stored) => stored.record.lsn)).toEqual(sorted);
      for (const lsn of [...lsns, ...lsns.map((one) => one + 1), ...others]) {
        const first = sorted.findIndex((one) => one >= lsn);
        expect(lowerBound(log, lsn)).toBe(first === -1 ? sorted.length : first);
        expect(recordAt(log, lsn)?.record.lsn).toBe(sorted.includes(lsn) ? lsn : undefined);
      }
    }),
  );
});

test('records go by LSN; one that is not there takes no other with it', () => {
  fc.assert(
    fc.property(lsnSets, lsnSets, (lsns, also) => {
      const log = logOf(lsns);
      const gone = [...new Set([...lsns.filter((_, i) => i % 3 === 0), ...also])].sort((a, b) => a - b);
      removeLsns(log, gone);
      const left = [...lsns].sort((a, b) => a - b).filter((lsn) => !gone.includes(lsn));
      expect(log.records.map((stored) => stored.record.lsn)).toEqual(left);
      expect(log.segments.get(1)).toMatchObject({ live: left.length, liveBytes: 10 * left.length });
    }),
  );
});

test('a run of records finds its place at once or one by one; those that are there are answered and stay', () => {
  fc.assert(
    fc.property(lsnSets, lsnSets, (lsns, more) => {
      const log = logOf(lsns);
      const run = [...more].sort((a, b) => a - b).map(record);
      addSegment(log, 2, 10 * run.length);
      const known = addRecords(log, run, 2).map((one) => one.record.lsn);
      expect(known).toEqual(
        run.map((one) => one.record.lsn).filter((lsn) => lsns.some((one) => one === lsn)),
      );
      const all = [...new Set([...lsns, ...more])].sort((a, b) => a - b);
      expect(log.records.map((stored) => stored.record.lsn)).toEqual(all);
      const fresh = run.length - known.length;
      expect(log.segments.get(1)).toMatchObject({ live: lsns.length });
      expect(log.segments.get(2)).toMatchObject({ live: fresh, liveBytes: 10 * fresh });
      expect(log.liveBytes).toBe(10 * all.length);
    }),
  );
});
