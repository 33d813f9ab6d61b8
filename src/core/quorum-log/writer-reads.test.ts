// Page reads of the writer: WAL-24, WAL-27, FENCE-11.

import { expect, test } from 'vitest';
import { nodeId, requestNumber, type Time, type TxId } from '../../base/ids.ts';
import type { MessageOf } from '../kernel/messages.ts';
import type { PageKey } from '../page/page-key.ts';
import { onWriteAck } from './writer-acks.ts';
import { appendMtr } from './writer-append.ts';
import {
  ackOf,
  type Collected,
  change,
  descriptorOf,
  freshWriter,
  lsnOf,
  makeContext,
  takeSent,
  termOf,
  timerAt,
} from './writer-fixture.ts';
import { onPageReply, onReadTimer, READ_TIMER, requestPage } from './writer-reads.ts';
import { flushLog } from './writer-send.ts';
import type { WriterState } from './writer-state.ts';

const p = descriptorOf('p', 0, ['A', 'B', 'C']);
const q = descriptorOf('q', 1, ['D', 'E', 'F']);
const key = 6 as PageKey; // 6 mod 3: A is asked first

const page = new Uint8Array([1, 2, 3]);
const replyTo = (
  ask: MessageOf<'ReadPage'>,
  more: Partial<MessageOf<'PageReply'>> = {},
): MessageOf<'PageReply'> => ({
  kind: 'PageReply',
  group: ask.group,
  reqId: ask.reqId,
  blockKey: ask.blockKey,
  page,
  pageLsn: ask.groupRp,
  scl: ask.groupRp,
  maxToken: termOf(1),
  refused: null,
  ...more,
});

/** Group p at 2, group q at 3 of VDL 3; replica C of p holds nothing. */
function startedWriter(): { w: WriterState; ctx: Collected } {
  const w = freshWriter([p, q]);
  const ctx = makeContext();
  for (const index of [0, 0, 1]) appendMtr(w, ctx, [change(index)], false, 0 as TxId);
  flushLog(w, ctx);
  for (const from of ['A', 'B']) onWriteAck(w, ctx, nodeId(from), ackOf('p', 2));
  for (const from of ['D', 'E']) onWriteAck(w, ctx, nodeId(from), ackOf('q', 3));
  ctx.effects.length = 0;
  return { w, ctx };
}

const asked = (ctx: Collected) => takeSent(ctx, 'ReadPage');
const onlyAsk = (ctx: Collected): MessageOf<'ReadPage'> => {
  const asks = asked(ctx);
  expect(asks.length).toBe(1);
  return asks[0]?.message as MessageOf<'ReadPage'>;
};

test('WAL-24, WAL-27 one replica with SCL ≥ groupRp is asked; groupRp is the group tail at VDL', () => {
  const { w, ctx } = startedWriter();
  requestPage(w, ctx, key);
  requestPage(w, ctx, key);
  const asks = asked(ctx);
  expect(asks.map(({ to, message }) => [to, message.rp, message.groupRp])).toEqual([['A', 3, 2]]);
  const arrived = onPageReply(w, ctx, nodeId('A'), replyTo(asks[0]?.message as MessageOf<'ReadPage'>));
  expect(arrived).toEqual({ blockKey: key, page, from: 'A', readPoint: 3 });
  expect(w.reads.size).toBe(0);
});

test('WAL-27 on a refusal the next one is asked, never one that lags; then the timer begins again', () => {
  const { w, ctx } = startedWriter();
  requestPage(w, ctx, key);
  const first = onlyAsk(ctx);
  const refused = { code: 'NOT_READY', which: '', current: 0 } as const;
  expect(onPageReply(w, ctx, nodeId('A'), replyTo(first, { refused }))).toBeNull();
  expect(asked(ctx).map(({ to }) => to)).toEqual(['B']);
  onPageReply(w, ctx, nodeId('B'), replyTo(first, { refused }));
  expect(asked(ctx).map(({ to }) => to)).toEqual(['A']);
  onPageReply(w, ctx, nodeId('A'), replyTo(first, { refused }));
  expect(asked(ctx)).toEqual([]);
  ctx.now = 6000 as Time;
  onReadTimer(w, ctx);
  expect(asked(ctx).map(({ to }) => to)).toEqual(['B']);
});

test('WAL-27 after readTimeoutMs the next one is asked, with the read point of that moment', () => {
  const { w, ctx } = startedWriter();
  requestPage(w, ctx, key);
  expect(timerAt(ctx, READ_TIMER)).toBe(6000);
  asked(ctx);
  ctx.now = 4000 as Time;
  requestPage(w, ctx, 9 as PageKey);
  asked(ctx);
  appendMtr(w, ctx, [change(1)], false, 0 as TxId);
  flushLog(w, ctx);
  for (const from of ['D', 'E']) onWriteAck(w, ctx, nodeId(from), ackOf('q', 4));
  ctx.now = 6000 as Time;
  onReadTimer(w, ctx);
  expect(asked(ctx).map(({ to, message }) => [to, message.blockKey, message.rp, message.groupRp])).toEqual([
    ['B', key, 4, 2],
  ]);
  expect(timerAt(ctx, READ_TIMER)).toBe(10_000);
});

test('WAL-27 a late answer of the replica asked before is as good', () => {
  const { w, ctx } = startedWriter();
  requestPage(w, ctx, key);
  const first = onlyAsk(ctx);
  ctx.now = 6000 as Time;
  onReadTimer(w, ctx);
  expect(onPageReply(w, ctx, nodeId('A'), replyTo(first))).toEqual({
    blockKey: key,
    page,
    from: 'A',
    readPoint: 3,
  });
  expect(onPageReply(w, ctx, nodeId('B'), replyTo(first))).toBeNull();
});

test('WAL-34 NO_SUCH_PAGE is an answer', () => {
  const { w, ctx } = startedWriter();
  requestPage(w, ctx, key);
  const refused = { code: 'NO_SUCH_PAGE', which: '', current: 0 } as const;
  expect(onPageReply(w, ctx, nodeId('A'), replyTo(onlyAsk(ctx), { refused }))).toEqual({
    blockKey: key,
    page: null,
    from: 'A',
    readPoint: 3,
  });
});

test('WAL-35 a page above the read point, of another request or of another group is not taken', () => {
  const { w, ctx } = startedWriter();
  requestPage(w, ctx, key);
  const ask = onlyAsk(ctx);
  expect(onPageReply(w, ctx, nodeId('A'), replyTo(ask, { pageLsn: lsnOf(4) }))).toBeNull();
  expect(onPageReply(w, ctx, nodeId('A'), replyTo(ask, { reqId: requestNumber(ask.reqId + 1) }))).toBeNull();
  expect(onPageReply(w, ctx, nodeId('A'), replyTo(ask, { group: q.group }))).toBeNull();
  expect(onPageReply(w, ctx, nodeId('A'), replyTo(ask))).not.toBeNull();
});

test('FENCE-11 a read reply with a greater maxToken fences at once', () => {
  const { w, ctx } = startedWriter();
  requestPage(w, ctx, key);
  expect(onPageReply(w, ctx, nodeId('A'), replyTo(onlyAsk(ctx), { maxToken: termOf(2) }))).toBeNull();
  expect(w.fencedBy).toBe(2);
});
