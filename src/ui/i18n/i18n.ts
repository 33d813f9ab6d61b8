// Every visible string by key, in English and 中文. `t` is typed: a key that does not exist or a parameter that the
// text does not name is a compile error. Plurals by Intl (`key_one`, `key_other`, parameter `count`). The first
// picture's texts are here from the start; an area that loads later brings its own (`defineTexts`) and adds their type
// to `Catalogue`.

import { useStore } from 'zustand';
import type { Language } from '../../state/settings-store.ts';
import { en } from './en.ts';
import { addTexts, catalogueOf, findText, languageStore } from './texts.ts';

type FirstTexts = typeof en;
/** Every key there is. An area's texts join by declaration merging, beside their `defineTexts`. */
export interface Catalogue extends FirstTexts {}
type RawKey = keyof Catalogue;
type BaseOf<K extends string> = K extends `${infer Base}_one` | `${infer Base}_other` ? Base : K;
export type MessageKey = BaseOf<RawKey>;

type Named<Text extends string> = Text extends `${string}{{${infer Name}}}${infer Rest}`
  ? Name | Named<Rest>
  : never;
/** Found by its one key: whole catalogues are too long to be compared. */
type RawText<K extends string> = Catalogue extends { readonly [P in K]: infer Text extends string }
  ? Text
  : never;
type TextOf<K extends MessageKey> = [RawText<K>] extends [never] ? RawText<`${K}_other`> : RawText<K>;
export type MessageParams<K extends MessageKey> = Readonly<Record<Named<TextOf<K>>, string | number>>;

/** Keys whose text has no parameters: what tables of labels may name. */
export type PlainKey = {
  [K in MessageKey]: [Named<TextOf<K>>] extends [never] ? K : never;
}[MessageKey];

export type Translate = <K extends MessageKey>(
  key: K,
  ...params: [Named<TextOf<K>>] extends [never] ? [] : [params: MessageParams<K>]
) => string;

addTexts({ en, zh: {} });

/** The first picture's Chinese, loaded by whoever reads Chinese or searches in it; areas bring both languages. */
let chinese: Promise<void> | null = null;
let hasChinese = false;

export function loadChinese(): Promise<void> {
  chinese ??= import('./zh.ts').then(({ zh }) => {
    addTexts({ en, zh });
    hasChinese = true;
  });
  return chinese;
}

type Params = Readonly<Record<string, string | number>>;

/** A key in a language that need not be the page's; the key itself where nobody knows it. */
export function translateIn(language: Language, key: string, params: Params): string {
  const count = typeof params.count === 'number' ? params.count : null;
  const text = findText(language, key, count) ?? key;
  const said = text.replace(/\{\{(\w+)\}\}/g, (_whole, name: string) => String(params[name] ?? ''));
  // Chinese has a space beside Latin names only, and a parameter may be either.
  return language === 'en' ? said : said.replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '');
}

const translate = (key: string, params: Params): string => translateIn(currentLanguage(), key, params);

export const t: Translate = (key, ...params) => translate(key, params[0] ?? {});

/** For keys that come from data (a progress bar of the lab): the key itself shows when it is unknown. */
export const translateLoose = (key: string, params: Params): string => translate(key, params);

/** A key's text in every language there is: what a search looks through. */
export const textInBoth = (key: string): readonly string[] =>
  (['en', 'zh-CN'] as const).flatMap((language) => catalogueOf(language).get(key) ?? []);

export function detectLanguage(languages: readonly string[]): Language {
  return languages[0]?.startsWith('zh') === true ? 'zh-CN' : 'en';
}

/** Changes at once when the texts are there, else as soon as they are. */
export function setLanguage(language: Language): Promise<void> {
  if (language === 'zh-CN' && !hasChinese) return loadChinese().then(() => setLanguage(language));
  document.documentElement.lang = language;
  languageStore.setState({ language });
  return Promise.resolve();
}

export const currentLanguage = (): Language => languageStore.getState().language;

/** Subscribes the component to the language and gives it `t`. */
export function useT(): Translate {
  useStore(languageStore);
  return t;
}
