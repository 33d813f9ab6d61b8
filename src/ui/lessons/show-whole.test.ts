// No line of a list is cut: the one that is spoken of is the last, or the list begins at its beginning.

import { expect, test } from 'vitest';
import { type LineBox, wholeLines } from './show-whole.ts';

/** Lines of one, three, two and one rows of text. */
const lines: readonly LineBox[] = [
  { top: 0, bottom: 30 },
  { top: 30, bottom: 100 },
  { top: 100, bottom: 150 },
  { top: 150, bottom: 180 },
];

test.each([
  ['all of them', 3, 200, [0, 180]],
  ['the first two, whose third is cut in no line', 0, 130, [0, 100]],
  ['the current one is the last', 3, 104, [100, 180]],
  ['what is higher than the room alone', 1, 60, [30, 100]],
  ['none is current any more', 9, 104, [100, 180]],
] as const)('%s', (_, current, room, shown) => expect(wholeLines(lines, current, room)).toEqual(shown));
