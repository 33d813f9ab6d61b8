// What drivers ask of a reader of a volume in files (docs/spec/readers.md READ-41, READ-46): a request runs once applyLsn has reached what it asks
// for, waits until then, or is refused with a code that leads the driver on.

import type { NodeId } from '../../base/ids.ts';
import { admit, refusePointed, serveWaited, type Waiter } from '../compute/attachment-life.ts';
import { forTrace } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { bindReader } from './reader-ports.ts';
import { type ReaderStep, serves } from './reader-step.ts';
import { applyLsnOf, slotOf } from './shared-reader.ts';

export function onRequest<E>(step: ReaderStep<E>, from: NodeId, message: MessageOf<'PointedRequest'>): void {
  const { attachment, ctx } = step;
  const applyLsn = applyLsnOf(attachment);
  if (!serves(attachment, ctx.now) || applyLsn < (slotOf(attachment)?.readyLsn ?? 0)) {
    const isOpen = message.inTransaction && attachment.isOpened;
    refusePointed(ctx, from, message, isOpen ? 'TXN_ABORTED_FAILOVER' : 'NOT_READY');
    return;
  }
  const { cluster, params } = attachment.config;
  const applied = { volume: cluster.volume, applyLsn, waitUs: params.waitTimeoutMs * 1000 };
  switch (admit(attachment, ctx, { from, message }, applied)) {
    case 'runs':
      run(step, { from, message, until: ctx.now, traceId: ctx.traceId });
      return;
    case 'full':
      refusePointed(ctx, from, message, 'WAIT_LSN_TIMEOUT');
      return;
    case 'waits':
    case 'waits already':
      return;
  }
}

function run<E>({ attachment, program, ctx }: ReaderStep<E>, { from, message, traceId }: Waiter): void {
  const request = { ...message, kind: 'SqlRequest' } as const;
  program.onSqlRequest(attachment.engine, forTrace(ctx, traceId), bindReader(attachment), from, request);
}

export function serveWaiters<E>(step: ReaderStep<E>): void {
  const { attachment, ctx } = step;
  const applied = { volume: attachment.config.cluster.volume, applyLsn: applyLsnOf(attachment) };
  serveWaited(attachment, ctx, applied, (one, code, own) => {
    if (code === '' && serves(attachment, ctx.now)) run(step, one);
    else refusePointed(own, one.from, one.message, 'WAIT_LSN_TIMEOUT');
  });
}
