// The agent of a node: beats to the metadata (the failure detector's source, PCS-96), finds which of its nodes leads (PCS-1,
// PCS-103), learns from the answers how high its boot epoch must be, and has replicas that were found at the start compared with what the metadata knows (WAL-75).

import type { NodeId, Time } from '../../base/ids.ts';
import type { NodeSpec } from './cluster-spec.ts';
import { firstRequest, type IdCounter, type RoleContext, send, storeInto, trace } from './context.ts';
import type { DiskError, DiskImage, Effect, NodeConfig } from './door.ts';
import type { Message, MessageOf } from './messages.ts';
import { bootWrites } from './node-boot.ts';
import { pcsNodesWrites, readPcsNodes } from './node-seeds.ts';
import type { HeartbeatPart } from './role.ts';

export const BEAT_TIMER = 'node:beat';

export interface AgentState {
  /** By which roles address the metadata. */
  readonly first: NodeId;
  /** Those that hold the metadata as the cluster was laid out. */
  readonly laidOut: readonly NodeId[];
  /** Whom it asks for the metadata: those of the leader's last `PcsNodes`, and after them those of the layout. */
  metas: readonly NodeId[];
  /** The one that leads, as far as is known: all that goes to the metadata goes there. */
  leader: NodeId;
  /** Heartbeats that it has not answered, and how often this node was sent on since the last heartbeat. */
  silent: number;
  redirects: number;
  readonly beatUs: number;
  /** Highest map version the metadata has reported to this node. */
  mapVersion: number;
  /** A higher boot epoch being made durable, or null. */
  raise: { readonly store: number; readonly epoch: number } | null;
  /** Of a node that was added while the cluster ran (PCS-3). */
  joins?: { readonly spec: NodeSpec; readonly volume: string; code: JoinCode };
  /** The metadata has removed the node: it ends with its next heartbeat. */
  isRemoved?: true;
}

/** What its request to join came to; null: it has no answer yet. */
export type JoinCode = MessageOf<'Joined'>['code'] | null;

/** The part of a role that takes part in heartbeats, with its state. A node of several roles has several. */
export interface HeartbeatSource {
  readonly part: HeartbeatPart<never>;
  readonly state: never;
  readonly ctx: RoleContext;
}

/** What the node knows of itself at a heartbeat. */
export interface NodeIncarnation {
  bootEpoch: number;
  readonly ids: IdCounter;
  /** The node's clock when it had booted: names this life to the metadata (WAL-75). */
  readonly bootedAt: Time;
  readonly config: Pick<NodeConfig, 'mutants'>;
}

/** Null at a node of the metadata alone, and where there is none. One that hosts other roles beside it beats, to itself while it leads. */
export function openAgent(
  { nodeId, cluster, roles, params }: NodeConfig,
  disk: DiskImage,
): AgentState | null {
  const metas = cluster.nodes.filter((node) => node.roles.includes('meta')).map((node) => node.id);
  const [first] = metas;
  if (first === undefined || (roles.includes('meta') && roles.length === 1)) return null;
  const spec = cluster.nodes.find(({ id }) => id === nodeId);
  const { volume } = cluster;
  return {
    ...(spec?.isAdded ? { joins: { spec, volume, code: null } } : {}),
    first,
    laidOut: metas,
    metas: asked(readPcsNodes(disk) ?? [], metas),
    leader: first,
    silent: 0,
    redirects: 0,
    beatUs: params.nodeHeartbeatMs * 1000,
    mapVersion: 0,
    raise: null,
  };
}

/** Heartbeats that may stay without an answer before another node is tried. */
const MAX_SILENT = 3;

/** A heartbeat is due: one that has long been silent does not lead any more, or cannot be reached. */
export function beginBeat(agent: AgentState): void {
  agent.redirects = 0;
  if (agent.metas.length === 1 && agent.metas.includes(agent.leader)) return;
  if (agent.silent >= MAX_SILENT) follow(agent, nextOf(agent, agent.leader));
  agent.silent++;
}

function follow(agent: AgentState, node: NodeId): void {
  agent.leader = node;
  agent.silent = 0;
}

const nextOf = ({ metas }: AgentState, node: NodeId): NodeId =>
  metas[(metas.indexOf(node) + 1) % metas.length] ?? node;

/**
 * PCS-103: the node that was asked does not lead. True when the leader that it names is to be asked at once; without a name the next
 * of the list is asked with the next heartbeat. Between two heartbeats a node is sent on as often as there are nodes to ask.
 */
export function onNotLeader(agent: AgentState, from: NodeId, { leader }: MessageOf<'NotLeader'>): boolean {
  if (from !== agent.leader || agent.redirects >= agent.metas.length) return false;
  agent.redirects++;
  const isNamed = leader !== null && leader !== from;
  follow(agent, isNamed ? leader : nextOf(agent, from));
  return isNamed;
}

/**
 * Roles address the metadata by its first node; what they send to the metadata goes to the one that leads. That node may host
 * other roles, too, and what is for those stays theirs; what may be old goes where it is sent (PCS-21).
 */
