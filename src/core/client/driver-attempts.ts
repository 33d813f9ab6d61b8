// A request of a session on its way: tried at one node after the other under the same id (session, incarnation, sequence) until it is
// answered or given up. What was sent and never answered is reported as unknown, never guessed.

import { present } from '../../base/assert.ts';
import type { Lsn, NodeId } from '../../base/ids.ts';
import { forTrace, type RoleContext, reply, send, trace } from '../kernel/context.ts';
import type { ClientResult } from '../kernel/door.ts';
import { reach } from '../kernel/limits.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { IN_FAILED } from '../sql/failure.ts';
import { failed, unknown } from './client-results.ts';
import { endElsewhere } from './driver-gather.ts';
import { leaveReader, readerFor } from './driver-readers.ts';
import { askRouteSoon } from './driver-route.ts';
import { type Attempted, attemptBound, failBlock } from './driver-shard-send.ts';
import {
  addDue,
  type DriverState,
  giveUpAt,
  limitAttempt,
  nextTraceId,
  type PendingRequest,
  QUESTIONS_OF_ONE,
  recordAsked,
  repliedTo,
  routeOf,
  type Session,
  stayingAt,
  type VolumeRoute,
} from './driver-state.ts';
import { statementsToSend, wholeStatements } from './driver-statements.ts';
import { failTransaction, isInTransaction, loseTransaction, NO_TRANSACTION } from './driver-transaction.ts';
import { mayEnd, mayWrite } from './outcome.ts';
import { afterAnswer, afterLoss, timeoutMs } from './statement-timeout.ts';

export function begin(state: DriverState, ctx: RoleContext, session: Session, request: PendingRequest): void {
  request.sequence = session.nextSequence++;
  request.silentSince = ctx.now;
  session.current = request;
  const ms = timeoutMs(session.timeout);
  if (ms > 0)
    addDue(state, ctx.now + ms * 1000, {
      kind: 'timeout',
      session: session.name,
      sequence: request.sequence,
    });
  if (session.routing) session.routing.tried.length = 0;
  attempt(state, ctx, session, request);
}

export function attempt(
  state: DriverState,
  ctx: RoleContext,
  session: Session,
  request: PendingRequest,
): void {
  session.stamp++;
  if (ctx.now >= giveUpAt(state, request)) {
    giveUp(state, ctx, session, request);
    return;
  }
  if (session.routing?.isLost) {
    // PCS-79
    delete session.routing.isLost;
    session.routing.at = null;
    endLost(state, ctx, session, request, 'the reader was removed');
    return;
  }
  if (session.transaction.kind === 'failed' && !state.shards) {
    answerLost(state, ctx, session, request);
    return;
  }
  if (state.shards) {
    settleBound(state, ctx, session, attemptBound(state, ctx, session, request));
    return;
  }
  const route = routeOf(state, session.volume);
  const reader = session.routing ? readerFor(state, session, session.routing, request) : null;
  if (reader !== null) {
    sendToReader(state, ctx, session, request, reader);
    return;
  }
  if (route.writer === null) {
    askRouteSoon(state, ctx, route);
    limitAttempt(state, ctx, session, request);
    return;
  }
  if (route.statements.byText.size >= route.statements.limit)
    reach(ctx, state.config.params, 'keptStatements');
  request.attempt++;
  request.sent = true;
  recordAsked(request, route.writer);
  request.era = route.statements.era;
  if (request.traceId === 0) request.traceId = nextTraceId(state);
  send(forTrace(ctx, request.traceId), route.writer, {
    kind: 'SqlRequest',
    volume: session.volume,
    session: session.name,
    incarnation: state.bootEpoch,
    sequence: request.sequence,
    attempt: request.attempt,
    statements: statementsToSend(route.statements, request.statements),
    params: request.params as (string | null)[],
    inTransaction: isInTransaction(session),
  });
  limitAttempt(state, ctx, session, request);
}

/** READ-41: to a reader, which waits for what the session has seen. Statements go whole: readers keep none by number. */
function sendToReader(
  state: DriverState,
  ctx: RoleContext,
  session: Session,
  request: PendingRequest,
  reader: NodeId,
): void {
  request.attempt++;
  recordAsked(request, reader);
  if (request.traceId === 0) request.traceId = nextTraceId(state);
  send(forTrace(ctx, request.traceId), reader, {
    kind: 'PointedRequest',
    volume: session.volume,
    session: session.name,
    incarnation: state.bootEpoch,
    sequence: request.sequence,
    attempt: request.attempt,
    statements: wholeStatements(request.statements),
    params: request.params as (string | null)[],
    inTransaction: isInTransaction(session),
    waitLsn: (session.routing?.bound ?? -1) as Lsn,
  });
  limitAttempt(state, ctx, session, request, QUESTIONS_OF_ONE);
}

