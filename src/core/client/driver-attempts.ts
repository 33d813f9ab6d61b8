// A request of a session on its way: tried at one node after the other under the same id (session, incarnation, sequence) until it is
// answered or given up. What was sent and never answered is reported as unknown, never guessed. Whom it is sent to its route says.

import { unreachable } from '../../base/assert.ts';
import type { NodeId } from '../../base/ids.ts';
import type { ClientResult, StatementResult } from '../kernel/client-calls.ts';
import { type RoleContext, reply, trace } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { settingsIn } from '../sql/leading-notes.ts';
import { failed, unknown } from './client-results.ts';
import { takeMap } from './driver-map.ts';
import {
  addDue,
  type DriverState,
  giveUpAt,
  MAX_ERRORS_KEPT,
  type PendingRequest,
  repliedTo,
  type Session,
  stayingAt,
  type VolumeRoute,
  type Work,
  workOf,
} from './driver-state.ts';
import { doubted, followed, isDoubted, isInTransaction } from './driver-transaction.ts';
import { mayEnd, mayWrite } from './outcome.ts';
import type { Attempted, RouteReply, Settled } from './request-route.ts';
import { onNewMap, replyRoute, requestRoute, send, tellCancelled } from './request-routes.ts';
import { endElsewhere } from './route-gathered.ts';
import { afterAnswer, afterLoss, timeoutMs } from './statement-timeout.ts';

export function begin(state: DriverState, ctx: RoleContext, session: Session, request: PendingRequest): void {
  request.sequence = session.nextSequence++;
  request.silentSince = ctx.now;
  session.current = request;
  const { sequence } = request;
  const ms = settingsIn(request.statements[0]?.text ?? '')?.statementTimeoutMs ?? timeoutMs(session.timeout);
  if (ms > 0) addDue(state, ctx.now + ms * 1000, { kind: 'timeout', session: session.name, sequence });
  if (session.routing) session.routing.tried.length = 0;
  attempt({ state, ctx, session, request });
}

function attempt(work: Work): void {
  const { state, ctx, session, request } = work;
  session.stamp++;
  if (ctx.now < giveUpAt(state, request)) settle(work, send(work));
  else giveUp(work);
}

/** What became of an attempt is done. */
export function settle(work: Work, attempted: Attempted): void {
  switch (attempted.kind) {
    case 'waits':
      break;
    case 'again':
      attempt(work);
      break;
    case 'later':
      retryLater(work);
      break;
    case 'over':
      finish(work, attempted.result, attempted.next);
      break;
    default:
      unreachable(attempted);
  }
}

function retryLater({ state, ctx, session, request }: Work): void {
  const { name } = session;
  addDue(state, ctx.now + request.backoffMs * 1000, { kind: 'retry', session: name, stamp: ++session.stamp });
  request.backoffMs = Math.min(request.backoffMs * 2, state.config.params.routeBackoffCapMs);
}

export function onReply(state: DriverState, ctx: RoleContext, from: NodeId, m: RouteReply): void {
  const work = repliedTo(state, ctx, m);
  if (work) settle(work, replyRoute(state, m).onReply(work, from, m));
}

export function onMapIs(state: DriverState, ctx: RoleContext, m: MessageOf<'MapIs'>): void {
  if (!takeMap(state, m)) return;
  const works = [...state.sessions.values()].flatMap((session) => workOf(state, ctx, session) ?? []);
  for (const settled of works.map((work): Settled => [work, onNewMap(work)])) settle(...settled);
}

export function retryCurrent(
  state: DriverState,
  ctx: RoleContext,
  name: string,
  why: 'timeout' | 'backoff',
): void {
  const work = workOf(state, ctx, state.sessions.get(name));
  if (!work) return;
  if (why === 'backoff' || !isAskedAgain(work)) {
    trace(ctx, { kind: 'driver.retry', session: name, attempt: work.request.attempt + 1, why });
    work.request.at = null;
    if (why === 'timeout') requestRoute(work).onLoss(work);
  }
  attempt(work);
}

/** He has said that he is at work, or has half of the attempt left to say so; a writer has no half. */
function isAskedAgain(work: Work): boolean {
  const { at, unheard } = work.request;
  if (at !== null && unheard === 0) return true;
  return requestRoute(work).isFollowed(work) && stayingAt(work.request) !== null;
}

/** FENCE-47: a node carries the request out; the limit is one of silence. */
export function onAtWork(state: DriverState, ctx: RoleContext, from: NodeId, m: MessageOf<'AtWork'>): void {
  const request = repliedTo(state, ctx, m)?.request;
  if (!request) return;
  trace(ctx, { kind: 'driver.heard', session: m.session, from });
  if (!has(state.mutants, 'driver.counts-from-begin')) request.silentSince = ctx.now;
  request.at = from;
  request.unheard = 0;
}

/** Retries are used up: not sent means surely not applied; sent means nobody can tell. */
function giveUp(work: Work): void {
  const limitUs = work.state.config.params.maxRetryMs * 1000;
  trace(work.ctx, { kind: 'driver.gaveUp', session: work.session.name, limitUs });
  abandon(
    work,
    failed('08001', 'no node that serves it could be reached; nothing was applied'),
    unknown('08007', 'the outcome is unknown: no answer came'),
  );
}

