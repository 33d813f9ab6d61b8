// Sessions of a driver: one request at a time, retried under the same id (session, incarnation, sequence) until it is
// answered or given up. What was sent and never answered is reported as unknown, never guessed.

import { present } from '../../base/assert.ts';
import type { Lsn, NodeId } from '../../base/ids.ts';
import { forTrace, type RoleContext, reply, send, trace } from '../kernel/context.ts';
import type { AgentCommand, ClientResult, StatementTree } from '../kernel/door.ts';
import { reach } from '../kernel/limits.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { failed, unknown } from './client-results.ts';
import { endElsewhere, endGathered } from './driver-gather.ts';
import {
  isPassedOn,
  isRefusedWrite,
  leaveReader,
  makeRouting,
  type Routing,
  readerFor,
  recordSeen,
} from './driver-readers.ts';
import { askRoute, askRouteSoon } from './driver-route.ts';
import { type Attempted, attemptBound, leaveBlock, takeBlock } from './driver-shard-send.ts';
import {
  type Asker,
  addDue,
  type DriverState,
  makeRoute,
  nextTraceId,
  type PendingRequest,
  routeOf,
  type Session,
  type VolumeRoute,
  volumeOfSession,
} from './driver-state.ts';
import { forgetTaken, recordTaken, statementsToSend } from './driver-statements.ts';

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
    sequence: 0,
    attempt: 0,
    sent: false,
    traceId: 0,
    era: -1,
    backoffMs: state.config.params.routeBackoffMs,
  };
  if (state.isDrained && known?.inTransaction !== true) {
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
  const volume = volumeOfSession(state.config, name);
  const isRead = state.readers.length > 0 && volume === state.config.cluster.volume;
  return {
    name,
    volume,
    nextSequence: state.firstSequence,
    current: null,
    queue: [],
    inTransaction: false,
    ...(isRead ? { routing: makeRouting(target, state.firstSeen) } : {}),
    ...(state.shards ? { target } : {}),
    stamp: 0,
  };
}

/** READ-46: where a session's statements go from its next request on, and what its reads wait for. */
export function setRouting(
  state: DriverState,
  ctx: RoleContext,
  { session: name, target, level, waitLsn }: Extract<AgentCommand, { kind: 'session' }>,
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
    if (session.current !== null || session.inTransaction || session.routing?.isChosen) continue;
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

/** The client of this session is gone; the transaction that it was in holds its rows otherwise. */
export function leaveTransaction(state: DriverState, ctx: RoleContext, name: string): void {
  const session = state.sessions.get(name);
  if (session?.current === null && session.inTransaction) close(state, ctx, session);
}

function begin(state: DriverState, ctx: RoleContext, session: Session, request: PendingRequest): void {
  request.sequence = session.nextSequence++;
  session.current = request;
  if (session.routing) session.routing.tried.length = 0;
  attempt(state, ctx, session, request);
}

function attempt(state: DriverState, ctx: RoleContext, session: Session, request: PendingRequest): void {
  session.stamp++;
  const { params } = state.config;
  const giveUpAt = request.queuedAt + params.maxRetryMs * 1000;
  if (ctx.now >= giveUpAt) {
    giveUp(state, ctx, session, request);
    return;
  }
  if (session.routing?.isLost) {
    endLost(state, ctx, session, session.routing);
    return;
  }
  if (state.shards) {
    settleBound(state, ctx, session, attemptBound(state, ctx, session, request));
    return;
  }
  const route = routeOf(state, session.volume);
  const reader = session.routing ? readerFor(state, session, session.routing, request) : null;
  if (reader !== null) {
    sendToReader(state, ctx, session, request, reader, giveUpAt);
    return;
  }
  if (route.writer === null) {
    askRouteSoon(state, ctx, route);
    addDue(state, Math.min(giveUpAt, ctx.now + params.attemptTimeoutMs * 1000), {
      kind: 'attempt',
      session: session.name,
      stamp: session.stamp,
    });
    return;
  }
  if (route.statements.byText.size >= route.statements.limit)
    reach(ctx, state.config.params, 'keptStatements');
  request.attempt++;
  request.sent = true;
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
    inTransaction: session.inTransaction,
  });
  addDue(state, Math.min(giveUpAt, ctx.now + params.attemptTimeoutMs * 1000), {
    kind: 'attempt',
    session: session.name,
    stamp: session.stamp,
  });
}

