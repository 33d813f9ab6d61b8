// What follows once an entry about volumes is applied (docs/spec/wal.md WAL-45).

import { type RoleContext, send } from '../kernel/context.ts';
import type { MetaResult } from './apply-meta.ts';
import type { MetaContent, MetaOperation } from './meta-content.ts';
import type { MoveDriver } from './move-driver.ts';
import { resultOf } from './requests.ts';
import { endAsking } from './restore-ask.ts';
import { followDrop, followRestore } from './restore-driver.ts';
import { orderPins } from './restore-pins.ts';
import type { RestoreDriver } from './restore-state.ts';

interface Followed {
  readonly content: MetaContent;
  readonly restores: RestoreDriver;
  readonly moves: MoveDriver;
}

/** Entries that an order is answered by. */
const isOfOrder = (operation: MetaOperation): boolean =>
  operation.kind === 'beginRestore' ||
  operation.kind === 'refuseOrder' ||
  operation.kind === 'dropVolume' ||
  (operation.kind === 'endRestore' && operation.outcome === 'cancelled');

/** Who ordered it is answered, stores and writers are notified, and what no restore needs any more is let go. */
export function followOrder(
  { content, restores, moves }: Followed,
  ctx: RoleContext,
  operation: MetaOperation,
  result: MetaResult,
): void {
  const isOrdered = isOfOrder(operation);
  if (isOrdered) {
    const { from, boot, reqId } = operation;
    const code = resultOf(content, from, operation)?.code ?? '';
    if (code !== 'LATE') send(ctx, from, { kind: 'VolumeAnswer', boot, reqId, code });
    endAsking(restores, operation);
  }
  if (result.kind === 'restoreBegun' || result.kind === 'restoreEnded')
    followRestore(restores, ctx, result, moves.boots);
  else if (result.kind === 'volumeDropped') followDrop(ctx, result.volume);
  if (isOrdered || operation.kind === 'endRestore') orderPins(restores, content, ctx);
}
