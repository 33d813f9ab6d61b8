// Places of labels in a picture of the map.

import { expect, test } from 'vitest';
import { labelRoom, placeLabels } from './label-places.ts';

const right = { dx: 18, dy: 4, anchor: 'start' } as const;

test('a label stands beside its glyph; one that would lie over it goes to another side', () => {
  expect(placeLabels([{ at: [100, 100], words: 'W 112' }], [])).toEqual([right]);
  const [first, second] = placeLabels(
    [
      { at: [100, 100], words: 'W 112' },
      { at: [130, 108], words: 'W 113' },
    ],
    [],
  );
  expect(first).toMatchObject({ anchor: 'end' });
  expect(second).toEqual(right);
});

test('no label lies over a card, and one without room is left out', () => {
  const cards = [{ x: 112, y: 0, width: 300, height: 300 }];
  expect(placeLabels([{ at: [100, 100], words: 'W 112' }], cards)).toMatchObject([{ anchor: 'end' }]);
  expect(
    placeLabels([{ at: [100, 100], words: 'W 112' }], [{ x: 0, y: 0, width: 300, height: 300 }]),
  ).toEqual([null]);
});

test('of many in a heap those that are written lie over nothing', () => {
  const labels = Array.from({ length: 40 }, (_, i) => ({
    at: [100 + (i % 8) * 31, 100 + Math.floor(i / 8) * 23] as const,
    words: `WriteBatch ${100 + i}`,
  }));
  const placed = placeLabels(labels, []);
  const rooms = placed.flatMap((place, i) => {
    const label = labels[i];
    return place === null || label === undefined ? [] : [labelRoom(label.at, place, label.words)];
  });
  expect(rooms.length).toBeGreaterThan(3);
  for (const [i, a] of rooms.entries())
    for (const b of rooms.slice(i + 1))
      expect(a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height).toBe(
        false,
      );
});
