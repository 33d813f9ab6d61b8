// Where catalogues meet, and how an area that is loaded on demand adds its texts. A component of such an area imports its
// `texts.ts`, which also extends `Catalogue` (i18n.ts), so that `t` knows the keys.

import { createStore } from 'zustand/vanilla';
import type { Language } from '../../state/settings-store.ts';

/** The same keys in both languages; Chinese needs no `_one`. */
export interface Texts<K extends string = string> {
  readonly en: Readonly<Record<K, string>>;
  readonly zh: Readonly<Partial<Record<K, string>>>;
}

export const languageStore = createStore<{ readonly language: Language }>(() => ({ language: 'en' }));

/** Every text that has been added, by language and key. */
const catalogues: Readonly<Record<Language, Map<string, string>>> = { en: new Map(), 'zh-CN': new Map() };

export const catalogueOf = (language: Language): ReadonlyMap<string, string> => catalogues[language];

export function addTexts({ en, zh }: Texts): void {
  for (const [key, text] of Object.entries(en)) catalogues.en.set(key, text);
  for (const [key, text] of Object.entries(zh)) if (text !== undefined) catalogues['zh-CN'].set(key, text);
}

const plurals: Readonly<Record<Language, Intl.PluralRules>> = {
  en: new Intl.PluralRules('en'),
  'zh-CN': new Intl.PluralRules('zh-CN'),
};

/** In one language: the plural form of `count` where there is one, else the text of the key itself. */
function textOf(language: Language, key: string, count: number | null): string | undefined {
  const texts = catalogues[language];
  const plural = count === null ? undefined : texts.get(`${key}_${plurals[language].select(count)}`);
  return plural ?? texts.get(key);
}

/** A text with its `{{parameters}}` as they are; English where the language has none; undefined: nobody knows the key. */
export const findText = (language: Language, key: string, count: number | null): string | undefined =>
  textOf(language, key, count) ?? (language === 'en' ? undefined : textOf('en', key, count));

/** What 中文 says to English texts: every key, but one plural form. */
export type Chinese<E> = { readonly [K in keyof E as K extends `${string}_one` ? never : K]: string };

type Pair = readonly [en: string, zh: string];

/** An area's own texts by key, English and 中文 side by side, added when its module loads. `_one` is English
 *  alone: i18n.test.ts holds to it, because a type that does takes the compiler a second for a long area. */
export function defineTexts<const P extends Readonly<Record<string, Pair | string>>>(
  area: P,
): { readonly [K in keyof P]: P[K] extends readonly [infer E extends string, string] ? E : P[K] & string };
export function defineTexts(area: Readonly<Record<string, Pair | string>>): unknown {
  const en: Record<string, string> = {};
  const zh: Record<string, string> = {};
  for (const [key, text] of Object.entries(area))
    if (typeof text === 'string') en[key] = text;
    else [en[key], zh[key]] = text;
  addTexts({ en, zh });
  return en;
}
