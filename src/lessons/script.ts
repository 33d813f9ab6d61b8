// A lesson by its script: every act done, every question answered with the truth, free time let pass. The lint replays
// each lesson with it, `sim lesson` too, and *Skip to the end* is the rest of it.

import type { Edge } from '../sim/fabric-state.ts';
import { actionKinds } from '../sim/tape-actions.ts';
import {
  advance,
  type Director,
  directorHash,
  directorTape,
  findTrigger,
  fire,
  isPassed,
  openLesson,
  stateOf,
  truthOf,
} from './director.ts';
import type { Answer, Beat, Lesson } from './format.ts';
import { stageNow, tapeLines } from './stage.ts';

/** What the lab has to do to follow: run to `until`, then put the lines on the tape. */
export interface ScriptStep {
  readonly beat: string;
  readonly until: number;
  readonly lines: readonly string[];
}

export interface ScriptRun {
  readonly steps: readonly ScriptStep[];
  /** Beats whose trigger did not come. */
  readonly missed: readonly string[];
  readonly truths: ReadonlyMap<string, Answer>;
  readonly passed: boolean;
  readonly violations: readonly string[];
  /** Virtual ms from the lesson's beginning to its end. */
  readonly ms: number;
  readonly endUs: number;
  readonly hash: string;
  readonly tape: string;
}

interface Going {
  readonly d: Director;
  readonly steps: ScriptStep[];
  readonly missed: string[];
  readonly truths: Map<string, Answer>;
}

/** Stops for a beat; false when it does not come. */
function stopAt(going: Going, beat: Beat, trigger = beat.trigger): boolean {
  const { d, steps, missed } = going;
  const until = findTrigger(d, trigger);
  if (until === null) {
    missed.push(beat.id);
    return false;
  }
  advance(d, until);
  steps.push({ beat: beat.id, until, lines: [] });
  return true;
}

function playBeat(going: Going, beat: Beat, isKeyLeftOut: boolean): void {
  const { d, steps } = going;
  if (!stopAt(going, beat)) return;
  if (beat.kind === 'act' && beat.isKey && isKeyLeftOut) return;
  const until = stageNow(d.stage);
  const lines = fire(d, beat);
  steps[steps.length - 1] = { beat: beat.id, until, lines };
  switch (beat.kind) {
    case 'say':
    case 'act':
      return;
    case 'predict':
      if (!stopAt(going, beat, beat.reveal)) return;
      fire(d, beat);
      going.truths.set(beat.id, truthOf(d, beat));
      d.predicted.add(beat.id);
      return;
    case 'free': {
      const until = stageNow(d.stage) + beat.ms * 1000;
      advance(d, until);
      steps.push({ beat: beat.id, until, lines: [] });
    }
  }
}

/** Plays the beats from `from` on; the director stands where the lab stands. */
export function playOut(d: Director, from: number, isKeyLeftOut = false): ScriptRun {
  const going: Going = { d, steps: [], missed: [], truths: new Map() };
  for (const beat of d.lesson.beats.slice(from)) playBeat(going, beat, isKeyLeftOut);
  const endUs = stageNow(d.stage);
  return {
    steps: going.steps,
    missed: going.missed,
    truths: going.truths,
    passed: isPassed(d),
    violations: stateOf(d).violations,
    ms: endUs / 1000 - d.lesson.start.ms,
    endUs,
    hash: directorHash(d),
    tape: directorTape(d),
  };
}

export const runScript = (
  lesson: Lesson,
  edge: Edge,
  options: { readonly withoutKey?: boolean; readonly broken?: readonly string[] } = {},
): ScriptRun => playOut(openLesson(lesson, edge, options.broken), 0, options.withoutKey === true);

/** Faults a person has put on the tape since its `from`th action. */
export const countFaults = (d: Director, from: number): number =>
  d.stage.world.fabric.tape.slice(from).filter(({ kind }) => actionKinds[kind].isFault).length;

/** The challenge by its solution, after the lesson: whether it is met, and what it cost. */
export function solveChallenge(
  lesson: Lesson,
  edge: Edge,
): { readonly met: boolean; readonly faults: number; readonly ms: number } {
  const { challenge } = lesson;
  if (challenge === null) return { met: false, faults: 0, ms: 0 };
  const d = openLesson(lesson, edge);
  const beganAt = stageNow(d.stage);
  const before = d.stage.world.fabric.tape.length;
  for (const { ms, action } of challenge.solution) {
    advance(d, beganAt + ms * 1000);
    tapeLines(d.stage, action(stateOf(d)));
  }
  const faults = countFaults(d, before);
  const until = findTrigger(d, { kind: 'when', test: challenge.pass });
  return { met: until !== null, faults, ms: ((until ?? beganAt) - beganAt) / 1000 };
}
