// A writer's part of a planned switchover, whatever its storage (docs/spec/failover.md §5, W2, W3): until `drainMs` are over what runs may end; then the
// log stands, and once all of it is durable the writer hands over.

import type { Lsn, NodeId, Term, Time } from '../../base/ids.ts';
import { type RoleContext, send, trace, wakeAt } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';

export const FREEZE_TIMER = 'ha.freeze';

/** `draining` until then what runs may end · `frozen` nothing more is appended · `handedOver` all of it is durable, and the metadata has heard. */
export type Freeze =
  | { readonly kind: 'none' | 'frozen' | 'handedOver' }
  | { readonly kind: 'draining'; readonly by: Time };

/** It serves. */
export const noFreeze: Freeze = { kind: 'none' };

/** Nothing more is appended. */
export const isLogFrozen = ({ kind }: Freeze): boolean => kind === 'frozen' || kind === 'handedOver';

/** What is handed over. */
export interface Handed {
  readonly volume: string;
  readonly token: Term;
  readonly vdl: Lsn;
  readonly tail: Lsn;
  readonly meta: NodeId | null;
}

/** Repeated: W3 once more. True: it thaws, and who waits for the log goes on. */
export function takeFreeze(
  at: { freeze: Freeze },
  handed: Handed,
  ctx: RoleContext,
  { what, drainMs }: MessageOf<'Freeze'>,
): boolean {
  const { kind } = at.freeze;
  if (what === 'freeze') {
    if (kind === 'none') {
      const by = (ctx.now + drainMs * 1000) as Time;
      at.freeze = { kind: 'draining', by };
      traceFreeze(handed, ctx, 'freeze');
      wakeAt(ctx, FREEZE_TIMER, by);
    } else if (kind === 'handedOver') handOver(handed, ctx);
    return false;
  }
  if (kind === 'none') return false;
  at.freeze = noFreeze;
  traceFreeze(handed, ctx, 'thaw');
  return true;
}

/** W3: nothing more is allocated, and all that was is durable, unless it `isEarly`. */
export function driveFreeze(
  at: { freeze: Freeze },
  handed: Handed,
  ctx: RoleContext,
  isEarly: boolean,
): void {
  if (at.freeze.kind === 'draining' && ctx.now >= at.freeze.by) at.freeze = { kind: 'frozen' };
  if (at.freeze.kind !== 'frozen' || (handed.vdl < handed.tail && !isEarly)) return;
  at.freeze = { kind: 'handedOver' };
  traceFreeze(handed, ctx, 'handoff');
  handOver(handed, ctx);
}

function traceFreeze(
  { volume, token, vdl }: Handed,
  ctx: RoleContext,
  state: 'freeze' | 'handoff' | 'thaw',
): void {
  trace(ctx, { kind: 'attachment.freeze', volume, state, token, vdl });
}

function handOver({ meta, volume, token, vdl }: Handed, ctx: RoleContext): void {
  if (meta !== null) send(ctx, meta, { kind: 'Handoff', volume, token, vdl });
}
