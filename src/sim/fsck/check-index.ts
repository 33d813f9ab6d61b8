// Structure check of the B+tree of an index, as core/engine/btree.ts makes it (root at block 1, right sibling links,
// no high key in a page: the parent's separators bound it), and of index against heap: every entry has its row, every row
// its entry, and a scan along the leaves sees the rows that a scan of the heap sees.

import { ROOT_BLOCK } from '../../core/engine/btree.ts';
import {
  encodeKey,
  hasNullKey,
  makeTid,
  TID_BYTES,
  tidBlock,
  tidOfKey,
  tidSlot,
} from '../../core/engine/key-codec.ts';
import {
  btreeLevel,
  btreeNext,
  entryChild,
  entryKey,
  entryKeyLength,
  entryKeyStart,
} from '../../core/page/btree-page.ts';
import {
  CROSS,
  HEAP_ONLY,
  redirectFlags,
  slotOffset,
  slotType,
  slotTypes,
  tupleFlags,
} from '../../core/page/heap-page.ts';
import { pageCount, pageKinds } from '../../core/page/page.ts';
import { blockKeyOf } from '../../core/page/page-key.ts';
import type { IndexDef, Row } from '../../core/sql/access.ts';
import { isEntered, keyValueOf } from '../../core/sql/evaluate.ts';
import { isValid } from '../../core/sql/table-def.ts';
import { followChain, type Heap, nameOf, type Place } from './check-heap.ts';
import { blocksOf, type Fsck, report } from './volume-pages.ts';

/** A page of the tree with the bounds that its parent gives: low ≤ key < high. */
interface Node {
  readonly block: number;
  readonly low: Uint8Array | null;
  readonly high: Uint8Array | null;
}

interface Entry {
  readonly block: number;
  readonly index: number;
  readonly key: Uint8Array;
  readonly place: Place;
}

type Blocks = ReadonlyMap<number, Uint8Array>;

