// A lesson as a file: JSON of what format.ts has, and of which format it is. Any lesson is one; *Save as lesson* makes one from a tape
// (lesson-save.ts). A file is foreign text: everything in it is checked (lesson-schema.ts), its tape is read.

import { parseTape } from '../sim/tape-parse.ts';
import { tapes } from '../stacks/tapes.ts';
import type { Lesson, ScriptAction } from './format.ts';
import { readLesson } from './lesson-schema.ts';
import { startTape } from './start-tape.ts';

const LESSON_FORMAT = 'postdb-lesson 2';
const MOST_BYTES = 4 * 1024 * 1024;

type LessonFileResult = Lesson | { readonly error: string };

export const printLesson = (lesson: Lesson): string =>
  `${JSON.stringify({ format: LESSON_FORMAT, ...lesson }, null, 2)}\n`;

/** Reads a lesson file; the answer to a bad one says what is wrong with it, and where. */
export function lessonOfFile(text: string): LessonFileResult {
  if (text.length > MOST_BYTES) return { error: 'the lesson file is longer than 4 MiB' };
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return { error: 'this is not JSON' };
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return { error: 'a lesson file is a JSON object' };
  const { format, ...fields } = data as Readonly<Record<string, unknown>>;
  if (format !== LESSON_FORMAT) return { error: `the file is not of format "${LESSON_FORMAT}"` };
  const lesson = readLesson(fields);
  if ('error' in lesson) return lesson;
  const error = tapeError(lesson);
  return error === null ? lesson : { error };
}

/** What is wrong with the tape that it begins with, or with a line that a step puts on it and that names no fact. */
function tapeError(lesson: Lesson): string | null {
  const tape = startTape(lesson);
  const begun = parseTape(tapes, tape);
  if (!begun.ok) return `start, line ${begun.line} of the tape: ${begun.error}`;
  const from = Math.max(lesson.start.ms, (begun.tape.actions.at(-1)?.at ?? 0) / 1000).toFixed(3);
  const lines = lesson.steps.flatMap(({ id, ...step }) =>
    step.kind === 'act' ? plainLines(step.action).map((line) => ({ id, line })) : [],
  );
  // All at once: a node that one of them adds is one that the next may crash.
  const read = parseTape(tapes, tape + lines.map(({ line }) => `${from} ${line}\n`).join(''));
  if (read.ok) return null;
  const wrong = lines[read.line - tape.split('\n').length];
  return `step ${wrong?.id}, "${wrong?.line}": ${read.error}`;
}

/** Lines that name no fact, without the braces of what is no template. */
const plainLines = (action: ScriptAction): readonly string[] =>
  action.flatMap((line) => {
    if (typeof line !== 'string' || line.replaceAll(/\{\{|\}\}/g, '').includes('{')) return [];
    return [line.replaceAll(/\{\{|\}\}/g, (two) => two.charAt(0))];
  });
