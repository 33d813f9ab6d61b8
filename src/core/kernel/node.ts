// A node of the cluster: the roles of its configuration behind the one door (docs/architecture.md). It boots (the boot
// epoch is durable before the first message), hands each input to the role it belongs to, and beats to the metadata.
// Until the boot is durable messages are dropped, as if lost on the way; what a person asked waits (at most MAX_EARLY).

import { assert, present } from '../../base/assert.ts';
import type { NodeId, Time } from '../../base/ids.ts';
import { driverView, openDriver, startDriver, stepDriver } from '../client/driver.ts';
import type { DriverState } from '../client/driver-state.ts';
import {
  type ComputeState,
  computeView,
  type EngineProgram,
  openCompute,
  startCompute,
  stepCompute,
} from '../engine/compute-role.ts';
import { engineProgram } from '../engine/engine.ts';
import type { EngineState } from '../engine/engine-state.ts';
import { isUnchecked } from '../log-store/replica/disk-check.ts';
import { replicaReports } from '../log-store/replica/membership.ts';
import { openStore } from '../log-store/replica/open.ts';
import type { StoreState } from '../log-store/replica/state.ts';
import { checkReplicas, noteMeta, startStore, stepStore } from '../log-store/replica/store.ts';
import { storeView } from '../log-store/replica/view.ts';
import { reportRestores } from '../log-store/restore/restore-load.ts';
import {
  type ObjectStoreState,
  objectStoreView,
  openObjectStore,
  startObjectStore,
  stepObjectStore,
} from '../object-store/object-store.ts';
import { metaView, startMeta, stepMeta } from '../pcs/meta.ts';
import { type MetaState, openMeta } from '../pcs/meta-state.ts';
import { checkQuorum } from '../quorum-log/watermarks.ts';
import { type IdCounter, type RoleContext, roleOfId, send, storeWrites, trace } from './context.ts';
import {
  type AgentCommand,
  BOOT_TIMER,
  type DiskError,
  type DiskImage,
  type Effect,
  type Input,
  type NodeConfig,
  type NodeProgram,
  type Role,
  type ViewParams,
} from './door.ts';
import { describeMessage, familyOfFrame } from './message-labels.ts';
import { decodeMessage, encodeMessage, type Message, type MessageKind, type MessageOf } from './messages.ts';
import { bootWrites, readBootEpoch } from './node-boot.ts';
import type { NodeView, RoleView } from './view.ts';

/** Requests of people kept while the node boots; more are refused. */
const MAX_EARLY = 256;
/** A boot epoch that could not be made durable (disk full, failing) is tried again after this long. */
const BOOT_RETRY_US = 10_000;
const BEAT_TIMER = 'node:beat';

export interface NodeState<Engine> {
  readonly config: NodeConfig;
  readonly ids: IdCounter;
  /** Raised once if the metadata knows a higher one: the disk that had it is lost (F24, PCS-2). */
  bootEpoch: number;
  /** A higher boot epoch being made durable, or null. */
  raise: { readonly store: number; readonly epoch: number } | null;
  /** Map version last told by the metadata. */
  mapVersion: number;
  /** Nodes that host the metadata. */
  readonly metas: readonly NodeId[];
  /** Store of the boot epoch, or −1. */
  bootStore: number;
  isBooted: boolean;
  /** The node's clock when it had booted: names this life to the metadata (WAL-75). */
  bootedAt: Time;
  now: Time;
  early: Input<Message>[];
  readonly meta: MetaState | null;
  readonly compute: ComputeState<Engine> | null;
  readonly store: StoreState | null;
  readonly driver: DriverState | null;
  readonly objectStore: ObjectStoreState | null;
}

