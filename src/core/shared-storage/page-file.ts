// Pages as files (docs/spec/logindex.md LI-9): one for each fork of a relation, a page at block · pageBytes. A place that was never written
// reads as zeros, which is no page.

import { BadBytes } from '../../base/bytes.ts';
import { blockOf, forkOf, type PageKey, relationOf } from '../page/page-key.ts';
import { checkPage } from '../page/redo.ts';

export const PAGE_DIRECTORY = '/base';

export const pagePath = (key: PageKey): string => `${PAGE_DIRECTORY}/${relationOf(key)}.${forkOf(key)}`;
export const pageOffset = (key: PageKey, pageBytes: number): number => blockOf(key) * pageBytes;

/** What a file has at the page's place; null: the page was never stored. Throws BadBytes when it is no such page. */
export function storedPage(bytes: Uint8Array, key: PageKey, pageBytes: number): Uint8Array | null {
  if (bytes.every((byte) => byte === 0)) return null;
  if (bytes.length !== pageBytes) throw new BadBytes(`${bytes.length} bytes of a page`);
  checkPage(bytes, key, pageBytes);
  return bytes;
}
