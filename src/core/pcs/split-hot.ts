// Splits by load (docs/spec/pcs.md PCS-74): of the groups that are hot for long enough the hottest is split in the middle of its rows. A group
// is one tablet, so that it is never only isolated while it has two rows.

import type { RoleContext } from '../kernel/context.ts';
import { relationOf } from '../page/page-key.ts';
import { findHot } from '../placement/hot-groups.ts';
import { placedGroups } from '../placement/operators.ts';
import { proposeOwn } from './meta-propose.ts';
import type { MetaState } from './meta-state.ts';
import { plannedCluster } from './placement-driver.ts';
import { tableOfTablet } from './sharding.ts';
import { leaderOfChild } from './split-driver.ts';
import { placeOf } from './volumes.ts';

/** Heartbeats before a group that was split by load, or could not be, is looked at again; and how long it is to be hot before. */
const REST_BEATS = 250;
const HOT_BEATS = 75;

/** Once in a heartbeat's time; one split at a time. */
export function splitHot(state: MetaState, ctx: RoleContext): void {
  const { content, placement, beatUs, moves } = state;
  if (!content.sharding || content.sharding.splits.length > 0 || content.sharding.open !== null) return;
  if (state.pending.some(({ operation: { kind } }) => kind === 'beginSplit')) return;
  // not the plan's steps: who has passed one alone would be hot beside others that are about to
  const cluster = { ...plannedCluster(state, ctx.now), figures: placement.figures.reported };
  const hot = findHot({ ...cluster, groups: placedGroups(cluster) });
  for (const group of [...placement.hot.keys()])
    if (!hot.some((one) => one.group === group)) placement.hot.delete(group);
  for (const { group } of hot) {
    const beats = (placement.hot.get(group) ?? 0) + 1;
    placement.hot.set(group, beats);
    if (beats < HOT_BEATS) continue;
    const place = placeOf(content, group);
    if (!place || tableOfTablet(content, relationOf(place.descriptor.keyFirst))?.state !== 'active') continue;
    const last = placement.splits.get(group);
    if (last !== undefined && ctx.now >= last && ctx.now - last < REST_BEATS * beatUs) continue;
    placement.splits.set(group, ctx.now);
    const deadline = ctx.now + moves.moveTimeoutUs;
    const leader = leaderOfChild(state, place);
    proposeOwn(state, ctx, { kind: 'beginSplit', group, key: '', leader, deadline, why: 'load' });
    return;
  }
}
