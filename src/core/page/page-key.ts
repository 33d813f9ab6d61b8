// Page keys (terms.md: blockKey): (relation, fork, block) packed in one ordered integer, so that key ranges of groups
// are number ranges and Maps are fast. relation < 2^23, fork < 4, block < 2^24.

declare const brand: unique symbol;
/** Ordered integer name of a page. */
export type PageKey = number & { readonly [brand]: 'PageKey' };

const BLOCKS = 0x100_0000;
const FORKS = 4;
/** Relations per group key range: relation ids are given round robin to the ranges (presets.md). */
export const RELATIONS_PER_GROUP = 0x1_0000;

export const pageKey = (relation: number, fork: number, block: number): PageKey =>
  ((relation * FORKS + fork) * BLOCKS + block) as PageKey;
export const relationOf = (key: number): number => Math.floor(key / (BLOCKS * FORKS));
export const blockOf = (key: number): number => key % BLOCKS;

/** A page in a message that people read, where no table is known by name. */
export const pageWords = (key: number): string => `block ${blockOf(key)} of relation ${relationOf(key)}`;

/** First page key of the range of the group with this index (0 for the first group). */
export const groupKeyFirst = (groupIndex: number): PageKey => pageKey(groupIndex * RELATIONS_PER_GROUP, 0, 0);

/** Relation 0 of the first group is reserved for metadata of the volume: genesis, term start, commit records (wal.md §1). */
export const VOLUME_KEY: PageKey = pageKey(0, 0, 0);
