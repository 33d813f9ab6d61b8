// A store stepped by hand, for tests: messages in, one sync at a time, crashes that keep what the test says, timers that
// fire when the test moves the clock. Records are redo of real pages: a volume page built and then changed.

import { AssertionError } from '../../base/assert.ts';
import { groupId, type Lsn, type NodeId, nodeId, type Term, type Time } from '../../base/ids.ts';
import { makePrng } from '../../base/prng.ts';
import type { IdCounter, RoleContext } from '../context.ts';
import type { DiskError, Effect, NodeConfig, Write } from '../door.ts';
import type { PageKey } from '../page/page-key.ts';
import { OP_GENESIS, OP_NOOP, OP_TERM_START } from '../page/redo-ops.ts';
import type { Params } from '../params.ts';
import type { Descriptor, HistoryEntry, Message, MessageKind, MessageOf } from '../protocol/messages.ts';
import type { TraceEvent, TraceKind, TraceOf } from '../trace.ts';
import { type EncodedRecord, encodeRecord } from '../wal/record.ts';
import type { Group, StoreState } from './state.ts';
import { openStore, startStore, stepStore } from './store.ts';

export const GROUP = groupId('g1');
export const RW = nodeId('rw-1');
export const A = nodeId('A');
export const B = nodeId('B');
export const C = nodeId('C');

export const PARAMS: Params = {
  latencyFloorUs: 300,
  linkBaseUs: 300,
  linkBaseOtherZoneUs: 500,
  linkJitterUs: 0,
  linkHeavyTail: 0,
  diskSyncUs: 200,
  diskSyncJitterUs: 0,
  diskReadUs: 100,
  diskBandwidth: 200,
  diskLimitBytes: 1 << 26,
  pageBytes: 512,
  bufferPages: 64,
  lal: 100,
  groupCommitMaxUs: 0,
  resendMs: 20,
  writerHeartbeatMs: 4,
  discoverEveryMs: 2,
  reqTimeoutMs: 6,
  backoffBaseMs: 6,
  backoffMaxExp: 3,
  maxReqSpan: 64,
  maxInflightPerPeer: 4,
  readTimeoutMs: 6,
  nodeHeartbeatMs: 4,
  attemptTimeoutMs: 40,
  maxRetryMs: 1000,
  routeBackoffMs: 1,
  routeBackoffCapMs: 16,
  materialiseRecords: 1000,
  materialiseMs: 5,
  holdMaxMs: 0,
  recoveryRetryMs: 5,
  deadlockMs: 100,
};

export const DESCRIPTOR: Descriptor = {
  group: GROUP,
  sets: [[A, B, C]],
  learners: [],
  memberEpoch: 1,
  geoEpoch: 1,
  keyFirst: 0,
  keyEnd: 1000,
  baseLsn: 0 as Lsn,
  vw: 2,
  vr: 2,
};

export interface Sent {
  readonly to: NodeId;
  readonly message: Message;
}

interface PendingStore {
  readonly id: number;
  readonly writes: readonly Write[];
}

export interface Rig {
  readonly config: NodeConfig;
  readonly boot: number;
  readonly state: StoreState;
  readonly ids: IdCounter;
  readonly disk: Map<string, Uint8Array>;
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
  readonly broken?: readonly string[];
}

export function openRig(
  { node = A, params = {}, broken = [] }: RigOptions = {},
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
    broken,
  };
  const rig: Rig = {
    config,
    boot,
    state: openStore(config, disk, boot),
    ids: { next: 0 },
    disk: new Map(disk),
    now,
    stores: [],
    reads: [],
    timers: new Map(),
    sent: [],
    events: [],
  };
  withContext(rig, 0, (ctx) => startStore(rig.state, ctx));
  return rig;
}

function withContext(rig: Rig, traceId: number, act: (ctx: RoleContext) => void): void {
  const effects: Effect<Message>[] = [];
  act({ now: rig.now as Time, role: 'store', ids: rig.ids, effects, traceId });
  for (const effect of effects) take(rig, effect);
}

