// Operators: plans carried out step by step (docs/spec/placement.md PCS-75, §4). At each call it is planned anew from the map, with what
// is under way counted as done, and only as much is begun as the limits allow. What is begun is a change of members (pcs/moves.ts)
// or a token that nobody has yet (PCS-121).

import { present } from '../../base/assert.ts';
import type { GroupId, NodeId } from '../../base/ids.ts';
import { hasNode, isJoint, votersOf } from './membership.ts';
import type { Bucket, PlacedGroup, PlacedNode, PlacementConfig, PlanOp } from './placement-state.ts';
import { planPlacement } from './plan-placement.ts';
import type { ShardGroups } from './shard-map.ts';

type Begun = Exclude<PlanOp, { kind: 'blocked' }>;

export interface Operator {
  readonly op: Begun;
  /** By a person, or because its plan fell away: what can be taken back is. */
  readonly isCancelled: boolean;
}

/** What the leaders of groups report (PCS-96). */
export interface Figures {
  readonly size: number;
  readonly load: number;
  readonly buckets: readonly Bucket[];
}

export interface Cluster {
  readonly config: PlacementConfig;
  readonly nodes: readonly PlacedNode[];
  readonly groups: ShardGroups;
  readonly figures: ReadonlyMap<GroupId, Figures>;
  readonly operators: readonly Operator[];
  readonly maxMovesInFlight: number;
  /** Being split (PCS-113): a new leader would end that, so nothing is begun there that only balances. */
  readonly held: ReadonlySet<GroupId>;
  /** Their volumes are not open, so no change of members begins there (WAL-69): they keep no other group waiting. */
  readonly closed: ReadonlySet<GroupId>;
  /** Nodes came, or were ordered to leave, a moment ago: others may follow, so only what was lost is replaced (PCS-75). */
  readonly isSettling: boolean;
}

const unknown: Figures = { size: 0, load: 0, buckets: [] };
const fromOf = (op: Begun): NodeId | null => ('from' in op && op.kind !== 'transfer' ? op.from : null);
const toOf = (op: Begun): NodeId | null => ('to' in op && op.kind !== 'transfer' ? op.to : null);

/** The groups as they will be: what is under way counts as done. */
export const placedGroups = ({ groups, figures, operators }: Cluster): PlacedGroup[] =>
  [...groups.values()].map((group) => {
    const operator = operators.find((one) => one.op.group === group.group);
    const op = operator?.isCancelled ? undefined : operator?.op;
    const { size, load, buckets } = figures.get(group.group) ?? unknown;
    const voters = operator?.isCancelled ? (group.sets[0] ?? []) : votersOf(group);
    const [from, to] = op ? [fromOf(op), toOf(op)] : [null, null];
    const kept = voters.filter((id) => id !== from && id !== to);
    const replicas = to === null ? kept : [...kept, to];
    const planned = op?.kind === 'transfer' ? op.to : (op?.newLeader ?? null);
    const leader = planned !== null && replicas.includes(planned) ? planned : group.leader;
    return { id: group.group, size, load, buckets, replicas, leader };
  });

const planOf = (cluster: Cluster): readonly PlanOp[] =>
  planPlacement({ config: cluster.config, nodes: cluster.nodes, groups: placedGroups(cluster) }).ops;

/** Something is planned for a group whose volume is not open yet. */
export const awaitsOpening = (cluster: Cluster): boolean =>
  cluster.closed.size > 0 &&
  planOf(cluster).some((op) => op.kind !== 'blocked' && cluster.closed.has(op.group));

/** The operators to begin now, in the order of the plan. */
export function operatorsToBegin(cluster: Cluster): Begun[] {
  const { operators } = cluster;
  const begun: Begun[] = [];
  let isWhole = true;
  for (const op of planOf(cluster)) {
    if (op.kind === 'blocked' || cluster.closed.has(op.group)) continue;
    // whether it pays was judged with all before it done; what repairs pays in any case
    const dependsOnOthers = isForBalance(op);
    const inFlight = [...operators.map((one) => one.op), ...begun];
    const mayWait = cluster.isSettling && !replacesLost(cluster, op);
    if (!mayWait && (isWhole || !dependsOnOthers) && mayBegin(cluster, inFlight, op)) begun.push(op);
    else isWhole = false;
  }
  return begun;
}

const replacesLost = ({ nodes }: Cluster, op: Begun): boolean =>
  op.kind === 'add' || (op.kind === 'replace' && nodes.some((node) => node.id === op.from && isDown(node)));

/** One that is to be drained may have died. */
const isDown = ({ state, isSilent }: PlacedNode): boolean => state === 'down' || isSilent === true;

const isForBalance = (op: Begun): boolean =>
  op.kind === 'transfer' || (op.kind === 'move' && op.reason === 'BALANCE');

function mayBegin(cluster: Cluster, inFlight: readonly Begun[], op: Begun): boolean {
  const group = present(cluster.groups.get(op.group), 'group of a plan', op.group);
  if (isForBalance(op) && cluster.held.has(op.group)) return false;
  const open = inFlight.find((other) => other.group === op.group);
  // PCS-76: another node takes what one that is down was to make anew
  const isInstead =
    op.kind === 'replace' && open !== undefined && awaitsDown(cluster, open) && toOf(open) === op.from;
  const isChanging = isJoint(group) || group.learners.length > 0 || open !== undefined;
  if (isChanging && !isInstead) return false;
  if (op.kind === 'transfer') return true;
  const moves = inFlight.filter((other) => other.kind !== 'transfer' && !awaitsDown(cluster, other));
  const [from, to] = [fromOf(op), toOf(op)];
  const isBusy = moves.some(
    (other) => (to !== null && toOf(other) === to) || (from !== null && fromOf(other) === from),
  );
  if (isBusy || moves.length >= cluster.maxMovesInFlight) return false;
  return to === null || bytesOn(cluster, to, inFlight) + sizeOf(cluster, op.group) <= capacityOf(cluster, to);
}

/** A replica is to be made anew on its own node, which is down: nothing is copied until that returns. */
const awaitsDown = ({ nodes }: Cluster, op: Begun): boolean =>
  fromOf(op) !== null &&
  fromOf(op) === toOf(op) &&
  nodes.some((node) => node.id === toOf(op) && isDown(node));

const sizeOf = ({ figures }: Cluster, group: GroupId): number => (figures.get(group) ?? unknown).size;
const capacityOf = ({ nodes }: Cluster, id: NodeId): number =>
  present(
    nodes.find((node) => node.id === id),
    'target of a plan',
    id,
  ).capacity;

/** With what leaves it but has not left yet, and what is on its way. */
const bytesOn = (cluster: Cluster, id: NodeId, inFlight: readonly Begun[]): number =>
  [...cluster.groups.values()]
    .filter(
      (group) => hasNode(group, id) || inFlight.some((op) => op.group === group.group && toOf(op) === id),
    )
    .reduce((sum, { group }) => sum + sizeOf(cluster, group), 0);
