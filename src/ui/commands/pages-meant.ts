// Pages of which the palette offers what can be done to them: those that are typed in full, or, where what can be done to a page is typed
// (`evict`, 淘汰), the one that is chosen and some of the buffers.

import type { FaultEntry } from '../faults/entry.ts';
import { faultRegistry } from '../faults/registry.ts';
import { textInBoth } from '../i18n/i18n.ts';
import type { Command } from './command.ts';
import { type KnownPage, pagesIn } from './known-pages.ts';
import { scoreOf } from './match.ts';

/** Pages that are offered without being named. */
const PAGES_OFFERED = 8;
/** Letters by which an act is meant: fewer begin too many words. */
const LETTERS = 3;
const HAN_LETTERS = 2;

const actOf = ({ id, label }: FaultEntry): Command => ({
  id,
  group: 'fault',
  label: '',
  keywords: [...textInBoth(label), id],
  run: () => undefined,
});

let acts: readonly Command[] | null = null;

const isAct = (word: string): boolean => {
  if (word.length < (/\p{Script=Han}/u.test(word) ? HAN_LETTERS : LETTERS)) return false;
  acts ??= faultRegistry.filter(({ target }) => target === 'page').map(actOf);
  return acts.some((act) => scoreOf(act, word) > 0);
};

/** `chosen`: the key of the page that is selected. */
export function pagesMeant(
  query: string,
  pages: readonly KnownPage[],
  chosen: number | null,
): readonly KnownPage[] {
  const named = pagesIn(query, pages);
  if (named.length > 0) return named;
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (!words.some(isAct)) return [];
  const fits = pages.filter(({ name }) => words.some((word) => name.toLowerCase().startsWith(word)));
  const rank = ({ blockKey, isBuffered }: KnownPage): number =>
    blockKey === chosen ? 0 : isBuffered ? 1 : 2;
  // tables that people make have the greatest keys
  return (fits.length > 0 ? fits : pages)
    .toSorted((a, b) => rank(a) - rank(b) || b.blockKey - a.blockKey)
    .slice(0, PAGES_OFFERED);
}
