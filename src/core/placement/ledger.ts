// Costs and scores of nodes while a plan is made (docs/spec/placement.md PCS-62…65): R(x) is the cost of the replicas on x, L(x) the
// leader cost of the groups it leads. Every figure is an exact integer; scores are compared by cross products.
// One ledger belongs to one plan: its steps change it in place, the state that it was made from never.

import { assert, present } from '../../base/assert.ts';
import { type GroupId, MAX, type NodeId } from '../../base/ids.ts';
import { countBefore } from '../../base/sorted.ts';
import { has } from '../kernel/mutants.ts';
import {
  compareIds,
  type PlacedGroup,
  type PlacedNode,
  type PlacementConfig,
  type PlacementState,
} from './placement-state.ts';

export interface GroupEntry {
  readonly id: GroupId;
  readonly size: number;
  readonly cost: number;
  readonly leaderCost: number;
  /** Ascending. */
  replicas: NodeId[];
  leader: NodeId | null;
}

export interface NodeEntry {
  readonly node: PlacedNode;
  /** R(x), L(x), and the bytes of its replicas. */
  cost: number;
  leaderCost: number;
  used: number;
  /** What it has a replica of: the costliest first, then the lower id. */
  readonly groups: GroupEntry[];
}

export interface Ledger {
  readonly config: PlacementConfig;
  /** Both by ascending id. */
  readonly nodes: readonly NodeEntry[];
  readonly groups: readonly GroupEntry[];
  readonly byId: ReadonlyMap<NodeId, NodeEntry>;
  /** T and T_L (PCS-64). */
  readonly tolerance: number;
  readonly leaderTolerance: number;
}

export function makeLedger({ config, nodes, groups }: PlacementState): Ledger {
  const entries = nodes
    .toSorted((a, b) => compareIds(a.id, b.id))
    .map((node): NodeEntry => ({ node, cost: 0, leaderCost: 0, used: 0, groups: [] }));
  const byId = new Map(entries.map((entry) => [entry.node.id, entry]));
  assert(byId.size === nodes.length, 'each node of a placement has an id of its own');
  const byGroupId = groups.toSorted((a, b) => compareIds(a.id, b.id));
  const placed = byGroupId.map((group) => entryOf(config, group));
  const ledger: Ledger = {
    config,
    nodes: entries,
    groups: placed,
    byId,
    tolerance: toleranceOf(config, placed, costOf),
    leaderTolerance: toleranceOf(config, placed, leaderCostOf),
  };
  checkExact(ledger);
  for (const [i, { replicas, leader }] of byGroupId.entries()) {
    const group = placed[i] as GroupEntry;
    for (const id of replicas) addReplica(ledger, group, id);
    setLeader(ledger, group, leader);
  }
  return ledger;
}

/** PCS-62; at least 1, or a plan of groups that cost nothing would not end. */
function entryOf({ sizeWeight, loadWeight }: PlacementConfig, { id, size, load }: PlacedGroup): GroupEntry {
  const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
  assert(isCount(size) && isCount(load), 'size and load of a group are integers ≥ 0', id);
  const cost = Math.max(1, sizeWeight * size + loadWeight * load);
  return { id, size, cost, leaderCost: Math.max(1, load), replicas: [], leader: null };
}

/** R or L of a node, cost or leader cost of a group. */
export type Measure = (of: { readonly cost: number; readonly leaderCost: number }) => number;
export const costOf: Measure = ({ cost }) => cost;
export const leaderCostOf: Measure = ({ leaderCost }) => leaderCost;

function toleranceOf(config: PlacementConfig, groups: readonly GroupEntry[], measure: Measure): number {
  if (has(config.mutants, 'pcs.balances-without-gain')) return Number.NEGATIVE_INFINITY;
  const total = groups.reduce((sum, group) => sum + measure(group), 0);
  return groups.length === 0 ? 0 : Math.floor((config.tolerancePct * total) / (100 * groups.length));
}

/** The largest products that a plan forms stay below 2^53: whoever hands figures in bounds them. */
function checkExact({ config, nodes, groups }: Ledger): void {
  const total = groups.reduce((sum, { cost, leaderCost }) => sum + cost + leaderCost, 0);
  const widest = nodes.reduce((most, { node }) => Math.max(most, node.weight), 1);
  const factor = Math.max(4 * widest, config.tolerancePct, config.n);
  assert(Number.isSafeInteger(total) && total * factor <= MAX, 'costs of a placement are exact integers');
  for (const { node } of nodes)
    assert(Number.isSafeInteger(node.weight) && node.weight >= 1, 'a weight is an integer ≥ 1', node.id);
}

export const nodeOf = (ledger: Ledger, id: NodeId): NodeEntry =>
  present(ledger.byId.get(id), 'node of a replica', id);

const isCostlier = (a: GroupEntry, b: GroupEntry): boolean =>
  a.cost > b.cost || (a.cost === b.cost && compareIds(a.id, b.id) < 0);

export function addReplica(ledger: Ledger, group: GroupEntry, id: NodeId): void {
  const entry = nodeOf(ledger, id);
  assert(!group.replicas.includes(id), 'one replica of a group a node', id);
  group.replicas.splice(
    countBefore(group.replicas, (other) => compareIds(other, id) < 0),
    0,
    id,
  );
  entry.groups.splice(
    countBefore(entry.groups, (other) => isCostlier(other, group)),
    0,
    group,
  );
  entry.cost += group.cost;
  entry.used += group.size;
}

export function removeReplica(ledger: Ledger, group: GroupEntry, id: NodeId): void {
  const entry = nodeOf(ledger, id);
  group.replicas.splice(group.replicas.indexOf(id), 1);
  entry.groups.splice(entry.groups.indexOf(group), 1);
  entry.cost -= group.cost;
  entry.used -= group.size;
}

export function setLeader(ledger: Ledger, group: GroupEntry, leader: NodeId | null): void {
  if (group.leader !== null) nodeOf(ledger, group.leader).leaderCost -= group.leaderCost;
  if (leader !== null) nodeOf(ledger, leader).leaderCost += group.leaderCost;
  group.leader = leader;
}

/** PCS-63: below 0 if `a` has the lower score. */
export const compareScores = (a: NodeEntry, b: NodeEntry, measure: Measure): number =>
  measure(a) * b.node.weight - measure(b) * a.node.weight;

const compareNodes = (a: NodeEntry, b: NodeEntry): number => compareIds(a.node.id, b.node.id);

/** Up nodes by score, lowest or highest first; of equal ones always the lower id first. */
export function upByScore(ledger: Ledger, measure: Measure, direction: 1 | -1): NodeEntry[] {
  return ledger.nodes
    .filter(({ node }) => node.state === 'up')
    .sort((a, b) => direction * compareScores(a, b, measure) || compareNodes(a, b));
}

/** PCS-65: the move pays by more than the tolerance, so that nobody moves it back. */
export function isWorthwhile(
  from: NodeEntry,
  to: NodeEntry,
  cost: number,
  tolerance: number,
  measure: Measure,
): boolean {
  const before = (2 * measure(from) - cost - tolerance) * to.node.weight;
  return before > (2 * measure(to) + cost + tolerance) * from.node.weight;
}

/** How many zones the nodes are in. */
export const countZones = (ledger: Ledger, ids: readonly NodeId[]): number =>
  new Set(ids.map((id) => nodeOf(ledger, id).node.zone)).size;

export const hasRoom = ({ node, used }: NodeEntry, size: number): boolean => used + size <= node.capacity;
