// Page keys (terms.md: blockKey): (relation, fork, block) packed in one ordered integer, so that key ranges of groups
// are number ranges and Maps are fast. relation < 2^23, fork < 4, block < 2^24.

// Fork 0 has what the relation is for, fork 1 of relation 0 the commit log, forks 2 and 3 of a table its large values and their index.

declare const brand: unique symbol;
/** Ordered integer name of a page. */
export type PageKey = number & { readonly [brand]: 'PageKey' };

const BLOCKS = 0x100_0000;
const FORKS = 4;
/** Relations per group key range: relation ids are given round robin to the ranges (presets.md). */
export const RELATIONS_PER_GROUP = 0x1_0000;

export const pageKey = (relation: number, fork: number, block: number): PageKey =>
  ((relation * FORKS + fork) * BLOCKS + block) as PageKey;
/** Relation ids are below it. */
const RELATIONS_END = 2 ** 23;
/** A fork of a relation, numbered as a relation is; fork 0 has the relation's own number. */
export const forkRelation = (relation: number, fork: number): number => fork * RELATIONS_END + relation;
/** A page of a relation, or of a fork that is numbered as one. */
export const blockKeyOf = (relation: number, block: number): PageKey =>
  relation < RELATIONS_END
    ? pageKey(relation, 0, block)
    : pageKey(relation % RELATIONS_END, Math.floor(relation / RELATIONS_END), block);
/** The number of the page's relation and fork. */
export const forkRelationOf = (key: number): number => forkRelation(relationOf(key), forkOf(key));
export const relationOf = (key: number): number => Math.floor(key / (BLOCKS * FORKS));
export const forkOf = (key: number): number => Math.floor(key / BLOCKS) % FORKS;
export const blockOf = (key: number): number => key % BLOCKS;

/** A page in a message that people read, where no table is known by name. */
export const pageWords = (key: number): string => `block ${blockOf(key)} of relation ${relationOf(key)}`;

/** First page key of the range of the group with this index (0 for the first group). */
export const groupKeyFirst = (groupIndex: number): PageKey => pageKey(groupIndex * RELATIONS_PER_GROUP, 0, 0);

/** Relation ids of a volume below this are the system's own: its counters, catalog, commit log, client table. */
export const SYSTEM_RELATIONS = 8;
const SYSTEM_END = pageKey(SYSTEM_RELATIONS, 0, 0);

/**
 * Relation ids from here on belong to tablets (placement.md PCS-36): each has TABLET_RELATIONS adjacent ones, for its rows and its indexes.
 * No tablet begins at a multiple of RELATIONS_PER_GROUP.
 */
const FIRST_TABLET = 0x70_0008;
export const TABLET_RELATIONS = 16;
export const tabletRelation = (serial: number): number => FIRST_TABLET + serial * TABLET_RELATIONS;
const TABLETS_FIRST = pageKey(FIRST_TABLET, 0, 0);

interface KeyRange {
  readonly keyFirst: number;
  readonly keyEnd: number;
}

/** A group of tablets is the only one of its volume (presets.md, `postdb-v4`). */
export const isOfTablets = ({ keyFirst }: KeyRange): boolean => keyFirst >= TABLETS_FIRST;

/** WAL-11: whether the page lies in the group. A group of tablets has the system relations of its volume, too. */
export const ownsKey = (group: KeyRange, key: number): boolean =>
  (key >= group.keyFirst && key < group.keyEnd) || (key < SYSTEM_END && isOfTablets(group));

/** Relation 0 of the first group is reserved for metadata of the volume: genesis, term start, commit records (wal.md §1). */
export const VOLUME_KEY: PageKey = pageKey(0, 0, 0);

/** Page of records that have nothing to say but themselves: locks of definitions (logindex.md LI-64), snapshots of pages (LI-51). */
export const NOTES_KEY: PageKey = pageKey(SYSTEM_RELATIONS - 1, 1, 0);
