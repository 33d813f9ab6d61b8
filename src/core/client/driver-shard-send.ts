// Sends bound requests to primaries and definitions to the metadata, and takes the answers (docs/spec/pcs.md PCS-51 to PCS-55). The
// request's id stays the same however often and wherever it is sent, so that it is carried out at most once (FENCE-44).

import type { NodeId } from '../../base/ids.ts';
import { forTrace, type RoleContext, send, trace } from '../kernel/context.ts';
import type { ClientResult, StatementResult } from '../kernel/door.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { pageKey } from '../page/page-key.ts';
import {
  makeRouting,
  nextRouteStep,
  onRefreshed,
  onRefused,
  ROUTE_MAX_ATTEMPTS,
  type RouteStep,
} from '../placement/route-request.ts';
import { toRefusal } from '../placement/serve-check.ts';
import { endGathered, sendGather, takeGathered } from './driver-gather.ts';
import { askMap, askMapSoon, type ShardCopy, takeMap } from './driver-map.ts';
import { anyGroup, type Bound, bindRequest, tabletOf } from './driver-shards.ts';
import {
  type DriverState,
  limitAttempt,
  makeRoute,
  nextTraceId,
  type PendingRequest,
  QUESTIONS_OF_ONE,
  recordAsked,
  repliedTo,
  type Session,
  type VolumeRoute,
} from './driver-state.ts';
import { statementsToSend } from './driver-statements.ts';
import { failTransaction, LOST, NO_TRANSACTION, openAt, tabletOfTransaction } from './driver-transaction.ts';
import { mayWrite } from './outcome.ts';
import { settingOf } from './statement-timeout.ts';

type Tablet = Extract<Bound, { kind: 'tablet' }>;
type Define = Extract<Bound, { kind: 'define' }>;

/** What became of an attempt: it waits for an answer, is made again later, or its request has this result. */
export type Attempted =
  | { readonly kind: 'waits' | 'later' }
  | { readonly kind: 'over'; readonly result: ClientResult };

/** Of a session, for who ends requests (driver-attempts.ts). */
export type Settled = readonly [session: Session, attempted: Attempted];

const WAITS: Attempted = { kind: 'waits' };
const LATER: Attempted = { kind: 'later' };
const over = (result: ClientResult): Attempted => ({ kind: 'over', result });

const resultOf = (statements: readonly StatementResult[]): ClientResult => ({
  outcome: statements.some(({ kind }) => kind === 'error') ? 'error' : 'ok',
  statements,
  scn: -1,
});

const UNKNOWN: ClientResult = {
  outcome: 'unknown',
  statements: [
    {
      kind: 'error',
      sqlstate: '08007',
      message: 'the outcome is unknown: its keys were split',
      position: null,
    },
  ],
  scn: -1,
};

const failure = (sqlstate: string, message: string): ClientResult =>
  resultOf([{ kind: 'error', sqlstate, message, position: null }]);

/** One attempt of the session's request. */
export function attemptBound(
  state: DriverState,
  ctx: RoleContext,
  session: Session,
  request: PendingRequest,
): Attempted {
  const { shards } = state;
  if (!shards) return WAITS;
  if (shards.copy.version === 0 && shards.schemaVersion === 0 && shards.asked === 0) askMap(state, ctx);
  leaveDropped(shards, session);
  const bound = boundOf(state, session, request);
  if (bound.kind === 'local' && isSplitMeanwhile(bound, request)) {
    failBlock(session, request);
    return over(UNKNOWN);
  }
  if (bound.kind === 'local') return finishLocal(state, ctx, session, bound);
  if (bound.kind === 'define') return sendDefinition(state, ctx, session, bound);
  if (bound.kind === 'gather') {
    sendGather(state, ctx, session, request, bound);
    return awaitAnswer(state, ctx, session, request, QUESTIONS_OF_ONE);
  }
  if (bound.relation === 0) return sendAnywhere(state, ctx, session, request, bound);
  bound.isMaking = false;
  bound.routing = makeRouting(shards.copy, pageKey(bound.relation, 0, 0), ROUTE_MAX_ATTEMPTS);
  return take(state, ctx, session, request, bound, nextRouteStep(bound.routing));
}

/**
 * What was sent under older definitions may have been done before the keys were given to two groups (PCS-46). Of a table that is dropped
 * nothing stays, whatever was done to it.
 */
