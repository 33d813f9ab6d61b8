// PCS-57: answers that no commit vouches for wait for a read quorum that knows no greater token.

import { expect, test } from 'vitest';
import { nodeId } from '../../base/ids.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { descriptorOf, freshWriter, makeContext, takeSent, termOf } from '../quorum-log/writer-fixture.ts';
import { holdReads, makeHeldReads, onConfirmReply } from './confirm-reads.ts';

const stores = ['store-1', 'store-2', 'store-3'];
const driver = nodeId('d1');

function primary() {
  const ctx = makeContext();
  const writer = freshWriter([descriptorOf('g1', 0, stores)]);
  const attachment = { writer, status: 'open', config: { mutants: [] as readonly string[] } } as const;
  const reads = makeHeldReads();
  const answer = (sequence: number): void => {
    const message = { kind: 'SqlReply', code: '', scn: -1, sequence } as MessageOf<'SqlReply'>;
    ctx.effects.push({ kind: 'send', to: driver, message, traceId: 0 });
    holdReads(reads, attachment as never, ctx, 0);
  };
  const confirm = (store: string, told: Partial<MessageOf<'ConfirmReply'>> = {}): void =>
    onConfirmReply(reads, attachment as never, ctx, nodeId(store), {
      kind: 'ConfirmReply',
      group: writer.groups[0]?.descriptor.group ?? ('' as never),
      token: writer.term,
      ok: true,
      maxToken: writer.term,
      round: reads.round,
      ...told,
    });
  const answered = (): number[] => takeSent(ctx, 'SqlReply').map(({ message }) => message.sequence);
  return { ctx, writer, reads, answer, confirm, answered };
}

test('PCS-57 an answer leaves once a read quorum has confirmed it, and not before', () => {
  const { ctx, answer, confirm, answered } = primary();
  answer(1);
  expect(takeSent(ctx, 'Confirm').map(({ to }) => to)).toEqual(stores);
  confirm('store-1');
  expect(answered()).toEqual([]);
  confirm('store-1');
  expect(answered()).toEqual([]);
  confirm('store-2');
  expect(answered()).toEqual([1]);
});

test('PCS-57 an answer made while a round runs waits for the next one', () => {
  const { answer, confirm, answered } = primary();
  answer(1);
  confirm('store-1');
  answer(2);
  confirm('store-2');
  expect(answered()).toEqual([1]);
  confirm('store-1');
  confirm('store-3');
  expect(answered()).toEqual([2]);
});

test('FENCE-13 a late answer to this node’s earlier token, or to an earlier round, confirms nothing', () => {
  const { writer, reads, answer, confirm, answered } = primary();
  const earlier = termOf(writer.term - 1);
  answer(1);
  confirm('store-1', { token: earlier, maxToken: earlier });
  confirm('store-2', { token: earlier, maxToken: earlier });
  confirm('store-1', { round: reads.round - 1 });
  confirm('store-2', { round: reads.round - 1 });
  expect(answered()).toEqual([]);
});

test('PCS-57 FENCE-14 a primary that hears of a greater token answers none of them any more', () => {
  const { writer, answer, confirm, answered } = primary();
  answer(1);
  confirm('store-1', { ok: false, maxToken: termOf(writer.term + 1) });
  confirm('store-2');
  confirm('store-3');
  expect(answered()).toEqual([]);
  expect(writer.fencedBy).toBe(writer.term + 1);
});
