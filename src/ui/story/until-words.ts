// Errors of a condition of "Run until …", in the language of the screen. Pure.

import type { FactFault } from '../../run-model/facts/fault.ts';
import type { Translate } from '../i18n/i18n.ts';
import { millis } from '../kit/format.ts';
import '../../words/story/until.en.json';

const whatKeys = { node: 'until.what.node', group: 'until.what.group', volume: 'until.what.volume' } as const;

export function faultWords(fault: FactFault, t: Translate): string {
  switch (fault.code) {
    case 'tooLong':
      return t('until.fault.tooLong', { limit: fault.limit });
    case 'unexpected':
      return t('until.fault.unexpected', { text: fault.text });
    case 'missing':
      return t('until.fault.missing');
    case 'expected':
      return t('until.fault.expected', { wanted: fault.wanted });
    case 'unknown': {
      const { text, known } = fault;
      return t('until.fault.unknown', { what: t(whatKeys[fault.what]), text, known });
    }
    case 'noName':
      return t('until.fault.noName', { text: fault.text, known: fault.known });
    case 'noField':
      return t('until.fault.noField', { event: fault.event, text: fault.text, known: fault.known });
    case 'notFollowed':
      return t('until.fault.notFollowed', { text: fault.text, known: fault.known });
    case 'other':
      return fault.why;
    case 'noNumber':
      return t('until.fault.noNumber');
    case 'noOperator':
      return t('until.fault.noOperator');
  }
}

/** Why nothing can be run to this time (ms, as it was typed); empty: it can. `nowUs`: where the run stands. */
export function timeFault(text: string, nowUs: number, t: Translate): string {
  if (!/^\d+(\.\d+)?$/.test(text)) return t('until.fault.noTime');
  return Math.round(Number(text) * 1000) > nowUs ? '' : t('until.fault.past', { time: millis(nowUs) });
}
