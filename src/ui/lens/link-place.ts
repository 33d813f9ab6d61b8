// Parameters of a link besides its tape: `&at=` a virtual time, `&lens=` and `&tab=` of that lens, `&sel=` a node, `&page=` the
// page that is followed on the map (`65539`, in another volume than the cluster's own `65539@v2`), `&figures=` plain or expert, `&lang=`. `at` is read by
// story/link-moment.ts, the language is set before the first picture.

import { frameStore } from '../../state/frame-store.ts';
import { selectionStore } from '../../state/selection-store.ts';
import { settingsStore } from '../../state/settings-store.ts';
import { type Wording, wordings } from '../../state/wording.ts';
import { currentLanguage } from '../i18n/i18n.ts';
import { millis } from '../kit/format.ts';
import { followedPage, type PinnedPage } from '../model/followed-page.ts';
import type { LensEntry } from './lens-entry.ts';
import { shownPart } from './lens-part.ts';
import { findLens, lensAt, lensesNow } from './registry.ts';

interface LinkedPlace {
  readonly lens: LensEntry | null;
  /** One that the lens does not have is its first. */
  readonly tab: string | null;
  readonly node: string | null;
  readonly page: Pick<PinnedPage, 'blockKey' | 'volume'> | null;
  readonly wording: Wording | null;
}

const names = /^[\w-]{1,40}$/;

/** What a link names; what no lab can have is passed over. */
export function readPlace(params: ReadonlyMap<string, string>): LinkedPlace {
  const lens = findLens(params.get('lens') ?? '') ?? null;
  const tab = params.get('tab') ?? '';
  const node = params.get('sel') ?? '';
  return {
    lens,
    tab: lens !== null && /^\w{1,20}$/.test(tab) ? tab : null,
    node: names.test(node) ? node : null,
    page: readPage(params.get('page') ?? ''),
    wording: wordings.find((one) => one === params.get('figures')) ?? null,
  };
}

function readPage(text: string): LinkedPlace['page'] {
  const [key = '', volume = null, ...more] = text.split('@');
  const blockKey = Number(key);
  if (!/^\d{1,16}$/.test(key) || !Number.isSafeInteger(blockKey) || more.length > 0) return null;
  return volume === null || names.test(volume) ? { blockKey, volume } : null;
}

const pageParam = ({ blockKey, volume }: PinnedPage): string =>
  `page=${blockKey}${volume === null ? '' : `@${volume}`}`;

/** What is appended to a link so that it opens where one stands now. */
export function placeOfLink(): string {
  const { frame } = frameStore.getState();
  const [sel] = selectionStore.getState().nodes;
  const settings = settingsStore.getState();
  const lens = lensAt(lensesNow(), settings.lens ?? '')?.id ?? null;
  const tab = lens === null ? null : shownPart(lens);
  const { pinned } = followedPage.getState();
  const parts = [
    ...(frame === null ? [] : [`at=${millis(frame.time)}`]),
    ...(lens === null ? [] : [`lens=${lens}`]),
    ...(tab === null ? [] : [`tab=${tab}`]),
    ...(sel === undefined ? [] : [`sel=${sel}`]),
    ...(pinned === null ? [] : [pageParam(pinned)]),
    `figures=${settings.wording}`,
    `lang=${currentLanguage() === 'zh-CN' ? 'zh' : 'en'}`,
  ];
  return parts.map((part) => `&${part}`).join('');
}
