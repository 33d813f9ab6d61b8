// What the metadata shows of who may write a volume (docs/spec/failover.md §2): the order in which its leader would choose. Pure.

import type { NodeId, Time } from '../../base/ids.ts';
import { appliedBy, failoverAfterUs, inOrder } from './failover-driver.ts';
import type { MetaState } from './meta-state.ts';
import { isCandidateUp } from './node-up.ts';
import type { ComputeGroupView, HaMemberView } from './pcs-view.ts';

export const computeGroupViews = (state: MetaState, now: Time): ComputeGroupView[] =>
  state.content.computeGroups.map(({ volume, members, readers, target }) => {
    const known = members.map(({ node, priority }) => memberView(state, volume, node, priority, now));
    return {
      volume,
      members: [...inOrder(known.filter(({ up }) => up)), ...inOrder(known.filter(({ up }) => !up))],
      readers,
      target,
      failoverAfterUs: failoverAfterUs(state),
    };
  });

function memberView(
  state: MetaState,
  volume: string,
  node: NodeId,
  priority: number,
  now: Time,
): HaMemberView {
  const heard = state.beats.get(node)?.at;
  return {
    node,
    priority,
    up: isCandidateUp(state, { now }, node),
    silentUs: heard === undefined ? -1 : Math.max(0, now - heard),
    applyLsn: appliedBy(state, volume, node),
  };
}
