// Reads of several groups, from the driver's side (docs/spec/pcs.md §7, PCS-56, PCS-97): they go to the node that the session's target
// names, otherwise to the compute nodes in turn; who is silent or refuses is followed by the next. They change nothing, so they may
// be done twice, and the first answer counts, whoever gives it: a read that outlasts an attempt would otherwise be begun anew at each
// node and be answered by none. A transaction that has begun so stays at the node that has its read points.

import type { NodeId } from '../../base/ids.ts';
import { forTrace, type RoleContext, send } from '../kernel/context.ts';
import type { ClientResult, StatementResult } from '../kernel/door.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { askMapSoon } from './driver-map.ts';
import type { Bound } from './driver-shards.ts';
import {
  type DriverState,
  nextTraceId,
  type PendingRequest,
  recordAsked,
  type Session,
  stayingAt,
} from './driver-state.ts';
import { wholeStatements } from './driver-statements.ts';
import { failTransaction, gathererOf, LOST, NO_TRANSACTION } from './driver-transaction.ts';

type Gather = Extract<Bound, { kind: 'gather' }>;

/** False: no node is known yet. */
export function sendGather(
  state: DriverState,
  ctx: RoleContext,
  session: Session,
  request: PendingRequest,
  bound: Gather,
): boolean {
  const to = gathererOf(session.transaction) ?? stayingAt(request) ?? chooseNode(state, session, bound);
  if (to === null) {
    askMapSoon(state, ctx);
    return false;
  }
  bound.asked = withLast(bound.asked, to);
  if (bound.block === 'begin') request.begunAt = withLast(request.begunAt ?? [], to);
  request.attempt++;
  recordAsked(request, to);
  if (request.traceId === 0) request.traceId = nextTraceId(state);
  send(forTrace(ctx, request.traceId), to, {
    kind: 'GatherRequest',
    session: session.name,
    incarnation: state.bootEpoch,
    sequence: request.sequence,
    attempt: request.attempt,
    statements: wholeStatements(request.statements),
    params: request.params as (string | null)[],
    block: bound.block,
    isRepeatable: bound.isRepeatable,
  });
  return true;
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

/** All that the session has asked of the node up to this request is over. */
function endAt(
  { bootEpoch }: DriverState,
  ctx: RoleContext,
  session: Session,
  to: NodeId,
  sequence: number,
): void {
  send(ctx, to, {
    kind: 'GatherRequest',
    session: session.name,
    incarnation: bootEpoch,
    sequence,
    attempt: 0,
    statements: [],
    params: [],
    block: 'end',
    isRepeatable: false,
  });
}

/** A transaction stays where it was answered first: who else was asked may have begun it as well. */
export function endElsewhere(
  state: DriverState,
  ctx: RoleContext,
  session: Session,
  { begunAt = [], sequence }: PendingRequest,
): void {
  const gatherer = gathererOf(session.transaction);
  for (const node of begunAt) if (node !== gatherer) endAt(state, ctx, session, node, sequence);
}

/** The transaction is over, or its client is gone: nobody keeps its read points. */
export function endGathered(state: DriverState, ctx: RoleContext, session: Session): void {
  const gatherer = gathererOf(session.transaction);
  if (gatherer !== null) endAt(state, ctx, session, gatherer, session.nextSequence - 1);
}

/** What has become of the request: its answer, or null where it is to be tried again. */
export function takeGathered(
  session: Session,
  from: NodeId,
  m: MessageOf<'GatherReply'>,
): ClientResult | null {
  if (m.code === 'TXN_ABORTED_FAILOVER') {
    session.transaction = LOST;
    return resultOf([
      {
        kind: 'error',
        sqlstate: '40001',
        message: 'a primary that was read changed; the transaction was rolled back',
        position: null,
      },
    ]);
  }
  if (m.code !== '') return null;
  session.transaction = m.inTransaction
    ? { kind: 'open', at: { kind: 'gatherer', node: from } }
    : NO_TRANSACTION;
  const result = resultOf(m.results);
  if (result.outcome === 'error') failTransaction(session);
  return { ...result, readAt: { node: from, points: m.points } };
}

const resultOf = (statements: readonly StatementResult[]): ClientResult => ({
  outcome: statements.some(({ kind }) => kind === 'error') ? 'error' : 'ok',
  statements,
  scn: -1,
});
