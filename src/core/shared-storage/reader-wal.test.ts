// Records that a replay reads in WAL, and the WAL buffer (docs/spec/logindex.md LI-37, LI-75).

import { expect, test } from 'vitest';
import { groupId, type Lsn, type Term, type Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween } from '../../base/prng.ts';
import { encodeRecord } from '../log/record.ts';
import { pageKey } from '../page/page-key.ts';
import type { Call } from '../pfs/mount-state.ts';
import { makeContext } from '../quorum-log/writer-fixture.ts';
import { findRecords, type ReadableWal, takeWalRead, type WalNeed, walCall } from './reader-wal.ts';
import { keepWal, keptWal, makeWalBuffer } from './wal-buffer.ts';
import { SEGMENT_BYTES, segmentAt, segmentPath } from './wal-file.ts';

const page = pageKey(40_000, 0, 0);
const ctx = makeContext();

const record = (lsn: number, size: number) =>
  encodeRecord({
    lsn: lsn as Lsn,
    prevVolume: (lsn - 1) as Lsn,
    prevGroup: (lsn - 1) as Lsn,
    prevBlock: -1 as Lsn,
    group: groupId('g1'),
    blockKey: page,
    term: 1 as Term,
    mtrFirst: lsn as Lsn,
    cpl: true,
    commit: false,
    op: 1,
    init: false,
    payload: new Uint8Array(size).fill(lsn),
    time: 0 as Time,
  }).bytes;

/** A log of records of these sizes. */
function makeLog(sizes: readonly number[]) {
  const places: ReadableWal['replay']['places'] = new Map();
  const all: number[] = [];
  sizes.forEach((size, i) => {
    const bytes = record(i + 1, size);
    places.set(i + 1, { position: all.length, length: bytes.length });
    for (const byte of bytes) all.push(byte);
  });
  const files = new Uint8Array(Math.ceil(all.length / SEGMENT_BYTES + 1) * SEGMENT_BYTES);
  files.set(all);
  return { places, files, end: all.length };
}

interface Lab {
  readonly reader: ReadableWal & { readonly work: { readonly loads: WalNeed[] }; readonly ctx: typeof ctx };
  readonly files: Uint8Array;
}

function makeLab(sizes: readonly number[], walBufferSegments = 64): Lab {
  const { places, files, end } = makeLog(sizes);
  const last = sizes.length as Lsn;
  const parser = { parsedLsn: last, applyLsn: last };
  return {
    reader: {
      replay: { places, parser, end, wal: makeWalBuffer() },
      work: { loads: [] },
      ctx,
      config: { params: { walBufferSegments } },
    },
    files,
  };
}

function addLoad({ reader }: Lab): WalNeed {
  const load: WalNeed = { found: new Map(), parts: [], reading: null, heldUpAt: -1 };
  reader.work.loads.push(load);
  return load;
}

function bytesOf({ files }: Lab, call: Call): Uint8Array {
  if (call.kind !== 'pread') throw new Error(`${call.kind} is no read`);
  const segment = segmentAt(files.length - 1);
  const index = Array.from({ length: segment + 1 }, (_, i) => i).find((i) => segmentPath(i) === call.file);
  const from = (index ?? Number.NaN) * SEGMENT_BYTES + call.offset;
  return files.slice(from, from + call.length);
}

const lsns = (...all: number[]): Lsn[] => all as Lsn[];

/** Reads until everything is there, or not to be had; how many calls that took. */
function readAll(lab: Lab, load: WalNeed, wanted: readonly Lsn[]): number | 'damaged' {
  for (let calls = 0; calls < 500; calls++) {
    const missing = findRecords(lab.reader, load, wanted);
    if (missing === 'damaged') return 'damaged';
    if (missing === null) return calls;
    const call = walCall(lab.reader, load, missing);
    if (call === null) throw new Error('nobody else reads');
    if (!takeWalRead(lab.reader, load, bytesOf(lab, call))) return 'damaged';
  }
  throw new Error('no end');
}

const KIB = 1024;

test('LI-75 each segment is read once for all pages whose records lie there', () => {
  const lab = makeLab(Array.from({ length: 100 }, () => 3 * KIB));
  const segments = Math.ceil(lab.reader.replay.end / SEGMENT_BYTES);
  const odd = lsns(...Array.from({ length: 50 }, (_, i) => 2 * i + 1));
  const first = addLoad(lab);
  expect(readAll(lab, first, odd)).toBe(segments);
  expect([...first.found.keys()].sort((a, b) => a - b)).toEqual(odd);
  const even = lsns(...Array.from({ length: 50 }, (_, i) => 2 * i + 2));
  expect(readAll(lab, addLoad(lab), even)).toBe(0);
});

test('LI-75 segments in which the page has no record are not read', () => {
  const lab = makeLab(Array.from({ length: 100 }, () => 3 * KIB));
  expect(readAll(lab, addLoad(lab), lsns(1, 99))).toBe(2);
});

