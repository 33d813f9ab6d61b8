// Sessions of a driver: they are made by their first request, work one request at a time in order, and are closed when others need
// their place.

import type { StatementTree } from '../kernel/client-calls.ts';
import type { OperatorCommand } from '../kernel/commands.ts';
import { type RoleContext, send, trace } from '../kernel/context.ts';
import { reach } from '../kernel/limits.ts';
import { failed } from './client-results.ts';
import { answer, begin, cancelSession } from './driver-attempts.ts';
import { makeRouting } from './driver-readers.ts';
import { askRoute } from './driver-route.ts';
import {
  type Asker,
  type DriverState,
  makeRoute,
  type PendingRequest,
  routeOf,
  type Session,
  volumeOfSession,
} from './driver-state.ts';
import { isInTransaction, NO_TRANSACTION } from './driver-transaction.ts';
import { endGathered } from './route-gathered.ts';

/**
 * Puts a request into a session, which works one at a time in order; one beyond sessionQueue is refused with 54000. At
 * driverSessions an idle session is closed for a new one, and when none is idle the new one is refused with 53300.
 */
export function submit(
  state: DriverState,
  ctx: RoleContext,
  sessionName: string,
  asker: Asker,
  statements: readonly StatementTree[],
  params: readonly (string | null)[],
  target = 'any',
): void {
  const { sessionQueue, driverSessions } = state.config.params;
  const known = state.sessions.get(sessionName);
  const session = known ?? makeSession(state, sessionName, target);
  const request: PendingRequest = {
    asker,
    statements,
    params,
    queuedAt: ctx.now,
    silentSince: ctx.now,
    at: null,
    unheard: 0,
    sequence: 0,
    attempt: 0,
    sent: false,
    traceId: 0,
    era: -1,
    backoffMs: state.config.params.routeBackoffMs,
  };
  if (state.isDrained && !(known && isInTransaction(known))) {
    answer(state, ctx, session, asker, failed('57P03', 'the node is drained: it takes no more requests'));
    return;
  }
  if (known === undefined) {
    const isFull = state.sessions.size >= driverSessions;
    if (isFull) reach(ctx, state.config.params, 'driverSessions');
    if (isFull && !dropIdleSession(state, ctx)) {
      answer(state, ctx, session, asker, failed('53300', `${driverSessions} sessions are at work`));
      return;
    }
    state.sessions.set(sessionName, session);
    findVolume(state, ctx, session.volume);
  }
  if (session.current !== null) {
    if (session.queue.length >= sessionQueue) {
      reach(ctx, state.config.params, 'sessionQueue');
      (session.queue.at(-1) ?? session.current).isFollowedByRefusal = true;
      const refusal = failed('54000', `session ${sessionName} has ${sessionQueue} requests waiting`);
      answer(state, ctx, session, asker, refusal);
      return;
    }
    session.queue.push(request);
    return;
  }
  begin(state, ctx, session, request);
}

function makeSession(state: DriverState, name: string, target = 'any'): Session {
  const volume = state.shards ? state.config.cluster.volume : volumeOfSession(state.config, name);
  const isRead = state.readers.length > 0 && volume === state.config.cluster.volume;
  return {
    name,
    volume,
    nextSequence: state.firstSequence,
    current: null,
    queue: [],
    transaction: NO_TRANSACTION,
    ...(isRead ? { routing: makeRouting(target, state.firstSeen) } : {}),
    ...(state.shards ? { target } : {}),
    stamp: 0,
  };
}

/** READ-46: where a session's statements go from its next request on, and what its reads wait for. */
export function setRouting(
  state: DriverState,
  ctx: RoleContext,
  { session: name, target, level, waitLsn }: Extract<OperatorCommand, { kind: 'session' }>,
): void {
  let session = state.sessions.get(name);
  if (session === undefined) {
    if (state.sessions.size >= state.config.params.driverSessions) return;
    session = makeSession(state, name);
    state.sessions.set(name, session);
    findVolume(state, ctx, session.volume);
  }
  if (state.shards) session.target = target;
  if (!session.routing) return;
  Object.assign(session.routing, { target, level, waitLsn, isChosen: true });
  trace(ctx, { kind: 'session.target', session: name, target, level });
}

/** The first session of a volume asks for its writer. */
function findVolume(state: DriverState, ctx: RoleContext, volume: string): void {
  if (state.shards || state.routes.has(volume)) return;
  const route = makeRoute(state.config, volume);
  state.routes.set(volume, route);
  askRoute(state, ctx, route);
}

/** False when every session is at work, or goes where its client wanted. */
function dropIdleSession(state: DriverState, ctx: RoleContext): boolean {
  for (const session of state.sessions.values()) {
    if (session.current !== null || isInTransaction(session) || session.routing?.isChosen) continue;
    close(state, ctx, session);
    return true;
  }
  return false;
}

/** The writer rolls back what the session has open. */
function close(state: DriverState, ctx: RoleContext, session: Session): void {
  const { writer } = routeOf(state, session.volume);
  for (const node of new Set([writer, ...(session.routing ? state.readers : [])]))
    if (node !== null)
      send(ctx, node, {
        kind: 'SqlClose',
        volume: session.volume,
        session: session.name,
        incarnation: state.bootEpoch,
      });
  endGathered(state, ctx, session);
  state.sessions.delete(session.name);
  state.firstSequence = Math.max(state.firstSequence, session.nextSequence);
  state.firstSeen = Math.max(state.firstSeen, session.routing?.sessionLsn ?? -1);
}

/** The client is gone for good: its requests are given up, what it has open is rolled back, and its name is free. */
export function endSession(state: DriverState, ctx: RoleContext, name: string): void {
  const session = state.sessions.get(name);
  if (session === undefined) return;
  session.queue.length = 0;
  cancelSession(state, ctx, name);
  close(state, ctx, session);
}

/** The client of this session is gone; the transaction that it was in holds its rows otherwise. */
export function leaveTransaction(state: DriverState, ctx: RoleContext, name: string): void {
  const session = state.sessions.get(name);
  if (session?.current === null && isInTransaction(session)) close(state, ctx, session);
}
