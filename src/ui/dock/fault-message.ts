// What is wrong with a tape that is edited, in the language of the page.

import { t } from '../i18n/i18n.ts';
import { refusalText } from '../i18n/refusal-text.ts';
import { faultWords } from '../story/until-words.ts';
import type { TapeFault } from './tape-assist.ts';

export const faultMessage = ({ why }: Pick<TapeFault, 'why'>): string =>
  'code' in why ? faultWords(why, t) : refusalText(why);
