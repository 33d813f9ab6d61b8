// Operators: plans carried out step by step (docs/spec/pcs.md PCS-75, §10). At each call it is planned anew from the map, with what
// is under way counted as done, and only as much is begun as the limits allow. The phase of an operator is read from its
// group, never stored: a new metadata leader goes on where the old one was.

import { present } from '../../base/assert.ts';
import type { GroupId, NodeId, Time } from '../../base/ids.ts';
import type { MapOperation } from './map-operation.ts';
import { hasNode, isJoint, votersOf } from './membership.ts';
import type {
  Bucket,
  NodeState,
  PlacedGroup,
  PlacedNode,
  PlacementConfig,
  PlanOp,
} from './placement-state.ts';
import { planPlacement } from './plan-placement.ts';
import type { ShardGroup, ShardMap } from './shard-map.ts';

type Begun = Exclude<PlanOp, { kind: 'blocked' }>;

export interface Operator {
  readonly id: number;
  readonly op: Begun;
  readonly deadline: Time;
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
  readonly map: Pick<ShardMap, 'groups'>;
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
export const placedGroups = ({ map, figures, operators }: Cluster): PlacedGroup[] =>
  [...map.groups.values()].map((group) => {
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
  op.kind === 'add' ||
  (op.kind === 'replace' && nodes.some(({ id, state }) => id === op.from && state === 'down'));

const isForBalance = (op: Begun): boolean =>
  op.kind === 'transfer' || (op.kind === 'move' && op.reason === 'BALANCE');

function mayBegin(cluster: Cluster, inFlight: readonly Begun[], op: Begun): boolean {
  const group = present(cluster.map.groups.get(op.group), 'group of a plan', op.group);
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
  nodes.some(({ id, state }) => id === toOf(op) && state === 'down');

const sizeOf = ({ figures }: Cluster, group: GroupId): number => (figures.get(group) ?? unknown).size;
const capacityOf = ({ nodes }: Cluster, id: NodeId): number =>
  present(
    nodes.find((node) => node.id === id),
    'target of a plan',
    id,
  ).capacity;

/** With what leaves it but has not left yet, and what is on its way. */
const bytesOn = (cluster: Cluster, id: NodeId, inFlight: readonly Begun[]): number =>
  [...cluster.map.groups.values()]
    .filter(
      (group) => hasNode(group, id) || inFlight.some((op) => op.group === group.group && toOf(op) === id),
    )
    .reduce((sum, { group }) => sum + sizeOf(cluster, group), 0);

/** §10, the table of phases; BEGIN: nothing of it is in the map yet, or nothing any more. */
export type OperatorPhase = 'BEGIN' | 'LEARNER' | 'JOINT' | 'LEADER' | 'REMOVE' | 'CLEAN';

/** What has been heard of an operator's group. */
export interface Progress {
  readonly now: Time;
  /** LEARNER: `to` has the base pages and is close behind. */
  readonly isNear: boolean;
  /** JOINT: Vw of both sets have the step, and `to` all that was acknowledged before it (WAL-64). */
  readonly isComplete: boolean;
  /** CLEAN: `from` deleted its copy. */
  readonly isClean: boolean;
  readonly stateOf: (node: NodeId) => NodeState;
}

export type OperatorStep =
  | { readonly kind: 'propose'; readonly operation: MapOperation }
  /** By token and setLeader (PCS-48), who of the new set leads least (PCS-69). */
  | { readonly kind: 'appoint' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'end'; readonly outcome: 'done' | 'failed' };

export function phaseOf({ op }: Operator, group: ShardGroup, isComplete: boolean): OperatorPhase {
  const voters = votersOf(group);
  if (op.kind === 'transfer') return group.leader === op.to ? 'CLEAN' : 'LEADER';
  if (isJoint(group)) {
    if (!isComplete) return 'JOINT';
    return group.leader === null || voters.includes(group.leader) ? 'REMOVE' : 'LEADER';
  }
  const [from, to] = [fromOf(op), toOf(op)];
  if (to !== null && group.learners.includes(to)) return 'LEARNER';
  const isDone = (to === null || voters.includes(to)) && (from === null || !voters.includes(from));
  return isDone ? 'CLEAN' : 'BEGIN';
}

/** What comes next of one operator. A step is asked for until the map has it: each is idempotent by its memberEpoch. */
export function nextOperatorStep(operator: Operator, group: ShardGroup, progress: Progress): OperatorStep {
  const phase = phaseOf(operator, group, progress.isComplete);
  const { op } = operator;
  const propose = (operation: MapOperation): OperatorStep => ({ kind: 'propose', operation });
  const { group: id, memberEpoch } = group;
  const of = { group: id, memberEpoch };
  const [from, to] = [fromOf(op), toOf(op)];
  const isFailing = hasFailed(operator, group, progress);
  switch (phase) {
    case 'BEGIN':
      if (isFailing) return { kind: 'end', outcome: 'failed' };
      if (to === null) return propose({ kind: 'enterJoint', ...of, add: null, remove: from });
      return propose({ kind: 'addLearner', ...of, node: to });
    case 'LEARNER':
      if (isFailing) return propose({ kind: 'removeLearner', ...of, node: present(to, 'learner', id) });
      return progress.isNear
        ? propose({ kind: 'enterJoint', ...of, add: to, remove: from })
        : { kind: 'wait' };
    case 'JOINT':
      return isFailing && canAbort(group) ? propose({ kind: 'abortJoint', ...of }) : { kind: 'wait' };
    case 'REMOVE':
      return propose({
        kind: lacksQuorum(group, votersOf(group), progress) && canAbort(group) ? 'abortJoint' : 'leaveJoint',
        ...of,
      });
    case 'LEADER':
      return op.kind === 'transfer' && isFailing ? { kind: 'end', outcome: 'failed' } : { kind: 'appoint' };
    case 'CLEAN':
      return from === null || progress.isClean ? { kind: 'end', outcome: 'done' } : { kind: 'wait' };
  }
}

/** Taken back while it can be: late, given up, its target gone, or the set to come without a write quorum. */
function hasFailed({ op, deadline, isCancelled }: Operator, group: ShardGroup, progress: Progress): boolean {
  if (isCancelled || progress.now >= deadline) return true;
  const [from, to] = [fromOf(op), toOf(op)];
  if (op.kind === 'transfer') return progress.stateOf(op.to) !== 'up' || !votersOf(group).includes(op.to);
  if (to !== null && progress.stateOf(to) !== 'up') return true;
  const coming = votersOf(group).filter((id) => id !== from && id !== to);
  return lacksQuorum(group, to === null ? coming : [...coming, to], progress);
}

const lacksQuorum = ({ vw }: ShardGroup, set: readonly NodeId[], { stateOf }: Progress): boolean =>
  set.filter((id) => serves(stateOf(id))).length < vw;

const serves = (state: NodeState): boolean => state === 'up' || state === 'offline';

/** A leader that only the new set has cannot be left out: then the change goes on. */
const canAbort = ({ sets, leader }: ShardGroup): boolean =>
  leader === null || (sets[0]?.includes(leader) ?? false);
