// Placement as the leader of the metadata carries it out (docs/spec/placement.md §3, §4): which nodes may hold replicas, what the planner finds,
// and the operators that are begun of it. A move is a change of members (move-driver.ts), a transfer a token that nobody has yet
// (leader-driver.ts); so a leader that follows goes on from what is committed. A node that is drained becomes a tombstone (PCS-72).
// Where no table is cut a person places the replicas, and the planner moves only what stands on a store that is drained (PCS-100).

import { type GroupId, MAX, type NodeId, type Time } from '../../base/ids.ts';
import type { ClusterSpec } from '../kernel/cluster-spec.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import { findHot, type HotStep } from '../placement/hot-groups.ts';
import { nodesOf } from '../placement/membership.ts';
import { stateByBeat } from '../placement/node-lifecycle.ts';
import {
  awaitsOpening,
  type Cluster,
  type Operator,
  operatorsToBegin,
  placedGroups,
} from '../placement/operators.ts';
import {
  defaultPlacement,
  type PlacedNode,
  type PlacementConfig,
  type PlacementState,
  type PlanOp,
  withUnknown,
} from '../placement/placement-state.ts';
import { planReason } from '../placement/plan-reason.ts';
import { followFigures, inPlan } from './group-figures.ts';
import { isHost } from './joined-nodes.ts';
import { driveLeavingVoters } from './leaving-voters.ts';
import { holdsPlace } from './members.ts';
import type { MetaContent, Move, VolumeContent } from './meta-content.ts';
import { proposeOwn, proposeSwitch } from './meta-propose.ts';
import { type MetaState, MISSED_BEATS } from './meta-state.ts';
import { isAwaited, moveOf } from './moves.ts';
import { DOWN_BEATS } from './node-states.ts';
import { isCandidateUp } from './node-up.ts';
import { offlineNodes } from './offline-nodes.ts';
import { hostsOf, shardGroups } from './sharding.ts';
import { sourcesOf } from './split-entry.ts';
import { placeOf } from './volumes.ts';

/** pcs.md §1. */
const MAX_MOVES_IN_FLIGHT = 2;
/** Heartbeats after nodes came or were ordered to leave until replicas are moved for that: orders that are given together are planned together. */
const SETTLE_BEATS = 10;
/**
 * Heartbeats before a group whose leadership was moved may be led by another again: a transfer may end elsewhere (PCS-121). Twice as many
 * as the last time where that is less than four times its rest ago: what moved it did not last (PCS-68).
 */
const TRANSFER_BEATS = 50;
const TRANSFER_BEATS_MAX = 400;
const RESTS_REMEMBERED = 4;

type Planned = ReturnType<typeof operatorsToBegin>[number];

/** For the first replicas of a group: only who was heard by this leader is up. */
export const placementOf = (state: MetaState, ctx: RoleContext): PlacementState => ({
  config: configOf(state),
  nodes: hosts(state, (id) => (isCandidateUp(state, ctx, id) ? 'up' : 'down')),
  groups: shardGroups(state.content).map(({ group: id, sets, leader, volume }) => ({
    id,
    ...inPlan(state.placement.figures.planned.get(id)),
    replicas: sets.at(-1) ?? [],
    leader: leader ?? firstChoice(state.content, volume),
  })),
});

/** Replicas of a group, and how many acknowledge a write. */
export function replicationOf({ placement, groups }: ClusterSpec): {
  readonly n: number;
  readonly vw: number;
} {
  if (placement !== undefined) return placement;
  const { n, vw } = defaultPlacement;
  const [first] = groups;
  return first === undefined ? { n, vw } : { n: first.replicas.length, vw: first.vw };
}

function configOf({ config: { cluster, mutants } }: MetaState): PlacementConfig {
  const { n, vw } = replicationOf(cluster);
  return { ...defaultPlacement, n, vw, mutants };
}

const hosts = ({ content, config }: MetaState, stateOf: (id: NodeId) => PlacedNode['state']): PlacedNode[] =>
  hostsOf(content, config.cluster).map(({ id, zone }) => {
    const heard = stateOf(id);
    const isOffline = offlineNodes(content).includes(id);
    return {
      id,
      zone,
      state: isOffline ? 'offline' : heard,
      ...(isOffline && heard === 'down' && { isSilent: true as const }),
      weight: 1,
      capacity: Number.MAX_SAFE_INTEGER,
    };
  });

/** Of a group whose volume is yet to be opened: who was asked to lead it, so that many groups made at once do not choose one node. */
const firstChoice = ({ computeGroups }: MetaContent, volume: string): NodeId | null =>
  computeGroups.find((one) => one.volume === volume)?.members.toSorted((a, b) => b.priority - a.priority)[0]
    ?.node ?? null;

