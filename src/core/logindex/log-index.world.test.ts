// LogIndex against a plain map of lists, in seeded worlds: a writer with flushes, crashes between any two writes, damage, truncation
// and changes of prefix, and a reader behind it, which must have the same tables.

import { describe, expect, test } from 'vitest';
import { assert, present } from '../../base/assert.ts';
import type { Lsn } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, nextChance, type Prng } from '../../base/prng.ts';
import { type PageKey, pageKey } from '../page/page-key.ts';
import {
  insertRecord,
  type LogIndex,
  oldestFileEnd,
  onWritten,
  openLogIndex,
  planFlush,
  planTruncation,
  takeMeta,
  type Write,
  writeMeta,
} from './log-index.ts';
import { fileOf, rebuildMeta } from './meta.ts';
import { type Geometry, pagesOf } from './table.ts';
import {
  find,
  type IndexDisk,
  makeDisk,
  openFrom,
  removeFile,
  walkAll,
  write,
} from './testing/index-disk.ts';

interface LogRecord {
  readonly lsn: number;
  readonly pages: readonly PageKey[];
}

interface World {
  readonly prng: Prng;
  readonly g: Geometry;
  readonly disk: IndexDisk;
  /** What was logged, ascending; a crash cuts what is not durable. */
  wal: LogRecord[];
  durableLsn: number;
  nextLsn: number;
  gcFloor: number;
  writer: LogIndex;
  reader: LogIndex;
  /** Records of `wal` that each has inserted. */
  written: number;
  read: number;
  /** Writes of a plan that are not made yet, and the file that goes behind them. */
  pending: Write[];
  removes: string | null;
  readonly seen: Map<string, number>;
}

const PAGES = 60;

function saw(world: World, what: string, count = 1): void {
  world.seen.set(what, (world.seen.get(what) ?? 0) + count);
}

function makeWorld(seed: number): World {
  const prng = makePrng(seed, 'LogIndex world');
  const g: Geometry = {
    segments: nextBetween(prng, 4, 24),
    slots: 2 * nextBetween(prng, 1, 8),
    tablesPerFile: nextBetween(prng, 1, 4),
    memTables: nextBetween(prng, 2, 4),
    keptTables: nextBetween(prng, 1, 4),
  };
  const disk = makeDisk();
  const open = (): LogIndex => {
    const index = openFrom(disk, g);
    assert(typeof index !== 'string' && !('kind' in index), 'an empty disk opens');
    return index;
  };
  return {
    prng,
    g,
    disk,
    wal: [],
    durableLsn: 0,
    nextLsn: 1,
    gcFloor: 0,
    writer: open(),
    reader: open(),
    written: 0,
    read: 0,
    pending: [],
    removes: null,
    seen: new Map(),
  };
}

function drawPages(prng: Prng): PageKey[] {
  const pages = new Set<PageKey>();
  for (let i = nextChance(prng, 1, 4) ? nextBetween(prng, 2, 5) : 1; i > 0; i--)
    pages.add(pageKey(7, 0, nextBelow(prng, nextChance(prng, 1, 2) ? 4 : PAGES)));
  return [...pages];
}

function append(world: World): void {
  const { prng } = world;
  if (nextChance(prng, 1, 150)) {
    world.nextLsn = (Math.floor(world.nextLsn / 2 ** 32) + 1) * 2 ** 32 - nextBelow(prng, 3);
    saw(world, 'prefix');
  }
  world.wal.push({ lsn: world.nextLsn, pages: drawPages(prng) });
  world.nextLsn += nextBetween(prng, 1, 3);
}

/** As far as there is room. */
function insertWritten(world: World): void {
  for (; world.written < world.wal.length; world.written++) {
    const { lsn, pages } = present(world.wal[world.written], 'a record');
    const before = world.writer.activeId;
    const result = insertRecord(world.writer, lsn as Lsn, pages);
    saw(world, 'sealed', world.writer.activeId - before);
    if (result === 'LOGINDEX_WAIT') {
      saw(world, 'wait');
      return;
    }
  }
}

function insertRead(world: World, limit: number): void {
  for (let i = 0; i < limit; i++) {
    const record = world.wal[world.read];
    if (record === undefined || record.lsn > world.durableLsn) return;
    if (insertRecord(world.reader, record.lsn as Lsn, record.pages) === 'LOGINDEX_WAIT') {
      saw(world, 'reader wait');
      return;
    }
    world.read++;
  }
}

