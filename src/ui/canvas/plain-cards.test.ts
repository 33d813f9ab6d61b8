// Cards in plain wording: in every offered preset of up to eleven nodes the words, the figure and a strip of each role have room at the
// zoom that the pane gives, beside the lens; beside a lesson the figure has.

import { describe, expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import { offeredPresets } from '../../stacks/preset-names.ts';
import { findPreset } from '../../stacks/presets.ts';
import { cardsOf } from '../model/role-cards.ts';
import { zoomLevel } from './adapter.ts';
import { cardSize, layoutFor, zoomFor } from './cluster-layout.ts';
import { figureLines, plainShare, stripsBelow } from './fit-lines.ts';

/** Of the map's pane in a window of 1440 × 900, alone and beside a lesson. */
const alone = { width: 903, height: 512 };
const besideLesson = { width: 583, height: 512 };

const clusters = offeredPresets
  .map((name) => present(findPreset(name), name).cluster)
  .filter(({ nodes }) => nodes.length <= 11);

describe.each(clusters.map((cluster) => [cluster.preset, cluster] as const))('%s', (_, cluster) => {
  const sizeIn = (pane: typeof alone) => {
    const layout = layoutFor(cluster, pane, 'plain');
    const zoom = zoomFor(layout, pane);
    const { height } = present([...layout.cards.values()][0], 'a card');
    expect(new Set([...layout.cards.values()].map((card) => card.height)).size).toBe(1);
    return { zoom, width: cardSize.width * zoom, height: height * zoom, own: height };
  };
  test('a card says its figure in words, with the strip of each role', () => {
    const { width, height } = sizeIn(alone);
    const lines = figureLines(width - 20, height, 'has all up to 1 234');
    expect(lines).toBeGreaterThan(0);
    const roles = Math.max(...cluster.nodes.map((node) => cardsOf(node).length));
    expect(stripsBelow(height, lines)).toBeGreaterThanOrEqual(roles);
  });
  test('beside a lesson its figure has room, where it is no dot', () => {
    const { zoom, width, height } = sizeIn(besideLesson);
    if (zoomLevel(zoom) === 'dot') return;
    expect(figureLines(width - 20, height, 'has all up to 1 234')).toBeGreaterThan(0);
  });
  test('each of its roles has a plain figure', () => {
    for (const node of cluster.nodes)
      for (const card of cardsOf(node)) expect(card.plain, card.role).toBeDefined();
  });
});

test('beside a lesson five presets of nine nodes or more have dots', () => {
  const zooms = clusters.map((cluster) => zoomFor(layoutFor(cluster, besideLesson, 'plain'), besideLesson));
  expect(zooms.filter((zoom) => zoomLevel(zoom) === 'dot').length).toBeLessThanOrEqual(5);
});

test('of the heights the one is taken that shows most: lines, and letters across', () => {
  expect(plainShare(248, 100, 0.76, 1)).toBe(1);
  expect(plainShare(248, 100, 0.5, 1)).toBeLessThan(plainShare(248, 184, 0.5, 1));
  expect(plainShare(248, 220, 0.35, 1)).toBeLessThan(plainShare(248, 124, 0.56, 1));
});

test('a figure stands behind its words on one line or two; where there is no room for two, alone', () => {
  expect(figureLines(170, 80, 'has all up to 277')).toBe(1);
  expect(figureLines(100, 90, 'has all up to 277')).toBe(2);
  expect(figureLines(100, 60, 'has all up to 277')).toBe(0);
});
