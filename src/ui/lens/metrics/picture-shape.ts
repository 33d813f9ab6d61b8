// The charts of lens 4.11 as shapes for an export: what uPlot draws on canvases, once more as lines. Pure.

import type { MetricsSeries } from '../../../state/metrics-store.ts';
import type { ChartSpec } from './charts.ts';
import type { Band } from './phases.ts';

export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** px of a chart of one column, of its title above the plot, and around the plot. */
export const chartSize = { width: 440, height: 176 } as const;
export const plotInset = { left: 56, top: 26, right: 12, bottom: 24 } as const;

/** In reading order; of two columns a wide chart takes both. */
export function placeCharts(
  specs: readonly ChartSpec[],
  columns: 1 | 2,
): readonly (readonly [ChartSpec, Frame])[] {
  const placed: (readonly [ChartSpec, Frame])[] = [];
  let [column, row] = [0, 0];
  for (const spec of specs) {
    const isWide = columns === 2 && spec.isWide === true;
    if (isWide && column === 1) [column, row] = [0, row + 1];
    const width = chartSize.width * (isWide ? 2 : 1);
    placed.push([
      spec,
      { x: column * chartSize.width, y: row * chartSize.height, width, height: chartSize.height },
    ]);
    if (isWide || column === columns - 1) [column, row] = [0, row + 1];
    else column = 1;
  }
  return placed;
}

/** px of one row of names beside and below a chart's title. */
export const nameRow = 15;

/** Where names of these widths stand: behind the title as far as they fit, then in rows below it. */
export function placeNames(
  title: number,
  names: readonly number[],
  width: number,
): { readonly places: readonly { readonly x: number; readonly row: number }[]; readonly rows: number } {
  let [x, row] = [title, 0];
  const places = names.map((name) => {
    if (x > 0 && x + name > width) [x, row] = [0, row + 1];
    const place = { x, row };
    x += name;
    return place;
  });
  return { places, rows: row + 1 };
}

export interface LineShape {
  readonly hue: string;
  readonly dash: readonly number[];
  /** SVG path; a value that is missing breaks it. */
  readonly d: string;
  /** Marks in place of a line. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface ChartShape {
  /** Top of the scale; its foot is 0. */
  readonly most: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly lines: readonly LineShape[];
  readonly bands: readonly { readonly band: Band; readonly x: number; readonly width: number }[];
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** The next number above that people count by: 1, 2 or 5 times a power of ten. */
export function scaleTop(most: number): number {
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= most) ?? 10 * power;
}

/** A chart in its plot; `nowUs` ends bands that go on. Null: no sample yet. */
export function chartShape(
  spec: ChartSpec,
  series: MetricsSeries,
  bands: readonly Band[],
  nowUs: number,
  plot: Frame,
): ChartShape | null {
  const fromMs = series.timeMs[0];
  const lastMs = series.timeMs.at(-1);
  if (fromMs === undefined || lastMs === undefined) return null;
  const toMs = Math.max(lastMs, fromMs + 0.001);
  const values = spec.lines.map((line) => line.values(series));
  const most = scaleTop(Math.max(0, ...values.flat().map((value) => value ?? 0)));
  const x = (ms: number): number => round(plot.x + ((ms - fromMs) / (toMs - fromMs)) * plot.width);
  const y = (value: number): number => round(plot.y + plot.height * (1 - value / most));
  const lines = spec.lines.map(({ hue, dash = [], isPoints = false }, i): LineShape => {
    let d = '';
    let isOn = false;
    const points: (readonly [number, number])[] = [];
    series.timeMs.forEach((ms, at) => {
      const value = values[i]?.[at] ?? null;
      if (value === null) {
        isOn = false;
        return;
      }
      if (isPoints) points.push([x(ms), y(value)]);
      else d += `${isOn ? 'L' : 'M'}${x(ms)} ${y(value)}`;
      isOn = true;
    });
    return { hue, dash, d, points };
  });
  const shown = bands.flatMap((band) => {
    const [from, to] = [band.from / 1000, (band.to ?? nowUs) / 1000];
    if (to < fromMs || from > toMs) return [];
    const left = x(Math.max(from, fromMs));
    return [{ band, x: left, width: Math.max(2, round(x(Math.min(to, toMs)) - left)) }];
  });
  return { most, fromMs, toMs, lines, bands: shown };
}
