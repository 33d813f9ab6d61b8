// The storage role as a node runs it (docs/spec/wal.md §6, §8, §9; holes.md): open, start, step, view, what it receives, and
// its part of the heartbeat between node and metadata. Control flow only; what a kind of input does stands in store-tables.ts.

import type { GroupId, NodeId, Time } from '../../base/ids.ts';
import type { RoleContext } from '../kernel/context.ts';
import type { AgentCommand, DiskError, DiskImage, Input, NodeConfig } from '../kernel/door.ts';
import type { Message, MessageOf, ReplicaKnown } from '../kernel/messages.ts';
import { objectStoreOf } from '../object-store/backed-up.ts';
import {
  beginExit,
  continueExit,
  INVALIDATE_TIMER,
  invalidateSaved,
  onExitWritten,
  onInvalidated,
} from './replica/clean-exit.ts';
import { awaitCheck } from './replica/disk-check.ts';
import type {
  GroupMessageHandlers,
  GroupWriteHandlers,
  MessageHandlers,
  StoreContext,
} from './replica/hooks.ts';
import { openReplicas } from './replica/open.ts';
import { pauseHoles } from './replica/repair.ts';
import { beginWork, checkReplicas } from './replica/start.ts';
import type {
  Group,
  PendingRead,
  PendingReads,
  PendingWrite,
  PendingWrites,
  StoreState,
} from './replica/state.ts';
import { readUnfinished } from './restore/restore-state.ts';
import {
  groupMessages,
  groupTimers,
  groupWrites,
  hooks,
  messages,
  reads,
  timers,
  writes,
} from './store-tables.ts';

type StoreInput = Exclude<Input<Message>, { kind: 'clientRequest' }>;

const withHooks = (ctx: RoleContext): StoreContext => ({ ...ctx, hooks });

export function openStore(config: NodeConfig, disk: DiskImage, bootEpoch: number): StoreState {
  const { nodeId, params, broken } = config;
  const state: StoreState = {
    nodeId,
    bootEpoch,
    params,
    broken,
    lifecycle: { kind: 'starting', isStopped: false },
    clock: 0 as Time,
    groups: new Map(),
    creations: new Map(),
    writes: new Map(),
    reads: new Map(),
    lastReqId: 0,
    isVolumeCreated: false,
    garbage: [],
    saved: [],
    unchecked: new Map(),
    imports: new Map(),
    scrubs: new Map(),
    archivers: new Map(),
    objectStore: objectStoreOf(config.cluster),
    lastArchiveReqId: 0,
    restores: new Map(),
    unfinished: new Map(),
  };
  // A creation that never came to its end leaves garbage; a restore goes on from what is here (WAL-45).
  openReplicas(state, disk, (id, keys) => {
    const left = readUnfinished(id, keys, disk);
    if (left) state.unfinished.set(id, left);
    else state.garbage.push(...keys.all.sort());
  });
  return state;
}

/**
 * Called once, when the node's boot epoch is durable: begins, once nothing is left of a clean exit (HOLE-52). Replicas that
 * were found wait for the metadata if there is one to ask (WAL-75).
 */
export function startStore(state: StoreState, ctx: RoleContext, hasMeta: boolean): void {
  const own = withHooks(ctx);
  if (hasMeta) awaitCheck(state);
  if (!invalidateSaved(state, own)) beginWork(state, own);
}

/** From the metadata's answer to a heartbeat: the volume exists, and this node's boot epoch is to be above that one. */
export function recordBoot(state: StoreState, isVolumeCreated: boolean, bootEpoch: number): void {
  if (isVolumeCreated) state.isVolumeCreated = true;
  state.bootEpoch = bootEpoch;
}

/** From the same answer: what the metadata knows of the replicas that were found. True if any of them is deleted (WAL-75). */
export const admitReplicas = (state: StoreState, ctx: RoleContext, known: readonly ReplicaKnown[]): boolean =>
  checkReplicas(state, withHooks(ctx), known);

