// The chunk server: a replica of every chunk that the cluster gives it, each with a Raft log of its own (docs/spec/polarfs.md FS-70 to
// FS-75, FS-78, FS-80, FS-81; decision A4). Raft accepts, commits and elects; the replica applies (replica.ts). When a log has grown, the
// changed blocks are written beside it, and then a snapshot that says how new each block is takes the entries' place.

import { assert } from '../../base/assert.ts';
import { type GroupId, type NodeId, type Time, term } from '../../base/ids.ts';
import { type MemberId, memberId } from '../consensus/configuration.ts';
import { answerStart, isFromMember, peersOf, takeAnswer } from '../consensus/group-member.ts';
import { nodeOfMember } from '../consensus/identities.ts';
import {
  compactLog,
  drive,
  isJournalWrite,
  JOURNAL_TIMER,
  type LogResult,
  onJournal,
  onLogTimer,
} from '../consensus/node-log.ts';
import { isReady } from '../consensus/raft-state.ts';
import { type RoleContext, send, storeWrites, trace, wakeAt } from '../kernel/context.ts';
import type { Input } from '../kernel/door.ts';
import { reach } from '../kernel/limits.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import type { RoleModule } from '../kernel/role.ts';
import { driveAdmission, onIdle, onWhole } from './admission.ts';
import {
  type Asked,
  type ChunkState,
  type Hosted,
  openChunks,
  portOf,
  START_TIMER,
  serversOf,
} from './chunk-state.ts';
import { encodeCommand } from './commands.ts';
import { placesOf } from './device-view.ts';
import {
  askFound,
  deleteRest,
  driveExchange,
  driveLeaving,
  leaveAgain,
  onGone,
  onInvite,
  onInvited,
  onOrder,
  report,
  traceLeft,
  traceMembers,
} from './exchange.ts';
import {
  acceptEntry,
  appliedThrough,
  applyReady,
  flushWrites,
  installBlock,
  onFlushed,
  readBytes,
  sealSummary,
} from './replica.ts';
import {
  beginLog,
  beginReplica,
  onCreationIs,
  onIdentityLost,
  onJoinAs,
  onStartTimer,
  restoreReplica,
} from './start-up.ts';
import type { ChunkView } from './trace-events.ts';

/** Blocks fetched at a time. */
const FETCHES_MAX = 4;
const FETCH_TIMER = 'fetch';

const scoped = (ctx: RoleContext, { scope }: Hosted): RoleContext => ({ ...ctx, scope });

function startChunks(state: ChunkState, roleCtx: RoleContext): void {
  state.incarnation = roleCtx.now + 1;
  // the last life may not have said it
  for (const [group, through] of state.left) traceLeft(roleCtx, group, through);
  for (const hosted of state.chunks.values()) {
    const ctx = scoped(roleCtx, hosted);
    if (hosted.leaving !== null) deleteRest(ctx, hosted, hosted.leaving.through);
    else settleIf(state, ctx, hosted, beginReplica(state, hosted, portOf(state, ctx, hosted)));
  }
}

function stepChunks(state: ChunkState, input: Input<Message>, roleCtx: RoleContext): void {
  if (input.kind === 'message') {
    const { message, from } = input;
    if (message.kind === 'ChunkOrders') {
      onOrders(state, roleCtx, message);
      return;
    }
    if (message.kind === 'ChunkInvite') {
      const invited = onInvite(state, roleCtx, message);
      if (invited !== null) state.chunks.set(invited.group, invited);
      return;
    }
    const hosted =
      'group' in message && message.group !== null ? state.chunks.get(message.group as GroupId) : undefined;
    if (hosted !== undefined) onMessage(state, scoped(roleCtx, hosted), hosted, from, message);
    return;
  }
  if (input.kind === 'wake') {
    const [timer = '', number = ''] = input.timer.split('#');
    const hosted = [...state.chunks.values()].find(({ scope }) => scope === `#${number}`);
    if (hosted !== undefined) onTimer(state, scoped(roleCtx, hosted), hosted, timer);
    return;
  }
  if (input.kind !== 'diskDone') return;
  for (const hosted of state.chunks.values()) {
    const ctx = scoped(roleCtx, hosted);
    const port = portOf(state, ctx, hosted);
    const isDurable = input.error === null;
    if (isJournalWrite(hosted.log, input.id))
      settle(state, ctx, hosted, onJournal(hosted.log, port, input.id, input.error));
    else if (hosted.flush?.storeId === input.id) onFlushDone(state, ctx, hosted, isDurable);
    else if (hosted.inviting === input.id)
      settleIf(state, ctx, hosted, onInvited(state, hosted, port, isDurable));
    driveLeaving(state, ctx, hosted, { storeId: input.id, isDurable });
  }
}

