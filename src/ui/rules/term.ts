// One entry of the glossary: what a name on the screen means. Explanations, help, *Why?*, the palette and the page
// *What is modelled* read the same entries (terms.ts).

import type { LensId } from '../../state/settings-store.ts';
import type { Bilingual } from './rule-words.ts';

export interface Term {
  readonly key: string;
  /** As the screen writes it, the first as its heading; found wherever it stands in a text. */
  readonly names: readonly string[];
  /** Everyday words that name it only where they are a whole label: `tail`, `whole`. */
  readonly labels?: readonly string[];
  /** The Chinese gloss that stands behind the Latin name. */
  readonly gloss: string;
  /** What an abbreviation stands for, in English; empty where the name is a word. */
  readonly full: string;
  /** One plain sentence. */
  readonly text: Bilingual;
  /** Sentences of docs/spec. */
  readonly ids: readonly string[];
  /** The lens where it is seen; null: all over the page. */
  readonly lens: LensId | null;
  /** By the tags of docs/spec/terms.md. */
  readonly source: string;
}

/** Names and labels are separated by `|`, ids by spaces; a gloss may have the English words of an abbreviation before it: `Garbage collection|垃圾回收`. */
export const term = (
  key: string,
  names: string,
  gloss: string,
  [en, zh]: readonly [en: string, zh: string],
  ids: string,
  lens: LensId | null,
  source: string,
  labels = '',
): Term => ({
  key,
  names: listed(names, '|'),
  labels: listed(labels, '|'),
  gloss: gloss.slice(gloss.indexOf('|') + 1),
  full: gloss.slice(0, Math.max(0, gloss.indexOf('|'))),
  text: { en, zh },
  ids: listed(ids, ' '),
  lens,
  source,
});

const listed = (text: string, by: string): readonly string[] => (text === '' ? [] : text.split(by));
