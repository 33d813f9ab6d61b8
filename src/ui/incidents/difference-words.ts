// What an incident shows on a side, in words: made from the difference that incidents.world.test.ts tries.

import type { Incident, Side } from '../../incidents/incident.ts';
import type { Translate } from '../i18n/i18n.ts';
import '../../words/incidents.en.json';

export function differenceWords({ difference }: Incident, side: Side, t: Translate): string {
  switch (difference.kind) {
    case 'rule':
      return t(`incident.rule.${side}`, { rule: difference.rule });
    case 'answer':
      return t('incident.answer', { session: difference.session, answer: difference[side] });
    case 'commits': {
      const [from, to] = difference.between;
      return t(`incident.commits.${side}`, { count: difference[side], from, to });
    }
    case 'events':
      return t(`incident.${difference.event}.${difference.on === side ? 'some' : 'none'}`);
  }
}

/** What is otherwise in the counterpart. */
export function counterpartWords({ counterpart }: Incident, t: Translate): string {
  if ('set' in counterpart) {
    const [name, value] = counterpart.set;
    return t('incident.breaks.set', { name, value });
  }
  return t('off' in counterpart ? 'incident.breaks.off' : 'incident.breaks.actions');
}

export const sideWords = (incident: Incident, side: Side, t: Translate): string =>
  side === 'holds' ? t('incident.holds') : counterpartWords(incident, t);
