// Structure check of a heap: every row fits its columns, every xid was given out, version chains lead from a root over
// links and redirects to each committed version once. What an uncommitted transaction left is not held to anything: its
// links are overwritten and its places freed without a trace.

import { BadBytes } from '../../base/bytes.ts';
import { encodeKey } from '../../core/engine/key-codec.ts';
import type { ValueAt } from '../../core/engine/large-codec.ts';
import { decodeAnyTuple } from '../../core/engine/tuple-codec.ts';
import {
  CROSS,
  FROZEN,
  HEAP_ONLY,
  NEW_KEY,
  redirectBlock,
  redirectFlags,
  redirectSlot,
  slotOffset,
  slotType,
  slotTypes,
  tupleFlags,
  tupleForwardBlock,
  tupleForwardSlot,
  tupleXmax,
  tupleXmin,
  UPDATED,
} from '../../core/page/heap-page.ts';
import { pageCount, pageKinds } from '../../core/page/page.ts';
import { blockKeyOf, type PageKey } from '../../core/page/page-key.ts';
import type { IndexDef, Row, TableDef } from '../../core/sql/access.ts';
import { isEntered } from '../../core/sql/evaluate.ts';
import { blocksOf, type Fsck, isCommitted, report } from './volume-pages.ts';

export interface Place {
  readonly block: number;
  readonly slot: number;
}

export interface VisibleRow {
  readonly tid: Place;
  readonly row: Row;
}

export interface Heap {
  readonly table: TableDef;
  readonly valueAt: ValueAt;
  readonly blocks: ReadonlyMap<number, Uint8Array>;
  /** What a scan of all committed rows sees, in the order of the pages. */
  readonly visible: VisibleRow[];
  /** Places that an index entry has to name. */
  readonly roots: Place[];
}

const NO_LARGE: ValueAt = () => null;

export const nameOf = ({ block, slot }: Place): string => `${block}:${slot}`;
const keyOf = (table: TableDef, { block }: Place): PageKey => blockKeyOf(table.relation, block);

/** `valueAt`: how a row's large values are read. */
export function checkHeap(fsck: Fsck, table: TableDef, valueAt: ValueAt = NO_LARGE): Heap {
  const heap: Heap = {
    table,
    valueAt,
    blocks: blocksOf(fsck, table.name, table.relation, pageKinds.heap),
    visible: [],
    roots: [],
  };
  /** How many links lead to a place. */
  const reached = new Map<string, number>();
  const versions: Place[] = [];
  for (const [block, page] of heap.blocks)
    for (let slot = 0; slot < pageCount(page); slot++) {
      const type = slotType(page, slot);
      if (type === slotTypes.unused) continue;
      const place = { block, slot };
      const at = slotOffset(page, slot);
      const isTuple = type === slotTypes.tuple;
      const link = isTuple ? checkTuple(fsck, heap, page, place) : targetOf(page, at);
      if (link !== null && checkLink(fsck, heap, place, link))
        reached.set(nameOf(link), (reached.get(nameOf(link)) ?? 0) + 1);
      if (isRoot(page, place)) heap.roots.push(place);
      else versions.push(place);
    }
  for (const place of versions) checkReached(fsck, heap, place, reached.get(nameOf(place)) ?? 0);
  fsck.counters.rows += heap.visible.length;
  return heap;
}

const targetOf = (page: Uint8Array, at: number): Place => ({
  block: redirectBlock(page, at),
  slot: redirectSlot(page, at),
});

/** Nothing on another page or in another chain leads to it but an index entry. */
function isRoot(page: Uint8Array, { slot }: Place): boolean {
  const at = slotOffset(page, slot);
  return slotType(page, slot) === slotTypes.redirect
    ? (redirectFlags(page, at) & CROSS) === 0
    : (tupleFlags(page, at) & HEAP_ONLY) === 0;
}

