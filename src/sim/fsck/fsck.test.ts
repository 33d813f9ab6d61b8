// The structure check over pages that the engine itself has made, under random work; each damage by its name; bugs planted
// in the engine by what they leave behind.

import { beforeAll, describe, expect, test } from 'vitest';
import { makePrng, nextBelow } from '../../base/prng.ts';
import {
  advance,
  begin,
  crash,
  type Fixture,
  makeFixture,
  pageAtVdl,
  replyOf,
  settleDurable,
  showReply,
} from '../../core/engine/engine-fixture.ts';
import { commitLogKey } from '../../core/engine/transactions.ts';
import type { Mutants } from '../../core/kernel/mutants.ts';
import { btreeDelete, btreeKeep, btreeNext, entryChild } from '../../core/page/btree-page.ts';
import { heapFree, slotLength, slotOffset } from '../../core/page/heap-page.ts';
import { pageCount, putU16, putU32, putU48, setPageLsn } from '../../core/page/page.ts';
import { type PageKey, pageKey, VOLUME_KEY } from '../../core/page/page-key.ts';
import { setCommittedBit, setRelationBlocks } from '../../core/page/system-page.ts';
import type { TableDef } from '../../core/sql/access.ts';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { findingLine, fsck } from './fsck.ts';
import { volumePagesOf } from './pages-fixture.ts';
import type { VolumePages } from './volume-pages.ts';

beforeAll(loadSqlParser);

function run(f: Fixture, text: string, params: readonly string[] = []): string {
  const sequence = begin(f, 's', parseSql(text), params);
  settleDurable(f);
  return showReply(replyOf(f, 's', sequence));
}

const PAGE_BYTES = 512;
const keyOf = (row: number): string => `${row}`.padStart(4, '0').padEnd(40, '-');

/** Keys come and go in random order; rows change, some with their key; now and then all of it is rolled back. */
function work(f: Fixture, seed: number, statements: number): void {
  const isShrinking = seed % 3 === 2;
  const prng = makePrng(seed, 'fsck');
  for (let i = 0; i < statements; i++) {
    const row = nextBelow(prng, 120);
    const key = keyOf(row);
    const what = nextBelow(prng, 100);
    if (what < (isShrinking ? 10 : 60)) run(f, 'INSERT INTO t VALUES ($1, $2)', [key, 'v'.repeat(20)]);
    else if (what < 70) run(f, 'DELETE FROM t WHERE k = $1', [key]);
    else if (what < 85) run(f, "UPDATE t SET v = v || 'w' WHERE k = $1", [key]);
    else if (what < 92) run(f, 'UPDATE t SET k = $2 WHERE k = $1', [key, keyOf(120 + row)]);
    else if (what < 96) {
      run(f, 'BEGIN; INSERT INTO t VALUES ($1, $2)', [key, 'gone']);
      run(f, 'ROLLBACK');
    } else run(f, 'VACUUM t');
  }
}

function worked(mutants: Mutants = []): Fixture {
  const f = makeFixture({ pageBytes: PAGE_BYTES, bufferPages: 40, mutants });
  run(f, 'CREATE TABLE t (k text PRIMARY KEY, v text)');
  run(f, 'CREATE INDEX t_v ON t (v DESC, k)');
  run(f, 'CREATE TABLE plain (a int)');
  return f;
}

const lines = (pages: VolumePages): string[] => fsck(pages).findings.map(findingLine);

test('WAL-22 the pages of an engine at work are clean at every VDL, also between transactions and after a crash', () => {
  const f = worked();
  let innerPages = 0;
  for (let part = 0; part < 6; part++) {
    work(f, part, 40);
    run(f, 'INSERT INTO plain VALUES (1)');
    const report = fsck(volumePagesOf(f));
    expect(report.findings.map(findingLine)).toEqual([]);
    innerPages = Math.max(innerPages, report.innerPages);
    // What is open at a crash stays uncommitted for ever.
    begin(f, 'open', parseSql('BEGIN; INSERT INTO t VALUES ($1, $2)'), [keyOf(500 + part), 'open']);
    settleDurable(f);
    advance(f);
    expect(lines(volumePagesOf(f))).toEqual([]);
    crash(f);
  }
  expect(innerPages, 'pages of the index split').toBeGreaterThan(1);
  expect(run(f, 'DELETE FROM t')).toMatch(/^DELETE [1-9]/);
  run(f, 'VACUUM t');
  const last = fsck(volumePagesOf(f));
  expect(last.findings.map(findingLine)).toEqual([]);
  expect(last.emptyLeaves, 'leaves became empty').toBeGreaterThan(0);
});

describe('a bug planted in the engine', () => {
  test.each([
    ['engine.split-skips-sibling', 'right sibling link'],
    ['engine.vacuum-leaves-entry', 'two index entries lead to one row'],
    ['engine.update-forgets-index', 'index entry and its row have different keys'],
  ] as const)('%s is found by what it leaves: %s', (name, words) => {
    const f = worked([name]);
    work(f, 1, 200);
    expect(lines(volumePagesOf(f)).join('\n')).toContain(words);
  });
});

test('WAL-22 two relations of one name are found, an index and its table as well as two tables', () => {
  const f = worked(['engine.renames-blindly']);
  const both = (first: string, second: string): string[] => {
    begin(f, 'a', parseSql(`BEGIN; ${first}`), []);
    settleDurable(f);
    const waits = begin(f, 's', parseSql(second), []);
    settleDurable(f);
    run(f, 'SELECT 1');
    begin(f, 'a', parseSql('COMMIT'), []);
    settleDurable(f);
    expect(showReply(replyOf(f, 's', waits))).toMatch(/^ALTER/);
    advance(f);
    return lines(volumePagesOf(f));
  };
  expect(lines(volumePagesOf(f))).toEqual([]);
  expect(both('CREATE INDEX n ON plain (a)', 'ALTER TABLE t RENAME TO n')).toEqual([
    expect.stringContaining('two relations have one name'),
  ]);
});

