// Placement of chunks as the leader of the metadata carries it out (docs/spec/polarfs.md FS-76, FS-77; placement.md §3, §4): the planner reads which
// servers there are and what the groups' leaders report, exchanges that it begins are entries, and their orders go to the leaders with
// each heartbeat until the group is as it was ordered. A server that is drained, and has nothing any more, becomes a tombstone (PCS-72).

import type { GroupId, Lsn, NodeId, Term, Time } from '../../base/ids.ts';
import type { ClusterSpec } from '../kernel/cluster-spec.ts';
import { type RoleContext, send, trace } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import { type DetectorLimits, stateByBeat } from '../placement/node-lifecycle.ts';
import { type Cluster, type Operator, operatorsToBegin } from '../placement/operators.ts';
import {
  defaultPlacement,
  type NodeState,
  type PlacedNode,
  withUnknown,
} from '../placement/placement-state.ts';
import { planReason } from '../placement/plan-reason.ts';
import type { ShardGroup } from '../placement/shard-map.ts';
import { type ChunkGroup, misplaced } from './chunk-driver.ts';
import { hasMember } from './chunk-members.ts';
import { type ChunkMove, chunkServersOf } from './chunk-moves.ts';
import { inPlan } from './group-figures.ts';
import { proposeOwn } from './meta-propose.ts';
import { type MetaState, MISSED_BEATS } from './meta-state.ts';
import { isOverdue } from './move-copied.ts';
import { DOWN_BEATS } from './node-states.ts';
import { offlineNodes } from './offline-nodes.ts';

/** pcs.md §1. */
const MAX_MOVES_IN_FLIGHT = 2;

const chunksOf = ({ chunks = [] }: ClusterSpec) => chunks;

/** Replicas of a chunk. */
export const replicasOf = (cluster: ClusterSpec): number => chunksOf(cluster)[0]?.replicas.length ?? 0;

/** Once a server has come or is to go: as laid out there is no choice. */
const hasChoice = ({ content: { storage }, config: { cluster } }: MetaState): boolean =>
  storage !== undefined && cluster.chunks !== undefined;

const limitsOf = ({ beatUs }: MetaState): DetectorLimits => ({
  disconnectedAfterUs: MISSED_BEATS * beatUs,
  downAfterUs: DOWN_BEATS * beatUs,
});

/** §10: by heartbeats; a new leader counts every server as just heard (PCS-96). Members that no server is known by are gone. */
export function placedServers(state: MetaState, now: Time): PlacedNode[] {
  const { beats, failover, content, config, chunks } = state;
  const limits = limitsOf(state);
  const offline = offlineNodes(content);
  const stateOf = (id: NodeId): NodeState =>
    offline.includes(id) ? 'offline' : stateByBeat('up', beats.get(id)?.at ?? failover.since, now, limits);
  const known = chunkServersOf(content, config.cluster);
  const replicas = [...chunks.groups.values()].flatMap(({ voters, outgoing, learners }) => [
    ...voters,
    ...outgoing,
    ...learners,
  ]);
  const capacity = Number.MAX_SAFE_INTEGER;
  const nodes = known.map((one) => ({ ...one, state: stateOf(one.id), weight: 1, capacity }));
  return withUnknown(nodes, replicas, 'down');
}

const shardGroupOf = (group: GroupId, own: ChunkGroup, vw: number): ShardGroup => ({
  group,
  sets: own.outgoing.length > 0 ? [[...own.outgoing], [...own.voters]] : [[...own.voters]],
  learners: [...own.learners],
  memberEpoch: own.index,
  geoEpoch: 1,
  keyFirst: 0,
  keyEnd: 0,
  baseLsn: 0 as Lsn,
  vw,
  vr: vw,
  volume: '',
  // whom a group of its own elects is its own business
  leader: null,
  term: own.term as Term,
  shards: [],
});