/** The version that replaced it under the same key, if that is committed. */
function checkTuple(fsck: Fsck, heap: Heap, page: Uint8Array, place: Place): Place | null {
  const { table } = heap;
  const at = slotOffset(page, place.slot);
  const [xmin, xmax, flags] = [tupleXmin(page, at), tupleXmax(page, at), tupleFlags(page, at)];
  const key = keyOf(table, place);
  if (xmin <= 0 || xmin >= fsck.xidLimit || xmax >= fsck.xidLimit)
    report(fsck, 'heap.xid', table.name, key, place.slot, `${xmin}, ${xmax} ≥ ${fsck.xidLimit}`);
  const isFrozen = (flags & FROZEN) !== 0;
  const isThere = isCommitted(fsck, xmin);
  if (isFrozen && !isThere) report(fsck, 'heap.frozen', table.name, key, place.slot, `xid ${xmin}`);
  const row = rowAt(fsck, heap, place);
  const isOver = xmax !== 0 && isCommitted(fsck, xmax);
  if ((isFrozen || isThere) && !isOver && row !== null) heap.visible.push({ tid: place, row });
  if (!isOver || (flags & (UPDATED | NEW_KEY)) !== UPDATED) return null;
  return { block: tupleForwardBlock(page, at), slot: tupleForwardSlot(page, at) };
}

function rowAt(fsck: Fsck, { table, valueAt, blocks }: Heap, place: Place): Row | null {
  const page = blocks.get(place.block);
  if (page === undefined || slotType(page, place.slot) !== slotTypes.tuple) return null;
  try {
    return decodeAnyTuple(table, page, place.slot, slotOffset(page, place.slot), valueAt);
  } catch (error) {
    if (!(error instanceof BadBytes)) throw error;
    report(fsck, 'heap.row', table.name, keyOf(table, place), place.slot, error.message);
    return null;
  }
}

/** True when something is where the link leads, and it is the version that the link means. */
function checkLink(fsck: Fsck, { table, blocks }: Heap, from: Place, to: Place): boolean {
  const source = blocks.get(from.block);
  const page = blocks.get(to.block);
  const type = page === undefined ? slotTypes.unused : slotType(page, to.slot);
  let isGood = type !== slotTypes.unused;
  if (page !== undefined && source !== undefined && type === slotTypes.tuple) {
    const at = slotOffset(page, to.slot);
    isGood = (tupleFlags(page, at) & HEAP_ONLY) !== 0;
    if (slotType(source, from.slot) === slotTypes.tuple)
      isGood = isGood && tupleXmin(page, at) === tupleXmax(source, slotOffset(source, from.slot));
  }
  if (!isGood) report(fsck, 'heap.link', table.name, keyOf(table, from), from.slot, `→ ${nameOf(to)}`);
  return isGood;
}

function checkReached(fsck: Fsck, { table, blocks }: Heap, place: Place, links: number): void {
  const page = blocks.get(place.block);
  if (page === undefined || links === 1) return;
  const isTuple = slotType(page, place.slot) === slotTypes.tuple;
  if (links === 0 && isTuple && !isCommitted(fsck, tupleXmin(page, slotOffset(page, place.slot)))) return;
  report(fsck, 'heap.orphan', table.name, keyOf(table, place), place.slot, `${links}`);
}

/** Longest chain followed; a longer one goes in a circle. */
const MAX_HOPS = 10_000;

/** Follows a chain from its root: the key of its last version in an index, and the version that is visible, null for none. */
export function followChain(
  fsck: Fsck,
  heap: Heap,
  index: IndexDef,
  root: Place,
): { readonly key: Uint8Array | null; readonly visible: Place | null } {
  let key: Uint8Array | null = null;
  let place = root;
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    const page = heap.blocks.get(place.block);
    const type = page === undefined ? slotTypes.unused : slotType(page, place.slot);
    if (page === undefined || type === slotTypes.unused) return { key, visible: null };
    const at = slotOffset(page, place.slot);
    if (type === slotTypes.redirect) {
      place = targetOf(page, at);
      continue;
    }
    const row = rowAt(fsck, heap, place);
    const flags = tupleFlags(page, at);
    const isThere = (flags & FROZEN) !== 0 || isCommitted(fsck, tupleXmin(page, at));
    // Keys change along a chain only where an index was built later, from the newest version.
    if (row !== null && (isThere || key === null))
      key = isEntered(index, row) ? encodeKey(heap.table, index, row) : null;
    if (!isThere) return { key, visible: null };
    const xmax = tupleXmax(page, at);
    if (xmax === 0 || !isCommitted(fsck, xmax)) return { key, visible: place };
    if ((flags & (UPDATED | NEW_KEY)) !== UPDATED) return { key, visible: null };
    place = { block: tupleForwardBlock(page, at), slot: tupleForwardSlot(page, at) };
  }
  report(fsck, 'heap.link', heap.table.name, keyOf(heap.table, root), root.slot, `> ${MAX_HOPS}`);
  return { key, visible: null };
}
