// How a member of the metadata's log asks the others what they know of it (docs/spec/pcs.md PCS-104).

import type { Time } from '../../base/ids.ts';
import type { Greeting } from '../consensus/greeting.ts';
import { type RoleContext, send, wakeAt } from '../kernel/context.ts';

export const GREETING_TIMER = 'greeting';

export function greet(
  { asked, answers }: Greeting,
  ctx: RoleContext,
  as: { readonly boot: number; readonly member: number; readonly life: number },
  retryUs: number,
): void {
  for (const peer of asked) if (!answers.has(peer)) send(ctx, peer, { kind: 'MemberStarts', ...as });
  wakeAt(ctx, GREETING_TIMER, (ctx.now + retryUs) as Time);
}
