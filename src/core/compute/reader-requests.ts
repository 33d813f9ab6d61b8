// What drivers ask of a reader: a request runs once the visible LSN has reached what it asks for, waits until then, or is refused
// with a code that leads the driver on (docs/spec/readers.md READ-41, READ-46).

import type { NodeId } from '../../base/ids.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { isReplaying } from './classic-reader.ts';
import { ReaderPorts } from './reader-ports.ts';
import { isOpened, type ReaderStep } from './reader-state.ts';
import { admit, type Refused, refusePointed, serveWaited } from './seat-life.ts';

/** READ-41: a request runs once the visible LSN has reached what it asks for. */
export function onRequest<E>(step: ReaderStep<E>, from: NodeId, message: MessageOf<'PointedRequest'>): void {
  const { seat, ctx } = step;
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
  const { volume, waitUs, receiver } = seat;
  const applyLsn = has(seat.mutants, 'reader.ignores-bound') ? message.waitLsn : receiver.applyLsn;
  switch (admit(seat, ctx, { from, message }, { volume, applyLsn, waitUs })) {
    case 'runs':
      run(step, from, message);
      return;
    case 'full':
      refuse(step, from, message, 'WAIT_LSN_TIMEOUT');
      return;
    case 'waits':
    case 'waits already':
      return;
  }
}

function run<E>(
  { program, engine, ctx, ports }: ReaderStep<E>,
  from: NodeId,
  message: MessageOf<'PointedRequest'>,
): void {
  program.onSqlRequest(engine, ctx, ports, from, { ...message, kind: 'SqlRequest' });
}

export function serveWaiters<E>(step: ReaderStep<E>): void {
  const { seat, ctx, meta } = step;
  const applied = { volume: seat.volume, applyLsn: seat.receiver.applyLsn };
  serveWaited(seat, ctx, applied, ({ from, message }, code, own) => {
    const ofStatement = { ...step, ctx: own, ports: new ReaderPorts(seat, own, meta) };
    if (code === '') run(ofStatement, from, message);
    else refuse(ofStatement, from, message, code);
  });
}

export const refuse = <E>({ ctx }: ReaderStep<E>, to: NodeId, message: Refused, code: string): void =>
  refusePointed(ctx, to, message, code);
