// Replies of the engine to a session's request, of the writer, of a primary or of a reader: a result, or why the request goes on elsewhere.

import type { NodeId } from '../../base/ids.ts';
import type { RoleContext } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { unknown } from './client-results.ts';
import { attempt, endLost, finish, passOn, retryLater } from './driver-attempts.ts';
import { isPassedOn, isRefusedWrite, recordSeen } from './driver-readers.ts';
import { askRouteSoon } from './driver-route.ts';
import { takeBlock } from './driver-shard-send.ts';
import { type AtWork, type DriverState, type PendingRequest, repliedTo, routeOf } from './driver-state.ts';
import { forgetTaken, recordTaken } from './driver-statements.ts';
import { isInTransaction, NO_TRANSACTION, openAt } from './driver-transaction.ts';
import { mayWrite } from './outcome.ts';

/** READ-40: a reply that says at which read point it stands, of a reader or of the writer of a cluster with readers. */
export function onPointedReply(
  state: DriverState,
  ctx: RoleContext,
  from: NodeId,
  m: MessageOf<'PointedReply'>,
): void {
  const known = repliedTo(state, m);
  const routing = known?.session.routing;
  if (!known || !routing) return;
  const { session, request } = known;
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
  if (isLateError(from, request, m)) return;
  if (m.code === '') recordSeen(ctx, session, routing, from, m.readPoint, m.scn);
  onSqlReply(state, ctx, known, { ...m, kind: 'SqlReply' });
}

/** READ-46: an engine refuses what it has no room for, a further session above all. Another node may have: a reader is left. */
export function onEngineReply(
  state: DriverState,
  ctx: RoleContext,
  from: NodeId,
  m: MessageOf<'SqlReply'>,
): void {
  const known = repliedTo(state, m);
  if (!known) return;
  const { session, request } = known;
  if (isLateError(from, request, m)) return;
  const isReader = session.routing?.at === from && !isInTransaction(session);
  if (isReader && m.code === 'RECOVERING') passOn(state, ctx, session, request, m.code);
  else onSqlReply(state, ctx, known, m);
}

/**
 * FENCE-44: nobody keeps what failed. The node that has the last copy of a request may carry it out although another has answered an
 * earlier copy with an error, so its answer is waited for.
 */
function isLateError(
  from: NodeId,
  { lastAsked, statements }: PendingRequest,
  { code, results }: Pick<MessageOf<'SqlReply'>, 'code' | 'results'>,
): boolean {
  return (
    code === '' && from !== lastAsked && results.some(({ kind }) => kind === 'error') && mayWrite(statements)
  );
}

function onSqlReply(
  state: DriverState,
  ctx: RoleContext,
  { session, request }: AtWork,
  m: MessageOf<'SqlReply'>,
): void {
  const route = routeOf(state, session.volume);
  switch (m.code) {
    case '': {
      recordTaken(route.statements, request.statements, request.era);
      const results = state.shards ? takeBlock(session, request, m) : m.results;
      if (!state.shards) session.transaction = m.inTransaction ? openAt(null) : NO_TRANSACTION;
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
      session.transaction = NO_TRANSACTION;
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
      if (session.isEndUnknown) {
        session.transaction = NO_TRANSACTION;
        const message = 'the transaction is over: its commit may or may not have been made';
        finish(state, ctx, session, unknown('08007', message));
      } else endLost(state, ctx, session, request, 'the writer changed');
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