function flushSome(world: World): void {
  const { writer, disk, prng } = world;
  if (world.pending.length === 0) {
    const plan = planFlush(writer, world.durableLsn as Lsn);
    if (plan !== null) world.pending = [...plan];
  }
  for (let n = nextBetween(prng, 1, 3); n > 0 && world.pending.length > 0; n--) {
    write(disk, present(world.pending.shift(), 'a write'));
    if (world.pending.length > 0) continue;
    onWritten(writer);
    if (world.removes !== null) removeFile(disk, world.removes);
    saw(world, world.removes === null ? 'flush' : 'truncation');
    world.removes = null;
  }
}

function truncate(world: World): void {
  const { writer, disk, prng } = world;
  const read = oldestFileEnd(writer);
  if (read === null) return;
  const floor = Math.min(world.durableLsn, world.wal[Math.max(0, world.read - 1)]?.lsn ?? 0);
  world.gcFloor = Math.max(world.gcFloor, Math.floor((floor * nextBetween(prng, 1, 10)) / 10));
  const bytes = disk.values.get(`${read.path}@${read.offset}`) ?? new Uint8Array();
  const plan = planTruncation(writer, bytes, world.gcFloor as Lsn);
  if (plan.kind !== 'truncate') return;
  world.pending = [plan.write];
  world.removes = plan.path;
}

const from = (world: World, lsn: number): number => {
  const at = world.wal.findIndex((record) => record.lsn >= lsn);
  return at < 0 ? world.wal.length : at;
};

function reopen({ disk, g }: World): LogIndex {
  const index = openFrom(disk, g);
  assert(typeof index !== 'string' && !('kind' in index), 'the disk opens', JSON.stringify(index));
  return index;
}

/** Power cut: what was not durable is gone, its LSNs come again with other pages; the next write may be torn. */
function crash(world: World): void {
  const { disk, prng } = world;
  const next = world.pending[0];
  if (next !== undefined) saw(world, 'crash in a flush');
  const isSector = next?.path.endsWith('meta') === true;
  if (next !== undefined && !isSector && nextChance(prng, 1, 2))
    write(disk, { ...next, bytes: next.bytes.slice(0, nextBelow(prng, next.bytes.length)) });
  world.pending = [];
  world.removes = null;
  world.wal = world.wal.filter(({ lsn }) => lsn <= world.durableLsn);
  world.nextLsn = world.durableLsn + 1;
  world.writer = reopen(world);
  const { startLsn } = world.writer.meta;
  world.written = from(world, Math.min(startLsn, nextBelow(prng, world.durableLsn + 1)));
  // Readers register again with a new writer (LI-63).
  world.reader = reopen(world);
  world.read = from(world, startLsn);
  if (world.written < world.wal.length) saw(world, 'rebuilt');
}

/** A saved table that its files still hold is damaged, found, and LogIndex is made anew; the reader joins again. */
function damage(world: World): void {
  const { writer, disk, prng, g } = world;
  if (world.pending.length > 0) return;
  const first = writer.meta.minFile * g.tablesPerFile + 1;
  if (writer.meta.maxTableId < first) return;
  const keys = [...disk.values.keys()].filter((key) => !key.includes('meta'));
  const key = present(keys[nextBelow(prng, keys.length)], 'a stored value');
  const bytes = present(disk.values.get(key), 'bytes');
  if (bytes.length === 0) return;
  const at = nextBelow(prng, bytes.length);
  disk.values.set(key, bytes.with(at, (bytes[at] ?? 0) ^ (1 << nextBelow(prng, 8))));
  const walked = walkAll(disk, writer, 0, world.nextLsn);
  saw(world, Array.isArray(walked) ? 'damage in memory’s shadow' : 'damage found');
  const meta = rebuildMeta(g, fileOf(g, writer.activeId), world.gcFloor as Lsn);
  write(disk, writeMeta(g, meta));
  world.writer = openLogIndex(g, meta, []);
  world.reader = openLogIndex(g, meta, []);
  world.written = from(world, world.gcFloor);
  world.read = world.written;
}

