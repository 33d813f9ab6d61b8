// The block index (WAL-31): for each page its log chain (LSNs of the retained records, ascending) and its durable page
// versions. Plain data and pure functions; bytes of versions are on disk.

import type { Time } from '../../../base/ids.ts';
import type { PageKey } from '../../page/page-key.ts';

export interface Block {
  /** LSNs of retained records, ascending. */
  readonly chain: number[];
  /** LSNs of versions that are durable whole, ascending. */
  readonly versions: number[];
  /** Highest version that was found damaged, or −1 (WAL-33). */
  lost: number;
}

/** When the oldest record not yet in a version came, by block, oldest first. */
export type DirtyBlocks = Map<PageKey, Time>;

export function blockOf(blocks: Map<PageKey, Block>, key: PageKey): Block {
  let block = blocks.get(key);
  if (!block) {
    block = { chain: [], versions: [], lost: -1 };
    blocks.set(key, block);
  }
  return block;
}

/** Index of the first item ≥ `value`. */
export function firstAtOrAbove(items: readonly number[], value: number): number {
  let high = items.length;
  if (high === 0 || (items[high - 1] as number) < value) return high;
  let low = 0;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The largest item ≤ `value`, or −1. */
export const lastNotAbove = (items: readonly number[], value: number): number =>
  items[firstAtOrAbove(items, value + 1) - 1] ?? -1;

export const newestOf = (items: readonly number[]): number => items[items.length - 1] ?? -1;

export function insertSorted(items: number[], value: number): void {
  const at = firstAtOrAbove(items, value);
  if (at === items.length) items.push(value);
  else if (items[at] !== value) items.splice(at, 0, value);
}

/** Records that no version contains. */
export const pendingRecords = (block: Block): number =>
  block.chain.length - firstAtOrAbove(block.chain, newestOf(block.versions) + 1);

/** WAL-36: what GC may drop of a block: records ≤ `records`, versions < `versions`; −1 and 0 for nothing. */
export function droppable(
  block: Block,
  pgmrpl: number,
  archivedTo: number,
  holdTo: number,
): { readonly records: number; readonly versions: number } {
  const base = lastNotAbove(block.versions, pgmrpl);
  if (base === -1) return { records: -1, versions: 0 };
  return { records: lastNotAbove(block.chain, Math.min(base, archivedTo, holdTo)), versions: base };
}

/**
 * The least PGMRPL at which `droppable` may find anything while the log is held from above `hold` on; Infinity: none until
 * a version is added. `held`: the record that has to be let go before there is more, or Infinity.
 */
export function droppableFrom(
  { chain, versions }: Block,
  hold: number,
): { readonly from: number; readonly held: number } {
  const [oldest = Infinity, next = Infinity] = versions;
  const first = chain[0] ?? Infinity;
  if (first > oldest || oldest === Infinity) return { from: next, held: Infinity };
  return first <= hold ? { from: oldest, held: Infinity } : { from: next, held: first };
}
