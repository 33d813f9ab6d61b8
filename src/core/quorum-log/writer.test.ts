// The writer: worked vectors 2 to 5 of docs/spec/wal.md §12 as transcripts, the chains, allocation, counting of SCLs.

import { expect, test } from 'vitest';
import { nodeId, type Time, type TxId } from '../../base/ids.ts';
import { makePrng, nextBelow } from '../../base/prng.ts';
import { readRecords } from '../log/record.ts';
import { onWriteAck } from './writer-acks.ts';
import { allocationLimit, appendMtr, canAppend, checkMtr } from './writer-append.ts';
import {
  ackOf,
  change,
  descriptorOf,
  freshWriter,
  makeContext,
  takeSent,
  termOf,
  tracesOf,
} from './writer-fixture.ts';
import { flushLog } from './writer-send.ts';
import type { WriterState } from './writer-state.ts';

const p = descriptorOf('p', 0, ['A', 'B', 'C']);
const q = descriptorOf('q', 1, ['D', 'E', 'F']);
const noTx = 0 as TxId;

const watermarks = (w: WriterState): number[] => [
  ...w.groups.map((group) => group.pgcl),
  w.vcl,
  w.vdl,
  w.tail,
];

test('WAL-1…5, WAL-7, WAL-15…17 vector 5: two groups, LAL 5', () => {
  const w = freshWriter([p, q], { lal: 5 });
  const ctx = makeContext();
  const append = (groups: number[], isCommit = false) =>
    appendMtr(
      w,
      ctx,
      groups.map((index) => change(index)),
      isCommit,
      noTx,
    );
  const ack = (group: string, from: string, scl: number) =>
    onWriteAck(w, ctx, nodeId(from), ackOf(group, scl));
  const prevGroups = () => w.retained.map(({ record }) => record.prevGroup);

  expect(append([0, 1, 0])).toEqual({ first: 1, last: 3 });
  expect(prevGroups()).toEqual([0, 0, 1]);
  expect(w.retained.map(({ record }) => record.cpl)).toEqual([false, false, true]);
  expect(watermarks(w)).toEqual([0, 0, 0, 0, 3]);
  expect(append([1], true)).toEqual({ first: 4, last: 4 });
  expect(prevGroups()).toEqual([0, 0, 1, 2]);
  expect(checkMtr(w, 2)).toBe('BACKPRESSURE');
  expect(canAppend(w, ctx, 2)).toBe(false);
  expect(tracesOf(ctx, 'wal.backpressure')).toEqual([
    { kind: 'wal.backpressure', volume: 'v1', tail: 4, limit: 5, wanted: 2 },
  ]);
  expect(watermarks(w)).toEqual([0, 0, 0, 0, 4]);
  flushLog(w, ctx);
  ack('p', 'A', 3);
  expect(watermarks(w)).toEqual([0, 0, 0, 0, 4]);
  ack('p', 'B', 1);
  expect(watermarks(w)).toEqual([1, 0, 1, 0, 4]);
  ack('q', 'D', 4);
  expect(watermarks(w)).toEqual([1, 0, 1, 0, 4]);
  ack('q', 'E', 4);
  expect(watermarks(w)).toEqual([1, 4, 2, 0, 4]);
  ack('p', 'C', 3);
  expect(watermarks(w)).toEqual([3, 4, 4, 4, 4]);
  expect(append([0, 0])).toEqual({ first: 5, last: 6 });
  expect(w.retained.slice(-2).map(({ record }) => record.prevGroup)).toEqual([3, 5]);
  expect(tracesOf(ctx, 'mark.vdl').map((event) => event.value)).toEqual([4]);
});

/** Records go to groups in turn as `layout` says (1 record = 1 MTR unless in `open`), both replicas of a quorum ack `scls`. */
function replay(layout: number[], firstLsn: number, scls: number[], mtrEnds: number[]): WriterState {
  const w = freshWriter([p, q], { lal: 1_000_000 });
  const ctx = makeContext();
  while (w.tail < firstLsn - 1) appendMtr(w, ctx, [change(0)], false, noTx);
  let mtr: number[] = [];
  for (const index of layout) {
    mtr.push(index);
    if (!mtrEnds.includes(w.tail + mtr.length)) continue;
    appendMtr(
      w,
      ctx,
      mtr.map((one) => change(one)),
      false,
      noTx,
    );
    mtr = [];
  }
  flushLog(w, ctx);
  for (const [group, from, index] of [
    ['p', 'A', 0],
    ['p', 'B', 0],
    ['q', 'D', 1],
    ['q', 'E', 1],
  ] as const)
    onWriteAck(w, ctx, nodeId(from), ackOf(group, scls[index] as number));
  return w;
}

const everyLsn = Array.from({ length: 200 }, (_, i) => i);

test.each([
  { layout: [0, 1, 0, 1, 0, 1], scls: [103, 104], vcl: 104 },
  { layout: [0, 1, 1, 1, 0, 1], scls: [101, 106], vcl: 104 },
])('WAL-16 vector 2: records of groups $layout from 101, PGCL $scls: VCL $vcl', ({ layout, scls, vcl }) => {
  expect(replay(layout, 101, scls, everyLsn).vcl).toBe(vcl);
});

