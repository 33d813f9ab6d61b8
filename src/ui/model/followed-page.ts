// The page that a lens of pages looks at, as each holder has it: the cards on the map say the same while the lens is open.

import { createStore } from 'zustand/vanilla';
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

export const followedPage = createStore<{ readonly page: FollowedPage | null }>(() => ({ page: null }));
