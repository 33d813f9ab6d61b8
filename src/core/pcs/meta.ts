// The metadata role with one member (docs/spec/pcs.md, failover.md §1): tokens, the writer, the map, who is up. Every
// change is an entry of the log: durable, then applied, then answered. What a reader receives is applied state, so durable.
// One entry is written at a time: a crash keeps any part of what was not synced, and the log has no gap (PCS-5).
// Limits: metaPending entries waiting (meta-propose.ts), MAX_WATCHERS drivers.

import { assert } from '../../base/assert.ts';
import type { NodeId, Time } from '../../base/ids.ts';
import { type RoleContext, send, storeWrites, trace, wakeAt } from '../kernel/context.ts';
import type { DiskError, Input } from '../kernel/door.ts';
import { reach } from '../kernel/limits.ts';
import type { Message } from '../kernel/messages.ts';
import { applyMeta, holding, type MetaResult } from './apply-meta.ts';
import { announceArchiver } from './archivers.ts';
import { driveMove, onOperator, onRestoreTimer } from './meta-drive.ts';
import { deletionWrites, type MetaContent, type MetaOperation, snapshotWrite } from './meta-log.ts';
import { onMessage } from './meta-messages.ts';
import { writeEntry } from './meta-propose.ts';
import { firstVolume, metaState, routeOf } from './meta-route.ts';
import type { MetaState } from './meta-state.ts';
import { traceDescriptor, traceResult } from './meta-trace.ts';
import { groupViews } from './meta-view.ts';
import { announceStep } from './move-driver.ts';
import { descriptorOf } from './moves.ts';
import type { MetaView } from './pcs-view.ts';
import { followOrder } from './restore-follow.ts';
import { orderPins } from './restore-pins.ts';
import { restoreViews, traceStanding } from './restore-standing.ts';
import { RESTORE_TIMER } from './restore-state.ts';
import { mapVersionOf, volumeNamed, volumeOfGroup } from './volumes.ts';

/** The first snapshot is tried again (disk full or failing). */
const RETRY_TIMER = 'setup';
/** Heartbeats a node may miss before it counts as down. */
const MISSED_BEATS = 5;

export function startMeta(state: MetaState, ctx: RoleContext): void {
  if (state.isCorrupt) {
    trace(ctx, { kind: 'disk.error', error: 'META_CORRUPT' });
    return;
  }
  if (!state.isReady) writeSnapshot(state, ctx);
  // a step may be durable that the last life did not live to tell
  for (const descriptor of state.content.volumes.flatMap(({ groups }) => groups))
    if (descriptor.memberEpoch > 1) traceDescriptor(ctx, descriptor, 'reopened');
  traceStanding(state.content, ctx);
  orderPins(state.restores, state.content, ctx);
}

function writeSnapshot(state: MetaState, ctx: RoleContext): void {
  const storeId = storeWrites(ctx, [snapshotWrite(state.content, 1 - state.slot)]);
  state.snapshotWrite = { storeId, index: state.content.applied };
}

export function stepMeta(state: MetaState, input: Input<Message>, ctx: RoleContext): void {
  if (state.isCorrupt) return;
  if (input.kind === 'wake' && input.timer === RESTORE_TIMER) onRestoreTimer(state, ctx);
  else if (input.kind === 'wake' && !state.isReady) writeSnapshot(state, ctx);
  else if (input.kind === 'diskDone') onDurable(state, ctx, input.id, input.error);
  else if (input.kind === 'message' && state.isReady) onMessage(state, ctx, input.from, input.message);
  else if (input.kind === 'agentCommand' && state.isReady) onOperator(state, ctx, input.command);
}

