// The storage status list: one test per rule of holes.md §2 and §3, and a property test against one letter per position.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX, type Range } from '../../../base/ids.ts';
import { makePrng, nextBelow } from '../../../base/prng.ts';
import { listOf, show, showRanges, stateOf } from './hole-fixture.ts';
import { countHoles, dropRange, holeAt, listItems, makeHoleList, mergeRange, nextHole } from './hole-list.ts';
import { type HoleList, makeList, wrapList } from './testing/hole-interface.ts';

const B = 'D[0,10) S[10,20) D[20,30) H[30,40) D[40,50) H[50,MAX)';

describe('list', () => {
  test('HOLE-2 DATA says only that a position is durable: the list keeps no records', () => {
    const list = makeHoleList(0);
    mergeRange(list, 0, 5);
    expect(Object.keys(list).sort()).toEqual(['data', 'init', 'sent']);
    expect(listItems(list)[0]).toEqual({ lsn: 0, rangeType: 'data', sentHole: false });
  });

  test('HOLE-4 items ascend from init to END at MAX and partition the space between', () => {
    const items = listOf(B).items();
    expect(items[0]?.lsn).toBe(0);
    expect(items[items.length - 1]).toEqual({ lsn: MAX, rangeType: 'end', sentHole: false });
    for (let i = 1; i < items.length; i++) expect(items[i]?.lsn).toBeGreaterThan(items[i - 1]?.lsn ?? MAX);
    const later = makeList(7);
    later.merge(9, MAX);
    expect(later.items().map(({ lsn }) => lsn)).toEqual([7, 9, MAX]);
  });

  test('HOLE-5 a new list is one unsent hole; creation makes data[0,1)', () => {
    const list = makeList();
    expect(show(list)).toBe('H[0,MAX)');
    list.merge(0, 1);
    expect(show(list)).toBe('D[0,1) H[1,MAX)');
    expect(show(makeList(50))).toBe('H[50,MAX)');
  });

  test('HOLE-6 no two adjacent data items; adjacent holes differ in their flag; no flag on data', () => {
    const list = makeList(0);
    list.merge(0, 2);
    list.merge(2, 4);
    list.merge(6, 8);
    list.merge(4, 6);
    expect(show(list)).toBe('D[0,8) H[8,MAX)');
    list.setSent(10, 12, true);
    list.setSent(12, 14, true);
    expect(show(list)).toBe('D[0,8) H[8,10) S[10,14) H[14,MAX)');
    list.setSent(0, 20, true);
    expect(show(list)).toBe('D[0,8) S[8,20) H[20,MAX)');
    list.setSent(0, 30, false);
    expect(show(list)).toBe('D[0,8) H[8,MAX)');
  });

  test('HOLE-7 NCL ends the leading data, NWL the last data; init − 1 without', () => {
    const empty = makeList(5);
    expect([empty.ncl, empty.nwl]).toEqual([4, 4]);
    empty.merge(8, 9);
    expect([empty.ncl, empty.nwl]).toEqual([4, 8]);
    empty.merge(5, 7);
    expect([empty.ncl, empty.nwl]).toEqual([6, 8]);
    const full = makeList(0);
    full.merge(0, MAX);
    expect([full.ncl, full.nwl]).toEqual([MAX - 1, MAX - 1]);
  });

  test('HOLE-8 a record covers what lies between it and the one before it in the group', () => {
    const list = makeList(0);
    list.merge(0, 1);
    for (const [lsn, prevGroup] of [
      [3, 0],
      [9, 7],
      [7, 3],
    ] as const)
      list.merge(prevGroup + 1, lsn + 1);
    expect(show(list)).toBe('D[0,10) H[10,MAX)');
    const batch = makeList(0);
    batch.merge(0, 1);
    batch.merge(0 + 1, 9 + 1);
    expect(batch.items()).toEqual(list.items());
  });

  test.each([
    [5, 5, 'E_EMPTY_RANGE'],
    [6, 5, 'E_EMPTY_RANGE'],
    [2, 5, 'E_RANGE'],
    [5, MAX + 1, 'E_RANGE'],
    [4.5, 6, 'E_RANGE'],
    [4, 6.5, 'E_RANGE'],
    [Number.NaN, 6, 'E_RANGE'],
  ])('HOLE-9 [%d, %d) is %s and changes nothing', (first, end, code) => {
    const list = makeList(3);
    list.merge(10, 20);
    list.setSent(4, 6, true);
    const before = show(list);
    expect(() => list.merge(first, end)).toThrow(code);
    expect(() => list.setSent(first, end, true)).toThrow(code);
    expect(() => list.setSent(first, end, false)).toThrow(code);
    expect(() => list.contains(first, end)).toThrow(code);
    expect(show(list)).toBe(before);
  });

  test('HOLE-49 truncation makes everything above one unsent hole and clears every flag', () => {
    const list = listOf('D[0,10) S[10,20) D[20,30) S[30,40) D[40,50) H[50,MAX)');
    list.truncate(33);
    expect(show(list)).toBe('D[0,10) H[10,20) D[20,30) H[30,MAX)');
  });

  test('HOLE-50 truncation outside the list is refused; at or above NWL no data changes; repeating changes nothing', () => {
    const list = makeList(3);
    list.merge(3, 9);
    for (const lsn of [1, MAX, MAX + 2, 4.5]) expect(() => list.truncate(lsn)).toThrow('E_RANGE');
    list.truncate(8);
    list.truncate(MAX - 1);
    expect(show(list)).toBe('D[3,9) H[9,MAX)');
    list.truncate(5);
    list.truncate(5);
    expect(show(list)).toBe('D[3,6) H[6,MAX)');
    list.truncate(2);
    expect(show(list)).toBe('H[3,MAX)');
  });
});

