// The LSN axis of a lens's plot: a line through all rows and its number at each tick.

import type { ReactNode } from 'react';

/** Baseline of the numbers, px from the plot's top. */
export const axisY = 26;
/** Where the lines begin. */
const linesY = 30;

/** LSNs on powers of two times `first`, at least `gapPx` apart. */
export function lsnTicks(
  [from, to]: readonly [number, number],
  cellPx: number,
  { first = 1, gapPx = 44 }: { readonly first?: number; readonly gapPx?: number } = {},
): number[] {
  let step = first;
  while (step * cellPx < gapPx) step *= 2;
  const ticks: number[] = [];
  for (let lsn = Math.ceil(from / step) * step; lsn < to; lsn += step) ticks.push(lsn);
  return ticks;
}

interface LsnAxisProps {
  readonly ticks: readonly number[];
  readonly x: (lsn: number) => number;
  readonly bottom: number;
  /** How far right of its line a number stands, px: in the middle of the record. */
  readonly shift?: number;
  /** Whether a number there would cross something. */
  readonly isCrossed?: (x: number) => boolean;
}

export function LsnAxis({ ticks, x, bottom, shift = 0, isCrossed }: LsnAxisProps): ReactNode {
  return ticks.map((lsn) => {
    const line = Math.round(x(lsn)) + 0.5;
    return (
      <g key={lsn}>
        <path d={`M${line} ${linesY}V${bottom}`} stroke="var(--line)" />
        {isCrossed?.(line + shift) !== true && (
          <text
            x={x(lsn) + shift}
            y={axisY}
            fontSize={12}
            textAnchor="middle"
            fill="var(--text-muted)"
            className="mono"
          >
            {lsn}
          </text>
        )}
      </g>
    );
  });
}
