// A suggestion over its link stands clear of cards: above the middle, below it, further along the link, or where it covers least.

import { expect, test } from 'vitest';
import type { LinkPath } from './link-path.ts';
import { notePlace } from './note-place.ts';

const link: LinkPath = { from: [0, 0], to: [1000, 0], control: null };
const size = { width: 100, height: 30 };
const gap = 10;
const card = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

test.each([
  ['nothing near: above where a cut shows, most of it to the left', [], [370, -40]],
  ['a card above: it stands below', [card(400, -60, 100, 55)], [370, 10]],
  ['a card at its right edge: it ends at the link', [card(460, -60, 100, 55)], [340, -40]],
  ['cards above and below: further along the link', [card(300, -60, 170, 120)], [470, -40]],
  ['cards all along the link: further above it', [card(-200, -60, 1400, 120)], [370, -107.5]],
])('%s', (_what, taken, place) => {
  expect(notePlace(link, size, gap, taken)).toEqual(place);
});

test('where nothing is free it covers least', () => {
  const [x, y] = notePlace(link, size, gap, [card(-500, -500, 2000, 1000), card(-500, -500, 2000, 495)]);
  expect([x, y]).toEqual([370, 10]);
});
