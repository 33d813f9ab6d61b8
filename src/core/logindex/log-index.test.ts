// LogIndex: memory tables, flush, what a crash leaves, truncation; the worked vectors of docs/spec/logindex.md §4.

import { describe, expect, test } from 'vitest';
import type { Lsn } from '../../base/ids.ts';
import { type PageKey, pageKey } from '../page/page-key.ts';
import {
  activeTable,
  insertEntry,
  insertRecord,
  type LogIndex,
  memTable,
  oldestFileEnd,
  onWritten,
  openLogIndex,
  planFlush,
  planTruncation,
  sealActive,
  takeMeta,
} from './log-index.ts';
import { firstMeta, META_PATH, placeOf, rebuildMeta } from './meta.ts';
import type { Geometry } from './table.ts';
import { fullGeometry } from './testing/full-geometry.ts';
import {
  find,
  flushAll,
  makeDisk,
  openFrom,
  readPlace,
  removeFile,
  stateOf,
  walkAll,
  write,
} from './testing/index-disk.ts';

/** Three segments to use in a table. */
const tiny: Geometry = { segments: 4, slots: 2, tablesPerFile: 2, memTables: 3, keptTables: 32 };
const page = (n: number): PageKey => pageKey(1, 0, n);
const pages = (...numbers: number[]): PageKey[] => numbers.map(page);
const at = (value: number): Lsn => value as Lsn;

/** Pages 1, 2, 3, … at LSNs 1, 2, 3, …: three to a table. */
function insertTo(index: LogIndex, last: number, first = 1): void {
  for (let n = first; n <= last; n++) insertEntry(index, page(n), at(n));
}

function reopen(disk: ReturnType<typeof makeDisk>, g = tiny): LogIndex {
  const index = openFrom(disk, g);
  if (typeof index === 'string' || 'kind' in index) throw new Error(JSON.stringify(index));
  return index;
}

describe('LI-25 rotation', () => {
  test('V-6 the 4096th distinct page rotates', () => {
    const index = openLogIndex(fullGeometry, firstMeta, []);
    const results = Array.from({ length: 4096 }, (_, n) => insertEntry(index, page(n), at(n + 1)));
    expect(results.indexOf('rotated')).toBe(4095);
    expect([index.activeId, stateOf(index, 1), stateOf(index, 2)]).toEqual([2, 'INACTIVE', 'ACTIVE']);
  });

  test('LI-23 V-7 another prefix closes the table', () => {
    const index = openLogIndex(fullGeometry, firstMeta, []);
    expect(insertEntry(index, page(1), at(4_294_967_295))).toBe('inserted');
    expect(index.activeId).toBe(1);
    expect(insertEntry(index, page(1), at(4_294_967_296))).toBe('rotated');
    expect([index.activeId, activeTable(index).usedSegments]).toEqual([2, 1]);
    expect(find(makeDisk(), index, page(1), 0, 2 ** 40)).toEqual([4_294_967_295, 4_294_967_296]);
  });

  test('LI-20 a record of k pages makes k entries, also where the table ends between them', () => {
    const index = openLogIndex(tiny, firstMeta, []);
    insertRecord(index, at(10), pages(1, 2));
    insertRecord(index, at(11), pages(1, 3, 4, 5));
    expect([index.activeId, activeTable(index).entries]).toEqual([2, 2]);
    const disk = makeDisk();
    expect([1, 2, 3, 4, 5].map((n) => find(disk, index, page(n), 0, 99))).toEqual([
      [10, 11],
      [10],
      [11],
      [11],
      [11],
    ]);
  });

  test('a page that a record names twice has one entry', () => {
    const index = openLogIndex(tiny, firstMeta, []);
    insertRecord(index, at(10), pages(1, 2, 1));
    expect(activeTable(index).entries).toBe(2);
  });

  test('LI-26 without a free memory table an insert waits and changes nothing', () => {
    const index = openLogIndex(tiny, firstMeta, []);
    insertTo(index, 9);
    const before = structuredClone(index);
    expect(insertEntry(index, page(10), at(10))).toBe('LOGINDEX_WAIT');
    expect(index).toEqual(before);
    expect(flushAll(makeDisk(), index, 3)).toBe(1);
    expect(insertEntry(index, page(10), at(10))).toBe('rotated');
    expect([index.activeId, stateOf(index, 4)]).toEqual([4, 'ACTIVE']);
  });

  test('LI-26 LI-33 a record that had to wait in its middle makes the tables of one that had not', () => {
    const waiting = openLogIndex(tiny, firstMeta, []);
    const flowing = openLogIndex({ ...tiny, memTables: 9 }, firstMeta, []);
    for (const index of [waiting, flowing]) insertTo(index, 7);
    const all = pages(21, 22, 23, 24);
    expect(insertRecord(flowing, at(20), all)).toBe('inserted');
    expect(insertRecord(waiting, at(20), all)).toBe('LOGINDEX_WAIT');
    flushAll(makeDisk(), waiting, 3);
    expect(insertRecord(waiting, at(20), all)).toBe('inserted');
    for (const id of [3, 4]) expect(memTable(waiting, id)?.table).toEqual(memTable(flowing, id)?.table);
    expect(activeTable(flowing).entries).toBe(2);
  });

  test('entries out of LSN order are a programmer’s error', () => {
    const index = openLogIndex(tiny, firstMeta, []);
    insertEntry(index, page(1), at(5));
    expect(() => insertEntry(index, page(2), at(4))).toThrow('LSN order');
  });
});

