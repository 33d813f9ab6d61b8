// The storage role: durable ingest, hole filling, page reads, recovery at the replica (docs/spec/wal.md §6, §8, §9;
// holes.md). `openStore` and `stepStore` are its whole door; node.ts calls them. Control flow only; each concern has a file.

import type { GroupId, NodeId } from '../../../base/ids.ts';
import { type RoleContext, send, storeWrites, trace } from '../../kernel/context.ts';
import type { AgentCommand, Input } from '../../kernel/door.ts';
import type { Message, MessageOf, ReplicaKnown } from '../../kernel/messages.ts';
import { countHoles, nclOf, nwlOf } from '../../log/hole-list.ts';
import {
  groupOfAnswer,
  isArchiveAnswer,
  onArchiveAnswer,
  onArchiveTimer,
  onNameArchiver,
} from '../archive/archiver.ts';
import { onArchiveRead } from '../archive/archiver-work.ts';
import { onBaseRead, onBaseReq } from '../base/base-donor.ts';
import { healByBase, onBaseChunk, onBaseTimer, onChunkStored } from '../base/base-import.ts';
import { onBaseCreated } from '../base/base-install.ts';
import { onRestoreMade } from '../restore/restore-install.ts';
import {
  dropRestore,
  onRestored,
  onRestorePart,
  onRestoreReplica,
  onRestoreTimer,
} from '../restore/restore-load.ts';
import { armScrub, onScrubRead, onScrubTimer } from '../scrub/scrub.ts';
import { onFetchedDurable, onPageCopy } from '../scrub/scrub-repair.ts';
import { armBackground, continueRun, onBackgroundTimer, onBasesRead, onVersionsDone } from './background.ts';
import {
  beginExit,
  continueExit,
  INVALIDATE_TIMER,
  invalidateSaved,
  onExitWritten,
  onInvalidated,
  traceRestored,
} from './clean-exit.ts';
import { onCompactionDone } from './compaction.ts';
import { onSuperDone, probeDisk, pumpControl, queueControl } from './control.ts';
import { onCreated, onCreateReplica, onGenesisDone } from './create.ts';
import { awaitCheck, compare, deleteRolledBack, isBehind, onRolledBackDeleted } from './disk-check.ts';
import { onAppendDone, onHeartbeat, onWriteBatch } from './ingest.ts';
import { onInstallMembers } from './member-orders.ts';
import { dropGroup } from './membership.ts';
import { onReadPage, onVersionRead } from './pages.ts';
import { driveHoles, onGapReply, onGapReq, onStatusReply, onStatusReq, pauseHoles } from './repair.ts';
import { type Group, isBroken, type StoreState } from './state.ts';

/** What the metadata has told with a heartbeat: the volume exists, and this node's boot epoch is to be above that one. */
export function noteMeta(state: StoreState, created: boolean, bootEpoch: number): void {
  if (created) state.isVolumeCreated = true;
  state.bootEpoch = bootEpoch;
}

export { openStore } from './open.ts';
export { storeView } from './view.ts';

type StoreInput = Exclude<Input<Message>, { kind: 'clientRequest' }>;

/**
 * Called once, when the node's boot epoch is durable: begins, once nothing is left of a clean exit (HOLE-52). Replicas that
 * were found wait for the metadata if there is one to ask (WAL-75).
 */
export function startStore(state: StoreState, ctx: RoleContext, hasMeta: boolean): void {
  if (hasMeta) awaitCheck(state);
  if (!invalidateSaved(state, ctx)) beginWork(state, ctx);
}

/** Tells what was found and begins to work. */
function beginWork(state: StoreState, ctx: RoleContext): void {
  state.started = true;
  state.clock = ctx.now;
  if (state.garbage.length > 0) {
    const writes = state.garbage.map((key) => ({ key, bytes: null }));
    state.writes.set(storeWrites(ctx, writes), { kind: 'delete' });
    state.garbage = [];
  }
  for (const group of state.groups.values())
    if (!state.unchecked.has(group.id)) startGroup(state, group, ctx);
}

