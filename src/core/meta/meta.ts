// The metadata role with one member (docs/spec/pcs.md, failover.md §1): tokens, the writer, the map, who is up. Every
// change is an entry of the log: durable, then applied, then answered. What a reader is told is applied state, so durable.
// One entry is written at a time: a crash keeps any part of what was not synced, and the log has no gap (PCS-5).
// Limits: MAX_PENDING entries waiting (further requests are dropped and come again), MAX_WATCHERS drivers.

import { assert } from '../../base/assert.ts';
import type { GroupId, NodeId, Time } from '../../base/ids.ts';
import { type RoleContext, send, storeWrites, trace, wakeAt } from '../context.ts';
import type { AgentCommand, DiskError, DiskImage, Input, NodeConfig } from '../door.ts';
import type { MetaView } from '../meta-view.ts';
import type { Descriptor, Message, MessageOf } from '../protocol/messages.ts';
import {
  applyMeta,
  firstWriters,
  holding,
  initialContent,
  type MetaResult,
  writtenBy,
} from './apply-meta.ts';
import {
  type ArchiverDriver,
  announceArchiver,
  archivedGroups,
  archiverOf,
  makeArchiverDriver,
  noteDeclined,
  tellArchiver,
  type WantedArchiver,
  wantedArchivers,
} from './archivers.ts';
import { votersOf } from './membership.ts';
import {
  deletionWrites,
  entryWrites,
  loadMeta,
  type MetaContent,
  type MetaOperation,
  SNAPSHOT_EVERY,
  snapshotWrite,
  type VolumeContent,
} from './meta-log.ts';
import { firstVolume, MAX_WATCHERS, metaState, routeOf, volumeRoute, watchVolume } from './meta-route.ts';
import { traceDescriptor, traceResult } from './meta-trace.ts';
import { groupViews } from './meta-view.ts';
import {
  announceStep,
  type MoveDriver,
  makeMoveDriver,
  nextStep,
  onMembersAck,
  onStoreReport,
  type WantedEntry,
} from './move-driver.ts';
import { descriptorOf, moveOf } from './moves.ts';
import { answerOf, isSameOrder } from './orders.ts';
import { type KnownReplicas, noteReports } from './replica-known.ts';
import { onArchiveAnswer, onPinned, orderedEntry, retryAsking } from './restore-ask.ts';
import { type EndEntry, onRestoreBeat, onRestoreReport, resumeRestores } from './restore-driver.ts';
import { followOrder } from './restore-follow.ts';
import { onObjectsPinned, sendPins, tellPins } from './restore-pins.ts';
import { makeRestoreDriver, RESTORE_TIMER, type RestoreDriver } from './restore-state.ts';
import { restoreViews } from './restore-tell.ts';
import { mapVersionOf, volumeNamed, volumeOfGroup, volumeOfWriter } from './volumes.ts';

/** The first snapshot is tried again (disk full or failing). */
const RETRY_TIMER = 'setup';
const MAX_PENDING = 64;
/** Heartbeats a node may miss before it counts as down. */
const MISSED_BEATS = 5;

interface Pending {
  readonly operation: MetaOperation;
  readonly traceId: number;
}

export interface MetaState {
  readonly nodeId: NodeId;
  readonly bootEpoch: number;
  readonly nodes: readonly NodeId[];
  readonly beatUs: number;
  content: MetaContent;
  /** Loading failed: META_CORRUPT; nothing is answered. */
  readonly isCorrupt: boolean;
  /** Some snapshot is durable. */
  isReady: boolean;
  /** Slot of the newest durable snapshot, and what it and the one before it hold. */
  slot: number;
  snapshotIndex: number;
  /** Snapshot being written, or null. */
  snapshotWrite: { storeId: number; index: number } | null;
  /** Entries from this index on may be on disk. */
  firstKept: number;
  /** In order of arrival; the first is being written. */
  pending: Pending[];
  /** Store of the entry that is being written, or null. */
  entryWrite: number | null;
  /** Drivers that asked for the route; not durable, they ask again. */
  watchers: Set<NodeId>;
  beats: Map<NodeId, { boot: number; at: Time }>;
  /** As watchers, of a volume by its name. */
  readonly volumeWatchers: Map<string, Set<NodeId>>;
  /** What stores that start are compared with; not durable. */
  readonly known: KnownReplicas;
  readonly moves: MoveDriver;
  readonly restores: RestoreDriver;
  readonly archivers: ArchiverDriver;
  /** Number of its own proposals in this life. */
  ownRequests: number;
}

