// Why the planner wants an operator (docs/spec/placement.md PCS-66 to PCS-74): what a plan says of itself, and of a repair what is wrong with the
// replica that it takes away. A node that a person drains is not one that died. Pure.

import { unreachable } from '../../base/assert.ts';
import type { NodeId } from '../../base/ids.ts';
import type { NodeState, PlacedNode, PlanOp } from './placement-state.ts';

/**
 * `REPAIR`: the node of the replica is held to be down; `DRAIN`: it is to leave by order (PCS-79), whether it still answers or not; `FEW`,
 * `SURPLUS`: the group has fewer or more replicas than it is to have; `ZONE`, `BALANCE`, `transfer`: where a replica or a leadership is better
 * off; `NO_QUORUM`, `NO_TARGET`: it is blocked.
 */
export type PlanReason =
  | 'REPAIR'
  | 'DRAIN'
  | 'FEW'
  | 'SURPLUS'
  | 'ZONE'
  | 'BALANCE'
  | 'transfer'
  | 'NO_QUORUM'
  | 'NO_TARGET';

/** `nodes`: those that the plan was made of. */
export function planReason(nodes: readonly PlacedNode[], op: PlanOp): PlanReason {
  const stateOf = (id: NodeId): NodeState | null => nodes.find((node) => node.id === id)?.state ?? null;
  switch (op.kind) {
    case 'move':
    case 'blocked':
      return op.reason;
    case 'transfer':
      return 'transfer';
    case 'add':
      return 'FEW';
    case 'replace':
      return stateOf(op.from) === 'offline' ? 'DRAIN' : 'REPAIR';
    case 'remove': {
      const state = stateOf(op.from);
      return state === 'offline' ? 'DRAIN' : state === 'down' ? 'REPAIR' : 'SURPLUS';
    }
    default:
      return unreachable(op);
  }
}