test('LI-75 loads side by side read different segments, and one for which none is left waits', () => {
  const lab = makeLab(Array.from({ length: 30 }, () => 3 * KIB)); // two segments
  const wanted = lsns(1, 2, 29);
  const calls = [addLoad(lab), addLoad(lab), addLoad(lab)].map((load) => {
    const missing = findRecords(lab.reader, load, wanted);
    return { load, call: Array.isArray(missing) ? walCall(lab.reader, load, missing) : null };
  });
  const [one, two, three] = calls;
  expect(calls.map(({ call }) => call?.kind === 'pread' && call.file)).toEqual([
    segmentPath(0),
    segmentPath(1),
    false,
  ]);
  expect(three?.load.heldUpAt).toBe(lab.reader.replay.wal.reads);
  for (const { load, call } of [one, two] as { load: WalNeed; call: Call }[]) {
    takeWalRead(lab.reader, load, bytesOf(lab, call));
    findRecords(lab.reader, load, wanted);
  }
  expect(three?.load.heldUpAt).not.toBe(lab.reader.replay.wal.reads);
  for (const { load } of calls) expect(findRecords(lab.reader, load, wanted)).toBeNull();
});

test('LI-75 a record that lies in two segments is put together, also where the buffer has room for one', () => {
  for (const most of [1, 64]) {
    const lab = makeLab([40 * KIB, 40 * KIB, 40 * KIB, 40 * KIB], most);
    const load = addLoad(lab);
    readAll(lab, load, lsns(1, 2, 3, 4));
    expect([...load.found].map(([lsn, { payload }]) => [lsn, payload.length, payload[0]])).toEqual(
      [1, 2, 3, 4].map((lsn) => [lsn, 40 * KIB, lsn]),
    );
    expect(lab.reader.replay.wal.segments.size).toBeLessThanOrEqual(most);
  }
});

test('LI-75 what was read before it was written is read again, and what is not there is damage', () => {
  const lab = makeLab([100, 100, 100]);
  const { reader, files } = lab;
  const parser = { parsedLsn: 2 as Lsn, applyLsn: 2 as Lsn };
  const place = reader.replay.places.get(3);
  if (place === undefined) throw new Error('three records');
  const written = files.slice(place.position, place.position + place.length);
  files.fill(0, place.position, place.position + place.length);
  const early = { ...lab, reader: { ...reader, replay: { ...reader.replay, parser } } };
  const load = addLoad(early);
  expect(readAll(early, load, lsns(1, 2))).toBe(1); // with zeros ahead
  files.set(written, place.position);
  expect(readAll(lab, load, lsns(3))).toBe(1);
  files.fill(7, 0, 50);
  expect(readAll(makeDamaged(lab), addLoad(lab), lsns(1))).toBe('damaged');
});

const makeDamaged = (lab: Lab): Lab => ({
  ...lab,
  reader: { ...lab.reader, replay: { ...lab.reader.replay, wal: makeWalBuffer() }, work: { loads: [] } },
});

test('LI-75 what is kept is what was read and parsed, whatever was read in whatever order', () => {
  const prng = makePrng(7, 'wal');
  const stream = Uint8Array.from({ length: 3 * SEGMENT_BYTES }, () => nextBelow(prng, 256));
  const seen = { kept: 0, dropped: 0 };
  for (let run = 0; run < 40; run++) {
    const buffer = makeWalBuffer();
    const limits = { walBufferSegments: nextBetween(prng, 1, 3) };
    let parsed = nextBelow(prng, SEGMENT_BYTES);
    for (let i = 0; i < 30; i++) {
      const position = nextBelow(prng, parsed + KIB);
      const rest = SEGMENT_BYTES - (position % SEGMENT_BYTES);
      const bytes = stream.slice(position, position + nextBetween(prng, 1, rest));
      for (let at = Math.max(0, parsed - position); at < bytes.length; at++) bytes[at] = 0;
      keepWal(buffer, ctx, limits, { position, bytes }, parsed);
      expect(buffer.segments.size).toBeLessThanOrEqual(limits.walBufferSegments);
      const from = nextBelow(prng, parsed + KIB);
      const found = keptWal(buffer, from, from + nextBetween(prng, 1, SEGMENT_BYTES));
      seen[found === null ? 'dropped' : 'kept']++;
      if (found !== null) {
        expect(from + found.length).toBeLessThanOrEqual(parsed);
        expect(found.every((byte, at) => byte === stream[from + at])).toBe(true);
      }
      parsed = Math.min(stream.length, parsed + nextBelow(prng, SEGMENT_BYTES >> 2));
    }
  }
  expect(seen.kept).toBeGreaterThan(100);
  expect(seen.dropped).toBeGreaterThan(100);
});