function onDurable(state: MetaState, ctx: RoleContext, id: number, error: DiskError | null): void {
  if (id === state.snapshotWrite?.storeId) {
    onSnapshot(state, ctx, state.snapshotWrite.index, error);
    return;
  }
  if (id !== state.entryWrite) return;
  state.entryWrite = null;
  const written = state.pending.shift();
  assert(written, 'an entry was being written');
  if (error !== null) {
    // never durable, never answered: this entry and those behind it are proposed again by whoever still waits
    state.pending.length = 0;
    return;
  }
  const { operation, traceId } = written;
  const before = new Map(state.content.volumes.map(({ name, mapVersion }) => [name, mapVersion]));
  const result = applyMeta(state.content, operation);
  const replyCtx: RoleContext = { ...ctx, traceId };
  traceResult(state, replyCtx, operation, result);
  answer(state.content, replyCtx, operation, result);
  for (const [name, watching] of state.watchers) {
    if (volumeNamed(state.content, name)?.mapVersion === before.get(name)) continue;
    for (const driver of watching) send(ctx, driver, routeOf(state.content, name, 0));
  }
  followMembers(state, replyCtx, result);
  followOrder(state, replyCtx, operation, result);
  if (result.kind === 'archiverNamed')
    announceArchiver(state.archivers, volumeOfGroup(state.content, result.archiver.group), replyCtx, result);
  const isDue = state.content.applied - state.snapshotIndex >= state.limits.metaSnapshotEntries;
  if (isDue && state.snapshotWrite === null) {
    reach(ctx, state.limits, 'metaSnapshotEntries');
    writeSnapshot(state, ctx);
  }
  writeEntry(state, ctx);
}

/** WAL-62: a committed step goes to every replica it concerns and to the writer; then the change goes on. */
function followMembers(state: MetaState, ctx: RoleContext, result: MetaResult): void {
  if (result.kind !== 'moveBegun' && result.kind !== 'memberStep' && result.kind !== 'moveDone') return;
  const { content } = state;
  const { group } = result.move;
  const volume = holding(content, group);
  const descriptor = descriptorOf(volume, group);
  if (descriptor && result.kind !== 'moveDone') {
    announceStep(ctx, volume.name, result.move, descriptor);
    for (const writer of volume.writers) send(ctx, writer, metaState(content, volume, 0));
  }
  driveMove(state, ctx, group);
}

/** A durable snapshot frees the entries that the one before it holds: either of the two slots may be lost. */
function onSnapshot(state: MetaState, ctx: RoleContext, index: number, error: DiskError | null): void {
  state.snapshotWrite = null;
  if (error !== null) {
    if (!state.isReady) wakeAt(ctx, RETRY_TIMER, (ctx.now + state.beatUs) as Time);
    return;
  }
  state.isReady = true;
  state.slot = 1 - state.slot;
  const freed = state.snapshotIndex;
  state.snapshotIndex = index;
  if (freed < state.firstKept) return;
  storeWrites(ctx, deletionWrites(state.firstKept, freed));
  state.firstKept = freed + 1;
}

function answer(content: MetaContent, ctx: RoleContext, operation: MetaOperation, result: MetaResult): void {
  const { from, boot, reqId } = operation;
  if (operation.kind === 'setWriter') {
    const error = result.kind === 'STALE_TERM' ? 'STALE_TERM' : '';
    const { volume, term } = operation;
    send(ctx, from, { kind: 'WriterSet', reqId, boot, volume, term, error });
    return;
  }
  if (operation.kind !== 'grantToken' || (result.kind !== 'granted' && result.kind !== 'TOKEN_RACE')) return;
  const volume = volumeNamed(content, operation.volume);
  if (!volume) return;
  const { name, created, groups } = volume;
  send(ctx, from, {
    kind: 'TokenGranted',
    reqId,
    boot,
    volume: name,
    token: result.token,
    created,
    groups,
    error: result.kind === 'granted' ? '' : 'TOKEN_RACE',
  });
}

export function metaView(state: MetaState, now: Time): MetaView {
  const { content } = state;
  const { token, holder, writer, state: volumeState } = firstVolume(content);
  return {
    role: 'meta',
    bootEpoch: state.bootEpoch,
    term: 1,
    commit: content.applied,
    applied: content.applied,
    token,
    holder,
    writer,
    volumeState,
    mapVersion: mapVersionOf(content),
    nodes: state.nodes.map((node) => ({ node, up: isUp(state, node, now) })),
    groups: content.volumes.flatMap((volume) => groupViews(volume, state.moves, now)),
    ...restoreViews(state, now),
  };
}

function isUp(state: MetaState, node: NodeId, now: Time): boolean {
  if (node === state.nodeId) return true;
  const beat = state.beats.get(node);
  return beat !== undefined && beat.at + MISSED_BEATS * state.beatUs > now;
}
