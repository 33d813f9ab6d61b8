// State of a running lesson: what its parts share between two steps. Everything that changes it runs in one queue, one
// thing after the other.

import type { Time } from '../../base/ids.ts';
import type { Lab } from '../../lab/api.ts';
import type { LessonGuide } from '../../lab/lesson-guide.ts';
import type { Lesson, LessonStep } from '../../lessons/format.ts';
import { fillStep, type Spoken, type StepPart } from '../../lessons/spoken.ts';
import { changeSession, type LessonSession, lessonStore } from '../../state/lesson-store.ts';

/** Where the lab stops next: the instant, and which moment of which step it is. */
export interface Stop {
  readonly until: number;
  readonly step: number;
  readonly part: StepPart;
}

export interface Going {
  readonly lab: Lab;
  readonly guide: LessonGuide;
  readonly lesson: Lesson;
  /** The text of the lesson's file, or null: it is one of the library. */
  readonly file: string | null;
  stop: Stop | null;
  /** Actions on the lab's tape that the guide knows of. */
  taped: number;
  runId: string;
  closed: boolean;
  /** The run that was on before the lesson: its tape brings it back. */
  before: { readonly tape: string; readonly time: Time } | null;
  reading: ReturnType<typeof setTimeout> | null;
  readonly enqueue: (work: () => Promise<void>) => void;
}

export const sessionNow = (): LessonSession | null => lessonStore.getState().session;

export function stopReading(going: Going): void {
  if (going.reading !== null) clearTimeout(going.reading);
  going.reading = null;
}

/** The step at `index` with the values that its words speak of; it stays so in the list of steps. */
export function keepSpoken(index: number, part: StepPart, spoken: Spoken): LessonStep | null {
  const now = sessionNow();
  const step = now?.lesson.steps[index];
  if (now === null || step === undefined) return null;
  const filled = fillStep(step, part, spoken);
  changeSession({ lesson: { ...now.lesson, steps: now.lesson.steps.with(index, filled) } });
  return filled;
}
