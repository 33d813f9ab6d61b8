// Glyphs of messages: what is called by its letter has one that can be read, at every zoom at which cards are cards.

import { expect, test } from 'vitest';
import { zoomLevel } from './adapter.ts';
import { sizeAt } from './flight-painter.ts';
import { letterPx } from './sprites.ts';

test('a letter has nine px at least wherever cards are cards, and more at the zoom that a lesson leaves', () => {
  const zooms = Array.from({ length: 120 }, (_, i) => (i + 1) / 100);
  const letters = zooms
    .map((zoom) => ({ level: zoomLevel(zoom), zoom }))
    .filter(({ level }) => level !== 'dot')
    .map((at) => letterPx(sizeAt(at)) * sizeAt(at));
  expect(letters.length).toBeGreaterThan(60);
  expect(Math.min(...letters)).toBeGreaterThanOrEqual(9);
  const at = { level: zoomLevel(0.44), zoom: 0.44 };
  expect(letterPx(sizeAt(at)) * sizeAt(at)).toBeGreaterThan(9.5);
});
