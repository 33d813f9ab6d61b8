// Where charts of lens 4.11 stand in their picture: columns, titles with the names of lines, plots below. Pure.

import { wordsWidth } from '../../kit/words-width.ts';
import type { Frame } from '../../plot/chart-shape.ts';
import { keyWidth } from '../../plot/line-chart.tsx';
import type { ChartSpec } from './metrics-table.ts';

/** px of a chart of one column, where nothing else is said, and around its plot. */
export const chartSize = { width: 440, height: 176 } as const;
const inset = { left: 56, top: 26, right: 12, bottom: 24 } as const;

/** In reading order; of two columns a wide chart takes both. */
export function placeCharts(
  specs: readonly ChartSpec[],
  columns: number,
  { width, height }: Pick<Frame, 'width' | 'height'> = chartSize,
): readonly (readonly [ChartSpec, Frame])[] {
  const placed: (readonly [ChartSpec, Frame])[] = [];
  let [column, row] = [0, 0];
  for (const spec of specs) {
    const isWide = columns === 2 && spec.isWide === true;
    if (isWide && column === 1) [column, row] = [0, row + 1];
    placed.push([spec, { x: column * width, y: row * height, width: width * (isWide ? 2 : 1), height }]);
    column += isWide ? 2 : 1;
    if (column >= columns) [column, row] = [0, row + 1];
  }
  return placed;
}

/** px of one row of names beside and below a chart's title, of a letter of a name and of the bold title. */
export const nameRow = 15;
const letterPx = 6.1;
const titleLetterPx = 6.6;

export interface NamePlaces {
  readonly places: readonly { readonly x: number; readonly row: number }[];
  readonly rows: number;
}

/** Where names of these widths stand: behind the title as far as they fit, then in rows below it. */
export function placeNames(title: number, names: readonly number[], width: number): NamePlaces {
  let [x, row] = [title, 0];
  const places = names.map((name) => {
    if (x > 0 && x + name > width) [x, row] = [0, row + 1];
    const place = { x, row };
    x += name;
    return place;
  });
  return { places, rows: row + 1 };
}

export const wordsPx = (words: string): number => wordsWidth(words, letterPx);

/** Names behind a chart's title, each with the sample of its line; the last is the peak, without one. */
export const placesOfNames = (
  title: string,
  names: readonly string[],
  peak: string,
  width: number,
): NamePlaces =>
  placeNames(
    wordsWidth(title, titleLetterPx) + 16,
    [...names.map((name) => keyWidth + wordsPx(name) + 10), ...(peak === '' ? [] : [wordsPx(peak)])],
    width,
  );

/** Below so many rows of names. */
export const plotIn = ({ x, y, width, height }: Frame, rows: number): Frame => {
  const top = inset.top + (rows - 1) * nameRow;
  return {
    x: x + inset.left,
    y: y + top,
    width: Math.max(1, width - inset.left - inset.right),
    height: Math.max(1, height - top - inset.bottom),
  };
};
