// Playback of a lesson without a screen: where the next step is, what it does, what the truth was. It works on a stage of its own that is kept
// at the instant the lab shows. To find a step it looks ahead in a copy; a step is an instant of virtual time, and the
// lab, which runs the same tape, stops exactly there: right after an event (`on`) or with it at the queue's head (`before`).

import type { Mutants } from '../core/kernel/mutants.ts';
import { isSuch } from '../run-model/facts/evaluate.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { printAction, printTape } from '../sim/tape-print.ts';
import { worldHash } from '../sim/world.ts';
import { tapes } from '../stacks/tapes.ts';
import { linesOf } from './actions.ts';
import { answerOf } from './answers.ts';
import { areSo, facts } from './facts.ts';
import type { Answer, Lesson, LessonStep, PredictStep, Trigger } from './format.ts';
import { type LessonState, readState } from './lesson-state.ts';
import type { Spoken, StepPart } from './spoken.ts';
import { spokenAt } from './spoken-at.ts';
import { copyStage, openStage, runStage, type Stage, stageNow, stageTape, tapeLines } from './stage.ts';
import { startTape } from './start-tape.ts';

/** A trigger that does not come within this virtual time does not come: no lesson waits longer. */
const LOOK_AHEAD_US = 400_000;

export interface Director {
  readonly lesson: Lesson;
  readonly edge: Edge;
  readonly mutants: Mutants;
  stage: Stage;
  /** Events there were when the last step fired: a trigger counts from here. */
  mark: number;
  /** What the person was asked to do last, as its actions are printed, and how many events there were then. */
  asked: { readonly actions: readonly string[]; readonly mark: number } | null;
  /** Questions answered right so far. */
  readonly predicted: Set<string>;
}

function stageOf(tape: string, edge: Edge): Stage {
  const opened = openStage(tape, edge);
  if (!opened.ok) throw new Error(opened.error);
  return opened.stage;
}

/** A lesson at its beginning. */
export function openLesson(lesson: Lesson, edge: Edge, mutants: Mutants = []): Director {
  const stage = stageOf(startTape(lesson, mutants), edge);
  runStage(stage, { until: lesson.start.ms * 1000 });
  return { lesson, edge, mutants, stage, mark: stage.trace.length, asked: null, predicted: new Set() };
}

export const stateOf = (d: Director): LessonState => readState(d.stage);

/**
 * Brings the stage to where the lab is. When somebody else has put something on the tape it is replayed from its
 * beginning: the past is a function of the tape.
 */
export function follow(d: Director, tape: string, now: number): void {
  const lines = tape.split('\n').filter((one) => /^[0-9]/.test(one));
  const own = stageTape(d.stage);
  const isSame =
    stageNow(d.stage) <= now && lines.length === own.length && lines.every((one, i) => one === own[i]);
  if (!isSame) d.stage = stageOf(tape, d.edge);
  runStage(d.stage, { until: now });
}

/** The virtual time (exclusive end) at which the lab has to stop for a trigger, or null when it will not come. */
export function findTrigger(d: Director, trigger: Trigger): number | null {
  const now = stageNow(d.stage);
  switch (trigger.kind) {
    case 'next':
      return now;
    case 'ms':
      return Math.max(now, trigger.ms * 1000);
    case 'when':
      return findState(d, (state) => areSo(state, trigger.claims));
    case 'on':
    case 'before': {
      const found = findEvent(d, trigger);
      return found === null ? null : Math.max(now, trigger.kind === 'on' ? found + 1 : found);
    }
  }
}

function findEvent(d: Director, trigger: Extract<Trigger, { event: string }>): number | null {
  const ahead = copyStage(d.stage);
  const { event, nth } = trigger;
  const { predicate } = facts.claim(event);
  const kinds = predicate.kind === 'event' ? predicate.kinds : [];
  const found = (): number | null => {
    let seen = 0;
    for (let i = d.mark; i < ahead.trace.length; i++) {
      const one = ahead.trace[i];
      if (one === undefined || !kinds.includes(one.event.kind)) continue;
      if (!isSuch({ ...one, rank: 0 }, predicate)) continue;
      seen++;
      if (seen === nth) return one.at;
    }
    return null;
  };
  if (found() === null) runTo(ahead, stageNow(d.stage) + LOOK_AHEAD_US, false, () => found() !== null);
  return found();
}

