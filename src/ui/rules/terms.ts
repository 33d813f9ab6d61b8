// The glossary of the page: what every architecture has, and what each brings. Finds the term of a label, those that stand
// in a text, and the one at a place of it.

import type { Both } from '../i18n/both.ts';
import { stackTables } from '../stacks/tables.ts';
import { houseTerms } from './house-terms.ts';
import type { Term } from './term.ts';

export const terms: readonly Term[] = [...stackTables.flatMap((tables) => tables.terms ?? []), ...houseTerms];

const byKey = new Map(terms.map((term) => [term.key, term]));
export const termOf = (key: string): Term | undefined => byKey.get(key);

/** Latin names are whole words, an abbreviation also in the plural; `[a,b)` is any such range. */
const sourceOf = (name: string): string => {
  if (name === '[a,b)') return '\\[\\d+,\\s?\\w+\\)';
  const escaped = name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  return /[^\x20-\x7e′]/.test(name) ? escaped : `(?<![A-Za-z])${escaped}s?(?![A-Za-z′])`;
};

const named = terms
  .flatMap((term) => term.names.map((name) => ({ name, term })))
  .sort((a, b) => b.name.length - a.name.length);
const anyName = new RegExp(named.map(({ name }) => `(${sourceOf(name)})`).join('|'), 'gu');

export interface NamedTerm {
  readonly term: Term;
  /** Where it stands in the text. */
  readonly first: number;
  readonly last: number;
}

/** Every name in a text, from left to right. */
export const namesIn = (text: string): readonly NamedTerm[] =>
  [...text.matchAll(anyName)].flatMap((match) => {
    const term = named[match.slice(1).findIndex((part) => part !== undefined)]?.term;
    return term === undefined ? [] : [{ term, first: match.index, last: match.index + match[0].length }];
  });

const byLabel = new Map(terms.flatMap((term) => (term.labels ?? []).map((label) => [label, term])));

/** The term that a label as a whole stands for; its numbers do not matter. */
export function termOfLabel(label: string): Term | undefined {
  const words = label
    .replace(/[\d./−-]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return byLabel.get(label.trim()) ?? byLabel.get(words);
}

/** The terms in a text, and those that explain them, in the order of the glossary. */
export function termsIn(text: string, language: keyof Both): readonly Term[] {
  const found = new Set<Term>();
  const look = (where: string): void => {
    for (const { term } of namesIn(where)) {
      if (found.has(term)) continue;
      found.add(term);
      look(term.text[language]);
    }
  };
  look(text);
  return terms.filter((term) => found.has(term));
}

/** As its heading: as a text of this language names it, or what stands for it on its labels. */
export function headOf({ names, labels = [] }: Term, language: keyof Both): string {
  const isWanted = (name: string): boolean => /\p{Script=Han}/u.test(name) === (language === 'zh');
  const latin = language === 'zh' ? names[0] : undefined;
  return names.find(isWanted) ?? latin ?? labels.find(isWanted) ?? names[0] ?? labels[0] ?? '';
}