/** FS-76: from a leader of the metadata that none was heard above. */
function onOrders(state: ChunkState, roleCtx: RoleContext, m: MessageOf<'ChunkOrders'>): void {
  if (m.term < state.orderedIn) return;
  state.orderedIn = m.term;
  for (const hosted of state.chunks.values()) {
    if (hosted.leaving !== null || hosted.inviting >= 0) continue;
    const ctx = scoped(roleCtx, hosted);
    const port = portOf(state, ctx, hosted);
    const order = m.orders.find(({ group }) => group === hosted.group);
    if (order !== undefined) settleIf(state, ctx, hosted, onOrder(hosted, port, order));
    const found = m.found.find(({ group }) => group === hosted.group);
    if (found !== undefined) askFound(hosted, port, found.servers);
  }
  report(state, roleCtx);
}

function onTimer(state: ChunkState, ctx: RoleContext, hosted: Hosted, timer: string): void {
  if (hosted.inviting >= 0) return;
  if (hosted.leaving !== null) {
    if (timer === JOURNAL_TIMER) leaveAgain(ctx, hosted);
    return;
  }
  if (timer === FETCH_TIMER) {
    hosted.isFetchArmed = false;
    askPeers(state, ctx, hosted);
    return;
  }
  const port = portOf(state, ctx, hosted);
  if (timer === START_TIMER) settleIf(state, ctx, hosted, onStartTimer(state, hosted, port));
  else settleIf(state, ctx, hosted, onLogTimer(hosted.log, port, timer));
}

function onMessage(
  state: ChunkState,
  ctx: RoleContext,
  hosted: Hosted,
  from: NodeId,
  message: Message,
): void {
  const port = portOf(state, ctx, hosted);
  if (hosted.leaving !== null || hosted.inviting >= 0) return;
  switch (message.kind) {
    case 'ChunkGone': {
      const result = onGone(hosted, port, message);
      settleIf(state, ctx, hosted, result);
      driveLeaving(state, ctx, hosted, null);
      return;
    }
    case 'ChunkRaft': {
      const { message: inner } = message;
      if (!isFromMember(hosted, port, from, message)) return;
      if (isOvertaken(state, hosted, inner.to)) {
        const result = drive(hosted.log, port, { kind: 'invalidateIdentity', why: 'removed' });
        onIdentityLost(hosted, port, 'removed');
        settle(state, ctx, hosted, result);
        return;
      }
      settle(state, ctx, hosted, drive(hosted.log, port, { kind: 'message', message: inner }));
      return;
    }
    case 'ChunkStarts':
      if (message.member !== 0) {
        if (nodeOfMember(serversOf(hosted), memberId(message.member)) === from)
          answerStart(hosted, port, from, message);
      } else {
        onIdle(hosted, from, message);
        settleIf(state, ctx, hosted, driveAdmission(hosted, port));
      }
      return;
    case 'ChunkKnown':
      if (takeAnswer(hosted, from, message)) settleIf(state, ctx, hosted, beginLog(hosted, port));
      return;
    case 'CreationIs':
      settleIf(state, ctx, hosted, onCreationIs(hosted, port, message));
      return;
    case 'ChunkJoinAs':
      onJoinAs(hosted, port, message);
      return;
    case 'ChunkCaughtUp':
      settleIf(state, ctx, hosted, onWhole(hosted, port, from, message));
      return;
    case 'ChunkWrite':
    case 'ChunkToken':
      propose(state, ctx, hosted, from, message);
      return;
    case 'ChunkRead': {
      const id = hosted.nextRead++;
      const isOff = hosted.log.raft === null;
      hosted.reading.set(id, { from, message, index: -1 });
      const result = drive(hosted.log, port, { kind: 'read', id });
      if (isOff) answerRead(ctx, hosted, id, 'BUSY');
      if (result.refused !== null)
        answerRead(ctx, hosted, id, result.refused.code === 'NOT_LEADER' ? 'NOT_LEADER' : 'BUSY');
      settle(state, ctx, hosted, result);
      return;
    }
    case 'ChunkFetch': {
      const { replica, group } = hosted;
      const { block, atLeast } = message;
      const index = replica.versions[block] ?? -1;
      if (replica.wanted.has(block) || index < atLeast) return;
      const bytes = replica.blocks[block] ?? new Uint8Array(replica.geometry.blockBytes);
      send(ctx, from, { kind: 'ChunkBlock', group, block, index, bytes });
      return;
    }
    case 'ChunkBlock': {
      const { block, index, bytes } = message;
      if (!installBlock(hosted.replica, block, index, bytes)) return;
      trace(ctx, { kind: 'chunk.repaired', group: hosted.group, block, index, from });
      applyMore(state, ctx, hosted);
      return;
    }
    default:
  }
}