describe('merge', () => {
  test('HOLE-11 the merged range is data, all else keeps type and flag; added and overlap are what it was', () => {
    const list = listOf('D[0,4) S[4,8) H[8,10) D[10,12) H[12,MAX)');
    const { added, overlap } = list.merge(2, 11);
    expect([showRanges(added), showRanges(overlap)]).toEqual(['[4,10)', '[2,4) [10,11)']);
    expect(show(list)).toBe('D[0,12) H[12,MAX)');
  });

  test.each([
    ['C1', [22, 25], B],
    ['C2', [13, 15], 'D[0,10) S[10,13) D[13,15) S[15,20) D[20,30) H[30,40) D[40,50) H[50,MAX)'],
    ['C3', [10, 14], 'D[0,14) S[14,20) D[20,30) H[30,40) D[40,50) H[50,MAX)'],
    ['C4', [16, 20], 'D[0,10) S[10,16) D[16,30) H[30,40) D[40,50) H[50,MAX)'],
    ['C5', [30, 40], 'D[0,10) S[10,20) D[20,50) H[50,MAX)'],
    ['C6', [25, 33], 'D[0,10) S[10,20) D[20,33) H[33,40) D[40,50) H[50,MAX)'],
    ['C7', [35, 45], 'D[0,10) S[10,20) D[20,30) H[30,35) D[35,50) H[50,MAX)'],
    ['C8', [15, 35], 'D[0,10) S[10,15) D[15,35) H[35,40) D[40,50) H[50,MAX)'],
    ['C9', [5, 42], 'D[0,50) H[50,MAX)'],
    ['C10', [60, 70], 'D[0,10) S[10,20) D[20,30) H[30,40) D[40,50) H[50,60) D[60,70) H[70,MAX)'],
    ['C11', [45, MAX], 'D[0,10) S[10,20) D[20,30) H[30,40) D[40,MAX)'],
  ] as const)('HOLE-12 case %s: merge %j', (_case, [first, end], after) => {
    const list = listOf(B);
    list.merge(first, end);
    expect(show(list)).toBe(after);
  });

  test('HOLE-12 case C12: a sent and an unsent hole side by side keep their own flags', () => {
    const list = listOf('D[0,10) S[10,20) H[20,30) D[30,40) H[40,MAX)');
    list.merge(15, 25);
    expect(show(list)).toBe('D[0,10) S[10,15) D[15,25) H[25,30) D[30,40) H[40,MAX)');
  });

  test('HOLE-13 a split hole inherits the sent flag', () => {
    const list = listOf('D[0,10) S[10,20) D[20,30) H[30,40) D[40,50) H[50,MAX)');
    list.merge(12, 13);
    list.merge(33, 35);
    expect(show(list)).toBe(
      'D[0,10) S[10,12) D[12,13) S[13,20) D[20,30) H[30,33) D[33,35) H[35,40) D[40,50) H[50,MAX)',
    );
  });

  test('HOLE-15 any permutation and repetition of the same merges gives the same list', () => {
    const range = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 30 }), fc.infiniteStream(fc.nat()), (ranges, order) => {
        const one = makeList(0);
        for (const [first, length] of ranges) one.merge(first, first + length);
        const other = makeList(0);
        const mixed = [...ranges, ...ranges]
          .map((item) => ({ item, key: order.next().value as number }))
          .sort((a, b) => a.key - b.key);
        for (const { item } of mixed) other.merge(item[0], item[0] + item[1]);
        expect(show(other)).toBe(show(one));
      }),
    );
  });

  test('HOLE-17 a merge makes at most two items, and chunks stay bounded and filled under a full shuffle', () => {
    const prng = makePrng(17, 'shuffle');
    const order = Array.from({ length: 60_000 }, (_, i) => i);
    for (let i = order.length - 1; i > 0; i--) {
      const j = nextBelow(prng, i + 1);
      [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
    }
    const list = makeHoleList(0);
    let most = 0;
    for (const [i, lsn] of order.entries()) {
      mergeRange(list, lsn, lsn + 1);
      if (i % 1000 !== 0) continue;
      const bounds = list.data.chunks.reduce((sum, chunk) => sum + chunk.count, 0);
      expect(bounds).toBeLessThanOrEqual(2 * (i + 1));
      for (const chunk of list.data.chunks) expect(chunk.count).toBeLessThanOrEqual(512);
      most = Math.max(most, list.data.chunks.length);
    }
    expect(most).toBeGreaterThan(50);
    expect(listItems(list).length).toBe(3);
    expect(list.data.chunks.length).toBe(1);
  });
});

