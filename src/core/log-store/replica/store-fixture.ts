// A store stepped by hand, for tests: messages in, one sync at a time, crashes that keep what the test says, timers that
// fire when the test moves the clock. Records are redo of real pages: a volume page built and then changed.

import { AssertionError } from '../../../base/assert.ts';
import type { NodeId, Time } from '../../../base/ids.ts';
import { makePrng } from '../../../base/prng.ts';
import type { OperatorCommand } from '../../kernel/commands.ts';
import type { IdCounter, RoleContext } from '../../kernel/context.ts';
import { makeIds } from '../../kernel/context-fixture.ts';
import type { DiskError, Effect, NodeConfig, Write } from '../../kernel/door.ts';
import type { HistoryEntry } from '../../kernel/fields.ts';
import type { Message, MessageKind, MessageOf } from '../../kernel/messages.ts';
import type { Mutants } from '../../kernel/mutants.ts';
import type { Params } from '../../kernel/params.ts';
import { demoParams } from '../../kernel/params-fixture.ts';
import type { TraceEvent, TraceKind, TraceOf } from '../../kernel/trace.ts';
import { openStore, startStore, stepStore } from '../store.ts';
import { A, createReplica, GROUP, installHistory, installToken, openVolume, RW } from './message-fixture.ts';
import type { Group, StoreState } from './state.ts';

export const PARAMS: Params = {
  ...demoParams,
  linkJitterUs: 0,
  diskSyncJitterUs: 0,
  pageBytes: 512,
  materialiseRecords: 1000,
  recoveryRetryMs: 5,
  deadlockMs: 100,
};

export interface Sent {
  readonly to: NodeId;
  readonly message: Message;
}

interface PendingStore {
  readonly id: number;
  readonly writes: readonly Write[];
  readonly followUp: readonly Effect<Message>[];
}

export interface Rig {
  readonly config: NodeConfig;
  readonly boot: number;
  readonly state: StoreState;
  readonly ids: IdCounter;
  readonly disk: Map<string, Uint8Array>;
  /** Keys whose sectors have failed. */
  readonly unreadable: Set<string>;
  now: number;
  stores: PendingStore[];
  reads: { id: number; keys: readonly string[] }[];
  readonly timers: Map<string, number>;
  sent: Sent[];
  events: TraceEvent[];
}

export interface RigOptions {
  readonly node?: NodeId;
  readonly params?: Partial<Params>;
  readonly mutants?: Mutants;
}

export function openRig(
  { node = A, params = {}, mutants = [] }: RigOptions = {},
  disk: ReadonlyMap<string, Uint8Array> = new Map(),
  boot = 1,
  now = 0,
): Rig {
  const config: NodeConfig = {
    nodeId: node,
    roles: ['store'],
    cluster: { preset: 'test', volume: 'v1', nodes: [], groups: [] },
    params: { ...PARAMS, ...params },
    prng: makePrng(1, node),
    mutants,
  };
  const rig: Rig = {
    config,
    boot,
    state: openStore(config, disk, boot),
    ids: makeIds(),
    disk: new Map(disk),
    unreadable: new Set(),
    now,
    stores: [],
    reads: [],
    timers: new Map(),
    sent: [],
    events: [],
  };
  withContext(rig, 0, (ctx) => startStore(rig.state, ctx, false));
  return rig;
}

function withContext(rig: Rig, traceId: number, act: (ctx: RoleContext) => void): void {
  const effects: Effect<Message>[] = [];
  act({ now: rig.now as Time, role: 'store', tag: 2, scope: '', ids: rig.ids, effects, traceId });
  for (const effect of effects) take(rig, effect);
}

function take(rig: Rig, effect: Effect<Message>): void {
  switch (effect.kind) {
    case 'send':
      rig.sent.push({ to: effect.to, message: effect.message });
      return;
    case 'store':
      rig.stores.push({ id: effect.id, writes: effect.writes, followUp: effect.then });
      return;
    case 'read':
      rig.reads.push({ id: effect.id, keys: effect.keys });
      return;
    case 'wakeAt': {
      const timer = effect.timer.slice('store:'.length);
      if (effect.at === null) rig.timers.delete(timer);
      else rig.timers.set(timer, effect.at);
      return;
    }
    case 'trace':
      rig.events.push(effect.event);
      return;
    case 'reply':
      throw new AssertionError('a store replies to nobody');
  }
}

