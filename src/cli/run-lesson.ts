// `sim lesson ID`: a lesson by its script, step by step, as the lint replays it.

import { readFileSync } from 'node:fs';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { lessonEntries, loadLesson } from '../lessons/catalogue.ts';
import { lessonOfFile } from '../lessons/lesson-file.ts';
import { runScript } from '../lessons/script.ts';
import { printMs } from '../sim/tape-tokens.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** By its id, or a lesson file. */
export async function runLesson(name: string, options: { readonly tape?: boolean }): Promise<ExitCode> {
  const isKnown = lessonEntries.some(({ id }) => id === name);
  const lesson = isKnown ? await loadLesson(name) : lessonOfFile(readFileSync(name, 'utf8'));
  if ('error' in lesson) {
    console.error(`${name}: ${lesson.error}`);
    return exitCodes.usage;
  }
  const run = runScript(lesson, await loadSqlEdge());
  if (options.tape === true) {
    console.log(run.tape.trimEnd());
    return exitCodes.ok;
  }
  console.log(`${lesson.id} ${lesson.title.en}: ${lesson.steps.length} steps in ${run.ms.toFixed(3)} ms`);
  for (const { step, until, lines } of run.steps)
    console.log(`${printMs(until).padStart(10)} ${step} ${lines.join(' ; ')}`.trimEnd());
  for (const [step, truth] of run.truths) console.log(`truth of ${step}: ${JSON.stringify(truth)}`);
  for (const step of run.missed) console.log(`MISSED ${step}`);
  for (const rule of run.violations) console.log(`VIOLATION ${rule}`);
  console.log(`${run.passed ? 'passed' : 'NOT PASSED'}, hash ${run.hash}`);
  return run.passed && run.missed.length === 0 ? exitCodes.ok : exitCodes.violation;
}
