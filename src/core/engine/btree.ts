// The B+tree of a primary key: root at block 1 for ever, leaves chained to the right, every key ends in its row's root
// position. A page that could lack room is split on the way down, as an MTR of its own (page, new page, parent, header),
// so an insert never has to split upwards and no call needs more than a handful of pages. Pages are not merged: an empty
// one stays for its key range.

import { assert } from '../../base/assert.ts';
import { trace } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import {
  btreeLevel,
  btreeNext,
  btreeRoom,
  compareEntry,
  entryBytes,
  entryChild,
  entryKey,
  lowerBound,
  maxKeyBytes,
} from '../page/btree-page.ts';
import { pageCount } from '../page/page.ts';
import { blockKeyOf } from '../page/page-key.ts';
import {
  type BtreeEntry,
  btreeDeletePayload,
  btreeInitPayload,
  btreeInsertPayload,
  btreeKeepPayload,
  OP_BTREE_DELETE,
  OP_BTREE_INIT,
  OP_BTREE_INSERT,
  OP_BTREE_KEEP,
} from '../page/redo-ops.ts';
import type { Env } from './engine-state.ts';
import { appendChanges, type Change, getPage, PageLost, reserveLog } from './pages.ts';
import { copyPageLocks } from './predicate-locks.ts';
import { countBlocks, growChange } from './relation.ts';

export const ROOT_BLOCK = 1;
/** A tree of pages with six entries or more is never deeper; more is a loop in damaged pages. */
const MAX_DEPTH = 32;

export interface Leaf {
  readonly block: number;
  readonly page: Uint8Array;
  /** Greatest separator passed on the way: nothing on this leaf is below it. Null on the leftmost path. */
  readonly lowKey: Uint8Array | null;
}

/** Entry of an inner page to go down by: the last one at or below `key` (`isBefore`: strictly below). */
function childIndex(page: Uint8Array, key: Uint8Array, isBefore: boolean): number {
  let index = lowerBound(page, key);
  if (isBefore || index >= pageCount(page) || compareEntry(page, index, key) !== 0) index--;
  return Math.max(index, 0);
}

/** The leaf where `key` belongs, or (`isBefore`) the one that may hold the greatest key below it. */
export function findLeaf(env: Env, relation: number, key: Uint8Array, isBefore = false): Leaf {
  let block = ROOT_BLOCK;
  let lowKey: Uint8Array | null = null;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const page = getPage(env, blockKeyOf(relation, block));
    if (btreeLevel(page) === 0) return { block, page, lowKey };
    const index = childIndex(page, key, isBefore);
    if (index > 0) lowKey = entryKey(page, index);
    block = entryChild(page, index);
  }
  throw new PageLost(`btree ${relation} has a loop`);
}

/** The last leaf. */
export function findLastLeaf(env: Env, relation: number): Leaf {
  let block = ROOT_BLOCK;
  let lowKey: Uint8Array | null = null;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const page = getPage(env, blockKeyOf(relation, block));
    if (btreeLevel(page) === 0) return { block, page, lowKey };
    const index = pageCount(page) - 1;
    if (index > 0) lowKey = entryKey(page, index);
    block = entryChild(page, index);
  }
  throw new PageLost(`btree ${relation} has a loop`);
}

/** The change that inserts a leaf key, after making room for it (splits are appended at once). */
export function prepareInsert(env: Env, relation: number, key: Uint8Array): Change {
  const { pageBytes } = env.engine.config;
  assert(key.length <= maxKeyBytes(pageBytes), 'the key fits');
  const innerNeed = entryBytes(maxKeyBytes(pageBytes), 1);
  const leafNeed = entryBytes(key.length, 0);
  let block = ROOT_BLOCK;
  let parent = 0;
  let parentIndex = 0;
  for (let steps = 0; steps < MAX_DEPTH * 4; steps++) {
    const page = getPage(env, blockKeyOf(relation, block));
    const level = btreeLevel(page);
    if (btreeRoom(page) < (level === 0 ? leafNeed : innerNeed)) {
      if (parent === 0) splitRoot(env, relation, page);
      else splitPage(env, relation, parent, parentIndex, block, page, key);
      block = ROOT_BLOCK;
      parent = 0;
      continue;
    }
    if (level === 0) {
      const payload = btreeInsertPayload(lowerBound(page, key), key, 0);
      return { blockKey: blockKeyOf(relation, block), op: OP_BTREE_INSERT, init: false, payload };
    }
    parent = block;
    parentIndex = childIndex(page, key, false);
    block = entryChild(page, parentIndex);
  }
  throw new PageLost(`btree ${relation} does not settle`);
}

function entriesOf(page: Uint8Array, first: number, end: number): BtreeEntry[] {
  const entries: BtreeEntry[] = [];
  const isLeaf = btreeLevel(page) === 0;
  for (let i = first; i < end; i++)
    entries.push({ key: entryKey(page, i), child: isLeaf ? 0 : entryChild(page, i) });
  return entries;
}

