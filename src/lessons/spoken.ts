// A step's words as they are said, with the values that its facts have (spoken-at.ts). The page needs this, and not what reads them.

import type { JudgedClaim } from '../run-model/facts/evaluate.ts';
import type { Choice, LessonStep, Question, Words } from './format.ts';

/** Which moment of a step: its own trigger, or the reveal of a prediction. */
export type StepPart = 'step' | 'reveal';

export interface Spoken {
  /** Everything that is claimed of any run is so, and every value is there. */
  readonly isSo: boolean;
  readonly claims: readonly JudgedClaim[];
  /** By the name of the fact. */
  readonly values: Readonly<Record<string, string>>;
}

const PLACE = /\{([A-Za-z][\w-]*)\}/g;

export const OTHERWISE: Words = {
  en: 'It came out otherwise here than in the lesson’s own run, so what the lesson says of it is left out.',
  zh: '这里的结果与课程自身的运行不同，因此略去课程对它的说明。',
};

/** The names that a text has in braces, facts and nodes. */
export const placesIn = (text: string): readonly string[] =>
  [...text.matchAll(PLACE)].map(([, name = '']) => name);

const eachOf = ({ en, zh }: Words, change: (text: string) => string): Words => ({
  en: change(en),
  zh: change(zh),
});

/** What of a question is words beside what it asks. */
export function choicesOf(question: Question): readonly Choice[] {
  switch (question.form) {
    case 'choice':
      return question.options;
    case 'order':
      return question.items;
    case 'nodes':
      return question.slots;
    default:
      return [];
  }
}

function fillQuestion(question: Question, fill: (words: Words) => Words): Question {
  const filled = choicesOf(question).map((one) => ({ ...one, text: fill(one.text) }));
  switch (question.form) {
    case 'choice':
      return { ...question, options: filled };
    case 'order':
      return { ...question, items: filled };
    case 'nodes':
      return { ...question, slots: filled };
    default:
      return question;
  }
}

/** What is said at a moment of a step, its main text first. */
export const textsOf = (step: LessonStep, part: StepPart): readonly Words[] => {
  switch (step.kind) {
    case 'act':
      return step.ask === null ? [] : [step.ask];
    case 'predict':
      return part === 'step'
        ? [step.ask, step.hint, ...choicesOf(step.question).map(({ text }) => text)]
        : [step.after];
    case 'say':
    case 'free':
      return [step.text];
  }
};

/**
 * The step with its values in its words. What a step says of a run that came out otherwise is left out; what it asks for stands as it is, since
 * the lesson goes on with it.
 */
export function fillStep(step: LessonStep, part: StepPart, { isSo: holds, values }: Spoken): LessonStep {
  const fill = (words: Words): Words =>
    eachOf(words, (text) => text.replaceAll(PLACE, (place, name: string) => values[name] ?? place));
  switch (step.kind) {
    case 'act':
      return step.ask === null ? step : { ...step, ask: fill(step.ask) };
    case 'say':
      return { ...step, text: holds ? fill(step.text) : OTHERWISE };
    case 'free':
      return { ...step, text: fill(step.text) };
    case 'predict':
      return part === 'step'
        ? { ...step, ask: fill(step.ask), hint: fill(step.hint), question: fillQuestion(step.question, fill) }
        : { ...step, after: holds ? fill(step.after) : OTHERWISE };
  }
}
