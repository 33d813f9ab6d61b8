// The metadata role with one member (docs/spec/pcs.md, failover.md §1): tokens, the writer, the map, who is up. Every
// change is an entry of the log: durable, then applied, then answered. What a reader is told is applied state, so durable.
// One entry is written at a time: a crash keeps any part of what was not synced, and the log has no gap (PCS-5).
// Limits: MAX_PENDING entries waiting (further requests are dropped and come again), MAX_WATCHERS drivers.

import { assert } from '../../base/assert.ts';
import type { NodeId, Time } from '../../base/ids.ts';
import { type RoleContext, send, storeWrites, trace, wakeAt } from '../context.ts';
import type { DiskError, DiskImage, Input, NodeConfig } from '../door.ts';
import type { Message, MessageOf } from '../protocol/messages.ts';
import type { MetaView } from '../view.ts';
import { applyMeta, initialContent, type MetaResult } from './apply-meta.ts';
import {
  deletionWrites,
  entryWrites,
  loadMeta,
  type MetaContent,
  type MetaOperation,
  SNAPSHOT_EVERY,
  snapshotWrite,
} from './meta-log.ts';

/** The first snapshot is tried again (disk full or failing). */
const RETRY_TIMER = 'setup';
const MAX_PENDING = 64;
const MAX_WATCHERS = 1024;
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
}

export function openMeta(config: NodeConfig, disk: DiskImage, bootEpoch: number): MetaState {
  const { snapshot, slot, entries, firstKept, error } = loadMeta(disk);
  const content = snapshot ?? initialContent(config.cluster.groups);
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
    beats: new Map(),
  };
}

export function startMeta(state: MetaState, ctx: RoleContext): void {
  if (state.isCorrupt) trace(ctx, { kind: 'disk.error', error: 'META_CORRUPT' });
  else if (!state.isReady) writeSnapshot(state, ctx);
}

function writeSnapshot(state: MetaState, ctx: RoleContext): void {
  const storeId = storeWrites(ctx, [snapshotWrite(state.content, 1 - state.slot)]);
  state.snapshotWrite = { storeId, index: state.content.applied };
}

export function stepMeta(state: MetaState, input: Input<Message>, ctx: RoleContext): void {
  if (state.isCorrupt) return;
  if (input.kind === 'wake') startMeta(state, ctx);
  else if (input.kind === 'diskDone') onDurable(state, ctx, input.id, input.error);
  else if (input.kind === 'message' && state.isReady) onMessage(state, ctx, input.from, input.message);
}

function onMessage(state: MetaState, ctx: RoleContext, from: NodeId, message: Message): void {
  switch (message.kind) {
    case 'GrantToken': {
      const { boot, reqId, expect } = message;
      propose(state, ctx, { kind: 'grantToken', from, boot, reqId, expect });
      break;
    }
    case 'SetWriter': {
      const { boot, reqId, term, state: to } = message;
      propose(state, ctx, { kind: 'setWriter', from, boot, reqId, term, state: to });
      break;
    }
    case 'NodeBeat':
      state.beats.set(from, { boot: message.boot, at: ctx.now });
      send(ctx, from, { kind: 'NodeBeatOk', mapVersion: state.content.mapVersion });
      break;
    case 'GetRoute':
      if (state.watchers.size < MAX_WATCHERS) state.watchers.add(from);
      send(ctx, from, routeOf(state.content, message.reqId));
      break;
    case 'GetMeta':
      send(ctx, from, metaState(state.content, message.reqId));
      break;
    default:
      break;
  }
}

/** Clients are served by the writer of an OPEN volume only (H8). */
const routeOf = (content: MetaContent, reqId: number): MessageOf<'Route'> => ({
  kind: 'Route',
  reqId,
  mapVersion: content.mapVersion,
  writer: content.state === 'OPEN' ? content.writer : null,
  token: content.token,
});

function metaState(content: MetaContent, reqId: number): MessageOf<'MetaState'> {
  const { token, holder, writer, state, created, mapVersion, groups } = content;
  return { kind: 'MetaState', reqId, token, holder, writer, state, created, mapVersion, groups };
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
  const before = state.content.mapVersion;
  const result = applyMeta(state.content, operation);
  const replyCtx: RoleContext = { ...ctx, traceId };
  traceResult(state.content, replyCtx, operation, result);
  answer(state.content, replyCtx, operation, result);
  if (state.content.mapVersion !== before)
    for (const driver of state.watchers) send(ctx, driver, routeOf(state.content, 0));
  const isDue = state.content.applied - state.snapshotIndex >= SNAPSHOT_EVERY;
  if (isDue && state.snapshotWrite === null) writeSnapshot(state, ctx);
  writeEntry(state, ctx);
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

function traceResult(
  content: MetaContent,
  ctx: RoleContext,
  operation: MetaOperation,
  result: MetaResult,
): void {
  if (result.kind === 'granted' && !result.repeated)
    trace(ctx, { kind: 'token.grant', token: result.token, holder: operation.from });
  else if (result.kind === 'writerSet' && !result.repeated)
    trace(ctx, { kind: 'meta.writer', writer: operation.from, token: content.token, state: content.state });
}

function answer(content: MetaContent, ctx: RoleContext, operation: MetaOperation, result: MetaResult): void {
  const { from, boot, reqId } = operation;
  if (operation.kind === 'setWriter') {
    const error = result.kind === 'STALE_TERM' ? 'STALE_TERM' : '';
    send(ctx, from, { kind: 'WriterSet', reqId, boot, term: operation.term, error });
    return;
  }
  if (result.kind !== 'granted' && result.kind !== 'TOKEN_RACE') return;
  send(ctx, from, {
    kind: 'TokenGranted',
    reqId,
    boot,
    token: result.token,
    created: content.created,
    groups: content.groups,
    error: result.kind === 'granted' ? '' : 'TOKEN_RACE',
  });
}

export function metaView(state: MetaState, now: Time): MetaView {
  const { content } = state;
  return {
    role: 'meta',
    bootEpoch: state.bootEpoch,
    term: 1,
    commit: content.applied,
    applied: content.applied,
    token: content.token,
    holder: content.holder,
    writer: content.writer,
    volumeState: content.state,
    mapVersion: content.mapVersion,
    nodes: state.nodes.map((node) => ({ node, up: isUp(state, node, now) })),
  };
}

function isUp(state: MetaState, node: NodeId, now: Time): boolean {
  if (node === state.nodeId) return true;
  const beat = state.beats.get(node);
  return beat !== undefined && beat.at + MISSED_BEATS * state.beatUs > now;
}
