// Runs one node for one window: its inputs in order, its disk, its clock, its timers. Written once; called in the same
// process by the simulator and in a worker by the browser host. The runner is plain data, so a world can be cloned.
// Order inside a node: by time; at one time commands, then the device, then inputs by source (requests, disk, timers,
// messages), each in the order made. Where windows are cut does not matter.

import { assert } from '../base/assert.ts';
import { makeHash } from '../base/hash.ts';
import type { Time } from '../base/ids.ts';
import { clonePlain, digestPlain } from '../base/plain.ts';
import { makePrng } from '../base/prng.ts';
import {
  BOOT_TIMER,
  type DiskImage,
  type NodeConfig,
  type NodeProgram,
  type Write,
} from '../core/kernel/door.ts';
import { digestImage } from './digests.ts';
import { crashDisk } from './disk-crash.ts';
import { dropBuffer, failValue, rotDisk, setDiskFaults, trickDisk } from './disk-faults.ts';
import { completeDisk, diskUse, nextDiskAt } from './disk-model.ts';
import { takeSnapshot, wholeImage } from './disk-snapshot.ts';
import { makeDisk } from './disk-state.ts';
import {
  clockOffset,
  firstCameAt,
  inputAtOf,
  makeLine,
  type NodeRunner,
  type Outbox,
  type StoreTag,
  type TracedProgram,
  WAITING_LIMIT,
} from './runner-state.ts';
import { workInput } from './runner-step.ts';
import { hexOf } from './running-hash.ts';
import type { StepNote } from './step-notes.ts';
import { makeTimers, setTimer } from './timers.ts';

import {
  type CrashSurvival,
  type Delivery,
  NEVER,
  type NodeCommand,
  type Stamp,
  type TimedCommand,
  type WindowAnswer,
  type WindowRequest,
} from './types.ts';

