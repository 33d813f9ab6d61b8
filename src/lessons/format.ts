// A lesson as it is played. It is a tape that is written as it goes: steps wait for an instant (a time, an event, a state, a
// person) and then say, do, ask or leave free. Nothing in it knows a screen; the same lesson runs headless and in the live lab
// (director.ts). How it is written is another form of the same (expand.ts), with its words beside it by language.

import type { MessageFamily } from '../core/kernel/message-label.ts';
import type { Profile } from '../presets/parameters.ts';

/** A text in both languages. */
export interface Words {
  readonly en: string;
  readonly zh: string;
}

export type Trigger =
  /** At once, when the step before is done. */
  | { readonly kind: 'next' }
  /** Virtual ms of the run. */
  | { readonly kind: 'ms'; readonly ms: number }
  /** Right after, or just before, the nth such event since the step before; `event` is a claim of an event (facts.ts). */
  | { readonly kind: 'on' | 'before'; readonly event: string; readonly nth: number }
  /** As soon as all of this is so. */
  | { readonly kind: 'when'; readonly claims: readonly string[] };

/** Messages on their way (or held), by what they are; `from` and `to` may be facts in braces. */
export interface MessageFilter {
  readonly family: MessageFamily;
  readonly from: string;
  readonly to: string;
  /** Overlaps `[first, last)`. */
  readonly lsn?: readonly [first: number, last: number];
  readonly group?: string;
}

/** Done to each message that the filter finds at that instant. */
export interface MessageAction extends MessageFilter {
  readonly message: 'drop' | 'hold' | 'release' | 'duplicate';
}

/**
 * Tape lines without their time, with facts in braces that are read at that instant, and what is done to messages. A line that asks for what is
 * not there is left out.
 */
export type ScriptAction = readonly (string | MessageAction)[];

/** What a caption points at. */
export type Focus =
  | { readonly kind: 'node'; readonly node: string }
  | { readonly kind: 'link'; readonly from: string; readonly to: string }
  /** Of a table: lenses of pages and the cards show it. */
  | { readonly kind: 'page'; readonly blockKey: number }
  /** `[first, last)` of the log. */
  | { readonly kind: 'lsns'; readonly first: number; readonly last: number };

interface StepBase {
  readonly id: string;
  readonly trigger: Trigger;
  /** Values that its words have in braces, by name: `{lsn}` is the fact `lsn` (facts.ts). */
  readonly facts: Readonly<Record<string, string>>;
  /** What its words say of the run, when its trigger has come (facts.ts). */
  readonly claims: readonly string[];
}

export interface ActStep extends StepBase {
  readonly kind: 'act';
  readonly action: ScriptAction;
  /** Present: a person does it, asked with these words; the script does it by itself. */
  readonly ask: Words | null;
  /** The lesson does not pass without it. */
  readonly isKey: boolean;
}

export interface SayStep extends StepBase {
  readonly kind: 'say';
  readonly text: Words;
  readonly focus: Focus | null;
  /** The rule that `Why?` opens. */
  readonly rule: string | null;
}

export interface Choice {
  readonly id: string;
  readonly text: Words;
}

/** A run of a status list as a prediction draws it. */
export interface DrawnRange {
  readonly first: number;
  readonly last: number;
  readonly type: RangeType;
}
export type RangeType = 'data' | 'hole' | 'sent';

/** What is asked; `answer`: where the truth is read when it is revealed, as facts and claims. */
export type Question =
  | {
      readonly form: 'choice';
      readonly options: readonly Choice[];
      /** The first whose claims are all so. */
      readonly answer: readonly { readonly option: string; readonly claims: readonly string[] }[];
    }
  | { readonly form: 'number'; readonly low: number; readonly high: number; readonly answer: string }
  /** A mark on the LSN axis. */
  | {
      readonly form: 'mark';
      readonly low: number;
      readonly high: number;
      readonly label: Words;
      readonly answer: string;
    }
  | {
      readonly form: 'ranges';
      readonly first: number;
      readonly last: number;
      readonly types: readonly RangeType[];
      readonly start: readonly DrawnRange[];
      /** A status list: `store-3 list.g1`. */
      readonly answer: string;
    }
  | {
      readonly form: 'order';
      readonly items: readonly Choice[];
      /** Each with the time at which it came about; what came at one time stays in this order, what never came is last. */
      readonly answer: readonly { readonly item: string; readonly time: string }[];
    }
  /** A node of the map for each slot. */
  | {
      readonly form: 'nodes';
      readonly slots: readonly Choice[];
      readonly nodes: readonly string[];
      readonly answer: readonly string[];
    };

/** A prediction or the truth, in the shape of its question's form. */
export type Answer = string | number | readonly string[] | readonly DrawnRange[];

export interface PredictStep extends StepBase {
  readonly kind: 'predict';
  readonly ask: Words;
  readonly hint: Words;
  readonly question: Question;
  readonly reveal: Trigger;
  /**
   * The answer that `after` speaks of, as it is in the lesson's own run; null: its words hold whatever the answer is. Where a person's run
   * comes out otherwise, `after` is not said.
   */
  readonly says: Answer | null;
  /** What the truth means, said beside it. */
  readonly after: Words;
  /** What `after` says of the run, at the reveal. */
  readonly afterClaims: readonly string[];
  readonly focus: Focus | null;
  readonly rule: string | null;
}

export interface FreeStep extends StepBase {
  readonly kind: 'free';
  readonly text: Words;
  /** Virtual ms the script lets pass, and the person has at least. */
  readonly ms: number;
  /** Tape lines offered as buttons. */
  readonly suggest: readonly { readonly text: Words; readonly line: string }[];
}

export type LessonStep = ActStep | SayStep | PredictStep | FreeStep;

export interface Challenge {
  readonly goal: Words;
  readonly hints: readonly Words[];
  /** Virtual ms and faults within which it counts as met. */
  readonly budget: { readonly faults: number; readonly ms: number };
  /** Claims: it is met once all are so. */
  readonly pass: readonly string[];
  /** Lines that meet it, each with its ms after the challenge began: the lint proves that it can be done. */
  readonly solution: readonly { readonly ms: number; readonly action: ScriptAction }[];
}

export interface LessonStart {
  /** As `clusterSaid` reads it: the name of a preset, or the lines of a cluster. */
  readonly cluster: string;
  /** Absent, as the seed's null: the cluster's own. */
  readonly profile?: Profile;
  readonly seed: number | null;
  /** Planted bugs. */
  readonly broken?: readonly string[];
  /** Parameters that differ from the cluster's. */
  readonly config?: Readonly<Record<string, number>>;
  /** Lines of the tape before the lesson begins, with their times. */
  readonly tape: readonly string[];
  /** The lesson begins here, after everything before ran at full speed. */
  readonly ms: number;
  readonly lens: string;
  readonly group: string | null;
  /** Virtual µs in a wall second. */
  readonly speed: number;
}

/** What the list of lessons shows of one. */
export interface LessonEntry {
  readonly id: string;
  readonly title: Words;
  readonly topic: Words;
  readonly level: 1 | 2 | 3;
  readonly minutes: number;
}

export interface Lesson extends LessonEntry {
  readonly rules: readonly string[];
  readonly goal: Words;
  readonly start: LessonStart;
  readonly steps: readonly LessonStep[];
  /** Claims that are so when it has been passed, beside that every prediction was right in the end. */
  readonly pass: readonly string[];
  /** What the pass asks for, in words. */
  readonly passWords: Words;
  readonly challenge: Challenge | null;
}
