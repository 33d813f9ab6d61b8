// Texts in both languages at once, whichever the page is in: what is written down for readers of either.

import { type Translate, translateIn } from './i18n.ts';

/** English and 中文; where one is empty the other serves. */
export interface Both {
  readonly en: string;
  readonly zh: string;
}

const inLanguage =
  (language: 'en' | 'zh-CN'): Translate =>
  (key, ...params) =>
    translateIn(language, key, params[0] ?? {});

export const inBoth = (say: (t: Translate) => string): Both => ({
  en: say(inLanguage('en')),
  zh: say(inLanguage('zh-CN')),
});

export const ofBoth = ({ en, zh }: Both, language: 'en' | 'zh-CN'): string =>
  language === 'en' ? en || zh : zh || en;
