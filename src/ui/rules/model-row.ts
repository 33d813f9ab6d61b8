// What the page "What is modelled" says of one part, and of one place where sources disagree.

import type { Bilingual } from './rule-words.ts';

export interface ModelRow {
  readonly id: string;
  readonly part: Bilingual;
  readonly real: Bilingual;
  readonly simplified: Bilingual;
  readonly absent: Bilingual;
  /** Sentences of docs/spec. */
  readonly ids: readonly string[];
  /** Beginnings of the slugs of the rules that this row is about; the longest one decides. *Why?* leads here. */
  readonly areas: readonly string[];
  /** Seeds and papers, by the tags of docs/spec/terms.md. */
  readonly source: string;
}

export interface Disagreement {
  readonly id: string;
  readonly text: Bilingual;
}

export const nothing: Bilingual = { en: '–', zh: '–' };