/** The metadata's answer to this life's question: what is as it should be begins; the rest goes. True if any goes. */
export function checkReplicas(state: StoreState, ctx: RoleContext, known: readonly ReplicaKnown[]): boolean {
  if (!state.started || state.exit !== null) return false; // it is asked again
  let isAnyLost = false;
  for (const group of [...state.groups.values()]) {
    if (state.unchecked.get(group.id) !== 'asked') continue;
    const compared = compare(
      group,
      known.find((one) => one.group === group.id),
    );
    if (isBehind(compared) && !isBroken(state, 'store.rollback-unchecked')) {
      deleteRolledBack(state, group, ctx, compared);
      isAnyLost = true;
      continue;
    }
    state.unchecked.delete(group.id);
    trace(ctx, { kind: 'disk.checked', group: group.id, ...compared });
    startGroup(state, group, ctx);
  }
  return isAnyLost;
}

function startGroup(state: StoreState, group: Group, ctx: RoleContext): void {
  const { block, holes, log, scl } = group;
  const { maxToken, volumeEpoch, knownVdl, pgmrpl, logFloor } = block;
  const { memberEpoch } = block.descriptor;
  const lsns = log.records.map(({ record }) => record.lsn);
  const { list } = holes;
  trace(ctx, {
    kind: 'store.open',
    group: group.id,
    maxToken,
    volumeEpoch,
    memberEpoch,
    scl,
    knownVdl,
    pgmrpl,
    logFloor,
  });
  trace(ctx, { kind: 'wal.durable', group: group.id, lsns, source: 'reopen' });
  traceRestored(group, ctx);
  trace(ctx, {
    kind: 'hole.rebuild',
    group: group.id,
    ncl: nclOf(list),
    nwl: nwlOf(list),
    holes: countHoles(list),
    torn: group.openedTorn,
  });
  trace(ctx, { kind: 'mark.scl', group: group.id, value: scl, term: volumeEpoch });
  if (group.failure !== '')
    trace(ctx, { kind: 'store.failed', group: group.id, code: group.failure, at: scl });
  for (const { blockKey } of group.scrub.pages)
    trace(ctx, { kind: 'scrub.bad', group: group.id, what: 'page', damage: 'rot', lsns: [], blockKey });
  armScrub(state, group, ctx);
  settle(state, group, ctx);
}

/** What any change may set off: requests that waited, hole requests, background work. */
function settle(state: StoreState, group: Group, ctx: RoleContext): void {
  pumpControl(state, group, ctx);
  if (state.exit !== null || group.isDropped) return;
  driveHoles(group, ctx);
  healByBase(state, group, ctx);
  armBackground(state, group, ctx);
}

export function stepStore(state: StoreState, input: StoreInput, ctx: RoleContext): void {
  if (!state.started) {
    stepStarting(state, input, ctx);
    return;
  }
  state.clock = ctx.now;
  if (state.exit !== null) {
    if (input.kind === 'diskDone') stepExiting(state, input, ctx);
    return;
  }
  switch (input.kind) {
    case 'message':
      onMessage(state, ctx, input.from, input.message);
      return;
    case 'diskDone':
      onDiskDone(state, ctx, input);
      return;
    case 'readDone':
      onReadDone(state, ctx, input);
      return;
    case 'wake':
      onWake(state, ctx, input.timer);
      return;
    case 'agentCommand':
      onOperator(state, ctx, input.command);
      return;
    case 'stop':
      beginExit(state, ctx);
  }
}

function onOperator(state: StoreState, ctx: RoleContext, command: AgentCommand): void {
  if (command.kind !== 'pauseHoles') return;
  for (const group of state.groups.values())
    if (command.group === null || command.group === group.id) pauseHoles(group, ctx, command.isPaused);
}

/** Messages are as if lost until what a clean exit left is durably gone. */
function stepStarting(state: StoreState, input: StoreInput, ctx: RoleContext): void {
  if (input.kind === 'stop') beginExit(state, ctx);
  else if (input.kind === 'wake' && input.timer === INVALIDATE_TIMER) invalidateSaved(state, ctx);
  else if (input.kind === 'diskDone' && state.writes.get(input.id)?.kind === 'invalidate') {
    state.writes.delete(input.id);
    if (onInvalidated(state, ctx, input.error) && state.exit === null) beginWork(state, ctx);
  }
}

