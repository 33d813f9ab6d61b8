// Hot groups (docs/spec/placement.md PCS-74): of those that are hot for long enough the hottest is split at the boundary of its key buckets that
// halves its load; one that no boundary halves is isolated: the other leaderships of its leader leave by leader steps, because its load is in L.

import { type RoleContext, trace } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import { relationOf } from '../page/page-key.ts';
import type { HotStep } from '../placement/hot-groups.ts';
import type { Bucket } from '../placement/placement-state.ts';
import { proposeOwn } from './meta-propose.ts';
import type { MetaState } from './meta-state.ts';
import { hotSteps } from './placement-driver.ts';
import { tableOfTablet } from './sharding.ts';
import { leaderOfChild } from './split-driver.ts';
import { placeOf } from './volumes.ts';

/** Heartbeats before a group that was split by load, isolated, or could not be, is looked at again; and how long it is to be hot before. */
const REST_BEATS = 250;
const HOT_BEATS = 75;

/** Once in a heartbeat's time; one split at a time. */
export function driveHot(state: MetaState, ctx: RoleContext): void {
  const { content, placement, beatUs } = state;
  if (!content.sharding || content.sharding.splits.length > 0 || content.sharding.open !== null) return;
  if (state.pending.some(({ operation: { kind } }) => kind === 'beginSplit')) return;
  const hot = hotSteps(state, ctx.now);
  for (const group of [...placement.hot.keys()])
    if (!hot.some((one) => one.group === group)) placement.hot.delete(group);
  for (const step of hot) {
    const { group } = step;
    // a primary counts keys from its appointment on: what it says at first is not how they go on
    const token = placeOf(content, group)?.volume.token ?? 0;
    const known = placement.hot.get(group);
    const beats = known?.token === token ? known.beats + 1 : 1;
    placement.hot.set(group, { beats, token });
    if (beats < HOT_BEATS) continue;
    const last = placement.splits.get(group);
    if (last !== undefined && ctx.now >= last && ctx.now - last < REST_BEATS * beatUs) continue;
    if (cool(state, ctx, step)) return;
  }
}

/** Whether a split was begun. */
function cool(state: MetaState, ctx: RoleContext, step: HotStep): boolean {
  const { content, placement, moves } = state;
  const { group } = step;
  const place = placeOf(content, group);
  const figures = placement.figures.reported.get(group);
  if (!place || !figures || tableOfTablet(content, relationOf(place.descriptor.keyFirst))?.state !== 'active')
    return false;
  placement.splits.set(group, ctx.now);
  const { load, buckets } = figures;
  const key = step.kind === 'isolate' ? '' : keyOf(state, step.key, buckets);
  trace(ctx, {
    kind: 'plan.hot',
    group,
    volume: place.volume.name,
    load,
    keys: JSON.stringify(buckets.map((bucket) => bucket.key)),
    loads: buckets.map((bucket) => bucket.load),
    key,
  });
  if (step.kind === 'isolate') return false;
  const deadline = ctx.now + moves.moveTimeoutUs;
  const leader = leaderOfChild(state, place);
  proposeOwn(state, ctx, { kind: 'beginSplit', group, key, leader, deadline, why: 'load' });
  return true;
}

const keyOf = ({ config: { mutants } }: MetaState, halving: string, buckets: readonly Bucket[]): string =>
  has(mutants, 'pcs.splits-at-middle') ? (buckets[buckets.length >> 1]?.key ?? halving) : halving;