test('PCS-85 tables of the metadata share their names with each other’s indexes', () => {
  const f = worked([]);
  run(f, 'SELECT count(*) FROM t');
  const table = f.engine.tables.get('t');
  if (table === undefined) throw new Error('t is not there');
  const other: TableDef = { ...table, name: table.indexes[0]?.name ?? '', relation: 900, indexes: [] };
  const found = (tables: readonly TableDef[]): string[] =>
    fsck({ ...volumePagesOf(f), defined: tables }).findings.flatMap(({ kind, detail }) =>
      kind === 'catalog.twice' ? [detail] : [],
    );
  expect(found([])).toEqual([]);
  expect(found([table, other])).toEqual([other.name]);
});

describe('damage by its name', () => {
  const f = makeFixture({ pageBytes: PAGE_BYTES, bufferPages: 40 });
  let heap = 0;
  let index = 0;
  let leaf: PageKey;
  beforeAll(() => {
    run(f, 'CREATE TABLE t (k text PRIMARY KEY, v text)');
    for (let row = 0; row < 60; row++)
      run(f, 'INSERT INTO t VALUES ($1, $2)', [keyOf((row * 37) % 60), 'v'.repeat(20)]);
    const table = f.engine.tables.get('t');
    heap = table?.relation ?? 0;
    index = table?.keyRelation ?? 0;
    let page = pageAtVdl(f, pageKey(index, 0, 1));
    let block = 1;
    while (page !== null && page[1] !== 0) {
      block = entryChild(page, 0);
      page = pageAtVdl(f, pageKey(index, 0, block));
    }
    leaf = pageKey(index, 0, block);
  });

  type Damage = (pages: Map<PageKey, Uint8Array>, at: (key: PageKey) => Uint8Array) => unknown;
  const damages: readonly (readonly [kind: string, damage: Damage])[] = [
    ['page.missing', (pages) => void pages.delete(pageKey(heap, 0, 1))],
    ['page.beyond', (_, at) => setRelationBlocks(at(pageKey(heap, 0, 0)), 2)],
    ['page.damaged', (_, at) => putU16(at(pageKey(heap, 0, 1)), 22, PAGE_BYTES)],
    ['page.kind', (pages) => void pages.set(pageKey(heap, 0, 1), moved(pages, leaf, pageKey(heap, 0, 1)))],
    ['page.ahead', (_, at) => setPageLsn(at(leaf), f.vdl + 1)],
    ['volume.missing', (pages) => void pages.delete(VOLUME_KEY)],
    ['clog.missing', (pages) => void pages.delete(commitLogKey(1, PAGE_BYTES))],
    ['clog.beyond', (_, at) => setCommittedBit(at(commitLogKey(1, PAGE_BYTES)), f.engine.xidLimit + 1)],
    ['heap.xid', (_, at) => putU48(at(pageKey(heap, 0, 1)), tupleAt(at, 0), f.engine.xidLimit)],
    ['heap.row', (_, at) => at(pageKey(heap, 0, 1)).fill(0xff, tupleAt(at, 0) + 19, tupleEnd(at, 0))],
    ['index.order', (_, at) => swapSlots(at(leaf))],
    ['index.sibling', (_, at) => putU32(at(leaf), 24, btreeNext(at(pageKey(index, 0, btreeNext(at(leaf))))))],
    ['index.missing', (_, at) => btreeDelete(at(leaf), 0)],
    ['paths.differ', (_, at) => btreeDelete(at(leaf), 0)],
    ['index.dangling', (_, at) => heapFree(at(pageKey(heap, 0, 1)), 0)],
    ['index.level', (_, at) => at(pageKey(index, 0, 1)).fill(7, 1, 2)],
    [
      'index.reach',
      (_, at) => btreeKeep(at(pageKey(index, 0, 1)), pageCount(at(pageKey(index, 0, 1))) - 1, 0),
    ],
  ];
  const tupleAt = (at: (key: PageKey) => Uint8Array, slot: number): number =>
    slotOffset(at(pageKey(heap, 0, 1)), slot);
  const tupleEnd = (at: (key: PageKey) => Uint8Array, slot: number): number =>
    tupleAt(at, slot) + slotLength(at(pageKey(heap, 0, 1)), slot);

  /** The page's bytes under another key. */
  function moved(pages: ReadonlyMap<PageKey, Uint8Array>, from: PageKey, to: PageKey): Uint8Array {
    const page = pages.get(from)?.slice() ?? new Uint8Array(PAGE_BYTES);
    putU32(page, 12, to % 2 ** 32);
    putU32(page, 16, Math.floor(to / 2 ** 32));
    return page;
  }

  function swapSlots(page: Uint8Array): void {
    for (let i = 0; i < 2; i++) {
      const byte = page[32 + i] ?? 0;
      page[32 + i] = page[34 + i] ?? 0;
      page[34 + i] = byte;
    }
  }

  test.each(damages)('%s', (kind, damage) => {
    const source = volumePagesOf(f);
    expect(lines(source)).toEqual([]);
    damage(source.pages, (key) => {
      const page = source.pages.get(key);
      if (page === undefined) throw new Error(`no page ${key}`);
      return page;
    });
    expect(fsck(source).findings.map((finding) => finding.kind)).toContain(kind);
  });

  test('the free-space map contradicts itself', () => {
    const source = volumePagesOf(f);
    const map = source.spaces.get(heap);
    if (map === undefined) throw new Error('no free-space map');
    map.tree[1] = 1;
    expect(lines(source).join()).toContain('free-space map');
  });
});