/** The transaction is lost with who had it, which the request is told; `why`: what became of that node. */
export function endLost(
  state: DriverState,
  ctx: RoleContext,
  session: Session,
  request: PendingRequest,
  why: string,
): void {
  loseTransaction(session, request);
  if (has(state.mutants, 'driver.forgets-lost')) session.transaction = NO_TRANSACTION;
  // settings of a session are in its writer's memory
  afterLoss(session.timeout);
  finish(state, ctx, session, failed('40001', `${why}; the transaction was rolled back`));
}

/** What the client asks in a transaction that was lost: nobody is asked. */
function answerLost(
  state: DriverState,
  ctx: RoleContext,
  session: Session,
  { statements }: PendingRequest,
): void {
  const isEnd = statements.length === 1 && mayEnd(statements);
  if (isEnd) session.transaction = NO_TRANSACTION;
  const ended: ClientResult = { outcome: 'ok', statements: [{ kind: 'done', tag: 'ROLLBACK' }], scn: -1 };
  finish(state, ctx, session, isEnd ? ended : failed('25P02', IN_FAILED));
}

/** Where tables are cut: what became of an attempt. */
export function settleBound(
  state: DriverState,
  ctx: RoleContext,
  session: Session,
  attempted: Attempted,
): void {
  const { current } = session;
  if (current === null || attempted.kind === 'waits') return;
  if (attempted.kind === 'over') finish(state, ctx, session, attempted.result);
  else {
    session.stamp++;
    retryLater(state, ctx, session, current);
  }
}

export function retryLater(
  state: DriverState,
  ctx: RoleContext,
  session: Session,
  request: PendingRequest,
): void {
  addDue(state, ctx.now + request.backoffMs * 1000, {
    kind: 'retry',
    session: session.name,
    stamp: session.stamp,
  });
  request.backoffMs = Math.min(request.backoffMs * 2, state.config.params.routeBackoffCapMs);
}

export function retryCurrent(
  state: DriverState,
  ctx: RoleContext,
  sessionName: string,
  why: 'timeout' | 'backoff',
): void {
  const session = state.sessions.get(sessionName);
  if (session === undefined || session.current === null) return;
  const { current } = session;
  if (why === 'timeout' && isAskedAgain(session, current)) {
    attempt(state, ctx, session, current);
    return;
  }
  trace(ctx, { kind: 'driver.retry', session: sessionName, attempt: current.attempt + 1, why });
  current.at = null;
  if (why === 'timeout' && session.routing?.at) leaveReader(ctx, session, session.routing, why);
  else if (why === 'timeout') {
    const route = routeOf(state, session.volume);
    if (state.isAppointed) route.isDoubted = true;
    askRouteSoon(state, ctx, route);
  }
  attempt(state, ctx, session, current);
}

/** He has said that he is at work, or has half of the attempt left to say so; a writer has no half. */
function isAskedAgain({ routing }: Session, request: PendingRequest): boolean {
  if (request.at !== null && request.unheard === 0) return true;
  const isFollowed = request.bound ? request.bound.kind === 'gather' : routing?.at != null;
  return isFollowed && stayingAt(request) !== null;
}

/** FENCE-47: a node carries the request out; the limit is one of silence. */
export function onAtWork(state: DriverState, ctx: RoleContext, from: NodeId, m: MessageOf<'AtWork'>): void {
  const request = repliedTo(state, m)?.request;
  if (!request) return;
  trace(ctx, { kind: 'driver.heard', session: m.session, from });
  if (!has(state.mutants, 'driver.counts-from-begin')) request.silentSince = ctx.now;
  request.at = from;
  request.unheard = 0;
}

/** To the next node, or to the one that was asked for later. */
export function passOn(
  state: DriverState,
  ctx: RoleContext,
  session: Session,
  request: PendingRequest,
  why: string,
): void {
  const { routing } = session;
  if (!routing) return;
  leaveReader(ctx, session, routing, why);
  request.at = null;
  session.stamp++;
  if (routing.target === 'any') attempt(state, ctx, session, request);
  else retryLater(state, ctx, session, request);
}

/** Retries are used up: not sent means surely not applied; sent means nobody can tell. */
function giveUp(state: DriverState, ctx: RoleContext, session: Session, request: PendingRequest): void {
  const limitUs = state.config.params.maxRetryMs * 1000;
  trace(ctx, { kind: 'driver.gaveUp', session: session.name, limitUs });
  const result = abandon(state, ctx, session, request)
    ? unknown('08007', 'the outcome is unknown: no answer came')
    : failed('08001', 'no node that serves it could be reached; nothing was applied');
  finish(state, ctx, session, result);
}

