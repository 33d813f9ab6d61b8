// A lesson as a file: JSON of what lesson-schema.ts has. A lesson of the library is three files, its words beside it by language
// (x.json, x.en.json, x.zh.json); put together they are the one file that *Save as lesson* makes (lesson-save.ts) and *Open a lesson
// file* reads. A file is foreign text: everything in it is checked, its words are there in both languages, its tape is read.

import { clusterSaid } from '../sim/cluster-said.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { mutants } from '../stacks/mutants.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { expandLesson } from './expand.ts';
import type { Lesson, ScriptAction } from './format.ts';
import { checkWritten, LESSON_FORMAT, type WrittenLesson } from './lesson-schema.ts';
import { startTape } from './start-tape.ts';

const MOST_BYTES = 4 * 1024 * 1024;

type LessonFileResult = Lesson | { readonly error: string };

/** The text of a lesson file. */
export const printLesson = (written: Omit<WrittenLesson, 'format'>): string =>
  `${JSON.stringify({ format: LESSON_FORMAT, ...written }, null, 2)}\n`;

/** Reads a lesson file; the answer to a bad one says what is wrong with it, and where. */
export function lessonOfFile(text: string): LessonFileResult {
  if (text.length > MOST_BYTES) return { error: 'the lesson file is longer than 4 MiB' };
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return { error: 'this is not JSON' };
  }
  return lessonOfData(data);
}

/** Likewise of what stands in one, or in the files of a lesson put together. */
export function lessonOfData(data: unknown): LessonFileResult {
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return { error: 'a lesson file is a JSON object' };
  const format: unknown = Reflect.get(data, 'format');
  if (format !== LESSON_FORMAT) {
    const is = typeof format === 'string' ? `it is of "${format.slice(0, 40)}"` : 'it names none';
    return { error: `the file is not of format "${LESSON_FORMAT}": ${is}` };
  }
  const written = checkWritten(data);
  if ('error' in written) return written;
  const keys = new Set<string>();
  const lesson = expandLesson(written, (key) => keys.add(key));
  const error = idError(lesson, written) ?? wordsError(written, keys) ?? tapeError(lesson);
  return error === null ? lesson : { error: `${lesson.id}, ${error}` };
}

/** What is wrong with the names by which words are found. */
function idError({ steps }: Lesson, written: WrittenLesson): string | null {
  const seen = new Set<string>();
  for (const [index, { id }] of steps.entries()) {
    const place = `step ${index + 1}`;
    const step = written.steps[index];
    if (step?.kind === 'act' && step.asks === true && step.id === undefined)
      return `${place}: a step that asks has to have an id, by which its words are found`;
    if (id === 'challenge') return `${place}: "challenge" is no id of a step, its words are others`;
    if (seen.has(id)) return `${place}: two steps have the id "${id}"`;
    seen.add(id);
  }
  return null;
}

/** What of its words is missing in a language, or belongs to nothing. */
function wordsError({ words }: WrittenLesson, keys: ReadonlySet<string>): string | null {
  if (words === undefined) return 'words: they are missing';
  for (const language of ['en', 'zh'] as const) {
    const of = words[language];
    const missing = [...keys].find((key) => of[key] === undefined);
    if (missing !== undefined) return `words.${language}: "${missing}" is missing`;
    const strange = Object.keys(of).find((key) => !keys.has(key));
    if (strange !== undefined) return `words.${language}: "${strange}" is of no step and no field`;
  }
  return null;
}

/** What is wrong with its cluster, with the tape that it begins with, or with a line that a step puts on it and that names no fact. */
function tapeError(lesson: Lesson): string | null {
  const cluster = clusterSaid(presets, lesson.start.cluster);
  if ('error' in cluster) return `start.cluster: ${cluster.error}`;
  const strange = lesson.start.broken?.find((bug) => !mutants.some(({ name }) => name === bug));
  if (strange !== undefined) return `start.broken: there is no planted bug ${strange}`;
  const tape = startTape(lesson);
  const begun = parseTape(tapes, tape);
  if (!begun.ok) return `start, line ${begun.line} of the tape: ${begun.error}`;
  const from = Math.max(lesson.start.ms, (begun.tape.actions.at(-1)?.at ?? 0) / 1000).toFixed(3);
  const lines = lesson.steps.flatMap((step, index) =>
    step.kind === 'act' ? plainLines(step.action).map((line) => ({ index, id: step.id, line })) : [],
  );
  // All at once: a node that one of them adds is one that the next may crash.
  const read = parseTape(tapes, tape + lines.map(({ line }) => `${from} ${line}\n`).join(''));
  if (read.ok) return null;
  const { index = 0, id, line } = lines[read.line - tape.split('\n').length] ?? {};
  return `step ${index + 1} "${id}", "${line}": ${read.error}`;
}

/** Lines that name no fact, without the braces of what is no template. */
const plainLines = (action: ScriptAction): readonly string[] =>
  action.flatMap((line) => {
    if (typeof line !== 'string' || line.replaceAll(/\{\{|\}\}/g, '').includes('{')) return [];
    return [line.replaceAll(/\{\{|\}\}/g, (two) => two.charAt(0))];
  });