/** FS-79: the group knows this node under a later identity. */
function isOvertaken({ nodeId }: ChunkState, hosted: Hosted, to: MemberId): boolean {
  const { raft, config } = hosted.log;
  return raft?.amnesia === null && nodeOfMember(serversOf(hosted), to) === nodeId && to > config.self;
}

function propose(
  state: ChunkState,
  ctx: RoleContext,
  hosted: Hosted,
  from: NodeId,
  message: MessageOf<'ChunkWrite'> | MessageOf<'ChunkToken'>,
): void {
  const isInstall = message.kind === 'ChunkToken';
  const { token } = message;
  const seq = isInstall ? 0 : message.seq;
  const asked = { from, token, seq };
  const pieces = isInstall ? [] : message.pieces;
  const isSame = (one: Asked): boolean => one.from === from && one.token === token && one.seq === seq;
  if ([...hosted.asked.values()].some(isSame)) return; // it came again: the entry is on its way
  const data = encodeCommand({ token, seq, isInstall, pieces });
  const result = drive(hosted.log, portOf(state, ctx, hosted), { kind: 'propose', data });
  if (result.accepted !== null) hosted.asked.set(result.accepted.index, asked);
  else answerWrite(ctx, hosted, asked, result.refused?.code === 'NOT_LEADER' ? 'NOT_LEADER' : 'BUSY');
  settle(state, ctx, hosted, result);
}

const leaderOf = (hosted: Hosted): NodeId | null => {
  const { raft } = hosted.log;
  return raft?.leader == null ? null : nodeOfMember(serversOf(hosted), raft.leader);
};

function answerWrite(ctx: RoleContext, hosted: Hosted, { from, token, seq }: Asked, why: string): void {
  const { group, replica } = hosted;
  const [leader, maxToken] = [leaderOf(hosted), replica.maxToken];
  send(ctx, from, {
    kind: 'ChunkAck',
    group,
    token: term(token),
    seq,
    why,
    leader,
    maxToken: term(maxToken),
  });
}

function answerRead(
  ctx: RoleContext,
  hosted: Hosted,
  id: number,
  why: string,
  parts: Uint8Array[] = [],
): void {
  const reading = hosted.reading.get(id);
  if (reading === undefined) return;
  hosted.reading.delete(id);
  const { group, replica } = hosted;
  const { reqId } = reading.message;
  const maxToken = term(replica.maxToken);
  send(ctx, reading.from, {
    kind: 'ChunkData',
    group,
    reqId,
    parts,
    why,
    leader: leaderOf(hosted),
    maxToken,
  });
}

const settleIf = (state: ChunkState, ctx: RoleContext, hosted: Hosted, result: LogResult | null): void => {
  if (result !== null) settle(state, ctx, hosted, result);
};

/** What Raft handed out is applied, answered and followed. */
function settle(state: ChunkState, ctx: RoleContext, hosted: Hosted, result: LogResult): void {
  const { replica, group } = hosted;
  for (const { from: first, entries } of result.durable)
    if (entries.length > 0)
      trace(ctx, { kind: 'chunk.durable', group, first, last: first + entries.length - 1 });
  if (result.restore !== null)
    assert(restoreReplica(ctx, hosted, result.restore.bytes), 'a snapshot of a chunk whose checksum holds');
  for (const entry of result.committed) {
    const verdict = acceptEntry(replica, entry.index, entry.kind === 'data' ? entry.data : null);
    const asked = hosted.asked.get(entry.index);
    if (verdict !== 'TOKEN_STALE' || asked === undefined) continue;
    hosted.asked.delete(entry.index);
    const { token, seq } = asked;
    trace(ctx, { kind: 'chunk.refused', group, token, seq, maxToken: replica.maxToken });
    answerWrite(ctx, hosted, asked, 'TOKEN_STALE');
  }
  for (const { id, index } of result.reads) {
    const reading = hosted.reading.get(id);
    if (reading !== undefined) reading.index = index;
  }
  for (const id of result.lostReads) answerRead(ctx, hosted, id, 'NOT_LEADER');
  followLeadership(ctx, hosted);
  traceMembers(ctx, hosted);
  applyMore(state, ctx, hosted);
  if (result.committed.length === 0) return;
  const port = portOf(state, ctx, hosted);
  if (hosted.idle.size > 0) settleIf(state, ctx, hosted, driveAdmission(hosted, port));
  if (hosted.exchange !== null) settleIf(state, ctx, hosted, driveExchange(hosted, port));
}

