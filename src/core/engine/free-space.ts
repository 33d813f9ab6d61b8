// A heap's free-space map (terms.md: FSM): the room every block had when it was last seen, under a tree of maxima, so that
// the first block with enough room is found in a few steps. Choosing the lowest keeps the rows together at the front.
// It is a hint and nothing stores it: after a restart nothing is known, and blocks are learned as they are read, or by
// looking at those still unknown, each at most once.

import { present } from '../../base/assert.ts';

const FIRST_CAPACITY = 16;
const UNKNOWN = 0;

export interface FreeSpaceMap {
  /**
   * A binary tree of maxima, its root at 1; block b is leaf capacity + b, where half of the array is capacity. A leaf is
   * UNKNOWN or 1 + bytes of room. Not bytes, because a clone shares those.
   */
  tree: Int32Array;
  /** No block below it is unknown, but for block 0, which holds no rows. */
  learned: number;
  /** Blocks from here on are not remembered: rows go where the last one went, or onto a new page. */
  readonly limit: number;
}

export const makeFreeSpace = (limit: number): FreeSpaceMap => ({
  tree: new Int32Array(2 * FIRST_CAPACITY),
  learned: 1,
  limit,
});

const at = (tree: Int32Array, index: number): number => present(tree[index], 'a node of the free-space map');

/** The room as far as is known, or null. */
export function roomOf({ tree }: FreeSpaceMap, block: number): number | null {
  const capacity = tree.length / 2;
  const leaf = block < capacity ? at(tree, capacity + block) : UNKNOWN;
  return leaf === UNKNOWN ? null : leaf - 1;
}

export function setRoom(map: FreeSpaceMap, block: number, room: number): void {
  if (block >= map.limit) return;
  while (block >= map.tree.length / 2) doubleCapacity(map);
  const { tree } = map;
  let index = tree.length / 2 + block;
  let value = room + 1;
  while (at(tree, index) !== value) {
    tree[index] = value;
    if (index === 1) return;
    value = Math.max(value, at(tree, index ^ 1));
    index >>= 1;
  }
}

function doubleCapacity(map: FreeSpaceMap): void {
  const old = map.tree;
  const capacity = old.length;
  const tree = new Int32Array(2 * capacity);
  tree.set(old.subarray(capacity / 2), capacity);
  for (let index = capacity - 1; index > 0; index--)
    tree[index] = Math.max(at(tree, 2 * index), at(tree, 2 * index + 1));
  map.tree = tree;
}

/** The lowest block known to have that much room, or null. */
export function blockWithRoom({ tree }: FreeSpaceMap, bytes: number): number | null {
  const wanted = bytes + 1;
  if (at(tree, 1) < wanted) return null;
  const capacity = tree.length / 2;
  let index = 1;
  while (index < capacity) {
    index *= 2;
    if (at(tree, index) < wanted) index++;
  }
  return index - capacity;
}

/** The room of the emptiest block known, −1 when none is. */
export const mostRoom = ({ tree }: FreeSpaceMap): number => at(tree, 1) - 1;

/** The lowest block below `blocks` of which nothing is known, or null. */
export function unknownBlock(map: FreeSpaceMap, blocks: number): number | null {
  const end = Math.min(blocks, map.limit);
  while (map.learned < end && roomOf(map, map.learned) !== null) map.learned++;
  return map.learned < end ? map.learned : null;
}
