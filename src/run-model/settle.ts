// A tape with actions that wait for a condition (`0.000 when "commits >= 50" crash store-2`) becomes one of fixed times: the run is
// played, each condition is looked at after each step from its time on, and once it is so its action is done at the next instant, once.
// What comes of it is the tape that this run would have left, so that it plays the same run again with nothing left to wait for.

import type { Time } from '../base/ids.ts';
import type { Edge } from '../sim/fabric-state.ts';
import type { Known } from '../sim/known.ts';
import { setupRun } from '../sim/run-setup.ts';
import type { Tape, WaitingAction } from '../sim/tape.ts';
import { TAPE_LIMITS } from '../sim/tape-limits.ts';
import { injectAction, stepWorld } from '../sim/world.ts';
import { readCondition } from './facts/condition.ts';
import type { Predicate } from './facts/fact.ts';
import { waitingFault } from './facts/waiting-fault.ts';
import { lookOn, makeWatch, UNTIL_LIMIT_US, type Watch } from './facts/watch.ts';
import { type WatchedRun, watchRun } from './picture/watched-run.ts';
import { listedTotal } from './recorder/recorder.ts';

export interface Settled {
  /** Of fixed times, a mark at each that has come about; without an end of its own where something was done. */
  readonly tape: Tape;
  /** By time. */
  readonly done: readonly { readonly line: number; readonly condition: string; readonly at: Time }[];
  /** Lines whose condition has not come about. */
  readonly undone: readonly number[];
}

interface Wait {
  readonly waiting: WaitingAction;
  readonly condition: Predicate;
  /** Null: its time has not come. */
  watch: Watch | null;
  /** Events that it has looked at. */
  seen: number;
  at: Time | null;
}

export interface Settling {
  readonly tape: Tape;
  readonly run: WatchedRun;
  readonly waits: readonly Wait[];
}

/** The run of a tape in which something waits, at its beginning; throws where a condition or the tape's cluster is wrong. */
export function beginSettling(known: Known, edge: Edge, tape: Tape): Settling {
  const fault = waitingFault(known, tape);
  if (fault !== null) throw new Error(`line ${fault.line}, column ${fault.column}: ${fault.error}`);
  const { waiting = [], ...fixed } = tape;
  const result = setupRun(known, fixed);
  if (!result.ok) throw new Error(result.error);
  const { cluster } = result.setup.spec;
  const run = watchRun(known, result.setup, edge, { preset: tape.header.preset });
  const waits = waiting.map((one): Wait => {
    const read = readCondition(known, one.condition, cluster, []);
    if (!read.ok) throw new Error(read.error);
    return { waiting: one, condition: read.value, watch: null, seen: 0, at: null };
  });
  return { tape: fixed, run, waits };
}

/** Plays on until all is settled (true) or `stop` says so, asked after each step. */
export function settle(known: Known, settling: Settling, stop: () => boolean): boolean {
  let isStopped = false;
  const isOver = (): boolean => {
    if (settling.waits.every(({ at }) => at !== null)) return true;
    isStopped = stop();
    return isStopped;
  };
  playOn(known, settling, () => limitOf(settling), isOver);
  return !isStopped;
}

/**
 * Plays on, whatever still waits; what comes about on the way is done. Ends before the first step beyond `until`, or once `look`, asked
 * before each step, says so.
 */
export function playOn(known: Known, settling: Settling, until: () => Time, look: () => boolean): void {
  const { world, host } = settling.run;
  const step = { frameUs: null, view: null };
  do {
    lookAll(known, settling);
    if (look()) return;
  } while (stepWorld(world, host, { ...step, until: until() }));
}

/** The tape's end, or so long after the last that it has done or begins to wait for. */
function limitOf({ tape: { header, actions }, waits }: Settling): Time {
  if (header.end !== null) return header.end.at;
  const last = actions[actions.length - 1]?.at ?? 0;
  return (waits.reduce((most, { waiting, at }) => Math.max(most, at ?? waiting.from), last) +
    UNTIL_LIMIT_US) as Time;
}

function lookAll(known: Known, { run: { world, recorder }, waits }: Settling): void {
  const { now } = world.fabric;
  for (const wait of waits) {
    if (wait.at !== null || now < wait.waiting.from) continue;
    if (wait.watch === null) {
      wait.watch = makeWatch(known, wait.condition, recorder);
      wait.seen = listedTotal(recorder);
    }
    const events = recorder.listed.slice(Math.max(0, wait.seen - recorder.firstIndex));
    wait.seen = listedTotal(recorder);
    if (!lookOn(wait.watch, events, recorder, now)) continue;
    const { action } = injectAction(world, { ...wait.waiting.action, at: now });
    wait.at = action.at;
  }
}

export function settled({ tape, run, waits }: Settling): Settled {
  const done = waits
    .flatMap(({ waiting: { line, condition }, at }) => (at === null ? [] : [{ line, condition, at }]))
    .sort((a, b) => a.at - b.at || a.line - b.line);
  const { header } = tape;
  const marks = [...header.marks, ...done.map(({ at, condition }) => ({ at, text: `when ${condition}` }))];
  return {
    tape: {
      header: {
        ...header,
        marks: marks.slice(0, TAPE_LIMITS.marks).sort((a, b) => a.at - b.at),
        end: done.length === 0 ? header.end : null,
      },
      actions: run.world.fabric.tape,
    },
    done,
    undone: waits.filter(({ at }) => at === null).map(({ waiting: { line } }) => line),
  };
}

/** All at once: for who has the time. A tape in which nothing waits stays as it is. */
export function settleTape(known: Known, edge: Edge, tape: Tape): Settled {
  if (tape.waiting === undefined) return { tape, done: [], undone: [] };
  const settling = beginSettling(known, edge, tape);
  settle(known, settling, () => false);
  return settled(settling);
}