const operatorOf = ({ group, from, to }: ChunkMove): Operator[] => {
  const op =
    from !== null && to !== null
      ? ({ kind: 'replace', group, from, to } as const)
      : to !== null
        ? ({ kind: 'add', group, to } as const)
        : from !== null
          ? ({ kind: 'remove', group, from } as const)
          : null;
  return op === null ? [] : [{ op, isCancelled: false }];
};

/** What the planner reads: servers, groups as their leaders report them, and what is under way. */
export function plannedChunks(state: MetaState, now: Time): Cluster {
  const { chunks, content, config } = state;
  const n = replicasOf(config.cluster);
  const vw = Math.floor(n / 2) + 1;
  return {
    config: { ...defaultPlacement, n, vw },
    nodes: placedServers(state, now),
    groups: new Map([...chunks.groups].map(([id, own]) => [id, shardGroupOf(id, own, vw)])),
    figures: new Map(
      [...chunks.groups].map(([id, { size, load }]) => [id, inPlan({ size, load, buckets: [] })]),
    ),
    operators: (content.storage?.moves ?? [])
      .filter(({ group }) => chunks.groups.has(group))
      .flatMap(operatorOf),
    maxMovesInFlight: MAX_MOVES_IN_FLIGHT,
    held: new Set(),
    closed: new Set(),
    isSettling: false,
  };
}

const changesPlaces: ReadonlySet<string> = new Set([
  'beginChunkMove',
  'endChunkMove',
  'setOffline',
  'removeNode',
  'joinNode',
]);

/** Once in a heartbeat's time, where there is a choice of servers. */
export function driveChunks(state: MetaState, ctx: RoleContext): void {
  const {
    content,
    beatUs,
    failover,
    pending,
    chunks,
    config: { cluster: layout, mutants },
  } = state;
  if (!hasChoice(state) || ctx.now - failover.since < MISSED_BEATS * beatUs) return;
  if (pending.some(({ operation: { kind } }) => changesPlaces.has(kind))) return;
  const cluster = plannedChunks(state, ctx.now);
  const stateOf = (id: NodeId): NodeState => cluster.nodes.find((one) => one.id === id)?.state ?? 'down';
  const moves = content.storage?.moves ?? [];
  for (const move of moves) {
    const outcome = outcomeOf(state, move, stateOf, ctx.now);
    if (outcome !== null) proposeOwn(state, ctx, { kind: 'endChunkMove', group: move.group, outcome });
  }
  const isHasty = has(mutants, 'pcs.removes-server-early');
  const drained = cluster.nodes.find(
    ({ id, state: is }) => is === 'offline' && (isHasty || isDrained(state, id, ctx.now)),
  );
  if (drained !== undefined) {
    const { volume } = layout;
    proposeOwn(state, ctx, { kind: 'removeNode', node: drained.id, volume, listed: [] });
    return;
  }
  const begun = operatorsToBegin(cluster);
  for (const op of begun) {
    if (op.kind === 'transfer') continue;
    const [source, to] = ['from' in op ? op.from : null, 'to' in op ? op.to : null];
    const why = planReason(cluster.nodes, op);
    const deadline = ctx.now + state.moves.moveTimeoutUs;
    proposeOwn(state, ctx, {
      kind: 'beginChunkMove',
      group: op.group,
      source,
      to,
      why,
      at: ctx.now,
      deadline,
    });
  }
  const isLeaving = cluster.nodes.some((one) => one.state === 'offline');
  const isAtRest = begun.length === 0 && moves.length === 0 && !isLeaving;
  if (isAtRest && !chunks.isAtRest) trace(ctx, { kind: 'plan.rest', groups: chunks.groups.size });
  chunks.isAtRest = isAtRest;
}

