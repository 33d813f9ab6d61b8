// What follows once an entry about volumes is applied (docs/spec/wal.md WAL-45).

import { type RoleContext, send } from '../kernel/context.ts';
import type { MetaResult } from './apply-meta.ts';
import type { MetaContent, MetaOperation } from './meta-content.ts';
import type { MoveDriver } from './move-driver.ts';
import { orderOf } from './orders.ts';
import { endAsking } from './restore-ask.ts';
import { followDrop, followRestore } from './restore-driver.ts';
import { orderPins } from './restore-pins.ts';
import type { RestoreDriver } from './restore-state.ts';

interface Followed {
  readonly content: MetaContent;
  readonly restores: RestoreDriver;
  readonly moves: MoveDriver;
}

/** Who ordered it is answered, stores and writers are notified, and what no restore needs any more is let go. */
export function followOrder(
  { content, restores, moves }: Followed,
  ctx: RoleContext,
  operation: MetaOperation,
  result: MetaResult,
): void {
  const order = orderOf(content, operation);
  if (order) {
    const { from, boot, reqId, code } = order;
    send(ctx, from, { kind: 'VolumeAnswer', boot, reqId, code });
    endAsking(restores, order);
  }
  if (result.kind === 'restoreBegun' || result.kind === 'restoreEnded')
    followRestore(restores, ctx, result, moves.boots);
  else if (result.kind === 'volumeDropped') followDrop(ctx, result.volume);
  if (order || operation.kind === 'endRestore') orderPins(restores, content, ctx);
}