const isSplitMeanwhile = ({ results }: Extract<Bound, { kind: 'local' }>, request: PendingRequest): boolean =>
  request.sent &&
  results.some((result) => result.kind === 'error' && result.sqlstate !== NO_TABLE) &&
  mayWrite(request.statements);

const NO_TABLE = '42P01';

/** The table of an open transaction is dropped: with it went the transaction. */
function leaveDropped({ tables }: ShardCopy, session: Session): void {
  const { transaction } = session;
  const tablet = tabletOfTransaction(transaction);
  if (tablet === null || transaction.kind !== 'open') return;
  if (tables.some(({ tablets }) => tablets.some(({ relation }) => relation === tablet))) return;
  session.transaction = LOST;
}

/** Bound anew where the definitions have changed; a definition that was sent stays what it is. */
function boundOf({ shards }: DriverState, session: Session, request: PendingRequest): Bound {
  const known = request.bound;
  const isStill = known?.kind === 'define' ? known.reqId > 0 : known?.schemaVersion === shards?.schemaVersion;
  if (known && isStill) return known;
  const made = bindRequest(
    shards as NonNullable<typeof shards>,
    session.transaction,
    request.statements,
    request.params,
  );
  request.bound = made;
  return made;
}

/** What a name means may have changed since the copy was made: an error for want of a table counts once the copy is new. */
function finishLocal(
  state: DriverState,
  ctx: RoleContext,
  session: Session,
  { results, block }: Extract<Bound, { kind: 'local' }>,
): Attempted {
  const request = session.current;
  const isMissing = results.some((result) => result.kind === 'error' && result.sqlstate === NO_TABLE);
  if (request && isMissing && request.attempt === 0) {
    request.attempt = 1;
    delete request.bound;
    askMap(state, ctx);
    return awaitAnswer(state, ctx, session, request);
  }
  const [begin] = request?.statements ?? [];
  if (block === 'hold' && begin) {
    session.transaction = { kind: 'held', begin };
  } else if (block === 'end') {
    const { kind } = session.transaction;
    endGathered(state, ctx, session);
    session.transaction = NO_TRANSACTION;
    if (kind === 'failed') return over(resultOf([{ kind: 'done', tag: 'ROLLBACK' }]));
  }
  const result = resultOf(results);
  if (result.outcome === 'error') failTransaction(session);
  return over(result);
}

/**
 * The driver itself ends a request that has no answer. A transaction without one of its statements is not committed (A3), and what
 * a primary may have begun is ended there. Whether COMMIT was carried out the primary can still say (FENCE-44).
 */
export function failBlock(session: Session, { bound, sentFor }: PendingRequest): void {
  if (session.transaction.kind === 'held' && sentFor !== undefined) session.transaction = openAt(sentFor);
  if (bound?.kind !== 'tablet' || !bound.isCommit) failTransaction(session);
}

/**
 * A transaction that is open stays where its first statement was; the BEGIN that was sent along is answered already. Where it is
 * that BEGIN which the primary has refused, nothing is open there, and the client's transaction has failed.
 */
export function takeBlock(
  session: Session,
  { sentFor, told = 0 }: PendingRequest,
  { results: all, inTransaction }: MessageOf<'SqlReply'>,
): readonly StatementResult[] {
  const { transaction } = session;
  // what the primary was told first is no statement of the client's
  const results = told > 0 && all.length > told ? all.slice(told) : all;
  const isHeld = transaction.kind === 'held';
  const isRefused = isHeld && results[0]?.kind === 'error';
  if (isRefused && !inTransaction) {
    failTransaction(session);
    return results;
  }
  const isError = results.some(({ kind }) => kind === 'error');
  session.transaction = inTransaction ? openAt(sentFor ?? tabletOfTransaction(transaction)) : NO_TRANSACTION;
  if (transaction.kind === 'failed' && isError) failTransaction(session);
  return isHeld && !isRefused ? results.slice(1) : results;
}

function take(
  state: DriverState,
  ctx: RoleContext,
  session: Session,
  request: PendingRequest,
  bound: Tablet,
  step: RouteStep,
): Attempted {
  bound.awaitsMap = false;
  if (step.kind === 'send') {
    bound.group = step.group;
    return sendTo(state, ctx, session, request, bound, step.to);
  }
  if (step.kind === 'end' && step.outcome === 'UNAVAILABLE') {
    askMapSoon(state, ctx);
    return LATER;
  }
  bound.awaitsMap = true;
  askMap(state, ctx);
  return awaitAnswer(state, ctx, session, request);
}

