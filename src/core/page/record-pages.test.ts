// Records that name several pages (docs/spec/logindex.md LI-20, wal.md WAL-78): their form, what a decoder refuses, and what each page gets.

import { describe, expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import {
  BadBytes,
  makeWriter,
  takeBytes,
  writeBytes,
  writeInt,
  writeU8,
  writeUint,
} from '../../base/bytes.ts';
import { groupId, type Lsn, type Term, type Time } from '../../base/ids.ts';
import { encodeRecord, type LogRecord, readRecords } from '../log/record.ts';
import { pageLsn } from './page.ts';
import { type PageKey, pageKey, VOLUME_KEY } from './page-key.ts';
import {
  changeOf,
  changesOf,
  joinedEnd,
  type PartChange,
  pagesOf,
  pagesPayload,
  RECORD_PAGES_MAX,
  type RecordPage,
  readPages,
} from './record-pages.ts';
import { applyRecords } from './redo.ts';
import {
  btreeInitPayload,
  btreeInsertPayload,
  btreeKeepPayload,
  EMPTY,
  OP_BTREE_INIT,
  OP_BTREE_INSERT,
  OP_BTREE_KEEP,
  OP_DDL_LOCK,
  OP_NOOP,
  OP_PAGES,
  OP_RELATION_SET,
  OP_RELATIONS_GONE,
  relationPayload,
} from './redo-ops.ts';

const PAGE_BYTES = 1024;
const page = (block: number) => pageKey(40, 0, block);
const at = (lsn: number): Lsn => lsn as Lsn;
const key = (n: number): Uint8Array => new Uint8Array([n]);
const entries = (...keys: number[]) => keys.map((n) => ({ key: key(n), child: 0 }));

const keep = (count: number, next: number): PartChange => ({
  op: OP_BTREE_KEEP,
  init: false,
  payload: btreeKeepPayload(count, next),
});
const make = (level: number, ...keys: number[]): PartChange => ({
  op: OP_BTREE_INIT,
  init: true,
  payload: btreeInitPayload(level, 0, entries(...keys)),
});
const enter = (index: number, n: number): PartChange => ({
  op: OP_BTREE_INSERT,
  init: false,
  payload: btreeInsertPayload(index, key(n), 0),
});

/** Leaf 2 is split into 2 and 3; leaf 3 gets a key by the same record. */
const split: readonly RecordPage[] = [
  { blockKey: page(2), prevBlock: at(20), changes: [keep(2, 3)] },
  { blockKey: page(3), prevBlock: at(-1), changes: [make(0, 3, 4), enter(2, 5), enter(3, 6)] },
  { blockKey: page(1), prevBlock: at(19), changes: [enter(1, 3)] },
];

const record = (pages: readonly RecordPage[], lsn = 30): LogRecord => ({
  lsn: at(lsn),
  prevVolume: at(lsn - 1),
  prevGroup: at(lsn - 1),
  prevBlock: pages[0]?.prevBlock ?? at(-1),
  group: groupId('wal'),
  blockKey: pages[0]?.blockKey ?? VOLUME_KEY,
  term: 2 as Term,
  mtrFirst: at(lsn),
  cpl: true,
  commit: false,
  op: OP_PAGES,
  init: pages[0]?.changes[0]?.init === true,
  payload: pagesPayload(pages),
  time: 7 as Time,
});

const read = (one: LogRecord) => readRecords(encodeRecord(one).bytes);

describe('LI-20 WAL-78 a record of several pages', () => {
  test('is read as it was written, and each of its pages sees it as a record of its own', () => {
    const whole = record(split);
    const { records, error } = read(whole);
    expect([error, records.map((one) => one.record)]).toEqual([null, [whole]]);
    expect(readPages(whole.payload)).toEqual(split);
    expect(pagesOf(whole)).toEqual([page(2), page(3), page(1)]);
    expect(
      changesOf(whole).map(({ blockKey, prevBlock, init, lsn }) => [blockKey, prevBlock, init, lsn]),
    ).toEqual([
      [page(2), 20, false, 30],
      [page(3), -1, true, 30],
      [page(1), 19, false, 30],
    ]);
    for (const own of changesOf(whole)) expect(changeOf(whole, own.blockKey)).toEqual(own);
    expect(changeOf(whole, page(9))).toBeNull();
  });

  test('a record of one page is its own and its only view', () => {
    const single = { ...record(split), op: OP_NOOP, payload: EMPTY };
    expect(changesOf(single)).toEqual([single]);
    expect([pagesOf(single), changeOf(single, page(2)), changeOf(single, page(3))]).toEqual([
      [page(2)],
      single,
      null,
    ]);
  });

  test('LI-38 each page is replayed from the one record, all its changes at one LSN; replaying it twice changes nothing', () => {
    const whole = record(split);
    const built = (blockKey: PageKey, lsn: number, change: PartChange): Uint8Array =>
      applyRecords(null, [{ ...change, blockKey, lsn: at(lsn) }], PAGE_BYTES);
    const before = new Map([
      [page(1), built(page(1), 19, make(0, 0))],
      [page(2), built(page(2), 20, make(0, 1, 2, 3, 4))],
    ]);
    for (const own of changesOf(whole)) {
      const { blockKey, changes } = present(
        split.find((one) => one.blockKey === own.blockKey),
        'a page',
      );
      const image = before.get(blockKey) ?? null;
      // the same changes as records of their own, the last of them at the LSN of the whole
      const steps = changes.map((change, i) => ({ ...change, blockKey, lsn: at(31 - changes.length + i) }));
      const once = applyRecords(image, [own], PAGE_BYTES);
      expect(once).toEqual(applyRecords(image, steps, PAGE_BYTES));
      expect(pageLsn(once)).toBe(30);
      expect(applyRecords(once, [own], PAGE_BYTES)).toEqual(once);
    }
    const stranger = { ...whole, blockKey: page(9) };
    expect(() => applyRecords(null, [stranger], PAGE_BYTES)).toThrow(BadBytes);
  });

  test('a flipped bit is found', () => {
    const { bytes } = encodeRecord(record(split));
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(readRecords(flipped).error).not.toBeNull();
    }
  });
});

