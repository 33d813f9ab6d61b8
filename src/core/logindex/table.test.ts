// One LogIndex table: its sizes, its segments, its chains, and what an insert and a look-up cost, counted in words read and written.

import { describe, expect, test } from 'vitest';
import type { Lsn } from '../../base/ids.ts';
import { type PageKey, pageKey } from '../page/page-key.ts';
import { bloomBitsOfHash, FNV_START, foldByte, hashPage, slotOfHash } from './page-hash.ts';
import {
  appendEntry,
  checkGeometry,
  collectLsns,
  entryAt,
  type Geometry,
  makeTable,
  type Table,
} from './table.ts';
import { BLOOM_BYTES, tableBytes } from './table-image.ts';
import { fullGeometry } from './testing/full-geometry.ts';

const g = fullGeometry;
const pageOf = (n: number): PageKey => pageKey(1 + (n >> 8), n & 3, n);
const hashText = (text: string): number =>
  [...new TextEncoder().encode(text)].reduce(foldByte, FNV_START) >>> 0;

function fill(table: Table, entries: number, page: (n: number) => PageKey, first = 1): number {
  for (let n = 0; n < entries; n++) if (!appendEntry(g, table, page(n), (first + n) as Lsn)) return n;
  return entries;
}

function lsnsOf(geometry: Geometry, table: Table, page: PageKey, min = 0, max = 2 ** 52): number[] {
  const found: Lsn[] = [];
  collectLsns(geometry, table, page, min, max, found);
  return found;
}

test('LI-21 a table image has 282,664 bytes, a bloom image 4096', () => {
  expect([tableBytes(g), BLOOM_BYTES]).toEqual([282_664, 4096]);
});

test('LI-22 LI-29 V-8 slot and bloom bits of "P1"', () => {
  const hash = hashText('P1');
  expect(slotOfHash(hash, g.slots)).toBe(1562);
  expect(bloomBitsOfHash(hash).slice(0, 3)).toEqual([11_802, 12_757, 13_712]);
  expect(bloomBitsOfHash(hash)).toHaveLength(10);
});

test.each([
  [0, 0, 0],
  [1, 0, 9],
  [10, 3, 100],
  [8_388_607, 3, 16_777_215],
  [120_304, 1, 1_000_000],
])('LI-22 the hash of page %i:%i:%i is that of its text', (relation, fork, block) => {
  expect(hashPage(pageKey(relation, fork, block))).toBe(hashText(`${relation}:${fork}:${block}`));
});

describe('LI-24 segments of a list', () => {
  test.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [12, 2],
    [13, 3],
    [22, 3],
    [23, 4],
  ])('V-6 %i LSNs use %i segments', (lsns, segments) => {
    const table = makeTable(g, 1);
    fill(table, lsns, () => pageOf(1));
    expect(table.usedSegments).toBe(segments);
    expect(lsnsOf(g, table, pageOf(1))).toEqual(Array.from({ length: lsns }, (_, i) => lsns - i));
  });

  test('V-6 4095 distinct pages fill a table', () => {
    expect(fill(makeTable(g, 1), 5000, pageOf)).toBe(4095);
  });

  test('V-6 one page alone fits 40,942 LSNs', () => {
    expect(fill(makeTable(g, 1), 50_000, () => pageOf(1))).toBe(40_942);
  });

  test('LI-25 an append that fits the tail segment is taken by a full table, others change nothing', () => {
    const table = makeTable(g, 1);
    fill(table, 4095, pageOf);
    const before = table.words.slice();
    expect(appendEntry(g, table, pageOf(5000), 5000 as Lsn)).toBe(false);
    expect(table.words).toEqual(before);
    expect(appendEntry(g, table, pageOf(7), 5000 as Lsn)).toBe(true);
    expect(appendEntry(g, table, pageOf(7), 5001 as Lsn)).toBe(false);
    expect(lsnsOf(g, table, pageOf(7))).toEqual([5000, 8]);
  });
});

test('LI-22 pages of one slot do not see each other, newest item first', () => {
  const small = { ...g, segments: 64, slots: 2 };
  const table = makeTable(small, 1);
  for (let n = 0; n < 60; n++) appendEntry(small, table, pageOf(n % 20), (n + 1) as Lsn);
  for (let page = 0; page < 20; page++)
    expect(lsnsOf(small, table, pageOf(page))).toEqual([page + 41, page + 21, page + 1]);
  expect(lsnsOf(small, table, pageOf(20))).toEqual([]);
});

test('LI-23 LSNs above 2³² come back whole', () => {
  const table = makeTable(g, 1);
  const first = 5 * 2 ** 32 + 4_000_000_000;
  fill(table, 30, () => pageOf(3), first);
  expect(lsnsOf(g, table, pageOf(3), first + 27)).toEqual([first + 29, first + 28, first + 27]);
  expect(entryAt(g, table, table.prefix, 12)).toEqual({ page: pageOf(3), lsn: first + 12 });
});

test('a geometry that its words cannot hold is a programmer’s error', () => {
  for (const wrong of [{ segments: 4097 }, { segments: 1 }, { slots: 7 }, { memTables: 1 }])
    expect(() => checkGeometry({ ...g, ...wrong })).toThrow();
});

describe('cost, in words read and written', () => {
  /** The same table, whose words count every access. */
  function counted(table: Table): { table: Table; count: () => number } {
    let accesses = 0;
    const words = new Proxy(table.words, {
      get: (target, key) => {
        accesses++;
        return Reflect.get(target, key);
      },
      set: (target, key, value) => {
        accesses++;
        return Reflect.set(target, key, value);
      },
    });
    return {
      table: { ...table, words },
      count: () => {
        const since = accesses;
        accesses = 0;
        return since;
      },
    };
  }

  test('the newest LSNs of a page cost the same after 3 LSNs and after 40,000', () => {
    const costs = [3, 300, 40_000].map((lsns) => {
      const table = makeTable(g, 1);
      fill(table, lsns, () => pageOf(1));
      const { table: watched, count } = counted(table);
      expect(lsnsOf(g, watched, pageOf(1), lsns)).toEqual([lsns]);
      return count();
    });
    expect(Math.max(...costs)).toBeLessThanOrEqual(16);
  });

  test('a look-up reads what it answers, and two words a segment', () => {
    const table = makeTable(g, 1);
    fill(table, 40_000, () => pageOf(1));
    const { table: watched, count } = counted(table);
    expect(lsnsOf(g, watched, pageOf(1), 39_001)).toHaveLength(1000);
    expect(count()).toBeLessThanOrEqual(1000 * 1.2 + 16);
  });

  test('an insert costs no more in a full table than in an empty one, but for its slot’s chain', () => {
    const { table, count } = counted(makeTable(g, 1));
    const cost = (entries: number, first: number): number => {
      count();
      for (let n = 0; n < entries; n++) appendEntry(g, table, pageOf((first + n) % 1000), (first + n) as Lsn);
      return count() / entries;
    };
    const early = cost(2000, 1);
    cost(26_000, 2001);
    const late = cost(2000, 28_001);
    expect(early).toBeLessThanOrEqual(20);
    expect(late).toBeLessThanOrEqual(early * 1.2);
  });
});
