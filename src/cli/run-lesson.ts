// `sim lesson ID`: a lesson by its script, step by step, as the lint replays it, with what each step says and whether its claims are so.

import { existsSync, readFileSync } from 'node:fs';
import { messageOf } from '../base/thrown.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { lessonEntries } from '../lessons/catalogue.ts';
import { openLesson, stateOf } from '../lessons/director.ts';
import { readFact } from '../lessons/facts.ts';
import type { Lesson } from '../lessons/format.ts';
import { lessonOfData, lessonOfFile } from '../lessons/lesson-file.ts';
import { loadLesson } from '../lessons/load-lesson.ts';
import { nameParts } from '../lessons/name-parts.ts';
import { playOut, type ScriptRun } from '../lessons/script.ts';
import { fillStep, type Spoken, type StepPart, textsOf } from '../lessons/spoken.ts';
import { printMs } from '../sim/tape-tokens.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

interface LessonOptions {
  readonly tape?: boolean;
  /** Printed at each step, as that of the lesson's own claims. */
  readonly facts?: readonly string[];
  /** What these nodes show of themselves, printed at each step as JSON. */
  readonly views?: readonly string[];
}

function printSaid(lesson: Lesson, id: string, part: StepPart, spoken: Spoken): void {
  const step = lesson.steps.find((one) => one.id === id);
  if (step === undefined) return;
  const [said] = textsOf(fillStep(step, part, spoken), part);
  if (said !== undefined) console.log(`           ${nameParts(said.en)}`);
  for (const { claim, isSo, value } of spoken.claims)
    console.log(`           ${isSo ? 'so' : 'NOT SO'}: ${claim} (${value})`);
}

function printRun(lesson: Lesson, run: ScriptRun, asked: ReadonlyMap<string, readonly string[]>): void {
  console.log(`${lesson.id} ${lesson.title.en}: ${lesson.steps.length} steps in ${run.ms.toFixed(3)} ms`);
  const met = new Set<string>();
  for (const { step, until, lines, spoken } of run.steps) {
    const part = met.has(step) ? 'reveal' : 'step';
    met.add(step);
    console.log(`${printMs(until).padStart(10)} ${step} ${lines.join(' ; ')}`.trimEnd());
    if (spoken !== null) printSaid(lesson, step, part, spoken);
    for (const line of asked.get(`${step} ${part}`) ?? []) console.log(`           ${line}`);
  }
  for (const [step, truth] of run.truths) console.log(`truth of ${step}: ${JSON.stringify(truth)}`);
  for (const step of run.missed) console.log(`MISSED ${step}`);
  for (const rule of run.violations) console.log(`VIOLATION ${rule}`);
  console.log(`${run.passed ? 'passed' : 'NOT PASSED'}, hash ${run.hash}`);
}

/** A lesson file; its words are in it or, as in the library, in two files beside it. */
function readLesson(path: string): Lesson | { readonly error: string } {
  const words = ['en', 'zh'].map((language) => path.replace(/\.json$/, `.${language}.json`));
  if (!path.endsWith('.json') || !words.every((file) => existsSync(file)))
    return lessonOfFile(readFileSync(path, 'utf8'));
  try {
    const [own, en, zh] = [path, ...words].map((file) => JSON.parse(readFileSync(file, 'utf8')));
    return lessonOfData({ ...own, words: { en, zh } });
  } catch (error) {
    return { error: messageOf(error) };
  }
}

/** By its id, or a lesson file. */
export async function runLesson(
  name: string,
  { tape, facts = [], views = [] }: LessonOptions,
): Promise<ExitCode> {
  const isKnown = lessonEntries.some(({ id }) => id === name);
  const lesson = isKnown ? await loadLesson(name) : readLesson(name);
  if ('error' in lesson) {
    console.error(`${name}: ${lesson.error}`);
    return exitCodes.usage;
  }
  const director = openLesson(lesson, await loadSqlEdge());
  const asked = new Map<string, readonly string[]>();
  const run = playOut(director, 0, false, ({ id }, part) => {
    const state = stateOf(director);
    asked.set(`${id} ${part}`, [
      ...facts.map((fact) => `${fact}: ${readFact(state, fact)}`),
      ...views.map((node) => `${node}: ${JSON.stringify(state.node(node).roles)}`),
    ]);
  });
  if (tape === true) {
    console.log(run.tape.trimEnd());
    return exitCodes.ok;
  }
  printRun(lesson, run, asked);
  const isSaid = run.steps.every(
    ({ spoken }) => spoken === null || (spoken.isSo && spoken.claims.every(({ isSo }) => isSo)),
  );
  return run.passed && run.missed.length === 0 && isSaid ? exitCodes.ok : exitCodes.violation;
}