/**
 * The driver itself ends the request, without an answer, and the transaction that it stands in fails. Its outcome is unknown if it was
 * sent, and inside a transaction only that of its end is.
 */
function abandon(work: Work, ifNothing: ClientResult, ifUnknown: ClientResult): void {
  const { ctx, session } = work;
  const { statements, sent } = work.request;
  const isIn = isInTransaction(session);
  const isInside = isIn && !mayEnd(statements);
  let next = requestRoute(work).failed(work, false);
  if (isInside) {
    missNumber(ctx, session);
    next = doubted(next, 'isGivenUp');
  } else if (isIn && sent) next = doubted(next, 'isEndUnknown');
  finish(work, sent && !isInside && mayWrite(statements) ? ifUnknown : ifNothing, next);
}

/** FENCE-47: the node that has the transaction misses a number, whatever it has done of the request, and fails it. */
function missNumber(ctx: RoleContext, session: Session): void {
  session.nextSequence++;
  trace(ctx, { kind: 'block.failed', session: session.name });
}

/** The session's request has its result; the next one that waits is begun. `next`: its transaction from now on. */
function finish(work: Work, result: ClientResult, next = work.session.transaction): void {
  const { state, ctx, session, request } = work;
  const { transaction: before } = session;
  const isAnswered = result.outcome === 'ok';
  session.current = null;
  session.stamp++;
  session.transaction = followed(before, next, isAnswered);
  if (isAnswered) followTimeout(session, request, result);
  else if (!isInTransaction(session)) afterLoss(session.timeout);
  if (isAnswered && isDoubted(before, 'isGivenUp')) traceBlockAnswer(ctx, session, result);
  if (request.isFollowedByRefusal && isInTransaction(session)) {
    missNumber(ctx, session);
    session.transaction = doubted(requestRoute(work).failed(work, true), 'isGivenUp');
  }
  endElsewhere(work);
  answer(state, ctx, session, request.asker, result);
  const waiting = session.queue.shift();
  if (waiting !== undefined) begin(state, ctx, session, waiting);
}

function followTimeout(session: Session, { statements }: PendingRequest, result: ClientResult): void {
  const timeout = afterAnswer(session.timeout, statements, result.statements, isInTransaction(session));
  if (timeout) session.timeout = timeout;
}

/** The writer ends its own statements, whose outcome it knows. */
export function onStatementTimeout(state: DriverState, ctx: RoleContext, name: string): void {
  const work = workOf(state, ctx, state.sessions.get(name));
  if (!work || mayWrite(work.request.statements) || !requestRoute(work).isFollowed(work)) return;
  const result = failed('57014', 'canceling statement due to statement timeout');
  tellCancelled(work);
  abandon(work, result, result);
}

/** What the first request is answered that comes after the one that was given up. */
function traceBlockAnswer(ctx: RoleContext, { name }: Session, { statements: [first] }: ClientResult): void {
  const tag = first?.kind === 'error' ? '' : (first?.tag ?? '');
  trace(ctx, { kind: 'block.answered', session: name, tag });
}

const errorIn = (statements: readonly StatementResult[]) =>
  statements.find((statement) => statement.kind === 'error');

/** Classes of SQLSTATE that say that a statement is wrong, broke a constraint or is not allowed where it stands: no fault of the cluster. */
const CLASSES_OF_STATEMENTS: ReadonlySet<string> = new Set(
  '0A 21 22 23 24 25 26 28 2B 34 3B 3D 3F 42 44'.split(' '),
);

const isOfStatement = (sqlstate: string): boolean => CLASSES_OF_STATEMENTS.has(sqlstate.slice(0, 2));

function keepError(
  { errors }: DriverState,
  { now }: RoleContext,
  session: Session,
  statements: readonly StatementResult[],
): void {
  const error = errorIn(statements);
  if (!error) return;
  if (errors.length === MAX_ERRORS_KEPT) errors.shift();
  errors.push({ at: now, session: session.name, sqlstate: error.sqlstate, message: error.message });
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
  else {
    if (outcome === 'unknown') state.unknown++;
    else if (isOfStatement(errorIn(statements)?.sqlstate ?? '')) state.refused++;
    else state.failed++;
    keepError(state, ctx, session, statements);
  }
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
  const work = workOf(state, ctx, state.sessions.get(name));
  if (!work) return;
  tellCancelled(work);
  abandon(
    work,
    failed('57014', 'cancelled; nothing was applied'),
    unknown('57014', 'cancelled; the outcome is unknown'),
  );
}

/** The writer is another one now, or is known again: everything that waits is sent to it. */
export function attemptAll(state: DriverState, ctx: RoleContext, { volume }: VolumeRoute): void {
  for (const session of state.sessions.values()) {
    const work = session.volume === volume ? workOf(state, ctx, session) : null;
    if (work) attempt(work);
  }
}

/** There is no such volume: what was never sent is refused at once; anything sent waits for its answer. */
export function onNoVolume(state: DriverState, ctx: RoleContext, route: VolumeRoute): void {
  const { volume } = route;
  route.writer = null;
  for (const session of state.sessions.values()) {
    const work = session.volume === volume ? workOf(state, ctx, session) : null;
    if (work && !work.request.sent) finish(work, failed('3D000', `there is no volume ${volume}`));
  }
}
