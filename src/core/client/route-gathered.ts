// Reads of several groups, from the driver's side (docs/spec/pcs.md §4, PCS-56, PCS-97): they go to the node that the session's target
// names, otherwise to the compute nodes in turn; who is silent or refuses is followed by the next. They change nothing, so they may
// be done twice, and the first answer counts, whoever gives it: a read that outlasts an attempt would otherwise be begun anew at each
// node and be answered by none. A transaction that has begun so stays at the node that has its read points.

import type { NodeId } from '../../base/ids.ts';
import { forTrace, type RoleContext, send, trace } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { failed, resultOf } from './client-results.ts';
import { askMapSoon } from './driver-map.ts';
import type { Bound } from './driver-shards.ts';
import { type DriverState, QUESTIONS_OF_ONE, type Session, stayingAt, type Work } from './driver-state.ts';
import { wholeStatements } from './driver-statements.ts';
import {
  failedHere,
  failedOf,
  gathererOf,
  LOST,
  NO_TRANSACTION,
  type Transaction,
} from './driver-transaction.ts';
import {
  type Attempted,
  awaitAnswer,
  LATER,
  over,
  type RequestRoute,
  recordAttempt,
  WAITS,
} from './request-route.ts';

type Gather = Extract<Bound, { kind: 'gather' }>;

export const gatheredRoute: RequestRoute = {
  send: (work) => {
    const { bound } = work.request;
    if (bound?.kind === 'gather') sendGather(work, bound);
    return awaitAnswer(work, QUESTIONS_OF_ONE);
  },
  onReply: ({ state, ctx, session, request }, from, m) => {
    const { bound, attempt } = request;
    if (m.kind !== 'GatherReply' || bound?.kind !== 'gather') return WAITS;
    // a refusal says nothing of the node that is asked now; an answer is one, whoever gives it
    if (m.code === '' ? !bound.asked.includes(from) : bound.asked.at(-1) !== from) return WAITS;
    if (m.code === '') return takeGathered(from, m);
    if (m.code === 'TXN_ABORTED_FAILOVER')
      return over(failed('40001', 'a primary that was read changed; the transaction was rolled back'), LOST);
    trace(ctx, { kind: 'driver.retry', session: session.name, attempt: attempt + 1, why: m.code });
    askMapSoon(state, ctx);
    return LATER;
  },
  onLoss: ({ state, ctx }) => askMapSoon(state, ctx),
  isFollowed: () => true,
  failed: failedHere,
};

function sendGather(work: Work, bound: Gather): void {
  const { state, ctx, session, request } = work;
  const to = gathererOf(session.transaction) ?? stayingAt(request) ?? chooseNode(state, session, bound);
  if (to === null) {
    askMapSoon(state, ctx);
    return;
  }
  bound.asked = withLast(bound.asked, to);
  if (bound.block === 'begin') request.begunAt = withLast(request.begunAt ?? [], to);
  const fields = recordAttempt(work, to);
  send(forTrace(ctx, request.traceId), to, {
    kind: 'GatherRequest',
    ...fields,
    statements: wholeStatements(request.statements),
    block: bound.block,
    isRepeatable: bound.isRepeatable,
  });
}

const withLast = (nodes: readonly NodeId[], last: NodeId): readonly NodeId[] => [
  ...nodes.filter((node) => node !== last),
  last,
];

function chooseNode(state: DriverState, { target }: Session, { asked }: Gather): NodeId | null {
  const nodes = state.shards?.nodes ?? [];
  const named = nodes.find((node) => node === target);
  if (named !== undefined && asked.length === 0) return named;
  const first = state.turn++ % nodes.length;
  const inTurn = [...nodes.slice(first), ...nodes.slice(0, first)];
  return inTurn.find((node) => !asked.includes(node)) ?? asked.find((node) => nodes.includes(node)) ?? null;
}

/** All that the session has asked of the node up to this request is over; cancelled: the request is, and its transaction has failed. */
function endAt(
  { bootEpoch }: DriverState,
  ctx: RoleContext,
  session: Session,
  to: NodeId,
  sequence: number,
  block: 'end' | 'cancel' = 'end',
): void {
  send(ctx, to, {
    kind: 'GatherRequest',
    session: session.name,
    incarnation: bootEpoch,
    sequence,
    attempt: 0,
    statements: [],
    params: [],
    block,
    isRepeatable: false,
  });
}

export function cancelGathered({ state, ctx, session, request }: Work, to: NodeId): void {
  endAt(state, ctx, session, to, request.sequence, 'cancel');
}

/** A transaction stays where it was answered first: who else was asked may have begun it as well. */
export function endElsewhere({ state, ctx, session, request }: Work): void {
  const { begunAt = [], sequence } = request;
  const gatherer = gathererOf(session.transaction);
  for (const node of begunAt) if (node !== gatherer) endAt(state, ctx, session, node, sequence);
}

/** The transaction is over, or its client is gone: nobody keeps its read points. */
export function endGathered(state: DriverState, ctx: RoleContext, session: Session): void {
  const gatherer = gathererOf(session.transaction);
  if (gatherer !== null) endAt(state, ctx, session, gatherer, session.nextSequence - 1);
}

function takeGathered(from: NodeId, { results, inTransaction, points }: MessageOf<'GatherReply'>): Attempted {
  const result = resultOf(results);
  const open: Transaction = inTransaction
    ? { kind: 'open', at: { kind: 'gatherer', node: from } }
    : NO_TRANSACTION;
  return over(
    { ...result, readAt: { node: from, points } },
    result.outcome === 'error' ? failedOf(open) : open,
  );
}