export function openMeta(config: NodeConfig, disk: DiskImage, bootEpoch: number): MetaState {
  const first = { name: config.cluster.volume, writers: firstWriters(config.cluster) };
  const { snapshot, slot, entries, firstKept, error } = loadMeta(disk, first);
  const content = snapshot ?? initialContent(config.cluster);
  const snapshotIndex = content.applied;
  for (const operation of entries) applyMeta(content, operation);
  return {
    nodeId: config.nodeId,
    bootEpoch,
    nodes: config.cluster.nodes.map((node) => node.id),
    beatUs: config.params.nodeHeartbeatMs * 1000,
    content,
    isCorrupt: error !== null,
    isReady: snapshot !== null,
    slot,
    snapshotIndex,
    snapshotWrite: null,
    firstKept,
    pending: [],
    entryWrite: null,
    watchers: new Set(),
    volumeWatchers: new Map(),
    beats: new Map(),
    known: new Map(),
    moves: makeMoveDriver(config.params.learnerLagLsns, config.params.moveTimeoutMs * 1000, config.broken),
    restores: makeRestoreDriver(config, bootEpoch),
    archivers: makeArchiverDriver(config.cluster, config.params.nodeHeartbeatMs * 1000),
    ownRequests: 0,
  };
}

export function startMeta(state: MetaState, ctx: RoleContext): void {
  if (state.isCorrupt) {
    trace(ctx, { kind: 'disk.error', error: 'META_CORRUPT' });
    return;
  }
  if (!state.isReady) writeSnapshot(state, ctx);
  // a step may be durable that the last life did not live to tell
  for (const descriptor of state.content.volumes.flatMap(({ groups }) => groups))
    if (descriptor.memberEpoch > 1) traceDescriptor(ctx, descriptor, 'reopened');
  resumeRestores(state.content, ctx);
  tellPins(state.restores, state.content, ctx);
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

/** What a person asks of the metadata (PCS-99): moves begin and end as entries like those it proposes itself. */
function onOperator(state: MetaState, ctx: RoleContext, command: AgentCommand): void {
  if (command.kind === 'nameArchiver') {
    const { group: asked, to } = command;
    for (const group of archivedGroups(state.archivers, state.content))
      if (asked === null || asked === group)
        want(state, ctx, { kind: 'nameArchiver', group, to, isLast: false, why: 'asked' });
    return;
  }
  if (command.kind !== 'moveReplica' && command.kind !== 'rollbackMove') return;
  for (const volume of state.content.volumes)
    for (const descriptor of volume.groups) onMoveCommand(state, ctx, command, volume, descriptor);
}

type MoveCommand = Extract<AgentCommand, { kind: 'moveReplica' | 'rollbackMove' }>;

function onMoveCommand(
  state: MetaState,
  ctx: RoleContext,
  command: MoveCommand,
  volume: VolumeContent,
  descriptor: Descriptor,
): void {
  const { group, memberEpoch } = descriptor;
  if (command.group !== null && command.group !== group) return;
  if (command.kind === 'rollbackMove') {
    if (moveOf(volume, group)) want(state, ctx, { kind: 'memberStep', group, step: 'abort', memberEpoch });
    return;
  }
  const { from: source, to } = command;
  if (command.group === null && !votersOf(descriptor).includes(source)) return;
  const deadline = ctx.now + state.moves.moveTimeoutUs;
  want(state, ctx, { kind: 'beginMove', group, source, to, isLost: false, at: ctx.now, deadline });
}

/** Proposes an entry of its own; at most one at a time for each group. */
function want(state: MetaState, ctx: RoleContext, entry: WantedEntry | WantedArchiver): void {
  const isUnderWay = state.pending.some(
    ({ operation }) => 'group' in operation && operation.group === entry.group,
  );
  if (isUnderWay) return;
  const reqId = ++state.ownRequests;
  propose(state, ctx, { ...entry, from: state.nodeId, boot: state.bootEpoch, reqId });
}

/** What the object store has not answered is asked again. */
function onRestoreTimer(state: MetaState, ctx: RoleContext): void {
  sendPins(state.restores, ctx);
  for (const entry of retryAsking(state.restores, ctx)) propose(state, ctx, entry);
}

/** An operator's order comes until it is answered; what it came to is an entry, and the answer is sent once that is applied. */
function onOrder(
  state: MetaState,
  ctx: RoleContext,
  from: NodeId,
  message: MessageOf<'RestoreOrder' | 'VolumeOrder'>,
): void {
  const { boot, reqId } = message;
  const id = { from, boot, reqId };
  const answer = answerOf(state.content, id);
  if (answer === 'late' || state.pending.some(({ operation }) => isSameOrder(operation, id))) return;
  if (answer) {
    send(ctx, from, { kind: 'VolumeAnswer', boot, reqId, code: answer.code });
    return;
  }
  const entry = orderedEntry(state.restores, state.content, ctx, id, message);
  if (entry) propose(state, ctx, entry);
}

function wantRestore(state: MetaState, ctx: RoleContext, entry: EndEntry): void {
  const isUnderWay = state.pending.some(
    ({ operation }) => operation.kind === entry.kind && operation.volume === entry.volume,
  );
  if (isUnderWay) return;
  const reqId = ++state.ownRequests;
  propose(state, ctx, { ...entry, from: state.nodeId, boot: state.bootEpoch, reqId });
}

function onBeat(state: MetaState, ctx: RoleContext, from: NodeId, beat: MessageOf<'NodeBeat'>): void {
  const { content, moves } = state;
  const bootFloor = Math.max(moves.boots.get(from) ?? 0, beat.boot);
  moves.boots.set(from, bootFloor);
  const mapVersion = mapVersionOf(content);
  const known = beat.asks === 0 ? [] : [...(state.known.get(from) ?? [])];
  const created = isCreated(content);
  send(ctx, from, { kind: 'NodeBeatOk', mapVersion, bootFloor, created, answers: beat.asks, known });
  if (beat.boot < bootFloor) return; // of an earlier life, or of a disk that was lost (PCS-2)
  state.beats.set(from, { boot: beat.boot, at: ctx.now });
  if (beat.asks !== 0) return; // its replicas are not spoken for yet (WAL-75)
  noteReports(state.known, from, beat.groups);
  const knewAll = beat.mapVersion === mapVersion;
  for (const volume of content.volumes)
    for (const entry of onStoreReport(moves, volume, ctx, from, beat, knewAll)) want(state, ctx, entry);
  driveMoves(state, ctx);
  for (const entry of onRestoreBeat(state.restores, content, ctx, from, beat)) wantRestore(state, ctx, entry);
  driveArchivers(state, ctx);
  tellArchiver(state.archivers, content, ctx, from);
}

function driveArchivers(state: MetaState, ctx: RoleContext): void {
  const { archivers, content, beats } = state;
  for (const entry of wantedArchivers(archivers, content, { beats, now: ctx.now })) want(state, ctx, entry);
}

/** The volume that the cluster was made with exists: no store makes a replica from nothing any more (WAL-4). */
const isCreated = ({ volumes }: MetaContent): boolean => volumes[0]?.created ?? false;

function driveMoves(state: MetaState, ctx: RoleContext): void {
  for (const volume of state.content.volumes)
    for (const move of volume.moves) driveMove(state, ctx, move.group);
}

function driveMove(state: MetaState, ctx: RoleContext, group: GroupId): void {
  const volume = volumeOfGroup(state.content, group);
  const move = volume && moveOf(volume, group);
  const descriptor = volume && descriptorOf(volume, group);
  const next = move && descriptor && nextStep(state.moves, volume, ctx, descriptor, move);
  if (next) want(state, ctx, next);
}

function onMessage(state: MetaState, ctx: RoleContext, from: NodeId, message: Message): void {
  switch (message.kind) {
    case 'GrantToken': {
      const { boot, reqId, expect } = message;
      if (writtenBy(state.content, from).name !== message.volume) break;
      propose(state, ctx, { kind: 'grantToken', from, boot, reqId, expect });
      break;
    }
    case 'SetWriter': {
      const { boot, reqId, term, state: to } = message;
      if (writtenBy(state.content, from).name !== message.volume) break;
      propose(state, ctx, { kind: 'setWriter', from, boot, reqId, term, state: to });
      break;
    }
    case 'NodeBeat':
      onBeat(state, ctx, from, message);
      break;
    case 'MembersAck':
      onMembersAck(state.moves, from, message);
      driveMove(state, ctx, message.group);
      break;
    case 'ArchiverDeclined':
      if (archiverOf(state.content, message.group)?.appointment !== message.appointment) break;
      noteDeclined(state.archivers, message.group, from, ctx.now);
      driveArchivers(state, ctx);
      break;
    case 'GetRoute':
      if (state.watchers.size < MAX_WATCHERS) state.watchers.add(from);
      send(ctx, from, routeOf(firstVolume(state.content), message.reqId));
      break;
    case 'GetMeta':
      send(ctx, from, metaState(state.content, writtenBy(state.content, from), message.reqId));
      break;
    default:
      onRestoreMessage(state, ctx, from, message);
  }
}

/** Volumes beside the first one, and the restores that make them. */
function onRestoreMessage(state: MetaState, ctx: RoleContext, from: NodeId, message: Message): void {
  const { content, restores } = state;
  switch (message.kind) {
    case 'ManifestIs':
    case 'ObjectPart': {
      const entry = onArchiveAnswer(restores, content, ctx, message);
      if (entry) propose(state, ctx, entry);
      break;
    }
    case 'ObjectsPinned':
      if (!onObjectsPinned(restores, ctx, message)) break;
      for (const entry of onPinned(restores, ctx, new Set(message.missing))) propose(state, ctx, entry);
      break;
    case 'RestoreOrder':
    case 'VolumeOrder':
      onOrder(state, ctx, from, message);
      break;
    case 'RestoreReport': {
      const entry = onRestoreReport(restores, content, ctx, from, message);
      if (entry) wantRestore(state, ctx, entry);
      break;
    }
    case 'GetVolume': {
      const volume = volumeOfWriter(content, from);
      const given = volume?.created ? volume : null;
      send(ctx, from, {
        kind: 'VolumeGiven',
        volume: given?.name ?? '',
        first: given?.groups[0]?.group ?? '',
      });
      break;
    }
    case 'GetVolumeRoute': {
      watchVolume(state.volumeWatchers, message.volume, from);
      send(ctx, from, volumeRoute(content, message.volume, message.reqId));
      break;
    }
    default:
  }
}

function propose(state: MetaState, ctx: RoleContext, operation: MetaOperation): void {
  const isUnderWay = state.pending.some((one) => isSameRequest(one.operation, operation));
  if (isUnderWay || state.pending.length >= MAX_PENDING) return;
  state.pending.push({ operation, traceId: ctx.traceId });
  if (state.entryWrite === null) writeEntry(state, ctx);
}

/** Begins to write the oldest entry that waits, as the next of the log. */
function writeEntry(state: MetaState, ctx: RoleContext): void {
  const [next] = state.pending;
  if (next) state.entryWrite = storeWrites(ctx, entryWrites(state.content.applied + 1, next.operation));
}

const isSameRequest = (a: MetaOperation, b: MetaOperation): boolean =>
  a.kind === b.kind && a.from === b.from && a.boot === b.boot && a.reqId === b.reqId;

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
  const first = firstVolume(state.content);
  const before = first.mapVersion;
  const others = new Map(state.content.volumes.map(({ name, mapVersion }) => [name, mapVersion]));
  const result = applyMeta(state.content, operation);
  const replyCtx: RoleContext = { ...ctx, traceId };
  traceResult(state, replyCtx, operation, result);
  answer(state.content, replyCtx, operation, result);
  if (first.mapVersion !== before) {
    for (const driver of state.watchers) send(ctx, driver, routeOf(first, 0));
  }
  for (const [name, watching] of state.volumeWatchers) {
    if (volumeNamed(state.content, name)?.mapVersion === others.get(name)) continue;
    for (const driver of watching) send(ctx, driver, volumeRoute(state.content, name, 0));
  }
  followMembers(state, replyCtx, result);
  followOrder(state, replyCtx, operation, result);
  if (result.kind === 'archiverNamed')
    announceArchiver(state.archivers, volumeOfGroup(state.content, result.archiver.group), replyCtx, result);
  const isDue = state.content.applied - state.snapshotIndex >= SNAPSHOT_EVERY;
  if (isDue && state.snapshotWrite === null) writeSnapshot(state, ctx);
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
    send(ctx, from, { kind: 'WriterSet', reqId, boot, term: operation.term, error });
    return;
  }
  if (result.kind !== 'granted' && result.kind !== 'TOKEN_RACE') return;
  const { created, groups } = writtenBy(content, from);
  send(ctx, from, {
    kind: 'TokenGranted',
    reqId,
    boot,
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
