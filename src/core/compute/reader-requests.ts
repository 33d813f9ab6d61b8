// What drivers ask of a reader: a request runs once the visible LSN has reached what it asks for, waits until then, or is refused
// with a code that leads the driver on (docs/spec/readers.md READ-41, READ-46).

import type { NodeId } from '../../base/ids.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { admit, type Refused, refusePointed, serveWaited } from './attachment-life.ts';
import { isReplaying } from './classic-reader.ts';
import { ReaderPorts } from './reader-ports.ts';
import { isOpened, type ReaderStep } from './reader-state.ts';

/** READ-41: a request runs once the visible LSN has reached what it asks for. */
export function onRequest<E>(step: ReaderStep<E>, from: NodeId, message: MessageOf<'PointedRequest'>): void {
  const { attachment, ctx } = step;
  if (attachment.session.kind === 'removed') {
    refuse(step, from, message, message.inTransaction ? 'TXN_ABORTED_FAILOVER' : 'NOT_READY');
    return;
  }
  if (!isOpened(attachment) || isReplaying(attachment)) {
    refuse(step, from, message, 'NOT_READY');
    return;
  }
  if (attachment.session.kind === 'revoked' && !message.inTransaction) {
    refuse(step, from, message, 'STALE_READ_POINT');
    return;
  }
  const { volume, waitUs, receiver } = attachment;
  const applyLsn = has(attachment.mutants, 'reader.ignores-bound') ? message.waitLsn : receiver.applyLsn;
  switch (admit(attachment, ctx, { from, message }, { volume, applyLsn, waitUs })) {
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
  const { attachment, ctx, meta } = step;
  const applied = { volume: attachment.volume, applyLsn: attachment.receiver.applyLsn };
  serveWaited(attachment, ctx, applied, ({ from, message }, code, own) => {
    const ofStatement = { ...step, ctx: own, ports: new ReaderPorts(attachment, own, meta) };
    if (code === '') run(ofStatement, from, message);
    else refuse(ofStatement, from, message, code);
  });
}

export const refuse = <E>({ ctx }: ReaderStep<E>, to: NodeId, message: Refused, code: string): void =>
  refusePointed(ctx, to, message, code);
