// What the planner of the metadata's leader would do now (docs/spec/placement.md PCS-66 to PCS-70), for the screen: its operators in order and
// the scores by which it chose them, from the same figures and with what is under way counted as done (PCS-75). Pure.

import type { Time } from '../../base/ids.ts';
import type { HotStep } from '../placement/hot-groups.ts';
import { makeLedger } from '../placement/ledger.ts';
import { placedGroups } from '../placement/operators.ts';
import type { PlacedNode, PlanOp } from '../placement/placement-state.ts';
import { planPlacement } from '../placement/plan-placement.ts';
import { planReason } from '../placement/plan-reason.ts';
import type { MetaState } from './meta-state.ts';
import type { PlannedOpView, PlanView } from './pcs-view.ts';
import { hotSteps, isolates, plannedCluster } from './placement-driver.ts';

/** Operators shown of a plan, the first to be begun. */
const MAX_SHOWN = 64;

function whyOf(
  state: MetaState,
  hot: readonly HotStep[],
  nodes: readonly PlacedNode[],
  op: PlanOp,
): PlannedOpView['why'] {
  return op.kind === 'transfer' && isolates(state, hot, op) ? 'ISOLATE' : planReason(nodes, op);
}

export function opView(op: PlanOp, why: PlannedOpView['why']): PlannedOpView {
  return { group: op.group, from: 'from' in op ? op.from : null, to: 'to' in op ? op.to : null, why };
}

/** Null where no table is cut: nobody places anything. */
export function planView(state: MetaState, now: Time): PlanView | null {
  if (!state.content.sharding) return null;
  const cluster = plannedCluster(state, now);
  const placed = { config: cluster.config, nodes: cluster.nodes, groups: placedGroups(cluster) };
  const hot = hotSteps(state, now);
  const { nodes, tolerance, leaderTolerance } = makeLedger(placed);
  return {
    ops: planPlacement(placed)
      .ops.slice(0, MAX_SHOWN)
      .map((op) => opView(op, whyOf(state, hot, cluster.nodes, op))),
    nodes: nodes.map(({ node: { id, state: is }, cost, leaderCost }) => ({
      node: id,
      state: is,
      cost,
      leaderCost,
    })),
    tolerance,
    leaderTolerance,
    isSettling: cluster.isSettling,
  };
}
