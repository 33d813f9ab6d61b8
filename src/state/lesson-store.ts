// Lessons on this screen: what was passed before (kept in localStorage, read as untrusted text, erased with the
// settings), and the lesson that is on. Who lets it go on is ui/lessons/lesson-run.ts.

import * as v from 'valibot';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { ActStep, Answer, FreeStep, Lesson, PredictStep, SayStep, Words } from '../lessons/format.ts';
import type { Grade } from '../lessons/grade.ts';
import { siteStorage } from './site-storage.ts';

const lessonProgress = v.object({
  passed: v.boolean(),
  /** Best result of its challenge, or null. */
  best: v.nullable(v.object({ faults: v.number(), ms: v.number(), hints: v.number() })),
});
export type LessonProgress = v.InferOutput<typeof lessonProgress>;
const savedProgress = v.record(v.string(), lessonProgress);

const storageKey = 'postdb-lab:lessons';

function readSaved(): Readonly<Record<string, LessonProgress>> {
  try {
    return v.parse(savedProgress, JSON.parse(siteStorage()?.getItem(storageKey) ?? '{}'));
  } catch {
    return {};
  }
}

export interface Compared {
  readonly step: PredictStep;
  /** Null: it was passed over. */
  readonly given: Answer | null;
  readonly truth: Answer;
  readonly grade: Grade | null;
  /** What is said beside the truth. */
  readonly after: Words;
}

export interface ChallengeOn {
  readonly beganAt: number;
  readonly beganTaped: number;
  readonly hints: number;
  readonly faults: number;
  readonly met: boolean;
  readonly ms: number;
}

export type LessonPhase =
  /** The lesson's cluster is being started. */
  | 'loading'
  /** On the way to the next step. */
  | 'running'
  /** Stands at a step until the person goes on. */
  | 'standing'
  | 'skipping'
  | 'done'
  | 'failed';

export interface LessonSession {
  readonly lesson: Lesson;
  readonly phase: LessonPhase;
  /** Why it failed, or null. */
  readonly error: string | null;
  /** Index of the step that comes next. */
  readonly next: number;
  /** What was said last. */
  readonly said: SayStep | null;
  readonly asked: ActStep | null;
  /** What was asked and is done, until the next step has something to say. */
  readonly did: ActStep | null;
  /** The question that waits for an answer. */
  readonly question: PredictStep | null;
  /** What was answered and not yet revealed. */
  readonly given: Answer | null;
  readonly compared: Compared | null;
  readonly free: FreeStep | null;
  /** The latest answer of each question, by step. */
  readonly results: ReadonlyMap<string, Compared>;
  /** Virtual times of the steps so far and their numbers in the list, for the timeline. */
  readonly stops: readonly { readonly at: number; readonly n: number }[];
  readonly auto: boolean;
  /** True when the script did the rest. */
  readonly byScript: boolean;
  readonly passed: boolean | null;
  readonly challenge: ChallengeOn | null;
}

/** Another run has begun: what the lesson says and asks is not of what runs now. */
export const isLeft = ({ phase, error }: LessonSession): boolean => phase === 'failed' && error === 'left';

interface LessonState {
  readonly progress: Readonly<Record<string, LessonProgress>>;
  readonly session: LessonSession | null;
}

export const lessonStore = createStore<LessonState>(() => ({ progress: readSaved(), session: null }));

export function useLesson<T>(select: (state: LessonState) => T): T {
  return useStore(lessonStore, select);
}

export const setSession = (session: LessonSession | null): void => lessonStore.setState({ session });

export function changeSession(change: Partial<LessonSession>): void {
  const { session } = lessonStore.getState();
  if (session !== null) lessonStore.setState({ session: { ...session, ...change } });
}

export function recordProgress(id: string, change: Partial<LessonProgress>): void {
  const { progress } = lessonStore.getState();
  const known = progress[id] ?? { passed: false, best: null };
  const next = { ...progress, [id]: { ...known, ...change } };
  lessonStore.setState({ progress: next });
  try {
    siteStorage()?.setItem(storageKey, JSON.stringify(next));
  } catch {
    // Storage refused: it lasts as long as the page.
  }
}

export function forgetLessons(): void {
  lessonStore.setState({ progress: {} });
  try {
    siteStorage()?.removeItem(storageKey);
  } catch {
    // Nothing was kept then.
  }
}
