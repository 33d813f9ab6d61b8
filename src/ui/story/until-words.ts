// Errors of a condition of "Run until …", in the language of the screen. Pure.

import type { FactFault } from '../../run-model/facts/fault.ts';
import type { Translate } from '../i18n/i18n.ts';
import { millis } from '../kit/format.ts';
import '../../words/story/until.en.json';

const nothing = { limit: '', text: '', wanted: '', known: '', event: '', why: '' };

export const faultWords = (fault: FactFault, t: Translate): string =>
  t(`until.fault.${fault.code}`, { ...nothing, ...fault });

/** Why nothing can be run to this time (ms, as it was typed); empty: it can. `nowUs`: where the run stands. */
export function timeFault(text: string, nowUs: number, t: Translate): string {
  if (!/^\d+(\.\d+)?$/.test(text)) return t('until.fault.noTime');
  return Math.round(Number(text) * 1000) > nowUs ? '' : t('until.fault.past', { time: millis(nowUs) });
}
