// A cluster in this process that clients outside of it ask: their requests become lines of its tape at the virtual time at which they
// arrive, so that the tape alone plays the same run again. How virtual time goes its pace says (pace.ts).

import type { NodeId, Time } from '../../base/ids.ts';
import { errorOf } from '../../base/thrown.ts';
import type { ClientResult } from '../../core/kernel/client-calls.ts';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import {
  makeRecorder,
  type Recorder,
  recordCommand,
  recordEvents,
} from '../../run-model/recorder/recorder.ts';
import { nodeOf } from '../../sim/fabric-state.ts';
import { bootTime, type RunSetup } from '../../sim/run-setup.ts';
import type { Tape } from '../../sim/tape.ts';
import type { TapeAction } from '../../sim/tape-actions.ts';
import { type Entry, readEntry, statementEntry } from '../../sim/tape-entry.ts';
import { TAPE_LIMITS } from '../../sim/tape-limits.ts';
import { printLine, printTape } from '../../sim/tape-print.ts';
import { NEVER } from '../../sim/types.ts';
import {
  injectAction,
  makeWorld,
  stepWorld,
  type World,
  type WorldHost,
  worldHash,
} from '../../sim/world.ts';
import { known } from '../../stacks/known.ts';
import { programOf } from '../../stacks/programs.ts';
import { tapes } from '../../stacks/tapes.ts';
import { type ClientHistory, noteCall, noteEvents } from './client-history.ts';

type Answer = (result: ClientResult) => void;

interface OpenRequest {
  readonly session: string;
  /** Virtual time of its arrival. */
  readonly since: number;
  readonly answer: Answer;
}

/** An exception has ended the run: the cluster is in no state that the protocols know. */
interface Stopped {
  /** Virtual time, µs. */
  readonly at: number;
  readonly error: Error;
}

export interface Wait {
  readonly until: number;
  readonly answer: Answer;
}

export interface ServedCluster {
  readonly setup: RunSetup;
  readonly world: World<unknown, unknown>;
  readonly host: WorldHost<unknown, unknown>;
  readonly recorder: Recorder;
  /** Requests without an answer, by the name that the reply carries. */
  readonly open: Map<string, OpenRequest>;
  /** Who waits for a virtual time, without a request: `CALL lab.wait(…)`. */
  readonly waits: Wait[];
  /** The run can be given as a tape, which has limits; else its past is forgotten, and it goes on as long as it likes. */
  readonly isRecorded: boolean;
  /** What clients asked and were answered; null: nobody wants to know. */
  readonly history: ClientHistory | null;
  /** Called after each step, with the world between two windows. */
  afterStep: () => void;
  /** Replies since they were last asked for. */
  replies: number;
  /** Characters of the tape's lines: a tape has a limit. */
  tapeChars: number;
  /** Null while it runs. */
  stopped: Stopped | null;
}

/** A cluster that has booted: its tape's own actions stand before those of clients. */
export async function makeServedCluster(
  setup: RunSetup,
  isRecorded: boolean,
  history: ClientHistory | null = null,
): Promise<ServedCluster> {
  const { spec, program } = setup;
  const open: ServedCluster['open'] = new Map();
  const recorder = makeRecorder(known, spec.cluster, spec.params.lal);
  const host: WorldHost<unknown, unknown> = {
    program: programOf(program),
    edge: await loadSqlEdge(),
    tape: tapes,
    onTrace: (events) => {
      recordEvents(known, recorder, events);
      if (history !== null) noteEvents(history, events);
    },
    onCommands: (node, commands) => {
      for (const { command } of commands) recordCommand(recorder, node, command, cluster.world.fabric.now);
    },
    onReply: ({ requestId, result }) => {
      const request = open.get(requestId);
      open.delete(requestId);
      if (request === undefined) return;
      cluster.replies++;
      request.answer(result);
    },
  };
  const world = makeWorld<unknown, unknown>(spec);
  const cluster: ServedCluster = {
    setup,
    world,
    host,
    recorder,
    open,
    waits: [],
    isRecorded,
    history,
    afterStep: () => undefined,
    replies: 0,
    tapeChars: 0,
    stopped: null,
  };
  runTo(cluster, bootTime(setup, 0 as Time));
  return cluster;
}

