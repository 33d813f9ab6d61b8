// What the gallery shows: a card for each preset that people are offered. One function reads them, whoever made them.

import { present } from '../../base/assert.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import { lessonEntries } from '../../lessons/catalogue.ts';
import type { LessonEntry } from '../../lessons/format.ts';
import { offeredPresets, stackOfPreset } from '../../stacks/preset-names.ts';
import { findPreset } from '../../stacks/presets.ts';
import type { PictureEntry } from '../model/picture-entry.ts';
import { type PresetLine, presetLineOf } from '../model/preset-line.ts';
import { tablesOf } from '../model/run-tables.ts';

export interface GalleryCard {
  readonly name: string;
  readonly stack: string;
  readonly cluster: ClusterSpec;
  readonly words: PresetLine;
  readonly lessons: readonly LessonEntry[];
  readonly pictures: readonly PictureEntry[];
}

/** In the order in which presets are offered: by architecture, the plainest first. */
export const galleryCards = (): readonly GalleryCard[] =>
  offeredPresets.map((name) => ({
    name,
    stack: present(stackOfPreset(name), `the stack of ${name}`),
    cluster: present(findPreset(name), name).cluster,
    words: present(presetLineOf(name), `words of ${name}`),
    pictures: (tablesOf(name).pictures ?? []).filter(({ preset }) => preset === name),
    lessons: lessonEntries.filter(({ preset }) => preset === name),
  }));

const plain = (text: string): string => text.toLowerCase().normalize('NFKD');

/** Each word that is typed stands in the preset's name, its words, a picture's name or a lesson's title, in either language. */
export function matches({ name, words, pictures, lessons }: GalleryCard, query: string): boolean {
  const said = [words, words.about, words.first, ...pictures, ...lessons.map(({ title }) => title)];
  const all = plain([name, ...said.flatMap(({ en, zh }) => [en, zh])].join(' '));
  return plain(query)
    .split(/\s+/)
    .every((word) => all.includes(word));
}
