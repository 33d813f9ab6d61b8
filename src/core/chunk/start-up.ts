// How a replica of a chunk begins (docs/spec/polarfs.md FS-79). A disk that is empty, damaged or older than the replica's promises must neither
// vote nor acknowledge under its identity. So the replica first asks its peers what they heard of it (as PCS-104) and, with an empty
// disk, the metadata whether one may still be made from nothing (PCS-120); who has forgotten asks the group for a new identity.

import type { Time } from '../../base/ids.ts';
import { isVoter } from '../consensus/configuration.ts';
import {
  askIdentity,
  beginStartupProbe,
  endStartupProbe,
  found,
  type GroupPort,
  peersOf,
  sendStartupProbe,
} from '../consensus/group-member.ts';
import { nodeOfMember } from '../consensus/identities.ts';
import { type LogResult, startAmnesiac, startAs, startStored } from '../consensus/node-log.ts';
import { currentConfig, lastIndex } from '../consensus/raft-log.ts';
import type { AmnesiaReason } from '../consensus/raft-types.ts';
import { type RoleContext, send, trace, wakeAt } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { type ChunkState, type Hosted, START_TIMER, serversOf } from './chunk-state.ts';
import { forgetLog, restoreSummary } from './replica.ts';

/** The first look at what the disk holds. */
export function beginReplica(state: ChunkState, hosted: Hosted, port: GroupPort): LogResult | null {
  const { journal } = hosted;
  const isBlind = has(state.mutants, 'chunk.starts-unasked');
  if (journal === null || journal.kind === 'damaged') return invalidateIdentity(hosted, port, 'damaged');
  const peers = isBlind ? [] : peersOf(hosted, port);
  beginStartupProbe(hosted, port, peers, peers);
  if (isBlind || journal.kind !== 'new' || state.metadata === null) hosted.mayMake = true;
  ask(state, hosted, port);
  return beginLog(hosted, port);
}

/** The peers what they heard of the replica, and the metadata whether it may be made from nothing. */
function ask({ metadata }: ChunkState, hosted: Hosted, port: GroupPort): void {
  const { group, mayMake } = hosted;
  const { ctx, incarnation } = port;
  sendStartupProbe(hosted, port);
  if (mayMake === null && metadata !== null)
    send(ctx, metadata, { kind: 'GetCreation', group, at: incarnation });
}

/** The replica runs once it is known to be its own. */
export function beginLog(hosted: Hosted, port: GroupPort): LogResult | null {
  const { log, mayMake, group } = hosted;
  const { ctx } = port;
  const start = endStartupProbe(hosted, ctx.now, mayMake);
  if (start.kind === 'wait') return null;
  wakeAt(ctx, START_TIMER, null);
  if (start.kind === 'empty') return invalidateIdentity(hosted, port, 'empty');
  if (start.kind === 'new') {
    trace(ctx, { kind: 'chunk.made', group, member: log.config.self });
    found(hosted, port);
    return null;
  }
  const { snapshot } = start.journal.stored;
  if (snapshot !== null) restoreReplica(ctx, hosted, snapshot.bytes);
  const result = startStored(log, port, start.journal, start.witness);
  if (log.raft?.amnesia != null) onIdentityLost(hosted, port, log.raft.amnesia);
  else {
    sayHeld(ctx, hosted);
    tendLearner(hosted, port);
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

function invalidateIdentity(hosted: Hosted, port: GroupPort, why: AmnesiaReason): LogResult {
  const result = startAmnesiac(hosted.log, port, why);
  onIdentityLost(hosted, port, why);
  return result;
}

/** It takes part in nothing, and asks for an identity until it has one. */
export function onIdentityLost(hosted: Hosted, port: GroupPort, why: AmnesiaReason): void {
  trace(port.ctx, { kind: 'chunk.identityLost', group: hosted.group, why });
  hosted.journal = null;
  askIdentity(hosted, port);
}

/** A learner says that it holds all that its log speaks of: then it may count (FS-79). */
function tendLearner(hosted: Hosted, port: GroupPort): void {
  const { ctx } = port;
  const { group, log, replica } = hosted;
  const { raft, config } = log;
  if (raft === null || raft.amnesia !== null || isVoter(currentConfig(raft.log), config.self)) return;
  const { wanted, waiting, fetched } = replica;
  if (wanted.size === 0 && waiting.length === 0 && fetched.size === 0 && raft.commit > 0)
    for (const peer of peersOf(hosted, port))
      send(ctx, peer, { kind: 'ChunkCaughtUp', group, member: config.self });
  wakeAt(ctx, START_TIMER, (ctx.now + log.retryUs) as Time);
}

export function onStartTimer(state: ChunkState, hosted: Hosted, port: GroupPort): LogResult | null {
  if (hosted.startupProbe !== null) {
    // others than those that it asks may be members by now; the metadata has said enough (PCS-120)
    if (hosted.journal?.kind === 'new' && hosted.mayMake === false) {
      hosted.startupProbe = null;
      return invalidateIdentity(hosted, port, 'empty');
    }
    const result = beginLog(hosted, port);
    if (hosted.startupProbe !== null) ask(state, hosted, port);
    return result;
  }
  if (hosted.log.raft?.amnesia != null) askIdentity(hosted, port);
  else tendLearner(hosted, port);
  return null;
}

/** PCS-120: of this life's question. */
export function onCreationIs(
  hosted: Hosted,
  port: GroupPort,
  { at, isOpen }: MessageOf<'CreationIs'>,
): LogResult | null {
  if (at !== port.incarnation || hosted.mayMake !== null) return null;
  hosted.mayMake = isOpen;
  return beginLog(hosted, port);
}

/** The identity that this life of the node was given: its log is empty, its blocks count for what they say they are. */
export function onJoinAs(
  hosted: Hosted,
  port: GroupPort,
  { incarnation, member }: MessageOf<'ChunkJoinAs'>,
): void {
  const { log, place } = hosted;
  const isMeant = incarnation === port.incarnation && nodeOfMember(serversOf(hosted), member) === port.nodeId;
  const isBusy = hosted.flush !== null || hosted.leaving !== null;
  if (!isMeant || log.raft?.amnesia == null || isBusy) return;
  if (!startAs(log, port, member, place)) return; // it comes again
  forgetLog(hosted.replica);
  wakeAt(port.ctx, START_TIMER, (port.ctx.now + log.retryUs) as Time);
}
