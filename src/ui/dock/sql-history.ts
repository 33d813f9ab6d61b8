// Statements that were run from the console, for recall: newest last, each once, kept in this browser. Read back as untrusted text.

import { createStore } from 'zustand/vanilla';
import { siteStorage } from '../../state/site-storage.ts';

/** Statements kept; the oldest goes. */
export const HISTORY_LIMIT = 100;
/** Characters of one that is kept; a longer one is not. */
const TEXT_LIMIT = 4000;
const storageKey = 'postdb-lab:sql-history';

function readKept(): readonly string[] {
  try {
    const value: unknown = JSON.parse(siteStorage()?.getItem(storageKey) ?? '[]');
    if (!Array.isArray(value)) return [];
    return value
      .filter((text): text is string => typeof text === 'string' && text.length <= TEXT_LIMIT)
      .slice(-HISTORY_LIMIT);
  } catch {
    return [];
  }
}

export const historyStore = createStore<{ readonly texts: readonly string[] }>(() => ({ texts: readKept() }));

export function remember(text: string): void {
  if (text.length > TEXT_LIMIT) return;
  const texts = [...historyStore.getState().texts.filter((known) => known !== text), text].slice(
    -HISTORY_LIMIT,
  );
  historyStore.setState({ texts });
  try {
    siteStorage()?.setItem(storageKey, JSON.stringify(texts));
  } catch {
    // Storage refused: it is remembered as long as the page.
  }
}

/** Where recall stands: `at` counts back from the newest, 0 is what was being written, which is kept in `draft`. */
export interface Recall {
  readonly at: number;
  readonly draft: string;
}

export const NO_RECALL: Recall = { at: 0, draft: '' };

/** One statement back (1) or forward (−1) from what stands in the editor; null: there is none that way. */
export function recall(
  texts: readonly string[],
  { at, draft }: Recall,
  step: 1 | -1,
  current: string,
): { readonly text: string; readonly recall: Recall } | null {
  const next = at + step;
  if (next < 0 || next > texts.length) return null;
  const kept = at === 0 ? current : draft;
  const text = next === 0 ? kept : (texts[texts.length - next] ?? '');
  return { text, recall: { at: next, draft: kept } };
}
