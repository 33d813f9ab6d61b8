// Entries on their way into the metadata's log (docs/spec/pcs.md): in order of arrival, one written at a time, the same
// request once. At metaPending further requests are dropped and come again.

import { type RoleContext, storeWrites } from '../kernel/context.ts';
import { reach } from '../kernel/limits.ts';
import type { WantedArchiver } from './archivers.ts';
import { entryWrites, type MetaOperation } from './meta-log.ts';
import type { MetaState } from './meta-state.ts';
import type { WantedEntry } from './move-driver.ts';
import type { EndEntry } from './restore-driver.ts';

export function propose(state: MetaState, ctx: RoleContext, operation: MetaOperation): void {
  const isUnderWay = state.pending.some((one) => isSameRequest(one.operation, operation));
  if (isUnderWay) return;
  if (state.pending.length >= state.limits.metaPending) {
    reach(ctx, state.limits, 'metaPending');
    return;
  }
  state.pending.push({ operation, traceId: ctx.traceId });
  if (state.entryWrite === null) writeEntry(state, ctx);
}

/** Begins to write the oldest entry that waits, as the next of the log. */
export function writeEntry(state: MetaState, ctx: RoleContext): void {
  const [next] = state.pending;
  if (next) state.entryWrite = storeWrites(ctx, entryWrites(state.content.applied + 1, next.operation));
}

const isSameRequest = (a: MetaOperation, b: MetaOperation): boolean =>
  a.kind === b.kind && a.from === b.from && a.boot === b.boot && a.reqId === b.reqId;

/** Proposes an entry of its own; at most one at a time for each group. */
export function want(state: MetaState, ctx: RoleContext, entry: WantedEntry | WantedArchiver): void {
  const isUnderWay = state.pending.some(
    ({ operation }) => 'group' in operation && operation.group === entry.group,
  );
  if (!isUnderWay) proposeOwn(state, ctx, entry);
}

/** Proposes how a restore or a volume ends; at most one such end at a time for each volume. */
export function wantRestore(state: MetaState, ctx: RoleContext, entry: EndEntry): void {
  const isUnderWay = state.pending.some(
    ({ operation }) => operation.kind === entry.kind && operation.volume === entry.volume,
  );
  if (!isUnderWay) proposeOwn(state, ctx, entry);
}

function proposeOwn(
  state: MetaState,
  ctx: RoleContext,
  entry: WantedEntry | WantedArchiver | EndEntry,
): void {
  const reqId = ++state.ownRequests;
  propose(state, ctx, { ...entry, from: state.nodeId, boot: state.bootEpoch, reqId });
}