describe('looking', () => {
  const text = 'D[0,10) S[10,20) H[20,25) D[25,30) H[30,40) D[40,50) H[50,MAX)';
  test('holes are clipped at the limit, and a hole is one range whatever its flags unless asked by flag', () => {
    const list = listOf(text);
    expect(showRanges(list.holes(33))).toBe('[10,25) [30,34)');
    expect(showRanges(list.holes(33, false))).toBe('[20,25) [30,34)');
    expect(showRanges(list.holes(33, true))).toBe('[10,20)');
    expect(showRanges(list.holes(9))).toBe('–');
    expect(showRanges(list.holes(MAX))).toBe(`[10,25) [30,40) [50,${MAX})`);
  });
  test('contains is true only for ranges wholly of data', () => {
    const list = listOf(text);
    expect([
      list.contains(0, 10),
      list.contains(0, 11),
      list.contains(26, 28),
      list.contains(12, 13),
    ]).toEqual([true, false, true, false]);
  });
  test('a hole is found by position and from a position', () => {
    const list = stateOf(text);
    expect(holeAt(list, 12)).toEqual({ first: 10, end: 20, sent: true });
    expect(holeAt(list, 24)).toEqual({ first: 20, end: 25, sent: false });
    expect(holeAt(list, 26)).toBe(null);
    expect(holeAt(list, 60)).toEqual({ first: 50, end: MAX, sent: false });
    expect(nextHole(list, 12, 23)).toEqual([12, 23]);
    expect(nextHole(list, 12, 50, false)).toEqual([20, 25]);
    expect(nextHole(list, 26, 30)).toBe(null);
    expect(countHoles(list)).toBe(2);
  });
});

/** The naive model: one letter per position below SIZE; above it everything is an unsent hole. */
const SIZE = 48;
type Letter = 'D' | 'S' | 'H';