/** A payload as no writer makes it. */
const raw = (
  count: number,
  pages: readonly (readonly [number, number, number, number, number])[],
): Uint8Array => {
  const w = makeWriter();
  writeUint(w, count);
  for (const [blockKey, prevBlock, changes, op, init] of pages) {
    writeUint(w, blockKey);
    writeInt(w, prevBlock);
    writeUint(w, changes);
    writeU8(w, op);
    writeU8(w, init);
    writeBytes(w, EMPTY);
  }
  return takeBytes(w);
};
const good = [page(2), 20, 1, OP_BTREE_KEEP, 0] as const;
const next = [page(3), -1, 1, OP_BTREE_INIT, 1] as const;

describe('LI-20 WAL-78 a decoder refuses', () => {
  test.each<[string, Uint8Array, RegExp]>([
    ['no bytes', EMPTY, /need 1 bytes/],
    ['one page', raw(1, [good]), /a record of 1 pages/],
    ['too many pages', raw(RECORD_PAGES_MAX + 1, [good, next]), /a record of 33 pages/],
    ['a page that is missing', raw(3, [good, next]), /need 1 bytes/],
    ['a page twice', raw(2, [good, good]), /named twice/],
    ['a page without a change', raw(2, [good, [page(3), -1, 0, OP_BTREE_INIT, 1]]), /0 changes of page/],
    ['an LSN below the first', raw(2, [good, [page(3), -2, 1, OP_BTREE_INIT, 1]]), /after LSN -2/],
    ['a mark that is none', raw(2, [good, [page(3), -1, 1, OP_BTREE_INIT, 2]]), /mark 2/],
    ['a record in a record', raw(2, [good, [page(3), -1, 1, OP_PAGES, 1]]), /operation 25 is no part/],
    ['a lock of a definition', raw(2, [good, [page(3), -1, 1, OP_DDL_LOCK, 1]]), /operation 21 is no part/],
    ['bytes behind the last page', raw(2, [good, next, next]), /bytes left over/],
    ['another first page', raw(2, [next, good]), /not that of its first page/],
    ['a page of a later record', raw(2, [good, [page(3), 30, 1, OP_BTREE_INIT, 1]]), /follows 30/],
  ])('%s', (_, payload, said) => {
    const { records, error } = read({ ...record(split), payload });
    expect(records).toEqual([]);
    expect(error).toMatch(said);
  });
});

describe('WAL-78 which changes of an MTR are one record', () => {
  const grow = { blockKey: page(0), op: OP_RELATION_SET, init: false, payload: relationPayload(4) };
  const on = (block: number, relation = 40) => ({ ...keep(1, 0), blockKey: pageKey(relation, 0, block) });
  const noop = (block: number) => ({ ...on(block), op: OP_NOOP });
  const large = (block: number) => ({ ...on(block), payload: new Uint8Array(16_000) });
  const gone = { ...on(0), op: OP_RELATIONS_GONE };
  const wide = Array.from({ length: RECORD_PAGES_MAX + 2 }, (_, i) => on(i));

  test.each<[string, Parameters<typeof joinedEnd>[0], number[]]>([
    ['one change', [on(1)], [1]],
    ['a split of an index', [grow, on(3), on(2), on(1)], [4]],
    ['several changes of one page', [on(1), on(1), on(1)], [1, 2, 3]],
    ['pages of two relations', [on(1), on(2), on(1, 41), on(2, 41)], [2, 4]],
    ['a row and its key', [on(1), on(1, 41)], [1, 2]],
    ['a fork of the same relation', [on(1), { ...on(1), blockKey: pageKey(40, 2, 1) }], [1, 2]],
    ['what says something by itself', [on(1), gone, on(2), on(3)], [1, 2, 4]],
    ['padding', [noop(1), noop(2)], [1, 2]],
    ['more bytes than a record has', [large(1), large(2), large(3), large(4)], [2, 4]],
    ['more pages than a record has', wide, [RECORD_PAGES_MAX, RECORD_PAGES_MAX + 2]],
  ])('%s', (_, changes, ends) => {
    const found: number[] = [];
    for (let end = 0; end < changes.length; ) {
      end = joinedEnd(changes, end);
      found.push(end);
    }
    expect(found).toEqual(ends);
  });
});