/** Lets virtual time pass up to `until`; false at once where there is nothing more to do before it, or the cluster has stopped. */
export function stepTo(cluster: ServedCluster, until: number): boolean {
  const step = { until: until as Time, frameUs: null, view: null };
  const goesOn = guarded(cluster, () => stepWorld(cluster.world, cluster.host, step));
  endWaits(cluster);
  cluster.afterStep();
  return goesOn ?? false;
}

/** What is done to the world, or looked up in it; null: it has stopped, now or before. */
export function guarded<T>(cluster: ServedCluster, work: () => T): T | null {
  if (cluster.stopped !== null) return null;
  try {
    return work();
  } catch (thrown) {
    stopCluster(cluster, errorOf(thrown));
    return null;
  }
}

/** Whoever waits is answered; the process and its connections go on, and each further statement is answered the same. */
function stopCluster(cluster: ServedCluster, error: Error): void {
  const { open, waits, world } = cluster;
  cluster.stopped = { at: world.fabric.now, error };
  console.error(stoppedMessage(cluster.stopped), error.stack ?? '');
  const waiting = [...open.values(), ...waits];
  open.clear();
  waits.length = 0;
  cluster.replies += waiting.length;
  for (const { answer } of waiting) answer(stoppedResult(cluster.stopped));
}

export const stoppedMessage = ({ at, error }: Stopped): string =>
  `the cluster has stopped at ${at / 1000} ms, by an internal error: ${error.message}`;

export const stoppedResult = (stopped: Stopped): ClientResult =>
  errorResult('XX000', stoppedMessage(stopped));

export function runTo(cluster: ServedCluster, until: number): void {
  while (stepTo(cluster, until));
}

function endWaits(cluster: ServedCluster): void {
  const { waits, world } = cluster;
  for (let i = waits.length - 1; i >= 0; i--) {
    const wait = waits[i];
    if (wait === undefined || wait.until > world.fabric.now) continue;
    waits.splice(i, 1);
    cluster.replies++;
    wait.answer(doneResult('CALL'));
  }
}

export const doneResult = (tag: string): ClientResult => ({
  outcome: 'ok',
  statements: [{ kind: 'done', tag }],
  scn: -1,
});

export const errorResult = (sqlstate: string, message: string): ClientResult => ({
  outcome: 'error',
  statements: [{ kind: 'error', sqlstate, message, position: null }],
  scn: -1,
});

/** Actions of the past that a run keeps whose tape nobody wants: they number the requests of one instant. */
const PAST_KEPT = 1000;

/** A recorded run keeps to a tape's limits: one that no reader takes could never be played again. */
function enter(
  cluster: ServedCluster,
  entry: Entry,
): { readonly requestId: string } | { readonly error: string } {
  if ('error' in entry) return entry;
  const entered = guarded(cluster, () => enterRunning(cluster, entry));
  return entered ?? { error: cluster.stopped === null ? '' : stoppedMessage(cluster.stopped) };
}

function enterRunning(
  cluster: ServedCluster,
  entry: Exclude<Entry, { readonly error: string }>,
): { readonly requestId: string } | { readonly error: string } {
  const { fabric } = cluster.world;
  if (!cluster.isRecorded) {
    if (fabric.position > 10 * PAST_KEPT) forgetPast(cluster);
    return injectAction(cluster.world, entry);
  }
  if (fabric.tape.length >= TAPE_LIMITS.actions || cluster.tapeChars >= TAPE_LIMITS.bytes)
    return { error: 'the tape of this run is full' };
  const injected = injectAction(cluster.world, entry);
  cluster.tapeChars += printLine(tapes, injected.action).length + 1;
  return injected;
}

