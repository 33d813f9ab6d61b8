// Keyboard navigation of the map: arrows lead to the nearest card or frame title in their direction.

import { selectionStore } from '../../state/selection-store.ts';
import type { Box } from '../model/map-store.ts';
import { mapStore } from '../model/map-store.ts';
import { drawnStore } from './map-layout.ts';
import { nearestCard } from './nearest-card.ts';

export const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Title of an open frame, as something to be reached. */
const titleSize = { width: 120, height: 24 } as const;

function reachable(): Readonly<Record<string, Box>> {
  const drawn = drawnStore.getState();
  const titles = drawn.open.map(({ id, box }) => [id, { x: box.x, y: box.y, ...titleSize }] as const);
  return { ...drawn.boxes, ...Object.fromEntries(titles) };
}

/** On the map that has the focus, else on the shown branch's. */
export function focusOnMap(id: string): void {
  if (mapStore.getState().boxes[id] !== undefined) selectionStore.setState({ focus: id });
  const map =
    document.activeElement?.closest('[data-branch-map]') ??
    document.querySelector('[data-branch-map="shown"]');
  map?.querySelector<HTMLElement>(`[data-map-node="${CSS.escape(id)}"]`)?.focus();
}

/** False when there is nothing in that direction. */
export function focusNearest(from: string, key: string): boolean {
  const direction = arrows[key];
  const next = direction === undefined ? null : nearestCard(reachable(), from, direction);
  if (next !== null) focusOnMap(next);
  return next !== null;
}
