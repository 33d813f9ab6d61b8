// The truth of a question, read from the state at its reveal.

import type { FactValue } from '../run-model/facts/evaluate.ts';
import { areSo, readFact } from './facts.ts';
import type { Answer, DrawnRange, Question } from './format.ts';
import { paint } from './grade.ts';
import type { LessonState } from './lesson-state.ts';
import { rangesOf } from './short-forms.ts';

/** A fact without a value is below every scale: nobody has predicted it. */
const NOTHING = -1;

const numberOf = (value: FactValue): number =>
  value === null || !Number.isFinite(Number(value)) ? NOTHING : Number(value);

/** What of a list lies in the question's range; a position that it does not have is missing there. */
function within(ranges: readonly DrawnRange[], first: number, last: number): readonly DrawnRange[] {
  let drawn: readonly DrawnRange[] = [{ first, last, type: 'hole' }];
  for (const range of ranges) {
    const [from, to] = [Math.max(first, range.first), Math.min(last, range.last)];
    if (from < to) drawn = paint(drawn, from, to, range.type);
  }
  return drawn;
}

export function answerOf(question: Question, state: LessonState): Answer {
  const factOf = (fact: string): FactValue => readFact(state, fact);
  switch (question.form) {
    case 'choice':
      return question.answer.find(({ claims }) => areSo(state, claims))?.option ?? '';
    case 'number':
    case 'mark':
      return numberOf(factOf(question.answer));
    case 'ranges':
      return within(rangesOf(String(factOf(question.answer) ?? '')), question.first, question.last);
    case 'order': {
      const timed = question.answer.map(({ item, time }) => ({ item, at: factOf(time) }));
      const at = (time: FactValue): number => (time === null ? Number.POSITIVE_INFINITY : Number(time));
      // Two that never came are equal, and the difference of two infinities is no number.
      return timed
        .toSorted((a, b) => (at(a.at) === at(b.at) ? 0 : at(a.at) - at(b.at)))
        .map(({ item }) => item);
    }
    case 'nodes':
      return question.answer.map((fact) => String(factOf(fact) ?? ''));
  }
}