/** §10: by heartbeats; a new leader counts every node as just heard (PCS-96). Where a person places replicas silence moves none. */
export function placedNodes(state: MetaState, { now }: Pick<RoleContext, 'now'>): PlacedNode[] {
  const { beats, beatUs, failover, content } = state;
  const downAfterUs = content.sharding ? DOWN_BEATS * beatUs : MAX;
  const limits = { disconnectedAfterUs: MISSED_BEATS * beatUs, downAfterUs };
  return hosts(state, (id) => stateByBeat('up', beats.get(id)?.at ?? failover.since, now, limits));
}

/** What the planner reads: nodes, the committed map, and what is under way. */
export function plannedCluster(state: MetaState, now: Time): Cluster {
  const { sharding } = state.content;
  // who writes a volume leads no group of it where members do not
  const groups = shardGroups(state.content).map((group) => (sharding ? group : { ...group, leader: null }));
  const { planned } = state.placement.figures;
  return {
    config: configOf(state),
    nodes: withUnknown(
      placedNodes(state, { now }),
      groups.flatMap(nodesOf),
      sharding ? 'down' : 'disconnected',
    ),
    groups: new Map(groups.map((group) => [group.group, group])),
    figures: new Map(groups.map(({ group }) => [group, inPlan(planned.get(group))])),
    operators: openOperators(state.content),
    maxMovesInFlight: MAX_MOVES_IN_FLIGHT,
    held: splitGroups(state.content),
    closed: closedGroups(state.content),
    isSettling: state.placement.settled.beats < SETTLE_BEATS,
  };
}

/** PCS-74, by what was reported: who has passed one of the plan's steps alone would be hot beside others that are about to. */
export function hotSteps(state: MetaState, now: Time): HotStep[] {
  const cluster = { ...plannedCluster(state, now), figures: state.placement.figures.reported };
  return findHot({ ...cluster, groups: placedGroups(cluster) });
}

/** Of a transfer: a hot group stays behind alone, because no split would help it. */
export const isolates = (
  { content }: MetaState,
  hot: readonly HotStep[],
  { group, from }: { readonly group: GroupId; readonly from: NodeId },
): boolean =>
  hot.some(
    (one) =>
      one.kind === 'isolate' && one.group !== group && placeOf(content, one.group)?.volume.writer === from,
  );

const splitGroups = ({ sharding, volumes }: MetaContent): ReadonlySet<GroupId> => {
  const split =
    sharding?.splits.flatMap((one) => [...sourcesOf(one).map(({ volume }) => volume), one.childVolume]) ?? [];
  return new Set(
    volumes.flatMap(({ name, groups }) => (split.includes(name) ? groups.map(({ group }) => group) : [])),
  );
};

const closedGroups = ({ volumes }: MetaContent): ReadonlySet<GroupId> =>
  new Set(volumes.flatMap(({ state, groups }) => (state === 'OPEN' ? [] : groups.map(({ group }) => group))));

/** It plans for all groups, or, once a store was to be drained, for what stands on such a one. */
const isPlanning = ({ content: { sharding, storage }, config: { cluster } }: MetaState): boolean =>
  sharding !== undefined || (storage !== undefined && cluster.chunks === undefined);

/** PCS-100: of a plan what is begun where a person places replicas. */
export const isCarriedOut = ({ content: { sharding } }: MetaState, { kind }: PlanOp): boolean =>
  sharding !== undefined || kind === 'replace';

/** Once in a heartbeat's time. */
export function drivePlacement(state: MetaState, ctx: RoleContext): void {
  const { content, beatUs, failover, pending } = state;
  if (!isPlanning(state) || ctx.now - failover.since < MISSED_BEATS * beatUs) return;
  followFigures(state);
  followNodes(state);
  // what was planned before these are applied is of an older map (PCS-75)
  if (pending.some(({ operation: { kind } }) => changesPlaces.has(kind))) return;
  const cluster = plannedCluster(state, ctx.now);
  const { nodes, groups } = cluster;
  const { mutants } = state.config;
  const isHasty = has(mutants, 'pcs.removes-undrained');
  const mayVote = has(mutants, 'pcs.removes-voter');
  const drained = nodes.find(
    ({ id, state: is }) =>
      is === 'offline' && (isHasty || !isHost(content, id)) && (mayVote || !holdsPlace(content, id)),
  );
  if (drained) {
    const { id } = drained;
    proposeOwn(state, ctx, { kind: 'removeNode', node: id, volume: state.config.cluster.volume, listed: [] });
    return;
  }
  driveLeavingVoters(state, ctx);
  const begun = operatorsToBegin(cluster).filter((op) => isCarriedOut(state, op));
  for (const op of begun) begin(state, ctx, op, nodes);
  const operators = openOperators(content);
  const isAtRest =
    !cluster.isSettling &&
    begun.length === 0 &&
    operators.length === 0 &&
    !nodes.some((one) => one.state === 'offline') &&
    !awaitsOpening(cluster);
  if (isAtRest && !state.placement.isAtRest) trace(ctx, { kind: 'plan.rest', groups: groups.size });
  state.placement.isAtRest = isAtRest;
}

