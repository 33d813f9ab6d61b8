// Headless run of a lesson by its script: every act done, every question answered with the truth, free time let pass.
// The lint replays each lesson with it, `sim lesson` too, and *Skip to the end* is the rest of it.

import type { Mutants } from '../core/kernel/mutants.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { actionKinds } from '../stacks/tapes.ts';
import {
  advance,
  type Director,
  directorHash,
  directorTape,
  findTrigger,
  fire,
  isPassed,
  openLesson,
  spokenNow,
  stateOf,
  truthOf,
} from './director.ts';
import type { Answer, Lesson, LessonStep } from './format.ts';
import type { Spoken, StepPart } from './spoken.ts';
import { stageNow } from './stage.ts';

/** What the lab has to do to follow: run to `until`, then put the lines on the tape. */
export interface ScriptStep {
  readonly step: string;
  readonly until: number;
  readonly lines: readonly string[];
  /** Null: nothing is said there. */
  readonly spoken: Spoken | null;
}

export interface ScriptRun {
  readonly steps: readonly ScriptStep[];
  /** Steps whose trigger did not come. */
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

/** Called where a step is said, before it does anything. */
type OnStop = (step: LessonStep, part: StepPart) => void;

interface Going {
  readonly d: Director;
  readonly onStop: OnStop;
  readonly steps: ScriptStep[];
  readonly missed: string[];
  readonly truths: Map<string, Answer>;
}

/** Stops for a step; false when it does not come. */
function stopAt(going: Going, step: LessonStep, trigger = step.trigger): boolean {
  const { d, steps, missed } = going;
  const until = findTrigger(d, trigger);
  if (until === null) {
    missed.push(step.id);
    return false;
  }
  advance(d, until);
  steps.push({ step: step.id, until, lines: [], spoken: null });
  return true;
}

function playStep(going: Going, step: LessonStep, isKeyLeftOut: boolean): void {
  const { d, steps } = going;
  if (!stopAt(going, step)) return;
  if (step.kind === 'act' && step.isKey && isKeyLeftOut) return;
  const until = stageNow(d.stage);
  going.onStop(step, 'step');
  const spoken = spokenNow(d, step, 'step');
  const lines = fire(d, step);
  steps[steps.length - 1] = { step: step.id, until, lines, spoken };
  switch (step.kind) {
    case 'say':
    case 'act':
      return;
    case 'predict':
      if (!stopAt(going, step, step.reveal)) return;
      going.onStop(step, 'reveal');
      steps[steps.length - 1] = {
        step: step.id,
        until: stageNow(d.stage),
        lines: [],
        spoken: spokenNow(d, step, 'reveal'),
      };
      fire(d, step);
      going.truths.set(step.id, truthOf(d, step));
      d.predicted.add(step.id);
      return;
    case 'free': {
      const until = stageNow(d.stage) + step.ms * 1000;
      advance(d, until);
      steps.push({ step: step.id, until, lines: [], spoken: null });
    }
  }
}

/** Plays the steps from `from` on; the director stands where the lab stands. */
export function playOut(
  d: Director,
  from: number,
  isKeyLeftOut = false,
  onStop: OnStop = () => undefined,
): ScriptRun {
  const going: Going = { d, onStop, steps: [], missed: [], truths: new Map() };
  for (const step of d.lesson.steps.slice(from)) playStep(going, step, isKeyLeftOut);
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
  options: { readonly withoutKey?: boolean; readonly mutants?: Mutants } = {},
): ScriptRun => playOut(openLesson(lesson, edge, options.mutants), 0, options.withoutKey === true);

/** Faults a person has put on the tape since its `from`th action. */
export const countFaults = (d: Director, from: number): number =>
  d.stage.world.fabric.tape.slice(from).filter(({ kind }) => actionKinds[kind].isFault).length;