export function openRunner<State, Message>(
  program: NodeProgram<State, Message>,
  config: NodeConfig,
  image: DiskImage,
  at: Time,
  life: number,
): NodeRunner<State, Message> {
  const { cluster, params, prng, nodeId } = config;
  const own = cluster.nodes.find(({ id }) => id === nodeId)?.ownDisk ?? {};
  const disk = makeDisk<StoreTag<Message>>(
    image,
    {
      syncUs: params.diskSyncUs,
      syncJitterUs: params.diskSyncJitterUs,
      readUs: params.diskReadUs,
      bandwidth: params.diskBandwidth,
      limitBytes: params.diskLimitBytes,
      ...own,
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
    driftPpm: 0,
    driftFrom: at,
    armed: null,
    trippedAt: null,
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
  program: TracedProgram<State, Message>,
  runner: NodeRunner<State, Message>,
  request: WindowRequest,
  notes: StepNote[] | null = null,
): WindowAnswer {
  const { until, commands } = request;
  const out: Outbox = { sent: [], replies: [], trace: [], durable: [], events: 0, notes };
  takeDeliveries(runner, request.deliveries);
  let nextCommand = 0;
  let nextAt: number;
  const wasTripped = runner.trippedAt !== null;
  const wasExited = runner.exitedAt !== undefined;
  for (;;) {
    // Its power is off, or its program has ended: whatever else was to come, nothing does.
    if (runner.trippedAt !== null || runner.exitedAt !== undefined) {
      nextAt = NEVER;
      break;
    }
    const command = commands[nextCommand];
    const commandAt = command === undefined ? NEVER : command.at;
    const deviceAt = nextDiskAt(runner.disk);
    const came = firstCameAt(runner);
    const inputAt = inputAtOf(runner, came);
    nextAt = Math.min(commandAt, deviceAt, inputAt);
    if (nextAt >= until) break;
    assert(nextAt >= runner.instant, 'time does not go back inside a node');
    if (command !== undefined && commandAt === nextAt) {
      obey(runner, command, out);
      nextCommand++;
    } else if (deviceAt === nextAt) {
      workDevice(runner, deviceAt, out);
    } else {
      workInput(program, runner, inputAt, came, out);
    }
  }
  const answer: WindowAnswer = {
    nextAt: nextAt as Time,
    sent: out.sent,
    replies: out.replies,
    trace: out.trace,
    durable: out.durable,
    stamp: stampOf(runner, until),
    events: out.events,
    view: request.view === null ? null : program.nodeView(runner.state, request.view),
    disk: diskUse(runner.disk, request.view !== null),
  };
  if (runner.trippedAt !== null && !wasTripped) return { ...answer, tripped: runner.trippedAt as Time };
  return runner.exitedAt !== undefined && !wasExited
    ? { ...answer, exited: runner.exitedAt as Time }
    : answer;
}

/** How far the node has come. */
export const stampOf = (runner: NodeRunner<unknown, unknown>, until: Time): Stamp => ({
  until,
  ordinal: runner.ordinal,
  life: runner.life,
  hash: hexOf(runner.hash),
});

/** Nothing has happened in the life that follows a crash. */
const NO_HASH = '0'.repeat(16);

/**
 * The node loses power: the writes that became durable by it, in order, and the stamp that goes with them, which is
 * the beginning of its next life. The runner is finished.
 */
export function crashRunner<State, Message>(
  _program: NodeProgram<State, Message>,
  runner: NodeRunner<State, Message>,
  at: Time,
  mode: CrashSurvival,
): { readonly writes: readonly Write[]; readonly stamp: Stamp } {
  const writes = crashDisk(runner.disk, mode);
  return { writes, stamp: { until: at, ordinal: 0, life: runner.life + 1, hash: NO_HASH } };
}

/** Digests of what the node knows and of what its disk holds. */
export const runnerDigests = (runner: NodeRunner<unknown, unknown>): { state: string; disk: string } => ({
  state: digestPlain(runner.state),
  disk: digestImage(wholeImage(runner.disk)),
});

function takeDeliveries(runner: NodeRunner<unknown, unknown>, deliveries: readonly Delivery[]): void {
  const { inbox } = runner;
  for (const delivery of deliveries) {
    if (inbox.items.length - inbox.head < WAITING_LIMIT) inbox.items.push(delivery);
    else runner.droppedWaiting++;
  }
}

function obey(runner: NodeRunner<unknown, unknown>, timed: TimedCommand, out: Outbox): void {
  const command: NodeCommand = timed.command;
  // What a command makes due (a clock set forward, a resume) happens now, never in the past.
  runner.cpuFreeAt = Math.max(runner.cpuFreeAt, timed.at);
  switch (command.kind) {
    case 'clientRequest':
    case 'agent':
    case 'stop':
      runner.requests.items.push(timed);
      break;
    case 'freeze':
      runner.isFrozen = true;
      break;
    case 'resume':
      runner.isFrozen = false;
      break;
    case 'diskFaults':
      setDiskFaults(runner.disk, timed.at, command.faults);
      break;
    case 'bitRot':
      rotDisk(
        runner.disk,
        command.prefix,
        command.pick,
        makePrng(runner.faultSeed, `rot@${timed.at}`),
        out.durable,
      );
      break;
    case 'readError':
      failValue(
        runner.disk,
        command.prefix,
        command.pick,
        makePrng(runner.faultSeed, `read@${timed.at}`),
        out.durable,
      );
      break;
    case 'snapshotDisk':
      takeSnapshot(runner.disk, out.durable);
      break;
    case 'diskTrick':
      trickDisk(runner.disk, command.trick, command.prefix);
      break;
    case 'clock':
      runner.clockOffsetUs = command.offsetUs;
      runner.driftFrom = timed.at;
      break;
    case 'clockDrift':
      runner.clockOffsetUs = clockOffset(runner, timed.at);
      runner.driftFrom = timed.at;
      runner.driftPpm = command.ppm;
      break;
    case 'dropBuffer':
      dropBuffer(runner.disk, timed.at);
      break;
    case 'arm':
      runner.armed = command.armed;
      break;
    case 'slowCpu':
      runner.usPerInput = command.usPerInput;
      break;
  }
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
