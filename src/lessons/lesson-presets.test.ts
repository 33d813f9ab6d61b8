// In which preset each lesson plays: the gallery says it without loading lessons.

import { expect, test } from 'vitest';
import { lessonEntries, loadLesson } from './catalogue.ts';
import { lessonPresets } from './lesson-presets.ts';

test('E25 the gallery names the preset of every lesson', async () => {
  const known: Record<string, string> = {};
  for (const { id } of lessonEntries) {
    const lesson = await loadLesson(id);
    if ('error' in lesson) throw new Error(lesson.error);
    known[id] = lesson.start.preset;
  }
  expect(lessonPresets).toEqual(known);
});
