// Arrow keys, Home and End in a drawing whose rows are chosen one at a time.

import type { KeyboardEvent } from 'react';

/** Chooses the row that the key leads to from row `at` (−1: none yet) of `count`; other keys are left to the page. */
export function stepRows(
  event: KeyboardEvent,
  count: number,
  at: number,
  onChoose: (at: number) => void,
): void {
  const places: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: count - 1,
  };
  const place = places[event.key];
  if (place === undefined || count === 0) return;
  onChoose(Math.min(count - 1, Math.max(0, place)));
  event.preventDefault();
  event.stopPropagation();
}
