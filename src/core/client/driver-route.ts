// How a driver finds a volume's writer: it asks the metadata service, one question at a time with growing pauses, and is
// notified when the writer changes.

import { type RoleContext, send } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { addDue, type DriverState, type VolumeRoute } from './driver-state.ts';

export function askRoute(state: DriverState, ctx: RoleContext, route: VolumeRoute): void {
  const { volume } = route;
  const reqId = ++route.request;
  const { meta } = state;
  if (meta !== null) send(ctx, meta, { kind: 'GetRoute', reqId, volume });
  askRouteSoon(state, ctx, route);
}

/** One pending question at a time, with growing pauses. */
export function askRouteSoon(state: DriverState, ctx: RoleContext, route: VolumeRoute): void {
  if (route.isDue) return;
  route.isDue = true;
  addDue(state, ctx.now + route.backoffMs * 1000, { kind: 'route', volume: route.volume });
  route.backoffMs = Math.min(route.backoffMs * 2, state.config.params.routeBackoffCapMs);
}

/** Takes what the metadata says; true when the writer is known and another one than before. */
export function takeRoute(
  state: DriverState,
  ctx: RoleContext,
  route: VolumeRoute,
  m: MessageOf<'Route'>,
): boolean {
  if (m.mapVersion < route.mapVersion) return false;
  const changed = m.writer !== route.writer || m.token !== route.token;
  if (route.isDoubted) route.isDoubted = false;
  route.mapVersion = m.mapVersion;
  route.writer = m.writer;
  route.token = m.token;
  if (m.writer === null) {
    askRouteSoon(state, ctx, route);
    return false;
  }
  route.backoffMs = state.config.params.routeBackoffMs;
  return changed;
}
