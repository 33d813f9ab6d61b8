// Stored forms of LogIndex: what is written comes back, and no damaged byte is taken for what it was.

import { describe, expect, test } from 'vitest';
import { crc32c } from '../../base/crc32c.ts';
import type { Lsn } from '../../base/ids.ts';
import { makePrng, nextBelow } from '../../base/prng.ts';
import { type PageKey, pageKey } from '../page/page-key.ts';
import { type Meta, openMeta, placeOf, sealMeta } from './meta.ts';
import { appendEntry, type Geometry, makeTable, pagesOf, type Table } from './table.ts';
import {
  BLOOM_BYTES,
  decodeBloom,
  decodeTable,
  encodeBloom,
  encodeTable,
  mayName,
  tableBytes,
} from './table-image.ts';
import { fullGeometry } from './testing/full-geometry.ts';

const small: Geometry = { segments: 16, slots: 8, tablesPerFile: 4, memTables: 2, keptTables: 2 };

function filled(g: Geometry, id: number, pages: number, seed = 1): Table {
  const prng = makePrng(seed, 'LogIndex image');
  const table = makeTable(g, id);
  let lsn = 3 * 2 ** 32 + 9;
  while (appendEntry(g, table, pageKey(8, 0, nextBelow(prng, pages)), lsn as Lsn)) lsn += nextBelow(prng, 3);
  return table;
}

const flipped = (bytes: Uint8Array, bit: number): Uint8Array =>
  bytes.with(bit >> 3, (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7)));

function reseal(bytes: Uint8Array): Uint8Array {
  new DataView(bytes.buffer).setUint32(0, crc32c(bytes, 4), true);
  return bytes;
}

test.each([
  ['scaled', small, 5],
  ['full', fullGeometry, 3000],
] as const)('LI-27 a %s table survives its image', (_, g, pages) => {
  const table = filled(g, 7, pages);
  expect(table.entries).toBeGreaterThan(g.segments);
  expect(decodeTable(g, 7, encodeTable(g, table))).toEqual({ ok: true, value: table });
});

test('LI-28 every flipped bit of a table’s image is found', () => {
  const image = encodeTable(small, filled(small, 7, 5));
  const taken = Array.from({ length: image.length * 8 }, (_, bit) => bit).filter(
    (bit) => decodeTable(small, 7, flipped(image, bit)).ok,
  );
  expect(image.length).toBe(tableBytes(small));
  expect(taken).toEqual([]);
});

test('LI-28 a flipped bit of a full table’s image is found', () => {
  const image = encodeTable(fullGeometry, filled(fullGeometry, 7, 3000));
  const prng = makePrng(2, 'LogIndex bits');
  for (let i = 0; i < 200; i++)
    expect(decodeTable(fullGeometry, 7, flipped(image, nextBelow(prng, image.length * 8))).ok).toBe(false);
});

test('LI-28 every flipped bit of a bloom image is found', () => {
  const image = encodeBloom(small, filled(small, 7, 5));
  for (let bit = 0; bit < image.length * 8; bit += bit < 2000 ? 1 : 7)
    expect(decodeBloom(7, flipped(image, bit)).ok).toBe(false);
});

test('LI-28 every flipped bit of the meta is found', () => {
  const meta: Meta = { maxTableId: 9, startLsn: 700 as Lsn, maxLsn: 700 as Lsn, minFile: 1 };
  const image = sealMeta(small, meta);
  expect(openMeta(small, image)).toEqual({ ok: true, value: meta });
  for (let bit = 0; bit < image.length * 8; bit++)
    expect(openMeta(small, flipped(image, bit)).ok).toBe(false);
  expect(image.length).toBe(512);
});

test('bytes that damage and a new checksum make are refused, or are the image of what was read', () => {
  const image = encodeTable(small, filled(small, 7, 5));
  let refused = 0;
  for (let bit = 32; bit < image.length * 8; bit++) {
    const damaged = reseal(flipped(image, bit));
    const decoded = decodeTable(small, 7, damaged);
    if (decoded.ok) expect(encodeTable(small, decoded.value)).toEqual(damaged);
    else refused++;
  }
  expect(refused).toBeGreaterThan(image.length * 4);
});

test('random bytes under a good checksum never make a table or an exception', () => {
  const prng = makePrng(3, 'LogIndex garbage');
  const image = encodeTable(small, filled(small, 7, 5));
  for (let i = 0; i < 3000; i++) {
    const bytes = image.slice();
    for (let n = 40 + nextBelow(prng, 40); n < bytes.length; n += 1 + nextBelow(prng, 30))
      bytes[n] = nextBelow(prng, 256);
    expect(decodeTable(small, 7, reseal(bytes)).ok).toBe(false);
  }
});

describe('a refusal says what and why', () => {
  const table = filled(small, 7, 5);
  const image = encodeTable(small, table);
  test.each([
    ['image of table 7: 10 bytes, not 1144', decodeTable(small, 7, image.subarray(0, 10))],
    ['image of table 7: checksum mismatch', decodeTable(small, 7, flipped(image, 500))],
    ['image of table 8: it is of table 7', decodeTable(small, 8, image)],
    ['bloom of table 7: 4095 bytes, not 4096', decodeBloom(7, encodeBloom(small, table).subarray(1))],
    [
      'LogIndex meta: tables of 16/8/4, not 16/10/4',
      openMeta({ ...small, slots: 10 }, sealMeta(small, firstOf(0, 0))),
    ],
    ['LogIndex meta: file 2, table 7, LSNs 0, 0', openMeta(small, sealMeta(small, firstOf(7, 2)))],
  ])('%s', (error, decoded) => {
    expect(decoded).toEqual({ ok: false, error });
  });
});

function firstOf(maxTableId: number, minFile: number): Meta {
  return { maxTableId, startLsn: 0 as Lsn, maxLsn: 0 as Lsn, minFile };
}

test('LI-29 a bloom filter names every page of its table, and few others', () => {
  const table = filled(fullGeometry, 7, 1000);
  const bloom = decodeBloom(7, encodeBloom(fullGeometry, table));
  if (!bloom.ok) throw new Error(bloom.error);
  const pages = pagesOf(fullGeometry, table);
  expect(pages).toHaveLength(1000);
  expect(pages.every((page) => mayName(bloom.value, page))).toBe(true);
  const others = Array.from({ length: 10_000 }, (_, n): PageKey => pageKey(9, 0, n));
  // Ten bits that hang on 14 bits of the hash: one in sixteen is let through.
  expect(others.filter((page) => mayName(bloom.value, page)).length).toBeLessThan(800);
});

test('LI-9 LI-27 a file is a row of blooms and tables', () => {
  const size = tableBytes(small);
  expect(placeOf(small, 1, 'bloom')).toEqual({ path: '/logindex/0', offset: 0, length: BLOOM_BYTES });
  expect(placeOf(small, 4, 'table')).toEqual({
    path: '/logindex/0',
    offset: 3 * Math.ceil((BLOOM_BYTES + size) / 512) * 512 + BLOOM_BYTES,
    length: size,
  });
  expect(placeOf(small, 5, 'bloom').path).toBe('/logindex/1');
});
