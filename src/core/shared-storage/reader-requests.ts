// What drivers ask of a reader of a volume in files (docs/spec/readers.md READ-41, READ-46): a request runs once applyLsn has reached what it asks
// for, waits until then, or is refused with a code that leads the driver on.

import type { NodeId, Time } from '../../base/ids.ts';
import { refusePointed, type Waiter } from '../compute/seat-life.ts';
import { forTrace } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { MAX_WAITERS, WAIT_US } from '../reader/reader-limits.ts';
import { bindReader } from './reader-ports.ts';
import { type ReaderStep, serves } from './reader-step.ts';
import { applyLsnOf, slotOf } from './shared-reader.ts';

export function onRequest<E>(step: ReaderStep<E>, from: NodeId, message: MessageOf<'PointedRequest'>): void {
  const { seat, ctx } = step;
  const applyLsn = applyLsnOf(seat);
  if (!serves(seat, ctx.now) || applyLsn < (slotOf(seat)?.readyLsn ?? 0)) {
    const isOpen = message.inTransaction && seat.isOpened;
    refusePointed(ctx, from, message, isOpen ? 'TXN_ABORTED_FAILOVER' : 'NOT_READY');
    return;
  }
  const { session } = message;
  seat.waiters = seat.waiters.filter((one) => one.from !== from || one.message.session !== session);
  if (message.waitLsn <= applyLsn) run(step, { from, message, until: ctx.now, traceId: ctx.traceId });
  else if (seat.waiters.length >= MAX_WAITERS) refusePointed(ctx, from, message, 'WAIT_LSN_TIMEOUT');
  else seat.waiters.push({ from, message, until: (ctx.now + WAIT_US) as Time, traceId: ctx.traceId });
}

function run<E>({ seat, program, ctx }: ReaderStep<E>, { from, message, traceId }: Waiter): void {
  const request = { ...message, kind: 'SqlRequest' } as const;
  program.onSqlRequest(seat.engine, forTrace(ctx, traceId), bindReader(seat), from, request);
}

export function serveWaiters<E>(step: ReaderStep<E>): void {
  const { seat, ctx } = step;
  const applyLsn = applyLsnOf(seat);
  const isOver = ({ message, until }: Waiter): boolean => message.waitLsn <= applyLsn || until <= ctx.now;
  const over = seat.waiters.filter(isOver);
  seat.waiters = seat.waiters.filter((one) => !isOver(one));
  for (const one of over)
    if (one.message.waitLsn <= applyLsn && serves(seat, ctx.now)) run(step, one);
    else refusePointed(forTrace(ctx, one.traceId), one.from, one.message, 'WAIT_LSN_TIMEOUT');
}
