// How many lines a card below full size has room for.

import type { ZoomLevel } from './adapter.ts';

export interface CardProps {
  readonly id: string;
  readonly level: ZoomLevel;
  /** What it has on the screen below full size, px. */
  readonly width: number;
  readonly height: number;
}

/** A line, the head above the lines, and what stands round both: px, as in theme/map.css. */
export const fitLine = 18;
const fitHead = 22;
const fitEdge = 10;

/** Lines of each of so many roles; where there are fewer lines than roles the leading ones have one. */
export function linesOf(height: number, roles: number): readonly number[] {
  const lines = Math.max(0, Math.floor((height - fitHead - fitEdge) / fitLine));
  const each = Math.floor(lines / Math.max(1, roles));
  return Array.from({ length: roles }, (_, i) => (each > 0 ? each : i < lines ? 1 : 0));
}
