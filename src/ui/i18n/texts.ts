// Where words meet: the compiled messages of every area that is loaded, by language and key. A component of an area imports
// its file of src/words, which adds both languages (scripts/words.mjs).

import format from 'icu-minify/format';
import { createStore } from 'zustand/vanilla';
import type { Language } from '../../state/settings-store.ts';

export const languageStore = createStore<{ readonly language: Language }>(() => ({ language: 'en' }));

type Message = Parameters<typeof format>[0];
export type Params = Readonly<Record<string, string | number>>;

const catalogues: Readonly<Record<Language, Map<string, Message>>> = { en: new Map(), 'zh-CN': new Map() };

/** @public Called by what scripts/words.mjs makes of a file of words. */
export function addWords(language: Language, messages: Readonly<Record<string, Message>>): void {
  for (const [key, message] of Object.entries(messages)) catalogues[language].set(key, message);
}

const plurals: Readonly<Record<string, Intl.PluralRules>> = {
  en: new Intl.PluralRules('en'),
  'zh-CN': new Intl.PluralRules('zh-CN'),
};

/** Messages take names and counts: no number or date is formatted by them. */
const notTaken = (): never => {
  throw new Error('a message formats no number and no date');
};
const options: Parameters<typeof format>[3] = {
  formatters: {
    getPluralRules: (locale) => plurals[String(locale)] ?? notTaken(),
    getNumberFormat: notTaken,
    getDateTimeFormat: notTaken,
  },
};

/**
 * A key's words in a language, English where it has none; undefined where nobody knows the key.
 * @throws Error where the message takes a parameter that is not there.
 */
export function sayIn(language: Language, key: string, params: Params): string | undefined {
  const own = catalogues[language].get(key);
  const message = own ?? catalogues.en.get(key);
  if (message === undefined) return undefined;
  // The library knows rich text, which no message here has.
  return String(format(message, own === undefined ? 'en' : language, params, options));
}

/** The words of a key in a language without what they take: what a search looks through. */
export function plainWords(language: Language, key: string): string | undefined {
  const message = catalogues[language].get(key);
  return message === undefined ? undefined : plain(message).join('');
}

const plain = (part: unknown): readonly string[] => {
  if (typeof part === 'string') return [part];
  if (!Array.isArray(part)) return [];
  return part.flatMap((each: unknown) => {
    if (!Array.isArray(each)) return plain(each);
    const [, , branches] = each;
    return typeof branches === 'object' && branches !== null ? Object.values(branches).flatMap(plain) : ['…'];
  });
};