/**
 * First over windows, then instant by instant inside the one in which it came about: a state that a lesson waits for
 * lasts, and to look at all nodes after every microsecond would take long.
 */
function findState(d: Director, test: (state: LessonState) => boolean): number | null {
  if (test(stateOf(d))) return stageNow(d.stage);
  const giveUpAt = stageNow(d.stage) + LOOK_AHEAD_US;
  const rough = copyStage(d.stage);
  let before = stageNow(rough);
  const isFound = runTo(rough, giveUpAt, false, () => {
    if (test(readState(rough))) return true;
    before = stageNow(rough);
    return false;
  });
  if (!isFound) return null;
  const fine = copyStage(d.stage);
  runStage(fine, { until: before });
  runTo(fine, giveUpAt, true, () => test(readState(fine)));
  return stageNow(fine);
}

/** Runs until `isThere` after some step that traced anything. */
function runTo(stage: Stage, until: number, everyInstant: boolean, isThere: () => boolean): boolean {
  let seen = stage.trace.length;
  return runStage(stage, {
    until,
    everyInstant,
    stop: () => {
      if (stage.trace.length === seen) return false;
      seen = stage.trace.length;
      return isThere();
    },
  });
}

export const advance = (d: Director, until: number): void => {
  runStage(d.stage, { until });
};

/**
 * A step fires: what it does is done on the stage, and the lines are for the lab. A lab that stands shows at once what is
 * done to it, so that instant passes here too.
 */
export function fire(d: Director, step: LessonStep): readonly string[] {
  d.mark = d.stage.trace.length;
  const lines = step.kind === 'act' ? linesOf(stateOf(d), step.action) : [];
  if (lines.length > 0) {
    tapeLines(d.stage, lines);
    advance(d, stageNow(d.stage) + 1);
  }
  return lines;
}

/** What a step's words rest on, as it is now. */
export const spokenNow = (d: Director, step: LessonStep, part: StepPart): Spoken =>
  spokenAt(step, part, stateOf(d));

/** The person is to do what the step does; they may do it by hand. */
export function ask(d: Director, step: LessonStep): void {
  const lines = step.kind === 'act' ? linesOf(stateOf(d), step.action) : [];
  d.asked = {
    actions: tapeLines(copyStage(d.stage), lines).map((action) => printAction(tapes, action)),
    mark: d.stage.trace.length,
  };
}

/** True: the newest actions on the tape are those that were asked for. Then the step has fired. */
export function wasDone(d: Director): boolean {
  const { actions, mark } = d.asked ?? { actions: [], mark: 0 };
  const newest = d.stage.world.fabric.tape.slice(-actions.length).map((action) => printAction(tapes, action));
  if (actions.length === 0 || !actions.every((action, i) => action === newest[i])) return false;
  d.mark = mark;
  d.asked = null;
  return true;
}

/** The truth of a question, of the state at its reveal. */
export const truthOf = (d: Director, { question }: PredictStep): Answer => answerOf(question, stateOf(d));

/** Every prediction was right in the end, and what the lesson asks for is so. */
export const isPassed = (d: Director): boolean =>
  d.lesson.steps.every(({ kind, id }) => kind !== 'predict' || d.predicted.has(id)) &&
  areSo(stateOf(d), d.lesson.pass);

export const isMet = (d: Director): boolean =>
  d.lesson.challenge !== null && areSo(stateOf(d), d.lesson.challenge.pass);

/** The tape of what happened, header and all. */
export const directorTape = ({ stage }: Director): string =>
  printTape(tapes, { header: stage.setup.tape.header, actions: stage.world.fabric.tape });

export const directorHash = ({ stage }: Director): string => worldHash(stage.world);
