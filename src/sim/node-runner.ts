// Runs one node for one window: its inputs in order, its disk, its clock, its timers. Written once; called in the same
// process by the simulator and in a worker by the browser host. The runner is plain data, so a world can be cloned.
// Order inside a node: by time; at one time commands, then the device, then inputs by source (requests, disk, timers,
// messages), each in the order made. Where windows are cut does not matter.

import { assert } from '../base/assert.ts';
import { type Hash, makeHash } from '../base/hash.ts';
import type { NodeId, Time } from '../base/ids.ts';
import { clonePlain } from '../base/plain.ts';
import { makePrng } from '../base/prng.ts';
import {
  BOOT_TIMER,
  type DiskError,
  type DiskImage,
  type Effect,
  type Input,
  type NodeConfig,
  type NodeProgram,
  type Write,
} from '../core/door.ts';
import type { TraceEvent } from '../core/trace.ts';
import {
  completeDisk,
  crashDisk,
  type DiskState,
  diskUse,
  makeDisk,
  nextDiskAt,
  readDisk,
  rotDisk,
  setDiskFaults,
  writeDisk,
} from './disk-model.ts';
import { beginRecord, endRecord, hashFrame, hashInput, hashTrace, hexOf } from './running-hash.ts';
import { makeTimers, nextTimerAt, setTimer, type Timers, takeTimer } from './timers.ts';
import {
  type CrashMode,
  type Delivery,
  NEVER,
  type NodeCommand,
  type OutMessage,
  type OutReply,
  type Stamp,
  type TimedCommand,
  type TracedEvent,
  type WindowAnswer,
  type WindowRequest,
} from './types.ts';

/** Inputs that one instant of virtual time may hold; more is a node that wakes itself for ever. */
const INSTANT_LIMIT = 1_000_000;
/** Messages a frozen or slow node keeps waiting; the newest beyond it are lost, as in a full receive buffer. */
export const WAITING_LIMIT = 100_000;

interface StoreTag<Message> {
  readonly id: number;
  readonly ordinal: number;
  readonly followUp: readonly Effect<Message>[];
}

type DiskInput<Message> =
  | {
      readonly kind: 'diskDone';
      readonly at: number;
      readonly tag: StoreTag<Message>;
      readonly error: DiskError | null;
    }
  | {
      readonly kind: 'readDone';
      readonly at: number;
      readonly id: number;
      readonly ordinal: number;
      readonly values: readonly (Uint8Array | null)[];
      readonly error: 'EIO' | null;
    };

/** A first-in first-out list as plain data. */
interface Line<T> {
  items: T[];
  head: number;
}

const makeLine = <T>(): Line<T> => ({ items: [], head: 0 });

function advance<T>(line: Line<T>): T {
  const item = line.items[line.head++] as T;
  if (line.head === line.items.length) {
    line.items.length = 0;
    line.head = 0;
  } else if (line.head >= 1024 && line.head * 2 >= line.items.length) {
    line.items.splice(0, line.head);
    line.head = 0;
  }
  return item;
}

export interface NodeRunner<State, Message> {
  readonly node: NodeId;
  readonly life: number;
  /** Keys the streams of what is done to this node. */
  readonly faultSeed: number;
  state: State;
  readonly hash: Hash;
  /** Inputs worked off in this life. */
  ordinal: number;
  sequence: number;
  clockOffsetUs: number;
  usPerInput: number;
  cpuFreeAt: number;
  isFrozen: boolean;
  /** How many inputs had this very time, to find a node that never lets time pass. */
  instant: number;
  instantInputs: number;
  readonly requests: Line<TimedCommand>;
  readonly inbox: Line<Delivery>;
  readonly diskInputs: Line<DiskInput<Message>>;
  readonly timers: Timers;
  readonly disk: DiskState<StoreTag<Message>>;
  /** Boot: the trace event `node.open` goes with the first input. */
  isOpenTraced: boolean;
  droppedWaiting: number;
}

/** What a window collects; handed out as its answer. */
interface Outbox {
  sent: OutMessage[];
  replies: OutReply[];
  trace: TracedEvent[];
  durable: Write[];
  events: number;
}

/** The input being worked off. */
interface Turn {
  at: number;
  causeNode: NodeId | null;
  causeOrdinal: number;
}

