// The steps of a lesson as its list and its counter have them: acts that nobody is asked for are none, and a prediction is two, the question
// and what came of it. Pure.

import type { LessonStep } from '../../lessons/format.ts';
import type { LessonSession } from '../../state/lesson-store.ts';

export type StepState = 'done' | 'now' | 'later';

export interface StepItem {
  readonly id: string;
  readonly step: LessonStep;
  /** Of a prediction: what came of it. */
  readonly isAnswer: boolean;
  readonly state: StepState;
}

/** Where a lesson stands. */
export type StepPlace = Pick<LessonSession, 'lesson' | 'next' | 'results' | 'phase' | 'asked' | 'compared'>;

/** What is asked of the person now, or else the newest that was done, is the current one. */
export function stepItems({ lesson, next, results, phase, asked, compared }: StepPlace): readonly StepItem[] {
  const isOver = phase === 'done';
  const items: StepItem[] = [];
  lesson.steps.forEach((step, index) => {
    const isPast = index < next;
    const add = (state: StepState, isAnswer = false): void => {
      items.push({ id: isAnswer ? `${step.id}!` : step.id, step, isAnswer, state });
    };
    switch (step.kind) {
      case 'say':
        add(isPast ? 'done' : 'later');
        return;
      case 'act':
        if (step.ask !== null) add(asked?.id === step.id ? 'now' : isPast ? 'done' : 'later');
        return;
      case 'predict': {
        const isRevealed = results.has(step.id);
        add(isRevealed ? 'done' : isPast ? 'now' : 'later');
        add(compared?.step.id === step.id ? 'now' : isRevealed ? 'done' : 'later', true);
        return;
      }
      case 'free':
        add(isOver ? 'done' : isPast ? 'now' : 'later');
    }
  });
  if (isOver || items.some(({ state }) => state === 'now')) return items;
  const newest = items.findLastIndex(({ state }) => state === 'done');
  return items.map((item, i) => (i === newest ? { ...item, state: 'now' } : item));
}

/** The number of a step's first line in the list. */
export const lineOf = ({ steps }: LessonSession['lesson'], index: number): number =>
  steps.slice(0, index).reduce((sum, step) => {
    if (step.kind === 'act' && step.ask === null) return sum;
    return sum + (step.kind === 'predict' ? 2 : 1);
  }, 1);

/** How many are behind, the one that one looks at among them unless it waits for the person; the number of that one, and how many there are. */
export function stepCount(place: StepPlace): {
  readonly done: number;
  readonly at: number;
  readonly of: number;
} {
  const items = stepItems(place);
  const isWaiting = ({ id, step, state, isAnswer }: StepItem): boolean => {
    if (isAnswer) return place.compared?.step.id === step.id;
    return state === 'now' && (step.kind === 'free' || step.kind === 'predict' || place.asked?.id === id);
  };
  return {
    done: items.filter((item) => item.state !== 'later' && !isWaiting(item)).length,
    at: 1 + items.findLastIndex(({ state }) => state !== 'later'),
    of: items.length,
  };
}
