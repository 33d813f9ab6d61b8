// A node as a member of its cluster: it beats to the metadata (the failure detector's source, PCS-96), finds which of its nodes leads (PCS-1,
// PCS-103), learns from the answers how high its boot epoch must be, and has replicas that were found at the start compared with what the
// metadata knows (WAL-75).

import type { NodeId, Time } from '../../base/ids.ts';
import type { NodeSpec } from '../kernel/cluster-spec.ts';
import { firstRequest, type RoleContext, send, storeInto, trace } from '../kernel/context.ts';
import type { DiskError, DiskImage, Input, NodeConfig } from '../kernel/door.ts';
import type { HeartbeatSource, MemberModule, MemberPort, NodeIncarnation } from '../kernel/member-module.ts';
import { type MessageTable, receiverOf } from '../kernel/message-table.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import { bootWrites } from '../kernel/node-boot.ts';
import { pcsNodesWrites, readPcsNodes } from './node-seeds.ts';

const BEAT_TIMER = 'node:beat';

export interface MemberState {
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
type JoinCode = MessageOf<'Joined'>['code'] | null;

/** Null at a node of the metadata alone, and where there is none. One that hosts other roles beside it beats, to itself while it leads. */
function openMember({ nodeId, cluster, roles, params }: NodeConfig, disk: DiskImage): MemberState | null {
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
function beginBeat(member: MemberState): void {
  member.redirects = 0;
  if (member.metas.length === 1 && member.metas.includes(member.leader)) return;
  if (member.silent >= MAX_SILENT) follow(member, nextOf(member, member.leader));
  member.silent++;
}

function follow(member: MemberState, node: NodeId): void {
  member.leader = node;
  member.silent = 0;
}

const nextOf = ({ metas }: MemberState, node: NodeId): NodeId =>
  metas[(metas.indexOf(node) + 1) % metas.length] ?? node;

/**
 * PCS-103: the node that was asked does not lead. True when the leader that it names is to be asked at once; without a name the next
 * of the list is asked with the next heartbeat. Between two heartbeats a node is sent on as often as there are nodes to ask.
 */
function onNotLeader(member: MemberState, from: NodeId, { leader }: MessageOf<'NotLeader'>): boolean {
  if (from !== member.leader || member.redirects >= member.metas.length) return false;
  member.redirects++;
  const isNamed = leader !== null && leader !== from;
  follow(member, isNamed ? leader : nextOf(member, from));
  return isNamed;
}

/**
 * Roles address the metadata by its first node; what they send to the metadata goes to the one that leads. That node may host
 * other roles, too, and what is for those stays theirs; what may be old goes where it is sent (PCS-21).
 */
const route = ({ first, leader }: MemberState, to: NodeId, message: Message, table: MessageTable): NodeId =>
  to === first && first !== leader && receiverOf(table, message) === 'meta' && !mayBeOld(message)
    ? leader
    : to;

const mayBeOld = (message: Message): boolean => message.kind === 'GetViews' && message.stale;

/** Never 0 while a replica found at the start waits to be compared. */
const checkOf = ({ bootedAt }: NodeIncarnation, sources: readonly HeartbeatSource[]): number =>
  sources.some(({ part, state }) => part.awaitsCheck(state)) ? bootedAt + 1 : 0;

function sendBeat(
  member: MemberState,
  ctx: RoleContext,
  incarnation: NodeIncarnation,
  sources: readonly HeartbeatSource[],
): void {
  const { mapVersion } = member;
  const groups = sources.flatMap(({ part, state }) => [...part.replicas(state)]);
  const asks = checkOf(incarnation, sources);
  send(ctx, member.leader, { kind: 'NodeBeat', boot: incarnation.bootEpoch, mapVersion, asks, groups });
  askToJoin(member, ctx, incarnation);
  for (const { part, state } of sources) part.sendReports(state, ctx, member.leader);
}

/** PCS-3: until the metadata has answered that it is one of the cluster's. */
function askToJoin(
  { joins, leader }: MemberState,
  ctx: RoleContext,
  { bootEpoch: boot }: NodeIncarnation,
): void {
  if (joins === undefined || joins.code === '') return;
  const { spec, volume } = joins;
  const { zone, roles, isReader = false } = spec;
  send(ctx, leader, { kind: 'Join', boot, volume, zone, roles: [...roles], isReader });
}

function onJoinAnswer({ joins }: MemberState, incarnation: NodeIncarnation, m: MessageOf<'Joined'>): void {
  if (joins !== undefined && m.boot === incarnation.bootEpoch) joins.code = m.code;
}

/** A list may be old, and all of it gone: who is asked in vain costs some heartbeats, who is not asked might have answered. */
const asked = (nodes: readonly NodeId[], laidOut: readonly NodeId[]): readonly NodeId[] => [
  ...nodes,
  ...laidOut.filter((node) => !nodes.includes(node)),
];

/** PCS-1: other nodes hold the metadata than the node was laid out with, or did. */
function onPcsNodes(member: MemberState, ctx: RoleContext, { nodes }: MessageOf<'PcsNodes'>): void {
  const metas = asked(nodes, member.laidOut);
  if (
    nodes.length === 0 ||
    (member.metas.length === metas.length && metas.every((node, i) => node === member.metas[i]))
  )
    return;
  member.metas = metas;
  storeInto(ctx, 'recovery', pcsNodesWrites(nodes));
}

/** The answer to a heartbeat: the map version, and the highest boot epoch the metadata has received of this node (F24, PCS-2). */
function onBeatOk(
  member: MemberState,
  ctx: RoleContext,
  incarnation: NodeIncarnation,
  sources: readonly HeartbeatSource[],
  from: NodeId,
  { mapVersion, bootFloor, created, answers, known }: MessageOf<'NodeBeatOk'>,
): void {
  if (from === member.leader) member.silent = 0;
  const asks = checkOf(incarnation, sources);
  if (asks !== 0 && answers !== asks) return; // of an earlier life
  member.mapVersion = Math.max(member.mapVersion, mapVersion);
  for (const { part, state } of sources) part.learn(state, created, incarnation.bootEpoch);
  const lost = asks === 0 ? [] : sources.map(({ part, state, ctx: own }) => part.check(state, own, known));
  const isLost = lost.includes(true);
  if (asks !== 0 && checkOf(incarnation, sources) === 0) sendBeat(member, ctx, incarnation, sources); // its replicas are spoken for from now on
  if ((bootFloor <= incarnation.bootEpoch && !isLost) || member.raise) return;
  const epoch = Math.max(bootFloor, incarnation.bootEpoch) + 1;
  member.raise = { store: storeInto(ctx, 'recovery', bootWrites(epoch, incarnation.config.mutants)), epoch };
}

/** The raised boot epoch is durable; if it could not be made so, the next heartbeat's answer tries again. */
function onRaised(
  member: MemberState,
  ctx: RoleContext,
  incarnation: NodeIncarnation,
  sources: readonly HeartbeatSource[],
  error: DiskError | null,
): void {
  const { raise } = member;
  member.raise = null;
  if (!raise || error !== null) return;
  incarnation.bootEpoch = raise.epoch;
  incarnation.ids.requests = firstRequest(raise.epoch);
  for (const { part, state } of sources) part.learn(state, true, raise.epoch);
  trace(ctx, { kind: 'node.boot', bootEpoch: raise.epoch });
}

function beat(member: MemberState, port: MemberPort): void {
  const { ctx, node } = port;
  if (member.isRemoved) {
    trace(ctx, { kind: 'node.exit', bootEpoch: node.bootEpoch });
    ctx.effects.push({ kind: 'exit' });
    return;
  }
  beginBeat(member);
  sendBeat(member, ctx, node, port.sources());
  ctx.effects.push({ kind: 'wakeAt', timer: BEAT_TIMER, at: (ctx.now + member.beatUs) as Time });
}

function onMessage(member: MemberState, port: MemberPort, from: NodeId, message: Message): void {
  const { ctx, node } = port;
  switch (message.kind) {
    case 'NodeBeatOk':
      onBeatOk(member, ctx, node, port.sources(), from, message);
      break;
    case 'NotLeader':
      if (onNotLeader(member, from, message)) sendBeat(member, ctx, node, port.sources());
      break;
    case 'PcsNodes':
      onPcsNodes(member, ctx, message);
      break;
    case 'Joined':
      onJoinAnswer(member, node, message);
      break;
    case 'NodeRemoved':
      member.isRemoved = true;
  }
}

function stepMember(member: MemberState, input: Input<Message>, port: MemberPort): void {
  if (input.kind === 'wake') beat(member, port);
  else if (input.kind === 'diskDone') onRaised(member, port.ctx, port.node, port.sources(), input.error);
  else if (input.kind === 'message') onMessage(member, port, input.from, input.message);
}

export const nodeMember: MemberModule<MemberState> = {
  hears: ['NodeBeatOk', 'NotLeader', 'PcsNodes', 'Joined', 'NodeRemoved'],
  open: openMember,
  start: beat,
  step: stepMember,
  owns: ({ raise }, store) => raise?.store === store,
  route,
};
