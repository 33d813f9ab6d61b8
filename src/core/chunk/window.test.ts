import { expect, test } from 'vitest';
import { type Ranges, takeApplicable, type Waiting } from './window.ts';

/** Indexes applied after each entry becomes ready, in the order in which they do. */
function applied(behind: number, entries: readonly Ranges[], arrivals: readonly number[]): number[][] {
  const waiting: Waiting[] = entries.map((ranges, i) => ({ index: i + 1, ranges, isReady: false }));
  const all = [...waiting];
  return arrivals.map((index) => {
    (all[index - 1] as Waiting).isReady = true;
    return takeApplicable(waiting, behind).map((entry) => entry.index);
  });
}

test('W-11 FS-73 look-behind orders applying', () => {
  const four: Ranges[] = [[[0, 4]], [[8, 10]], [[2, 6]], [[20, 21]]];
  expect(applied(2, four, [2, 4, 3, 1])).toEqual([[2], [], [], [1, 3, 4]]);
  expect(applied(1, [[[0, 1]], [[1, 2]], [[2, 3]]], [3, 2, 1])).toEqual([[], [2], [1, 3]]);
  expect(applied(0, [[[0, 1]], [[1, 2]]], [2, 1])).toEqual([[], [1, 2]]);
});

test('FS-74 FS-81 what overlaps stays in order, and a token overlaps everything', () => {
  expect(applied(9, [[[0, 4]], null, [[8, 9]]], [3, 2, 1])).toEqual([[], [], [1, 2, 3]]);
  expect(
    applied(
      9,
      [
        [[0, 4]],
        [
          [3, 5],
          [9, 10],
        ],
        [[9, 11]],
      ],
      [3, 2, 1],
    ),
  ).toEqual([[], [], [1, 2, 3]]);
});
