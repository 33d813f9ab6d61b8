// What is drawn of a cluster: frames that fold to a card with totals, bundles of links, one node with its neighbours; who
// learns of trouble outside the view; what a box selects.

import { describe, expect, test } from 'vitest';
import { hookCluster } from '../testing/hook-cluster.ts';
import { makeHookFrame } from '../testing/hook-frame.ts';
import { layoutCluster } from './cluster-layout.ts';
import { drawMap, foldedBox, framesOf } from './drawn-map.ts';
import { type EdgeSpot, edgeChips, gatherLinks } from './edge-chips.ts';
import { bundleLinks, impairedIn, totalsOf } from './map-frames.ts';
import { inside } from './select-box.ts';

const { cards, zones } = layoutCluster(hookCluster);
const boxes = Object.fromEntries(cards);
const linkKeys = [
  'd1|meta-1',
  'd1|rw-1',
  'meta-1|rw-1',
  'rw-1|store-1',
  'rw-1|store-2',
  'rw-1|store-3',
  'store-1|store-2',
  'store-1|store-3',
  'store-2|store-3',
];
const source = { cluster: hookCluster, boxes, zones, linkKeys, folded: [], alone: null };

describe('frames', () => {
  test('a zone each; a layer only where it has many cards', () => {
    expect(framesOf(source).map(({ id }) => id)).toEqual(['zone a', 'zone b', 'zone c']);
    const nodes = [
      ...hookCluster.nodes,
      ...[4, 5, 6].map((i) => ({ ...hookCluster.nodes[3], id: `store-${i}` })),
    ] as typeof hookCluster.nodes;
    const big = { ...hookCluster, nodes };
    const layout = layoutCluster(big);
    const frames = framesOf({ cluster: big, boxes: Object.fromEntries(layout.cards), zones: layout.zones });
    const layer = frames.find(({ id }) => id === 'layer a storage');
    expect(layer?.members).toEqual(['store-1', 'store-4', 'store-5', 'store-6']);
    for (const member of layer?.members ?? []) {
      const card = layout.cards.get(member);
      expect(
        card && layer && card.x >= layer.box.x && card.y + card.height <= layer.box.y + layer.box.height,
      ).toBe(true);
    }
  });

  test('a folded zone stands as one card for all its nodes, and its links are bundled', () => {
    const drawn = drawMap({ ...source, folded: ['zone a'] });
    expect(drawn.nodes).toEqual(['store-2', 'store-3']);
    expect(drawn.folded.map(({ id }) => id)).toEqual(['zone a']);
    expect(drawn.visible('rw-1')).toBe('zone a');
    const frame = drawn.folded[0];
    expect(frame && drawn.boxes['zone a']).toEqual(frame && foldedBox(frame));
    expect(drawn.bundles).toEqual([
      { key: 'store-2|zone a', a: 'store-2', b: 'zone a', links: ['rw-1|store-2', 'store-1|store-2'] },
      { key: 'store-3|zone a', a: 'store-3', b: 'zone a', links: ['rw-1|store-3', 'store-1|store-3'] },
      { key: 'store-2|store-3', a: 'store-2', b: 'store-3', links: ['store-2|store-3'] },
    ]);
  });

  test('the totals of those inside, and how many links of a bundle are cut', () => {
    const frame = makeHookFrame();
    const nodes = Object.fromEntries(frame.nodes.map((node) => [node.id as string, node]));
    expect(totalsOf(['store-2', 'store-3'], nodes)).toMatchObject({ nodes: 2, up: 2, holes: 4 });
    expect(impairedIn(['rw-1|store-2'], {})).toEqual({ cut: 0, other: 0 });
    expect(bundleLinks(['a|b'], () => 'zone a')).toEqual([]);
  });

  test('one node alone is drawn with its neighbours, and nothing of them folded', () => {
    const drawn = drawMap({ ...source, folded: ['zone a'], alone: 'store-2' });
    expect(drawn.nodes).toEqual(['rw-1', 'store-1', 'store-2', 'store-3']);
    expect(drawn.folded).toEqual([]);
    expect(drawn.bundles.map(({ key }) => key)).not.toContain('d1|rw-1');
  });
});

describe('chips at the edge of the view', () => {
  const view = { x: 0, y: 0, zoom: 1, width: 800, height: 600 };
  test('point to cards outside, from the edge that is nearest', () => {
    const drawn = drawMap(source);
    const spots = (ids: readonly string[]): readonly EdgeSpot[] =>
      ids.flatMap((id) => (drawn.boxes[id] === undefined ? [] : [{ id, box: drawn.boxes[id] }]));
    const chips = edgeChips(spots(['store-3', 'rw-1']), view);
    expect(chips.map(({ id }) => id)).toEqual(['store-3']);
    expect(chips[0]?.left).toBe(800 - 168);
    expect(Math.abs(chips[0]?.degrees ?? 180)).toBeLessThan(60);
    expect(edgeChips(spots(['store-3']), { ...view, width: 1400, height: 900 })).toEqual([]);
  });

  test('stand below each other', () => {
    const size = { width: 10, height: 10 };
    const away = [
      { id: 'a', box: { x: 2000, y: 300, ...size } },
      { id: 'b', box: { x: 2000, y: 302, ...size } },
    ];
    const [first, second] = edgeChips(away, view);
    expect((second?.top ?? 0) - (first?.top ?? 0)).toBeGreaterThanOrEqual(26);
  });

  test('a few links are named by themselves, many are one chip that leads to some of them', () => {
    const link = (id: string, x: number, y: number): EdgeSpot => ({ id, box: { x, y, width: 0, height: 0 } });
    const inView = link('in view', 400, 300);
    const right = [link('a', 2000, 100), link('b', 2000, 500)];
    expect(gatherLinks([inView, ...right], view, 'all')).toEqual({ spots: right, count: 2 });
    const far = [...right, link('c', 2000, 300), link('d', 2400, 300)];
    const together = gatherLinks([inView, ...far], view, 'all');
    expect(together).toEqual({ spots: [link('all', 2100, 300)], count: 4 });
    // On all sides of the view: their middle is in it, and shows none of them.
    const around = [link('l', -900, 300), link('r', 1700, 300), link('t', 400, -900), link('u', 400, 1400)];
    const { spots, count } = gatherLinks(around, view, 'all');
    expect(count).toBe(4);
    expect(spots).toEqual([{ id: 'all', box: expect.objectContaining({ height: 0 }) }]);
    expect(edgeChips(spots, view)).toHaveLength(1);
  });
});

test('a box selects the cards whose middle it holds, whichever way it was drawn', () => {
  const all = { x: 2000, y: 2000 };
  expect(inside(boxes, { x: 0, y: 0 }, all)).toHaveLength(6);
  expect(inside(boxes, { x: 600, y: 700 }, { x: 0, y: 400 })).toEqual(['meta-1', 'store-1']);
});