/** The attempt's time limit. */
function awaitAnswer(
  state: DriverState,
  ctx: RoleContext,
  session: Session,
  request: PendingRequest,
  questions = 1,
): Attempted {
  session.stamp++;
  limitAttempt(state, ctx, session, request, questions);
  return WAITS;
}

/** To whoever leads some group: the request reads no table. */
function sendAnywhere(
  state: DriverState,
  ctx: RoleContext,
  session: Session,
  request: PendingRequest,
  bound: Tablet,
): Attempted {
  const { shards } = state;
  const group = shards && anyGroup(shards);
  if (group && group.leader !== null) {
    bound.group = group;
    return sendTo(state, ctx, session, request, bound, group.leader);
  }
  if (shards && shards.copy.version > 0 && shards.copy.groups.length === 0)
    return over(failure('55000', 'no table has been written yet: nobody can answer'));
  askMapSoon(state, ctx);
  return LATER;
}

function volumeRoute(state: DriverState, volume: string): VolumeRoute {
  const route = state.routes.get(volume) ?? makeRoute(state.config, volume);
  state.routes.set(volume, route);
  return route;
}

function sendTo(
  state: DriverState,
  ctx: RoleContext,
  session: Session,
  request: PendingRequest,
  { relation, group, tables, key }: Tablet,
  to: NodeId,
): Attempted {
  if (!group || !state.shards) return WAITS;
  const { volume, term, memberEpoch, geoEpoch } = group;
  const route = volumeRoute(state, volume);
  if (route.writer !== to || route.token !== term) {
    route.writer = to;
    route.token = term;
    route.statements.era++;
  }
  session.volume = volume;
  request.attempt++;
  request.sent = true;
  recordAsked(request, to);
  const sentFor = relation || tabletOf(state.shards, group);
  if (sentFor !== undefined) request.sentFor = sentFor;
  request.era = route.statements.era;
  if (request.traceId === 0) request.traceId = nextTraceId(state);
  const { transaction } = session;
  const isOpen = transaction.kind === 'open' || transaction.kind === 'failed';
  const setting = isOpen ? [] : settingOf(session.timeout);
  const begin = transaction.kind === 'held' ? [transaction.begin] : [];
  const statements = [...setting, ...begin, ...request.statements];
  request.told = setting.length;
  trace(ctx, { kind: 'driver.route', session: session.name, group: group.group, to, term });
  send(forTrace(ctx, request.traceId), to, {
    kind: 'ShardRequest',
    volume,
    session: session.name,
    incarnation: state.bootEpoch,
    sequence: request.sequence,
    attempt: request.attempt,
    statements: statementsToSend(route.statements, statements),
    params: request.params as (string | null)[],
    inTransaction: isOpen,
    group: group.group,
    term,
    memberEpoch,
    geoEpoch,
    tables: tables.map((one) => ({ ...one })),
    key,
  });
  return awaitAnswer(state, ctx, session, request);
}

export function onGatherReply(
  state: DriverState,
  ctx: RoleContext,
  from: NodeId,
  m: MessageOf<'GatherReply'>,
): readonly Settled[] {
  const known = repliedTo(state, m);
  if (known?.request.bound?.kind !== 'gather') return [];
  const { session, request } = known;
  const { asked } = known.request.bound;
  // a refusal says nothing of the node that is asked now; an answer is one, whoever gives it
  if (m.code === '' ? !asked.includes(from) : asked.at(-1) !== from) return [];
  const result = takeGathered(session, from, m);
  if (result !== null) return [[session, over(result)]];
  trace(ctx, { kind: 'driver.retry', session: session.name, attempt: request.attempt + 1, why: m.code });
  askMapSoon(state, ctx);
  return [[session, LATER]];
}

/** PCS-53: a newer primary is followed, everything else renews the map. */
export function onShardRefused(
  state: DriverState,
  ctx: RoleContext,
  m: MessageOf<'ShardRefused'>,
): readonly Settled[] {
  const known = repliedTo(state, m);
  const bound = known?.request.bound;
  if (!known || bound?.kind !== 'tablet' || !bound.group || bound.awaitsMap) return [];
  const { session, request } = known;
  trace(ctx, { kind: 'driver.retry', session: session.name, attempt: request.attempt + 1, why: m.code });
  if (bound.routing === null || m.code === 'SCHEMA_LEASE_EXPIRED' || m.code === 'SPLITTING') {
    askMapSoon(state, ctx);
    return [[session, LATER]];
  }
  const step = onRefused(bound.routing, bound.group, toRefusal(m) ?? { kind: 'NOT_MEMBER' });
  return [[session, take(state, ctx, session, request, bound, step)]];
}

