// What the attachments of two architectures share, whatever their storage. A writer refuses a statement while the volume is not open, or is being handed over
// (docs/spec/failover.md FENCE-9, FENCE-14, W2); at a reader a request waits for an LSN, or is refused with a code that leads the driver on
// (docs/spec/readers.md READ-41, READ-46).

import type { Lsn, NodeId, Time } from '../../base/ids.ts';
import { forTrace, type RoleContext, send, trace } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { MAX_WAITERS } from '../reader/reader-limits.ts';

/** W2: a writer that hands over takes no more but for transactions that are open. */
export const isHeldBack = (
  isFreezing: boolean,
  message: MessageOf<'SqlRequest' | 'SqlClose' | 'SqlCancel'>,
): boolean => isFreezing && message.kind === 'SqlRequest' && !message.inTransaction;

/** An open attachment refuses only while it hands over; any that is neither open nor fenced still recovers. */
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

/** The driver says that the request is over, or its session. */
export const isEnded = ({ message }: Waiter, ended: MessageOf<'SqlClose' | 'SqlCancel'>): boolean =>
  message.session === ended.session && (ended.kind === 'SqlClose' || message.sequence === ended.sequence);

interface Waiting {
  waiters: Waiter[];
}

/** How far a reader of a volume has applied. */
interface Applied {
  readonly volume: string;
  readonly applyLsn: Lsn;
}

type Pointed = MessageOf<'PointedRequest'>;

/** It came again: how long it waits is counted from the first time. */
const isSame = (a: Pointed, b: Pointed): boolean =>
  a.session === b.session && a.incarnation === b.incarnation && a.sequence === b.sequence;

/**
 * READ-41: what becomes of a request at a reader that has applied up to `applyLsn`: it runs, waits for at most `waitUs`, waits already, or there
 * are too many that wait. What its session asked for before waits no longer.
 */
export function admit(
  attachment: Waiting,
  ctx: RoleContext,
  { from, message }: Pick<Waiter, 'from' | 'message'>,
  { volume, applyLsn, waitUs }: Applied & { readonly waitUs: number },
): 'runs' | 'waits' | 'waits already' | 'full' {
  const { session, waitLsn: bound } = message;
  if (attachment.waiters.some((one) => one.from === from && isSame(one.message, message)))
    return 'waits already';
  attachment.waiters = attachment.waiters.filter(
    (one) => one.from !== from || one.message.session !== session,
  );
  if (applyLsn >= bound) return 'runs';
  if (attachment.waiters.length >= MAX_WAITERS) return 'full';
  attachment.waiters.push({ from, message, until: (ctx.now + waitUs) as Time, traceId: ctx.traceId });
  trace(ctx, { kind: 'ro.wait', session, bound, applyLsn, volume });
  return 'waits';
}

/** READ-41: one after the other, those whose LSN is there (code ''), and those whose time is over. `serve` gets the context of its statement. */
export function serveWaited(
  attachment: Waiting,
  ctx: RoleContext,
  { volume, applyLsn }: Applied,
  serve: (one: Waiter, code: '' | 'WAIT_LSN_TIMEOUT', own: RoleContext) => void,
): void {
  const isOver = ({ message, until }: Waiter): boolean => message.waitLsn <= applyLsn || until <= ctx.now;
  const over = attachment.waiters.filter(isOver);
  if (over.length === 0) return;
  attachment.waiters = attachment.waiters.filter((one) => !isOver(one));
  for (const one of over) {
    const { session, waitLsn: bound } = one.message;
    const code = bound <= applyLsn ? '' : 'WAIT_LSN_TIMEOUT';
    const own = forTrace(ctx, one.traceId);
    trace(own, { kind: 'ro.waited', session, bound, applyLsn, code, volume });
    serve(one, code, own);
  }
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

/** The attachment serves no more: who waits here goes to another node. */
export function sendAway(attachment: { waiters: Waiter[] }, ctx: RoleContext): void {
  for (const { from, message, traceId } of attachment.waiters)
    refusePointed(forTrace(ctx, traceId), from, message, 'NOT_READY');
  attachment.waiters = [];
}
