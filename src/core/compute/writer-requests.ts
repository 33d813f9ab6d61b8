// What drivers ask of a writer's seat, whatever its storage: while the volume is not open, or is being handed over, a statement is refused with a
// code that leads the driver on (docs/spec/failover.md FENCE-9, FENCE-14, W2).

import type { Lsn, NodeId } from '../../base/ids.ts';
import { type RoleContext, send } from '../kernel/context.ts';
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
