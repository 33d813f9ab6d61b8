// The page's way to the lesson worker (host/lesson-worker.ts): which instant the lab stops at next, what is done there,
// what the truth was. Loaded with the lessons' panel only.

import type {
  BeatPart,
  ChallengeState,
  LessonEvent,
  LessonOpened,
  LessonRequest,
  ScriptOutcome,
} from '../host/lesson-messages.ts';
import type { Answer } from '../lessons/format.ts';
import { linkWorker } from './worker-link.ts';

export type { BeatPart, ScriptOutcome };

export interface LessonGuide {
  /** By id, or as a lesson file's text. */
  open(lesson: string, file: string | null): Promise<LessonOpened>;
  follow(tape: string | null, now: number): Promise<void>;
  find(beat: number, part: BeatPart): Promise<number | null>;
  fire(beat: number): Promise<readonly string[]>;
  truth(beat: number): Promise<Answer>;
  right(beat: number): Promise<void>;
  passed(): Promise<boolean>;
  script(from: number): Promise<ScriptOutcome>;
  challenge(faultsFrom: number): Promise<ChallengeState>;
  save(tape: string, now: number, title: string): Promise<string>;
  close(): void;
}

export function openGuide(onFailed: (detail: string) => void): LessonGuide {
  const worker = new Worker(new URL('../host/lesson-worker.ts', import.meta.url), { type: 'module' });
  const { ask, close } = linkWorker<LessonRequest, LessonEvent>(worker, () => {}, onFailed);
  return {
    open: (lesson, file) => ask((id) => ({ kind: 'open', id, lesson, file })),
    follow: (tape, now) => ask((id) => ({ kind: 'follow', id, tape, now })),
    find: (beat, part) => ask((id) => ({ kind: 'find', id, beat, part })),
    fire: (beat) => ask((id) => ({ kind: 'fire', id, beat })),
    truth: (beat) => ask((id) => ({ kind: 'truth', id, beat })),
    right: (beat) => ask((id) => ({ kind: 'right', id, beat })),
    passed: () => ask((id) => ({ kind: 'passed', id })),
    script: (from) => ask((id) => ({ kind: 'script', id, from })),
    challenge: (faultsFrom) => ask((id) => ({ kind: 'challenge', id, faultsFrom })),
    save: (tape, now, title) => ask((id) => ({ kind: 'save', id, tape, now, title })),
    close,
  };
}
