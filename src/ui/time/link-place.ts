// Parameters of a link besides its tape: `&at=` the number of an event, `&lens=`, `&sel=` a node, `&lang=`.
// `at` is sought by the story, the language is set before the first picture.

import { runStore } from '../../state/run-store.ts';
import { selectionStore } from '../../state/selection-store.ts';
import { settingsStore } from '../../state/settings-store.ts';
import { currentLanguage } from '../i18n/i18n.ts';

import './texts.ts';

/** What is appended to a link so that it opens where one stands now. */
export function placeOfLink(): string {
  const last = runStore.getState().picked.total - 1;
  const [sel] = selectionStore.getState().nodes;
  const parts = [
    ...(last >= 0 ? [`at=${last}`] : []),
    `lens=${settingsStore.getState().lens}`,
    ...(sel === undefined ? [] : [`sel=${encodeURIComponent(sel)}`]),
    `lang=${currentLanguage() === 'zh-CN' ? 'zh' : 'en'}`,
  ];
  return parts.map((part) => `&${part}`).join('');
}
