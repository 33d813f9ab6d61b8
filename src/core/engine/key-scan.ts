// Scans by an index, both ways. A position is the last key it gave and where that was: while the leaf has not
// changed (same pageLsn) the scan goes on in place, otherwise it descends again by the key.

import {
  btreeNext,
  compareEntry,
  entryKey,
  entryKeyLength,
  entryKeyStart,
  lowerBound,
} from '../page/btree-page.ts';
import { pageCount, pageLsn } from '../page/page.ts';
import { blockKeyOf } from '../page/page-key.ts';
import type { FoundRow, IndexDef, KeyBound, TableDef } from '../sql/access.ts';
import { findLastLeaf, findLeaf, type Leaf } from './btree.ts';
import type { Env } from './engine-state.ts';
import type { Reading } from './heap-scan.ts';
import { afterPrefix, encodeKeyValues, hasPrefix, tidOfKey } from './key-codec.ts';
import { getPage } from './pages.ts';
import { Blocked } from './ports.ts';
import { type Watch, watchPage } from './serial-watch.ts';
import { checkLive, findVisible, type Liveness } from './versions.ts';

const NOTHING = new Uint8Array(0);

export interface KeyPosition {
  readonly kind: 'key';
  /** Of the index. */
  readonly relation: number;
  readonly descending: boolean;
  /** Entries from here on, or null: from the first. */
  readonly low: Uint8Array | null;
  /** Entries below this, or null: to the last. */
  readonly high: Uint8Array | null;
  readonly isEmpty: boolean;
  /** One whole unique key: at most one of its rows is visible. */
  readonly isPoint: boolean;
  /** Last key looked at, or null at the beginning, and where it was. */
  readonly last: Uint8Array | null;
  readonly block: number;
  readonly lsn: number;
  readonly index: number;
}

export function openKeyPosition(
  table: TableDef,
  index: IndexDef,
  low: KeyBound | null,
  high: KeyBound | null,
  descending: boolean,
): KeyPosition {
  const lowKey = low && encodeKeyValues(table, index, low.values, low.notNull);
  const highKey = high && encodeKeyValues(table, index, high.values, high.notNull);
  const lowFrom = lowKey && !low?.inclusive ? afterPrefix(lowKey) : lowKey;
  const highEnd = highKey && high?.inclusive ? afterPrefix(highKey) : highKey;
  const isEmpty = lowKey !== null && lowFrom === null;
  return {
    kind: 'key',
    relation: index.relation,
    descending,
    low: lowFrom,
    high: highEnd,
    isEmpty,
    isPoint: low !== null && high !== null && isWholeKey(index, low, high),
    last: null,
    block: 0,
    lsn: -1,
    index: 0,
  };
}

const isWholeKey = ({ isUnique, keys }: IndexDef, low: KeyBound, high: KeyBound): boolean =>
  isUnique &&
  low.inclusive &&
  high.inclusive &&
  low.values.length === keys.length &&
  high.values.length === low.values.length &&
  low.values.every((value, i) => value !== null && value === high.values[i]);

/** A leaf and an index on it that may be one before its first or after its last entry. */
interface Cursor {
  block: number;
  page: Uint8Array;
  index: number;
  /** Going on to the left means to look for the greatest key below this one; null: there is none. */
  lowKey: Uint8Array | null;
}

/** One shape, wherever it comes from: a scan of one key lives by it. */
const cursorAt = ({ block, page, lowKey }: Leaf, index: number): Cursor => ({ block, page, index, lowKey });

function startForward(env: Env, relation: number, position: KeyPosition): Cursor {
  const from = position.last ?? position.low ?? NOTHING;
  const leaf = findLeaf(env, relation, from);
  let index = lowerBound(leaf.page, from);
  if (position.last && index < pageCount(leaf.page) && compareEntry(leaf.page, index, from) === 0) index++;
  return cursorAt(leaf, index);
}

function startBackward(env: Env, relation: number, position: KeyPosition): Cursor {
  const end = position.last ?? position.high;
  const leaf = end ? findLeaf(env, relation, end, true) : findLastLeaf(env, relation);
  return cursorAt(leaf, (end ? lowerBound(leaf.page, end) : pageCount(leaf.page)) - 1);
}

