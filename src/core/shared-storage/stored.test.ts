// What the writer of a volume in files stores, and what it and its readers tell each other.

import { expect, test } from 'vitest';
import { groupId, type Lsn, lsn, nodeId, type Term, type Time, term } from '../../base/ids.ts';
import type { Message } from '../kernel/messages.ts';
import { makeNodeProgram } from '../kernel/node.ts';
import { encodeRecord } from '../log/record.ts';
import { pageKey, VOLUME_KEY } from '../page/page-key.ts';
import { OP_NOOP } from '../page/redo-ops.ts';
import { openCheckpoint, sealCheckpoint } from './control-file.ts';
import { sharedStorageMessages } from './messages.ts';
import { partsOf, SEGMENT_BYTES, scannedLsn, startScan, takeWal } from './wal-file.ts';

const record = (at: number, first: number, last: number, bytes = 10, writer = 1): Uint8Array =>
  encodeRecord({
    lsn: at as Lsn,
    prevVolume: (at - 1) as Lsn,
    prevGroup: (at - 1) as Lsn,
    prevBlock: -1 as Lsn,
    group: groupId('wal'),
    blockKey: VOLUME_KEY,
    term: writer as Term,
    mtrFirst: first as Lsn,
    cpl: at === last,
    commit: false,
    op: OP_NOOP,
    init: false,
    payload: new Uint8Array(bytes).fill(at),
    time: 0 as Time,
  }).bytes;

const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

test('LI-9 LI-73 a scan ends behind the last complete MTR, wherever segments end', () => {
  const stream = joined([record(1, 1, 1), record(2, 2, 3, 40_000), record(3, 2, 3, 40_000), record(4, 4, 5)]);
  const end = stream.length - record(4, 4, 5).length;
  for (const cut of [1, 7, 8, 100, 39_000, SEGMENT_BYTES, stream.length]) {
    const scan = startScan(0, lsn(1));
    const zeros = new Uint8Array(512);
    const all = joined([stream, zeros]);
    let said = 'more';
    for (let at = 0; at < all.length && said === 'more'; at += cut)
      said = takeWal(scan, all.subarray(at, Math.min(at + cut, all.length)));
    expect([scannedLsn(scan), scan.end, said]).toEqual([3, end, 'end']);
    expect(scan.records.map(({ encoded, position }) => [encoded.record.lsn, position])).toEqual([
      [1, 0],
      [2, record(1, 1, 1).length],
      [3, record(1, 1, 1).length + record(2, 2, 3, 40_000).length],
    ]);
  }
});

test('LI-73 a record of an older end of the stream does not continue it', () => {
  const scan = startScan(0, lsn(7));
  expect(takeWal(scan, joined([record(7, 7, 7), record(9, 9, 9)]))).toBe('end');
  expect(scannedLsn(scan)).toBe(7);
  const other = startScan(0, lsn(8));
  expect(takeWal(other, record(7, 7, 7))).toBe('end');
  expect(scannedLsn(other)).toBe(7);
});

test('LI-9 a write is cut where segments end', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
  const parts = partsOf(SEGMENT_BYTES - 300, bytes);
  expect(parts.map(({ segment, offset, bytes: own }) => [segment, offset, own.length])).toEqual([
    [0, SEGMENT_BYTES - 300, 300],
    [1, 0, 700],
  ]);
  expect(joined(parts.map((part) => part.bytes))).toEqual(bytes);
});

test('LI-47 a checkpoint is read as it was written, and not with a flipped bit', () => {
  const checkpoint = { redoLsn: lsn(4711), scanLsn: lsn(4700), scanPosition: 262_144 };
  const sector = sealCheckpoint(checkpoint, 512);
  expect(openCheckpoint(sector)).toEqual({ ok: true, value: checkpoint });
  const length = (sector[0] as number) + 1;
  for (let bit = 8; bit < length * 8; bit++) {
    const flipped = sector.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(openCheckpoint(flipped).ok, `bit ${bit}`).toBe(false);
  }
});

const slot = { volume: 'v1', reader: nodeId('ro-1'), epoch: 1_000_004 };
const index = { maxTableId: 3, startLsn: lsn(190), maxLsn: lsn(190), minFile: 0 };
const leaseFrom = 41_000 as Time;
const messages: readonly Message[] = [
  { kind: 'SlotJoin', ...slot, sentAt: leaseFrom },
  {
    kind: 'SlotGiven',
    ...slot,
    token: term(3),
    readyLsn: lsn(210),
    consistentLsn: lsn(200),
    index,
    scanLsn: lsn(180),
    scanPosition: 70_000,
    leaseUs: 40_000,
    leaseFrom,
    locks: [{ lsn: lsn(205), relation: 9 }],
  },
  {
    kind: 'SlotReport',
    ...slot,
    applyLsn: lsn(220),
    bgReplayedLsn: lsn(215),
    minUsedLsn: lsn(200),
    lockReplayLsn: lsn(0),
    sentAt: leaseFrom,
  },
  {
    kind: 'WalMeta',
    ...slot,
    token: term(3),
    records: [
      {
        lsn: lsn(221),
        prevLsn: lsn(220),
        length: 66,
        mtrEnd: true,
        pages: [pageKey(8, 0, 1), pageKey(8, 0, 2)],
        ddl: { kind: 'gone', of: [8, 9] },
      },
    ],
    durableLsn: lsn(221),
    consistentLsn: lsn(200),
    oldestApplyLsn: lsn(210),
    index,
    leaseFrom,
  },
  { kind: 'SlotEnded', ...slot },
];

test('every message arrives as it was sent, and none with a flipped bit', () => {
  const program = makeNodeProgram({ roles: [], messages: sharedStorageMessages });
  expect(new Set(messages.map(({ kind }) => kind))).toEqual(new Set(Object.keys(sharedStorageMessages)));
  for (const message of messages) {
    const frame = program.encodeMessage(message, 5);
    expect(program.decodeMessage(frame)).toEqual({ message, traceId: 5 });
    for (let bit = 0; bit < frame.length * 8; bit++) {
      const flipped = frame.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect('error' in program.decodeMessage(flipped), `${message.kind} bit ${bit}`).toBe(true);
    }
  }
});
