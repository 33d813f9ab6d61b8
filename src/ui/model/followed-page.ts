// The page that is followed, as each holder has it: the cards on the map say the same. A lens of pages follows what it looks at while it is
// open; a page that a person chose to follow (`pinned`) is followed until they end it, whichever lens is open.

import { createStore } from 'zustand/vanilla';
import { frameStore } from '../../state/frame-store.ts';
import { selectionStore } from '../../state/selection-store.ts';
import type { TileState } from '../glyphs/page-tile.tsx';

/** Of all servers together: their copies of a block are one image. */
export const storageId = 'storage';

export interface FollowedPage {
  readonly name: string;
  /** Of log, or the chunk that has its stored image; null: it is not known where that lies. */
  readonly group: string | null;
  /** By node, and by `storageId`: what each has of it. */
  readonly cells: ReadonlyMap<string, { readonly lsn: number; readonly state: TileState }>;
}

export interface PinnedPage {
  readonly blockKey: number;
  /** Of several volumes; null: the cluster's own. */
  readonly volume: string | null;
  /** A run of another preset has other pages. Null: of the run that a link opens, which is not there yet. */
  readonly preset: string | null;
  /** Of a link that begins a run: the preset of that run. A link with a tape opens a replay. */
  readonly begins?: string;
}

interface Followed {
  /** Null: none, or its copies are not known yet. */
  readonly page: FollowedPage | null;
  readonly pinned: PinnedPage | null;
}

export const followedPage = createStore<Followed>(() => ({ page: null, pinned: null }));

/** From now on, until it is ended. */
export const followPage = (blockKey: number): void =>
  followedPage.setState({
    page: null,
    pinned: {
      blockKey,
      volume: selectionStore.getState().volume,
      preset: frameStore.getState().frame?.preset ?? '',
    },
  });

/** What a link names: the page of a run that is still to be opened. */
export const followLinked = (
  { blockKey, volume }: Pick<PinnedPage, 'blockKey' | 'volume'>,
  begins?: string,
): void =>
  followedPage.setState({
    page: null,
    pinned: { blockKey, volume, preset: null, ...(begins !== undefined && { begins }) },
  });

/** Whether the run that is shown is one that the page may be of: until the one that a link names is there, others are shown. */
export const mayBeOf = ({ preset, begins }: PinnedPage, shown: string, isReplay: boolean): boolean =>
  shown !== '' && (preset !== null || isReplay || begins === shown);

/** The run that is shown: another instant, branch or seed of its preset has the page as well, a run of another preset ends it. */
export function followIn(preset: string): void {
  const { pinned } = followedPage.getState();
  if (pinned === null || pinned.preset === preset) return;
  if (pinned.preset === null)
    followedPage.setState({ pinned: { blockKey: pinned.blockKey, volume: pinned.volume, preset } });
  else endFollowing();
}

export const endFollowing = (): void => followedPage.setState({ page: null, pinned: null });

/** What a lens looks at, where nobody chose another. */
export const lookAtPage = (page: FollowedPage | null): void => {
  if (followedPage.getState().pinned === null) followedPage.setState({ page });
};
