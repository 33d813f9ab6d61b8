// Where the chips stand that point at cards outside the view: on the edge of the pane, in their direction. Pure.

import type { Drawn } from './drawn-map.ts';

export interface EdgeChip {
  readonly id: string;
  readonly left: number;
  readonly top: number;
  /** Direction in which its card lies, clockwise from the right. */
  readonly degrees: number;
}

export interface EdgeView {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly width: number;
  readonly height: number;
}

/** Chips that are drawn; with more in trouble the overview says where. */
const chipLimit = 8;
const inset = { left: 8, right: 168, top: 40, bottom: 190 } as const;

const clamp = (value: number, least: number, most: number): number =>
  Math.min(Math.max(value, least), Math.max(least, most));

export function edgeChips(
  ids: readonly string[],
  drawn: Pick<Drawn, 'boxes'>,
  view: EdgeView,
): readonly EdgeChip[] {
  const chips: EdgeChip[] = [];
  for (const id of ids) {
    const box = drawn.boxes[id];
    if (box === undefined) continue;
    const [left, top] = [box.x * view.zoom + view.x, box.y * view.zoom + view.y];
    const [right, bottom] = [left + box.width * view.zoom, top + box.height * view.zoom];
    if (right > 0 && bottom > 0 && left < view.width && top < view.height) continue;
    const [cx, cy] = [(left + right) / 2, (top + bottom) / 2];
    chips.push({
      id,
      left: clamp(cx, inset.left, view.width - inset.right),
      top: clamp(cy, inset.top, view.height - inset.bottom),
      degrees: Math.round((Math.atan2(cy - view.height / 2, cx - view.width / 2) * 180) / Math.PI),
    });
  }
  return spread(chips).slice(0, chipLimit);
}

/** Chips of neighbours stand below each other. */
function spread(chips: readonly EdgeChip[]): EdgeChip[] {
  const placed: EdgeChip[] = [];
  for (const chip of chips) {
    let { top } = chip;
    while (placed.some((other) => Math.abs(other.top - top) < 28 && Math.abs(other.left - chip.left) < 160))
      top += 28;
    placed.push({ ...chip, top });
  }
  return placed;
}
