// Replies of an engine to a session's request, of the writer, of a primary or of a reader: results, or why the request goes on elsewhere.

import type { NodeId } from '../../base/ids.ts';
import type { StatementResult } from '../kernel/client-calls.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { failed, resultOf, unknown } from './client-results.ts';
import { askRouteSoon } from './driver-route.ts';
import { type PendingRequest, routeOf, type Work } from './driver-state.ts';
import { forgetTaken, recordTaken } from './driver-statements.ts';
import { isDoubted, lost, NO_TRANSACTION, type Transaction } from './driver-transaction.ts';
import { mayWrite } from './outcome.ts';
import { AGAIN, type Attempted, LATER, over } from './request-route.ts';
import { afterLoss } from './statement-timeout.ts';

type EngineReply = MessageOf<'SqlReply' | 'PointedReply'>;

/**
 * FENCE-44: nobody keeps what failed. The node that has the last copy of a request may carry it out although another has answered an
 * earlier copy with an error, so its answer is waited for.
 */
export const isLateError = (
  from: NodeId,
  { lastAsked, statements }: PendingRequest,
  { code, results }: EngineReply,
): boolean =>
  code === '' && from !== lastAsked && results.some(({ kind }) => kind === 'error') && mayWrite(statements);

/** The request was carried out; `next`: the session's transaction now. */
export function onResults(
  { state, session, request }: Work,
  { scn }: EngineReply,
  results: readonly StatementResult[],
  next: Transaction,
): Attempted {
  recordTaken(routeOf(state, session.volume).statements, request.statements, request.era);
  return over(resultOf(results, scn), next);
}

/** Instead of results there is a code. */
export function onCode(work: Work, { code, results }: EngineReply): Attempted {
  const { state, ctx, session, request } = work;
  const route = routeOf(state, session.volume);
  switch (code) {
    case 'COMMIT_UNKNOWN':
      // with results it comes from a writer that was fenced in the commit; without, perhaps from one that has lost what it knew
      if (state.isAppointed && (results.length > 0 || !request.isUnknown)) {
        request.isUnknown = true;
        route.writer = null;
        break;
      }
      return over(
        results.length > 0
          ? { outcome: 'unknown', statements: results, scn: -1 }
          : unknown('08007', 'the commit may or may not have been made'),
        NO_TRANSACTION,
      );
    case 'TXN_ABORTED_FAILOVER':
      return isDoubted(session.transaction, 'isEndUnknown')
        ? over(
            unknown('08007', 'the transaction is over: its commit may or may not have been made'),
            NO_TRANSACTION,
          )
        : onTransactionLost(work, 'the writer changed');
    case 'UNKNOWN_STATEMENT':
      // FENCE-55: nothing was done; everything goes whole again.
      forgetTaken(route.statements);
      return AGAIN;
    case 'FENCED':
    case 'NOT_PRIMARY':
    case 'READ_ONLY':
      route.writer = null;
  }
  // Nothing was applied by this attempt: the writer is looked for, and asked again.
  askRouteSoon(state, ctx, route);
  return LATER;
}

/** The transaction is lost with who had it, which the request is told; `why`: what became of that node. */
export function onTransactionLost({ state, session, request }: Work, why: string): Attempted {
  // settings of a session are in its writer's memory
  afterLoss(session.timeout);
  return over(
    failed('40001', `${why}; the transaction was rolled back`),
    has(state.mutants, 'driver.forgets-lost') ? NO_TRANSACTION : lost(request.statements),
  );
}
