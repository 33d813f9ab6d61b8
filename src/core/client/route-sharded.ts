// Sends bound requests to primaries and definitions to the metadata, and takes the answers (docs/spec/pcs.md PCS-51 to PCS-55). The
// request's id stays the same however often and wherever it is sent, so that it is carried out at most once (FENCE-44).

import type { NodeId } from '../../base/ids.ts';
import type { StatementResult } from '../kernel/client-calls.ts';
import { forTrace, send, trace } from '../kernel/context.ts';
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
import { mayBeStale } from '../sql/leading-notes.ts';
import { done, failed, resultOf, unknown } from './client-results.ts';
import { sendDefinition } from './driver-definitions.ts';
import { askMap, askMapSoon } from './driver-map.ts';
import { isLateError, onCode, onResults } from './driver-replies.ts';
import { anyGroup, type Bound, tabletOf } from './driver-shards.ts';
import {
  type DriverState,
  makeRoute,
  type PendingRequest,
  type VolumeRoute,
  type Work,
} from './driver-state.ts';
import { statementsToSend } from './driver-statements.ts';
import {
  failedHere,
  failedOf,
  NO_TRANSACTION,
  openAt,
  type Transaction,
  tabletOfTransaction,
} from './driver-transaction.ts';
import { mayWrite } from './outcome.ts';
import {
  type Attempted,
  awaitAnswer,
  LATER,
  over,
  type RequestRoute,
  recordAttempt,
  WAITS,
} from './request-route.ts';
import { endGathered } from './route-gathered.ts';
import { settingOf } from './statement-timeout.ts';

type Tablet = Extract<Bound, { kind: 'tablet' }>;

export const shardedRoute: RequestRoute = {
  send: (work) => {
    const { state, request } = work;
    const { bound } = request;
    if (bound?.kind === 'local') return answerLocal(work, bound);
    if (bound?.kind === 'define') return sendDefinition(work, bound);
    if (bound?.kind !== 'tablet' || !state.shards) return WAITS;
    if (bound.relation === 0) return sendAnywhere(work, bound);
    bound.isMaking = false;
    bound.routing = makeRouting(state.shards.copy, pageKey(bound.relation, 0, 0), ROUTE_MAX_ATTEMPTS);
    return take(work, bound, nextRouteStep(bound.routing));
  },
  onReply: (work, from, m) => {
    if (m.kind === 'ShardRefused') return onShardRefused(work, m);
    if (m.kind !== 'SqlReply' || isLateError(from, work.request, m)) return WAITS;
    if (m.code !== '') return onCode(work, m);
    const { results, next } = takeBlock(work, m);
    return onResults(work, m, results, next);
  },
  onLoss: ({ state, ctx }) => askMapSoon(state, ctx),
  isFollowed: () => false,
  failed: failedHere,
};

/**
 * What was sent under older definitions may have been done before the keys were given to two groups (PCS-46). Of a table that is dropped
 * nothing stays, whatever was done to it.
 */
const isSplitMeanwhile = ({ results }: Extract<Bound, { kind: 'local' }>, request: PendingRequest): boolean =>
  request.sent &&
  results.some((result) => result.kind === 'error' && result.sqlstate !== NO_TABLE) &&
  mayWrite(request.statements);

const NO_TABLE = '42P01';

/** What a name means may have changed since the copy was made: an error for want of a table or a column, or for another result, counts once the copy is new. */
function answerLocal(work: Work, bound: Extract<Bound, { kind: 'local' }>): Attempted {
  const { state, ctx, session, request } = work;
  const { results, block } = bound;
  const { transaction } = session;
  if (isSplitMeanwhile(bound, request))
    return over(unknown('08007', 'the outcome is unknown: its keys were split'), failedHere(work, false));
  const isOld = results.some((one) => one.kind === 'error' && mayBeStale(one.sqlstate, one.message));
  if (isOld && (request.attempt === 0 || state.shards?.isDoubted)) {
    const isFirst = request.attempt === 0;
    request.attempt = Math.max(1, request.attempt);
    delete request.bound;
    if (isFirst) askMap(state, ctx);
    return awaitAnswer(work);
  }
  const result = resultOf(results);
  const [begin] = request.statements;
  if (block === 'hold' && begin) return over(result, { kind: 'held', begin });
  if (block === 'end') {
    endGathered(state, ctx, session);
    return over(transaction.kind === 'failed' ? done('ROLLBACK') : result, NO_TRANSACTION);
  }
  return over(result, result.outcome === 'error' ? failedOf(transaction) : transaction);
}

/**
 * A transaction that is open stays where its first statement was; the BEGIN that was sent along is answered already. Where it is
 * that BEGIN which the primary has refused, nothing is open there, and the client's transaction has failed.
 */