/** PCS-79: the reader of the open transaction is no more. */
function endLost(state: DriverState, ctx: RoleContext, session: Session, routing: Routing): void {
  delete routing.isLost;
  routing.at = null;
  session.inTransaction = false;
  finish(state, ctx, session, failed('40001', 'the reader was removed; the transaction was rolled back'));
}

/** READ-41: to a reader, which waits for what the session has seen. Statements go whole: readers keep none by number. */
function sendToReader(
  state: DriverState,
  ctx: RoleContext,
  session: Session,
  request: PendingRequest,
  reader: NodeId,
  giveUpAt: number,
): void {
  const { params } = state.config;
  request.attempt++;
  if (request.traceId === 0) request.traceId = nextTraceId(state);
  send(forTrace(ctx, request.traceId), reader, {
    kind: 'PointedRequest',
    volume: session.volume,
    session: session.name,
    incarnation: state.bootEpoch,
    sequence: request.sequence,
    attempt: request.attempt,
    statements: request.statements.map(({ text, tree }) => ({ id: 0, text, tree })),
    params: request.params as (string | null)[],
    inTransaction: session.inTransaction,
    waitLsn: (session.routing?.bound ?? -1) as Lsn,
  });
  addDue(state, Math.min(giveUpAt, ctx.now + params.attemptTimeoutMs * 1000), {
    kind: 'attempt',
    session: session.name,
    stamp: session.stamp,
  });
}

