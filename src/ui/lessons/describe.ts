// Text of a lesson's comparison and of its list of steps: each gap between a prediction and the truth, by name. Pure.

import type { Answer, Choice, DrawnRange, Question, RangeType } from '../../lessons/format.ts';
import type { Gap } from '../../lessons/grade.ts';
import type { PlainKey, Translate } from '../i18n/i18n.ts';
import { type StepItem, type StepPlace, stepItems } from './step-items.ts';
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

export interface StepLine extends Pick<StepItem, 'id' | 'state'> {
  readonly text: string;
}

/** The list of a lesson's steps. What is still to come keeps its secret, and the words of the current one stand in its card. */
export const stepLines = (place: StepPlace, t: Translate): readonly StepLine[] =>
  stepItems(place).map(({ id, state, step, isAnswer }) => {
    const text = (): string => {
      switch (step.kind) {
        case 'say':
          return state === 'done' ? wordsOf(step.text) : t('lessons.watch');
        case 'act':
          return state === 'done' && step.ask !== null ? wordsOf(step.ask) : t('lessons.yourTurn');
        case 'predict':
          return t(isAnswer ? 'lessons.compareStep' : 'lessons.predictStep');
        case 'free':
          return t('lessons.freeStep');
      }
    };
    return { id, state, text: text() };
  });
