// What a row says of its page is never written over a tile, a record or a name.

import { expect, test } from 'vitest';
import { type RowMarks, textPlace, tile } from './text-place.ts';

const wide = { left: 84, right: 448 } as const;

test.each<readonly [string, number, RowMarks, 'start' | 'middle' | 'end' | null]>([
  ['before the first record', 100, { ...wide, start: 120, records: [300], older: [] }, 'middle'],
  ['between two records', 100, { ...wide, start: 120, records: [160, 300], older: [] }, 'middle'],
  ['right of the last record', 100, { ...wide, start: 120, records: [160, 200], older: [] }, 'start'],
  ['left of the newest tile', 100, { ...wide, start: 300, records: [420], older: [] }, 'end'],
  ['not over an older tile', 100, { ...wide, start: 300, records: [390], older: [240] }, null],
  [
    'left of the newest, behind an older tile',
    100,
    { ...wide, start: 320, records: [420], older: [150] },
    'end',
  ],
  ['not over the name', 160, { ...wide, start: 240, records: [300, 420], older: [] }, null],
  ['no records', 100, { ...wide, start: 200, records: [], older: [] }, 'start'],
])('%s', (_what, width, marks, anchor) => {
  const place = textPlace(width, marks);
  expect(place?.anchor ?? null).toBe(anchor);
  if (place === null) return;
  const from = place.x - (place.anchor === 'end' ? width : place.anchor === 'middle' ? width / 2 : 0);
  expect(from).toBeGreaterThanOrEqual(marks.left);
  expect(from + width).toBeLessThanOrEqual(marks.right);
  const taken = [
    ...[marks.start, ...marks.older].map((at) => [at, tile / 2] as const),
    ...marks.records.map((at) => [at, 5] as const),
  ];
  for (const [at, half] of taken) expect(from + width <= at - half || from >= at + half).toBe(true);
});