test('WAL-16 vector 3: an idle group does not hold the volume back', () => {
  const w = freshWriter([p, q], { lal: 1_000_000 });
  const ctx = makeContext();
  for (let i = 0; i < 60; i++) appendMtr(w, ctx, [change(1)], false, noTx);
  for (let i = 0; i < 42; i++) appendMtr(w, ctx, [change(0)], false, noTx);
  for (const from of ['D', 'E']) onWriteAck(w, ctx, nodeId(from), ackOf('q', 60));
  for (const from of ['A', 'B']) onWriteAck(w, ctx, nodeId(from), ackOf('p', 102));
  expect(w.groups.map((group) => group.pgcl)).toEqual([102, 60]);
  expect(w.vcl).toBe(102);
});

test('WAL-17 vector 4: VDL is the last CPL at or below VCL', () => {
  const w = freshWriter([p], { lal: 1_000_000 });
  const ctx = makeContext();
  const append = (records: number) =>
    appendMtr(
      w,
      ctx,
      Array.from({ length: records }, () => change(0)),
      false,
      noTx,
    );
  append(900);
  append(100);
  append(100);
  for (const from of ['A', 'B']) onWriteAck(w, ctx, nodeId(from), ackOf('p', 1007));
  expect([w.vcl, w.vdl]).toEqual([1007, 1000]);
});

test('WAL-16, WAL-17, WAL-18 the walk equals the definition on random histories', () => {
  const prng = makePrng(7, 'vcl');
  let moved = 0;
  for (let round = 0; round < 40; round++) {
    const w = freshWriter([p, q], { lal: 1_000_000 });
    const ctx = makeContext();
    const records: { lsn: number; group: number; cpl: boolean }[] = [];
    for (let i = 0; i < 60; i++) {
      if (nextBelow(prng, 2) === 0) {
        const mtr = Array.from({ length: 1 + nextBelow(prng, 4) }, () => nextBelow(prng, 2));
        const { first } = appendMtr(
          w,
          ctx,
          mtr.map((index) => change(index)),
          false,
          noTx,
        );
        for (const [k, group] of mtr.entries())
          records.push({ lsn: first + k, group, cpl: k === mtr.length - 1 });
        flushLog(w, ctx);
      } else {
        const index = nextBelow(prng, 2);
        const own = records.filter((record) => record.group === index);
        const scl = own[nextBelow(prng, Math.max(1, own.length))]?.lsn ?? 0;
        const from = (index === 0 ? ['A', 'B', 'C'] : ['D', 'E', 'F'])[nextBelow(prng, 3)] as string;
        const before = [w.vcl, w.vdl];
        onWriteAck(w, ctx, nodeId(from), ackOf(index === 0 ? 'p' : 'q', scl));
        expect(w.vcl).toBeGreaterThanOrEqual(before[0] as number);
        expect(w.vdl).toBeGreaterThanOrEqual(before[1] as number);
        if (w.vdl > (before[1] as number)) moved++;
      }
      const above = records.filter((record) => record.lsn > (w.groups[record.group]?.pgcl ?? -1));
      const vcl = above.length > 0 ? Math.min(...above.map((record) => record.lsn)) - 1 : w.tail;
      const cpls = records.filter((record) => record.cpl && record.lsn <= vcl);
      expect(w.vcl).toBe(vcl);
      expect(w.vdl).toBe(cpls.at(-1)?.lsn ?? 0);
      for (const group of w.groups)
        expect(group.groupTail).toBe(
          records.filter((record) => record.group === group.index && record.lsn <= w.vdl).at(-1)?.lsn ?? 0,
        );
    }
  }
  expect(moved).toBeGreaterThan(100);
});

test('WAL-2, WAL-11 records carry the three chains and their group, encoded once', () => {
  const w = freshWriter([p, q]);
  const ctx = makeContext();
  appendMtr(w, ctx, [change(0, 1), change(1, 5), change(0, 1, 1)], false, noTx);
  flushLog(w, ctx);
  const sent = takeSent(ctx, 'WriteBatch');
  expect(sent.map(({ to, message }) => `${to}:${message.first}-${message.end - 1}`)).toEqual([
    'A:1-3',
    'B:1-3',
    'C:1-3',
    'D:2-2',
    'E:2-2',
    'F:2-2',
  ]);
  const read = readRecords(sent[0]?.message.records ?? new Uint8Array(0));
  expect(read.error).toBeNull();
  expect(
    read.records.map(({ record }) => [record.lsn, record.prevVolume, record.prevGroup, record.prevBlock]),
  ).toEqual([
    [1, 0, 0, -1],
    [3, 2, 1, 1],
  ]);
  expect(sent[0]?.message.records).toBe(sent[2]?.message.records);
});

