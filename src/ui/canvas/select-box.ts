// Rubber-band selection: the cards inside a box drawn on the map.

import type { Box } from '../model/map-store.ts';
import { drawnStore } from './map-layout.ts';

interface At {
  readonly x: number;
  readonly y: number;
}

/** Cards whose middle is inside. */
export function inside(boxes: Readonly<Record<string, Box>>, a: At, b: At): readonly string[] {
  const between = (value: number, one: number, other: number): boolean =>
    value >= Math.min(one, other) && value <= Math.max(one, other);
  return Object.entries(boxes)
    .filter(
      ([, box]) => between(box.x + box.width / 2, a.x, b.x) && between(box.y + box.height / 2, a.y, b.y),
    )
    .map(([id]) => id);
}

/** Nodes in the box; of a folded frame all its members. */
export function cardsIn(a: At, b: At): readonly string[] {
  const drawn = drawnStore.getState();
  const found = inside(drawn.boxes, a, b);
  const members = drawn.folded.filter(({ id }) => found.includes(id)).flatMap((frame) => frame.members);
  return [...found.filter((id) => drawn.nodes.includes(id)), ...members];
}