export function openRunner<State, Message>(
  program: NodeProgram<State, Message>,
  config: NodeConfig,
  image: DiskImage,
  at: Time,
  life: number,
): NodeRunner<State, Message> {
  const { params, prng, nodeId } = config;
  const disk = makeDisk<StoreTag<Message>>(
    image,
    {
      syncUs: params.diskSyncUs,
      syncJitterUs: params.diskSyncJitterUs,
      readUs: params.diskReadUs,
      bandwidth: params.diskBandwidth,
      limitBytes: params.diskLimitBytes,
    },
    makePrng(prng.a, `disk:${nodeId}`, life),
  );
  const faultSeed = prng.b;
  const timers = makeTimers();
  setTimer(timers, BOOT_TIMER, at, 0);
  return {
    node: nodeId,
    life,
    faultSeed,
    state: program.openNode(config, disk.durable),
    hash: makeHash(),
    ordinal: 0,
    sequence: 0,
    clockOffsetUs: 0,
    usPerInput: 0,
    cpuFreeAt: at,
    isFrozen: false,
    instant: -1,
    instantInputs: 0,
    requests: makeLine(),
    inbox: makeLine(),
    diskInputs: makeLine(),
    timers,
    disk,
    isOpenTraced: false,
    droppedWaiting: 0,
  };
}

/** A twin: same future, no shared state but bytes. */
export function cloneRunner<State, Message>(
  program: NodeProgram<State, Message>,
  runner: NodeRunner<State, Message>,
): NodeRunner<State, Message> {
  const twin = clonePlain(runner);
  twin.state = program.adopt(twin.state);
  return twin;
}

export function runWindow<State, Message>(
  program: NodeProgram<State, Message>,
  runner: NodeRunner<State, Message>,
  request: WindowRequest,
): WindowAnswer {
  const { until, commands } = request;
  const out: Outbox = { sent: [], replies: [], trace: [], durable: [], events: 0 };
  takeDeliveries(runner, request.deliveries);
  let nextCommand = 0;
  let nextAt: number;
  for (;;) {
    const command = commands[nextCommand];
    const commandAt = command === undefined ? NEVER : command.at;
    const deviceAt = nextDiskAt(runner.disk);
    const inputAt = nextInputAt(runner);
    nextAt = Math.min(commandAt, deviceAt, inputAt);
    if (nextAt >= until) break;
    if (command !== undefined && commandAt === nextAt) {
      obey(runner, command, out);
      nextCommand++;
    } else if (deviceAt === nextAt) {
      workDevice(runner, deviceAt, out);
    } else {
      workInput(program, runner, inputAt, out);
    }
  }
  return {
    nextAt: nextAt as Time,
    sent: out.sent,
    replies: out.replies,
    trace: out.trace,
    durable: out.durable,
    stamp: stampOf(runner, until),
    events: out.events,
    view: request.view === null ? null : program.nodeView(runner.state, request.view),
    disk: diskUse(runner.disk),
  };
}

export const stampOf = (runner: NodeRunner<unknown, unknown>, until: Time): Stamp => ({
  until,
  ordinal: runner.ordinal,
  life: runner.life,
  hash: hexOf(runner.hash),
});

/** The node loses power: the writes that became durable by it, in order. The runner is finished. */
export function crashRunner(runner: NodeRunner<unknown, unknown>, mode: CrashMode): Write[] {
  return crashDisk(runner.disk, mode);
}

function takeDeliveries(runner: NodeRunner<unknown, unknown>, deliveries: readonly Delivery[]): void {
  const { inbox } = runner;
  for (const delivery of deliveries) {
    if (inbox.items.length - inbox.head < WAITING_LIMIT) inbox.items.push(delivery);
    else runner.droppedWaiting++;
  }
}

/** When the first waiting input came, without regard to whether the processor is free. */
function firstCameAt(runner: NodeRunner<unknown, unknown>): number {
  const { requests, diskInputs, inbox } = runner;
  let first = nextTimerAt(runner.timers, runner.clockOffsetUs);
  if (requests.items.length > 0) first = Math.min(first, (requests.items[requests.head] as TimedCommand).at);
  if (diskInputs.items.length > 0) {
    first = Math.min(first, (diskInputs.items[diskInputs.head] as DiskInput<unknown>).at);
  }
  if (inbox.items.length > 0) first = Math.min(first, (inbox.items[inbox.head] as Delivery).at);
  return first;
}

function nextInputAt(runner: NodeRunner<unknown, unknown>): number {
  if (runner.isFrozen) return NEVER;
  const came = firstCameAt(runner);
  return came === NEVER || came > runner.cpuFreeAt ? came : runner.cpuFreeAt;
}

/** The node's own clock. It never shows less than zero, however it is set. */
const clockOf = (runner: NodeRunner<unknown, unknown>, at: number): Time =>
  Math.max(0, at + runner.clockOffsetUs) as Time;

