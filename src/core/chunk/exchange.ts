// Replicas that come and go while the device is mounted (docs/spec/polarfs.md FS-76, FS-77). The metadata orders an exchange of the group's
// leader, again with each heartbeat: what an order asks for is read from the group's own configuration, so whoever leads goes on with it.
// A server that comes in gets a place in the group's list by an entry of its log, then it is invited; a replica that is none of the
// group's any more first ends durably, and then is deleted: half of its promises must never look like a whole disk.

import type { GroupId, NodeId, Time } from '../../base/ids.ts';
import { type Configuration, without } from '../consensus/configuration.ts';
import { askIdentity, type GroupPort, requestIdentity } from '../consensus/group-member.ts';
import { membersAt, nodeOfMember, nthIdentity, PLACES } from '../consensus/identities.ts';
import {
  deletionsOfLog,
  drive,
  JOURNAL_TIMER,
  type LogPort,
  type LogResult,
  startAmnesiac,
} from '../consensus/node-log.ts';
import { currentConfig, currentConfigIndex, lastIndex, sliceBetween } from '../consensus/raft-log.ts';
import { isReady, settledConfig } from '../consensus/raft-state.ts';
import type { Raft } from '../consensus/raft-types.ts';
import { type RoleContext, send, storeInto, storeWrites, trace, wakeAt } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { type ChunkState, type Hosted, isChunkOf, makeInvited, serversOf } from './chunk-state.ts';
import { encodeMemberPlace, memberPlaceIn } from './commands.ts';
import { ALL_ENTRIES, deletionsOf, goneWrite, serversWrite } from './replica.ts';

/** Load is counted over windows of this many heartbeats. */
const WINDOW_BEATS = 25;

/** What the leader of the group does for the exchange that is ordered, one change at a time. */
export function driveExchange(hosted: Hosted, port: LogPort): LogResult | null {
  const { log, exchange, replica } = hosted;
  const { raft } = log;
  const config = settledConfig(raft);
  if (raft === null || config === null) return null;
  const unordered = strayLearner(hosted, config);
  if (unordered !== null) {
    hosted.idle.delete(unordered);
    const target = without(config, membersAt(config, serversOf(hosted), unordered));
    return drive(log, port, { kind: 'changeMembers', target });
  }
  if (exchange === null) return null;
  const { to, from } = exchange;
  const isHasty = has(replica.mutants, 'chunk.leaves-first');
  const isIn =
    to === null ||
    hasVoter(hosted, config, to) ||
    (isHasty && from !== null && hasVoter(hosted, config, from));
  if (isIn)
    return from === null || !hasVoter(hosted, config, from) ? null : takeOut(hosted, config, port, from);
  if (namesPlace(raft)) return null;
  const { servers } = hosted.replica;
  if (!servers.includes(to)) return giveAttachment(hosted, port, to);
  if (membersAt(config, servers, to).length === 0 && !hosted.idle.has(to)) invite(hosted, port, to);
  return null;
}

/** An entry that gives a place is not committed yet. */
const namesPlace = ({ log, commit }: Raft): boolean =>
  sliceBetween(log, commit + 1, lastIndex(log)).some(
    (entry) => entry.kind === 'data' && memberPlaceIn(entry.data) !== null,
  );

const votersAt = (hosted: Hosted, { voters }: Configuration, node: NodeId) =>
  voters.filter((id) => nodeOfMember(serversOf(hosted), id) === node);
const hasVoter = (hosted: Hosted, config: Configuration, node: NodeId): boolean =>
  votersAt(hosted, config, node).length > 0;

/** A learner beside no voter of its node, which nobody orders any more. */
function strayLearner(hosted: Hosted, config: Configuration): NodeId | null {
  for (const id of config.learners) {
    const node = nodeOfMember(serversOf(hosted), id);
    if (node !== null && node !== hosted.exchange?.to && !hasVoter(hosted, config, node)) return node;
  }
  return null;
}

/** The group has one replica too many: the others are three. */
function takeOut(hosted: Hosted, config: Configuration, port: LogPort, from: NodeId): LogResult | null {
  const out = votersAt(hosted, config, from);
  const target = without(config, out);
  const { laidOut, mutants } = hosted.replica;
  if (target.voters.length < laidOut && !has(mutants, 'chunk.leaves-first')) return null;
  return drive(hosted.log, port, { kind: 'changeMembers', target });
}

function giveAttachment(hosted: Hosted, port: LogPort, server: NodeId): LogResult | null {
  const place = hosted.replica.servers.length;
  if (place >= PLACES) return null; // the order comes to its deadline
  return drive(hosted.log, port, { kind: 'propose', data: encodeMemberPlace({ place, server }) });
}

