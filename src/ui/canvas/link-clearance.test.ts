// No link of a map goes through a card: every pair of nodes of every preset that is offered, sampled along its path, in the tallest and the
// lowest layout.

import { expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import { findPreset, offeredPresets } from '../../stacks/presets.ts';
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
  const lowest = liftFor(layoutCluster(cluster), { width: 640, height: 120 });
  const met: string[] = [];
  for (const lift of [0, lowest]) {
    const boxes = Object.fromEntries(layoutCluster(cluster, lift).cards);
    for (const [i, { id: from }] of cluster.nodes.entries())
      for (const { id: to } of cluster.nodes.slice(i + 1)) {
        if (isQuiet(from, to, { boxes, roles })) continue;
        const path = pathBetween({ from, to, boxes, roles, shown: (box) => box });
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
            met.push(`${from}–${to} through ${id}, lift ${lift}`);
      }
  }
  expect(met).toEqual([]);
});
