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

/** An area's own texts, added when its module loads. */
export function defineTexts<const E extends Readonly<Record<string, string>>>(area: {
  readonly en: E;
  readonly zh: { readonly [K in keyof E as K extends `${string}_one` ? never : K]: string };
}): E {
  addTexts(area);
  return area.en;
}
