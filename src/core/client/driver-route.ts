// How a driver finds a volume's writer: it asks the metadata service, one question at a time with growing pauses, and is
// notified when the writer changes.

import { type RoleContext, send, trace } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { askMapSoon } from './driver-map.ts';
import { addDue, type DriverState, type VolumeRoute } from './driver-state.ts';
import { isInTransaction, movedTo } from './driver-transaction.ts';

export function askRoute(state: DriverState, ctx: RoleContext, route: VolumeRoute): void {
  if (state.shards) {
    askMapSoon(state, ctx);
    return;
  }
  const { volume } = route;
  const { meta } = state;
  if (meta !== null) send(ctx, meta, { kind: 'GetRoute', volume });
  askRouteSoon(state, ctx, route);
}

/** One pending question at a time, with growing pauses. */
export function askRouteSoon(state: DriverState, ctx: RoleContext, route: VolumeRoute): void {
  if (state.shards) {
    askMapSoon(state, ctx);
    return;
  }
  if (route.isDue) return;
  route.isDue = true;
  addDue(state, ctx.now + route.backoffMs * 1000, { kind: 'route', volume: route.volume });
  route.backoffMs = Math.min(route.backoffMs * 2, state.config.params.routeBackoffCapMs);
}

/** READ-46: readers come and go. */
function takeReaders(state: DriverState, ctx: RoleContext, { volume, readers }: MessageOf<'Route'>): void {
  if (readers === null || volume !== state.config.cluster.volume) return;
  const now = [...readers].sort();
  const gone = state.readers.filter((node) => !now.includes(node));
  if (gone.length === 0 && now.length === state.readers.length) return;
  state.readers = now;
  trace(ctx, { kind: 'driver.readers', readers: now.join(' ') });
  for (const session of state.sessions.values()) {
    const { routing } = session;
    if (routing?.at != null && gone.includes(routing.at) && isInTransaction(session))
      session.transaction = movedTo(session.transaction, { kind: 'removed' });
  }
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
  takeReaders(state, ctx, m);
  if (m.writer === null) {
    askRouteSoon(state, ctx, route);
    return false;
  }
  route.backoffMs = state.config.params.routeBackoffMs;
  return changed;
}
