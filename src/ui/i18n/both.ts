// Texts in both languages at once, whichever the page is in: what is written down for readers of either.

import { type Translate, translateIn } from './i18n.ts';
import { plainWords } from './texts.ts';

/** English and 中文; where one is empty the other serves. */
export interface Both {
  readonly en: string;
  readonly zh: string;
}

const inLanguage =
  (language: 'en' | 'zh-CN'): Translate =>
  (key, ...params) =>
    translateIn(language, key, params[0] ?? {});

/**
 * The words of a key that takes nothing, of an area that is loaded.
 * @throws Error where a language has none.
 */
export function bothOf(key: string): Both {
  const [en, zh] = [plainWords('en', key), plainWords('zh-CN', key)];
  if (en === undefined || zh === undefined)
    throw new Error(`no words for ${key} in ${en === undefined ? 'English' : '中文'}`);
  return { en, zh };
}

export const inBoth = (say: (t: Translate) => string): Both => ({
  en: say(inLanguage('en')),
  zh: say(inLanguage('zh-CN')),
});

export const ofBoth = ({ en, zh }: Both, language: 'en' | 'zh-CN'): string =>
  language === 'en' ? en || zh : zh || en;
