// How a replica of a chunk begins (docs/spec/polarfs.md FS-79). A disk that is empty, damaged or older than the replica's promises must neither
// vote nor acknowledge under its identity. So the replica first asks its peers what they heard of it (as PCS-104) and, with an empty
// disk, the metadata whether one may still be made from nothing (PCS-120); who has forgotten asks the group for a new identity.

import type { NodeId, Time } from '../../base/ids.ts';
import { isVoter, membersOf, noMembers } from '../consensus/configuration.ts';
import { heardOf, judge, vouchedTerm } from '../consensus/greeting.ts';
import { firstIdentity, nodeOfMember } from '../consensus/identities.ts';
import {
  type LogPort,
  type LogResult,
  startAmnesiac,
  startAs,
  startNew,
  startStored,
} from '../consensus/node-log.ts';
import { currentConfig, lastIndex } from '../consensus/raft-log.ts';
import type { AmnesiaReason } from '../consensus/raft-types.ts';
import { type RoleContext, send, trace, wakeAt } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { type ChunkState, type Hosted, serversOf } from './chunk-state.ts';
import { forgetLog, restoreSummary } from './replica.ts';

export const START_TIMER = 'start';

/** By the newest configuration that is known here; while none is, or its own place in it is lost, every server of the group. */
export function peersOf({ nodeId }: ChunkState, hosted: Hosted): NodeId[] {
  const { log, journal } = hosted;
  const servers = serversOf(hosted);
  const { snapshot = null, entries = [] } = journal?.kind === 'stored' ? journal.stored : {};
  const stored = entries.findLast((entry) => entry.kind === 'config')?.config ?? snapshot?.config;
  const config = log.raft?.amnesia === null ? currentConfig(log.raft.log) : (stored ?? noMembers);
  const nodes = new Set(membersOf(config).map((member) => nodeOfMember(servers, member)));
  return servers.filter((peer) => peer !== nodeId && (nodes.size === 0 || nodes.has(peer)));
}

/** The first look at what the disk holds. */
export function beginReplica(
  state: ChunkState,
  ctx: RoleContext,
  hosted: Hosted,
  port: LogPort,
): LogResult | null {
  const { journal, log } = hosted;
  const isBlind = state.broken.includes('chunk.starts-unasked'); // named deviation (M157)
  if (journal === null || journal.kind === 'damaged') return disown(state, ctx, hosted, port, 'damaged');
  const peers = isBlind ? [] : peersOf(state, hosted);
  const until = (ctx.now + log.config.timing.electionMinUs) as Time;
  hosted.greeting = { asked: peers, peers, until, answers: new Map() };
  if (isBlind || journal.kind !== 'new' || state.metadata === null) hosted.mayMake = true;
  greet(state, ctx, hosted);
  return goOn(state, ctx, hosted, port);
}

function greet(state: ChunkState, ctx: RoleContext, { greeting, group, log, mayMake }: Hosted): void {
  const { bootEpoch: boot, life, metadata } = state;
  const member = log.config.self;
  for (const peer of greeting?.asked ?? [])
    if (!greeting?.answers.has(peer)) send(ctx, peer, { kind: 'ChunkStarts', group, boot, member, life });
  if (mayMake === null && metadata !== null) send(ctx, metadata, { kind: 'GetCreation', group, at: life });
  wakeAt(ctx, START_TIMER, (ctx.now + state.retryUs) as Time);
}

/** The replica runs once it is known to be its own. */
function goOn(state: ChunkState, ctx: RoleContext, hosted: Hosted, port: LogPort): LogResult | null {
  const { greeting, journal, log, mayMake, group } = hosted;
  const servers = serversOf(hosted);
  if (greeting === null || journal === null) return null;
  const verdict = judge(greeting, journal, ctx.now);
  if (verdict.kind === 'wait' || (verdict.kind === 'new' && mayMake === null)) return null;
  hosted.greeting = null;
  hosted.journal = null;
  wakeAt(ctx, START_TIMER, null);
  if (verdict.kind === 'empty' || (verdict.kind === 'new' && mayMake === false))
    return disown(state, ctx, hosted, port, 'empty');
  if (verdict.kind === 'new') {
    trace(ctx, { kind: 'chunk.made', group, member: log.config.self });
    startNew(
      log,
      port,
      servers.map((node) => firstIdentity(servers, node)),
    );
    return null;
  }
  if (journal.kind !== 'stored') return null;
  const { snapshot } = journal.stored;
  if (snapshot !== null) restoreReplica(ctx, hosted, snapshot.bytes);
  const result = startStored(log, port, journal, verdict.witness);
  if (log.raft?.amnesia != null) onDisowned(state, ctx, hosted, log.raft.amnesia);
  else {
    sayHeld(ctx, hosted);
    tendLearner(state, ctx, hosted);
  }
  return result;
}

/** What a crash left of the log is durable, also what the last life had not said. */
function sayHeld(ctx: RoleContext, { log: { raft }, group }: Hosted): void {
  const last = raft === null ? 0 : lastIndex(raft.log);
  if (raft === null || last === 0) return;
  trace(ctx, { kind: 'chunk.durable', group, first: Math.min(raft.log.baseIndex + 1, last), last });
}

