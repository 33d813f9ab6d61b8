// A planned switchover asks a writer of a volume in files to hand over (docs/spec/failover.md §5, W2, W3).

import { driveFreeze, type Handed, takeFreeze } from '../compute/attachment-freeze.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import type { RoleContext } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { metaOf } from './opening.ts';
import { openOf, type SharedAttachment, volumeOf } from './shared-attachment.ts';
import { bindShared } from './shared-ports.ts';

const handed = <E>(attachment: SharedAttachment<E>): Handed => {
  const { token, log } = attachment;
  return { volume: volumeOf(attachment), token, vdl: log.durable, tail: log.tail, meta: metaOf(attachment) };
};

export function onFreeze<E>(
  program: EngineProgram<E>,
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  message: MessageOf<'Freeze'>,
): void {
  const open = openOf(attachment);
  if (
    open !== null &&
    message.token === attachment.token &&
    takeFreeze(open, handed(attachment), ctx, message)
  )
    program.onVdl(attachment.engine, ctx, bindShared(attachment, ctx)); // who waits for the log goes on
}

export function tendFreeze<E>(attachment: SharedAttachment<E>, ctx: RoleContext): void {
  const open = openOf(attachment);
  if (open !== null && open.freeze.kind !== 'none') driveFreeze(open, handed(attachment), ctx, false);
}