function takeBlock(
  { session: { transaction }, request: { sentFor, told = 0 } }: Work,
  { results: all, inTransaction }: MessageOf<'SqlReply'>,
): { readonly results: readonly StatementResult[]; readonly next: Transaction } {
  // what the primary was told first is no statement of the client's
  const results = told > 0 && all.length > told ? all.slice(told) : all;
  const isHeld = transaction.kind === 'held';
  const isRefused = isHeld && results[0]?.kind === 'error';
  if (isRefused && !inTransaction) return { results, next: failedOf(transaction) };
  const isError = results.some(({ kind }) => kind === 'error');
  const open = inTransaction ? openAt(sentFor ?? tabletOfTransaction(transaction)) : NO_TRANSACTION;
  return {
    results: isHeld && !isRefused ? results.slice(1) : results,
    next: transaction.kind === 'failed' && isError ? failedOf(open) : open,
  };
}

function take(work: Work, bound: Tablet, step: RouteStep): Attempted {
  const { state, ctx } = work;
  bound.awaitsMap = false;
  if (step.kind === 'send') {
    bound.group = step.group;
    return sendTo(work, bound, step.to);
  }
  if (step.kind === 'end' && step.outcome === 'UNAVAILABLE') {
    askMapSoon(state, ctx);
    return LATER;
  }
  bound.awaitsMap = true;
  askMap(state, ctx);
  return awaitAnswer(work);
}

/** To whoever leads some group: the request reads no table. */
function sendAnywhere(work: Work, bound: Tablet): Attempted {
  const { state, ctx } = work;
  const { shards } = state;
  const group = shards && anyGroup(shards);
  if (group && group.leader !== null) {
    bound.group = group;
    return sendTo(work, bound, group.leader);
  }
  if (shards && shards.copy.version > 0 && shards.copy.groups.length === 0)
    return over(failed('55000', 'no table has been written yet: nobody can answer'));
  askMapSoon(state, ctx);
  return LATER;
}

function volumeRoute(state: DriverState, volume: string): VolumeRoute {
  const route = state.routes.get(volume) ?? makeRoute(state.config, volume);
  state.routes.set(volume, route);
  return route;
}

function sendTo(work: Work, { relation, group, tables, key }: Tablet, to: NodeId): Attempted {
  const { state, ctx, session, request } = work;
  if (!group || !state.shards) return WAITS;
  const { volume, term, memberEpoch, geoEpoch } = group;
  const route = volumeRoute(state, volume);
  if (route.writer !== to || route.token !== term) {
    route.writer = to;
    route.token = term;
    route.statements.era++;
  }
  session.volume = volume;
  request.sent = true;
  const sentFor = relation || tabletOf(state.shards, group);
  if (sentFor !== undefined) request.sentFor = sentFor;
  request.era = route.statements.era;
  const fields = recordAttempt(work, to);
  const { transaction } = session;
  const isOpen = transaction.kind === 'open' || transaction.kind === 'failed';
  const setting = isOpen ? [] : settingOf(session.timeout);
  const begin = transaction.kind === 'held' ? [transaction.begin] : [];
  const statements = [...setting, ...begin, ...request.statements];
  request.told = setting.length;
  trace(ctx, { kind: 'driver.route', session: session.name, group: group.group, to, term });
  send(forTrace(ctx, request.traceId), to, {
    kind: 'ShardRequest',
    ...fields,
    volume,
    statements: statementsToSend(route.statements, statements),
    inTransaction: isOpen,
    group: group.group,
    term,
    memberEpoch,
    geoEpoch,
    tables: tables.map((one) => ({ ...one })),
    key,
  });
  return awaitAnswer(work);
}

/** PCS-53: a newer primary is followed, everything else renews the map. */
function onShardRefused(work: Work, m: MessageOf<'ShardRefused'>): Attempted {
  const { state, ctx, session, request } = work;
  const { bound } = request;
  if (bound?.kind !== 'tablet' || !bound.group || bound.awaitsMap) return WAITS;
  trace(ctx, { kind: 'driver.retry', session: session.name, attempt: request.attempt + 1, why: m.code });
  if (bound.routing === null || m.code === 'SCHEMA_LEASE_EXPIRED' || m.code === 'SPLITTING') {
    askMapSoon(state, ctx);
    return LATER;
  }
  return take(work, bound, onRefused(bound.routing, bound.group, toRefusal(m) ?? { kind: 'NOT_MEMBER' }));
}

/** A tablet without a group gets one (PCS-39); until it has, and somebody leads it, each new map is looked at. */
export function resume(work: Work, bound: Tablet): Attempted {
  const { state, ctx } = work;
  if (!bound.routing || !state.shards) return WAITS;
  const step = onRefreshed(bound.routing, state.shards.copy);
  if (step.kind === 'end' && step.outcome === 'NO_GROUP') {
    if (!bound.isMaking) askMap(state, ctx, bound.relation);
    bound.isMaking = true;
  } else if (step.kind === 'send' && step.group.leader === null) bound.routing.attemptsLeft++;
  else return take(work, bound, step);
  return WAITS;
}