/**
 * The driver itself ends the request, without an answer, and the transaction that it stands in fails. True: its outcome is unknown,
 * which inside a transaction only that of its end is.
 */
function abandon(state: DriverState, ctx: RoleContext, session: Session, request: PendingRequest): boolean {
  const { statements } = request;
  const isInside = isInTransaction(session) && !mayEnd(statements);
  if (isInside) failOpen(ctx, session);
  else if (isInTransaction(session) && request.sent) session.isEndUnknown = true;
  if (state.shards) failBlock(session, request);
  return request.sent && !isInside && mayWrite(statements);
}

/** FENCE-47: the node that has the transaction misses a number, whatever it has done of the request, and fails it. */
function failOpen(ctx: RoleContext, session: Session): void {
  session.nextSequence++;
  session.isGivenUp = true;
  trace(ctx, { kind: 'block.failed', session: session.name });
}

/** The session's request has its result; the next one that waits is begun. */
export function finish(state: DriverState, ctx: RoleContext, session: Session, result: ClientResult): void {
  const request = present(session.current, 'a request of', session.name);
  session.current = null;
  session.stamp++;
  if (result.outcome === 'ok') followTimeout(session, request, result);
  else if (!isInTransaction(session)) afterLoss(session.timeout);
  followBlock(ctx, session, result);
  if (request.isFollowedByRefusal && isInTransaction(session)) {
    failOpen(ctx, session);
    if (state.shards) failTransaction(session);
  }
  endElsewhere(state, ctx, session, request);
  answer(state, ctx, session, request.asker, result);
  const next = session.queue.shift();
  if (next !== undefined) begin(state, ctx, session, next);
}

function followTimeout(session: Session, { statements }: PendingRequest, result: ClientResult): void {
  const timeout = afterAnswer(session.timeout, statements, result.statements, isInTransaction(session));
  if (timeout) session.timeout = timeout;
}

/** The writer ends its own statements, whose outcome it knows. */
export function onStatementTimeout(state: DriverState, ctx: RoleContext, name: string): void {
  const session = state.sessions.get(name);
  const request = session?.current;
  if (!session || !request || mayWrite(request.statements)) return;
  if (session.routing?.at == null && request.bound?.kind !== 'gather') return;
  abandon(state, ctx, session, request);
  finish(state, ctx, session, failed('57014', 'canceling statement due to statement timeout'));
}

/** What the first request is answered that comes after the one that was given up. */
function followBlock(ctx: RoleContext, session: Session, { outcome, statements }: ClientResult): void {
  if (session.isGivenUp && outcome === 'ok') {
    const [first] = statements;
    const tag = first?.kind === 'error' ? '' : (first?.tag ?? '');
    trace(ctx, { kind: 'block.answered', session: session.name, tag });
    delete session.isGivenUp;
  }
  if (isInTransaction(session)) return;
  delete session.isGivenUp;
  delete session.isEndUnknown;
}

export function answer(
  state: DriverState,
  ctx: RoleContext,
  session: Session,
  asker: PendingRequest['asker'],
  result: ClientResult,
): void {
  const { outcome, statements, scn } = result;
  if (outcome === 'ok') state.ok++;
  else if (outcome === 'error') state.failed++;
  else state.unknown++;
  if (asker.kind === 'console') {
    trace(ctx, { kind: 'sql.end', session: session.name, request: asker.requestId, outcome });
    reply(ctx, asker.requestId, result);
    return;
  }
  state.answered.push({
    place: asker,
    session: session.name,
    done: { outcome, results: statements, scn, inTransaction: isInTransaction(session) },
  });
}

export function cancelSession(state: DriverState, ctx: RoleContext, name: string): void {
  const session = state.sessions.get(name);
  if (session === undefined || session.current === null) return;
  const request = session.current;
  const result = abandon(state, ctx, session, request)
    ? unknown('57014', 'cancelled; the outcome is unknown')
    : failed('57014', 'cancelled; nothing was applied');
  finish(state, ctx, session, result);
}

/** The writer is another one now, or is known again: everything that waits is sent to it. */
export function attemptAll(state: DriverState, ctx: RoleContext, { volume }: VolumeRoute): void {
  for (const session of state.sessions.values()) {
    if (session.current !== null && session.volume === volume) attempt(state, ctx, session, session.current);
  }
}

/** There is no such volume: what was never sent is refused at once; anything sent waits for its answer. */
export function onNoVolume(state: DriverState, ctx: RoleContext, route: VolumeRoute): void {
  const { volume } = route;
  route.writer = null;
  for (const session of state.sessions.values()) {
    const request = session.volume === volume ? session.current : null;
    if (!request || request.sent) continue;
    finish(state, ctx, session, failed('3D000', `there is no volume ${volume}`));
  }
}
