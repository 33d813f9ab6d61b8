// Convex hull of card boxes, a little wider: the outline of a group. Pure.

import type { Box } from '../model/map-store.ts';

type Point = readonly [x: number, y: number];

const cross = (o: Point, a: Point, b: Point): number =>
  (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);

/** One half of the hull (Andrew's monotone chain), without its last point. */
function half(points: readonly Point[]): Point[] {
  const chain: Point[] = [];
  for (const point of points) {
    for (;;) {
      const [a, b] = chain.slice(-2);
      if (a === undefined || b === undefined || cross(a, b, point) > 0) break;
      chain.pop();
    }
    chain.push(point);
  }
  return chain.slice(0, -1);
}

/** Corners of the hull around all boxes, each `pad` wider on every side; none around none. */
export function hullAround(boxes: readonly Box[], pad: number): readonly Point[] {
  const corners = boxes.flatMap(({ x, y, width, height }): Point[] => [
    [x - pad, y - pad],
    [x + width + pad, y - pad],
    [x + width + pad, y + height + pad],
    [x - pad, y + height + pad],
  ]);
  const sorted = corners.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  return [...half(sorted), ...half(sorted.toReversed())];
}
