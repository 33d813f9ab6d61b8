// The sender: group commit, batches, resends and heartbeats (docs/spec/wal.md §3, presets.md PRE-7).

import { expect, test } from 'vitest';
import { nodeId, type Time, type TxId } from '../../base/ids.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { demoParams as params } from '../kernel/params-fixture.ts';
import type { PageKey } from '../page/page-key.ts';
import { ARCHIVE_OFF } from './watermarks.ts';
import { onWriteAck } from './writer-acks.ts';
import { appendMtr, FLUSH_TIMER } from './writer-append.ts';
import {
  ackOf,
  type Collected,
  change,
  descriptorOf,
  freshWriter,
  lsnOf,
  makeContext,
  takeSent,
  timerAt,
  tracesOf,
} from './writer-fixture.ts';
import {
  armHeartbeat,
  BEAT_TIMER,
  flushLog,
  onFlushTimer,
  onHeartbeatTimer,
  onResendTimer,
  RESEND_TIMER,
} from './writer-send.ts';
import type { WriterState } from './writer-state.ts';

const p = descriptorOf('p', 0, ['A', 'B', 'C']);
const q = descriptorOf('q', 1, ['D', 'E', 'F']);

const append = (w: WriterState, ctx: Collected, index = 0) =>
  appendMtr(w, ctx, [change(index)], false, 0 as TxId);
const ranges = (sent: { to: string; message: MessageOf<'WriteBatch'> }[]): string[] =>
  sent.map(({ to, message }) => `${to}:${message.first}-${message.end - 1}`);
const ack = (w: WriterState, ctx: Collected, from: string, scl: number, nwl = scl) =>
  onWriteAck(w, ctx, nodeId(from), ackOf('p', scl, { nwl: lsnOf(nwl) }));

test('WAL-74, PRE-7 with groupCommitMaxUs 0 one batch per group leaves at the end of the step', () => {
  const w = freshWriter([p, q]);
  const ctx = makeContext();
  append(w, ctx);
  append(w, ctx);
  append(w, ctx, 1);
  expect(takeSent(ctx, 'WriteBatch')).toEqual([]);
  flushLog(w, ctx);
  expect(ranges(takeSent(ctx, 'WriteBatch'))).toEqual(['A:1-2', 'B:1-2', 'C:1-2', 'D:3-3', 'E:3-3', 'F:3-3']);
  flushLog(w, ctx);
  expect(takeSent(ctx, 'WriteBatch')).toEqual([]);
});

test('WAL-74, PRE-7 with groupCommitMaxUs a batch waits that long for company', () => {
  const w = freshWriter([p, q], { groupCommitMaxUs: 200 });
  const ctx = makeContext();
  append(w, ctx);
  flushLog(w, ctx);
  expect(timerAt(ctx, FLUSH_TIMER)).toBe(200);
  ctx.now = 150 as Time;
  append(w, ctx);
  append(w, ctx, 1);
  flushLog(w, ctx);
  expect(takeSent(ctx, 'WriteBatch')).toEqual([]);
  ctx.now = 200 as Time;
  onFlushTimer(w, ctx);
  expect(ranges(takeSent(ctx, 'WriteBatch'))).toEqual(['A:1-2', 'B:1-2', 'C:1-2']);
  expect(timerAt(ctx, FLUSH_TIMER)).toBe(350);
  ctx.now = 350 as Time;
  onFlushTimer(w, ctx);
  expect(ranges(takeSent(ctx, 'WriteBatch'))).toEqual(['D:3-3', 'E:3-3', 'F:3-3']);
});

test('PRE-7 64 KiB leave at once, in batches of at most 64 KiB', () => {
  const w = freshWriter([p], { groupCommitMaxUs: 200, lal: 1000 });
  const ctx = makeContext();
  for (let i = 0; i < 100; i++) {
    const payload = new Uint8Array(2000);
    appendMtr(w, ctx, [{ ...change(0), blockKey: (5 + i) as PageKey, payload }], false, 0 as TxId);
  }
  flushLog(w, ctx);
  const sent = takeSent(ctx, 'WriteBatch').filter(({ to }) => to === 'A');
  expect(sent.length).toBe(4);
  for (const { message } of sent) expect(message.records.length).toBeLessThanOrEqual(params.batchBytes);
  expect(sent.map(({ message }) => message.count).reduce((sum, count) => sum + count)).toBe(100);
});

test('WAL-30 batches carry token, epochs and the floors at the moment of sending', () => {
  const w = freshWriter([p]);
  const ctx = makeContext();
  append(w, ctx);
  flushLog(w, ctx);
  for (const from of ['A', 'B']) ack(w, ctx, from, 1);
  append(w, ctx);
  w.pgmrpl = lsnOf(1);
  flushLog(w, ctx);
  const { message } = takeSent(ctx, 'WriteBatch').at(-1) as { message: MessageOf<'WriteBatch'> };
  const { token, memberEpoch, geoEpoch, pgcl, vdl, groupTail, pgmrpl, archivedTo, holdTo } = message;
  expect({ token, memberEpoch, geoEpoch, pgcl, vdl, groupTail, pgmrpl, archivedTo, holdTo }).toEqual({
    token: 1,
    memberEpoch: 1,
    geoEpoch: 1,
    pgcl: 1,
    vdl: 1,
    groupTail: 1,
    pgmrpl: 1,
    archivedTo: ARCHIVE_OFF,
    holdTo: 0,
  });
});