/** READ-40: a reply that says at which read point it stands, of a reader or of the writer of a cluster with readers. */
export function onPointedReply(
  state: DriverState,
  ctx: RoleContext,
  from: NodeId,
  m: MessageOf<'PointedReply'>,
): void {
  const session = state.sessions.get(m.session);
  const request = session?.current;
  if (!session?.routing || !request) return;
  if (m.incarnation !== state.bootEpoch || m.sequence !== request.sequence) return;
  const { routing } = session;
  const isPassed = isPassedOn(m.code) || (m.code === '' && isRefusedWrite(routing, m.results));
  if (
    state.readers.includes(from) &&
    m.code !== '' &&
    from !== routing.at &&
    from !== routeOf(state, session.volume).writer
  )
    return; // a late refusal
  if (routing.at !== null && isPassed) {
    const isWrite = m.code === '';
    if (isWrite) for (const node of state.readers) routing.tried.push(node);
    passOn(state, ctx, session, request, isWrite ? 'READ_ONLY' : m.code);
    return;
  }
  if (m.code === '') recordSeen(ctx, session, routing, from, m.readPoint, m.scn);
  onSqlReply(state, ctx, { ...m, kind: 'SqlReply' });
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

function retryLater(state: DriverState, ctx: RoleContext, session: Session, request: PendingRequest): void {
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
  trace(ctx, { kind: 'driver.retry', session: sessionName, attempt: session.current.attempt + 1, why });
  if (why === 'timeout' && session.routing?.at) leaveReader(ctx, session, session.routing, why);
  else if (why === 'timeout') {
    const route = routeOf(state, session.volume);
    if (state.isAppointed) route.isDoubted = true;
    askRouteSoon(state, ctx, route);
  }
  attempt(state, ctx, session, session.current);
}

/** Retries are used up: not sent means surely not applied; sent means nobody can tell. */
function giveUp(state: DriverState, ctx: RoleContext, session: Session, request: PendingRequest): void {
  const result = request.sent
    ? unknown('08007', 'the outcome is unknown: no answer came')
    : failed('08001', 'no node that serves it could be reached; nothing was applied');
  finish(state, ctx, session, result);
}

/** To the next node, or to the one that was asked for later. */
function passOn(
  state: DriverState,
  ctx: RoleContext,
  session: Session,
  request: PendingRequest,
  why: string,
): void {
  const { routing } = session;
  if (!routing) return;
  leaveReader(ctx, session, routing, why);
  session.stamp++;
  if (routing.target === 'any') attempt(state, ctx, session, request);
  else retryLater(state, ctx, session, request);
}

/** READ-46: an engine refuses what it has no room for, a further session above all. Another node may have: a reader is left. */
export function onEngineReply(
  state: DriverState,
  ctx: RoleContext,
  from: NodeId,
  m: MessageOf<'SqlReply'>,
): void {
  const session = state.sessions.get(m.session);
  const request = session?.current;
  const isOfNow = m.incarnation === state.bootEpoch && m.sequence === request?.sequence;
  const isReader = session?.routing?.at === from && !session.inTransaction;
  if (session && request && isOfNow && isReader && m.code === 'RECOVERING')
    passOn(state, ctx, session, request, m.code);
  else onSqlReply(state, ctx, m);
}

function onSqlReply(state: DriverState, ctx: RoleContext, m: MessageOf<'SqlReply'>): void {
  const session = state.sessions.get(m.session);
  const request = session?.current;
  if (session === undefined || request === undefined || request === null) return;
  if (m.incarnation !== state.bootEpoch || m.sequence !== request.sequence) return;
  const route = routeOf(state, session.volume);
  switch (m.code) {
    case '': {
      session.inTransaction = m.inTransaction;
      const results = state.shards ? takeBlock(session, request, m) : m.results;
      recordTaken(route.statements, request.statements, request.era);
      const outcome = results.some((result) => result.kind === 'error') ? 'error' : 'ok';
      finish(state, ctx, session, { outcome, statements: results, scn: m.scn });
      return;
    }
    case 'COMMIT_UNKNOWN':
      // with results it comes from a writer that was fenced in the commit; without, perhaps from one that has lost what it knew
      if (state.isAppointed && (m.results.length > 0 || !request.isUnknown)) {
        request.isUnknown = true;
        route.writer = null;
        session.stamp++;
        askRouteSoon(state, ctx, route);
        retryLater(state, ctx, session, request);
        return;
      }
      if (state.shards) leaveBlock(session);
      session.inTransaction = false;
      finish(
        state,
        ctx,
        session,
        m.results.length > 0
          ? { outcome: 'unknown', statements: m.results, scn: -1 }
          : unknown('08007', 'the commit may or may not have been made'),
      );
      return;
    case 'TXN_ABORTED_FAILOVER':
      if (state.shards) leaveBlock(session);
      session.inTransaction = false;
      finish(state, ctx, session, failed('40001', 'the writer changed; the transaction was rolled back'));
      return;
    case 'UNKNOWN_STATEMENT':
      // FENCE-55: nothing was done; everything goes whole again.
      forgetTaken(route.statements);
      attempt(state, ctx, session, request);
      return;
    default:
      // RECOVERING, FENCED, NOT_PRIMARY: nothing was applied by this attempt; find the writer and ask again.
      if (m.code === 'FENCED' || m.code === 'NOT_PRIMARY' || m.code === 'READ_ONLY') route.writer = null;
      session.stamp++;
      askRouteSoon(state, ctx, route);
      retryLater(state, ctx, session, request);
  }
}

/** The session's request has its result; the next one that waits is begun. */
function finish(state: DriverState, ctx: RoleContext, session: Session, result: ClientResult): void {
  const request = present(session.current, 'a request of', session.name);
  session.current = null;
  session.stamp++;
  endElsewhere(state, ctx, session, request);
  answer(state, ctx, session, request.asker, result);
  const next = session.current === null ? session.queue.shift() : undefined;
  if (next !== undefined) begin(state, ctx, session, next);
}

function answer(
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
    done: { outcome, results: statements, scn, inTransaction: session.inTransaction },
  });
}

export function cancelSession(state: DriverState, ctx: RoleContext, name: string): void {
  const session = state.sessions.get(name);
  if (session === undefined || session.current === null) return;
  const request = session.current;
  const result = request.sent
    ? unknown('57014', 'cancelled; the outcome is unknown')
    : failed('57014', 'cancelled before it was sent');
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
