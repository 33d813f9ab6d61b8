// A lesson as a file: made from any tape (lesson-save.ts), opened again by the lab. It is JSON that holds the tape,
// the captions with their times and what the end has to be. A file is foreign text: everything in it is checked.

import type { Tape } from '../sim/tape.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { printAction, printLine, printTape } from '../sim/tape-print.ts';
import { findPreset } from '../stacks/presets.ts';
import { actionKinds, tapes } from '../stacks/tapes.ts';
import { at, type Lesson, lesson, line, type StepDraft, say, type Words } from './format.ts';

export const LESSON_FORMAT = 'postdb-lesson 1';
export const LESSON_FILE_LIMITS = { bytes: 4 * 1024 * 1024, captions: 200, text: 400 } as const;

export interface Caption {
  readonly ms: number;
  readonly text: Words;
}

/** How the run stood at its end, and what it had been through. */
interface FilePass {
  readonly vdl: number;
  readonly openHoles: number;
  readonly violations: number;
  readonly holesOpened: number;
  readonly nodesDown: number;
}

export interface LessonFile {
  readonly format: string;
  readonly title: Words;
  readonly goal: Words;
  readonly tape: string;
  readonly endMs: number;
  readonly captions: readonly Caption[];
  /** What the run must have come to at its end. */
  readonly pass: FilePass;
}

export type LessonFileResult = Lesson | { readonly error: string };

/** Reads a lesson file; the answer to a bad one says what is wrong with it. */
export function lessonOfFile(text: string): LessonFileResult {
  if (text.length > LESSON_FILE_LIMITS.bytes) return { error: 'the lesson file is longer than 4 MiB' };
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return { error: 'this is not JSON' };
  }
  const file = checkFile(data);
  if (typeof file === 'string') return { error: file };
  const parsed = parseTape(tapes, file.tape);
  if (!parsed.ok) return { error: `tape, line ${parsed.line}: ${parsed.error}` };
  const bootUntilMs = findPreset(parsed.tape.header.preset)?.bootUntilMs ?? 0;
  return lessonOf(file, parsed.tape, bootUntilMs * 1000);
}

function lessonOf(file: LessonFile, tape: Tape, bootUntilUs: number): Lesson {
  const early = tape.actions.filter((action) => action.at < bootUntilUs);
  const steps: { readonly ms: number; readonly step: StepDraft }[] = [];
  let hasKey = false;
  for (const action of tape.actions.slice(early.length)) {
    const ms = action.at / 1000;
    const key: boolean = !hasKey && actionKinds[action.kind].isFault;
    hasKey ||= key;
    steps.push({
      ms,
      step: {
        kind: 'act',
        trigger: at.ms(ms),
        action: line(printAction(tapes, action)),
        ask: null,
        isKey: key,
      },
    });
  }
  for (const { ms, text } of file.captions) steps.push({ ms, step: say(at.ms(ms), text.en, text.zh) });
  steps.push({ ms: file.endMs, step: say(at.ms(file.endMs), file.goal.en, file.goal.zh) });
  const { pass } = file;
  const head = printTape(tapes, { header: tape.header, actions: [] }).trimEnd().split('\n');
  return lesson({
    id: 'file',
    rev: 1,
    level: 1,
    minutes: 5,
    seeds: [],
    rules: [],
    topic: { en: 'From a tape', zh: '来自磁带' },
    title: file.title,
    goal: file.goal,
    start: {
      preset: tape.header.preset,
      seed: tape.header.seed,
      head,
      tape: early.map((action) => printLine(tapes, action)),
      ms: bootUntilUs / 1000,
      lens: 'wal',
      group: null,
      speed: 1000,
    },
    steps: steps.toSorted((a, b) => a.ms - b.ms).map(({ step }) => step),
    pass: (s) =>
      (s.writer?.vdl ?? -1) >= pass.vdl &&
      s.openHoles <= pass.openHoles &&
      s.violations.length === pass.violations &&
      s.count('hole.open') >= pass.holesOpened &&
      s.count('node.down') >= pass.nodesDown,
    passWords: {
      en: `VDL reaches ${pass.vdl}, ${pass.holesOpened} holes were born and ${pass.openHoles} are left, nodes went down: ${pass.nodesDown}`,
      zh: `VDL 达到 ${pass.vdl}，出现过 ${pass.holesOpened} 个空洞、剩 ${pass.openHoles} 个，节点下线次数：${pass.nodesDown}`,
    },
  });
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= LESSON_FILE_LIMITS.text;
const isWords = (value: unknown): value is Words => isFields(value) && isText(value.en) && isText(value.zh);
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= 86_400_000;

const isCaption = (value: unknown): value is Caption =>
  isFields(value) && isTime(value.ms) && isWords(value.text);

const passFields = ['vdl', 'openHoles', 'violations', 'holesOpened', 'nodesDown'] as const;

const isPass = (value: unknown): value is FilePass =>
  isFields(value) && passFields.every((name) => Number.isSafeInteger(value[name]));

/** The file, or what is wrong with it. */
function checkFile(data: unknown): LessonFile | string {
  if (!isFields(data)) return 'a lesson file is a JSON object';
  const { format, title, goal, tape, endMs, captions, pass } = data;
  if (format !== LESSON_FORMAT) return `the file is not of format "${LESSON_FORMAT}"`;
  if (!isWords(title) || !isWords(goal)) return 'title and goal need "en" and "zh"';
  if (typeof tape !== 'string') return 'the tape is missing';
  if (!isTime(endMs)) return 'endMs is not a time';
  if (!Array.isArray(captions) || captions.length > LESSON_FILE_LIMITS.captions || !captions.every(isCaption))
    return 'captions need "ms" and "text" with "en" and "zh"';
  if (!isPass(pass)) return `pass needs ${passFields.map((name) => `"${name}"`).join(', ')}`;
  return { format, title, goal, tape, endMs, captions, pass };
}
