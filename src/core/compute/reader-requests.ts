// What drivers ask of a reader: a request runs once the visible LSN has reached what it asks for, waits until then, or is refused
// with a code that leads the driver on (docs/spec/readers.md READ-41, READ-46).

import type { NodeId, Time } from '../../base/ids.ts';
import { forTrace, trace } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { MAX_WAITERS, WAIT_US } from '../reader/reader-limits.ts';
import { isReplaying } from './classic-reader.ts';
import { ReaderPorts } from './reader-ports.ts';
import { isOpened, type ReaderStep } from './reader-state.ts';
import { type Refused, refusePointed, type Waiter } from './seat-life.ts';

/** READ-41: a request runs once the visible LSN has reached what it asks for. */
export function onRequest<E>(step: ReaderStep<E>, from: NodeId, message: MessageOf<'PointedRequest'>): void {
  const { seat, ctx } = step;
  const { applyLsn } = seat.receiver;
  if (seat.session.kind === 'removed') {
    refuse(step, from, message, message.inTransaction ? 'TXN_ABORTED_FAILOVER' : 'NOT_READY');
    return;
  }
  if (!isOpened(seat) || isReplaying(seat)) {
    refuse(step, from, message, 'NOT_READY');
    return;
  }
  if (seat.session.kind === 'revoked' && !message.inTransaction) {
    refuse(step, from, message, 'STALE_READ_POINT');
    return;
  }
  const { session, waitLsn: bound } = message;
  if (seat.waiters.some((one) => one.from === from && isSame(one.message, message))) return;
  seat.waiters = seat.waiters.filter((one) => one.from !== from || one.message.session !== session);
  if (applyLsn >= bound || has(seat.mutants, 'reader.ignores-bound')) {
    run(step, from, message);
    return;
  }
  if (seat.waiters.length >= MAX_WAITERS) {
    refuse(step, from, message, 'WAIT_LSN_TIMEOUT');
    return;
  }
  seat.waiters.push({ from, message, until: (ctx.now + WAIT_US) as Time, traceId: ctx.traceId });
  trace(ctx, { kind: 'ro.wait', session, bound, applyLsn, volume: seat.volume });
}

/** It came again: how long it waits is counted from the first time. */
const isSame = (a: MessageOf<'PointedRequest'>, b: MessageOf<'PointedRequest'>): boolean =>
  a.session === b.session && a.incarnation === b.incarnation && a.sequence === b.sequence;

function run<E>(
  { program, engine, ctx, ports }: ReaderStep<E>,
  from: NodeId,
  message: MessageOf<'PointedRequest'>,
): void {
  program.onSqlRequest(engine, ctx, ports, from, { ...message, kind: 'SqlRequest' });
}

export function serveWaiters<E>(step: ReaderStep<E>): void {
  const { seat, ctx } = step;
  const { applyLsn } = seat.receiver;
  const isOver = ({ message, until }: Waiter): boolean => message.waitLsn <= applyLsn || until <= ctx.now;
  const over = seat.waiters.filter(isOver);
  if (over.length === 0) return;
  seat.waiters = seat.waiters.filter((one) => !isOver(one));
  for (const { from, message, traceId } of over) {
    const { session, waitLsn: bound } = message;
    const code = bound <= applyLsn ? '' : 'WAIT_LSN_TIMEOUT';
    const own = forTrace(ctx, traceId);
    const ofStatement = { ...step, ctx: own, ports: new ReaderPorts(seat, own, step.meta) };
    trace(own, { kind: 'ro.waited', session, bound, applyLsn, code, volume: seat.volume });
    if (code === '') run(ofStatement, from, message);
    else refuse(ofStatement, from, message, code);
  }
}

export const refuse = <E>({ ctx }: ReaderStep<E>, to: NodeId, message: Refused, code: string): void =>
  refusePointed(ctx, to, message, code);
