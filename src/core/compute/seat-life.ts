// What the seats of two architectures share, whatever their storage. A writer refuses a statement while the volume is not open, or is being handed over
// (docs/spec/failover.md FENCE-9, FENCE-14, W2); at a reader a request waits for an LSN, or is refused with a code that leads the driver on
// (docs/spec/readers.md READ-41, READ-46).

import type { Lsn, NodeId, Time } from '../../base/ids.ts';
import { forTrace, type RoleContext, send } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';

/** W2: a writer that hands over takes no more but for transactions that are open. */
export const isHeldBack = (isFreezing: boolean, message: MessageOf<'SqlRequest' | 'SqlClose'>): boolean =>
  isFreezing && message.kind === 'SqlRequest' && !message.inTransaction;

/** An open seat refuses only while it hands over; any that is neither open nor fenced still recovers. */
export function refuseSql(
  ctx: RoleContext,
  from: NodeId,
  { session, incarnation, sequence }: MessageOf<'SqlRequest'>,
  status: string,
): void {
  const code = status === 'fenced' ? 'FENCED' : status === 'open' ? 'SWITCHING' : 'RECOVERING';
  send(ctx, from, {
    kind: 'SqlReply',
    session,
    incarnation,
    sequence,
    code,
    scn: -1 as Lsn,
    results: [],
    inTransaction: false,
  });
}

export interface Waiter {
  readonly from: NodeId;
  readonly message: MessageOf<'PointedRequest'>;
  readonly until: Time;
  /** PCS-94: what it leads to later belongs to its statement. */
  readonly traceId: number;
}

export type Refused = MessageOf<'PointedRequest' | 'SqlRequest'>;

export function refusePointed(
  ctx: RoleContext,
  to: NodeId,
  { session, incarnation, sequence, inTransaction }: Refused,
  code: string,
): void {
  const none = -1 as Lsn;
  send(ctx, to, {
    kind: 'PointedReply',
    session,
    incarnation,
    sequence,
    code,
    scn: none,
    results: [],
    inTransaction,
    readPoint: none,
  });
}

/** The seat serves no more: who waits here goes to another node. */
export function sendAway(seat: { waiters: Waiter[] }, ctx: RoleContext): void {
  for (const { from, message, traceId } of seat.waiters)
    refusePointed(forTrace(ctx, traceId), from, message, 'NOT_READY');
  seat.waiters = [];
}