/** How many entries stay left: half the bytes; all but one when keys are being added at the far right. */
function splitPoint(page: Uint8Array, key: Uint8Array | null): number {
  const count = pageCount(page);
  if (key && btreeNext(page) === 0 && btreeLevel(page) === 0 && lowerBound(page, key) === count)
    return count - 1;
  const entries = entriesOf(page, 0, count);
  const level = btreeLevel(page);
  let total = 0;
  for (const entry of entries) total += entryBytes(entry.key.length, level);
  let left = 0;
  let keep = 0;
  while (keep < count - 1 && (keep === 0 || left * 2 < total)) {
    left += entryBytes((entries[keep] as BtreeEntry).key.length, level);
    keep++;
  }
  return keep;
}

const initChange = (
  relation: number,
  block: number,
  level: number,
  next: number,
  entries: readonly BtreeEntry[],
): Change => ({
  blockKey: blockKeyOf(relation, block),
  op: OP_BTREE_INIT,
  init: true,
  payload: btreeInitPayload(level, next, entries),
});

export const emptyRootChange = (relation: number): Change => initChange(relation, ROOT_BLOCK, 0, 0, []);

function splitPage(
  env: Env,
  relation: number,
  parent: number,
  parentIndex: number,
  block: number,
  page: Uint8Array,
  key: Uint8Array,
): void {
  const fresh = countBlocks(env, relation);
  const keep = splitPoint(page, key);
  const right = entriesOf(page, keep, pageCount(page));
  const separator = (right[0] as BtreeEntry).key;
  const next = has(env.mutants, 'engine.split-skips-sibling') ? btreeNext(page) : fresh;
  const split: Change[] = [
    growChange(relation, fresh + 1),
    initChange(relation, fresh, btreeLevel(page), btreeNext(page), right),
    {
      blockKey: blockKeyOf(relation, block),
      op: OP_BTREE_KEEP,
      init: false,
      payload: btreeKeepPayload(keep, next),
    },
  ];
  const entry: Change = {
    blockKey: blockKeyOf(relation, parent),
    op: OP_BTREE_INSERT,
    init: false,
    payload: btreeInsertPayload(parentIndex + 1, separator, fresh),
  };
  watchSplit(env, relation, block, fresh);
  const parts = has(env.mutants, 'engine.split-in-two-mtrs')
    ? [split, [entry]]
    : has(env.mutants, 'engine.split-parent-first')
      ? [[entry], split]
      : [[...split, entry]];
  appendInParts(env, parts);
  traceSplit(env, 'page', relation, block);
}

/** Serializable transactions that have read a page have read what leaves it. */
function watchSplit(env: Env, relation: number, from: number, to: number): void {
  const { serial } = env.engine;
  if (serial && !has(env.mutants, 'engine.split-forgets-readers'))
    copyPageLocks(serial.locks, relation, from, to);
}

/** One MTR, unless a planted bug makes two of it, which follow each other. */
function appendInParts(env: Env, parts: readonly (readonly Change[])[]): void {
  if (parts.length > 1) reserveLog(env, parts.flat().length);
  for (const part of parts) appendChanges(env, part);
}

const traceSplit = (env: Env, step: 'root' | 'page', relation: number, block: number): void =>
  trace(env.ctx, { kind: 'index.split', step, relation, block, volume: env.log.volume });

/** The root keeps its block: its entries move to two new pages one level down. */
function splitRoot(env: Env, relation: number, page: Uint8Array): void {
  const fresh = countBlocks(env, relation);
  const level = btreeLevel(page);
  const keep = splitPoint(page, null);
  const left = entriesOf(page, 0, keep);
  const right = entriesOf(page, keep, pageCount(page));
  const separator = (right[0] as BtreeEntry).key;
  for (const to of [fresh, fresh + 1]) watchSplit(env, relation, ROOT_BLOCK, to);
  const below: Change[] = [
    growChange(relation, fresh + 2),
    initChange(relation, fresh, level, fresh + 1, left),
    initChange(relation, fresh + 1, level, 0, right),
  ];
  const root = initChange(relation, ROOT_BLOCK, level + 1, 0, [
    { key: new Uint8Array(0), child: fresh },
    { key: separator, child: fresh + 1 },
  ]);
  appendInParts(env, has(env.mutants, 'engine.split-parent-first') ? [[root], below] : [[...below, root]]);
  traceSplit(env, 'root', relation, ROOT_BLOCK);
}

/** Where the leaf key is; null when it is not there. */
function findEntry(env: Env, relation: number, key: Uint8Array): { leaf: Leaf; index: number } | null {
  const leaf = findLeaf(env, relation, key);
  const index = lowerBound(leaf.page, key);
  if (index >= pageCount(leaf.page) || compareEntry(leaf.page, index, key) !== 0) return null;
  return { leaf, index };
}

export const hasEntry = (env: Env, relation: number, key: Uint8Array): boolean =>
  findEntry(env, relation, key) !== null;

/** The change that deletes a leaf key, or null when it is not there. */
export function prepareDelete(env: Env, relation: number, key: Uint8Array): Change | null {
  const found = findEntry(env, relation, key);
  if (found === null) return null;
  const { leaf, index } = found;
  return {
    blockKey: blockKeyOf(relation, leaf.block),
    op: OP_BTREE_DELETE,
    init: false,
    payload: btreeDeletePayload(index),
  };
}
