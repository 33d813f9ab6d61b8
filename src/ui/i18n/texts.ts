// Where catalogues meet: the one i18next instance, and how an area that is loaded on demand adds its texts. A component
// of such an area imports its `texts.ts`, which also extends `Catalogue` (i18n.ts), so that `t` knows the keys.

import { createInstance } from 'i18next';

/** The same keys in both languages; Chinese needs no `_one`. */
export interface Texts<K extends string = string> {
  readonly en: Readonly<Record<K, string>>;
  readonly zh: Readonly<Partial<Record<K, string>>>;
}

export const instance = createInstance({
  lng: 'en',
  fallbackLng: 'en',
  initAsync: false,
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false },
  resources: {},
});
void instance.init();

/** Texts by language and key as the catalogue has them: a frame asks for the same hundred again and again. */
export const texts = new Map<string, string>();

export function addTexts({ en, zh }: Texts): void {
  instance.addResourceBundle('en', 'translation', en, true, true);
  instance.addResourceBundle('zh-CN', 'translation', zh, true, true);
  texts.clear();
}

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
