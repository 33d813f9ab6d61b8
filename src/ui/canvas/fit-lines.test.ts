// How many lines a card below full size has: none is cut, and the leading role comes first.

import { expect, test } from 'vitest';
import { cardSize, severalRoles } from './cluster-layout.ts';
import { chipFits, fitLine, headMarks, linesOf } from './fit-lines.ts';

test.each([
  [0.88, [5]],
  [0.76, [4]],
  [0.51, [2]],
  [0.35, [1]],
])('a card of one role at %d has %j lines', (zoom, lines) => {
  expect(linesOf(cardSize.height * zoom, 1)).toEqual(lines);
});

test('roles share the lines, and what cannot be shared evenly the leading ones have', () => {
  const height = severalRoles.rest + 3 * severalRoles.row;
  expect(linesOf(height * 0.76, 3)).toEqual([4, 4, 3]);
  expect(linesOf(height * 0.35, 3)).toEqual([2, 1, 1]);
  expect(linesOf(32 + 2 * fitLine, 3)).toEqual([1, 1, 0]);
  expect(linesOf(20, 2)).toEqual([0, 0]);
  expect(linesOf(200, 0)).toEqual([]);
});

test('a name is never cut for a mark: in a narrow head a node that is not well has the mark of its state alone', () => {
  expect(headMarks(120, 'rw-1', true)).toEqual(['role', 'state']);
  expect(headMarks(60, 'rw-1', true)).toEqual(['role']);
  expect(headMarks(60, 'rw-1', false)).toEqual(['state']);
});

test('nor for a chip: beside a name that leaves too little room the state is its mark', () => {
  expect(chipFits(146, 'store-2', 'out of service')).toBe(false);
  expect(chipFits(146, 'store-2', 'down')).toBe(true);
  expect(chipFits(200, 'store-2', 'out of service')).toBe(true);
  expect(chipFits(170, 'ro-1', '停止服务')).toBe(true);
});
