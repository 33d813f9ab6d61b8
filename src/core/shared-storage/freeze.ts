// The writer's part of a planned switchover (docs/spec/failover.md §5, W2, W3): until `drainMs` are over what runs may end; then the log stands, and
// once all of it is durable the writer hands over.

import type { Time } from '../../base/ids.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import { type RoleContext, send, trace, wakeAt } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { metaOf } from './opening.ts';
import { bindShared } from './shared-ports.ts';
import { type SharedSeat, volumeOf } from './shared-seat.ts';

export const FREEZE_TIMER = 'ha.freeze';

/** Repeated: W3 once more. */
export function onFreeze<E>(
  program: EngineProgram<E>,
  seat: SharedSeat<E>,
  ctx: RoleContext,
  { what, token, drainMs }: MessageOf<'Freeze'>,
): void {
  const { phase } = seat;
  if (phase.kind !== 'open' || token !== seat.token) return;
  if (what === 'freeze') {
    if (phase.freeze.kind === 'none') {
      const by = (ctx.now + drainMs * 1000) as Time;
      phase.freeze = { kind: 'draining', by };
      traceFreeze(seat, ctx, 'freeze');
      wakeAt(ctx, FREEZE_TIMER, by);
    } else if (phase.freeze.kind === 'handedOver') handOver(seat, ctx);
    return;
  }
  if (phase.freeze.kind === 'none') return;
  phase.freeze = { kind: 'none' };
  traceFreeze(seat, ctx, 'thaw');
  program.onVdl(seat.engine, ctx, bindShared(seat, ctx)); // who waits for the log goes on
}

/** W3: nothing more is allocated, and all that was is durable. */
export function tendFreeze<E>(seat: SharedSeat<E>, ctx: RoleContext): void {
  const { phase, log } = seat;
  if (phase.kind !== 'open') return;
  if (phase.freeze.kind === 'draining' && ctx.now >= phase.freeze.by) phase.freeze = { kind: 'frozen' };
  if (phase.freeze.kind !== 'frozen' || log.durable < log.tail) return;
  phase.freeze = { kind: 'handedOver' };
  traceFreeze(seat, ctx, 'handoff');
  handOver(seat, ctx);
}

function traceFreeze<E>(seat: SharedSeat<E>, ctx: RoleContext, state: 'freeze' | 'handoff' | 'thaw'): void {
  const { token, log } = seat;
  trace(ctx, { kind: 'seat.freeze', volume: volumeOf(seat), state, token, vdl: log.durable });
}

function handOver<E>(seat: SharedSeat<E>, ctx: RoleContext): void {
  const { token, log } = seat;
  const meta = metaOf(seat);
  if (meta !== null) send(ctx, meta, { kind: 'Handoff', volume: volumeOf(seat), token, vdl: log.durable });
}