/** A node that has left changes nothing: it was drained before. */
function followNodes({ content, config, placement: { settled } }: MetaState): void {
  const offline = offlineNodes(content);
  const known = settled.nodes;
  settled.nodes = hostsOf(content, config.cluster).map(({ id }) => (offline.includes(id) ? `-${id}` : id));
  const isSame = settled.nodes.every((node) => known.includes(node));
  // who has led for less than a heartbeat's time has seen nobody come or go
  settled.beats = known.length === 0 ? SETTLE_BEATS : isSame ? settled.beats + 1 : 0;
}

const changesPlaces: ReadonlySet<string> = new Set([
  'beginMove',
  'memberStep',
  'makeGroup',
  'fenceVolume',
  'setLeader',
  'setOffline',
  'removeNode',
  'joinNode',
]);

/** What is under way, as the committed state has it. */
const openOperators = ({ volumes, computeGroups }: MetaContent): Operator[] =>
  volumes.flatMap(({ name, moves, groups, holder, writer }): Operator[] => {
    const target = computeGroups.find((group) => group.volume === name)?.target ?? null;
    const [descriptor] = groups;
    if (holder === null && target !== null && descriptor && moves.length === 0) {
      const op = { kind: 'transfer', group: descriptor.group, from: writer ?? target, to: target } as const;
      return [{ op, isCancelled: false }];
    }
    return moves.map(operatorOf);
  });

const operatorOf = ({ group, from, to, phase }: Move): Operator => ({
  op: { kind: 'replace', group, from, to },
  isCancelled: phase === 'aborting',
});

function begin(state: MetaState, ctx: RoleContext, op: Planned, nodes: readonly PlacedNode[]): void {
  const place = placeOf(state.content, op.group);
  const open = place && moveOf(place.volume, op.group);
  if (!place || (open && !(op.kind === 'replace' && isAwaited(open)))) return;
  const { volume } = place;
  if (op.kind === 'transfer') {
    if (isResting(state, ctx.now, volume.name)) return;
    restFrom(state, ctx.now, volume.name);
    tracePlan(ctx, op, isolates(state, hotSteps(state, ctx.now), op) ? 'ISOLATE' : 'transfer');
    transfer(state, ctx, volume, op.to);
  } else if (op.kind === 'move' || op.kind === 'replace') {
    const { group, from: source, to } = op;
    const deadline = ctx.now + state.moves.moveTimeoutUs;
    tracePlan(ctx, op, planReason(nodes, op));
    proposeOwn(state, ctx, { kind: 'beginMove', group, source, to, isLost: false, at: ctx.now, deadline });
  }
}

/** Its leadership was moved not long ago. */
function isResting({ placement, beatUs }: MetaState, now: Time, volume: string): boolean {
  const last = placement.transfers.get(volume);
  return last !== undefined && now >= last.at && now - last.at < last.beats * beatUs;
}

function restFrom({ placement: { transfers }, beatUs }: MetaState, now: Time, volume: string): void {
  const last = transfers.get(volume);
  const isAgain =
    last !== undefined && now >= last.at && now - last.at < RESTS_REMEMBERED * last.beats * beatUs;
  const beats = isAgain ? Math.min(2 * last.beats, TRANSFER_BEATS_MAX) : TRANSFER_BEATS;
  transfers.set(volume, { at: now, beats });
}

const tracePlan = (
  ctx: RoleContext,
  { group, from, to }: { readonly group: string; readonly from: NodeId; readonly to: NodeId },
  why: string,
): void => trace(ctx, { kind: 'plan.begin', group, from, to, why });

/** PCS-121: another primary is elected while this one is there; `to`: of replicas that hold as much the one that is meant. */
export function transfer(
  state: MetaState,
  ctx: RoleContext,
  { name, token }: VolumeContent,
  to: NodeId | null,
): boolean {
  return proposeSwitch(state, ctx, { kind: 'fenceVolume', volume: name, expect: token, target: to });
}
