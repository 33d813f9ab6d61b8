// One entry of the glossary: what a name on the screen means. Explanations, help, *Why?*, the palette and the page
// *What is modelled* read the same entries (terms.ts). Its words stand in src/words: `term.<key>.name`, `.text`, and the names
// and labels by which it is found.

import type { LensId } from '../../state/settings-store.ts';
import { type Both, bothOf } from '../i18n/both.ts';
import { plainWords } from '../i18n/texts.ts';

export interface TermFacts {
  /** Sentences of docs/spec. */
  readonly ids: readonly string[];
  /** By the tags of docs/spec/terms.md. */
  readonly source: string;
  /** The lens where it is seen; null: all over the page. */
  readonly lens: LensId | null;
}

export interface Term extends TermFacts {
  readonly key: string;
  /** As the screen writes it, the first as its heading; found wherever it stands in a text. */
  readonly names: readonly string[];
  /** Everyday words that name it only where they are a whole label: `tail`, `whole`. */
  readonly labels: readonly string[];
  /** The Chinese gloss that stands behind the Latin name. */
  readonly gloss: string;
  /** What an abbreviation stands for, in English; empty where the name is a word. */
  readonly full: string;
  /** One plain sentence. */
  readonly text: Both;
}

/** Other spellings stand in a row, each in its own language: `page version|page versions`. */
const spellings = (key: string): readonly string[] => [
  ...new Set((['en', 'zh-CN'] as const).flatMap((language) => plainWords(language, key)?.split('|') ?? [])),
];

/** The terms of a table of facts, in its order. */
export const termsOf = (table: Readonly<Record<string, TermFacts>>): readonly Term[] =>
  Object.entries(table).map(([key, facts]) => {
    const names = spellings(`term.${key}.names`);
    const labels = [...new Set([...spellings(`term.${key}.labels`), ...spellings(`plain.${key}`)])];
    const { en, zh } = bothOf(`term.${key}.name`);
    const isSpelling = names.includes(en) || labels.includes(en) || en === key;
    return {
      key,
      ...facts,
      names,
      labels,
      gloss: zh,
      full: isSpelling ? '' : en,
      text: bothOf(`term.${key}.text`),
    };
  });
