// Parameters of a link besides its tape: `&at=` the number of an event, `&lens=` and `&tab=` of that lens, `&sel=` a node, `&lang=`.
// `at` is sought by the story, the language is set before the first picture.

import { runStore } from '../../state/run-store.ts';
import { selectionStore } from '../../state/selection-store.ts';
import { settingsStore } from '../../state/settings-store.ts';
import { currentLanguage } from '../i18n/i18n.ts';
import { tabOf } from './lens-tab.ts';
import { lensAt, lensesNow } from './registry.ts';

/** What is appended to a link so that it opens where one stands now. */
export function placeOfLink(): string {
  const last = runStore.getState().picked.total - 1;
  const [sel] = selectionStore.getState().nodes;
  const lens = lensAt(lensesNow(), settingsStore.getState().lens ?? '')?.id ?? null;
  const tab = lens === null ? null : tabOf(lens);
  const parts = [
    ...(last >= 0 ? [`at=${last}`] : []),
    ...(lens === null ? [] : [`lens=${lens}`]),
    ...(tab === null ? [] : [`tab=${tab}`]),
    ...(sel === undefined ? [] : [`sel=${encodeURIComponent(sel)}`]),
    `lang=${currentLanguage() === 'zh-CN' ? 'zh' : 'en'}`,
  ];
  return parts.map((part) => `&${part}`).join('');
}