/** Which role a message is for. */
const receivers: Readonly<Record<MessageKind, Role>> = {
  WriteBatch: 'store',
  Heartbeat: 'store',
  WriteAck: 'compute',
  ReadPage: 'store',
  PageReply: 'compute',
  InstallToken: 'store',
  InstallAck: 'compute',
  RecoveryRead: 'store',
  RecoveryInfo: 'compute',
  InstallHistory: 'store',
  HistoryAck: 'compute',
  OpenVolume: 'store',
  OpenAck: 'compute',
  CreateReplica: 'store',
  InstallMembers: 'store',
  MembersAck: 'meta',
  BaseReq: 'store',
  BaseChunk: 'store',
  Confirm: 'store',
  ConfirmReply: 'compute',
  GapReq: 'store',
  GapReply: 'store',
  StatusReq: 'store',
  StatusReply: 'store',
  GetMeta: 'meta',
  MetaState: 'compute',
  GrantToken: 'meta',
  TokenGranted: 'compute',
  SetWriter: 'meta',
  WriterSet: 'compute',
  NodeBeat: 'meta',
  NodeBeatOk: 'compute',
  GetRoute: 'meta',
  Route: 'driver',
  SqlRequest: 'compute',
  SqlReply: 'driver',
  SqlClose: 'compute',
  PageFetch: 'store',
  PageCopy: 'store',
  PutObject: 'objectStore',
  ObjectPut: 'store',
  GetObject: 'objectStore',
  ObjectPart: 'store',
  GetManifest: 'objectStore',
  ManifestIs: 'store',
  SetManifest: 'objectStore',
  ManifestSet: 'store',
  CheckObjects: 'objectStore',
  ObjectsMissing: 'store',
  NameArchiver: 'store',
  RestoreReplica: 'store',
  RestoreReport: 'meta',
  DropReplica: 'store',
  GetVolume: 'meta',
  VolumeGiven: 'compute',
  GetVolumeRoute: 'meta',
  VolumeRoute: 'driver',
  ArchiverDeclined: 'meta',
  PinObjects: 'objectStore',
  ObjectsPinned: 'meta',
  RestoreOrder: 'meta',
  VolumeOrder: 'meta',
  VolumeAnswer: 'driver',
  VolumeTaken: 'compute',
};

/** An answer goes back to the role that asked. */
function receiverOf(message: Message): Role {
  if (message.kind === 'MembersAck' && message.origin === 'writer') return 'compute';
  if (message.kind === 'ObjectPart' || message.kind === 'ManifestIs') return message.for;
  return receivers[message.kind];
}

function openNode<Engine>(
  engine: EngineProgram<Engine>,
  config: NodeConfig,
  disk: DiskImage,
): NodeState<Engine> {
  const { cluster, roles } = config;
  for (const { id, replicas, vw, vr } of cluster.groups)
    assert(checkQuorum(replicas.length, vw, vr) === null, `E_BAD_QUORUM: ${id}`);
  const metas = cluster.nodes.filter((node) => node.roles.includes('meta')).map((node) => node.id);
  const bootEpoch = readBootEpoch(disk) + 1;
  return {
    config,
    ids: { next: 1 },
    bootEpoch,
    metas,
    raise: null,
    mapVersion: 0,
    bootStore: -1,
    isBooted: false,
    bootedAt: 0 as Time,
    now: 0 as Time,
    early: [],
    meta: roles.includes('meta') ? openMeta(config, disk, bootEpoch) : null,
    compute: roles.includes('compute')
      ? openCompute(engine, config, present(metas[0], 'a node with the metadata'), bootEpoch)
      : null,
    store: roles.includes('store') ? openStore(config, disk, bootEpoch) : null,
    driver: roles.includes('driver') ? openDriver(config, disk) : null,
    objectStore: roles.includes('objectStore') ? openObjectStore(config, disk, bootEpoch) : null,
  };
}

function step<Engine>(
  engine: EngineProgram<Engine>,
  state: NodeState<Engine>,
  input: Input<Message>,
): Effect<Message>[] {
  const effects: Effect<Message>[] = [];
  state.now = input.now;
  if (state.isBooted) dispatch(engine, state, input, effects);
  else stepBooting(engine, state, input, effects);
  return effects;
}

const contextOf = <Engine>(
  state: NodeState<Engine>,
  role: Role,
  effects: Effect<Message>[],
  traceId: number,
): RoleContext => ({ now: state.now, role, ids: state.ids, effects, traceId });

function stepBooting<Engine>(
  engine: EngineProgram<Engine>,
  state: NodeState<Engine>,
  input: Input<Message>,
  effects: Effect<Message>[],
): void {
  const ctx = contextOf(state, firstRole(state), effects, 0);
  if (input.kind === 'wake' && input.timer === BOOT_TIMER)
    state.bootStore = storeWrites(ctx, bootWrites(state.bootEpoch));
  else if (input.kind === 'diskDone' && input.id === state.bootStore)
    onBootStored(engine, state, effects, input.error);
  else if (input.kind === 'clientRequest' || input.kind === 'agentCommand') {
    if (state.early.length < MAX_EARLY) state.early.push(input);
    else if (input.kind === 'clientRequest') refuse(effects, input.requestId, 'the node is starting');
  }
}

