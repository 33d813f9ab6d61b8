// Off-screen indicators: chips on the edge of the pane that point at cards and links outside the view. Pure.

import type { Box } from '../model/map-store.ts';

/** A card, or the middle of a link, in the map's own coordinates. */
export interface EdgeSpot {
  readonly id: string;
  readonly box: Box;
}

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

/** At most, as `map.css` has it, px. */
const chipWidth = 220;
/** Chips that are drawn; with more in trouble the overview says where. */
const chipLimit = 8;
const inset = { left: 8, right: 168, top: 40, bottom: 190 } as const;

const clamp = (value: number, least: number, most: number): number =>
  Math.min(Math.max(value, least), Math.max(least, most));

function onScreen({ box }: EdgeSpot, view: EdgeView): readonly [number, number, number, number] {
  const [left, top] = [box.x * view.zoom + view.x, box.y * view.zoom + view.y];
  return [left, top, left + box.width * view.zoom, top + box.height * view.zoom];
}

export function isOutside(spot: EdgeSpot, view: EdgeView): boolean {
  const [left, top, right, bottom] = onScreen(spot, view);
  return right <= 0 || bottom <= 0 || left >= view.width || top >= view.height;
}

/** Links named by themselves; with more of them outside, one chip stands for all. */
const linkLimit = 3;

/** What stands for links outside the view: each of a few, or the middle of all, by this id. */
export function gatherLinks(
  links: readonly EdgeSpot[],
  view: EdgeView,
  allId: string,
): { readonly spots: readonly EdgeSpot[]; readonly count: number } {
  const outside = links.filter((spot) => isOutside(spot, view));
  const count = outside.length;
  if (count <= linkLimit) return { spots: outside, count };
  const middle = (at: (box: Box) => number): number =>
    outside.reduce((sum, { box }) => sum + at(box), 0) / count;
  const box = { x: middle(({ x }) => x), y: middle(({ y }) => y), width: 0, height: 0 };
  // Their middle may be in view, and they are not: the nearest to it says where they are.
  const nearest = outside.reduce((best, spot) => {
    const away = (one: EdgeSpot): number => Math.hypot(one.box.x - box.x, one.box.y - box.y);
    return away(spot) < away(best) ? spot : best;
  });
  return { spots: [{ id: allId, box: isOutside({ id: allId, box }, view) ? box : nearest.box }], count };
}

export function edgeChips(spots: readonly EdgeSpot[], view: EdgeView): readonly EdgeChip[] {
  const chips: EdgeChip[] = [];
  for (const spot of spots) {
    if (!isOutside(spot, view)) continue;
    const { id } = spot;
    const [left, top, right, bottom] = onScreen(spot, view);
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
    while (
      placed.some((other) => Math.abs(other.top - top) < 28 && Math.abs(other.left - chip.left) < chipWidth)
    )
      top += 28;
    placed.push({ ...chip, top });
  }
  return placed;
}