/** Requests that wait for a newer map go on; definitions that are done are answered. */
export function onMapIs(state: DriverState, ctx: RoleContext, m: MessageOf<'MapIs'>): readonly Settled[] {
  if (!takeMap(state, m)) return [];
  return [...state.sessions.values()].flatMap((session): Settled[] => {
    const request = session.current;
    const bound = request?.bound;
    if (!request) return [];
    if (bound === undefined) return [[session, attemptBound(state, ctx, session, request)]];
    if (bound.kind === 'define') return [[session, answerDefinition(state, bound)]];
    if (bound.kind !== 'tablet' || !bound.awaitsMap) return [];
    const isNewSchema = state.shards?.schemaVersion !== bound.schemaVersion;
    if (isNewSchema) return [[session, attemptBound(state, ctx, session, request)]];
    return [[session, goOn(state, ctx, session, request, bound)]];
  });
}

/** A tablet without a group gets one (PCS-39); until it has, and somebody leads it, each new map is looked at. */
function goOn(
  state: DriverState,
  ctx: RoleContext,
  session: Session,
  request: PendingRequest,
  bound: Tablet,
): Attempted {
  if (!bound.routing || !state.shards) return WAITS;
  const step = onRefreshed(bound.routing, state.shards.copy);
  if (step.kind === 'end' && step.outcome === 'NO_GROUP') {
    if (!bound.isMaking) askMap(state, ctx, bound.relation);
    bound.isMaking = true;
  } else if (step.kind === 'send' && step.group.leader === null) bound.routing.attemptsLeft++;
  else return take(state, ctx, session, request, bound, step);
  return WAITS;
}

function sendDefinition(state: DriverState, ctx: RoleContext, session: Session, bound: Define): Attempted {
  const { meta, bootEpoch: boot } = state;
  const request = session.current;
  if (!request) return WAITS;
  if (bound.reqId === 0) bound.reqId = ++state.ordered;
  request.sent = true;
  const { what, name, definition, bounds } = bound.order;
  if (bound.isDone) askMap(state, ctx);
  else if (meta !== null)
    send(ctx, meta, { kind: 'DefineTable', boot, reqId: bound.reqId, what, name, definition, bounds });
  return awaitAnswer(state, ctx, session, request);
}

export function onTableDefined(
  state: DriverState,
  ctx: RoleContext,
  m: MessageOf<'TableDefined'>,
): readonly Settled[] {
  if (m.boot !== state.bootEpoch) return [];
  for (const session of state.sessions.values()) {
    const request = session.current;
    const bound = request?.bound;
    if (!request || bound?.kind !== 'define' || bound.reqId !== m.reqId || bound.isDone) continue;
    if (m.code === 'CHANGE_IN_PROGRESS') {
      delete request.bound; // asked again it is another request
      return [[session, LATER]];
    }
    if (m.code !== '') return [[session, over(refusedDefinition(bound, m.code))]];
    bound.isDone = true;
    askMap(state, ctx);
    return [[session, answerDefinition(state, bound)]];
  }
  return [];
}

const tagOf = ({ order }: Define): string => (order.what === 'create' ? 'CREATE TABLE' : 'DROP TABLE');

function refusedDefinition(bound: Define, code: string): ClientResult {
  const { name } = bound.order;
  if (bound.isForgiving && (code === 'EXISTS' || code === 'MISSING'))
    return resultOf([{ kind: 'done', tag: tagOf(bound) }]);
  if (code === 'EXISTS') return failure('42P07', `relation "${name}" already exists`);
  if (code === 'KEY_EXISTS') return failure('42P07', `relation "${bound.keyName}" already exists`);
  if (code === 'MISSING') return failure('42P01', `table "${name}" does not exist`);
  return failure('55000', code);
}

/** Once the driver's own copy shows it, so that its next statement meets it. */
function answerDefinition(state: DriverState, bound: Define): Attempted {
  const { what, name } = bound.order;
  const isThere = state.shards?.tables.some((table) => table.name === name && table.state === 'active');
  const isShown = bound.isDone && isThere === (what === 'create');
  return isShown ? over(resultOf([{ kind: 'done', tag: tagOf(bound) }])) : WAITS;
}