const firstRole = <Engine>(state: NodeState<Engine>): Role => present(state.config.roles[0], 'a role');

function onBootStored<Engine>(
  engine: EngineProgram<Engine>,
  state: NodeState<Engine>,
  effects: Effect<Message>[],
  error: DiskError | null,
): void {
  state.bootStore = -1;
  if (error !== null) {
    effects.push({ kind: 'trace', event: { kind: 'disk.error', error } });
    effects.push({ kind: 'wakeAt', timer: BOOT_TIMER, at: (state.now + BOOT_RETRY_US) as Time });
    return;
  }
  state.isBooted = true;
  state.bootedAt = state.now;
  const { meta, compute, store, driver, objectStore, bootEpoch } = state;
  const as = (role: Role): RoleContext => contextOf(state, role, effects, 0);
  trace(as(firstRole(state)), { kind: 'node.boot', bootEpoch });
  if (meta) startMeta(meta, as('meta'));
  if (store) startStore(store, as('store'), meta === null && state.metas.length > 0);
  if (compute) startCompute(compute, as('compute'));
  if (driver) startDriver(driver, as('driver'), bootEpoch);
  if (objectStore) startObjectStore(objectStore, as('objectStore'));
  beat(state, effects);
  for (const input of state.early.splice(0)) dispatch(engine, state, { ...input, now: state.now }, effects);
}

function refuse(effects: Effect<Message>[], requestId: string, message: string): void {
  effects.push({
    kind: 'reply',
    requestId,
    result: {
      outcome: 'error',
      statements: [{ kind: 'error', sqlstate: '57P03', message, position: null }],
      scn: -1,
    },
  });
}

/** The failure detector's source (PCS-96). The metadata's own node needs none. */
function beat<Engine>(state: NodeState<Engine>, effects: Effect<Message>[]): void {
  if (state.meta) return;
  sendBeat(state, effects);
  const at = (state.now + state.config.params.nodeHeartbeatMs * 1000) as Time;
  effects.push({ kind: 'wakeAt', timer: BEAT_TIMER, at });
}

function sendBeat<Engine>(state: NodeState<Engine>, effects: Effect<Message>[]): void {
  const ctx = contextOf(state, firstRole(state), effects, 0);
  const { bootEpoch: boot, mapVersion, store } = state;
  const groups = store ? replicaReports(store) : [];
  for (const meta of state.metas) {
    send(ctx, meta, { kind: 'NodeBeat', boot, mapVersion, asks: asksOf(state), groups });
    if (store) reportRestores(store, ctx, meta);
  }
}

/** Never 0 while a replica found at the start waits for what is known of it. */
const asksOf = <Engine>({ store, bootedAt }: NodeState<Engine>): number =>
  store && isUnchecked(store) ? bootedAt + 1 : 0;

/** What the metadata answers a heartbeat: its map version, and the highest boot epoch it has heard of this node. */
function onBeatOk<Engine>(
  state: NodeState<Engine>,
  { mapVersion, bootFloor, created, answers, known }: MessageOf<'NodeBeatOk'>,
  effects: Effect<Message>[],
): void {
  const asks = asksOf(state);
  if (asks !== 0 && answers !== asks) return; // of an earlier life
  state.mapVersion = Math.max(state.mapVersion, mapVersion);
  if (state.store) noteMeta(state.store, created, state.bootEpoch);
  const isLost =
    asks !== 0 &&
    state.store !== null &&
    checkReplicas(state.store, contextOf(state, 'store', effects, 0), known);
  if (asks !== 0 && asksOf(state) === 0) sendBeat(state, effects); // its replicas are spoken for from now on
  if ((bootFloor <= state.bootEpoch && !isLost) || state.raise) return;
  const epoch = Math.max(bootFloor, state.bootEpoch) + 1;
  const ctx = contextOf(state, firstRole(state), effects, 0);
  state.raise = { store: storeWrites(ctx, bootWrites(epoch)), epoch };
}

function onRaised<Engine>(
  state: NodeState<Engine>,
  effects: Effect<Message>[],
  error: DiskError | null,
): void {
  const { raise } = state;
  state.raise = null;
  if (!raise || error !== null) return; // the next heartbeat tries again
  state.bootEpoch = raise.epoch;
  if (state.store) noteMeta(state.store, true, raise.epoch);
  trace(contextOf(state, firstRole(state), effects, 0), { kind: 'node.boot', bootEpoch: raise.epoch });
}

