// What the page and the lesson worker say to each other. The worker holds the lesson's own world and answers where the
// next step is, what it does and what the truth was; the lab follows.

import type { Answer, LessonStart } from '../lessons/format.ts';
import type { ScriptStep } from '../lessons/script.ts';
import type { StepPart } from '../lessons/spoken.ts';

export type LessonRequest =
  /** By its id, or a lesson file's text. */
  | { readonly kind: 'open'; readonly id: number; readonly lesson: string; readonly file: string | null }
  /** The lesson by its script, as a tape to be presented; the one that is open is not touched. */
  | { readonly kind: 'record'; readonly id: number; readonly lesson: string; readonly file: string | null }
  /** The lab is at `now` with this tape (null: as the worker knows it). */
  | { readonly kind: 'follow'; readonly id: number; readonly tape: string | null; readonly now: number }
  | { readonly kind: 'find'; readonly id: number; readonly step: number; readonly part: StepPart }
  /** What a step's words rest on, as it is now. */
  | { readonly kind: 'spoken'; readonly id: number; readonly step: number; readonly part: StepPart }
  /** A step fires: the lines it does, for the lab; they are on the worker's tape then. */
  | { readonly kind: 'fire'; readonly id: number; readonly step: number }
  /** The person is asked to do what a step does; and: whether the newest actions on the tape are those. */
  | { readonly kind: 'ask'; readonly id: number; readonly step: number }
  | { readonly kind: 'wasDone'; readonly id: number }
  | { readonly kind: 'truth'; readonly id: number; readonly step: number }
  /** The prediction was right. */
  | { readonly kind: 'right'; readonly id: number; readonly step: number }
  | { readonly kind: 'passed'; readonly id: number }
  /** The rest by the script, from a step on. */
  | { readonly kind: 'script'; readonly id: number; readonly from: number }
  /** A lesson file of this tape, as it stands at `now`. */
  | {
      readonly kind: 'save';
      readonly id: number;
      readonly tape: string;
      readonly now: number;
      readonly title: string;
    }
  | { readonly kind: 'challenge'; readonly id: number; readonly faultsFrom: number };

export interface LessonOpened {
  readonly tape: string;
  readonly startUs: number;
}

export interface ScriptOutcome {
  readonly steps: readonly ScriptStep[];
  readonly missed: readonly string[];
  readonly passed: boolean;
  readonly truths: readonly (readonly [step: string, answer: Answer])[];
}

/** A lesson as a tape that anybody can play: what its script does, with its steps as beats. */
export interface RecordedLesson {
  readonly tape: string;
  /** Where it begins. */
  readonly startUs: number;
  readonly start: Pick<LessonStart, 'lens' | 'group' | 'speed'>;
}

/** How a challenge stands. */
export interface ChallengeState {
  readonly met: boolean;
  readonly faults: number;
}

export type LessonEvent =
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly error: string };
