// Looks in LogIndex for the records of one page (LI-30), or walks all entries in LSN order (LI-39). Memory tables at once; of saved
// ones it asks for a bloom filter or a table, and goes on when it is given the bytes. Both keep their place as plain data, so
// tables may be filled, saved and dropped meanwhile; what a search needs is held by minUsedLsn. A reader that finds a file gone
// reads the meta again and steps without bytes: what that file had is below every range that is asked for (LI-32).

import { assert, present } from '../../base/assert.ts';
import type { Lsn } from '../../base/ids.ts';
import type { PageKey } from '../page/page-key.ts';
import { type Corrupt, corrupt, type LogIndex, type Read, readOf, tableAt } from './log-index.ts';
import { collectLsns, type Entry, entryAt, type Table } from './table.ts';
import { decodeBloom, decodeTable, mayName } from './table-image.ts';

export interface Find {
  readonly page: PageKey;
  readonly min: Lsn;
  readonly max: Lsn;
  /** The table to look into next: from the newest down, because LSNs fall with ids. */
  next: number;
  wants: 'bloom' | 'table';
  /** Newest first. */
  readonly found: Lsn[];
}

export interface Found {
  readonly kind: 'found';
  /** Ascending. */
  readonly lsns: readonly Lsn[];
}

export const startFind = (index: LogIndex, page: PageKey, min: Lsn, max: Lsn): Find => ({
  page,
  min,
  max,
  next: index.activeId,
  wants: 'bloom',
  found: [],
});

/** Call with null first, then with the bytes of what it asked for. */
export function stepFind(index: LogIndex, find: Find, bytes: Uint8Array | null): Found | Read | Corrupt {
  const { geometry: g, meta } = index;
  if (bytes !== null) {
    const why = takeSaved(index, find, bytes);
    if (why !== null) return corrupt(find.next, why);
  }
  while (find.next > meta.minFile * g.tablesPerFile) {
    const table = tableAt(index, find.next);
    if (table === null) {
      assert(find.next <= meta.maxTableId, 'a table is in memory or saved:', find.next);
      if (find.min > meta.maxLsn) break;
      return readOf(g, find.next, find.wants);
    }
    collect(index, find, table);
  }
  return { kind: 'found', lsns: find.found.reverse() };
}

/** The page's LSNs of a table. */
function collect({ geometry: g }: LogIndex, find: Find, table: Table): void {
  if (table.entries > 0 && table.minLsn <= find.max)
    collectLsns(g, table, find.page, find.min, find.max, find.found);
  goDown(find, table.entries > 0 ? table.minLsn : find.min);
}

/** To the table below, if it can reach into the range: its LSNs are at most the least of this one. */
function goDown(find: Find, minLsn: Lsn): void {
  find.next = minLsn < find.min ? 0 : find.next - 1;
  find.wants = 'bloom';
}

/** What is wrong with the bytes, or null. */
function takeSaved(index: LogIndex, find: Find, bytes: Uint8Array): string | null {
  if (find.wants === 'table') {
    const table = decodeTable(index.geometry, find.next, bytes);
    if (!table.ok) return table.error;
    collect(index, find, table.value);
    return null;
  }
  const bloom = decodeBloom(find.next, bytes);
  if (!bloom.ok) return bloom.error;
  const { minLsn, maxLsn } = bloom.value;
  if (maxLsn < find.min || minLsn > find.max || !mayName(bloom.value, find.page)) goDown(find, minLsn);
  else find.wants = 'table';
  return null;
}

export interface Walk {
  /** Entries below it are passed over. */
  readonly min: Lsn;
  table: number;
  entry: number;
  /** The saved table that the walk is in. */
  saved: Table | null;
  wants: 'bloom' | 'table';
}

/** Begins at the oldest table that there is; blooms say which lie below `min`. */
export const startWalk = (min: Lsn): Walk => ({ min, table: 1, entry: 0, saved: null, wants: 'bloom' });

/** The next entry at or below `max`, by LSN. `end`: none yet; the walk goes on from there when more is inserted. */
export function stepWalk(
  index: LogIndex,
  walk: Walk,
  max: Lsn,
  bytes: Uint8Array | null,
): ({ kind: 'entry' } & Entry) | Read | Corrupt | { kind: 'end' } {
  const { geometry: g, meta } = index;
  if (walk.table <= meta.minFile * g.tablesPerFile) goTo(walk, meta.minFile * g.tablesPerFile + 1);
  else if (bytes !== null) {
    const why = takeWalked(index, walk, bytes);
    if (why !== null) return corrupt(walk.table, why);
  }
  while (true) {
    const table = tableAt(index, walk.table) ?? walk.saved;
    if (table === null) {
      assert(walk.table <= meta.maxTableId, 'a table is in memory or saved:', walk.table);
      return readOf(g, walk.table, walk.wants);
    }
    if (walk.entry === table.entries) {
      if (walk.table === index.activeId) return { kind: 'end' };
      goTo(walk, walk.table + 1);
      continue;
    }
    const entry = present(entryAt(g, table, table.prefix, walk.entry), 'an entry of a table');
    if (entry.lsn > max) return { kind: 'end' };
    walk.entry++;
    if (entry.lsn >= walk.min) return { kind: 'entry', ...entry };
  }
}

/**
 * Pages that the walk has yet to pass, as far as tables in memory say, and how many saved tables may name others. What lies below `walk.min` in
 * a table is left out.
 */
export function pagesAhead(
  index: LogIndex,
  walk: Walk,
  max: Lsn,
): { readonly pages: ReadonlySet<PageKey>; readonly unread: number } {
  const { geometry: g, meta } = index;
  const pages = new Set<PageKey>();
  let unread = 0;
  const first = Math.max(walk.table, meta.minFile * g.tablesPerFile + 1);
  for (let id = first; id <= index.activeId; id++) {
    const table = tableAt(index, id) ?? (id === walk.table ? walk.saved : null);
    if (table === null) {
      if (meta.maxLsn >= walk.min) unread++;
      continue;
    }
    if (table.maxLsn < walk.min) continue;
    for (let n = id === walk.table ? walk.entry : 0; n < table.entries; n++) {
      const { page, lsn } = present(entryAt(g, table, table.prefix, n), 'an entry of a table');
      if (lsn > max) break;
      if (lsn >= walk.min) pages.add(page);
    }
  }
  return { pages, unread };
}

function goTo(walk: Walk, table: number): void {
  walk.table = table;
  walk.entry = 0;
  walk.saved = null;
  walk.wants = 'bloom';
}

function takeWalked({ geometry }: LogIndex, walk: Walk, bytes: Uint8Array): string | null {
  if (walk.wants === 'table') {
    const table = decodeTable(geometry, walk.table, bytes);
    if (!table.ok) return table.error;
    walk.saved = table.value;
    return null;
  }
  const bloom = decodeBloom(walk.table, bytes);
  if (!bloom.ok) return bloom.error;
  if (bloom.value.maxLsn < walk.min) goTo(walk, walk.table + 1);
  else walk.wants = 'table';
  return null;
}
