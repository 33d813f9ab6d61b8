// Trace events of hole filling that both ingest and repair make.

import type { NodeId } from '../../../base/ids.ts';
import { trace } from '../../kernel/context.ts';
import { countHoles, type HoleRun, nclOf } from '../holes/hole-list.ts';
import type { EndedRequest } from '../holes/hole-requests.ts';
import type { StoreContext } from './hooks.ts';
import type { Group } from './state.ts';

export function traceFilled(
  group: Group,
  ctx: StoreContext,
  from: NodeId,
  counter: number,
  ranges: readonly (readonly [first: number, end: number])[],
): void {
  for (const [first, end] of ranges)
    trace(ctx, { kind: 'hole.fill', group: group.id, first, end, from, counter });
}

/** `before`: number of holes before the change. */
export function traceClosed(group: Group, ctx: StoreContext, before: number): void {
  const { list } = group.holes;
  if (countHoles(list) < before) trace(ctx, { kind: 'hole.closed', group: group.id, ncl: nclOf(list) });
}

/** Requests that came to nothing: timed out, refused, or answered with less than they asked for (HOLE-37, HOLE-38). */
export function traceFailed(group: Group, ctx: StoreContext, ended: readonly EndedRequest[]): void {
  for (const { to, reqId, outcome } of ended)
    if (outcome === 'failed')
      trace(ctx, { kind: 'hole.timeout', group: group.id, counter: reqId.counter, to });
}

/**
 * What merging the ranges of `added` made of the holes: a range beyond `nwl`, the last record before, opens a hole below
 * itself; one inside a hole left `rests` of it (HOLE-13). The tail of the list, [nwl + 1, MAX), is no hole to be reported.
 */
export function traceMerged(
  group: Group,
  ctx: StoreContext,
  nwl: number,
  added: readonly (readonly [first: number, end: number])[],
  rests: readonly HoleRun[],
): void {
  let upTo = nwl + 1;
  for (const [first, end] of added) {
    if (first > upTo) trace(ctx, { kind: 'hole.open', group: group.id, first: upTo, end: first });
    upTo = Math.max(upTo, end);
  }
  if (upTo !== nwl + 1) return;
  for (const { first, end, sent } of rests)
    trace(ctx, { kind: 'hole.split', group: group.id, first, end, sent });
}
