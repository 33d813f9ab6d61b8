/// <reference path="./library-modules.d.ts" />
// A lesson of the library, loaded by itself. That its files are right is a test's matter (lesson-data.test.ts), so nothing that checks
// them is loaded with it.

import { lessons } from 'virtual:lesson-library';
import { expandLesson } from './expand.ts';
import type { Lesson } from './format.ts';

export async function loadLesson(id: string): Promise<Lesson | { readonly error: string }> {
  const written = Object.hasOwn(lessons, id) ? await lessons[id]?.() : undefined;
  return written === undefined ? { error: `there is no lesson ${id}` } : expandLesson(written.default);
}
