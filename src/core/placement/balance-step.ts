// One step of balance (docs/spec/placement.md PCS-67, 68): a replica goes from a node with a high score to one with a low one, or a
// group's leadership does. Each step lowers Σ R²/w (or Σ L²/w) by more than the tolerance, so balancing ends and never swings
// (PCS-70).

import { relead } from './choose-node.ts';
import {
  addReplica,
  compareScores,
  costOf,
  countZones,
  type GroupEntry,
  hasRoom,
  isWorthwhile,
  type Ledger,
  leaderCostOf,
  type Measure,
  type NodeEntry,
  removeReplica,
  setLeader,
  upByScore,
} from './ledger.ts';
import { compareIds, type PlanOp } from './placement-state.ts';
import { areUp, countAlive } from './repair-step.ts';

interface Found {
  readonly group: GroupEntry;
  readonly from: NodeEntry;
  readonly to: NodeEntry;
}

export function balanceStep(ledger: Ledger): PlanOp | null {
  const found = findStep(ledger, costOf, ledger.tolerance, ({ groups }) => groups, mayMove);
  if (found === null) return null;
  const [from, to] = [found.from.node.id, found.to.node.id];
  removeReplica(ledger, found.group, from);
  addReplica(ledger, found.group, to);
  const lead = relead(ledger, found.group);
  return { kind: 'move', group: found.group.id, from, to, reason: 'BALANCE', ...lead };
}

export function leaderStep(ledger: Ledger): PlanOp | null {
  const ledBy = ({ node, groups }: NodeEntry): GroupEntry[] =>
    groups
      .filter(({ leader }) => leader === node.id)
      .sort((a, b) => b.leaderCost - a.leaderCost || compareIds(a.id, b.id));
  const found = findStep(ledger, leaderCostOf, ledger.leaderTolerance, ledBy, mayLead);
  if (found === null) return null;
  const [from, to] = [found.from.node.id, found.to.node.id];
  setLeader(ledger, found.group, to);
  return { kind: 'transfer', group: found.group.id, from, to };
}

type May = (ledger: Ledger, group: GroupEntry, from: NodeEntry, to: NodeEntry) => boolean;

/** The first pair of nodes and group that pays: from the highest score to the lowest, the costliest group first. */
function findStep(
  ledger: Ledger,
  measure: Measure,
  tolerance: number,
  groupsOf: (from: NodeEntry) => readonly GroupEntry[],
  may: May,
): Found | null {
  const targets = upByScore(ledger, measure, 1);
  for (const from of upByScore(ledger, measure, -1)) {
    const groups = groupsOf(from);
    const cheapest = groups.at(-1);
    if (cheapest === undefined) continue;
    for (const to of targets) {
      if (compareScores(to, from, measure) >= 0) break;
      // what costs least pays first: without it none does
      if (!isWorthwhile(from, to, measure(cheapest), tolerance, measure)) continue;
      for (const group of groups) {
        if (!isWorthwhile(from, to, measure(group), tolerance, measure)) continue;
        if (may(ledger, group, from, to)) return { group, from, to };
      }
    }
  }
  return null;
}

function mayMove(ledger: Ledger, { replicas, size }: GroupEntry, from: NodeEntry, to: NodeEntry): boolean {
  if (replicas.length !== ledger.config.n || replicas.includes(to.node.id)) return false;
  if (!hasRoom(to, size) || !areUp(ledger, replicas)) return false;
  const after = replicas.map((id) => (id === from.node.id ? to.node.id : id));
  return countZones(ledger, after) >= countZones(ledger, replicas);
}

/** Without a write quorum a new leader could not open the group, and the one that it has may still serve reads. */
const mayLead: May = (ledger, group, _, to) =>
  group.replicas.includes(to.node.id) && countAlive(ledger, group) >= ledger.config.vw;
