// Nearest card in the direction of an arrow key, sideways distance counting double.

import type { Box } from '../model/map-store.ts';

export function nearestCard(
  boxes: Readonly<Record<string, Box>>,
  from: string,
  [dx, dy]: readonly [number, number],
): string | null {
  const start = boxes[from];
  if (start === undefined) return null;
  let best: string | null = null;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const [id, box] of Object.entries(boxes)) {
    if (id === from) continue;
    const x = box.x + box.width / 2 - (start.x + start.width / 2);
    const y = box.y + box.height / 2 - (start.y + start.height / 2);
    const along = x * dx + y * dy;
    if (along <= 8) continue;
    const cost = along + 2 * Math.abs(x * dy + y * dx);
    if (cost < bestCost) {
      best = id;
      bestCost = cost;
    }
  }
  return best;
}