export function deliver(rig: Rig, message: Message, from: NodeId = RW): void {
  withContext(rig, 1, (ctx) =>
    stepStore(rig.state, { kind: 'message', now: ctx.now, from, message, traceId: 1 }, ctx),
  );
}

/** Delivers one message and lets all that it writes become durable. */
export function deliverAndSettle(rig: Rig, message: Message, from?: NodeId): void {
  deliver(rig, message, from);
  settle(rig);
}

/** An operator's word. */
export function tell(rig: Rig, command: OperatorCommand): void {
  withContext(rig, 0, (ctx) => stepStore(rig.state, { kind: 'operatorCommand', now: ctx.now, command }, ctx));
}

/** Tells the node to end. */
export function stop(rig: Rig): void {
  withContext(rig, 0, (ctx) => stepStore(rig.state, { kind: 'stop', now: ctx.now }, ctx));
}

function apply(disk: Map<string, Uint8Array>, { key, bytes }: Write): void {
  if (bytes === null) disk.delete(key);
  else disk.set(key, bytes);
}

/** One bit of a stored value changes at rest. */
export function rot(rig: Rig, key: string, at: number): void {
  const bytes = rig.disk.get(key)?.slice();
  if (!bytes) throw new AssertionError(`no value at ${key}`);
  const index = at < 0 ? bytes.length + at : at;
  bytes[index] = (bytes[index] ?? 0) ^ 16;
  rig.disk.set(key, bytes);
}

/** Completes the oldest store; with an error nothing of it reaches the disk. */
export function syncOne(rig: Rig, error: DiskError | null = null): void {
  const store = rig.stores.shift();
  if (!store) throw new AssertionError('no store is pending');
  if (!error)
    for (const write of store.writes) {
      apply(rig.disk, write);
      rig.unreadable.delete(write.key);
    }
  withContext(rig, 0, (ctx) =>
    stepStore(rig.state, { kind: 'diskDone', now: ctx.now, id: store.id, error }, ctx),
  );
  if (!error) for (const effect of store.followUp) take(rig, effect);
}

export function readOne(rig: Rig, failure: 'EIO' | null = null): void {
  const read = rig.reads.shift();
  if (!read) throw new AssertionError('no read is pending');
  const error = read.keys.some((key) => rig.unreadable.has(key)) ? 'EIO' : failure;
  const values = error ? [] : read.keys.map((key) => rig.disk.get(key) ?? null);
  withContext(rig, 0, (ctx) =>
    stepStore(rig.state, { kind: 'readDone', now: ctx.now, id: read.id, values, error }, ctx),
  );
}

/** Completes all disk work that is there or follows from it. */
export function settle(rig: Rig): void {
  for (let n = 0; rig.stores.length + rig.reads.length > 0; n++) {
    if (n > 10_000) throw new AssertionError('the disk never becomes idle');
    if (rig.stores.length > 0) syncOne(rig);
    else readOne(rig);
  }
}

/** Fires one timer now, whenever it was set for; disk work is left as it is. */
export function fireTimer(rig: Rig, timer: string): void {
  if (!rig.timers.delete(timer)) throw new AssertionError(`timer ${timer} is not set`);
  withContext(rig, 0, (ctx) => stepStore(rig.state, { kind: 'wake', now: ctx.now, timer }, ctx));
}

/** Moves the clock, firing timers in order and completing disk work after each. */
export function advance(rig: Rig, us: number): void {
  const until = rig.now + us;
  settle(rig);
  for (let n = 0; ; n++) {
    if (n > 10_000) throw new AssertionError('timers never come to rest');
    const due = [...rig.timers].filter(([, at]) => at <= until).sort((a, b) => a[1] - b[1])[0];
    if (!due) break;
    rig.timers.delete(due[0]);
    rig.now = Math.max(rig.now, due[1]);
    withContext(rig, 0, (ctx) => stepStore(rig.state, { kind: 'wake', now: ctx.now, timer: due[0] }, ctx));
    settle(rig);
  }
  rig.now = until;
}

