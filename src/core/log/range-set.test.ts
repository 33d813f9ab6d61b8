// The chunked range set against an array of members, with enough ranges for many chunks (HOLE-17's structure).

import { describe, expect, test } from 'vitest';
import { clonePlain, digestPlain } from '../../base/plain.ts';
import { makePrng, nextBelow, nextBetween, type Prng } from '../../base/prng.ts';
import {
  assignRange,
  boundAtOrBelow,
  clearSet,
  countRanges,
  endOfSet,
  isEmptySet,
  listRanges,
  makeRangeSet,
  memberEnd,
  memberFrom,
  type RangeSet,
  splitRange,
} from './range-set.ts';

const SIZE = 12_000;

function rangesOf(model: Uint8Array, value: number, first = 0, end: number = SIZE): [number, number][] {
  const ranges: [number, number][] = [];
  let i = first;
  while (i < end) {
    while (i < end && model[i] !== value) i++;
    const start = i;
    while (i < end && model[i] === value) i++;
    if (i > start) ranges.push([start, i]);
  }
  return ranges;
}

function checkShape(set: RangeSet): void {
  let before = -1;
  set.chunks.forEach((chunk, index) => {
    expect(chunk.count % 2).toBe(0);
    if (set.chunks.length > 1) expect(chunk.count).toBeGreaterThan(0);
    if (chunk.count > 0) expect(set.firsts[index]).toBe(chunk.bounds[0]);
    for (let i = 0; i < chunk.count; i++) {
      expect(chunk.bounds[i]).toBeGreaterThan(before);
      before = chunk.bounds[i] ?? before;
    }
    expect(chunk.bounds.subarray(chunk.count).every((spare) => spare === 0)).toBe(true);
  });
  expect(set.firsts.length).toBe(set.chunks.length);
}

/** Mostly short ranges, so that thousands of runs form; now and then a long one that spans many chunks. */
function pickRange(prng: Prng, round: number): [number, number] {
  if (round % 6000 === 5999) return [nextBelow(prng, 3000), SIZE - nextBelow(prng, 3000)];
  const longest = nextBelow(prng, 200) === 0 ? 300 : 2;
  const first = nextBelow(prng, SIZE);
  return [first, Math.min(SIZE, first + nextBetween(prng, 1, longest))];
}

describe('range set', () => {
  test.each([1, 2, 3, 4])('seed %i agrees with an array of members after every change', (seed) => {
    const prng = makePrng(seed, 'range-set');
    const set = makeRangeSet();
    const model = new Uint8Array(SIZE);
    let mostChunks = 0;
    let spans = 0;
    for (let round = 0; round < 20_000; round++) {
      const [first, end] = pickRange(prng, round);
      const member = nextBelow(prng, 100) < 55;
      const expected = {
        inside: rangesOf(model, 1, first, end),
        outside: rangesOf(model, 0, first, end),
      };
      expect(splitRange(set, first, end)).toEqual(expected);
      const chunksBefore = set.chunks.length;
      expect(assignRange(set, first, end, member)).toEqual(expected);
      if (chunksBefore - set.chunks.length > 1) spans++;
      model.fill(member ? 1 : 0, first, end);
      mostChunks = Math.max(mostChunks, set.chunks.length);
      if (round % 1000 === 0) {
        checkShape(set);
        expect(listRanges(set)).toEqual(rangesOf(model, 1));
        expect(countRanges(set)).toBe(rangesOf(model, 1).length);
        const last = model.lastIndexOf(1);
        expect(endOfSet(set)).toBe(last < 0 ? null : last + 1);
      }
      if (round % 16 > 0) continue;
      const position = nextBelow(prng, SIZE);
      const run = rangesOf(model, 1, position);
      expect(memberEnd(set, position)).toBe(model[position] ? (run[0]?.[1] ?? position) : position);
      expect(memberFrom(set, position)).toBe(run[0]?.[0] ?? Number.MAX_SAFE_INTEGER);
    }
    expect(mostChunks).toBeGreaterThan(4);
    expect(spans).toBeGreaterThan(0);
  });

  test('the largest bound at or below a position', () => {
    const set = makeRangeSet();
    expect(boundAtOrBelow(set, 5)).toBe(null);
    assignRange(set, 10, 20, true);
    expect([9, 10, 19, 20, 25].map((position) => boundAtOrBelow(set, position))).toEqual([
      null,
      10,
      10,
      20,
      20,
    ]);
  });

  test('an emptied set, and an empty range', () => {
    const set = makeRangeSet();
    for (let i = 0; i < 5000; i++) assignRange(set, 2 * i, 2 * i + 1, true);
    expect(set.chunks.length).toBeGreaterThan(5);
    expect(assignRange(set, 7, 7, true)).toEqual({ inside: [], outside: [] });
    assignRange(set, 0, 10_000, false);
    expect([isEmptySet(set), endOfSet(set), set.chunks.length]).toEqual([true, null, 1]);
    assignRange(set, 3, 4, true);
    clearSet(set);
    expect(listRanges(set)).toEqual([]);
  });

  test('no chunk is left empty beside another', () => {
    const set = makeRangeSet();
    for (let i = 0; i < 5000; i++) assignRange(set, 2 * i, 2 * i + 1, true);
    assignRange(set, 201, 10_000, false);
    checkShape(set);
    expect([countRanges(set), set.chunks.length]).toEqual([101, 1]);
  });

  test('a clone is equal and independent', () => {
    const set = makeRangeSet();
    for (let i = 0; i < 2000; i++) assignRange(set, 3 * i, 3 * i + 1, true);
    const copy = clonePlain(set);
    expect(digestPlain(copy)).toBe(digestPlain(set));
    assignRange(copy, 0, 6000, true);
    expect(digestPlain(copy)).not.toBe(digestPlain(set));
    expect(countRanges(set)).toBe(2000);
  });

  test('filling holes at random leaves few chunks', () => {
    const set = makeRangeSet();
    const prng = makePrng(5, 'fill');
    const order = Array.from({ length: 20_000 }, (_, i) => i);
    for (let i = order.length - 1; i > 0; i--) {
      const j = nextBelow(prng, i + 1);
      [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
    }
    for (const i of order) assignRange(set, i, i + 1, true);
    expect(listRanges(set)).toEqual([[0, 20_000]]);
    expect(set.chunks.length).toBe(1);
  });
});
