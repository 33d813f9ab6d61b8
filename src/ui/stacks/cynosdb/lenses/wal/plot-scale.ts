// Where things stand in the plot of lens 4.1: rows, columns, and the LSN axis. Pure.

import { countBefore } from '../../../../../base/sorted.ts';
import type { WalModel } from './model.ts';

export const labelWidth = 80;
export const rowHeight = 32;
export const columnWidth = 47;
export const recordsY = 40;
export const rowsY: number = recordsY + 26;

/** Left edge of the replicas' names, right of their zones. */
export const nameX = 18;

/** From here on a column for the term of the tail fits beside the runs. */
const termFrom = 560;

export type PlotColumn = 'SCL' | 'eff.' | 'NCL' | 'NWL' | 'pgcl~' | 'term';

/** In a recovery how far a replica's log counts says more than what it has heard of PGCL. */
export function plotColumns(width: number, isRecovering = false): readonly PlotColumn[] {
  const columns: readonly PlotColumn[] = isRecovering
    ? ['SCL', 'eff.', 'NWL', 'term']
    : ['SCL', 'NCL', 'NWL', 'pgcl~'];
  if (width < termFrom) return columns;
  return isRecovering ? ['SCL', 'eff.', 'NCL', 'NWL', 'term'] : [...columns, 'term'];
}

/** LSNs of the volume, or the records of the group side by side. */
export type PlotAxis = 'volume' | 'group';

export interface Scale {
  readonly x: (lsn: number) => number;
  /** Cells between the left edge and an LSN. */
  readonly place: (lsn: number) => number;
  /** px from `first` to `last`. */
  readonly span: (first: number, end: number) => number;
  /** The LSN under a point, within the window. */
  readonly lsnAt: (x: number) => number;
  /** px of one LSN. */
  readonly cell: number;
  readonly right: number;
  readonly from: number;
  readonly to: number;
  /** LSNs that are labelled. */
  readonly ticks: readonly number[];
}

type ScaleModel = Pick<WalModel, 'window' | 'blocks'>;

/** LSNs of the group's records that are known, ascending. */
export const ownLsns = ({ blocks }: Pick<WalModel, 'blocks'>): readonly number[] =>
  blocks
    .filter(({ own }) => own)
    .flatMap(({ first, end }) => Array.from({ length: end - first }, (_, i) => first + i));

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

export function makeScale(model: ScaleModel, width: number, axis: PlotAxis = 'volume'): Scale {
  const [from, to] = model.window;
  const room = width - labelWidth - 12 - plotColumns(width).length * columnWidth;
  const own = axis === 'group' ? ownLsns(model) : [];
  const count = own.length > 0 ? own.length : Math.max(1, to - from);
  const cell = room / count;
  const at = (lsn: number): number =>
    own.length > 0 ? countBefore(own, (known) => known < lsn) : lsn - from;
  const lsnOf = (place: number): number => (own.length > 0 ? (own[place] ?? from) : from + place);
  const step = axisStep(cell);
  const first = own.length > 0 ? 0 : Math.ceil(from / step) * step - from;
  const ticks: number[] = [];
  for (let place = first; place < count; place += step) ticks.push(lsnOf(place));
  return {
    x: (lsn) => labelWidth + at(lsn) * cell,
    place: at,
    span: (a, b) => (at(b) - at(a)) * cell,
    lsnAt: (x) => lsnOf(clamp(Math.floor((x - labelWidth) / cell), 0, count - 1)),
    cell,
    right: labelWidth + room,
    from,
    to,
    ticks,
  };
}

/** Axis labels stand at least 44 px apart, on steps of 4, 8, 16 … */
function axisStep(cell: number): number {
  let step = 4;
  while (step * cell < 44) step *= 2;
  return step;
}

/** px that a number of one or two digits keeps off a line. */
const offLine = 9;

/** Where the middle of a number stands in a stretch: its middle, or, where a line would strike it, beside the line on the longer side. */
export function besideLines([from, to]: readonly [number, number], lines: readonly number[]): number {
  const middle = (from + to) / 2;
  const line = lines.find((x) => Math.abs(x - middle) < offLine);
  if (line === undefined) return middle;
  return line - from >= to - line ? line - offLine : line + offLine;
}
