// What is sent of a step that says what is not so: the step that stands in the card, its claims with their values, on top of a tape.

import { expect, test } from 'vitest';
import type { Lesson } from '../../lessons/format.ts';
import { loadLesson } from '../../lessons/load-lesson.ts';
import type { Compared } from '../../state/lesson-store.ts';
import { wrongReport } from '../story/wrong-report.ts';
import { saidOf, shownStep } from './wrong-step.ts';

async function h01(): Promise<Lesson> {
  const lesson = await loadLesson('H01');
  if ('error' in lesson) throw new Error(lesson.error);
  return lesson;
}

test('the step in the card: a question until it is answered, then its answer; none in a challenge', async () => {
  const lesson = await h01();
  const predict = lesson.steps.find(({ kind }) => kind === 'predict');
  const said = lesson.steps.find(({ kind }) => kind === 'say');
  if (predict?.kind !== 'predict' || said?.kind !== 'say') throw new Error('H01 asks and says');
  const none = {
    lesson,
    phase: 'standing',
    challenge: null,
    question: null,
    compared: null,
    free: null,
    asked: null,
    did: null,
    said: null,
  } as const;
  const index = lesson.steps.indexOf(predict);
  const compared = { step: predict } as unknown as Compared;
  expect(shownStep(none)).toBeNull();
  expect(shownStep({ ...none, said })).toEqual({ index: 0, part: 'step' });
  expect(shownStep({ ...none, said, question: predict })).toEqual({ index, part: 'step' });
  expect(shownStep({ ...none, said, compared })).toEqual({ index, part: 'reveal' });
  expect(shownStep({ ...none, said, phase: 'done' })).toBeNull();
  const challenge = { beganAt: 0, beganTaped: 0, hints: 0, faults: 0, met: false, ms: 0 };
  expect(shownStep({ ...none, said, challenge })).toBeNull();
});

test('the report has the step, its words, its claims with their values, and the moment', async () => {
  const lesson = await h01();
  const said = saidOf(lesson, 0, 'step', {
    isSo: false,
    values: {},
    claims: [{ claim: 'holes = 0', isOwn: false, isSo: false, value: 2 }],
  });
  expect(wrongReport(said, 40_500, 'postdb-tape 1\n').split('\n').slice(0, 5)).toEqual([
    expect.stringMatching(/^# this is wrong: Three replicas keep the log\./),
    '# step H01 three-replicas',
    '# at 40.500 ms',
    '# claim {"kind":"lesson","lesson":"H01","step":"three-replicas","claim":"holes = 0","value":2,"isSo":false}',
    'postdb-tape 1',
  ]);
});
