/// <reference path="./library-modules.d.ts" />
// The lessons of the library as a list shows them, in the order in which they are best taken (order.json). A lesson itself is loaded
// when it is opened (load-lesson.ts).

import { entries } from 'virtual:lesson-entries';
import type { LessonEntry } from './format.ts';

export interface LibraryEntry extends LessonEntry {
  /** In which it plays; null: it lays out a cluster of its own. */
  readonly preset: string | null;
}

export const lessonEntries: readonly LibraryEntry[] = entries;
