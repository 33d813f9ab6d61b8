// Every lesson can be presented, from step to step, in both languages.

import { expect, test } from 'vitest';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { readBeat } from '../sim/beat.ts';
import { lessonEntries } from './catalogue.ts';
import type { Lesson } from './format.ts';
import { lessonBeats } from './lesson-beats.ts';
import { loadLesson } from './load-lesson.ts';
import { nameParts } from './name-parts.ts';
import { runScript } from './script.ts';

const lessons: Lesson[] = [];
for (const { id } of lessonEntries) {
  const lesson = await loadLesson(id);
  if ('error' in lesson) throw new Error(lesson.error);
  lessons.push(lesson);
}

test.each(lessons.map((lesson) => [lesson.id, lesson] as const))(
  '%s: each step that says or asks is a beat, a prediction two',
  (_id, lesson) => {
    const stops = lesson.steps.flatMap(({ id, kind }, i) => {
      const once = { step: id, until: i * 1000, spoken: null };
      return kind === 'predict' || kind === 'free' ? [once, { ...once, until: i * 1000 + 500 }] : [once];
    });
    const beats = lessonBeats(lesson, stops).map(readBeat);
    const shown = lesson.steps.filter(
      (step) => step.kind !== 'free' && (step.kind !== 'act' || step.ask !== null),
    );
    const predicted = shown.filter(({ kind }) => kind === 'predict');
    expect(beats.length).toBe(shown.length + predicted.length);
    const times = beats.map(({ at }) => at);
    expect([...new Set(times)].sort((a, b) => a - b)).toEqual(times);
    for (const { en, zh } of beats.flatMap(({ title, answers }) => [title, ...answers])) {
      expect(en).not.toBe('');
      expect(zh).toMatch(/\p{Script=Han}|^[\w–. -]+$/u);
    }
  },
);

test('H01 as its script plays it: what is asked before the answer is known, then what it means', async () => {
  const [lesson] = lessons;
  if (lesson?.id !== 'H01') throw new Error('the first lesson is another');
  const run = runScript(lesson, await loadSqlEdge());
  const beats = lessonBeats(lesson, run.steps).map(readBeat);
  expect(beats.map(({ title }) => title.en.slice(0, 28))).toEqual([
    'Three replicas keep the log.',
    'The INSERT made log up to LS',
    'Acknowledged: the commit at ',
    'The next INSERT made log up ',
    'The hole is [108, 112), and ',
    'store-3 asks another replica',
    'store-2 has filled the hole:',
  ]);
  expect(beats[1]?.title.en).toContain('for store-3 is still on its way. Drop it.');
  expect(beats.at(-1)?.notes.en).toMatch(/^Your turn/);
  expect(beats[0]?.at).toBe(lesson.start.ms * 1000);
});

test('steps at one instant are one beat with all that they say', () => {
  const [lesson] = lessons;
  const [first, , second] = lesson?.steps ?? [];
  if (lesson === undefined || first === undefined || second === undefined) throw new Error('no such steps');
  const [mark, ...more] = lessonBeats(lesson, [
    { step: first.id, until: 7, spoken: null },
    { step: second.id, until: 7, spoken: null },
  ]);
  expect(more).toEqual([]);
  if (mark === undefined || first.kind !== 'say' || second.kind !== 'say')
    throw new Error('they say nothing');
  expect(readBeat(mark).title).toEqual({
    en: nameParts(`${first.text.en} ${second.text.en}`),
    zh: nameParts(`${first.text.zh}${second.text.zh}`),
  });
});
