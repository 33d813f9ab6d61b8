// Works off one input of a node: the step, its effects, and what was to happen once its writes are durable.

import { AssertionError } from '../base/assert.ts';
import type { Time } from '../base/ids.ts';
import type { Effect, Input } from '../core/kernel/door.ts';
import type { TraceEvent } from '../core/kernel/trace.ts';
import { readDisk, writeDisk } from './disk-model.ts';
import {
  advance,
  clockOf,
  type DiskInput,
  INSTANT_LIMIT,
  type NodeRunner,
  type Outbox,
  type TracedForm,
  type TracedProgram,
  type Turn,
  timerAt,
} from './runner-state.ts';
import { beginRecord, endRecord, hashFrame, hashInput, hashTrace } from './running-hash.ts';
import { beginNote, noteEffect } from './step-notes.ts';
import { setTimer, takeTimer } from './timers.ts';
import type { Armed, Delivery, TimedCommand } from './types.ts';

function countInstant(runner: NodeRunner<unknown, unknown>, at: number): void {
  if (runner.instant !== at) {
    runner.instant = at;
    runner.instantInputs = 0;
  }
  runner.instantInputs++;
  if (runner.instantInputs > INSTANT_LIMIT) {
    throw new AssertionError(`${runner.node} never lets time pass at ${at} µs`);
  }
}

/** Works off the first waiting input, which came at `came`, at `at`, which is not before. */
export function workInput<State, Message>(
  program: TracedProgram<State, Message>,
  runner: NodeRunner<State, Message>,
  at: number,
  came: number,
  out: Outbox,
): void {
  countInstant(runner, at);
  runner.cpuFreeAt = at + runner.usPerInput;
  const { requests, diskInputs, inbox } = runner;
  if (requests.items.length > 0 && (requests.items[requests.head] as TimedCommand).at === came) {
    workRequest(program, runner, at, advance(requests), out);
  } else if (
    diskInputs.items.length > 0 &&
    (diskInputs.items[diskInputs.head] as DiskInput<Message>).at === came
  ) {
    workDiskInput(program, runner, at, advance(diskInputs), out);
  } else if (timerAt(runner) === came) {
    const timer = takeTimer(runner.timers);
    const turn: Turn = { at, causeNode: runner.node, causeOrdinal: timer.ordinal };
    const input = { kind: 'wake', now: clockOf(runner, at), timer: timer.name } as const;
    workOff(program, runner, turn, input, null, out);
  } else {
    workDelivery(program, runner, at, advance(inbox), out);
  }
}

function workRequest<State, Message>(
  program: TracedProgram<State, Message>,
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
    workOff(program, runner, turn, { kind: 'operatorCommand', now, command: command.command }, null, out);
  } else if (command.kind === 'stop') {
    workOff(program, runner, turn, { kind: 'stop', now }, null, out);
  }
}

function workDiskInput<State, Message>(
  program: TracedProgram<State, Message>,
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
  program: TracedProgram<State, Message>,
  runner: NodeRunner<State, Message>,
  at: number,
  delivery: Delivery,
  out: Outbox,
): void {
  const { from, bytes, causeOrdinal } = delivery;
  const turn: Turn = { at, causeNode: from, causeOrdinal };
  const decoded = program.decodeMessage(bytes);
  if ('error' in decoded) {
    workCorrupt(program, runner, turn, delivery, decoded.error, out);
    return;
  }
  const now = clockOf(runner, at);
  const { message, traceId } = decoded;
  workOff(program, runner, turn, { kind: 'message', now, from, message, traceId }, null, out, delivery);
}

/** A damaged frame is dropped and traced; the node never sees it. */
function workCorrupt(
  form: TracedForm,
  runner: NodeRunner<unknown, unknown>,
  turn: Turn,
  delivery: Delivery,
  error: string,
  out: Outbox,
): void {
  const { from, bytes } = delivery;
  runner.ordinal++;
  out.events++;
  beginNote(runner, turn, null, delivery, out);
  beginRecord(turn.at);
  hashFrame(runner.hash, from, bytes);
  traceEvent(form, runner, turn, { kind: 'net.corrupt', from, error }, out);
  endRecord(runner.hash);
}

/** Whether the node is about to do what the armed crash waits for: it is in its trace. */
const hasMoment = (
  { isMomentOf }: TracedForm,
  { moment }: Armed,
  effects: readonly Effect<unknown>[],
): boolean => effects.some((effect) => effect.kind === 'trace' && isMomentOf(effect.event, moment));

/** One step: the input, its effects, and what was to happen once its writes are durable. */
function workOff<State, Message>(
  program: TracedProgram<State, Message>,
  runner: NodeRunner<State, Message>,
  turn: Turn,
  input: Input<Message>,
  then: readonly Effect<Message>[] | null,
  out: Outbox,
  delivery: Delivery | null = null,
): void {
  runner.ordinal++;
  out.events++;
  beginNote(runner, turn, input, delivery, out);
  const effects = program.step(runner.state, input);
  beginRecord(turn.at);
  hashInput(runner.hash, input, delivery?.bytes ?? null);
  if (!runner.isOpenTraced) {
    runner.isOpenTraced = true;
    traceEvent(program, runner, turn, { kind: 'node.open', incarnation: runner.life }, out);
  }
  const { armed } = runner;
  const isMoment =
    armed !== null &&
    (hasMoment(program, armed, effects) || (then !== null && hasMoment(program, armed, then)));
  if (isMoment) runner.trippedAt = turn.at;
  if (!isMoment || armed.when === 'after') {
    if (effects.length > 0) perform(program, runner, turn, effects, out);
    if (then !== null && then.length > 0) perform(program, runner, turn, then, out);
  }
  endRecord(runner.hash);
}

function traceEvent(
  form: TracedForm,
  runner: NodeRunner<unknown, unknown>,
  turn: Turn,
  event: TraceEvent,
  out: Outbox,
): void {
  hashTrace(form, event);
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
  program: TracedProgram<State, Message>,
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
        if (out.notes !== null) noteEffect(out, effect, lastBytes.length, null);
        break;
      }
      case 'store':
        store(runner, at, effect, out);
        break;
      case 'read':
        readDisk(runner.disk, at, effect.id, effect.keys, runner.ordinal);
        if (out.notes !== null) noteEffect(out, effect, 0, null);
        break;
      case 'wakeAt':
        setTimer(runner.timers, effect.timer, effect.at, runner.ordinal);
        break;
      case 'reply':
        out.replies.push({ at, requestId: effect.requestId, result: effect.result });
        break;
      case 'exit':
        runner.exitedAt = turn.at;
        break;
      case 'trace':
        traceEvent(program, runner, turn, effect.event, out);
        if (out.notes !== null) noteEffect(out, effect, 0, null);
        break;
    }
  }
}

function store<Message>(
  runner: NodeRunner<unknown, Message>,
  at: Time,
  effect: Extract<Effect<Message>, { kind: 'store' }>,
  out: Outbox,
): void {
  const tag = { id: effect.id, ordinal: runner.ordinal, followUp: effect.then };
  const error = writeDisk(runner.disk, at, effect.writes, tag, effect.room);
  if (out.notes !== null) noteEffect(out, effect, 0, error);
  if (error === null) return;
  runner.diskInputs.items.push({ kind: 'diskDone', at, tag, error });
}
