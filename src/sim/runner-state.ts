// A node's runner as plain data: the node's state, its clock, its timers, its disk, and the inputs that wait.

import type { Hash } from '../base/hash.ts';
import type { NodeId, Time } from '../base/ids.ts';
import type { DiskError, Effect, NodeProgram, Write } from '../core/kernel/door.ts';
import type { CrashMoments } from './crash-points.ts';
import type { DiskState } from './disk-state.ts';
import type { StepNote } from './step-notes.ts';
import { nextTimerAt, type Timers } from './timers.ts';
import type { TraceCodec } from './trace-codec.ts';
import {
  type Armed,
  type Delivery,
  NEVER,
  type OutMessage,
  type OutReply,
  type TimedCommand,
  type TracedEvent,
} from './types.ts';

/** Inputs that one instant of virtual time may hold; more is a node that wakes itself for ever. */
export const INSTANT_LIMIT = 1_000_000;
/** Messages a frozen or slow node keeps waiting; the newest beyond it are lost, as in a full receive buffer. */
export const WAITING_LIMIT = 100_000;

/** The form in which events go into a node's running hash, and which of them are steps that a crash can be aimed at. */
export type TracedForm = Pick<TraceCodec, 'writeTraceEvent'> & Pick<CrashMoments, 'isMomentOf'>;

/** A node's program as a runner runs it. */
export type TracedProgram<State, Message> = NodeProgram<State, Message> & TracedForm;
export type AnyProgram = TracedProgram<unknown, unknown>;

export interface StoreTag<Message> {
  readonly id: number;
  readonly ordinal: number;
  readonly followUp: readonly Effect<Message>[];
}

export type DiskInput<Message> =
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
export interface Line<T> {
  items: T[];
  head: number;
}

export const makeLine = <T>(): Line<T> => ({ items: [], head: 0 });

export function advance<T>(line: Line<T>): T {
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

export interface NodeRunner<State, Message = unknown> {
  readonly node: NodeId;
  readonly life: number;
  /** Keys the streams of what is done to this node. */
  readonly faultSeed: number;
  state: State;
  readonly hash: Hash;
  /** Inputs worked off in this life. */
  ordinal: number;
  sequence: number;
  /** Of the clock at `driftFrom`; since then it has gained `driftPpm` on virtual time. */
  clockOffsetUs: number;
  driftPpm: number;
  driftFrom: number;
  /** The crash that waits for its moment, and when it came about. */
  armed: Armed | null;
  trippedAt: number | null;
  /** Its program ended for good (effect `exit`); absent while it runs. */
  exitedAt?: number;
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
export interface Outbox {
  sent: OutMessage[];
  replies: OutReply[];
  trace: TracedEvent[];
  durable: Write[];
  events: number;
  /** Null where nobody follows a trace. */
  readonly notes: StepNote[] | null;
}

/** The input being worked off. */
export interface Turn {
  at: number;
  causeNode: NodeId | null;
  causeOrdinal: number;
}

/** When the first waiting input came, without regard to whether the processor is free. */
export function firstCameAt(runner: NodeRunner<unknown, unknown>): number {
  const { requests, diskInputs, inbox } = runner;
  let first = timerAt(runner);
  if (requests.items.length > 0) first = Math.min(first, (requests.items[requests.head] as TimedCommand).at);
  if (diskInputs.items.length > 0) {
    first = Math.min(first, (diskInputs.items[diskInputs.head] as DiskInput<unknown>).at);
  }
  if (inbox.items.length > 0) first = Math.min(first, (inbox.items[inbox.head] as Delivery).at);
  return first;
}

/** When an input that came then is worked off. */
export const inputAtOf = ({ isFrozen, cpuFreeAt }: NodeRunner<unknown, unknown>, came: number): number =>
  isFrozen ? NEVER : came > cpuFreeAt ? came : cpuFreeAt;

/** By how much the node's clock is ahead of virtual time. */
export const clockOffset = (runner: Clock, at: number): number =>
  runner.driftPpm === 0
    ? runner.clockOffsetUs
    : runner.clockOffsetUs + Math.trunc(((at - runner.driftFrom) * runner.driftPpm) / 1_000_000);

type Clock = Pick<NodeRunner<unknown, unknown>, 'clockOffsetUs' | 'driftPpm' | 'driftFrom'>;

/** The node's own clock. It never shows less than zero, however it is set. */
export const clockOf = (runner: Clock, at: number): Time => Math.max(0, at + clockOffset(runner, at)) as Time;

/** True virtual time of the next wake, or NEVER. */
export function timerAt(runner: Pick<NodeRunner<unknown, unknown>, 'timers'> & Clock): number {
  const plain = nextTimerAt(runner.timers, runner.clockOffsetUs);
  const { driftPpm, driftFrom } = runner;
  if (driftPpm === 0 || plain === NEVER || plain <= driftFrom) return plain;
  // The first instant at which the drifting clock shows the timer's time.
  const due = plain + runner.clockOffsetUs;
  let at = driftFrom + Math.floor(((plain - driftFrom) * 1_000_000) / (1_000_000 + driftPpm));
  while (at > driftFrom && at - 1 + clockOffset(runner, at - 1) >= due) at--;
  while (at + clockOffset(runner, at) < due) at++;
  return at;
}