/** The node ends: writes in progress are finished as ever, nothing else is begun. */
function stepExiting(
  state: StoreState,
  input: Extract<StoreInput, { kind: 'diskDone' }>,
  ctx: RoleContext,
): void {
  if (input.id === state.exit?.write) {
    onExitWritten(state, ctx, input.error);
    return;
  }
  onDiskDone(state, ctx, input);
  continueExit(state, ctx);
}

/** A group that this node does not host, or not yet, is not spoken for: the sender repeats. */
function onMessage(state: StoreState, ctx: RoleContext, from: NodeId, message: Message): void {
  const about = groupOf(message);
  if (about !== null && state.unchecked.has(about)) return; // as if lost
  if (message.kind === 'CreateReplica') {
    if (!state.isVolumeCreated) onCreateReplica(state, ctx, from, message);
    return;
  }
  if (message.kind === 'InstallMembers') {
    onInstallMembers(state, ctx, from, message);
    return;
  }
  if (message.kind === 'BaseChunk') {
    onBaseChunk(state, ctx, from, message);
    return;
  }
  if (message.kind === 'RestoreReplica') {
    onRestoreReplica(state, ctx, from, message);
    return;
  }
  if (isArchiveAnswer(message)) {
    const asking = groupOfAnswer(state, message.reqId);
    if (asking) onArchiveAnswer(state, asking, ctx, message);
    else if (message.kind === 'ObjectPart') onRestorePart(state, ctx, from, message);
    return;
  }
  if (message.kind === 'DropReplica') {
    onDropReplica(state, ctx, message);
    return;
  }
  const group = about === null ? undefined : state.groups.get(about);
  if (group) onGroupMessage(state, group, ctx, from, message);
}

function groupOf(message: Message): GroupId | null {
  if ('descriptor' in message) return message.descriptor.group;
  return 'group' in message && message.group !== null ? (message.group as GroupId) : null;
}

/** The volume is gone, or opened without this replica: it goes, whole or in part (WAL-45). */
function onDropReplica(
  state: StoreState,
  ctx: RoleContext,
  { volume, group: id, isMade }: MessageOf<'DropReplica'>,
): void {
  const group = state.groups.get(id);
  if (!group) dropRestore(state, ctx, volume, id);
  else if (isMade && group.block.volume === volume)
    dropGroup(state, group, ctx, group.block.descriptor.memberEpoch);
}

/** The messages that a storage node takes; others are none of its business. */
function onGroupMessage(
  state: StoreState,
  group: Group,
  ctx: RoleContext,
  from: NodeId,
  message: Message,
): void {
  const { traceId } = ctx;
  switch (message.kind) {
    case 'InstallToken':
      queueControl(state, group, ctx, { kind: 'token', from, traceId, message });
      break;
    case 'RecoveryRead':
      queueControl(state, group, ctx, { kind: 'read', from, traceId, message });
      break;
    case 'InstallHistory':
      queueControl(state, group, ctx, { kind: 'history', from, traceId, message });
      break;
    case 'OpenVolume':
      queueControl(state, group, ctx, { kind: 'open', from, traceId, message });
      break;
    case 'WriteBatch':
      onWriteBatch(state, group, ctx, from, message);
      driveHoles(group, ctx);
      break;
    case 'Heartbeat':
      onHeartbeat(state, group, ctx, from, message);
      driveHoles(group, ctx);
      break;
    case 'ReadPage':
    case 'PageFetch':
      onReadPage(state, group, ctx, from, message);
      break;
    case 'PageCopy':
      onPageCopy(state, group, ctx, from, message);
      break;
    case 'Confirm':
      onConfirm(group, ctx, from, message);
      break;
    case 'BaseReq':
      onBaseReq(state, group, ctx, from, message);
      break;
    case 'NameArchiver':
      onNameArchiver(state, group, ctx, from, message);
      break;
    case 'GapReq':
      onGapReq(group, ctx, from, message);
      break;
    case 'GapReply':
      onGapReply(state, group, ctx, from, message);
      settle(state, group, ctx);
      break;
    case 'StatusReq':
      onStatusReq(group, ctx, from, message);
      break;
    case 'StatusReply':
      onStatusReply(group, from, message, ctx.now);
      driveHoles(group, ctx);
      break;
    default:
  }
}