function dispatch<Engine>(
  engine: EngineProgram<Engine>,
  state: NodeState<Engine>,
  input: Input<Message>,
  effects: Effect<Message>[],
): void {
  switch (input.kind) {
    case 'message': {
      const { message } = input;
      const role = receiverOf(message);
      if (message.kind === 'NodeBeatOk') onBeatOk(state, message, effects);
      stepRole(engine, state, role, input, effects, input.traceId);
      break;
    }
    case 'diskDone':
      if (input.id === state.raise?.store) onRaised(state, effects, input.error);
      else stepRole(engine, state, roleOfId(input.id), input, effects, 0);
      break;
    case 'readDone':
      stepRole(engine, state, roleOfId(input.id), input, effects, 0);
      break;
    case 'wake':
      if (input.timer === BEAT_TIMER) beat(state, effects);
      else wakeRole(engine, state, input, effects);
      break;
    case 'clientRequest':
      if (state.driver) stepRole(engine, state, 'driver', input, effects, 0);
      else refuse(effects, input.requestId, 'this node takes no statements');
      break;
    case 'agentCommand':
      stepRole(engine, state, commandRole(input.command), input, effects, 0);
      break;
    case 'stop':
      stepRole(engine, state, 'store', input, effects, 0);
  }
}

function commandRole({ kind }: AgentCommand): Role {
  if (kind === 'moveReplica' || kind === 'rollbackMove' || kind === 'nameArchiver') return 'meta';
  if (kind === 'pauseHoles') return 'store';
  if (kind === 'padTo' || kind === 'readPage') return 'compute';
  return kind === 'evictPage' || kind === 'pinPage' || kind === 'unpinPage' ? 'compute' : 'driver';
}

/** Timers are named `<role>:<name>` (context.ts). */
function wakeRole<Engine>(
  engine: EngineProgram<Engine>,
  state: NodeState<Engine>,
  input: Extract<Input<Message>, { kind: 'wake' }>,
  effects: Effect<Message>[],
): void {
  const colon = input.timer.indexOf(':');
  const name = input.timer.slice(0, colon);
  const role = state.config.roles.find((one) => one === name);
  if (role === undefined) return;
  const { kind, now } = input;
  stepRole(engine, state, role, { kind, now, timer: input.timer.slice(colon + 1) }, effects, 0);
}

function stepRole<Engine>(
  engine: EngineProgram<Engine>,
  state: NodeState<Engine>,
  role: Role,
  input: Input<Message>,
  effects: Effect<Message>[],
  traceId: number,
): void {
  const { meta, compute, store, driver, objectStore } = state;
  const ctx = contextOf(state, role, effects, traceId);
  if (role === 'meta' && meta) stepMeta(meta, input, ctx);
  else if (role === 'compute' && compute) stepCompute(engine, compute, input, ctx);
  else if (role === 'driver' && driver) stepDriver(driver, input, ctx);
  else if (role === 'objectStore' && objectStore) stepObjectStore(objectStore, input, ctx);
  else if (role === 'store' && store && input.kind !== 'clientRequest') stepStore(store, input, ctx);
}

function nodeView<Engine>(
  engine: EngineProgram<Engine>,
  state: NodeState<Engine>,
  params: ViewParams,
): NodeView {
  const { config, now, meta, compute, store, driver, objectStore } = state;
  const viewOf = (role: Role): RoleView[] => {
    if (role === 'meta' && meta) return [metaView(meta, now)];
    if (role === 'compute' && compute) return [computeView(engine, compute, now, params)];
    if (role === 'store' && store) return [storeView(store, params)];
    if (role === 'driver' && driver) return [driverView(driver, now)];
    if (role === 'objectStore' && objectStore) return [objectStoreView(objectStore, params.pages === true)];
    return [];
  };
  return { node: config.nodeId, roles: config.roles.flatMap(viewOf) };
}

/** The program of a cluster's nodes, around one SQL engine. */
export const makeClusterProgram = <Engine>(
  engine: EngineProgram<Engine>,
): NodeProgram<NodeState<Engine>, Message> => ({
  openNode: (config, disk) => openNode(engine, config, disk),
  step: (state, input) => step(engine, state, input),
  adopt: (state) => state,
  encodeMessage,
  decodeMessage,
  nodeView: (state, params) => nodeView(engine, state, params),
  describeMessage,
  familyOfFrame,
});

export type ClusterNode = NodeState<EngineState>;

/** The nodes of `cynosdb`. */
export const clusterProgram: NodeProgram<ClusterNode, Message> = makeClusterProgram(engineProgram);
