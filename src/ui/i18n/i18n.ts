// Every visible string by key, in English and 中文 (src/words). `t` is typed: a key that does not exist or a parameter that
// the message does not take is a compile error. The first picture's words are here from the start; an area that loads
// later brings its own.

import '../../words/first.en.json';
import { useStore } from 'zustand';
import type { Language } from '../../state/settings-store.ts';
import { useWording, wordingNow } from '../../state/wording.ts';
import type { WordArguments, WordKey } from '../../words/types.ts';
import { languageStore, type Params, plainWords, sayIn } from './texts.ts';

export type MessageKey = WordKey;
type ArgumentsOf<K> = K extends keyof WordArguments ? (given: WordArguments[K]) => void : never;
/** What a key takes; of several keys what any of them takes. */
export type MessageParams<K extends MessageKey> =
  ArgumentsOf<K> extends (given: infer All) => void ? Readonly<All> : never;

/** Keys whose words take nothing: what tables of labels may name. */
export type PlainKey = Exclude<MessageKey, keyof WordArguments>;

export type Translate = <K extends MessageKey>(
  key: K,
  ...params: [K & keyof WordArguments] extends [never] ? [] : [params: MessageParams<K>]
) => string;

/** The first picture's Chinese, loaded by whoever reads Chinese or searches in it; areas bring both languages. */
let chinese: Promise<unknown> | null = null;
let hasChinese = false;

export async function loadChinese(): Promise<void> {
  chinese ??= import('../../words/first.zh.json');
  await chinese;
  hasChinese = true;
}

/** A key in a language that need not be the page's; the key itself where nobody knows it. */
export function translateIn(language: Language, key: string, params: Params): string {
  const said = sayIn(language, key, params) ?? key;
  // Chinese has a space beside Latin names only, and a parameter may be either.
  return language === 'en' ? said : said.replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '');
}

/** In plain wording a text that has one is said without the field's names: `lens.bracket.plain`. */
const isPlain = (key: string): boolean =>
  wordingNow() === 'plain' && plainWords('en', `${key}.plain`) !== undefined;

const translate = (key: string, params: Params): string =>
  translateIn(currentLanguage(), isPlain(key) ? `${key}.plain` : key, params);

export const t: Translate = (key, ...params) => translate(key, params[0] ?? {});

/** For keys that come from data (a progress bar of the lab): the key itself shows when it is unknown. */
export const translateLoose = (key: string, params: Params): string => translate(key, params);

/** A key's words in every language there is: what a search looks through. */
export const textInBoth = (key: string): readonly string[] =>
  (['en', 'zh-CN'] as const).flatMap((language) => plainWords(language, key) ?? []);

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

/** Subscribes the component to language and wording and gives it `t`. */
export function useT(): Translate {
  useStore(languageStore);
  useWording();
  return t;
}