function forgetPast({ world: { fabric } }: ServedCluster): void {
  const count = fabric.position - PAST_KEPT;
  fabric.tape.splice(0, count);
  fabric.position -= count;
}

/** A request of a session, at its driver; answered by `answer`, maybe at once. */
export function request(
  cluster: ServedCluster,
  driver: NodeId,
  session: string,
  asked: { readonly text: string; readonly params: readonly (string | null)[] },
  tell: Answer,
): void {
  const answer = noted(cluster, { session, driver, ...asked }, tell);
  if (cluster.stopped !== null) {
    answer(stoppedResult(cluster.stopped));
    return;
  }
  const { fabric } = cluster.world;
  if (nodeOf(fabric, driver).status === 'down') {
    answer(errorResult('08006', `the driver ${driver} is down`));
    return;
  }
  const entered = enter(cluster, statementEntry(tapes, { driver, session, ...asked }, fabric));
  if (cluster.stopped !== null) answer(stoppedResult(cluster.stopped));
  else if ('error' in entered) answer(errorResult('54000', entered.error));
  else cluster.open.set(entered.requestId, { session, since: fabric.now, answer });
}

function noted(
  { history, world }: ServedCluster,
  asked: Parameters<typeof noteCall>[1],
  tell: Answer,
): Answer {
  if (history === null) return tell;
  const note = noteCall(history, asked, world.fabric.now);
  return (result) => {
    note(result, world.fabric.now);
    tell(result);
  };
}

/** A line of the tape without its time, done now or at a virtual time (µs) to come; why it is refused, or null. */
export function act(cluster: ServedCluster, line: string, at: number | null = null): string | null {
  const { fabric } = cluster.world;
  const read = readEntry(tapes, line, fabric);
  if ('error' in read) return read.error;
  const entered = enter(cluster, at === null ? read : { ...read, at: Math.max(fabric.now, at) as Time });
  return 'error' in entered ? entered.error : null;
}

/** Answered once virtual time has come so far. */
export function waitFor(cluster: ServedCluster, us: number, answer: Answer): Wait {
  const wait = { until: cluster.world.fabric.now + us, answer };
  cluster.waits.push(wait);
  return wait;
}

/** It is answered before its time; false: it was by then. */
export function endWait(cluster: ServedCluster, wait: Wait, result: ClientResult): boolean {
  const at = cluster.waits.indexOf(wait);
  if (at < 0) return false;
  cluster.waits.splice(at, 1);
  cluster.replies++;
  wait.answer(result);
  return true;
}

/** What a session asked is not wanted any more. */
export function forgetRequests(cluster: ServedCluster, session: string): void {
  for (const [id, one] of cluster.open) if (one.session === session) cluster.open.delete(id);
}

/** A driver that has ended has lost what it was asked: nobody will answer. */
export function loseRequests(cluster: ServedCluster, driverOf: (session: string) => NodeId | null): void {
  for (const [id, one] of cluster.open) {
    const driver = driverOf(one.session);
    if (driver === null || nodeOf(cluster.world.fabric, driver).status !== 'down') continue;
    cluster.open.delete(id);
    cluster.replies++;
    one.answer(errorResult('08006', `the driver ${driver} is down; the outcome is unknown`));
  }
}

/** The whole run as a tape, with its end and hash; without them where it has stopped by an error, which playing it shows again. */
export function tapeOf({ setup, world, stopped }: ServedCluster): string {
  const { fabric } = world;
  const isPast = ({ at }: TapeAction): boolean => at < fabric.now || (stopped !== null && at === fabric.now);
  const actions: readonly TapeAction[] = fabric.tape.filter(isPast);
  const end = stopped === null ? { at: fabric.now, hash: worldHash(world) } : null;
  const tape: Tape = { header: { ...setup.tape.header, end }, actions };
  return printTape(tapes, tape);
}

/** Nothing more to do at all: a cluster whose nodes are all down. */
export const FAR: number = NEVER;