test('WAL-12 after resendMs a replica gets again what lies above its SCL and was sent that long ago', () => {
  const w = freshWriter([p]);
  const ctx = makeContext();
  append(w, ctx);
  append(w, ctx);
  flushLog(w, ctx);
  expect(timerAt(ctx, RESEND_TIMER)).toBe(20_000);
  ctx.now = 15_000 as Time;
  append(w, ctx);
  flushLog(w, ctx);
  ack(w, ctx, 'A', 1);
  takeSent(ctx, 'WriteBatch');
  ctx.now = 20_000 as Time;
  onResendTimer(w, ctx);
  expect(ranges(takeSent(ctx, 'WriteBatch'))).toEqual(['A:2-2', 'B:1-2', 'C:1-2']);
  expect(tracesOf(ctx, 'wal.send').filter((event) => event.resend).length).toBe(3);
  expect(timerAt(ctx, RESEND_TIMER)).toBe(40_000);
  ack(w, ctx, 'A', 3);
  ack(w, ctx, 'B', 3);
  ctx.now = 40_000 as Time;
  onResendTimer(w, ctx);
  expect(takeSent(ctx, 'WriteBatch')).toEqual([]); // VDL passed: what C lacks is left to hole filling
  expect(w.resendAt).toBe(-1);
});

test('WAL-12 an SCL below what was sent before the newest batch seen shows a loss: resent at once, once', () => {
  const w = freshWriter([p]);
  const ctx = makeContext();
  for (let i = 0; i < 3; i++) {
    append(w, ctx);
    flushLog(w, ctx);
  }
  takeSent(ctx, 'WriteBatch');
  ack(w, ctx, 'A', 0, 3); // holds 3, lacks 1 and 2
  expect(ranges(takeSent(ctx, 'WriteBatch'))).toEqual(['A:1-2']);
  ack(w, ctx, 'A', 0, 3);
  expect(takeSent(ctx, 'WriteBatch')).toEqual([]);
  ack(w, ctx, 'B', 1, 1); // 2 and 3 may still be on their way
  expect(takeSent(ctx, 'WriteBatch')).toEqual([]);
});

test('WAL-12 a loss at or below PGCL is left to hole filling', () => {
  const w = freshWriter([p]);
  const ctx = makeContext();
  for (let i = 0; i < 3; i++) {
    append(w, ctx);
    flushLog(w, ctx);
  }
  ack(w, ctx, 'A', 1);
  ack(w, ctx, 'B', 2);
  takeSent(ctx, 'WriteBatch');
  ack(w, ctx, 'C', 0, 3);
  expect(ranges(takeSent(ctx, 'WriteBatch'))).toEqual(['C:2-2']);
});

test('WAL-12 a long resend goes out in parts, the next when the replica holds the one before', () => {
  const w = freshWriter([p], { lal: 10_000 });
  const ctx = makeContext();
  for (let i = 0; i < 400; i++) {
    const payload = new Uint8Array(2000);
    appendMtr(w, ctx, [{ ...change(0), payload }], false, 0 as TxId);
  }
  flushLog(w, ctx);
  takeSent(ctx, 'WriteBatch');
  ctx.now = 20_000 as Time;
  onResendTimer(w, ctx);
  const first = takeSent(ctx, 'WriteBatch').filter(({ to }) => to === 'A');
  const bytes = first.reduce((sum, { message }) => sum + message.records.length, 0);
  expect(bytes).toBeGreaterThanOrEqual(3 * params.batchBytes);
  expect(bytes).toBeLessThan(5 * params.batchBytes);
  const end = first.at(-1)?.message.end ?? 0;
  ack(w, ctx, 'A', end - 2);
  expect(takeSent(ctx, 'WriteBatch')).toEqual([]);
  ack(w, ctx, 'A', end - 1);
  expect(takeSent(ctx, 'WriteBatch')[0]?.message.first).toBe(end);
});

test('Heartbeats go to groups that got nothing for writerHeartbeatMs, with the floors of the moment', () => {
  const w = freshWriter([p, q]);
  const ctx = makeContext();
  armHeartbeat(w, ctx);
  expect(timerAt(ctx, BEAT_TIMER)).toBe(4000);
  ctx.now = 1000 as Time;
  append(w, ctx);
  flushLog(w, ctx);
  for (const from of ['A', 'B']) ack(w, ctx, from, 1);
  ctx.now = 4000 as Time;
  onHeartbeatTimer(w, ctx);
  expect(takeSent(ctx, 'Heartbeat').map(({ to }) => to)).toEqual(['D', 'E', 'F']);
  expect(timerAt(ctx, BEAT_TIMER)).toBe(5000);
  ctx.now = 5000 as Time;
  onHeartbeatTimer(w, ctx);
  const beats = takeSent(ctx, 'Heartbeat');
  expect(beats.map(({ to }) => to)).toEqual(['A', 'B', 'C']);
  expect(beats[0]?.message.vdl).toBe(1);
  expect(timerAt(ctx, BEAT_TIMER)).toBe(8000);
});

test('WAL-12 a replica that answers again while records wait for their quorum gets them at once, and once', () => {
  const w = freshWriter([p], { resendMs: 100, writerHeartbeatMs: 100 });
  const ctx = makeContext();
  const at = (ms: number): void => {
    ctx.now = (ms * 1000) as Time;
  };
  append(w, ctx);
  flushLog(w, ctx);
  ack(w, ctx, 'A', 1);
  at(250);
  onResendTimer(w, ctx); // B and C do not answer
  expect(ranges(takeSent(ctx, 'WriteBatch'))).toEqual(['A:1-1', 'B:1-1', 'C:1-1', 'B:1-1', 'C:1-1']);
  at(255);
  ack(w, ctx, 'B', 0); // to a heartbeat
  ack(w, ctx, 'B', 0);
  expect(ranges(takeSent(ctx, 'WriteBatch'))).toEqual(['B:1-1']);
  at(1000);
  ack(w, ctx, 'A', 1); // it lacks nothing
  expect(takeSent(ctx, 'WriteBatch')).toEqual([]);
});
