// Line chart geometry: samples over an axis as SVG paths on a scale from zero, with round ticks. The screen, a frozen copy and
// an export draw the same shape. Pure.

import { roundStep, ticksBy } from './ticks.ts';

export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Values = readonly (number | null)[];

/** How a line looks; lines of one chart differ in more than colour. */
export interface LineLook {
  readonly hue: string;
  readonly dash?: readonly number[];
  /** A mark where there is a value, and no line between. */
  readonly isPoints?: boolean;
}

export interface LineShape extends LineLook {
  /** SVG path; a value that is missing breaks it. */
  readonly d: string;
  /** Marks in place of a line. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

interface Tick {
  readonly value: number;
  readonly px: number;
}

export interface ChartShape {
  readonly plot: Frame;
  /** px of a place on the axis, and back. */
  readonly x: (at: number) => number;
  readonly at: (px: number) => number;
  readonly across: readonly Tick[];
  readonly up: readonly Tick[];
  readonly lines: readonly LineShape[];
}

/** px between two ticks, at least. */
const tickPx = { across: 76, up: 26 } as const;

const round = (px: number): number => Math.round(px * 10) / 10;

/** By px column: of several values in one their reach is drawn, and a level stretch is one stroke. */
function linePath(places: readonly number[], values: Values, y: (value: number) => number): string {
  let d = '';
  let [x, levelTo] = [0, 0];
  /** Where the line stands; null: it is broken. */
  let height: number | null = null;
  let column: number[] = [];
  const endLevel = (): void => {
    if (levelTo > 0) d += `H${levelTo}`;
    levelTo = 0;
  };
  const endColumn = (): void => {
    const [first, last] = [column[0], column.at(-1)];
    if (first === undefined || last === undefined) return;
    const [low, high] = [Math.min(...column), Math.max(...column)];
    if (first === height && low === high) levelTo = x;
    else {
      endLevel();
      d += `${height === null ? 'M' : 'L'}${x} ${first}`;
      if (low < high) d += `V${low}V${high}V${last}`;
    }
    height = last;
    column = [];
  };
  values.forEach((value, i) => {
    const place = Math.round(places[i] ?? 0);
    if (value === null || place !== x) endColumn();
    x = place;
    if (value !== null) column.push(round(y(value)));
    else {
      endLevel();
      height = null;
    }
  });
  endColumn();
  endLevel();
  return d;
}

/** Values of each line at these places in the plot; null: there is none yet. `isCount`: the scale has no halves. */
export function chartShape(
  looks: readonly LineLook[],
  values: readonly Values[],
  at: readonly number[],
  plot: Frame,
  isCount = false,
): ChartShape | null {
  const from = at[0];
  const last = at.at(-1);
  if (from === undefined || last === undefined) return null;
  const span = Math.max(last - from, 0.001);
  const most = values.reduce(
    (all, of) => of.reduce<number>((top, value) => Math.max(top, value ?? 0), all),
    0,
  );
  const least = roundStep((most <= 0 ? 1 : most) / Math.max(1, Math.floor(plot.height / tickPx.up)));
  const step = isCount ? Math.max(1, least) : least;
  const top = most <= 0 ? 1 : step * Math.ceil(most / step);
  const x = (place: number): number => round(plot.x + ((place - from) / span) * plot.width);
  const y = (value: number): number => plot.y + plot.height * (1 - value / top);
  const places = at.map(x);
  return {
    plot,
    x,
    at: (px) => from + ((px - plot.x) / plot.width) * span,
    across: ticksBy(roundStep((span * tickPx.across) / plot.width), from, last).map((value) => ({
      value,
      px: x(value),
    })),
    up: (most <= 0 ? [0, 1] : ticksBy(step, 0, top)).map((value) => ({ value, px: round(y(value)) })),
    lines: looks.map((look, i) => {
      const of = values[i] ?? [];
      const points = of.flatMap((value, n) =>
        value === null ? [] : [[places[n] ?? 0, round(y(value))] as const],
      );
      return look.isPoints === true
        ? { ...look, d: '', points }
        : { ...look, d: linePath(places, of, y), points: [] };
    }),
  };
}
