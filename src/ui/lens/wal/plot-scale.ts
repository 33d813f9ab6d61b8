// Where things stand in the plot of lens 4.1: rows, columns, and the LSN axis. Pure.

import type { WalModel } from './project.ts';

export const labelWidth = 80;
export const rowHeight = 32;
export const columnWidth = 41;
export const axisY = 26;
export const recordsY = 40;
export const rowsY: number = recordsY + 26;

/** From here on a column for the term of the tail fits beside the runs. */
const termFrom = 560;

const columns = ['SCL', 'NCL', 'NWL', 'pgcl~'] as const;
export type PlotColumn = (typeof columns)[number] | 'term';

export const plotColumns = (width: number): readonly PlotColumn[] =>
  width < termFrom ? columns : [...columns, 'term'];

export interface Scale {
  readonly x: (lsn: number) => number;
  /** The LSN under a point, within the window. */
  readonly lsnAt: (x: number) => number;
  readonly cell: number;
  readonly right: number;
  readonly from: number;
  readonly to: number;
}

export function makeScale({ window: [from, to] }: Pick<WalModel, 'window'>, width: number): Scale {
  const room = width - labelWidth - 12 - plotColumns(width).length * columnWidth;
  const cell = room / Math.max(1, to - from);
  const lsnAt = (x: number): number =>
    Math.min(to - 1, Math.max(from, from + Math.floor((x - labelWidth) / cell)));
  return { x: (lsn) => labelWidth + (lsn - from) * cell, lsnAt, cell, right: labelWidth + room, from, to };
}

/** Axis labels stand at least 44 px apart, on steps of 4, 8, 16 … */
export function axisStep(cell: number): number {
  let step = 4;
  while (step * cell < 44) step *= 2;
  return step;
}
