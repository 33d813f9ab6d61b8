// A planned switchover asks a writer of a volume in files to hand over (docs/spec/failover.md §5, W2, W3).

import { driveFreeze, type Handed, takeFreeze } from '../compute/seat-freeze.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import type { RoleContext } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { metaOf } from './opening.ts';
import { bindShared } from './shared-ports.ts';
import { openOf, type SharedSeat, volumeOf } from './shared-seat.ts';

const handed = <E>(seat: SharedSeat<E>): Handed => {
  const { token, log } = seat;
  return { volume: volumeOf(seat), token, vdl: log.durable, tail: log.tail, meta: metaOf(seat) };
};

export function onFreeze<E>(
  program: EngineProgram<E>,
  seat: SharedSeat<E>,
  ctx: RoleContext,
  message: MessageOf<'Freeze'>,
): void {
  const open = openOf(seat);
  if (open !== null && message.token === seat.token && takeFreeze(open, handed(seat), ctx, message))
    program.onVdl(seat.engine, ctx, bindShared(seat, ctx)); // who waits for the log goes on
}

export function tendFreeze<E>(seat: SharedSeat<E>, ctx: RoleContext): void {
  const open = openOf(seat);
  if (open !== null && open.freeze.kind !== 'none') driveFreeze(open, handed(seat), ctx, false);
}