function startCursor(env: Env, relation: number, position: KeyPosition): Cursor {
  if (position.last && position.block > 0) {
    const page = getPage(env, blockKeyOf(relation, position.block));
    if (pageLsn(page) === position.lsn) {
      const index = position.index + (position.descending ? -1 : 1);
      if (index >= 0) {
        const lowKey = position.descending ? entryKey(page, 0) : null;
        return { block: position.block, page, index, lowKey };
      }
    }
  }
  return position.descending ? startBackward(env, relation, position) : startForward(env, relation, position);
}

/** Moves the cursor onto an entry within the bounds; false at the end. */
function settle(
  env: Env,
  relation: number,
  cursor: Cursor,
  position: KeyPosition,
  watch: Watch | null,
): boolean {
  if (position.descending) {
    while (cursor.index < 0) {
      if (cursor.lowKey === null) return false;
      const leaf = findLeaf(env, relation, cursor.lowKey, true);
      cursor.index = lowerBound(leaf.page, cursor.lowKey) - 1;
      cursor.block = leaf.block;
      cursor.page = leaf.page;
      cursor.lowKey = leaf.lowKey;
      if (watch !== null) watchPage(watch, relation, leaf.block);
    }
    return position.low === null || compareEntry(cursor.page, cursor.index, position.low) >= 0;
  }
  while (cursor.index >= pageCount(cursor.page)) {
    const next = btreeNext(cursor.page);
    if (next === 0) return false;
    cursor.page = getPage(env, blockKeyOf(relation, next));
    cursor.block = next;
    cursor.index = 0;
    if (watch !== null) watchPage(watch, relation, next);
  }
  return position.high === null || compareEntry(cursor.page, cursor.index, position.high) < 0;
}

/** The position after the entry. */
const after = (position: KeyPosition, block: number, page: Uint8Array, index: number): KeyPosition => ({
  ...position,
  last: entryKey(page, index),
  block,
  lsn: pageLsn(page),
  index,
});

export interface KeyStep {
  readonly rows: readonly FoundRow[];
  readonly position: KeyPosition;
}

/**
 * The next visible rows by entries of one leaf. When pages are missing after entries without a visible row, `onProgress` is
 * called with how far it came before Blocked leaves, so that the same call need not begin anew.
 */
export function nextByKey(
  env: Env,
  table: TableDef,
  reading: Reading,
  position: KeyPosition,
  onProgress: (position: KeyPosition) => void,
): KeyStep | null {
  if (position.isEmpty) return null;
  const { relation } = position;
  const { atMost, watch } = reading;
  const rows: FoundRow[] = [];
  // The last entry that was looked at.
  let leaf: Uint8Array | null = null;
  let block = 0;
  let index = 0;
  try {
    const cursor = startCursor(env, relation, position);
    if (watch !== null) watchPage(watch, relation, cursor.block);
    while (settle(env, relation, cursor, position, watch)) {
      if (rows.length > 0 && cursor.page !== leaf) break;
      const start = entryKeyStart(cursor.page, cursor.index);
      const root = tidOfKey(cursor.page, start, entryKeyLength(cursor.page, cursor.index));
      const found = findVisible(env, table, reading, root);
      if (found && position.isPoint) return { rows: [found], position: { ...position, isEmpty: true } };
      if (found) rows.push(found);
      ({ page: leaf, block, index } = cursor);
      if (rows.length >= atMost) break;
      cursor.index += position.descending ? -1 : 1;
    }
  } catch (error) {
    if (!(error instanceof Blocked)) throw error;
    if (rows.length === 0) {
      if (leaf !== null) onProgress(after(position, block, leaf, index));
      throw error;
    }
  }
  return rows.length === 0 || leaf === null ? null : { rows, position: after(position, block, leaf, index) };
}

/** Uniqueness: does a row with exactly this key live, or is one in the making? */
export function checkUnique(
  env: Env,
  table: TableDef,
  index: IndexDef,
  own: number,
  key: Uint8Array,
): Liveness {
  const { relation } = index;
  const leaf = findLeaf(env, relation, key);
  const cursor = cursorAt(leaf, lowerBound(leaf.page, key));
  const all: KeyPosition = openKeyPosition(table, index, null, null, false);
  while (settle(env, relation, cursor, all, null)) {
    const start = entryKeyStart(cursor.page, cursor.index);
    const length = entryKeyLength(cursor.page, cursor.index);
    if (!hasPrefix(cursor.page, start, length, key)) break;
    const live = checkLive(env, table, own, tidOfKey(cursor.page, start, length));
    if (live.kind !== 'none') return live;
    cursor.index++;
  }
  return { kind: 'none' };
}
