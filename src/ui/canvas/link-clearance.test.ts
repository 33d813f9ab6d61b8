// No link of a map goes through a card: every pair of nodes of every preset that is offered, sampled along its path, in the tallest and the
// lowest layout, with zones side by side and one below the other.

import { expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import { offeredPresets } from '../../stacks/preset-names.ts';
import { findPreset } from '../../stacks/presets.ts';
import { layoutCluster, liftFor } from './cluster-layout.ts';
import { pointAt } from './link-path.ts';
import { isQuiet, pathBetween } from './map-links.ts';

const SAMPLES = 60;
/** Map units that a line may lie within a card's edge. */
const edge = 2;
/** Of more nodes the map shows dots. */
const nodesMost = 12;

const clusters = offeredPresets.flatMap((name) => {
  const { cluster } = present(findPreset(name), name);
  return cluster.nodes.length > nodesMost ? [] : [[name, cluster] as const];
});

test.each(clusters)('links of %s pass no card', (_, cluster) => {
  const roles = (id: string) => cluster.nodes.find((node) => node.id === id)?.roles ?? [];
  const met: string[] = [];
  const tightest = { down: { width: 640, height: 120 }, across: { width: 120, height: 640 } };
  const layouts = (['down', 'across'] as const).flatMap((way) => [
    layoutCluster(cluster, 0, way),
    layoutCluster(cluster, liftFor(layoutCluster(cluster, 0, way), tightest[way]), way),
  ]);
  for (const { cards, way, gap } of layouts) {
    const boxes = Object.fromEntries(cards);
    const across = way === 'across';
    for (const [i, { id: from }] of cluster.nodes.entries())
      for (const { id: to } of cluster.nodes.slice(i + 1)) {
        if (isQuiet(from, to, { boxes, roles, across })) continue;
        const path = pathBetween({ from, to, boxes, roles, shown: (box) => box, across });
        if (path === null) continue;
        const points = Array.from({ length: SAMPLES }, (_, k) => pointAt(path, (k + 0.5) / SAMPLES));
        for (const [id, box] of Object.entries(boxes))
          if (
            id !== from &&
            id !== to &&
            points.some(
              ([x, y]) =>
                x > box.x + edge &&
                x < box.x + box.width - edge &&
                y > box.y + edge &&
                y < box.y + box.height - edge,
            )
          )
            met.push(`${from}–${to} through ${id}, ${way}, gap ${gap}`);
      }
  }
  expect(met).toEqual([]);
});
