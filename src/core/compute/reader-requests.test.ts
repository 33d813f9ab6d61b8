// READ-41 at the reader: a request waits for its LSN, at most `waitTimeoutMs`.

import { expect, test } from 'vitest';
import { nodeId, type Time } from '../../base/ids.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { demoParams } from '../kernel/params-fixture.ts';
import { lsnOf, makeContext, takeSent } from '../quorum-log/writer-fixture.ts';
import { readerAttachmentView } from './reader-attachment-view.ts';
import { onRequest, serveWaiters } from './reader-requests.ts';
import { makeReaderAttachment } from './reader-state.ts';

const driver = nodeId('d1');
const MS = 1000;

function reader(waitTimeoutMs: number) {
  const ctx = makeContext();
  const [rw, ro] = [nodeId('rw-1'), nodeId('ro-1')];
  const attachment = makeReaderAttachment(
    {
      nodeId: ro,
      roles: ['compute'],
      params: { ...demoParams, waitTimeoutMs },
      mutants: [],
      prng: [] as never,
      cluster: {
        preset: 'cynosdb-ro',
        volume: 'v1',
        groups: [],
        nodes: [
          { id: rw, zone: 'a', roles: ['compute'] },
          { id: ro, zone: 'b', roles: ['compute'], isReader: true },
        ],
      },
    },
    1,
  );
  attachment.session = { kind: 'joined' };
  const ran: string[] = [];
  const program = { onSqlRequest: (...args: { session: string }[]) => ran.push(args[4]?.session ?? '') };
  const step = { attachment, ctx, program, engine: null, meta: nodeId('meta-1') } as never;
  const ask = (waitLsn: number): void =>
    onRequest(step, driver, {
      kind: 'PointedRequest',
      session: 's',
      incarnation: 1,
      sequence: 1,
      waitLsn: lsnOf(waitLsn),
      inTransaction: false,
    } as MessageOf<'PointedRequest'>);
  const lookAt = (ms: number, applyLsn: number): string[] => {
    ctx.now = (ms * MS) as Time;
    attachment.receiver.applyLsn = lsnOf(applyLsn);
    serveWaiters(step);
    return takeSent(ctx, 'PointedReply').map(({ message }) => message.code);
  };
  const left = (): number[] =>
    readerAttachmentView(attachment, ctx.now, {} as never).lsnWaits.map((one) => one.leftUs);
  return { ask, lookAt, left, ran };
}

test('READ-41 R-11 a read waits until applyLsn has reached what its session has seen', () => {
  const { ask, lookAt, ran } = reader(200);
  lookAt(0, 110);
  ask(120);
  expect([lookAt(10, 118), ran]).toEqual([[], []]);
  expect([lookAt(20, 125), ran]).toEqual([[], ['s']]);
});

test.each([50, 200, 1000])('READ-41 it waits at most waitTimeoutMs (%i ms), then WAIT_LSN_TIMEOUT', (ms) => {
  const { ask, lookAt, left, ran } = reader(ms);
  lookAt(0, 110);
  ask(120);
  expect(left()).toEqual([ms * MS]);
  expect(lookAt(ms - 1, 118)).toEqual([]);
  expect(left()).toEqual([MS]);
  expect(lookAt(ms, 118)).toEqual(['WAIT_LSN_TIMEOUT']);
  expect([left(), ran]).toEqual([[], []]);
});