export function sendToLeader(
  { first, leader }: AgentState,
  effects: Effect<Message>[],
  isForMeta: (message: Message) => boolean,
  from = 0,
): void {
  if (first === leader) return;
  for (let i = from; i < effects.length; i++) {
    const effect = effects[i] as Effect<Message>;
    if (effect.kind !== 'send' || effect.to !== first || mayBeOld(effect.message)) continue;
    if (isForMeta(effect.message)) effects[i] = { ...effect, to: leader };
  }
}

const mayBeOld = (message: Message): boolean => message.kind === 'GetViews' && message.stale;

/** Never 0 while a replica found at the start waits to be compared. */
const checkOf = ({ bootedAt }: NodeIncarnation, sources: readonly HeartbeatSource[]): number =>
  sources.some(({ part, state }) => part.awaitsCheck(state)) ? bootedAt + 1 : 0;

export function sendBeat(
  agent: AgentState,
  ctx: RoleContext,
  incarnation: NodeIncarnation,
  sources: readonly HeartbeatSource[],
): void {
  const { mapVersion } = agent;
  const groups = sources.flatMap(({ part, state }) => [...part.replicas(state)]);
  const asks = checkOf(incarnation, sources);
  send(ctx, agent.leader, { kind: 'NodeBeat', boot: incarnation.bootEpoch, mapVersion, asks, groups });
  askToJoin(agent, ctx, incarnation);
  for (const { part, state } of sources) part.sendReports(state, ctx, agent.leader);
}

/** PCS-3: until the metadata has answered that it is one of the cluster's. */
function askToJoin(
  { joins, leader }: AgentState,
  ctx: RoleContext,
  { bootEpoch: boot }: NodeIncarnation,
): void {
  if (joins === undefined || joins.code === '') return;
  const { spec, volume } = joins;
  const { zone, roles, isReader = false } = spec;
  send(ctx, leader, { kind: 'Join', boot, volume, zone, roles: [...roles], isReader });
}

export function onJoinAnswer(
  { joins }: AgentState,
  incarnation: NodeIncarnation,
  m: MessageOf<'Joined'>,
): void {
  if (joins !== undefined && m.boot === incarnation.bootEpoch) joins.code = m.code;
}

/** A list may be old, and all of it gone: who is asked in vain costs some heartbeats, who is not asked might have answered. */
const asked = (nodes: readonly NodeId[], laidOut: readonly NodeId[]): readonly NodeId[] => [
  ...nodes,
  ...laidOut.filter((node) => !nodes.includes(node)),
];

/** PCS-1: other nodes hold the metadata than the node was laid out with, or did. */
export function onPcsNodes(agent: AgentState, ctx: RoleContext, { nodes }: MessageOf<'PcsNodes'>): void {
  const metas = asked(nodes, agent.laidOut);
  if (
    nodes.length === 0 ||
    (agent.metas.length === metas.length && metas.every((node, i) => node === agent.metas[i]))
  )
    return;
  agent.metas = metas;
  storeInto(ctx, 'recovery', pcsNodesWrites(nodes));
}

/** The answer to a heartbeat: the map version, and the highest boot epoch the metadata has received of this node (F24, PCS-2). */
export function onBeatOk(
  agent: AgentState,
  ctx: RoleContext,
  incarnation: NodeIncarnation,
  sources: readonly HeartbeatSource[],
  from: NodeId,
  { mapVersion, bootFloor, created, answers, known }: MessageOf<'NodeBeatOk'>,
): void {
  if (from === agent.leader) agent.silent = 0;
  const asks = checkOf(incarnation, sources);
  if (asks !== 0 && answers !== asks) return; // of an earlier life
  agent.mapVersion = Math.max(agent.mapVersion, mapVersion);
  for (const { part, state } of sources) part.learn(state, created, incarnation.bootEpoch);
  const lost = asks === 0 ? [] : sources.map(({ part, state, ctx: own }) => part.check(state, own, known));
  const isLost = lost.includes(true);
  if (asks !== 0 && checkOf(incarnation, sources) === 0) sendBeat(agent, ctx, incarnation, sources); // its replicas are spoken for from now on
  if ((bootFloor <= incarnation.bootEpoch && !isLost) || agent.raise) return;
  const epoch = Math.max(bootFloor, incarnation.bootEpoch) + 1;
  agent.raise = { store: storeInto(ctx, 'recovery', bootWrites(epoch, incarnation.config.mutants)), epoch };
}

/** The raised boot epoch is durable; if it could not be made so, the next heartbeat's answer tries again. */
export function onRaised(
  agent: AgentState,
  ctx: RoleContext,
  incarnation: NodeIncarnation,
  sources: readonly HeartbeatSource[],
  error: DiskError | null,
): void {
  const { raise } = agent;
  agent.raise = null;
  if (!raise || error !== null) return;
  incarnation.bootEpoch = raise.epoch;
  incarnation.ids.requests = firstRequest(raise.epoch);
  for (const { part, state } of sources) part.learn(state, true, raise.epoch);
  trace(ctx, { kind: 'node.boot', bootEpoch: raise.epoch });
}
