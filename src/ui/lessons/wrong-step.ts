// *Report a mistake* beside a step of a lesson: which step is on the screen, and what is sent of it. Pure.

import type { Lesson, LessonStep } from '../../lessons/format.ts';
import { type Spoken, type StepPart, textsOf } from '../../lessons/spoken.ts';
import type { LessonSession } from '../../state/lesson-store.ts';
import type { Said } from '../story/wrong-report.ts';
import { wordsOf } from './words.ts';

/** The step whose words stand in the card; null: there is none, or a challenge. */
export function shownStep(
  session: Pick<
    LessonSession,
    'lesson' | 'phase' | 'challenge' | 'question' | 'compared' | 'free' | 'asked' | 'did' | 'said'
  >,
): { readonly index: number; readonly part: StepPart } | null {
  const { lesson, phase, challenge, question, compared, free, asked, did, said } = session;
  if (phase === 'done' || challenge !== null) return null;
  const isAnswer = question === null && compared !== null;
  const shown: LessonStep | null = isAnswer ? compared.step : (question ?? free ?? asked ?? did ?? said);
  const index = lesson.steps.findIndex(({ id }) => id === shown?.id);
  return index < 0 ? null : { index, part: isAnswer ? 'reveal' : 'step' };
}

/** Its words as they are on the screen, and its claims with what they are now. */
export function saidOf({ id, steps }: Lesson, index: number, part: StepPart, { claims }: Spoken): Said {
  const step = steps[index];
  const texts = step === undefined ? [] : textsOf(step, part).slice(0, 1);
  return {
    text: texts.map(wordsOf).join(' '),
    claims: claims.map(({ claim, value, isSo }) => ({
      kind: 'lesson',
      lesson: id,
      step: step?.id ?? '',
      claim,
      value,
      isSo,
    })),
    step: `${id} ${step?.id ?? ''}`,
  };
}
