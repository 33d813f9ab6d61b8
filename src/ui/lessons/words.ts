// A lesson's own words in the language of the screen.

import type { Words } from '../../lessons/format.ts';
import { nameParts } from '../../lessons/name-parts.ts';
import { currentLanguage } from '../i18n/i18n.ts';

export const wordsOf = ({ en, zh }: Words): string => nameParts(currentLanguage() === 'zh-CN' ? zh : en);