export function stepStore(state: StoreState, input: StoreInput, roleCtx: RoleContext): void {
  const ctx = withHooks(roleCtx);
  const { kind } = state.lifecycle;
  if (kind === 'starting') {
    stepStarting(state, input, ctx);
    return;
  }
  state.clock = ctx.now;
  if (kind !== 'working') {
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
    case 'readDone': {
      const read = state.reads.get(input.id);
      if (!read) return;
      state.reads.delete(input.id);
      const group = state.groups.get(read.group);
      if (group) onReadDone(state, group, ctx, read, input.values, input.error);
      return;
    }
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

function onOperator(state: StoreState, ctx: StoreContext, command: AgentCommand): void {
  if (command.kind !== 'pauseHoles') return;
  for (const group of state.groups.values())
    if (command.group === null || command.group === group.id) pauseHoles(group, ctx, command.isPaused);
}

/** Messages are silently dropped until what a clean exit left is durably gone. */
function stepStarting(state: StoreState, input: StoreInput, ctx: StoreContext): void {
  if (input.kind === 'stop') beginExit(state, ctx);
  else if (input.kind === 'wake' && input.timer === INVALIDATE_TIMER) invalidateSaved(state, ctx);
  else if (input.kind === 'diskDone' && state.writes.get(input.id)?.kind === 'invalidate') {
    state.writes.delete(input.id);
    if (onInvalidated(state, ctx, input.error)) beginWork(state, ctx);
  }
}

/** The node ends: writes in progress are finished as ever, nothing else is begun. */
function stepExiting(
  state: StoreState,
  input: Extract<StoreInput, { kind: 'diskDone' }>,
  ctx: StoreContext,
): void {
  const { lifecycle } = state;
  if (lifecycle.kind === 'saving' && lifecycle.write === input.id) {
    onExitWritten(state, ctx, lifecycle, input.error);
    return;
  }
  onDiskDone(state, ctx, input);
  continueExit(state, ctx);
}

type NodeMessage = MessageOf<keyof typeof messages>;
type ReplicaMessage = MessageOf<keyof typeof groupMessages>;

const isNodeMessage = (message: Message): message is NodeMessage => message.kind in messages;
const isReplicaMessage = (message: Message): message is ReplicaMessage => message.kind in groupMessages;

/** A request for a group that this node does not host, or not yet, is silently dropped: the sender repeats it. */
function onMessage(state: StoreState, ctx: StoreContext, from: NodeId, message: Message): void {
  const about = groupOf(message);
  if (about !== null && state.unchecked.has(about)) return; // WAL-75
  if (isNodeMessage(message)) onNodeMessage(state, ctx, from, message.kind, message);
  else if (about !== null && isReplicaMessage(message)) {
    const group = state.groups.get(about);
    if (group) onReplicaMessage(state, group, ctx, from, message.kind, message);
  }
}

function groupOf(message: Message): GroupId | null {
  if ('descriptor' in message) return message.descriptor.group;
  return 'group' in message && message.group !== null ? (message.group as GroupId) : null;
}

function onNodeMessage<K extends keyof typeof messages>(
  state: StoreState,
  ctx: StoreContext,
  from: NodeId,
  kind: K,
  message: MessageOf<K>,
): void {
  const handlers: MessageHandlers<keyof typeof messages> = messages;
  handlers[kind](state, ctx, from, message);
}

function onReplicaMessage<K extends keyof typeof groupMessages>(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  from: NodeId,
  kind: K,
  message: MessageOf<K>,
): void {
  const handlers: GroupMessageHandlers<keyof typeof groupMessages> = groupMessages;
  handlers[kind](state, group, ctx, from, message);
}

type GroupWriteKind = keyof typeof groupWrites;
const isGroupWrite = (write: PendingWrite): write is PendingWrite<GroupWriteKind> =>
  write.kind in groupWrites;

function onDiskDone(
  state: StoreState,
  ctx: StoreContext,
  { id, error }: Extract<StoreInput, { kind: 'diskDone' }>,
): void {
  const write = state.writes.get(id);
  if (!write) return;
  state.writes.delete(id);
  if (!isGroupWrite(write)) {
    onNodeWrite(state, ctx, write, error);
    return;
  }
  const group = state.groups.get(write.group);
  if (!group) return;
  onGroupWrite(state, group, ctx, write, error, id);
  hooks.settle(state, group, ctx);
}

function onNodeWrite<K extends Exclude<keyof PendingWrites, GroupWriteKind>>(
  state: StoreState,
  ctx: StoreContext,
  write: PendingWrite<K>,
  error: DiskError | null,
): void {
  writes[write.kind](state, ctx, write, error);
}

function onGroupWrite<K extends GroupWriteKind>(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  write: PendingWrite<K>,
  error: DiskError | null,
  id: number,
): void {
  const handlers: GroupWriteHandlers<GroupWriteKind> = groupWrites;
  handlers[write.kind](state, group, ctx, write, error, id);
}

function onReadDone<K extends keyof PendingReads>(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  read: PendingRead<K>,
  values: readonly (Uint8Array | null)[],
  error: 'EIO' | null,
): void {
  reads[read.kind](state, group, ctx, read, values, error);
}

/** Timers are named `<name>/<group>`. */
function onWake(state: StoreState, ctx: StoreContext, timer: string): void {
  const [name = '', id] = timer.split('/');
  const group = state.groups.get(id as GroupId);
  if (timers[name]) timers[name](state, ctx, id as GroupId);
  else if (group) groupTimers[name]?.(state, group, ctx);
}