function runsOf(model: readonly Letter[], init: number): string {
  const runs: string[] = [];
  let first = init;
  for (let i = init; i <= SIZE; i++) {
    if (i < SIZE && model[i] === model[first]) continue;
    if (i === SIZE && model[first] === 'H') break;
    runs.push(`${model[first]}[${first},${i})`);
    first = i;
  }
  runs.push(`H[${first},MAX)`);
  return runs.join(' ');
}

function lettersIn(
  model: readonly Letter[],
  first: number,
  end: number,
  want: (l: Letter) => boolean,
): Range[] {
  const ranges: [number, number][] = [];
  for (let i = first; i < end; i++) {
    if (!want(model[i] ?? 'H')) continue;
    const last = ranges[ranges.length - 1];
    if (last && last[1] === i) last[1] = i + 1;
    else ranges.push([i, i + 1]);
  }
  return ranges;
}

type Op =
  | { readonly kind: 'merge' | 'sent' | 'unsent' | 'drop'; readonly first: number; readonly length: number }
  | { readonly kind: 'truncate'; readonly at: number };

const INIT = 3;
const span = {
  first: fc.integer({ min: INIT, max: SIZE - 1 }),
  length: fc.integer({ min: 1, max: 12 }),
};
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('merge' as const), ...span }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('sent' as const), ...span }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('unsent' as const), ...span }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), ...span }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('truncate' as const),
      at: fc.integer({ min: INIT - 1, max: SIZE }),
    }),
  },
);

describe('against the model', () => {
  test('HOLE-11 merge, setSent, truncate, contains, holes, items, ncl and nwl agree after every call', () => {
    let splits = 0;
    fc.assert(
      fc.property(fc.array(op, { maxLength: 40 }), fc.nat({ max: SIZE - 1 }), (ops, limit) => {
        const state = makeHoleList(INIT);
        const list = wrapList(state);
        const model: Letter[] = Array.from({ length: SIZE }, () => 'H');
        for (const one of ops) {
          apply(list, state, model, one);
          expect(show(list)).toBe(runsOf(model, INIT));
        }
        splits += lettersIn(model, INIT, SIZE, (letter) => letter === 'S').length;
        const isHole = (letter: Letter): boolean => letter !== 'D';
        expect(list.holes(limit)).toEqual(lettersIn(model, INIT, limit + 1, isHole));
        expect(list.holes(limit, true)).toEqual(
          lettersIn(model, INIT, limit + 1, (letter) => letter === 'S'),
        );
        expect(list.holes(limit, false)).toEqual(
          lettersIn(model, INIT, limit + 1, (letter) => letter === 'H'),
        );
        const firstHole = model.findIndex((letter, i) => i >= INIT && letter !== 'D');
        expect(list.ncl).toBe((firstHole < 0 ? SIZE : firstHole) - 1);
        expect(list.nwl).toBe(Math.max(INIT - 1, model.lastIndexOf('D')));
        const first = Math.max(INIT, limit - 5);
        if (first <= limit)
          expect(list.contains(first, limit + 1)).toBe(model.slice(first, limit + 1).every((l) => l === 'D'));
      }),
      { numRuns: 600, seed: 8 },
    );
    expect(splits).toBeGreaterThan(100);
  });
});

function apply(list: HoleList, state: ReturnType<typeof makeHoleList>, model: Letter[], one: Op): void {
  if (one.kind === 'truncate') {
    list.truncate(one.at);
    for (let i = 0; i < SIZE; i++) if (i > one.at || model[i] === 'S') model[i] = 'H';
    return;
  }
  const end = Math.min(SIZE, one.first + one.length);
  if (one.kind === 'merge') {
    const merged = list.merge(one.first, end);
    expect(merged.added).toEqual(lettersIn(model, one.first, end, (letter) => letter !== 'D'));
    expect(merged.overlap).toEqual(lettersIn(model, one.first, end, (letter) => letter === 'D'));
    model.fill('D', one.first, end);
    return;
  }
  if (one.kind === 'drop') {
    dropRange(state, one.first, end);
    model.fill('H', one.first, end);
    return;
  }
  list.setSent(one.first, end, one.kind === 'sent');
  for (let i = one.first; i < end; i++) if (model[i] !== 'D') model[i] = one.kind === 'sent' ? 'S' : 'H';
}
