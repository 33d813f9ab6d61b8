// How a driver finds the writer: it asks the metadata service, one question at a time with growing pauses, and is told
// when the writer changes.

import { type RoleContext, send } from '../context.ts';
import type { MessageOf } from '../protocol/messages.ts';
import { addDue, type DriverState } from './driver-state.ts';

export function askRoute(state: DriverState, ctx: RoleContext): void {
  state.routeRequest++;
  const meta = state.metas[state.routeRequest % state.metas.length];
  if (meta !== undefined) send(ctx, meta, { kind: 'GetRoute', reqId: state.routeRequest });
  askRouteSoon(state, ctx);
}

/** One pending question at a time, with growing pauses. */
export function askRouteSoon(state: DriverState, ctx: RoleContext): void {
  if (state.routeDue) return;
  state.routeDue = true;
  addDue(state, ctx.now + state.routeBackoffMs * 1000, { kind: 'route' });
  state.routeBackoffMs = Math.min(state.routeBackoffMs * 2, state.config.params.routeBackoffCapMs);
}

/** Takes what the metadata says; true when the writer is known and another one than before. */
export function takeRoute(state: DriverState, ctx: RoleContext, m: MessageOf<'Route'>): boolean {
  if (m.mapVersion < state.mapVersion) return false;
  const changed = m.writer !== state.writer || m.token !== state.token;
  state.mapVersion = m.mapVersion;
  state.writer = m.writer;
  state.token = m.token;
  if (m.writer === null) {
    askRouteSoon(state, ctx);
    return false;
  }
  state.routeBackoffMs = state.config.params.routeBackoffMs;
  return changed;
}