/** Null: it goes on. It is done once the group is as it was ordered, and what left its server is deleted there. */
function outcomeOf(
  state: MetaState,
  move: ChunkMove,
  stateOf: (id: NodeId) => NodeState,
  now: Time,
): 'done' | 'failed' | null {
  const { chunks } = state;
  const { group, from, to } = move;
  const own = chunks.groups.get(group);
  if (own !== undefined && own.outgoing.length === 0) {
    const isIn = to === null || own.voters.includes(to);
    const isOut = from === null || !hasMember(own, from);
    const holds = from !== null && (chunks.held.get(from)?.groups.has(group) ?? false);
    const isClean = !holds || (from !== null && isAway(stateOf(from)));
    if (isIn && isOut && isClean) return 'done';
    if (isIn && isOut) return null;
  }
  const isWithoutTarget = to !== null && stateOf(to) !== 'up' && own?.voters.includes(to) !== true;
  return isOverdue(state, now, move) || isWithoutTarget ? 'failed' : null;
}

const isAway = (is: NodeState): boolean => is === 'down' || is === 'disconnected' || is === 'tombstone';

/** PCS-72: every group's leader has said who its members are; the server is none of them, and has said itself that it has nothing. */
function isDrained(state: MetaState, id: NodeId, now: Time): boolean {
  const { chunks, content, config } = state;
  if (content.storage?.moves.some(({ from, to }) => from === id || to === id)) return false;
  const groups = chunksOf(config.cluster).map((one) => chunks.groups.get(one.id));
  if (!groups.every((own) => own !== undefined && !hasMember(own, id))) return false;
  const lastSeen = state.beats.get(id)?.at ?? state.failover.since;
  return (
    chunks.held.get(id)?.groups.size === 0 || stateByBeat('up', lastSeen, now, limitsOf(state)) === 'down'
  );
}

/** FS-76, FS-77: with a heartbeat, what its server is to do, or who has the chunks that its mount reads. */
export function orderChunks(state: MetaState, ctx: RoleContext, to: NodeId): void {
  if (!hasChoice(state)) return;
  const { content, config, chunks, log } = state;
  if (chunkServersOf(content, config.cluster).some(({ id }) => id === to)) {
    const term = (log.raft?.term ?? 0) as Term;
    send(ctx, to, { kind: 'ChunkOrders', term, orders: ordersFor(state, to), found: foundFor(state, to) });
    return;
  }
  const isMounting = config.cluster.nodes
    .map(({ id, roles }) => ({ node: id, roles: roles as readonly string[] }))
    .concat(content.joined.map(({ node, roles }) => ({ node, roles })))
    .some(({ node, roles }) => node === to && roles.includes('compute'));
  if (!isMounting) return;
  const groups = [...chunks.groups].map(([group, { voters, outgoing }]) => ({
    group,
    servers: [...new Set([...voters, ...outgoing])],
  }));
  if (groups.length > 0) send(ctx, to, { kind: 'ChunkServers', groups });
}

function ordersFor({ chunks, content }: MetaState, leader: NodeId) {
  return [...chunks.groups].flatMap(([group, own]) => {
    if (own.leader !== leader) return [];
    const move = content.storage?.moves.find((one) => one.group === group);
    const { to = null, from = null } = move ?? {};
    return [{ group, to, from, ...misplaced(chunks, group, own, to) }];
  });
}

/** Groups of which the server has a replica without an identity. */
function foundFor({ chunks }: MetaState, server: NodeId) {
  const held = chunks.held.get(server)?.groups ?? new Map<GroupId, number>();
  return [...held].flatMap(([group, member]) => {
    const own = chunks.groups.get(group);
    return member !== 0 || own === undefined ? [] : [{ group, servers: [...own.voters] }];
  });
}

/** What of an exchange is there, by the newest report; `order`: its leader has begun nothing, or has not said so. */
export function chunkPhase(
  { chunks }: MetaState,
  { group, to, from }: ChunkMove,
): 'order' | 'learner' | 'joint' | 'cleaning' {
  const own = chunks.groups.get(group);
  if (own === undefined) return 'order';
  if (own.outgoing.length > 0) return 'joint';
  if (to !== null && own.learners.includes(to)) return 'learner';
  const isIn = to === null || own.voters.includes(to);
  return isIn && (from === null || !hasMember(own, from)) ? 'cleaning' : 'order';
}
