// A replica that was away catches up on token, history and opening before it counts: WAL-46, WAL-57, WAL-59, FENCE-8.

import { expect, test } from 'vitest';
import { nodeId, type Time, type TxId } from '../../base/ids.ts';
import type { Refusal } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { demoParams } from '../kernel/params-fixture.ts';
import { onWriteAck } from './writer-acks.ts';
import { appendMtr } from './writer-append.ts';
import { onBringReply } from './writer-catch-up.ts';
import {
  ackOf,
  type Collected,
  change,
  descriptorOf,
  lsnOf,
  makeContext,
  takeSent,
  termOf,
} from './writer-fixture.ts';
import { sclOf } from './writer-progress.ts';
import { flushLog } from './writer-send.ts';
import { makeWriter, type WriterState } from './writer-state.ts';

const p = descriptorOf('p', 0, ['A', 'B', 'C']);
const [a, b, c] = ['A', 'B', 'C'].map(nodeId) as [
  ReturnType<typeof nodeId>,
  ReturnType<typeof nodeId>,
  ReturnType<typeof nodeId>,
];
const history = [
  { term: termOf(1), startLsn: lsnOf(0), prevEnd: lsnOf(-1) },
  { term: termOf(3), startLsn: lsnOf(110), prevEnd: lsnOf(9) },
];

/** Term 3 opened at 110 with A and B; C was away. Two records at VDL, one above it. */
function writerOfTerm3(): { w: WriterState; ctx: Collected } {
  const w = makeWriter(
    {
      volume: 'v1',
      isArchived: false,
      meta: null,
      term: termOf(3),
      startLsn: lsnOf(110),
      vdlPrime: lsnOf(9),
      pgmrpl: lsnOf(4),
      history,
      groups: [
        {
          descriptor: p,
          maxNwl: lsnOf(8),
          scls: new Map([a, b].map((node) => [node, lsnOf(8)])),
          opened: [a, b],
        },
      ],
    },
    demoParams,
    [],
    0 as Time,
  );
  const ctx = makeContext();
  for (let i = 0; i < 3; i++) appendMtr(w, ctx, [change(0)], false, 0 as TxId);
  flushLog(w, ctx);
  for (const from of [a, b]) onWriteAck(w, ctx, from, ackOf('p', 111, { token: termOf(3) }));
  ctx.effects.length = 0;
  return { w, ctx };
}

const refuse = (w: WriterState, ctx: Collected, token: number, refused: Refusal): void =>
  onWriteAck(w, ctx, c, ackOf('p', -1, { token: termOf(token), refused }));
const ahead: Refusal = { code: 'EPOCH_AHEAD', which: 'token', current: 1 };
const notReady: Refusal = { code: 'NOT_READY', which: '', current: 1 };

const installAck = (volumeEpoch: number): MessageOf<'InstallAck'> => ({
  kind: 'InstallAck',
  group: p.group,
  maxToken: termOf(3),
  volumeEpoch: termOf(volumeEpoch),
  memberEpoch: 1,
  geoEpoch: 1,
  refused: null,
});
const historyAck: MessageOf<'HistoryAck'> = {
  kind: 'HistoryAck',
  group: p.group,
  token: termOf(3),
  volumeEpoch: termOf(3),
  phase: 'FILLING',
  removed: [],
  scl: lsnOf(8),
  ncl: lsnOf(8),
  nwl: lsnOf(8),
  missing: [],
  unfillable: [],
  refused: null,
};
const openAck: MessageOf<'OpenAck'> = {
  kind: 'OpenAck',
  group: p.group,
  token: termOf(3),
  scl: lsnOf(8),
  refused: null,
};

test('WAL-59 EPOCH_AHEAD{token}: InstallToken, InstallHistory, OpenVolume, then the kept records above its SCL', () => {
  const { w, ctx } = writerOfTerm3();
  refuse(w, ctx, 1, ahead);
  expect(takeSent(ctx, 'InstallToken')).toEqual([
    { to: c, message: { kind: 'InstallToken', volume: 'v1', token: 3, descriptor: p } },
  ]);
  onBringReply(w, ctx, c, installAck(1));
  const [install] = takeSent(ctx, 'InstallHistory');
  expect(install?.message.history).toEqual(history);
  expect(install?.message.maxNwl).toBe(8);
  onBringReply(w, ctx, c, historyAck);
  const [open] = takeSent(ctx, 'OpenVolume');
  expect(open?.message.startLsn).toBe(110);
  expect(takeSent(ctx, 'WriteBatch')).toEqual([]);
  onBringReply(w, ctx, c, openAck);
  expect(takeSent(ctx, 'WriteBatch').map(({ to, message }) => [to, message.first, message.end - 1])).toEqual([
    [c, 112, 112],
  ]);
});

test('WAL-57 OpenVolume tells VDL′ and not the VDL of today, whose group tail the replica cannot know', () => {
  const { w, ctx } = writerOfTerm3();
  expect(w.vdl).toBe(111);
  onBringReply(w, ctx, c, installAck(3));
  expect(takeSent(ctx, 'OpenVolume').map(({ message }) => message.vdl)).toEqual([9]);
});

test('WAL-46 line 5, NOT_READY: the history is repeated, and its report opens', () => {
  const { w, ctx } = writerOfTerm3();
  refuse(w, ctx, 3, notReady);
  expect(takeSent(ctx, 'InstallHistory').length).toBe(1);
  onBringReply(w, ctx, c, historyAck);
  expect(takeSent(ctx, 'OpenVolume').length).toBe(1);
});

test('WAL-59 refusals of many batches start one attempt per recoveryRetryMs', () => {
  const { w, ctx } = writerOfTerm3();
  for (let i = 0; i < 5; i++) refuse(w, ctx, 1, ahead);
  expect(takeSent(ctx, 'InstallToken').length).toBe(1);
  ctx.now = 10_000 as Time;
  refuse(w, ctx, 1, ahead);
  expect(takeSent(ctx, 'InstallToken').length).toBe(1);
});

test('WAL-15, WAL-59 its SCL counts from OpenAck on', () => {
  const { w, ctx } = writerOfTerm3();
  const sclOfC = () => w.groups[0]?.replicas.filter(({ node }) => node === c).map(sclOf)[0];
  onBringReply(w, ctx, c, installAck(1));
  onBringReply(w, ctx, c, historyAck);
  expect(sclOfC()).toBe(-1);
  onBringReply(w, ctx, c, openAck);
  expect(sclOfC()).toBe(8);
});

test('WAL-13 a greater token in an answer fences, a lower one is of an earlier life', () => {
  const { w, ctx } = writerOfTerm3();
  onBringReply(w, ctx, c, { ...openAck, token: termOf(2) });
  expect(w.fencedBy).toBeNull();
  onBringReply(w, ctx, c, { ...installAck(1), maxToken: termOf(4) });
  expect(w.fencedBy).toBe(4);
});
