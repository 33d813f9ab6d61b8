// The metadata role (docs/spec/pcs.md §2 to §3, failover.md §1): tokens, the writer, the map, who is up. Every change is an entry of a Raft
// log: committed, then applied, then answered, by the member that leads. What anybody receives of it is committed state.
// Limits: metaPending entries proposed and not applied (meta-propose.ts), MAX_WATCHERS drivers.

import { assert } from '../../base/assert.ts';
import type { NodeId } from '../../base/ids.ts';
import type { MemberId } from '../consensus/configuration.ts';
import {
  answerStart,
  beginStartupProbe,
  endStartupProbe,
  found,
  isFromMember,
  peersOf,
  sendStartupProbe,
  takeAnswer,
} from '../consensus/group-member.ts';
import { nodeOfMember } from '../consensus/identities.ts';
import {
  compactLog,
  drive,
  isJournalWrite,
  type LogResult,
  onJournal,
  onLogTimer,
  startAmnesiac,
  startStored,
} from '../consensus/node-log.ts';
import { isReady } from '../consensus/raft-state.ts';
import type { AmnesiaReason } from '../consensus/raft-types.ts';
import { type RoleContext, send, trace } from '../kernel/context.ts';
import type { Input } from '../kernel/door.ts';
import { reach } from '../kernel/limits.ts';
import type { Message, MessageKind, MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { AGENTS_TIMER, leadAgents, onAgentsTimer } from './config-driver.ts';
import { FAILOVER_TIMER, leadFailover, onFailoverTimer } from './failover-driver.ts';
import { driveMembers, isReplaced, isWithoutIdentity, onJoinAs, seekIdentity } from './member-driver.ts';
import { isGone } from './members.ts';
import { applyEntry } from './meta-apply.ts';
import { type MetaContent, openContent, sealContent } from './meta-content.ts';
import { onRestoreTimer } from './meta-drive.ts';
import { onMessage } from './meta-messages.ts';
import { driveOrders, isOrder, ORDER_TIMER, onOrderAnswered, onOrderSent, takeOrder } from './meta-orders.ts';
import { answerStale, BEHIND_TIMER, sendOn, takeBehind, takeReads } from './meta-queries.ts';
import { type MetaState, makeMemory } from './meta-state.ts';
import { traceDescriptor } from './meta-trace.ts';
import { knownPlaces } from './pcs-nodes.ts';
import { IDENTITY_TIMER, isLeading, isReplicated, metaPort, STARTUP_PROBE_TIMER } from './pcs-raft.ts';
import { traceFacts, traceOpened } from './raft-trace.ts';
import { orderPins } from './restore-pins.ts';
import { traceStanding } from './restore-standing.ts';
import { RESTORE_TIMER } from './restore-state.ts';
import { traceTablets } from './sharding-trace.ts';

export function startMeta(state: MetaState, ctx: RoleContext): void {
  const { journal, pcs, nodeId } = state;
  state.incarnation = ctx.now + 1;
  if (state.isSpare) {
    seekIdentity(state, ctx, true);
    return;
  }
  if (state.isCorrupt || journal === null || journal.kind === 'damaged') {
    trace(ctx, { kind: 'disk.error', error: 'META_CORRUPT' });
    if (isReplicated(state)) invalidateIdentity(state, ctx, 'damaged');
    return;
  }
  const port = metaPort(state, ctx);
  const asked = pcs.filter((node) => node !== nodeId);
  beginStartupProbe(state, port, asked, peersOf(state, port));
  if (asked.length > 0) sendStartupProbe(state, port);
  beginLog(state, ctx);
}

const invalidateIdentity = (state: MetaState, ctx: RoleContext, why: AmnesiaReason): void =>
  settle(state, ctx, startAmnesiac(state.log, metaPort(state, ctx), why));

/** PCS-107: by what is committed it is no member any more. */
function leaveLog(state: MetaState, ctx: RoleContext): void {
  const result = drive(state.log, metaPort(state, ctx), { kind: 'invalidateIdentity', why: 'removed' });
  settle(state, ctx, result);
}

/** The log runs once it is known to be this member's own. */
function beginLog(state: MetaState, ctx: RoleContext): void {
  const start = endStartupProbe(state, ctx.now, true);
  const port = metaPort(state, ctx);
  if (start.kind === 'empty') invalidateIdentity(state, ctx, 'empty');
  else if (start.kind === 'new') found(state, port);
  else if (start.kind === 'run') {
    const result = startStored(state.log, port, start.journal, start.witness);
    traceOpened(state, ctx);
    settle(state, ctx, result);
    seekIdentity(state, ctx, true); // where the log's own checks say that the disk is not its own
  }
}

function onStartupProbeTimer(state: MetaState, ctx: RoleContext): void {
  if (state.startupProbe === null) return;
  beginLog(state, ctx);
  if (state.startupProbe !== null) sendStartupProbe(state, metaPort(state, ctx));
}

/** A node without an identity waits for one; a member is told what is known of it. */
function onMemberStarts(
  state: MetaState,
  ctx: RoleContext,
  from: NodeId,
  message: MessageOf<'MemberStarts'>,
): void {
  if (message.member !== 0) {
    state.idle.delete(from);
    answerStart(state, metaPort(state, ctx), from, message);
  } else if (isLeading(state)) {
    state.idle.set(from, message.incarnation);
    driveMembers(state, ctx);
  }
}

const ofMembers: ReadonlySet<MessageKind> = new Set<MessageKind>([
  'Raft',
  'MemberStarts',
  'MemberKnown',
  'JoinAs',
  'MemberGone',
  'OperatorOrder',
  'OrderAnswered',
  'PcsNodes',
]);

function onMember(state: MetaState, ctx: RoleContext, from: NodeId, message: Message): void {
  switch (message.kind) {
    case 'Raft':
      onRaft(state, ctx, from, message);
      break;
    case 'MemberStarts':
      onMemberStarts(state, ctx, from, message);
      break;
    case 'MemberKnown':
      if (takeAnswer(state, from, message)) beginLog(state, ctx);
      break;
    case 'JoinAs':
      if (isReplaced(state, message)) leaveLog(state, ctx);
      else onJoinAs(state, ctx, message);
      break;
    case 'MemberGone':
      if (message.member === state.log.config.self && !isWithoutIdentity(state)) leaveLog(state, ctx);
      break;
    case 'OperatorOrder':
      onOrderSent(state, ctx, from, message);
      break;
    case 'OrderAnswered':
      onOrderAnswered(state, message);
      break;
    case 'PcsNodes':
      state.pcsNodes = message.nodes;
      break;
    default:
  }
}

/** The node that sends is not in the list yet, or was in one that this disk has lost: it may know this member (PCS-104). */
function greetStranger(state: MetaState, ctx: RoleContext, member: MemberId, node: NodeId): void {
  const { strangers, startupProbe } = state;
  if (startupProbe === null || strangers.get(member) === node || startupProbe.asked.includes(node)) return;
  state.startupProbe = { ...startupProbe, asked: [...startupProbe.asked, node] };
  sendStartupProbe(state, metaPort(state, ctx));
}

function onRaft(state: MetaState, ctx: RoleContext, from: NodeId, envelope: MessageOf<'Raft'>): void {
  const { pcs, log, content } = state;
  const { message } = envelope;
  const port = metaPort(state, ctx);
  // an entry that names it may be among those that it sends
  if (nodeOfMember(pcs, message.from) === null) greetStranger(state, ctx, message.from, from);
  if (!isFromMember(state, port, from, envelope)) return;
  if (log.raft?.amnesia === null && isGone(content, message.from))
    send(ctx, from, { kind: 'MemberGone', member: message.from });
  settle(state, ctx, drive(log, port, { kind: 'message', message }));
}

export function stepMeta(state: MetaState, input: Input<Message>, ctx: RoleContext): void {
  if (state.isCorrupt && !isReplicated(state)) return;
  const port = metaPort(state, ctx);
  switch (input.kind) {
    case 'wake':
      if (input.timer === RESTORE_TIMER) {
        if (isLeading(state)) onRestoreTimer(state, ctx);
      } else if (input.timer === FAILOVER_TIMER) onFailoverTimer(state, ctx);
      else if (input.timer === STARTUP_PROBE_TIMER) onStartupProbeTimer(state, ctx);
      else if (input.timer === IDENTITY_TIMER) seekIdentity(state, ctx, false);
      else if (input.timer === ORDER_TIMER) driveOrders(state, ctx);
      else if (input.timer === BEHIND_TIMER) takeBehind(state, ctx);
      else if (input.timer === AGENTS_TIMER) {
        if (isLeading(state)) onAgentsTimer(state, ctx);
      } else {
        const result = onLogTimer(state.log, port, input.timer);
        if (result) settle(state, ctx, result);
      }
      break;
    case 'diskDone':
      if (!isJournalWrite(state.log, input.id)) break;
      onWritten(state, ctx, state.log.raft === null, onJournal(state.log, port, input.id, input.error));
      break;
    case 'message':
      if (ofMembers.has(input.message.kind)) onMember(state, ctx, input.from, input.message);
      else onRequest(state, ctx, input.from, input.message);
      break;
    case 'operatorCommand':
      if (isOrder(input.command)) {
        const { at, ...order } = input.command;
        takeOrder(state, ctx, { at, order });
      }
      break;
    default:
  }
}

/** PCS-7: who leads and has applied all that was committed before its term serves; others say who does. */
function onRequest(state: MetaState, ctx: RoleContext, from: NodeId, message: Message): void {
  if (message.kind === 'GetViews' && message.stale) answerStale(state, ctx, from, message);
  else if (isLeading(state)) onMessage(state, ctx, from, message);
  else sendOn(state, ctx, from, message);
}

/** With the write of its first entry a new member runs. */
function onWritten(state: MetaState, ctx: RoleContext, wasNew: boolean, result: LogResult): void {
  if (wasNew) traceOpened(state, ctx);
  settle(state, ctx, result);
}

/** Of a log whose one member was alone the trace has nothing until another node may come in (PCS-102). */
function followPlaces(state: MetaState, ctx: RoleContext): void {
  if (state.pcs === state.content.pcs) return;
  const wasAlone = !isReplicated(state);
  state.pcs = knownPlaces(state.content.pcs, state.pcs);
  if (wasAlone) traceOpened(state, ctx);
}

/** What the log handed out: entries are applied, questions answered, and a leadership that began or ended is followed. */
export function settle(state: MetaState, ctx: RoleContext, result: LogResult): void {
  traceFacts(state, ctx, result);
  if (result.restore !== null) state.content = restored(result.restore.bytes);
  for (const entry of result.committed) applyEntry(state, ctx, entry);
  followPlaces(state, ctx);
  followLeadership(state, ctx);
  takeReads(state, ctx, result);
  takeBehind(state, ctx);
  if (result.facts.some(({ kind }) => kind === 'amnesiac')) seekIdentity(state, ctx, true);
  if (result.committed.length === 0) return;
  takeSnapshot(state, ctx);
  driveMembers(state, ctx);
  driveOrders(state, ctx);
  const { log, content } = state;
  if (log.raft?.amnesia === null && isGone(content, log.config.self)) leaveLog(state, ctx);
}

function restored(bytes: Uint8Array): MetaContent {
  const opened = openContent(bytes);
  assert(opened.ok, 'a snapshot of the metadata whose checksum holds');
  return opened.value;
}

function followLeadership(state: MetaState, ctx: RoleContext): void {
  const { raft } = state.log;
  const term = raft !== null && isReady(raft) && raft.applied >= raft.commit ? raft.term : 0;
  const isStill = raft?.leadership != null && raft.term === state.leads;
  if (isStill || (term === 0 && state.leads === 0)) return;
  state.leads = term;
  // of leaderships that follow each other each has a greater number; one that is alone may lead twice in a term (PCS-102)
  const epoch = isReplicated(state) ? term : state.bootEpoch;
  Object.assign(state, makeMemory(state.config, epoch));
  if (term !== 0) lead(state, ctx);
}

/** A leadership begins. The leader before it may not have announced what was committed last. */
function lead(state: MetaState, ctx: RoleContext): void {
  // before what waited for a leader is judged: every node counts as just heard (PCS-96)
  state.failover.since = ctx.now;
  for (const descriptor of state.content.volumes.flatMap(({ groups }) => groups))
    if (descriptor.memberEpoch > 1) traceDescriptor(ctx, descriptor, 'reopened');
  traceStanding(state.content, ctx);
  traceTablets(state.content, ctx);
  driveMembers(state, ctx);
  driveOrders(state, ctx);
  orderPins(state.restores, state.content, ctx);
  leadAgents(state, ctx);
  leadFailover(state, ctx);
}

function keptOf({ content, config: { mutants } }: MetaState): MetaContent {
  const { sharding } = content;
  if (has(mutants, 'pcs.snapshot-forgets-requests')) return { ...content, requests: [] };
  if (has(mutants, 'pcs.snapshot-forgets-splits') && sharding)
    return { ...content, sharding: { ...sharding, splits: [] } };
  if (has(mutants, 'pcs.snapshot-forgets-step') && sharding)
    return { ...content, sharding: { ...sharding, open: null } };
  return content;
}

/** The journal is kept short: at every metaSnapshotEntries entries the state goes into it. */
function takeSnapshot(state: MetaState, ctx: RoleContext): void {
  const { log, content, limits } = state;
  if (content.applied - log.checkpointIndex < limits.metaSnapshotEntries || log.checkpointing !== null)
    return;
  reach(ctx, limits, 'metaSnapshotEntries');
  const sealed = sealContent(keptOf(state));
  const result = compactLog(log, metaPort(state, ctx), content.applied, sealed);
  traceFacts(state, ctx, result);
}
