// The three routes, and which of them a request has: a volume with one writer has the first; where tables are cut, a request that reads
// several groups is gathered, and every other goes to the primary of its tablet.

import { forTrace, send as sendTo } from '../kernel/context.ts';
import { answerDefinition } from './driver-definitions.ts';
import { askMap } from './driver-map.ts';
import { bindAgain } from './driver-shards.ts';
import type { DriverState, Work } from './driver-state.ts';
import { type Attempted, type RequestRoute, type RouteReply, WAITS } from './request-route.ts';
import { cancelGathered, gatheredRoute } from './route-gathered.ts';
import { resume, shardedRoute } from './route-sharded.ts';
import { singleRoute } from './route-single.ts';

type RouteKind = 'single' | 'sharded' | 'gathered';

const routes: Readonly<Record<RouteKind, RequestRoute>> = {
  single: singleRoute,
  sharded: shardedRoute,
  gathered: gatheredRoute,
};

export function requestRoute({ state, request: { bound } }: Work): RequestRoute {
  if (!state.shards) return routes.single;
  return routes[bound?.kind === 'gather' ? 'gathered' : 'sharded'];
}

/** One attempt: definitions may have changed since the last one. */
export function send(work: Work): Attempted {
  const { state, ctx } = work;
  const { shards } = state;
  if (shards) {
    if (shards.copy.version === 0 && shards.schemaVersion === 0 && shards.asked === 0) askMap(state, ctx);
    bindAgain(shards, work);
  }
  return requestRoute(work).send(work);
}

/** FENCE-47: who has the last copy of the request waits for nothing more. */
export function tellCancelled(work: Work): void {
  const { state, ctx, session, request } = work;
  const { bound, lastAsked, sequence, traceId } = request;
  if (lastAsked === undefined) return;
  if (bound?.kind === 'gather') cancelGathered(work, lastAsked);
  else
    sendTo(forTrace(ctx, traceId), lastAsked, {
      kind: 'SqlCancel',
      volume: session.volume,
      session: session.name,
      incarnation: state.bootEpoch,
      sequence,
    });
}

/** A reply may be to an attempt by which the request was another one: its message says by which route. */
export const replyRoute = ({ shards }: DriverState, { kind }: RouteReply): RequestRoute =>
  routes[kind === 'GatherReply' ? 'gathered' : shards ? 'sharded' : 'single'];

/** The driver's copy is a newer one: a request that waits for it goes on, and a definition that it shows is answered. */
export function onNewMap(work: Work): Attempted {
  const { state, request } = work;
  const { bound } = request;
  if (bound?.kind === 'define') return answerDefinition(state, bound);
  if (bound && (bound.kind !== 'tablet' || !bound.awaitsMap)) return WAITS;
  return bound && bound.schemaVersion === state.shards?.schemaVersion ? resume(work, bound) : send(work);
}
