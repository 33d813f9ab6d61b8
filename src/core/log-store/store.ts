// The storage role as a node runs it (docs/spec/wal.md §6, §8, §9; holes.md): open, start, step, view, what it receives, and
// its part of the heartbeat between node and metadata. Control flow only; what a kind of input does stands in store-tables.ts.

import type { GroupId, NodeId, Time } from '../../base/ids.ts';
import type { OperatorCommand } from '../kernel/commands.ts';
import { keptByName, type RoleContext } from '../kernel/context.ts';
import type { DiskImage, Input, NodeConfig } from '../kernel/door.ts';
import type { ReplicaKnown } from '../kernel/fields.ts';
import type { Message } from '../kernel/messages.ts';
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
import type { ByKind, ReadDone, StoreContext, WriteDone } from './replica/hooks.ts';
import { openReplicas } from './replica/open.ts';
import { pauseHoles } from './replica/repair.ts';
import { beginWork, checkReplicas } from './replica/start.ts';
import type { StoreState } from './replica/state.ts';
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

/** A literal, not a spread: one made for every step. */
const withHooks = ({ now, role, tag, scope, ids, effects, traceId }: RoleContext): StoreContext => ({
  now,
  role,
  tag,
  scope,
  ids,
  effects,
  traceId,
  hooks,
});

const metadataOf = ({ cluster }: NodeConfig): NodeId | null =>
  cluster.nodes.find(({ roles }) => roles.includes('meta'))?.id ?? null;

export function openStore(config: NodeConfig, disk: DiskImage, bootEpoch: number): StoreState {
  const { nodeId, params, mutants } = config;
  const state: StoreState = {
    nodeId,
    bootEpoch,
    params,
    mutants,
    lifecycle: { kind: 'starting', isStopped: false },
    clock: 0 as Time,
    groups: new Map(),
    creations: new Map(),
    writes: new Map(),
    reads: new Map(),
    creationsOf: config.cluster.placement ? metadataOf(config) : null,
    askedCreations: new Map(),
    isVolumeCreated: false,
    garbage: [],
    saved: [],
    unchecked: new Map(),
    deletions: new Map(),
    imports: new Map(),
    scrubs: new Map(),
    archivers: new Map(),
    objectStore: objectStoreOf(config.cluster),
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
    case 'readDone':
      onReadDone(state, ctx, input.id, input);
      return;
    case 'wake':
      onWake(state, ctx, input.timer);
      return;
    case 'operatorCommand':
      onOperator(state, ctx, input.command);
      return;
    case 'stop':
      beginExit(state, ctx);
  }
}

function onOperator(state: StoreState, ctx: StoreContext, command: OperatorCommand): void {
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

const byMessage: ByKind<'message'> = messages;
const byGroupMessage: ByKind<'groupMessage'> = groupMessages;
const byWrite: ByKind<'write'> = writes;
const byGroupWrite: ByKind<'groupWrite'> = groupWrites;
const byRead: ByKind<'read'> = reads;

/** A request for a group that this node does not host, or not yet, is silently dropped: the sender repeats it. */
function onMessage(state: StoreState, ctx: StoreContext, from: NodeId, message: Message): void {
  const about = groupOf(message);
  if (about !== null && (state.unchecked.has(about) || state.deletions.has(about))) return; // WAL-66, WAL-75
  const group = about === null ? undefined : state.groups.get(about);
  const handler = group && byGroupMessage[message.kind];
  if (handler) handler(state, group, ctx, from, message);
  else byMessage[message.kind]?.(state, ctx, from, message);
}

function groupOf(message: Message): GroupId | null {
  if ('descriptor' in message) return message.descriptor.group;
  return 'group' in message && message.group !== null ? (message.group as GroupId) : null;
}

function onDiskDone(state: StoreState, ctx: StoreContext, done: WriteDone): void {
  const write = state.writes.get(done.id);
  if (!write) return;
  state.writes.delete(done.id);
  byWrite[write.kind]?.(state, ctx, write, done);
  const group = 'group' in write ? state.groups.get(write.group) : undefined;
  const handler = byGroupWrite[write.kind];
  if (!group || !handler) return;
  handler(state, group, ctx, write, done);
  hooks.settle(state, group, ctx);
}

function onReadDone(state: StoreState, ctx: StoreContext, id: number, done: ReadDone): void {
  const read = state.reads.get(id);
  if (!read) return;
  state.reads.delete(id);
  const group = state.groups.get(read.group);
  if (group) byRead[read.kind]?.(state, group, ctx, read, done);
}

/** Timers are named `<name>/<group>`. */
const handlersOf = keptByName((timer) => {
  const [name = '', id] = timer.split('/');
  return { id: id as GroupId, ofStore: timers[name], ofGroup: groupTimers[name] };
});

function onWake(state: StoreState, ctx: StoreContext, timer: string): void {
  const { id, ofStore, ofGroup } = handlersOf(timer);
  if (ofStore) {
    ofStore(state, ctx, id);
    return;
  }
  const group = state.groups.get(id);
  if (group) ofGroup?.(state, group, ctx);
}
