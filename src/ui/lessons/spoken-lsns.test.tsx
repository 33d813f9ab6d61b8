// What a lesson speaks of is what lens and cards show, and nothing is drawn of an answer before it is given.

import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { lessonEntries } from '../../lessons/catalogue.ts';
import type { PredictStep, SayStep } from '../../lessons/format.ts';
import { loadLesson } from '../../lessons/load-lesson.ts';
import { t } from '../i18n/i18n.ts';
import { windowOver } from '../lens/spoken-scope.ts';
import { cardMarks } from '../model/role-cards.ts';
import { makeHookFrame } from '../testing/hook-frame.ts';
import { MarkForm } from './mark-form.tsx';
import { spokenLsns } from './spoken-lsns.ts';
import '../../words/lessons.en.json';

/** The narrowest of the widest windows of the lenses over the log. */
const WIDEST = 256;

test('the LSNs of every question and of every caption that points at some are in the window of the lens', async () => {
  const seen = { questions: 0, captions: 0 };
  for (const { id } of lessonEntries) {
    const lesson = await loadLesson(id);
    if ('error' in lesson) throw new Error(lesson.error);
    const isInWindow = (question: PredictStep | null, said: SayStep | null): boolean => {
      const spoken = spokenLsns(question, said);
      if (spoken === null) return false;
      const { span, end } = windowOver(spoken, 32, WIDEST);
      expect([end - span <= spoken[0], spoken[1] <= end], `${id} ${spoken}`).toEqual([true, true]);
      return true;
    };
    for (const step of lesson.steps) {
      if (step.kind === 'say' && isInWindow(null, step)) seen.captions++;
      if (step.kind === 'predict' && /mark|ranges/.test(step.question.form)) {
        expect(isInWindow(step, null), `${id} ${step.id}`).toBe(true);
        seen.questions++;
      }
    }
  }
  expect(seen.questions).toBeGreaterThan(3);
  expect(seen.captions).toBeGreaterThan(1);
});

test('H07 a question goes before what was said, and a caption without LSNs leaves the lens to itself', async () => {
  const lesson = await loadLesson('H07');
  if ('error' in lesson) throw new Error(lesson.error);
  const asked = lesson.steps.find((step) => step.kind === 'predict' && step.question.form === 'mark');
  const said = lesson.steps.find((step) => step.kind === 'say');
  if (asked?.kind !== 'predict' || said?.kind !== 'say') throw new Error('H07 has both');
  expect(spokenLsns(asked, said)).toEqual([880, 1101]);
  expect(spokenLsns(null, said)).toBe(null);
});

test('a mark stands at the beginning of its axis until it is set: nowhere else is it without a hint', () => {
  const draw = (value: number | null): string =>
    renderToStaticMarkup(
      <MarkForm
        question={{
          form: 'mark',
          low: 880,
          high: 1100,
          label: { en: 'VDL', zh: 'VDL' },
          answer: 'writer vdl',
        }}
        value={value}
        onChange={() => undefined}
      />,
    );
  expect(draw(null)).toContain('--at:0%');
  expect(draw(null)).toMatch(/type="range"[^>]*value="880"/);
  expect(draw(990)).toContain('--at:50%');
});

test('a card has the watermarks of the group that is looked at first, else of the newest', () => {
  const store = makeHookFrame().nodes.find(({ id }) => id === 'store-3');
  if (store === undefined) throw new Error('the picture has its stores');
  const first = (group: string | null): string | undefined => cardMarks(store, t, group)[0]?.label;
  expect(first('g1')).toBe('SCL g1');
  expect(first('g2')).toBe('SCL g2');
  expect(first(null)).toBe('SCL g2');
  expect(first('g9')).toBe('SCL g2');
});
