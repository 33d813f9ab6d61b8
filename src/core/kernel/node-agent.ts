// The agent of a node: beats to the metadata (the failure detector's source, PCS-96), finds which of its nodes leads (PCS-1,
// PCS-103), learns from the answers how high its boot epoch must be, and has replicas that were found at the start compared with what the metadata knows (WAL-75).

import type { NodeId, Time } from '../../base/ids.ts';
import { type RoleContext, send, storeWrites, trace } from './context.ts';
import type { DiskError, Effect, NodeConfig, NodeSpec } from './door.ts';
import type { Message, MessageOf } from './messages.ts';
import { bootWrites } from './node-boot.ts';
import type { HeartbeatPart } from './role.ts';

export const BEAT_TIMER = 'node:beat';

export interface AgentState {
  /** Nodes that host the metadata, as configured. */
  readonly metas: readonly NodeId[];
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

/** The part of a role that takes part in heartbeats, with its state. */
export interface HeartbeatSource {
  readonly part: HeartbeatPart<never>;
  readonly state: never;
  readonly ctx: RoleContext;
}

/** What the node knows of itself at a heartbeat. */
export interface NodeLife {
  bootEpoch: number;
  /** The node's clock when it had booted: names this life to the metadata (WAL-75). */
  readonly bootedAt: Time;
}

/** Null at a node of the metadata itself, and where there is none. */
export function openAgent({ nodeId, cluster, roles, params }: NodeConfig): AgentState | null {
  const metas = cluster.nodes.filter((node) => node.roles.includes('meta')).map((node) => node.id);
  const [first] = metas;
  if (first === undefined || roles.includes('meta')) return null;
  const spec = cluster.nodes.find(({ id }) => id === nodeId);
  const { volume } = cluster;
  return {
    ...(spec?.isAdded ? { joins: { spec, volume, code: null } } : {}),
    metas,
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
  if (agent.metas.length === 1) return;
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
  const isNamed = leader !== null && leader !== from && agent.metas.includes(leader);
  follow(agent, isNamed ? leader : nextOf(agent, from));
  return isNamed;
}

/** Roles address the metadata by its first node; what they send goes to the one that leads. What may be old goes where it is sent (PCS-21). */
export function sendToLeader({ metas, leader }: AgentState, effects: Effect<Message>[]): void {
  const [first] = metas;
  if (first === undefined || first === leader) return;
  for (let i = 0; i < effects.length; i++) {
    const effect = effects[i] as Effect<Message>;
    if (effect.kind !== 'send' || effect.to !== first || mayBeOld(effect.message)) continue;
    effects[i] = { ...effect, to: leader };
  }
}

const mayBeOld = (message: Message): boolean => message.kind === 'GetViews' && message.stale;

/** Never 0 while a replica found at the start waits to be compared. */
const checkOf = ({ bootedAt }: NodeLife, source: HeartbeatSource | null): number =>
  source?.part.awaitsCheck(source.state) ? bootedAt + 1 : 0;

export function sendBeat(
  agent: AgentState,
  ctx: RoleContext,
  life: NodeLife,
  source: HeartbeatSource | null,
): void {
  const { mapVersion } = agent;
  const groups = source ? [...source.part.replicas(source.state)] : [];
  const asks = checkOf(life, source);
  send(ctx, agent.leader, { kind: 'NodeBeat', boot: life.bootEpoch, mapVersion, asks, groups });
  askToJoin(agent, ctx, life);
  source?.part.sendReports(source.state, ctx, agent.leader);
}

/** PCS-3: until the metadata has answered that it is one of the cluster's. */
function askToJoin({ joins, leader }: AgentState, ctx: RoleContext, { bootEpoch: boot }: NodeLife): void {
  if (joins === undefined || joins.code === '') return;
  const { spec, volume } = joins;
  const { zone, roles, isReader = false } = spec;
  send(ctx, leader, { kind: 'Join', boot, volume, zone, roles: [...roles], isReader });
}

export function onJoinAnswer({ joins }: AgentState, life: NodeLife, m: MessageOf<'Joined'>): void {
  if (joins !== undefined && m.boot === life.bootEpoch) joins.code = m.code;
}

/** The answer to a heartbeat: the map version, and the highest boot epoch the metadata has received of this node (F24, PCS-2). */
export function onBeatOk(
  agent: AgentState,
  ctx: RoleContext,
  life: NodeLife,
  source: HeartbeatSource | null,
  from: NodeId,
  { mapVersion, bootFloor, created, answers, known }: MessageOf<'NodeBeatOk'>,
): void {
  if (from === agent.leader) agent.silent = 0;
  const asks = checkOf(life, source);
  if (asks !== 0 && answers !== asks) return; // of an earlier life
  agent.mapVersion = Math.max(agent.mapVersion, mapVersion);
  source?.part.learn(source.state, created, life.bootEpoch);
  const isLost = asks !== 0 && source !== null && source.part.check(source.state, source.ctx, known);
  if (asks !== 0 && checkOf(life, source) === 0) sendBeat(agent, ctx, life, source); // its replicas are spoken for from now on
  if ((bootFloor <= life.bootEpoch && !isLost) || agent.raise) return;
  const epoch = Math.max(bootFloor, life.bootEpoch) + 1;
  agent.raise = { store: storeWrites(ctx, bootWrites(epoch)), epoch };
}

/** The raised boot epoch is durable; if it could not be made so, the next heartbeat's answer tries again. */
export function onRaised(
  agent: AgentState,
  ctx: RoleContext,
  life: NodeLife,
  source: HeartbeatSource | null,
  error: DiskError | null,
): void {
  const { raise } = agent;
  agent.raise = null;
  if (!raise || error !== null) return;
  life.bootEpoch = raise.epoch;
  source?.part.learn(source.state, true, raise.epoch);
  trace(ctx, { kind: 'node.boot', bootEpoch: raise.epoch });
}