/** FENCE-13: ok iff token ≥ maxToken. */
function onConfirm(group: Group, ctx: RoleContext, from: NodeId, { token }: MessageOf<'Confirm'>): void {
  const { maxToken } = group.block;
  const ok = group.failure === '' && token >= maxToken;
  send(ctx, from, { kind: 'ConfirmReply', group: group.id, ok, maxToken });
}

function onDiskDone(
  state: StoreState,
  ctx: RoleContext,
  { id, error }: Extract<StoreInput, { kind: 'diskDone' }>,
): void {
  const write = state.writes.get(id);
  if (!write) return;
  state.writes.delete(id);
  if (write.kind === 'delete' || write.kind === 'invalidate') return;
  if (write.kind === 'genesis' || write.kind === 'created') {
    const creation = state.creations.get(write.group);
    if (!creation) return;
    const created = write.kind === 'created' ? onCreated(state, ctx, creation, error) : null;
    if (write.kind === 'genesis') onGenesisDone(state, ctx, creation, error);
    else if (created) {
      armScrub(state, created, ctx);
      settle(state, created, ctx);
    }
    return;
  }
  if (write.kind === 'basePages') {
    onChunkStored(state, ctx, write.group, write, error);
    return;
  }
  if (write.kind === 'baseCreated') {
    const created = onBaseCreated(state, ctx, write.made, error);
    if (created) {
      armScrub(state, created, ctx);
      settle(state, created, ctx);
    }
    return;
  }
  if (write.kind === 'rolledBack') {
    onRolledBackDeleted(state, ctx, write.group, error);
    return;
  }
  if (write.kind === 'restored') {
    onRestored(state, ctx, write.group, error);
    return;
  }
  if (write.kind === 'restoreMade') {
    const load = state.restores.get(write.group);
    const made = load ? onRestoreMade(state, ctx, load, error) : null;
    if (made) {
      armScrub(state, made, ctx);
      settle(state, made, ctx);
    }
    return;
  }
  const group = state.groups.get(write.group);
  if (!group) return;
  switch (write.kind) {
    case 'append':
      onAppendDone(state, group, ctx, id, error);
      break;
    case 'super':
      if (onSuperDone(state, group, ctx, error)) {
        pumpControl(state, group, ctx);
        continueRun(state, group, ctx);
      }
      break;
    case 'versions':
      onVersionsDone(state, group, ctx, write.built, error);
      break;
    case 'fetched':
      onFetchedDurable(state, group, ctx, write.built, error);
      break;
    case 'compaction':
      onCompactionDone(state, group, ctx, error);
  }
  settle(state, group, ctx);
}

function onReadDone(
  state: StoreState,
  ctx: RoleContext,
  { id, values, error }: Extract<StoreInput, { kind: 'readDone' }>,
): void {
  const read = state.reads.get(id);
  if (!read) return;
  state.reads.delete(id);
  const group = state.groups.get(read.group);
  if (!group) return;
  if (read.kind === 'page')
    onVersionRead(state, group, ctx, read.request, read.base, values[0] ?? null, error);
  else if (read.kind === 'bases') onBasesRead(state, group, ctx, read.builds, values, error);
  else if (read.kind === 'base') onBaseRead(state, group, ctx, read, values, error);
  else if (read.kind === 'archive') onArchiveRead(state, group, ctx, read, values, error);
  else onScrubRead(state, group, ctx, read.item, values[0] ?? null, error);
}

function onWake(state: StoreState, ctx: RoleContext, timer: string): void {
  const [name, id] = timer.split('/');
  if (name === 'base') {
    onBaseTimer(state, ctx, id as GroupId);
    return;
  }
  if (name === 'restore') {
    onRestoreTimer(state, ctx, id as GroupId);
    return;
  }
  const group = state.groups.get(id as GroupId);
  if (!group) return;
  if (name === 'holes') {
    group.holeWakeAt = null;
    driveHoles(group, ctx, true);
    healByBase(state, group, ctx);
  } else if (name === 'background') onBackgroundTimer(state, group, ctx);
  else if (name === 'scrub') onScrubTimer(state, group, ctx);
  else if (name === 'resume') probeDisk(state, group, ctx);
  else if (name === 'archive') onArchiveTimer(state, group, ctx);
}