function checkFinds(world: World, index: LogIndex, inserted: number, who: string): void {
  const { prng, disk } = world;
  const last = world.wal[inserted - 1]?.lsn ?? 0;
  if (last < world.gcFloor) return;
  const page = pageKey(7, 0, nextBelow(prng, nextChance(prng, 1, 2) ? 4 : PAGES));
  const records = world.wal.slice(0, inserted);
  const min = nextChance(prng, 1, 2)
    ? world.gcFloor
    : Math.max(world.gcFloor, records[nextBelow(prng, inserted)]?.lsn ?? 0);
  const max = nextChance(prng, 1, 2) ? last : Math.max(min, records[nextBelow(prng, inserted)]?.lsn ?? 0);
  const before = { ...disk.reads };
  const expected = records.filter(({ lsn, pages }) => lsn >= min && lsn <= max && pages.includes(page));
  expect(find(disk, index, page, min, max), `${who}: page ${page} in ${min} … ${max}`).toEqual(
    expected.map(({ lsn }) => lsn),
  );
  saw(world, 'find');
  if (disk.reads.meta > before.meta) saw(world, 'file gone');
  if (disk.reads.table > before.table) saw(world, 'find in a file');
  if (expected.length > 3) saw(world, 'long answer');
}

function checkWalk(world: World): void {
  const entries = walkAll(world.disk, world.writer, world.gcFloor, world.durableLsn);
  const expected = world.wal
    .slice(0, world.written)
    .filter(({ lsn }) => lsn >= world.gcFloor && lsn <= world.durableLsn)
    .flatMap(({ lsn, pages }) => pages.map((page) => ({ page, lsn })));
  // A record that waits in its middle is there in part.
  expect(Array.isArray(entries) ? entries.slice(0, expected.length) : entries).toEqual(expected);
  saw(world, 'walk');
}

/** LI-33: tables with the same id that both have closed are the same. */
function checkTwins(world: World): void {
  const { writer, reader, g } = world;
  for (const mem of writer.memory) {
    const twin = reader.memory.find((one) => one?.table.id === mem?.table.id);
    if (mem === null || twin === undefined || twin === null) continue;
    if (mem.state === 'ACTIVE' || twin.state === 'ACTIVE') continue;
    expect(twin.table).toEqual(mem.table);
    saw(world, 'twins');
    if (pagesOf(g, mem.table).length > g.slots) saw(world, 'collisions');
  }
}

function runWorld(seed: number, steps: number): World {
  const world = makeWorld(seed);
  const { prng } = world;
  for (let step = 0; step < steps; step++) {
    const roll = nextBelow(prng, 1000);
    if (roll < 550) append(world);
    insertWritten(world);
    if (roll % 3 === 0)
      world.durableLsn = Math.max(world.durableLsn, (world.wal.at(-1)?.lsn ?? 0) - nextBelow(prng, 4));
    if (roll % 5 < 2) insertRead(world, nextBelow(prng, 12));
    if (roll % 4 === 0) takeMeta(world.reader, world.writer.meta);
    if (roll >= 550 && roll < 850) flushSome(world);
    else if (roll < 880) world.pending.length === 0 && truncate(world);
    else if (roll < 890) crash(world);
    else if (roll < 892) damage(world);
    // memory may let go of saved tables at any time
    if (roll % 3 > 0) for (const { kept } of [world.writer, world.reader]) kept.clear();
    if (roll % 7 === 0) checkFinds(world, world.writer, world.written, 'writer');
    if (roll % 7 === 1) checkFinds(world, world.reader, world.read, 'reader');
    if (roll % 50 === 2) checkWalk(world);
    if (roll % 11 === 0) checkTwins(world);
  }
  return world;
}

describe('LI-30 LI-31 LI-33 find gives what a map of lists gives, at any moment', () => {
  const seen = new Map<string, number>();

  test.each(Array.from({ length: 12 }, (_, i) => i + 1))('seed %i', (seed) => {
    for (const [what, count] of runWorld(seed, 1500).seen) seen.set(what, (seen.get(what) ?? 0) + count);
  });

  test.each([
    ['sealed', 800],
    ['collisions', 500],
    ['flush', 700],
    ['wait', 1000],
    ['reader wait', 300],
    ['prefix', 30],
    ['crash in a flush', 20],
    ['rebuilt', 80],
    ['truncation', 250],
    ['damage found', 3],
    ['find', 3000],
    ['find in a file', 700],
    ['file gone', 1],
    ['long answer', 400],
    ['walk', 200],
    ['twins', 1000],
  ])('not vacuous: %s at least %i times', (what, least) => {
    expect(seen.get(what) ?? 0).toBeGreaterThanOrEqual(least);
  });
});
