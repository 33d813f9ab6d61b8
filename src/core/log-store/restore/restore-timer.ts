// When a replica that is being loaded from the archive asks again.

import type { GroupId, Time } from '../../../base/ids.ts';
import { type RoleContext, wakeAt } from '../../kernel/context.ts';
import type { StoreState } from '../replica/state.ts';

export const restoreTimer = (group: GroupId): string => `restore/${group}`;

/** After as long as a peer is given to answer, twice. */
export const retryLater = (state: StoreState, ctx: RoleContext, group: GroupId): void =>
  wakeAt(ctx, restoreTimer(group), (ctx.now + 2000 * state.params.reqTimeoutMs) as Time);
