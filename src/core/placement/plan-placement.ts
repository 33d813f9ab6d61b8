// `plan` (docs/spec/placement.md PCS-66): where every replica and every leadership should be, and the operators that lead there. The
// same state gives the same plan, in whatever order its nodes, groups and replicas are listed.

import type { GroupId, NodeId } from '../../base/ids.ts';
import { has } from '../kernel/mutants.ts';
import { balanceStep, leaderStep } from './balance-step.ts';
import { type Ledger, makeLedger } from './ledger.ts';
import type { PlacementState, PlanOp } from './placement-state.ts';
import { repairStep, zoneStep } from './repair-step.ts';

export interface Plan {
  readonly ops: readonly PlanOp[];
  /** Once all of them are done, by ascending id. */
  readonly groups: readonly {
    readonly id: GroupId;
    readonly replicas: readonly NodeId[];
    readonly leader: NodeId | null;
  }[];
  /** R and L of each node then. */
  readonly replicaLoad: ReadonlyMap<NodeId, number>;
  readonly leaderLoad: ReadonlyMap<NodeId, number>;
  /** Drained nodes (PCS-72). */
  readonly tombstone: readonly NodeId[];
}

/** Runs to exhaustion: repair, zones, balance, leaders, each step applied before the next is sought. */
export function planPlacement(state: PlacementState): Plan {
  const ledger = makeLedger(state);
  const blocked = new Set<GroupId>();
  const steps = [() => repairStep(ledger, blocked), () => zoneStep(ledger), () => balanceStep(ledger)];
  const ops: PlanOp[] = [];
  for (const step of [...steps, () => leaderStep(ledger)])
    for (
      let op = step();
      op !== null;
      op = has(state.config.mutants, 'pcs.balances-without-gain') ? null : step()
    )
      ops.push(op);
  return {
    ops,
    groups: ledger.groups.map(({ id, replicas, leader }) => ({ id, replicas: [...replicas], leader })),
    replicaLoad: new Map(ledger.nodes.map(({ node, cost }) => [node.id, cost])),
    leaderLoad: new Map(ledger.nodes.map(({ node, leaderCost }) => [node.id, leaderCost])),
    tombstone: drained(ledger),
  };
}

const drained = ({ nodes }: Ledger): NodeId[] =>
  nodes
    .filter(({ node, groups }) => node.state === 'offline' && groups.length === 0)
    .map(({ node }) => node.id);