describe('LI-27 flush', () => {
  test('all closed tables, oldest first, bloom, table, then the meta, none above durableLsn', () => {
    const index = openLogIndex(tiny, firstMeta, []);
    insertTo(index, 7);
    expect(planFlush(index, at(2))).toBeNull();
    const plan = planFlush(index, at(99));
    expect(plan?.map(({ path, offset }) => `${path}@${offset}`)).toEqual([
      '/logindex/0@0',
      '/logindex/0@4096',
      `/logindex/0@${placeOf(tiny, 2, 'bloom').offset}`,
      `/logindex/0@${placeOf(tiny, 2, 'table').offset}`,
      '/logindex/meta@0',
    ]);
    expect(planFlush(index, at(99))).toBeNull();
    expect([index.meta.maxTableId, stateOf(index, 1)]).toEqual([0, 'INACTIVE']);
    onWritten(index);
    expect(index.meta).toEqual({ maxTableId: 2, startLsn: 6, maxLsn: 6, minFile: 0 });
    expect([stateOf(index, 1), stateOf(index, 2), stateOf(index, 3)]).toEqual([
      'FLUSHED',
      'FLUSHED',
      'ACTIVE',
    ]);
  });

  test('LI-26 a reader’s tables are flushed when its writer’s meta says so; those that it fills later, at once', () => {
    const reader = openLogIndex(tiny, firstMeta, []);
    insertTo(reader, 5);
    takeMeta(reader, { maxTableId: 2, startLsn: at(6), maxLsn: at(6), minFile: 0 });
    expect([stateOf(reader, 1), stateOf(reader, 2)]).toEqual(['FLUSHED', 'ACTIVE']);
    insertTo(reader, 7, 6);
    expect([stateOf(reader, 2), stateOf(reader, 3)]).toEqual(['FLUSHED', 'ACTIVE']);
    takeMeta(reader, firstMeta);
    expect(reader.meta.maxTableId).toBe(2);
  });

  test('a table may be closed before it is full; an empty one is not', () => {
    const index = openLogIndex(tiny, firstMeta, []);
    insertTo(index, 1);
    expect([sealActive(index), sealActive(index), index.activeId]).toEqual([true, true, 2]);
    expect(flushAll(makeDisk(), index, 1)).toBe(1);
    insertTo(index, 8, 2);
    expect([index.activeId, sealActive(index), sealActive(index)]).toEqual([4, false, false]);
  });
});

