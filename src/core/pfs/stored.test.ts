// Stored forms of the file system: what they say comes back, and no flipped bit is taken for something else (FS-5).

import { describe, expect, it } from 'vitest';
import { makePrng, nextBelow } from '../../base/prng.ts';
import { decodeHeader, encodeHeader } from './chunk-header.ts';
import { geometries, numberOf, objectPlace, objectsIn, objectTypes } from './geometry.ts';
import {
  decodeEntries,
  decodeEntry,
  decodeLeader,
  encodeEntry,
  encodeLeader,
  firstLeader,
} from './journal.ts';
import { decodeObject, encodeObject, freeObject, type PfsObject } from './objects.ts';

const g = geometries.mini;

const inode: PfsObject = {
  ...freeObject('inode', 3),
  used: true,
  kind: 'dir',
  head: 7,
  tail: 2 ** 40,
  deno: -1,
  nlink: 1,
  nblock: 12,
  size: Number.MAX_SAFE_INTEGER,
  atime: 1,
  mtime: 2,
  ctime: 3,
  btime: 4,
};
const objects: readonly PfsObject[] = [
  inode,
  { ...freeObject('direntry', 5), used: true, next: 6, prev: 4, name: '名'.repeat(21), ino: 3, dirino: 9 },
  { ...freeObject('blktag', 20), used: true, next: 1, prev: 2, ino: 3, blkid: 99, holeoff: 8191, holelen: 1 },
  freeObject('inode', 0),
  freeObject('direntry', 15),
  freeObject('blktag', 19),
];

/** Every bit flipped, one at a time. */
function expectRefused(bytes: Uint8Array, isTaken: (bytes: Uint8Array) => boolean): void {
  expect(isTaken(bytes)).toBe(true);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = bytes.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(isTaken(flipped), `bit ${bit}`).toBe(false);
  }
  expect(isTaken(bytes.slice(0, -1)) || isTaken(bytes.slice(0, 3)) || isTaken(new Uint8Array())).toBe(false);
}

describe('stored forms', () => {
  it.each(objects.map((object) => [`${object.type} ${object.no}`, object] as const))(
    'FS-5 %s comes back, and no bit of it can flip',
    (_, object) => {
      expect(decodeObject(object.type, object.no, encodeObject(object))).toEqual({ ok: true, value: object });
      expectRefused(encodeObject(object), (bytes) => decodeObject(object.type, object.no, bytes).ok);
    },
  );

  it('FS-5 an object is not taken for one of another type or number', () => {
    expect(decodeObject('direntry', 3, encodeObject(inode)).ok).toBe(false);
    expect(decodeObject('inode', 4, encodeObject(inode)).ok).toBe(false);
  });

  it('FS-5 FS-52 the leader record', () => {
    const leader = { ...firstLeader(g, 9), tailTx: 3, headTx: 5, tailOff: 256, headOff: 1024, headLsn: 12 };
    expect(decodeLeader(g, encodeLeader(g, leader))).toEqual({ ok: true, value: leader });
    expectRefused(encodeLeader(g, leader), (bytes) => decodeLeader(g, bytes).ok);
    expect(decodeLeader(g, encodeLeader(g, { ...leader, headOff: 100 })).ok).toBe(false);
    expect(decodeLeader(g, encodeLeader(g, { ...leader, tailTx: 6 })).ok).toBe(false);
    expect(decodeLeader(geometries.demo, encodeLeader(geometries.demo, leader)).ok).toBe(false);
  });

  it('FS-5 FS-12 the header of a chunk', () => {
    const header = { chunk: 1, chunks: 3 };
    expect(decodeHeader(g, 1, encodeHeader(g, header))).toEqual({ ok: true, value: header });
    expectRefused(encodeHeader(g, header), (bytes) => decodeHeader(g, 1, bytes).ok);
    expect(decodeHeader(g, 2, encodeHeader(g, header)).ok).toBe(false);
    expect(decodeHeader(g, 3, encodeHeader(g, { chunk: 3, chunks: 3 })).ok).toBe(false);
    const other = { ...g, journalBlocks: 3 };
    expect(decodeHeader(other, 1, encodeHeader(g, header)).ok).toBe(false);
  });

  it('FS-5 FS-51 a journal entry', () => {
    const entry = { lsn: 7, txid: 3, more: true, object: inode };
    expect(decodeEntry(g, encodeEntry(g, entry))).toEqual({ ok: true, value: entry });
    expectRefused(encodeEntry(g, entry), (bytes) => decodeEntry(g, bytes).ok);
  });

  it('FS-58 entries are taken only as the transactions that the leader record names', () => {
    const entries = [1, 2, 2, 3].map((txid, i) => ({ lsn: 10 + i, txid, more: i === 1, object: inode }));
    const bytes = new Uint8Array(entries.flatMap((entry) => [...encodeEntry(g, entry)]));
    const range = { after: 0, to: 3, headLsn: 13 };
    expect(decodeEntries(g, bytes, range)).toEqual({ ok: true, value: entries });
    expect(decodeEntries(g, bytes, { ...range, to: 4 }).ok).toBe(false);
    expect(decodeEntries(g, bytes, { ...range, after: 1 }).ok).toBe(false);
    expect(decodeEntries(g, bytes, { ...range, headLsn: 14 }).ok).toBe(false);
    expect(decodeEntries(g, bytes.slice(0, 512), { ...range, headLsn: 11 }).ok).toBe(false);
  });

  it('FS-5 100,000 inputs of random bytes and of damaged values are refused, and nothing throws', () => {
    const prng = makePrng(1, 'pfs stored');
    const values = [
      encodeObject(inode),
      encodeEntry(g, { lsn: 1, txid: 1, more: false, object: inode }),
      encodeLeader(g, firstLeader(g, 0)),
      encodeHeader(g, { chunk: 0, chunks: 1 }),
    ];
    const decoders = [
      (bytes: Uint8Array) => decodeObject('inode', 3, bytes).ok,
      (bytes: Uint8Array) => decodeEntry(g, bytes).ok,
      (bytes: Uint8Array) => decodeLeader(g, bytes).ok,
      (bytes: Uint8Array) => decodeHeader(g, 0, bytes).ok,
    ];
    let taken = 0;
    for (let i = 0; i < 100_000; i++) {
      const which = nextBelow(prng, 4);
      const bytes = (values[which] as Uint8Array).slice();
      for (let n = nextBelow(prng, 4); n >= 0; n--)
        bytes[nextBelow(prng, bytes.length)] = 1 + nextBelow(prng, 254);
      if (decoders[which]?.(bytes) && bytes.some((byte, at) => byte !== values[which]?.[at])) taken++;
    }
    expect(taken).toBe(0);
  });

  it('FS-4 numbers and places of objects agree', () => {
    for (const name of ['mini', 'demo', 'full'] as const) {
      const geometry = geometries[name];
      for (const type of objectTypes)
        for (const index of [0, 1, 13])
          for (const chunk of [0, 1, 5]) {
            const no = numberOf(geometry, type, chunk, index);
            const { sector, slot } = objectPlace(geometry, type, no);
            expect(objectsIn(geometry, sector)[slot]).toEqual({ type, no });
          }
    }
  });
});