const invite = (hosted: Hosted, { ctx }: LogPort, to: NodeId): void =>
  send(ctx, to, { kind: 'ChunkInvite', group: hosted.group, servers: [...hosted.replica.servers] });

/** The metadata's order for a group, if this node leads it: one that asks for nothing takes back what was ordered before. */
export function onOrder(
  hosted: Hosted,
  port: LogPort,
  order: MessageOf<'ChunkOrders'>['orders'][number],
): LogResult | null {
  const { log, group } = hosted;
  const { raft } = log;
  if (raft === null || !isReady(raft)) return null;
  const { to, from } = order;
  hosted.exchange = to === null && from === null ? null : { to, from };
  const config = settledConfig(raft);
  if (config === null) return null;
  const isMember = (node: NodeId): boolean => membersAt(config, serversOf(hosted), node).length > 0;
  for (const node of order.strays)
    if (!isMember(node) && node !== order.to)
      send(port.ctx, node, { kind: 'ChunkGone', group, through: currentConfigIndex(raft.log) });
  for (const node of order.lost) if (isMember(node)) invite(hosted, port, node);
  return driveExchange(hosted, port);
}

/** A server without a replica begins one: what it must know of the others is durable before it asks for an identity. */
export function onInvite(
  state: ChunkState,
  ctx: RoleContext,
  { group, servers }: MessageOf<'ChunkInvite'>,
): Hosted | null {
  const isMeant = servers.includes(state.nodeId) && servers.length <= PLACES;
  if (!isMeant || state.chunks.has(group) || !isChunkOf(state, group)) return null;
  const hosted = makeInvited(state, group, servers);
  hosted.inviting = storeWrites(ctx, [serversWrite(hosted.replica.prefix, servers)]);
  return hosted;
}

/** Null: it could not be written; another invitation comes. */
export function onInvited(
  state: ChunkState,
  hosted: Hosted,
  port: GroupPort,
  isDurable: boolean,
): LogResult | null {
  hosted.inviting = -1;
  if (!isDurable) {
    state.chunks.delete(hosted.group);
    return null;
  }
  const result = startAmnesiac(hosted.log, port, 'empty');
  trace(port.ctx, { kind: 'chunk.invited', group: hosted.group });
  askIdentity(hosted, port);
  return result;
}

/** FS-76. An identity that it was given since is not meant. */
export function onGone(hosted: Hosted, port: LogPort, { through }: MessageOf<'ChunkGone'>): LogResult | null {
  const { log, leaving, inviting } = hosted;
  if (leaving !== null || inviting >= 0 || nthIdentity(log.config.self) > through) return null;
  hosted.leaving = { through, step: 'ends', storeId: -1 };
  hosted.startupProbe = null;
  hosted.journal = null;
  if (log.raft === null) return startAmnesiac(log, port, 'removed');
  return drive(log, port, { kind: 'invalidateIdentity', why: 'removed' });
}

/** Nothing of the log is on its way to the disk; what failed is not written again. */
const isWriting = ({ log, flush }: Hosted): boolean =>
  (log.writing !== null && log.writing.storeId >= 0) || log.checkpointing !== null || flush !== null;

/** A full disk has room for it: what is deleted then makes some. */
function markGone(ctx: RoleContext, hosted: Hosted, through: number): void {
  const storeId = storeInto(ctx, 'freeing', [goneWrite(hosted.replica.prefix, through)]);
  hosted.leaving = { through, step: 'marks', storeId };
}

/** All of the replica but that it is gone. */
export function deleteRest(ctx: RoleContext, hosted: Hosted, through: number): void {
  const { log, replica, place } = hosted;
  const writes = [...deletionsOfLog(log, place), ...deletionsOf(replica)];
  hosted.leaving = { through, step: 'deletes', storeId: storeWrites(ctx, writes) };
}

/** What leaves goes on once nothing of it is being written. True: it is gone. */
export function driveLeaving(
  state: ChunkState,
  ctx: RoleContext,
  hosted: Hosted,
  ended: { readonly storeId: number; readonly isDurable: boolean } | null,
): boolean {
  const { leaving, group } = hosted;
  if (leaving === null) return false;
  const { through, step, storeId } = leaving;
  if (step === 'ends') {
    if (!isWriting(hosted)) markGone(ctx, hosted, through);
    return false;
  }
  if (ended?.storeId !== storeId) return false;
  if (!ended.isDurable) {
    // part of it may be on the disk: the replica is not whole any more, and goes on to leave
    hosted.leaving = { through, step, storeId: -1 };
    wakeAt(ctx, JOURNAL_TIMER, (ctx.now + state.retryUs) as Time);
  } else if (step === 'marks') deleteRest(ctx, hosted, through);
  else {
    state.chunks.delete(group);
    traceLeft(ctx, group, through);
    return true;
  }
  return false;
}

