// Text of a lesson's comparison and of its list of steps: each gap between a prediction and the truth, by name. Pure.

import type { Answer, Choice, DrawnRange, LessonStep, Question, RangeType } from '../../lessons/format.ts';
import type { Gap } from '../../lessons/grade.ts';
import type { PlainKey, Translate } from '../i18n/i18n.ts';
import { wordsOf } from './words.ts';

export const typeKeys: Readonly<Record<RangeType, PlainKey>> = {
  data: 'lessons.typeData',
  hole: 'lessons.typeHole',
  sent: 'lessons.typeSent',
};

export const rangeText = ({ first, last }: Pick<DrawnRange, 'first' | 'last'>): string =>
  `[${first},${last})`;

const choicesOf = (question: Question): readonly Choice[] => {
  switch (question.form) {
    case 'choice':
      return question.options;
    case 'order':
      return question.items;
    default:
      return [];
  }
};

/** The words of a choice; anything else stands for itself. */
export function answerText(question: Question, id: string): string {
  const choice = choicesOf(question).find((one) => one.id === id);
  return choice === undefined ? id : wordsOf(choice.text);
}

export function describeGap(question: Question, gap: Gap, t: Translate): string {
  switch (gap.kind) {
    case 'distance': {
      const { given, real } = gap;
      const by = Math.abs(given - real);
      return given > real
        ? t('lessons.gapHigh', { by, given, real })
        : t('lessons.gapLow', { by, given, real });
    }
    case 'range':
      return t('lessons.gapRange', {
        range: rangeText(gap),
        given: t(typeKeys[gap.given]),
        real: t(typeKeys[gap.real]),
      });
    case 'place': {
      const slot = question.form === 'nodes' ? question.slots[gap.place] : undefined;
      const place = slot === undefined ? t('lessons.place', { n: gap.place + 1 }) : wordsOf(slot.text);
      // A sentence within the sentence stands in quotation marks; the name of a node needs none.
      const quote = (id: string): string =>
        slot === undefined ? t('lessons.quoted', { words: answerText(question, id) }) : id;
      const given = gap.given === '' ? t('lessons.nothing') : quote(gap.given);
      return t('lessons.gapPlace', { place, given, real: quote(gap.real) });
    }
    case 'value':
      return t('lessons.gapValue', {
        given: answerText(question, gap.given),
        real: answerText(question, gap.real),
      });
  }
}

/** An answer in one line. */
export function describeAnswer(question: Question, answer: Answer, t: Translate): string {
  if (typeof answer === 'number') return String(answer);
  if (typeof answer === 'string') return answerText(question, answer);
  return answer
    .map((one) =>
      typeof one === 'string' ? answerText(question, one) : `${rangeText(one)} ${t(typeKeys[one.type])}`,
    )
    .join(' · ');
}

export type StepState = 'done' | 'now' | 'later';

export interface StepLine {
  readonly id: string;
  readonly state: StepState;
  readonly text: string;
}

/** What of a lesson is shown as steps: acts that nobody is asked for are not. What is still to come keeps its secret. */
export function stepLines(
  steps: readonly LessonStep[],
  next: number,
  isRevealed: (id: string) => boolean,
  isOver: boolean,
  t: Translate,
): readonly StepLine[] {
  const lines: StepLine[] = [];
  steps.forEach((step, index) => {
    const isPast = index < next;
    switch (step.kind) {
      case 'say':
        lines.push({
          id: step.id,
          state: isPast ? 'done' : 'later',
          text: isPast ? wordsOf(step.text) : t('lessons.watch'),
        });
        return;
      case 'act':
        if (step.ask === null) return;
        lines.push({
          id: step.id,
          state: isPast ? 'done' : 'later',
          text: isPast ? wordsOf(step.ask) : t('lessons.yourTurn'),
        });
        return;
      case 'predict': {
        const revealed = isRevealed(step.id);
        lines.push({
          id: step.id,
          state: revealed ? 'done' : isPast ? 'now' : 'later',
          text: t('lessons.predictStep'),
        });
        lines.push({ id: `${step.id}!`, state: revealed ? 'done' : 'later', text: t('lessons.compareStep') });
        return;
      }
      case 'free':
        lines.push({
          id: step.id,
          state: isOver ? 'done' : isPast ? 'now' : 'later',
          text: t('lessons.freeStep'),
        });
    }
  });
  if (isOver || lines.some(({ state }) => state === 'now')) return lines;
  // The newest that was done is what one looks at now.
  const newest = lines.findLastIndex(({ state }) => state === 'done');
  return lines.map((step, i) => (i === newest ? { ...step, state: 'now' } : step));
}