describe('LI-30 find', () => {
  const disk = makeDisk();
  const index = openLogIndex(tiny, firstMeta, []);
  // Ten tables, each with page 1 and a page of its own.
  for (let n = 1; n <= 10; n++) {
    for (const [i, one] of [page(n * 100), page(n * 100 + 1), page(1)].entries())
      expect(insertEntry(index, one, at(n * 10 + i))).not.toBe('LOGINDEX_WAIT');
    flushAll(disk, index, 999);
  }
  const kept = [...index.kept];
  index.kept.clear(); // as after a start: what left memory is read
  const found = (n: number, min: number, max: number): [unknown, number, number] => {
    disk.reads = { bloom: 0, table: 0, meta: 0 };
    return [find(disk, index, page(n), min, max), disk.reads.bloom, disk.reads.table];
  };

  test('ascending, over files and memory; memory asks for nothing', () => {
    expect(found(1, 0, 999)[0]).toEqual([12, 22, 32, 42, 52, 62, 72, 82, 92, 102]);
    expect(found(1, 90, 999)).toEqual([[92, 102], 0, 0]);
  });

  test('tables out of the range or without the page are not read', () => {
    expect(found(1, 25, 45)).toEqual([[32, 42], 6, 2]);
    expect(found(301, 0, 999)).toEqual([[31], 7, 1]);
    expect(found(777, 0, 999)).toEqual([[], 7, 0]);
  });

  test('tables that memory kept are not read', () => {
    for (const [id, table] of kept) index.kept.set(id, table);
    expect(kept.map(([id]) => id)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(found(1, 25, 45)).toEqual([[32, 42], 0, 0]);
    index.kept.clear();
  });

  test('LI-28 a damaged table below meta.maxTableId is LOGINDEX_CORRUPT', () => {
    const place = placeOf(tiny, 3, 'table');
    const good = readPlace(disk, place);
    write(disk, { ...place, bytes: good.with(100, 255) });
    expect(found(1, 25, 45)[0]).toEqual({
      kind: 'LOGINDEX_CORRUPT',
      table: 3,
      why: 'image of table 3: checksum mismatch',
    });
    expect(walkAll(disk, index, 0, 999)).toMatchObject({ kind: 'LOGINDEX_CORRUPT', table: 3 });
    write(disk, { ...place, bytes: good });
  });

  test('LI-39 a walk gives every entry by LSN from a point on', () => {
    const walked = walkAll(disk, index, 31, 51);
    expect(walked).toEqual([
      { page: page(301), lsn: 31 },
      { page: page(1), lsn: 32 },
      { page: page(400), lsn: 40 },
      { page: page(401), lsn: 41 },
      { page: page(1), lsn: 42 },
      { page: page(500), lsn: 50 },
      { page: page(501), lsn: 51 },
    ]);
  });
});

describe('LI-31 what a crash leaves', () => {
  test.each([1, 2])('LI-28 V-10 a crash after write %i of a flush: WAL makes the table again', (writes) => {
    const disk = makeDisk();
    const index = openLogIndex(tiny, firstMeta, []);
    insertTo(index, 6);
    flushAll(disk, index, 99);
    insertTo(index, 9, 7);
    flushAll(disk, index, 99);
    insertTo(index, 10, 10);
    const third = memTable(index, 3)?.table;
    for (const one of planFlush(index, at(99))?.slice(0, writes) ?? []) write(disk, one);
    const again = reopen(disk);
    expect([again.meta.maxTableId, again.meta.startLsn, again.activeId]).toEqual([2, 6, 3]);
    // A checkpoint may lie below: what saved tables have is known.
    expect(insertEntry(again, page(2), at(2))).toBe('known');
    expect(insertEntry(again, page(6), at(6))).toBe('known');
    insertTo(again, 10, 7);
    expect(memTable(again, 3)?.table).toEqual(third);
  });

  test('a record that is saved in part is parsed again: its saved pages are known, the others are not', () => {
    const disk = makeDisk();
    const index = openLogIndex(tiny, firstMeta, []);
    insertRecord(index, at(5), pages(1, 2, 3, 4));
    flushAll(disk, index, 99);
    const again = reopen(disk);
    expect(pages(1, 2, 3, 4).map((one) => insertEntry(again, one, at(5)))).toEqual([
      'known',
      'known',
      'known',
      'inserted',
    ]);
  });

  test('pages at meta.maxLsn are also looked for below a table that has no other LSN', () => {
    const disk = makeDisk();
    const index = openLogIndex(tiny, firstMeta, []);
    const last = 2 ** 32 - 1;
    insertRecord(index, at(last), pages(1, 2, 3, 4));
    insertEntry(index, page(9), at(last + 1));
    expect(flushAll(disk, index, last + 1)).toBe(2);
    const again = reopen(disk);
    expect(pages(1, 2, 3, 4).map((one) => insertEntry(again, one, at(last)))).toEqual(
      Array.from({ length: 4 }, () => 'known'),
    );
    insertEntry(again, page(9), at(last + 1));
    expect(memTable(again, 3)?.table).toEqual(memTable(index, 3)?.table);
  });

  test('LI-28 LI-32 a LogIndex made anew begins in a file of its own, and reads nothing that is older', () => {
    const disk = makeDisk();
    const index = openLogIndex(tiny, firstMeta, []);
    insertTo(index, 9);
    flushAll(disk, index, 99);
    const rebuilt = openLogIndex(tiny, rebuildMeta(tiny, 0, at(5)), []);
    expect(rebuilt.activeId).toBe(3);
    insertTo(rebuilt, 11, 4);
    expect(find(disk, rebuilt, page(4), 0, 99)).toEqual([]);
    expect(find(disk, rebuilt, page(5), 0, 99)).toEqual([5]);
    flushAll(disk, rebuilt, 99);
    expect(reopen(disk).meta).toEqual(rebuilt.meta);
  });

  test('the meta of tables of another size is refused', () => {
    const disk = makeDisk();
    const index = openLogIndex(tiny, firstMeta, []);
    insertTo(index, 4);
    flushAll(disk, index, 99);
    expect(openFrom(disk, { ...tiny, segments: 8 })).toContain('tables of 4/2/2, not 8/2/2');
    expect(disk.values.has(`${META_PATH}@0`)).toBe(true);
  });
});

describe('LI-32 truncation', () => {
  test('whole files, oldest first, only below gcFloor; the file of meta.maxTableId stays', () => {
    const disk = makeDisk();
    const index = openLogIndex(tiny, firstMeta, []);
    const truncate = (gcFloor: number): string => {
      const read = oldestFileEnd(index);
      if (read === null) return 'none';
      const plan = planTruncation(index, readPlace(disk, read), at(gcFloor));
      if (plan.kind !== 'truncate') return plan.kind;
      write(disk, plan.write);
      onWritten(index);
      removeFile(disk, plan.path);
      return plan.path;
    };
    for (let n = 1; n <= 13; n++) {
      insertTo(index, n, n);
      flushAll(disk, index, 99);
    }
    // Tables 1 to 4 are saved, in files 0 and 1.
    expect([truncate(6), truncate(7), truncate(99)]).toEqual(['kept', '/logindex/0', 'none']);
    expect(index.meta.minFile).toBe(1);
    expect(find(disk, index, page(6), 0, 99)).toEqual([]);
    expect(find(disk, index, page(7), 0, 99)).toEqual([7]);
    expect(walkAll(disk, index, 0, 8)).toHaveLength(2);
    expect(reopen(disk).meta.minFile).toBe(1);
  });

  test('a damaged bloom is no reason to drop a file', () => {
    const disk = makeDisk();
    const index = openLogIndex(tiny, firstMeta, []);
    for (let n = 1; n <= 13; n++) {
      insertTo(index, n, n);
      flushAll(disk, index, 99);
    }
    expect(planTruncation(index, new Uint8Array(4096), at(99)).kind).toBe('LOGINDEX_CORRUPT');
    expect(index.writing).toBeNull();
  });
});