/** FS-76; −1: every entry, of a mark that is damaged. */
export const traceLeft = (ctx: RoleContext, group: GroupId, through: number): void =>
  trace(ctx, { kind: 'chunk.left', group, through: through === ALL_ENTRIES ? -1 : through });

/** What could not be written is written again. */
export function leaveAgain(ctx: RoleContext, hosted: Hosted): void {
  const { leaving } = hosted;
  if (leaving === null || leaving.step === 'ends' || leaving.storeId >= 0) return;
  if (leaving.step === 'marks') markGone(ctx, hosted, leaving.through);
  else deleteRest(ctx, hosted, leaving.through);
}

/** The leader says on which servers the members are, when these are others than it said before, or than the group began with. */
export function traceMembers(ctx: RoleContext, hosted: Hosted): void {
  const { raft } = hosted.log;
  if (raft === null || !isReady(raft)) return;
  const config = currentConfig(raft.log);
  const voters = namesOf(hosted, config.voters);
  const outgoing = namesOf(hosted, config.outgoing);
  const learners = namesOf(hosted, config.learners).filter((name) => !voters.includes(name));
  const isSame = outgoing.join() === voters.join(); // one gets another identity (FS-79)
  const said = [voters, isSame ? [] : outgoing, learners].map((names) => names.join(','));
  if (
    said.join('|') ===
    (hosted.traced ?? `${hosted.replica.servers.slice(0, hosted.replica.laidOut).join(',')}||`)
  )
    return;
  hosted.traced = said.join('|');
  trace(ctx, {
    kind: 'chunk.members',
    group: hosted.group,
    index: currentConfigIndex(raft.log),
    voters: said[0] ?? '',
    outgoing: said[1] ?? '',
    learners: said[2] ?? '',
  });
}

/** In the order of their places. */
const namesOf = (hosted: Hosted, ids: Configuration['voters']): string[] =>
  ids
    .toSorted((a, b) => ((a - 1) % PLACES) - ((b - 1) % PLACES))
    .map((id) => nodeOfMember(serversOf(hosted), id) ?? `member ${id}`);

type Reported = MessageOf<'ChunkReport'>['chunks'][number];

function reportOf(hosted: Hosted): Reported {
  const { group, log, replica, load } = hosted;
  const { raft } = log;
  const member = raft === null || raft.amnesia !== null ? 0 : log.config.self;
  const written = replica.blocks.filter((block) => block !== null).length;
  const idle: Reported = {
    group,
    member,
    leads: 0,
    index: 0,
    voters: [],
    outgoing: [],
    learners: [],
    size: written * replica.geometry.blockBytes,
    load: 0,
  };
  if (raft === null || !isReady(raft) || currentConfigIndex(raft.log) > raft.commit) return idle;
  const { voters, outgoing, learners } = currentConfig(raft.log);
  const nodes = (ids: Configuration['voters']): NodeId[] => [
    ...new Set(ids.flatMap((id) => nodeOfMember(serversOf(hosted), id) ?? [])),
  ];
  return {
    ...idle,
    leads: raft.term,
    index: currentConfigIndex(raft.log),
    voters: nodes(voters),
    outgoing: nodes(outgoing),
    learners: nodes(learners),
    load,
  };
}

export function report(state: ChunkState, ctx: RoleContext): void {
  const { chunks, metadata, incarnation, retryUs } = state;
  if (ctx.now - state.windowAt >= WINDOW_BEATS * retryUs || ctx.now < state.windowAt) {
    for (const hosted of chunks.values()) {
      hosted.load = hosted.requests;
      hosted.requests = 0;
    }
    state.windowAt = ctx.now;
  }
  if (metadata !== null)
    send(ctx, metadata, { kind: 'ChunkReport', incarnation, chunks: [...chunks.values()].map(reportOf) });
}

/** Who knows too little of a group to find its leader asks those that the metadata names. */
export function askFound(hosted: Hosted, port: GroupPort, servers: readonly NodeId[]): void {
  if (hosted.log.raft?.amnesia == null || hosted.leaving !== null) return;
  const peers = servers.filter((server) => server !== port.nodeId);
  requestIdentity(hosted, port, peers);
}