function followLeadership(ctx: RoleContext, hosted: Hosted): void {
  const { raft } = hosted.log;
  const leads = raft !== null && isReady(raft) ? raft.term : 0;
  if (raft?.leadership == null)
    for (const [index, asked] of hosted.asked) {
      hosted.asked.delete(index);
      answerWrite(ctx, hosted, asked, 'NOT_LEADER');
    }
  if (leads === hosted.leads) return;
  hosted.leads = leads;
  hosted.idle.clear();
  hosted.exchange = null;
  if (leads !== 0) trace(ctx, { kind: 'chunk.leads', group: hosted.group, term: leads });
}

function applyMore(state: ChunkState, ctx: RoleContext, hosted: Hosted): void {
  const { replica, group } = hosted;
  applyReady(replica);
  const through = appliedThrough(replica);
  for (const [index, asked] of hosted.asked) {
    if (index > through) continue;
    hosted.asked.delete(index);
    hosted.requests++;
    trace(ctx, { kind: 'chunk.acked', group, token: asked.token, seq: asked.seq, index });
    answerWrite(ctx, hosted, asked, '');
  }
  for (const [id, { index, message }] of hosted.reading) {
    if (index < 0 || index > through) continue;
    const parts = message.places.map(({ at, length }) => readBytes(replica, at, length));
    if (!parts.every((part) => part !== null)) continue;
    hosted.requests++;
    answerRead(ctx, hosted, id, '', parts);
  }
  askPeers(state, ctx, hosted);
  flush(state, ctx, hosted);
}

/** FS-75, FS-78: lacking blocks are asked for, of one peer after the other. */
function askPeers(state: ChunkState, ctx: RoleContext, hosted: Hosted): void {
  const { replica, group } = hosted;
  if (replica.wanted.size === 0 || hosted.isFetchArmed) return;
  const peers = peersOf(hosted, portOf(state, ctx, hosted));
  const to = peers[hosted.attempts++ % peers.length];
  if (to !== undefined)
    for (const [block, atLeast] of [...replica.wanted].slice(0, FETCHES_MAX))
      send(ctx, to, { kind: 'ChunkFetch', group, block, atLeast });
  hosted.isFetchArmed = true;
  wakeAt(ctx, FETCH_TIMER, (ctx.now + state.retryUs) as Time);
}

function flush(state: ChunkState, ctx: RoleContext, hosted: Hosted): void {
  const { replica, log } = hosted;
  const isFull = replica.accepted - log.checkpointIndex >= state.limits.chunkEntries;
  // FS-78: a peer that has them may lose its disk, or leave
  const isDue = isFull || replica.fetched.size > 0;
  const isCaughtUp = replica.waiting.length === 0 && replica.wanted.size === 0;
  const isBusy = hosted.flush !== null || log.checkpointing !== null || hosted.leaving !== null;
  if (!isDue || !isCaughtUp || isBusy) return;
  if (isFull) reach(ctx, state.limits, 'chunkEntries');
  const blocks = [...replica.dirty];
  const storeId = storeWrites(ctx, flushWrites(replica));
  hosted.flush = { storeId, blocks, summary: sealSummary(replica), index: replica.accepted };
  replica.dirty.clear();
}

function onFlushDone(state: ChunkState, ctx: RoleContext, hosted: Hosted, isDurable: boolean): void {
  const { flush: done, replica, log } = hosted;
  hosted.flush = null;
  if (done === null) return;
  if (!isDurable) {
    for (const block of done.blocks) replica.dirty.add(block);
    return;
  }
  onFlushed(replica, done.blocks);
  settle(state, ctx, hosted, compactLog(log, portOf(state, ctx, hosted), done.index, done.summary));
}

export const chunkRole: RoleModule<ChunkState> = {
  name: 'chunk',
  tag: 8,
  commands: [],
  open: openChunks,
  start: startChunks,
  step: stepChunks,
  view: ({ chunks }, { files }): ChunkView => ({
    role: 'chunk',
    ...(files && { bytes: placesOf(chunks, files) }),
    chunks: [...chunks.values()].map(({ group, log: { raft }, replica, leads }) => ({
      group,
      isLeader: leads !== 0,
      term: raft?.term ?? 0,
      commit: raft?.commit ?? 0,
      applied: appliedThrough(replica),
      maxToken: replica.maxToken,
      wanted: replica.wanted.size,
      written: replica.blocks.filter((block) => block !== null).length,
      ...(files && { versions: [...replica.versions] }),
    })),
  }),
};
