// The page's way to the lesson worker (host/lesson-worker.ts): which instant the lab stops at next, what is done there,
// what the truth was. Loaded with the lessons' panel only.

import type {
  ChallengeState,
  LessonEvent,
  LessonOpened,
  LessonRequest,
  RecordedLesson,
  ScriptOutcome,
} from '../host/lesson-messages.ts';
import type { Answer } from '../lessons/format.ts';
import type { Spoken, StepPart } from '../lessons/spoken.ts';
import { linkWorker } from './worker-link.ts';

export type { RecordedLesson, ScriptOutcome };

export interface LessonGuide {
  /** By id, or as a lesson file's text. */
  open(lesson: string, file: string | null): Promise<LessonOpened>;
  record(lesson: string, file: string | null): Promise<RecordedLesson>;
  follow(tape: string | null, now: number): Promise<void>;
  find(step: number, part: StepPart): Promise<number | null>;
  spoken(step: number, part: StepPart): Promise<Spoken>;
  fire(step: number): Promise<readonly string[]>;
  ask(step: number): Promise<void>;
  wasDone(): Promise<boolean>;
  truth(step: number): Promise<Answer>;
  right(step: number): Promise<void>;
  passed(): Promise<boolean>;
  script(from: number): Promise<ScriptOutcome>;
  challenge(faultsFrom: number): Promise<ChallengeState>;
  save(tape: string, now: number, title: string): Promise<string>;
  close(): void;
}

export function openGuide(onFailed: (detail: string) => void): LessonGuide {
  const worker = new Worker(new URL('../host/lesson-worker.ts', import.meta.url), { type: 'module' });
  const { ask: request, close } = linkWorker<LessonRequest, LessonEvent>(worker, () => {}, onFailed);
  return {
    open: (lesson, file) => request((id) => ({ kind: 'open', id, lesson, file })),
    record: (lesson, file) => request((id) => ({ kind: 'record', id, lesson, file })),
    follow: (tape, now) => request((id) => ({ kind: 'follow', id, tape, now })),
    find: (step, part) => request((id) => ({ kind: 'find', id, step, part })),
    spoken: (step, part) => request((id) => ({ kind: 'spoken', id, step, part })),
    fire: (step) => request((id) => ({ kind: 'fire', id, step })),
    ask: (step) => request((id) => ({ kind: 'ask', id, step })),
    wasDone: () => request((id) => ({ kind: 'wasDone', id })),
    truth: (step) => request((id) => ({ kind: 'truth', id, step })),
    right: (step) => request((id) => ({ kind: 'right', id, step })),
    passed: () => request((id) => ({ kind: 'passed', id })),
    script: (from) => request((id) => ({ kind: 'script', id, from })),
    challenge: (faultsFrom) => request((id) => ({ kind: 'challenge', id, faultsFrom })),
    save: (tape, now, title) => request((id) => ({ kind: 'save', id, tape, now, title })),
    close,
  };
}

/** A lesson as a tape, its steps as marks, to be presented or embedded; `file`: the text of one that is none of the catalogue's. */
export async function recordLesson(lesson: string, file: string | null): Promise<RecordedLesson> {
  let close = (): void => undefined;
  try {
    return await new Promise<RecordedLesson>((resolve, reject) => {
      const guide = openGuide((detail) => reject(new Error(detail)));
      close = guide.close;
      guide.record(lesson, file).then(resolve, reject);
    });
  } finally {
    close();
  }
}
