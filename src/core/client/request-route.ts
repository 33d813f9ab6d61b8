// How a request reaches who carries it out. A route knows whom it asks, and what an answer or silence means; it says what becomes of an
// attempt, and driver-attempts.ts does that. There are three (request-routes.ts): single, sharded and gathered.

import type { NodeId } from '../../base/ids.ts';
import type { ClientResult } from '../kernel/client-calls.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { addDue, giveUpAt, nextTraceId, recordAsked, type Work } from './driver-state.ts';
import type { Transaction } from './driver-transaction.ts';

/** What became of an attempt. */
export type Attempted =
  /** An answer or a newer map sets the request going again, or the attempt's time limit. */
  | { readonly kind: 'waits' }
  | { readonly kind: 'again' }
  /** After the backoff. */
  | { readonly kind: 'later' }
  /** `next`: the session's transaction from then on, where it is another one. */
  | { readonly kind: 'over'; readonly result: ClientResult; readonly next?: Transaction };

/** It is done in a second pass over all sessions. */
export type Settled = readonly [work: Work, attempted: Attempted];

export type RouteReply = MessageOf<'SqlReply' | 'PointedReply' | 'ShardRefused' | 'GatherReply'>;

export interface RequestRoute {
  /** One attempt. */
  readonly send: (work: Work) => Attempted;
  /** A reply to the request, perhaps to an earlier attempt, or one that went elsewhere. */
  readonly onReply: (work: Work, from: NodeId, m: RouteReply) => Attempted;
  /** Who was asked last is silent: it is no longer thought to be the one to ask. */
  readonly onLoss: (work: Work) => void;
  /** Another node may serve the request as well as the one that is asked, which keeps nothing of it. */
  readonly isFollowed: (work: Work) => boolean;
  /** The session's transaction, where the driver ends a request of it without its answer; `isRefused`: the one after the request. */
  readonly failed: (work: Work, isRefused: boolean) => Transaction;
}

export const WAITS: Attempted = { kind: 'waits' };
export const AGAIN: Attempted = { kind: 'again' };
export const LATER: Attempted = { kind: 'later' };
export const over = (result: ClientResult, next?: Transaction): Attempted => ({
  kind: 'over',
  result,
  ...(next && { next }),
});

/** The request goes to this node: what its message says of it, by whichever route. */
export function recordAttempt({ state, session, request }: Work, to: NodeId) {
  request.attempt++;
  recordAsked(request, to);
  if (request.traceId === 0) request.traceId = nextTraceId(state);
  const { sequence, attempt } = request;
  const params = request.params as (string | null)[];
  return { session: session.name, incarnation: state.bootEpoch, sequence, attempt, params };
}

/** Somebody was asked. The attempt ends after attemptTimeoutMs, of which each question has its part, and the request with maxRetryMs. */
export function awaitAnswer({ state, ctx, session, request }: Work, questions = 1): Attempted {
  const waits = Math.ceil((state.config.params.attemptTimeoutMs * 1000) / questions);
  const endsAt = Math.min(giveUpAt(state, request), ctx.now + waits);
  addDue(state, endsAt, { kind: 'attempt', session: session.name, stamp: ++session.stamp });
  return WAITS;
}