function obey(runner: NodeRunner<unknown, unknown>, timed: TimedCommand, out: Outbox): void {
  const command: NodeCommand = timed.command;
  switch (command.kind) {
    case 'clientRequest':
    case 'agent':
      runner.requests.items.push(timed);
      break;
    case 'freeze':
      runner.isFrozen = true;
      break;
    case 'resume':
      runner.isFrozen = false;
      runner.cpuFreeAt = Math.max(runner.cpuFreeAt, timed.at);
      break;
    case 'diskFaults':
      setDiskFaults(runner.disk, timed.at, command.faults);
      break;
    case 'bitRot':
      rot(runner, timed.at, command.prefix, command.pick, out);
      break;
    case 'clock':
      runner.clockOffsetUs = command.offsetUs;
      break;
    case 'slowCpu':
      runner.usPerInput = command.usPerInput;
      break;
  }
}

function rot(
  runner: NodeRunner<unknown, unknown>,
  at: number,
  prefix: string,
  pick: number | null,
  out: Outbox,
): void {
  rotDisk(runner.disk, prefix, pick, makePrng(runner.faultSeed, `rot@${at}`), out.durable);
}

function workDevice<Message>(runner: NodeRunner<unknown, Message>, at: number, out: Outbox): void {
  const event = completeDisk(runner.disk, at, out.durable);
  const { items } = runner.diskInputs;
  if (event.kind === 'read') {
    const { id, ordinal } = event.read;
    items.push({ kind: 'readDone', at, id, ordinal, values: event.values, error: event.error });
  } else {
    for (const tag of event.tags) items.push({ kind: 'diskDone', at, tag, error: event.error });
  }
}

function countInstant(runner: NodeRunner<unknown, unknown>, at: number): void {
  if (runner.instant !== at) {
    runner.instant = at;
    runner.instantInputs = 0;
  }
  runner.instantInputs++;
  assert(runner.instantInputs <= INSTANT_LIMIT, `${runner.node} never lets time pass at ${at} µs`);
}

/** Works off the first waiting input at `at`, which is not before it came. */
function workInput<State, Message>(
  program: NodeProgram<State, Message>,
  runner: NodeRunner<State, Message>,
  at: number,
  out: Outbox,
): void {
  countInstant(runner, at);
  runner.cpuFreeAt = at + runner.usPerInput;
  const came = firstCameAt(runner);
  const { requests, diskInputs, inbox } = runner;
  if (requests.items.length > 0 && (requests.items[requests.head] as TimedCommand).at === came) {
    workRequest(program, runner, at, advance(requests), out);
  } else if (
    diskInputs.items.length > 0 &&
    (diskInputs.items[diskInputs.head] as DiskInput<Message>).at === came
  ) {
    workDiskInput(program, runner, at, advance(diskInputs), out);
  } else if (nextTimerAt(runner.timers, runner.clockOffsetUs) === came) {
    const timer = takeTimer(runner.timers);
    const turn: Turn = { at, causeNode: runner.node, causeOrdinal: timer.ordinal };
    const input = { kind: 'wake', now: clockOf(runner, at), timer: timer.name } as const;
    workOff(program, runner, turn, input, null, out);
  } else {
    workDelivery(program, runner, at, advance(inbox), out);
  }
}

function workRequest<State, Message>(
  program: NodeProgram<State, Message>,
  runner: NodeRunner<State, Message>,
  at: number,
  timed: TimedCommand,
  out: Outbox,
): void {
  const { command } = timed;
  const now = clockOf(runner, at);
  const turn: Turn = { at, causeNode: null, causeOrdinal: 0 };
  if (command.kind === 'clientRequest') {
    const { requestId, request, statements } = command;
    workOff(program, runner, turn, { kind: 'clientRequest', now, requestId, request, statements }, null, out);
  } else if (command.kind === 'agent') {
    workOff(program, runner, turn, { kind: 'agentCommand', now, command: command.command }, null, out);
  }
}

function workDiskInput<State, Message>(
  program: NodeProgram<State, Message>,
  runner: NodeRunner<State, Message>,
  at: number,
  done: DiskInput<Message>,
  out: Outbox,
): void {
  const now = clockOf(runner, at);
  if (done.kind === 'readDone') {
    const turn: Turn = { at, causeNode: runner.node, causeOrdinal: done.ordinal };
    const { id, values, error } = done;
    workOff(program, runner, turn, { kind: 'readDone', now, id, values, error }, null, out);
    return;
  }
  const { tag, error } = done;
  const turn: Turn = { at, causeNode: runner.node, causeOrdinal: tag.ordinal };
  const then = error === null ? tag.followUp : null;
  workOff(program, runner, turn, { kind: 'diskDone', now, id: tag.id, error }, then, out);
}

