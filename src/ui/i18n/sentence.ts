// What is put together from translated parts, with the punctuation of the language.

import type { Translate } from './i18n.ts';

export const sentence = (text: string, t: Translate): string => t('list.sentence', { text });

/** `name: text` */
export const named = (name: string, text: string, t: Translate): string => t('list.colon', { name, text });
