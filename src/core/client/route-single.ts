// The route of a volume that has one writer: to that, or in a cluster with readers to one of them (driver-readers.ts).

import type { Lsn, NodeId } from '../../base/ids.ts';
import { forTrace, send } from '../kernel/context.ts';
import { reach } from '../kernel/limits.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { IN_FAILED } from '../sql/failure.ts';
import { done, failed } from './client-results.ts';
import {
  isPassedOn,
  isRefusedWrite,
  leaveReader,
  type Routing,
  readerFor,
  recordSeen,
} from './driver-readers.ts';
import { isLateError, onCode, onResults, onTransactionLost } from './driver-replies.ts';
import { askRouteSoon } from './driver-route.ts';
import { QUESTIONS_OF_ONE, routeOf, type Work } from './driver-state.ts';
import { statementsToSend, wholeStatements } from './driver-statements.ts';
import { isInTransaction, isRemoved, NO_TRANSACTION, openAt } from './driver-transaction.ts';
import { mayEnd } from './outcome.ts';
import {
  AGAIN,
  type Attempted,
  awaitAnswer,
  LATER,
  over,
  type RequestRoute,
  recordAttempt,
  WAITS,
} from './request-route.ts';

export const singleRoute: RequestRoute = {
  send: (work) => {
    const { state, session, request } = work;
    const { routing, transaction } = session;
    if (routing && isRemoved(transaction)) {
      // PCS-79
      routing.at = null;
      return onTransactionLost(work, 'the reader was removed');
    }
    if (transaction.kind === 'failed') return answerLost(work);
    const reader = routing ? readerFor(state, session, routing, request) : null;
    return reader === null ? sendToWriter(work) : sendToReader(work, reader);
  },
  onReply: (work, from, m) => {
    if (m.kind === 'SqlReply') return onSqlReply(work, from, m);
    const { routing } = work.session;
    return m.kind === 'PointedReply' && routing ? onPointedReply(work, routing, from, m) : WAITS;
  },
  onLoss: ({ state, ctx, session }) => {
    if (session.routing?.at) {
      leaveReader(ctx, session, session.routing, 'timeout');
      return;
    }
    const route = routeOf(state, session.volume);
    if (state.isAppointed) route.isDoubted = true;
    askRouteSoon(state, ctx, route);
  },
  isFollowed: ({ session }) => session.routing?.at != null,
  // whoever has it misses a number, and fails it himself
  failed: ({ session }) => session.transaction,
};

/** What the client asks in a transaction that was lost: nobody is asked. */
const answerLost = ({ request: { statements } }: Work): Attempted =>
  statements.length === 1 && mayEnd(statements)
    ? over(done('ROLLBACK'), NO_TRANSACTION)
    : over(failed('25P02', IN_FAILED));

function sendToWriter(work: Work): Attempted {
  const { state, ctx, session, request } = work;
  const route = routeOf(state, session.volume);
  if (route.writer === null) {
    askRouteSoon(state, ctx, route);
    return awaitAnswer(work);
  }
  if (route.statements.byText.size >= route.statements.limit)
    reach(ctx, state.config.params, 'keptStatements');
  request.sent = true;
  request.era = route.statements.era;
  const fields = recordAttempt(work, route.writer);
  send(forTrace(ctx, request.traceId), route.writer, {
    kind: 'SqlRequest',
    ...fields,
    volume: session.volume,
    statements: statementsToSend(route.statements, request.statements),
    inTransaction: isInTransaction(session),
  });
  return awaitAnswer(work);
}

/** READ-41: to a reader, which waits for what the session has seen. Statements go whole: readers keep none by number. */
function sendToReader(work: Work, reader: NodeId): Attempted {
  const { ctx, session, request } = work;
  const fields = recordAttempt(work, reader);
  send(forTrace(ctx, request.traceId), reader, {
    kind: 'PointedRequest',
    ...fields,
    volume: session.volume,
    statements: wholeStatements(request.statements),
    inTransaction: isInTransaction(session),
    waitLsn: (session.routing?.bound ?? -1) as Lsn,
  });
  return awaitAnswer(work, QUESTIONS_OF_ONE);
}

/** READ-46: an engine refuses what it has no room for, a further session above all. Another node may have: a reader is left. */
function onSqlReply(work: Work, from: NodeId, m: MessageOf<'SqlReply'>): Attempted {
  const { session, request } = work;
  const { routing } = session;
  if (isLateError(from, request, m)) return WAITS;
  if (routing?.at === from && !isInTransaction(session) && m.code === 'RECOVERING')
    return passOn(work, routing, m.code);
  return onEngineReply(work, m);
}

function onEngineReply(work: Work, m: MessageOf<'SqlReply' | 'PointedReply'>): Attempted {
  if (m.code !== '') return onCode(work, m);
  return onResults(work, m, m.results, m.inTransaction ? openAt(null) : NO_TRANSACTION);
}

/** READ-40: a reply that says at which read point it stands, of a reader or of the writer of a cluster with readers. */
function onPointedReply(work: Work, routing: Routing, from: NodeId, m: MessageOf<'PointedReply'>): Attempted {
  const { state, ctx, session, request } = work;
  const isPassed = isPassedOn(m.code) || (m.code === '' && isRefusedWrite(routing, m.results));
  if (
    state.readers.includes(from) &&
    m.code !== '' &&
    from !== routing.at &&
    from !== routeOf(state, session.volume).writer
  )
    return WAITS; // a late refusal
  if (routing.at !== null && isPassed) {
    const isWrite = m.code === '';
    if (isWrite) for (const node of state.readers) routing.tried.push(node);
    return passOn(work, routing, isWrite ? 'READ_ONLY' : m.code);
  }
  if (isLateError(from, request, m)) return WAITS;
  if (m.code === '') recordSeen(ctx, session, routing, from, m.readPoint, m.scn);
  return onEngineReply(work, m);
}

/** To the next node, or to the one that was asked for later. */
function passOn({ ctx, session, request }: Work, routing: Routing, why: string): Attempted {
  leaveReader(ctx, session, routing, why);
  request.at = null;
  return routing.target === 'any' ? AGAIN : LATER;
}