/** FS-75, FS-78: blocks that are older than the snapshot says, or damaged, are lacking from now on. False: it is no snapshot. */
export function restoreReplica(ctx: RoleContext, { replica, group }: Hosted, bytes: Uint8Array): boolean {
  const isRestored = restoreSummary(replica, bytes);
  for (const block of replica.wanted.keys()) trace(ctx, { kind: 'chunk.lacks', group, block });
  return isRestored;
}

function disown(
  state: ChunkState,
  ctx: RoleContext,
  hosted: Hosted,
  port: LogPort,
  why: AmnesiaReason,
): LogResult {
  const result = startAmnesiac(hosted.log, port, why);
  onDisowned(state, ctx, hosted, why);
  return result;
}

/** It takes part in nothing, and asks for an identity until it has one. */
export function onDisowned(state: ChunkState, ctx: RoleContext, hosted: Hosted, why: AmnesiaReason): void {
  trace(ctx, { kind: 'chunk.disowned', group: hosted.group, why });
  hosted.journal = null;
  sayIdle(state, ctx, hosted);
}

export function sayIdle(state: ChunkState, ctx: RoleContext, hosted: Hosted): void {
  const { bootEpoch: boot, life } = state;
  for (const peer of peersOf(state, hosted))
    send(ctx, peer, { kind: 'ChunkStarts', group: hosted.group, boot, member: 0, life });
  wakeAt(ctx, START_TIMER, (ctx.now + state.retryUs) as Time);
}

/** A learner says that it holds all that its log speaks of: then it may count (FS-79). */
export function tendLearner(state: ChunkState, ctx: RoleContext, hosted: Hosted): void {
  const { group, log, replica } = hosted;
  const { raft, config } = log;
  if (raft === null || raft.amnesia !== null || isVoter(currentConfig(raft.log), config.self)) return;
  const { wanted, waiting, fetched } = replica;
  if (wanted.size === 0 && waiting.length === 0 && fetched.size === 0 && raft.commit > 0)
    for (const peer of peersOf(state, hosted))
      send(ctx, peer, { kind: 'ChunkWhole', group, member: config.self });
  wakeAt(ctx, START_TIMER, (ctx.now + state.retryUs) as Time);
}

export function onStartTimer(
  state: ChunkState,
  ctx: RoleContext,
  hosted: Hosted,
  port: LogPort,
): LogResult | null {
  if (hosted.greeting !== null) {
    // others than those that it asks may be members by now; the metadata has said enough (PCS-120)
    if (hosted.journal?.kind === 'new' && hosted.mayMake === false) {
      hosted.greeting = null;
      return disown(state, ctx, hosted, port, 'empty');
    }
    const result = goOn(state, ctx, hosted, port);
    if (hosted.greeting !== null) greet(state, ctx, hosted);
    return result;
  }
  if (hosted.log.raft?.amnesia != null) sayIdle(state, ctx, hosted);
  else tendLearner(state, ctx, hosted);
  return null;
}

/** A peer that starts is told what is known of it, if this node can vouch for that. */
export function answerStart(
  ctx: RoleContext,
  hosted: Hosted,
  from: NodeId,
  m: MessageOf<'ChunkStarts'>,
): void {
  const { log, journal, heard, group } = hosted;
  const { member } = m;
  if (nodeOfMember(serversOf(hosted), member as never) !== from) return;
  const booting = log.bootVoters.length > 0 ? log.hard : null;
  const term = log.raft?.amnesia == null ? vouchedTerm(journal, log.raft ?? booting) : null;
  if (term === null) return;
  const known = heardOf(heard, member as never);
  const { boot: heardBoot, term: heardTerm, match: heardMatch } = known;
  send(ctx, from, { kind: 'ChunkKnown', group, boot: m.boot, term, heardBoot, heardTerm, heardMatch });
  known.boot = Math.max(known.boot, m.boot);
}

export function onKnown(
  state: ChunkState,
  ctx: RoleContext,
  hosted: Hosted,
  port: LogPort,
  from: NodeId,
  m: MessageOf<'ChunkKnown'>,
): LogResult | null {
  if (m.boot !== state.bootEpoch) return null;
  hosted.greeting?.answers.set(from, m);
  return goOn(state, ctx, hosted, port);
}

/** PCS-120: of this life's question. */
export function onCreationIs(
  state: ChunkState,
  ctx: RoleContext,
  hosted: Hosted,
  port: LogPort,
  { at, isOpen }: MessageOf<'CreationIs'>,
): LogResult | null {
  if (at !== state.life || hosted.mayMake !== null) return null;
  hosted.mayMake = isOpen;
  return goOn(state, ctx, hosted, port);
}

/** The identity that this life of the node was given: its log is empty, its blocks count for what they say they are. */
export function onJoinAs(
  state: ChunkState,
  ctx: RoleContext,
  hosted: Hosted,
  port: LogPort,
  { life, member }: MessageOf<'ChunkJoinAs'>,
): void {
  const { log, place } = hosted;
  const isMeant = life === state.life && nodeOfMember(serversOf(hosted), member) === state.nodeId;
  const isBusy = hosted.flush !== null || hosted.leaving !== null;
  if (!isMeant || log.raft?.amnesia == null || isBusy) return;
  if (!startAs(log, port, member, place)) return; // it comes again
  forgetLog(hosted.replica);
  wakeAt(ctx, START_TIMER, (ctx.now + state.retryUs) as Time);
}