function workDelivery<State, Message>(
  program: NodeProgram<State, Message>,
  runner: NodeRunner<State, Message>,
  at: number,
  delivery: Delivery,
  out: Outbox,
): void {
  const { from, bytes, causeOrdinal } = delivery;
  const turn: Turn = { at, causeNode: from, causeOrdinal };
  const decoded = program.decodeMessage(bytes);
  if ('error' in decoded) {
    workCorrupt(runner, turn, from, bytes, decoded.error, out);
    return;
  }
  const now = clockOf(runner, at);
  const { message, traceId } = decoded;
  workOff(program, runner, turn, { kind: 'message', now, from, message, traceId }, null, out, bytes);
}

/** A damaged frame is dropped and told; the node never sees it. */
function workCorrupt(
  runner: NodeRunner<unknown, unknown>,
  turn: Turn,
  from: NodeId,
  bytes: Uint8Array,
  error: string,
  out: Outbox,
): void {
  runner.ordinal++;
  out.events++;
  beginRecord(turn.at);
  hashFrame(from, bytes);
  traceEvent(runner, turn, { kind: 'net.corrupt', from, error }, out);
  endRecord(runner.hash);
}

/** One step: the input, its effects, and what was to happen once its writes are durable. */
function workOff<State, Message>(
  program: NodeProgram<State, Message>,
  runner: NodeRunner<State, Message>,
  turn: Turn,
  input: Input<Message>,
  then: readonly Effect<Message>[] | null,
  out: Outbox,
  frame: Uint8Array | null = null,
): void {
  runner.ordinal++;
  out.events++;
  const effects = program.step(runner.state, input);
  beginRecord(turn.at);
  hashInput(input, frame);
  if (!runner.isOpenTraced) {
    runner.isOpenTraced = true;
    traceEvent(runner, turn, { kind: 'node.open', life: runner.life }, out);
  }
  if (effects.length > 0) perform(program, runner, turn, effects, out);
  if (then !== null && then.length > 0) perform(program, runner, turn, then, out);
  endRecord(runner.hash);
}

function traceEvent(runner: NodeRunner<unknown, unknown>, turn: Turn, event: TraceEvent, out: Outbox): void {
  hashTrace(event);
  out.trace.push({
    at: turn.at as Time,
    node: runner.node,
    ordinal: runner.ordinal,
    causeNode: turn.causeNode,
    causeOrdinal: turn.causeOrdinal,
    event,
  });
}

function perform<State, Message>(
  program: NodeProgram<State, Message>,
  runner: NodeRunner<State, Message>,
  turn: Turn,
  effects: readonly Effect<Message>[],
  out: Outbox,
): void {
  const at = turn.at as Time;
  // A broadcast sends one message object many times: it is encoded once.
  let lastMessage: Message | null = null;
  let lastTraceId = 0;
  let lastBytes: Uint8Array | null = null;
  for (const effect of effects) {
    switch (effect.kind) {
      case 'send': {
        const { to, message, traceId } = effect;
        if (lastBytes === null || message !== lastMessage || traceId !== lastTraceId) {
          lastBytes = program.encodeMessage(message, traceId);
          lastMessage = message;
          lastTraceId = traceId;
        }
        const sequence = ++runner.sequence;
        out.sent.push({ at, to, sequence, bytes: lastBytes, causeOrdinal: runner.ordinal });
        break;
      }
      case 'store':
        store(runner, at, effect);
        break;
      case 'read':
        readDisk(runner.disk, at, effect.id, effect.keys, runner.ordinal);
        break;
      case 'wakeAt':
        setTimer(runner.timers, effect.timer, effect.at, runner.ordinal);
        break;
      case 'reply':
        out.replies.push({ at, requestId: effect.requestId, result: effect.result });
        break;
      case 'trace':
        traceEvent(runner, turn, effect.event, out);
        break;
    }
  }
}

function store<Message>(
  runner: NodeRunner<unknown, Message>,
  at: Time,
  effect: Extract<Effect<Message>, { kind: 'store' }>,
): void {
  const tag = { id: effect.id, ordinal: runner.ordinal, followUp: effect.then };
  const error = writeDisk(runner.disk, at, effect.writes, tag);
  if (error === null) return;
  runner.diskInputs.items.push({ kind: 'diskDone', at, tag, error });
}
