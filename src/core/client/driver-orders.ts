// Orders of the operator about volumes (docs/spec/wal.md WAL-45): the driver tells the metadata each until it is answered, and
// it is answered when what it came to is durable. So a crash of the metadata, or a message that is lost, loses no order, and
// one that is sent twice is done once, by (driver, boot, number).

import type { OperatorCommand } from '../kernel/commands.ts';
import { type RoleContext, send, trace } from '../kernel/context.ts';
import { MAX_ORDERS_OUT, type MessageOf } from '../kernel/messages.ts';
import { addDue, type DriverState } from './driver-state.ts';

export type VolumeCommand = Extract<OperatorCommand, { kind: 'restore' | 'cancelRestore' | 'dropVolume' }>;

export interface VolumeOrder {
  readonly command: VolumeCommand;
  /** Times it was sent. */
  attempts: number;
  backoffMs: number;
}

export const isVolumeCommand = (command: OperatorCommand): command is VolumeCommand =>
  command.kind === 'restore' || command.kind === 'cancelRestore' || command.kind === 'dropVolume';

export function orderVolume(state: DriverState, ctx: RoleContext, command: VolumeCommand): void {
  if (state.orders.size >= MAX_ORDERS_OUT) {
    const { kind: what, volume } = command;
    trace(ctx, { kind: 'volume.answered', what, volume, code: 'BUSY', told: 0 });
    return;
  }
  const reqId = ++state.ordered;
  const { routeBackoffMs } = state.config.params;
  state.orders.set(reqId, { command, attempts: 0, backoffMs: routeBackoffMs });
  sendOrder(state, ctx, reqId);
}

/** Sent now, and again until the answer comes. */
export function sendOrder(state: DriverState, ctx: RoleContext, reqId: number): void {
  const order = state.orders.get(reqId);
  if (!order) return;
  order.attempts++;
  const { meta } = state;
  const { command } = order;
  const { bootEpoch: boot } = state;
  const { volume } = command;
  if (meta !== null)
    send(
      ctx,
      meta,
      command.kind === 'restore'
        ? { kind: 'RestoreOrder', boot, reqId, source: command.source, to: command.to, volume }
        : { kind: 'VolumeOrder', boot, reqId, what: command.kind, volume },
    );
  addDue(state, ctx.now + order.backoffMs * 1000, { kind: 'order', reqId });
  order.backoffMs = Math.min(order.backoffMs * 2, state.config.params.routeBackoffCapMs);
}

export function onVolumeAnswer(
  state: DriverState,
  ctx: RoleContext,
  { boot, reqId, code }: MessageOf<'VolumeAnswer'>,
): void {
  const order = boot === state.bootEpoch ? state.orders.get(reqId) : undefined;
  if (!order) return;
  state.orders.delete(reqId);
  const { command, attempts } = order;
  trace(ctx, { kind: 'volume.answered', what: command.kind, volume: command.volume, code, told: attempts });
}