/** Power cut: of the writes not yet synced those that `survives` says are kept (a number: that many bytes of it). */
export function crash(
  rig: Rig,
  survives: (write: Write, index: number) => boolean | number = () => false,
): Rig {
  const disk = new Map(rig.disk);
  rig.stores
    .flatMap(({ writes }) => writes)
    .forEach((write, i) => {
      const survival = survives(write, i);
      if (survival === true) apply(disk, write);
      else if (typeof survival === 'number' && write.bytes)
        disk.set(write.key, write.bytes.slice(0, survival));
    });
  const { nodeId: node, params, mutants } = rig.config;
  return openRig({ node, params, mutants }, disk, rig.boot + 1, rig.now + 1000);
}

export function groupOf(rig: Rig): Group {
  const group = rig.state.groups.get(GROUP);
  if (!group) throw new AssertionError('no group');
  return group;
}

/** Messages of a kind sent so far, oldest first; forgets all that was sent. */
export function takeSent<K extends MessageKind>(rig: Rig, kind: K): MessageOf<K>[] {
  const found = rig.sent.flatMap(({ message }) => (message.kind === kind ? [message as MessageOf<K>] : []));
  rig.sent = [];
  return found;
}

export function lastSent<K extends MessageKind>(rig: Rig, kind: K): MessageOf<K> {
  const found = takeSent(rig, kind);
  const last = found[found.length - 1];
  if (!last) throw new AssertionError(`no ${kind} was sent`);
  return last;
}

export const eventsOf = <K extends TraceKind>(rig: Rig, kind: K): TraceOf<K>[] =>
  rig.events.flatMap((event) => (event.kind === kind ? [event as TraceOf<K>] : []));

/** A replica with genesis, open under token 1; nothing sent or traced is left over. */
export function createdRig(options: RigOptions = {}, token = 1): Rig {
  const rig = openRig(options);
  deliver(rig, createReplica(token));
  settle(rig);
  rig.sent = [];
  return rig;
}

export const lsnsOf = (rig: Rig): number[] => groupOf(rig).log.records.map(({ record: { lsn } }) => lsn);

/** Token, history and opening of a new term, all durable. */
export function reopenUnder(
  rig: Rig,
  token: number,
  history: HistoryEntry[],
  maxNwl: number,
  vdl: number,
): void {
  deliverAndSettle(rig, installToken(token));
  deliverAndSettle(rig, installHistory(token, history, maxNwl));
  deliverAndSettle(rig, openVolume(token, vdl, history[history.length - 1]?.startLsn ?? 0));
}

/** Delivers what the stores have sent to each other, with all disk work, until nothing is under way; the rest stays in `sent`. */
export function exchange(
  rigs: readonly Rig[],
  isLost: (message: Message, from: Rig) => boolean = () => false,
): void {
  for (let n = 0; n < 10_000; n++) {
    let moved = 0;
    for (const rig of rigs) {
      settle(rig);
      const own = rig.sent.filter(({ to }) => rigs.some((other) => other.config.nodeId === to));
      rig.sent = rig.sent.filter((sent) => !own.includes(sent));
      for (const { to, message } of own) {
        const target = rigs.find((other) => other.config.nodeId === to);
        if (target && !isLost(message, rig)) deliver(target, message, rig.config.nodeId);
      }
      moved += own.length;
    }
    if (moved === 0) return;
  }
  throw new AssertionError('the stores never stop talking');
}

/** Moves all clocks on by `us`, in steps of one discovery interval, with exchanges in between. */
export function advanceAll(
  rigs: readonly Rig[],
  us: number,
  isLost: (message: Message, from: Rig) => boolean = () => false,
): void {
  const stepUs = PARAMS.discoverEveryMs * 1000;
  for (let left = us; left > 0; left -= stepUs) {
    exchange(rigs, isLost);
    for (const rig of rigs) advance(rig, Math.min(stepUs, left));
  }
  exchange(rigs, isLost);
}