/** Byte order, a prefix before what it begins. */
function compareKeys(a: Uint8Array, b: Uint8Array): number {
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export function checkIndex(fsck: Fsck, heap: Heap, index: IndexDef): void {
  const name = nameIn(heap, index);
  const { relation } = index;
  const blocks = blocksOf(fsck, name, relation, pageKinds.btree);
  const seen = new Set<number>();
  const root = blocks.get(ROOT_BLOCK);
  if (root === undefined) return;
  let nodes: Node[] = [{ block: ROOT_BLOCK, low: null, high: null }];
  fsck.counters.levels = Math.max(fsck.counters.levels, btreeLevel(root) + 1);
  for (let level = btreeLevel(root); level >= 0; level--) {
    const below: Node[] = [];
    for (const node of nodes) checkNode(fsck, heap, index, blocks, seen, node, level, below);
    checkSiblings(fsck, heap, index, blocks, nodes);
    nodes = below;
  }
  for (const block of blocks.keys())
    if (!seen.has(block)) report(fsck, 'index.reach', name, blockKeyOf(relation, block), -1, '0');
  const entries = [...seen].flatMap((block) => {
    const page = blocks.get(block);
    return page !== undefined && btreeLevel(page) === 0 ? entriesOf(block, page) : [];
  });
  // one that is not valid yet, or for good, need not have every row
  if (isValid(index)) checkAgainstHeap(fsck, heap, index, entries, leavesPassed(blocks));
}

function checkNode(
  fsck: Fsck,
  heap: Heap,
  tree: IndexDef,
  blocks: Blocks,
  seen: Set<number>,
  { block, low, high }: Node,
  level: number,
  below: Node[],
): void {
  const name = nameIn(heap, tree);
  const key = blockKeyOf(tree.relation, block);
  const page = blocks.get(block);
  if (seen.has(block) || page === undefined) {
    report(fsck, 'index.reach', name, key, -1, page === undefined ? '→ –' : '2');
    return;
  }
  seen.add(block);
  if (btreeLevel(page) !== level) {
    report(fsck, 'index.level', name, key, -1, `${btreeLevel(page)} ≠ ${level}`);
    return;
  }
  const count = pageCount(page);
  if (level === 0) fsck.counters.leaves++;
  else fsck.counters.innerPages++;
  if (level === 0 && count === 0) fsck.counters.emptyLeaves++;
  let before: Uint8Array | null = null;
  for (let index = 0; index < count; index++) {
    // The first entry of an inner page counts as less than everything.
    const own = level > 0 && index === 0 ? low : entryKey(page, index);
    if (own !== null) {
      const isLow = low !== null && compareKeys(own, low) < 0;
      const isHigh = high !== null && compareKeys(own, high) >= 0;
      const isAfter = before === null || compareKeys(before, own) < 0;
      if (isLow || isHigh || !isAfter) report(fsck, 'index.order', name, key, index, '');
      before = own;
    }
    if (level === 0) continue;
    const next = index + 1 < count ? entryKey(page, index + 1) : high;
    below.push({ block: entryChild(page, index), low: own, high: next });
  }
}

/** Pages of one level are chained from left to right. */
function checkSiblings(fsck: Fsck, heap: Heap, tree: IndexDef, blocks: Blocks, nodes: readonly Node[]): void {
  nodes.forEach(({ block }, i) => {
    const page = blocks.get(block);
    const wanted = nodes[i + 1]?.block ?? 0;
    if (page === undefined || btreeNext(page) === wanted) return;
    const detail = `→ ${btreeNext(page)} ≠ ${wanted}`;
    report(fsck, 'index.sibling', nameIn(heap, tree), blockKeyOf(tree.relation, block), -1, detail);
  });
}

/** The leaves that a scan by key passes: from the leftmost along the sibling links. */
function leavesPassed(blocks: Blocks): ReadonlySet<number> {
  const passed = new Set<number>();
  let block = ROOT_BLOCK;
  for (let page = blocks.get(block); page !== undefined && !passed.has(block); page = blocks.get(block)) {
    const isLeaf = btreeLevel(page) === 0;
    if (isLeaf) passed.add(block);
    block = isLeaf ? btreeNext(page) : entryChild(page, 0);
  }
  return passed;
}

function entriesOf(block: number, page: Uint8Array): Entry[] {
  return Array.from({ length: pageCount(page) }, (_, index): Entry => {
    const tid = tidOfKey(page, entryKeyStart(page, index), entryKeyLength(page, index));
    const key = entryKey(page, index);
    return {
      block,
      index,
      key: key.subarray(0, key.length - TID_BYTES),
      place: { block: tidBlock(tid), slot: tidSlot(tid) },
    };
  });
}

/** `passed`: leaves that a scan by key passes. */
function checkAgainstHeap(
  fsck: Fsck,
  heap: Heap,
  tree: IndexDef,
  entries: readonly Entry[],
  passed: ReadonlySet<number>,
): void {
  const { table } = heap;
  const name = nameIn(heap, tree);
  const named = new Set<number>();
  const byIndex = new Set<number>();
  const visibleKeys = new Set<string>();
  const reportEntry = (
    kind: 'index.dangling' | 'index.key' | 'index.twice',
    { block, index, place }: Entry,
  ): void => report(fsck, kind, name, blockKeyOf(tree.relation, block), index, `→ ${nameOf(place)}`);
  fsck.counters.entries += entries.length;
  for (const entry of entries) {
    const { place, key } = entry;
    const tid = makeTid(place.block, place.slot);
    if (named.has(tid)) reportEntry('index.twice', entry);
    named.add(tid);
    if (!isRootThere(heap, place)) {
      reportEntry('index.dangling', entry);
      continue;
    }
    const chain = followChain(fsck, heap, tree, place);
    if (chain.key !== null && compareKeys(chain.key, key) !== 0) reportEntry('index.key', entry);
    if (chain.visible !== null && passed.has(entry.block))
      byIndex.add(makeTid(chain.visible.block, chain.visible.slot));
  }
  const isWanted = (root: Place): boolean =>
    tree.where === undefined || followChain(fsck, heap, tree, root).key !== null;
  const heapKey = (place: Place) => blockKeyOf(table.relation, place.block);
  for (const root of heap.roots)
    if (!named.has(makeTid(root.block, root.slot)) && isWanted(root))
      report(fsck, 'index.missing', name, heapKey(root), root.slot, nameOf(root));
  for (const { tid, row } of heap.visible) {
    if (!isEntered(tree, row)) continue;
    if (tree.isUnique && !hasNullKey(tree, row)) {
      const text = encodeKey(table, tree, row).join(',');
      if (visibleKeys.has(text))
        report(fsck, 'paths.twice', name, heapKey(tid), tid.slot, keyText(tree, row));
      visibleKeys.add(text);
    }
    if (!byIndex.delete(makeTid(tid.block, tid.slot)))
      report(fsck, 'paths.differ', name, heapKey(tid), tid.slot, keyText(tree, row));
  }
  for (const tid of byIndex) {
    const place = { block: tidBlock(tid), slot: tidSlot(tid) };
    report(fsck, 'paths.differ', name, heapKey(place), place.slot, nameOf(place));
  }
}

const keyText = ({ keys }: IndexDef, row: Row): string =>
  keys.map((key) => `${keyValueOf(key, row)}`.slice(0, 40)).join(', ');

/** Findings of another index than the primary key's name it. */
const nameIn = ({ table }: Heap, { constraint, name }: IndexDef): string =>
  constraint === 'primary' ? table.name : `${table.name}.${name}`;

function isRootThere({ blocks }: Heap, { block, slot }: Place): boolean {
  const page = blocks.get(block);
  if (page === undefined) return false;
  const type = slotType(page, slot);
  if (type === slotTypes.unused) return false;
  const at = slotOffset(page, slot);
  return type === slotTypes.redirect
    ? (redirectFlags(page, at) & CROSS) === 0
    : (tupleFlags(page, at) & HEAP_ONLY) === 0;
}