function take(rig: Rig, effect: Effect<Message>): void {
  switch (effect.kind) {
    case 'send':
      rig.sent.push({ to: effect.to, message: effect.message });
      return;
    case 'store':
      rig.stores.push({ id: effect.id, writes: effect.writes });
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

function apply(disk: Map<string, Uint8Array>, { key, bytes }: Write): void {
  if (bytes === null) disk.delete(key);
  else disk.set(key, bytes);
}

/** Completes the oldest store; with an error nothing of it reaches the disk. */
export function syncOne(rig: Rig, error: DiskError | null = null): void {
  const store = rig.stores.shift();
  if (!store) throw new AssertionError('no store is pending');
  if (!error) for (const write of store.writes) apply(rig.disk, write);
  withContext(rig, 0, (ctx) =>
    stepStore(rig.state, { kind: 'diskDone', now: ctx.now, id: store.id, error }, ctx),
  );
}

export function readOne(rig: Rig, error: 'EIO' | null = null): void {
  const read = rig.reads.shift();
  if (!read) throw new AssertionError('no read is pending');
  const values = error ? [] : read.keys.map((key) => rig.disk.get(key) ?? null);
  withContext(rig, 0, (ctx) =>
    stepStore(rig.state, { kind: 'readDone', now: ctx.now, id: read.id, values, error }, ctx),
  );
}

/** Completes all disk work that is there or follows from it. */
export function settle(rig: Rig): void {
  for (let n = 0; rig.stores.length + rig.reads.length > 0; n++) {
    if (n > 10_000) throw new AssertionError('the disk never comes to rest');
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
      const fate = survives(write, i);
      if (fate === true) apply(disk, write);
      else if (typeof fate === 'number' && write.bytes) disk.set(write.key, write.bytes.slice(0, fate));
    });
  const { nodeId: node, params, broken } = rig.config;
  return openRig({ node, params, broken }, disk, rig.boot + 1, rig.now + 1000);
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

export interface RecordShape {
  readonly prevGroup?: number;
  readonly prevBlock?: number;
  readonly block?: number;
  readonly term?: number;
  readonly cpl?: boolean;
  readonly payload?: number;
  readonly init?: boolean;
  readonly prevVolume?: number;
  readonly group?: string;
}

/** A record of page `block` (default 7), chained to the LSN before it unless told otherwise. */
export function record(at: number, shape: RecordShape = {}): EncodedRecord {
  const { prevGroup = at - 1, prevBlock = -1, block = 7, term = 1, cpl = true, payload } = shape;
  const { init = prevBlock === -1, prevVolume = at - 1, group = GROUP } = shape;
  return encodeRecord({
    lsn: at as Lsn,
    prevVolume: prevVolume as Lsn,
    prevGroup: prevGroup as Lsn,
    prevBlock: prevBlock as Lsn,
    group: groupId(group),
    blockKey: block as PageKey,
    term: term as Term,
    mtrFirst: at as Lsn,
    cpl,
    commit: false,
    op: init ? OP_NOOP : OP_TERM_START,
    init,
    payload: payload === undefined ? new Uint8Array(0) : Uint8Array.of(payload),
    time: 0 as Time,
  });
}

/** A chain of records of one page: `at` in order, each after the one before. */
export const chainOf = (lsns: readonly number[], shape: RecordShape = {}): EncodedRecord[] =>
  lsns.map((at, i) =>
    record(at, {
      ...shape,
      prevGroup: i === 0 ? (shape.prevGroup ?? 0) : (lsns[i - 1] as number),
      prevBlock: i === 0 ? -1 : (lsns[i - 1] as number),
    }),
  );

export function framed(records: readonly EncodedRecord[]): Uint8Array {
  const bytes = new Uint8Array(records.reduce((sum, one) => sum + one.bytes.length, 0));
  let at = 0;
  for (const one of records) {
    bytes.set(one.bytes, at);
    at += one.bytes.length;
  }
  return bytes;
}

export const genesis = (term = 1): EncodedRecord =>
  encodeRecord({
    lsn: 0 as Lsn,
    prevVolume: -1 as Lsn,
    prevGroup: -1 as Lsn,
    prevBlock: -1 as Lsn,
    group: GROUP,
    blockKey: 0 as PageKey,
    term: term as Term,
    mtrFirst: 0 as Lsn,
    cpl: true,
    commit: false,
    op: OP_GENESIS,
    init: true,
    payload: new Uint8Array(0),
    time: 0 as Time,
  });

interface Floors {
  readonly token?: number;
  readonly memberEpoch?: number;
  readonly geoEpoch?: number;
  readonly pgcl?: number;
  readonly vdl?: number;
  readonly groupTail?: number;
  readonly pgmrpl?: number;
  readonly archivedTo?: number;
  readonly holdTo?: number;
}

const head = (floors: Floors) => ({
  volume: 'v1',
  group: GROUP,
  token: (floors.token ?? 1) as Term,
  memberEpoch: floors.memberEpoch ?? 1,
  geoEpoch: floors.geoEpoch ?? 1,
  pgcl: (floors.pgcl ?? 0) as Lsn,
  vdl: (floors.vdl ?? 0) as Lsn,
  groupTail: (floors.groupTail ?? floors.vdl ?? 0) as Lsn,
  pgmrpl: (floors.pgmrpl ?? 0) as Lsn,
  archivedTo: (floors.archivedTo ?? Number.MAX_SAFE_INTEGER) as Lsn,
  holdTo: (floors.holdTo ?? 0) as Lsn,
});

export const batch = (records: readonly EncodedRecord[], floors: Floors = {}): MessageOf<'WriteBatch'> => ({
  kind: 'WriteBatch',
  ...head(floors),
  records: framed(records),
  first: records[0]?.record.lsn ?? (0 as Lsn),
  last: records[records.length - 1]?.record.lsn ?? (0 as Lsn),
  count: records.length,
});

export const heartbeat = (floors: Floors = {}): MessageOf<'Heartbeat'> => ({
  kind: 'Heartbeat',
  ...head(floors),
});

export const createReplica = (token = 1): MessageOf<'CreateReplica'> => ({
  kind: 'CreateReplica',
  volume: 'v1',
  token: token as Term,
  descriptor: DESCRIPTOR,
  genesis: genesis(token).bytes,
});

export const installToken = (
  token: number,
  descriptor: Descriptor = DESCRIPTOR,
): MessageOf<'InstallToken'> => ({
  kind: 'InstallToken',
  volume: 'v1',
  token: token as Term,
  descriptor,
});

export const entries = (
  ...list: readonly (readonly [term: number, startLsn: number, prevEnd: number])[]
): HistoryEntry[] =>
  list.map(([term, startLsn, prevEnd]) => ({
    term: term as Term,
    startLsn: startLsn as Lsn,
    prevEnd: prevEnd as Lsn,
  }));

export const installHistory = (
  token: number,
  history: HistoryEntry[],
  maxNwl: number,
  peers: MessageOf<'InstallHistory'>['peers'] = [],
): MessageOf<'InstallHistory'> => ({
  kind: 'InstallHistory',
  group: GROUP,
  token: token as Term,
  memberEpoch: 1,
  geoEpoch: 1,
  history,
  maxNwl: maxNwl as Lsn,
  peers,
});

export const recoveryRead = (token: number): MessageOf<'RecoveryRead'> => ({
  kind: 'RecoveryRead',
  group: GROUP,
  token: token as Term,
  memberEpoch: 1,
  geoEpoch: 1,
});

export const openVolume = (token: number, vdl: number, startLsn: number): MessageOf<'OpenVolume'> => ({
  kind: 'OpenVolume',
  group: GROUP,
  token: token as Term,
  memberEpoch: 1,
  geoEpoch: 1,
  vdl: vdl as Lsn,
  startLsn: startLsn as Lsn,
});

export const readPage = (
  rp: number,
  groupRp: number,
  more: { block?: number; memberEpoch?: number; geoEpoch?: number } = {},
): MessageOf<'ReadPage'> => ({
  kind: 'ReadPage',
  volume: 'v1',
  group: GROUP,
  reqId: 1,
  blockKey: (more.block ?? 7) as PageKey,
  rp: rp as Lsn,
  groupRp: groupRp as Lsn,
  memberEpoch: more.memberEpoch ?? 1,
  geoEpoch: more.geoEpoch ?? 1,
});

/** A replica with genesis, open under token 1; nothing sent or traced is left over. */
export function createdRig(options: RigOptions = {}, token = 1): Rig {
  const rig = openRig(options);
  deliver(rig, createReplica(token));
  settle(rig);
  rig.sent = [];
  return rig;
}

/** Token, history and opening of a new term, all durable. */
export function reopenUnder(
  rig: Rig,
  token: number,
  history: HistoryEntry[],
  maxNwl: number,
  vdl: number,
): void {
  deliver(rig, installToken(token));
  settle(rig);
  deliver(rig, installHistory(token, history, maxNwl));
  settle(rig);
  deliver(rig, openVolume(token, vdl, history[history.length - 1]?.startLsn ?? 0));
  settle(rig);
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
