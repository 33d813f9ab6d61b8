// What is wrong with the time of *Run until*, in the language of the page. Pure.

import type { Translate } from '../i18n/i18n.ts';
import { millis } from '../kit/format.ts';
import '../../words/story/until.en.json';

/** Why nothing can be run to this time (ms, as it was typed); empty: it can. `nowUs`: where the run stands. */
export function timeFault(text: string, nowUs: number, t: Translate): string {
  if (!/^\d+(\.\d+)?$/.test(text)) return t('until.fault.noTime');
  return Math.round(Number(text) * 1000) > nowUs ? '' : t('until.fault.past', { time: millis(nowUs) });
}