test('WAL-7 a fresh term may allocate LAL records above its own start', () => {
  const w = freshWriter([p], { lal: 5 });
  expect(allocationLimit(w)).toBe(5);
  const ctx = makeContext();
  for (let i = 0; i < 5; i++) appendMtr(w, ctx, [change(0)], false, noTx);
  expect(canAppend(w, ctx, 1)).toBe(false);
  flushLog(w, ctx);
  for (const from of ['A', 'B']) onWriteAck(w, ctx, nodeId(from), ackOf('p', 2));
  expect(allocationLimit(w)).toBe(7);
  expect(canAppend(w, ctx, 2)).toBe(true);
  expect(canAppend(w, ctx, 3)).toBe(false);
});

test('WAL-8 an MTR without records or larger than LAL is refused and never waits', () => {
  const w = freshWriter([p], { lal: 5 });
  expect(checkMtr(w, 0)).toBe('E_EMPTY_MTR');
  expect(checkMtr(w, 6)).toBe('E_MTR_TOO_LARGE');
  expect(() => canAppend(w, makeContext(), 6)).toThrow('E_MTR_TOO_LARGE');
});

test('WAL-15 only SCLs under the own token and member epoch count', () => {
  const w = freshWriter([p]);
  const ctx = makeContext();
  appendMtr(w, ctx, [change(0)], false, noTx);
  flushLog(w, ctx);
  onWriteAck(w, ctx, nodeId('A'), ackOf('p', 1));
  onWriteAck(w, ctx, nodeId('B'), ackOf('p', 1, { token: termOf(0) }));
  onWriteAck(w, ctx, nodeId('C'), ackOf('p', 1, { memberEpoch: 0 }));
  onWriteAck(w, ctx, nodeId('X'), ackOf('p', 1));
  expect(w.vdl).toBe(0);
  expect(tracesOf(ctx, 'wal.ackSeen').map((event) => event.counted)).toEqual([true, false, false]);
  onWriteAck(w, ctx, nodeId('C'), ackOf('p', 1));
  expect(w.vdl).toBe(1);
});

test('WAL-13, FENCE-5, FENCE-14 TOKEN_STALE or a greater token fences: nothing is counted, allocated or sent any more', () => {
  for (const refusal of [
    ackOf('p', -1, { token: termOf(4), refused: { code: 'TOKEN_STALE', which: '', current: 4 } }),
    ackOf('p', 1, { token: termOf(4) }),
  ]) {
    const w = freshWriter([p]);
    const ctx = makeContext();
    appendMtr(w, ctx, [change(0)], true, noTx);
    flushLog(w, ctx);
    onWriteAck(w, ctx, nodeId('A'), ackOf('p', 1));
    onWriteAck(w, ctx, nodeId('B'), refusal);
    expect(w.fencedBy).toBe(4);
    expect(tracesOf(ctx, 'volume.fenced')).toEqual([
      { kind: 'volume.fenced', volume: 'v1', token: 1, seen: 4 },
    ]);
    onWriteAck(w, ctx, nodeId('C'), ackOf('p', 1));
    expect([w.vcl, w.vdl]).toEqual([0, 0]);
    expect(checkMtr(w, 1)).toBe('FENCED');
  }
});

test('WAL-13 a late TOKEN_STALE for an earlier life of this node does not fence', () => {
  const w = freshWriter([p]);
  const ctx = makeContext();
  const late = ackOf('p', -1, { token: termOf(1), refused: { code: 'TOKEN_STALE', which: '', current: 1 } });
  onWriteAck(w, ctx, nodeId('A'), late);
  expect(w.fencedBy).toBeNull();
});

test('WAL-12 records are kept until VDL passes them, and no longer', () => {
  const w = freshWriter([p], { lal: 10_000 });
  const ctx = makeContext();
  let most = 0;
  for (let i = 1; i <= 5000; i++) {
    ctx.now = i as Time;
    appendMtr(w, ctx, [change(0)], false, noTx);
    flushLog(w, ctx);
    expect(w.retained.length - w.retainedHead).toBeLessThanOrEqual(4);
    if (i % 3 === 0) for (const from of ['A', 'B']) onWriteAck(w, ctx, nodeId(from), ackOf('p', i));
    most = Math.max(most, w.retained.length, w.groups[0]?.lsns.length ?? 0, w.groups[0]?.batches.length ?? 0);
    ctx.effects.length = 0;
  }
  expect(most).toBeLessThan(1100);
  expect(w.vdl).toBe(4998);
});

test('break ack-at-vw-minus-one counts one replica less', () => {
  const w = freshWriter([p], {}, ['writer.ack-at-vw-minus-one']);
  const ctx = makeContext();
  appendMtr(w, ctx, [change(0)], true, noTx);
  onWriteAck(w, ctx, nodeId('A'), ackOf('p', 1));
  expect(w.vdl).toBe(1);
});

test('break commit-at-vcl lets VDL be no CPL', () => {
  const w = freshWriter([p], {}, ['writer.commit-at-vcl']);
  const ctx = makeContext();
  appendMtr(w, ctx, [change(0), change(0)], false, noTx);
  for (const from of ['A', 'B']) onWriteAck(w, ctx, nodeId(from), ackOf('p', 1));
  expect(w.vdl).toBe(1);
});
